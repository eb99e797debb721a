"""Studies of a second or two, for tests of the runner: three workshops, fourteen weeks, a few points."""

from pathlib import Path

SMALL_STUDY = """
title = "Small"
question = "Does the runner run?"
replicates = 3
first_seed = 5

[constants]
output = 60

[set]
"run.weeks" = 14
"run.burn_in_weeks" = 4
"workshops.count" = 3
"workshops.iteration_weeks" = "= cycle"
"money.accounts" = false
"workshops.weekly_output" = "= output * arsenal / 3"
"workshops.trial_share" = 0.3
"primes.count" = 0
"teams.count" = "= teams"
"teams.discovery_weeks" = 2
"operators.crews" = 1000

[defaults]
teams = 2
arsenal = 1
control = "none"

[levels.control.none]

[levels.control.blind_drift]
scenario = "blind_drift"
set = { "workshops.adoption_probability" = "= adopted_share" }

[[part]]
name = "first"
question = "As it is?"

[part.factors]
teams = [1, 2]
cycle = [1, 3]
arsenal = [1, 2]

[[part]]
name = "second"
question = "And by chance?"
after = "first"

[part.factors]
cycle = [1, 3]
control = ["none", "blind_drift"]

[quick]
replicates = 2

[quick.factors]
cycle = [1]
"""


SAMPLED_STUDY = """
title = "Sampled"
question = "Do sampled designs run?"
replicates = 2

[set]
"run.weeks" = 14
"run.burn_in_weeks" = 4
"workshops.count" = 3
"workshops.iteration_weeks" = "= cycle"
"money.accounts" = false
"workshops.weekly_output" = "= round(20 * arsenal)"
"primes.count" = 0
"teams.discovery_weeks" = 2
"operators.crews" = 1000

[defaults]
cycle = 1
arsenal = 1.0

[[part]]
name = "cube"
question = "Anywhere?"
design = "latin_hypercube"
points = 4

[part.factors]
cycle = { low = 1, high = 4, whole = true }
arsenal = { low = 0.5, high = 8, scale = "log" }
"teams.skill" = { low = 0.1, high = 0.9 }

[[part]]
name = "even"
question = "Evenly?"
design = "sobol"
points = 4

[part.factors]
cycle = [1, 2, 4]
arsenal = { low = 0.5, high = 8, scale = "log" }

[[part]]
name = "one_by_one"
question = "Which matter?"
design = "morris"
points = 3
replicates = 3

[part.factors]
cycle = { low = 1, high = 4, whole = true }
arsenal = { low = 0.5, high = 8, scale = "log" }
"teams.skill" = { low = 0.1, high = 0.9 }

[[part]]
name = "indices"
question = "And how much of the variance?"
design = "saltelli"
points = 2
screen = { part = "one_by_one", most = 2, output = "hits" }
"""

BOUNDARY_STUDY = """
title = "Boundary"
question = "Where is it?"
replicates = 3

[set]
"run.weeks" = 14
"run.burn_in_weeks" = 4
"workshops.count" = 3
"workshops.iteration_weeks" = "= cycle"
"money.accounts" = false
"workshops.weekly_output" = "= round(20 * arsenal)"
"primes.count" = 0
"teams.count" = "= teams"
"operators.crews" = 1000

[[part]]
name = "line"
question = "Where do they hit as much as with one fifth of the makers' drones?"
design = "sobol"
points = 4
refine = "boundary"

[part.factors]
cycle = { low = 1, high = 4, whole = true }
arsenal = { low = 0.5, high = 8, scale = "log" }
teams = [1, 3]

[part.boundary]
x = "cycle"
y = "arsenal"
output = "hits"
reference = { cycle = 1, arsenal = 1.0 }
budget = 8
batch = 2
"""


def written(folder: Path, *changes: tuple[str, str], name: str = "small", text: str = SMALL_STUDY) -> str:
    """Path of a file that holds the study with these texts replaced, each of which must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)
