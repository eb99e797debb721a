"""A bad study file gives one clear error that says what is wrong, where, and what may have been meant."""

from pathlib import Path

import pytest

from race_sim.errors import InputError
from race_sim.study.reading import load_study
from tests.study.small_study import BOUNDARY_STUDY, SAMPLED_STUDY, SMALL_STUDY, written

CYCLES = "cycle = [1, 3]\narsenal"


FAULTS = [
    ("first_seed = 5", "first_sed = 5", ['unknown key "first_sed"', 'Did you mean "first_seed"?', "replicates"]),
    ("replicates = 3", "replicates = 0", ["replicates = 0 is not allowed", "equal to 1"]),
    ("replicates = 3", 'replicates = "three"', ['replicates = "three" is not allowed', "integer"]),
    ("first_seed = 5", "first_seed = -5", ["first_seed = -5 is not allowed"]),
    ('question = "Does the runner run?"\n', "", ["question is missing"]),
    ('title = "Small"', 'title = "Small"\nname = "large"', ['unknown key "name"']),
    ('title = "Small"', 'title = "Small"\nbase = "basline"', ['base: unknown scenario "basline"', '"baseline"?']),
    ('name = "second"', 'name = "second"\nfactor = 1', ['unknown key "part.2.factor"', 'Did you mean "factors"?']),
    ('name = "second"', 'name = "first"', ['part "first": there are two parts of this name']),
    (
        'name = "second"',
        'name = "../second"',
        ['part "../second": the name is not allowed', "letters, digits, _ and -"],
    ),
    ('after = "first"', 'after = "frist"', ['part "second": after = "frist" names no earlier part', "first"]),
    ('after = "first"', 'after = "second"', ['part "second": after = "second" names no earlier part']),
    ('after = "first"', 'figures = ["lader"]', ['part "second": there is no figure "lader"', '"ladder"?']),
    ('after = "first"', 'figures = ["ladder"]', ['part "second": figure ladder needs factor countermeasures']),
    (CYCLES, "cycle = []\narsenal", ['part "first": factor cycle has no levels']),
    (CYCLES, "cycle = [1, 3, 1]\narsenal", ['part "first": factor cycle has the same level twice']),
    (CYCLES, "cycle = [1, 1.0]\narsenal", ['part "first": factor cycle has the same level twice']),
    (CYCLES, "cycle = [[1]]\narsenal", ["part.1.factors.cycle.1 = [1] is not allowed: give a number, a text"]),
    (CYCLES, "cycle = [nan]\narsenal", ["part.1.factors.cycle.1 = nan is not allowed: give a number, a text"]),
    (CYCLES, "cycles = [1]\narsenal", ['part "first": factor cycles sets nothing', "no formula names it"]),
    (CYCLES, "saturation = [1]\narsenal", ['part "first": a factor cannot be named "saturation"']),
    (CYCLES, "seed = [1]\narsenal", ['part "first": a factor cannot be named "seed"']),
    (CYCLES, "hits_a_sortie = [1]\narsenal", ['part "first": a factor cannot be named "hits_a_sortie"']),
    (CYCLES, "cycle = 3\narsenal", ["part.1.factors.cycle = 3 is not allowed: give levels, [1, 4, 16], or a range"]),
    (CYCLES, '"teams.skil" = [1]\ncycle = [1, 3]\narsenal', ['unknown parameter "teams.skil"', '"teams.skill"?']),
    (CYCLES, "cycle = { low = 3, high = 1, steps = 2 }\narsenal", ["factor cycle: low = 3 must be below high = 1"]),
    (CYCLES, "cycle = { low = 2, high = 2, steps = 2 }\narsenal", ["factor cycle: low = 2 must be below high = 2"]),
    (
        CYCLES,
        'cycle = { low = 0, high = 1, steps = 2, scale = "log" }\narsenal',
        ['factor cycle: low = 0 must be above 0 where scale = "log"'],
    ),
    (
        CYCLES,
        'cycle = { low = 1, high = 9, steps = 2, scale = "ln" }\narsenal',
        ['part.1.factors.cycle.scale = "ln" is not allowed', "'linear' or 'log'"],
    ),
    (CYCLES, "cycle = { low = 1, high = 9 }\narsenal", ["factor cycle: steps is missing", "a grid needs to know"]),
    (CYCLES, "cycle = { low = 1, high = 9, steps = 1 }\narsenal", ["cycle.steps = 1 is not allowed", "equal to 2"]),
    (
        CYCLES,
        "cycle = { low = 1, high = 9, hihg = 9, steps = 2 }\narsenal",
        ['unknown key "part.1.factors.cycle.hihg"', '"high"?'],
    ),
    (CYCLES, "cycle = { low = 1, steps = 2 }\narsenal", ["part.1.factors.cycle.high is missing"]),
    (CYCLES, "cycle = { low = 1, high = inf, steps = 2 }\narsenal", ["part.1.factors.cycle.high = inf is not allowed"]),
    (
        CYCLES,
        "cycle = { low = 0.5, high = 3, steps = 2, whole = true }\narsenal",
        ["factor cycle: low and high must be whole numbers where whole = true"],
    ),
    (
        CYCLES,
        '"teams.skill" = { low = 0.5, high = 1.5, steps = 2 }\ncycle = [1, 3]\narsenal',
        ["factor teams.skill: high = 1.5 is not allowed: give a number in [0, 1]"],
    ),
    (
        CYCLES,
        '"teams.slots" = { low = 1, high = 5, steps = 2 }\ncycle = [1, 3]\narsenal',
        ["factor teams.slots is a whole number: add whole = true to its range"],
    ),
    (
        CYCLES,
        '"countermeasures.kind" = { low = 1, high = 5, steps = 2 }\ncycle = [1, 3]\narsenal',
        ["factor countermeasures.kind is no number: give a list of levels"],
    ),
    (
        'control = ["none", "blind_drift"]',
        "control = { low = 1, high = 2, steps = 2 }",
        ['part "second": factor control has tables [levels.control]: give it a list of levels, not a range'],
    ),
    ('after = "first"', "points = 3", ['part "second": points are for sampled designs']),
    ('after = "first"', 'design = "sobl"', ['part.2.design = "sobl" is not allowed', "'sobol'"]),
    ('after = "first"', 'design = "sobol"', ['part "second": points is missing', 'design = "sobol"']),
    ('after = "first"', "replicates = 0", ["part.2.replicates = 0 is not allowed"]),
    ('after = "first"', 'outputs = ["hitz"]', ['part "second": outputs: there is no measure "hitz"', 'mean "hits"?']),
    (
        "first_seed = 5",
        'first_seed = 5\noutputs = ["hits_per_sortie"]',
        ["outputs: there is no measure", '"hits_a_sortie"?'],
    ),
    ("first_seed = 5", "first_seed = 5\noutputs = []", ["outputs = [] is not allowed"]),
    (
        'after = "first"',
        'series = ["total_hitz"]',
        ['part "second": series: there is no weekly measure "total_hitz"', 'mean "total_hits"?'],
    ),
    ('after = "first"', 'refine = "boundary"', ['part "second": give both refine = "boundary" and a table']),
    (
        'after = "first"',
        'screen = { part = "first", most = 2, output = "hits" }',
        ['part "second": screen.part = "first": that part has no design = "morris"'],
    ),
    (
        'after = "first"',
        'screen = { part = "frist", most = 2, output = "hits" }',
        ['part "second": screen.part = "frist" names no earlier part'],
    ),
    ("teams = 2\n", 'teams = 2\n"teams.skil" = 0.5\n', ['defaults: unknown parameter "teams.skil"', '"teams.skill"?']),
    (
        "[quick.factors]\ncycle = [1]",
        "[quick.factors]\ncycle = { low = 1, high = 3 }",
        ['quick: part "first": factor cycle: steps is missing'],
    ),
    ("[quick]\n", "[quick]\npart = 3\n", ['unknown key "quick.part"', "There are replicates, points"]),
    (CYCLES, '"a b" = [1]\narsenal', ['part "first": a factor cannot be named "a b"']),
    (
        '"none", "blind_drift"]',
        '"none", "blind_drft"]',
        ['part "second": control = "blind_drft" has no table [levels.control.blind_drft]', 'mean "blind_drift"?'],
    ),
    ('control = "none"', 'control = "nothing"', ['defaults: control = "nothing" has no table']),
    ("teams = 2\n", "teams = 2\nskill = 1\n", ["defaults: factor skill sets nothing"]),
    ('"teams.count"', '"teams.cont"', ['unknown parameter "teams.cont"', 'Did you mean "teams.count"?']),
    (
        'set = { "workshops.adoption',
        'set = { "workshop.adoption',
        ['unknown parameter "workshop.adoption_probability"'],
    ),
    ('scenario = "blind_drift"', 'scenario = "blind_drit"', ['unknown scenario "blind_drit"', '"blind_drift"?']),
    ('scenario = "blind_drift"', 'scenari = "blind_drift"', ['unknown key "levels.control.blind_drift.scenari"']),
    ("[quick.factors]\ncycle", "[quick.factors]\ncycl", ['quick: no part varies a factor "cycl"', '"cycle"?']),
    ("[quick.factors]\ncycle = [1]", "[quick.factors]\ncycle = []", ["quick: factor cycle has no levels"]),
    ("[quick]\nreplicates = 2", "[quick]\nreplicates = 0", ["quick.replicates = 0 is not allowed"]),
    ("= output * arsenal / 3", "= output * (arsenal", ["= output * (arsenal"[2:], "is not an expression"]),
    ("[constants]", "[constants", ["is not valid TOML"]),
]


def drawing(**keys: str) -> str:
    """A figure table of the second part, with these keys."""
    lines = "\n".join(f"{key} = {value}" for key, value in {"name": '"mine"', "title": '"Mine"', **keys}.items())
    return f"[[part.figure]]\n{lines}\n\n[quick]\n"


FIGURE_FAULTS = [
    (
        drawing(kind='"lines"', x='"cycle"', colour='"red"'),
        ['unknown key "part.2.figure.1.colour"', "There are name, kind"],
    ),
    (drawing(kind='"lins"', x='"cycle"'), ['part.2.figure.1.kind = "lins" is not allowed', "'lines'"]),
    (drawing(kind='"lines"'), ['figure "mine": x is missing: kind = "lines" needs x']),
    (drawing(kind='"phase"', x='"cycle"'), ['figure "mine": y is missing: kind = "phase" needs x and y']),
    (drawing(kind='"rules"'), ['figure "mine": threshold is missing']),
    (drawing(kind='"lines"', x='"cycl"'), ['figure "mine": there is no factor "cycl"', 'mean "cycle"?']),
    (drawing(kind='"lines"', x='"cycle"', panels='["contrl"]'), ['there is no factor "contrl"', 'mean "control"?']),
    (drawing(kind='"lines"', x='"cycle"', output='"hitz"'), ['figure "mine": there is no measure "hitz"']),
    (
        drawing(kind='"lines"', x='"cycle"', series='"control"', reference="{ cycle = 2 }"),
        ["reference: cycle = 2 is none of its levels"],
    ),
    (
        drawing(kind='"lines"', x='"cycle"', series='"control"', reference="{ teams = 1 }"),
        ["reference: teams = 1 is none of its levels"],
    ),
    (drawing(kind='"lines"', x='"cycle"', threshold="0"), ["part.2.figure.1.threshold = 0 is not allowed"]),
    (drawing(kind='"lines"', x='"cycle"', name='"../mine"'), ['figure "../mine": the name is not allowed']),
    (drawing(kind='"morris"'), ['kind = "morris" needs a part with design = "morris"']),
    (drawing(kind='"sobol"'), ['kind = "sobol" needs a part with design = "saltelli"']),
    (drawing(kind='"boundary"'), ['kind = "boundary" needs a part with refine = "boundary"']),
    (drawing(kind='"weeks"', series='"cycle"'), ['kind = "weeks" needs a part that keeps series of weekly measures']),
]


SAMPLED_FAULTS = [
    ('design = "latin_hypercube"\npoints = 4', 'design = "latin_hypercube"', ['part "cube": points is missing']),
    ("points = 4", "points = 0", ["part.1.points = 0 is not allowed"]),
    ("points = 4", 'points = 4\nfigures = ["ladder"]', ['part "cube": figure "ladder" needs a grid']),
    ('screen = { part = "one_by_one", most = 2, ', "screen = { most = 2, ", ["part.4.screen.part is missing"]),
    ("most = 2", "most = 0", ["part.4.screen.most = 0 is not allowed"]),
    ("most = 2", "least = 2, most = 2", ['unknown key "part.4.screen.least"', "There are part, most, output"]),
    ('output = "hits"', 'output = "hit"', ['part "indices": screen.output: there is no measure "hit"', 'mean "hits"?']),
    ('part = "one_by_one"', 'part = "even"', ['screen.part = "even": that part has no design = "morris"']),
    ('design = "saltelli"\npoints = 2\n', "", ['part "indices": factor cycle: steps is missing']),
    (
        'output = "hits" }',
        'output = "hits" }\n\n[part.factors]\ncycle = [1]',
        ['part "indices": give either factors or screen'],
    ),
]


BOUNDARY_FAULTS = [
    ('refine = "boundary"\n', "", ['give both refine = "boundary" and a table [part.boundary], or neither']),
    ('design = "sobol"\npoints = 4\n', "", ['refine needs design = "sobol" or "latin_hypercube"']),
    ('refine = "boundary"', 'refine = "boundry"', ['part.1.refine = "boundry" is not allowed']),
    ('x = "cycle"', 'x = "cycl"', ['boundary.x = "cycl" is no factor of the part that has a range']),
    ('x = "cycle"', 'x = "teams"', ['boundary.x = "teams" is no factor of the part that has a range']),
    ('x = "cycle"', 'x = "arsenal"', ['boundary.x and boundary.y are both "arsenal"']),
    ("teams = [1, 3]", "teams = { low = 1, high = 3, whole = true }", ["factor teams: beside x and y a refined part"]),
    ("{ cycle = 1, arsenal = 1.0 }", "{ teams = 1 }", ["boundary.reference: teams is neither x nor y"]),
    ('output = "hits"', 'output = "hitz"', ['boundary.output: there is no measure "hitz"']),
    ("budget = 8", "budget = 4\nbudgets = 8", ['unknown key "part.1.boundary.budgets"', 'Did you mean "budget"?']),
    ("points = 4", "points = 9", ["boundary.budget = 8 must be at least the 9 points it starts with"]),
    ("batch = 2", "threshold = 0", ["part.1.boundary.threshold = 0 is not allowed"]),
    ("budget = 8\n", "", ["part.1.boundary.budget is missing"]),
]


EVERY_FAULT = [
    *(("small", old, new, told) for old, new, told in FAULTS),
    *(("small", "[quick]\n", new, told) for new, told in FIGURE_FAULTS),
    *(("sampled", *fault) for fault in SAMPLED_FAULTS),
    *(("boundary", *fault) for fault in BOUNDARY_FAULTS),
]


TEXTS = {"small": SMALL_STUDY, "sampled": SAMPLED_STUDY, "boundary": BOUNDARY_STUDY}


@pytest.mark.parametrize(
    ("text", "old", "new", "told"), EVERY_FAULT, ids=[f"{text}: {told[0]}" for text, _, _, told in EVERY_FAULT]
)
def test_a_bad_study_gives_one_clear_error(text: str, old: str, new: str, told: list[str], tmp_path: Path) -> None:
    path = written(tmp_path, (old, new), text=TEXTS[text])
    with pytest.raises(InputError) as refused:
        load_study(path)
    message = str(refused.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    for words in told:
        assert words in message


def test_all_faults_of_form_are_told_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path, ("replicates = 3", ""), ("[part.factors]", "[part.factor]"), ("replicates = 2", "replicates = 0")
    )
    with pytest.raises(InputError) as refused:
        load_study(path)
    lines = str(refused.value).splitlines()
    assert len(lines) == 3  # replicates missing, part.1.factor unknown, quick.replicates
    assert all(line.startswith(f"{path}: ") for line in lines)
