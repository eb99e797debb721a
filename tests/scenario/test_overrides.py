"""Overrides reach every parameter."""

import pytest

from race_sim.errors import InputError
from race_sim.scenario import FIELDS, ParameterField, load
from race_sim.scenario.text import toml_value


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.path)
def test_every_parameter_can_be_overridden(field: ParameterField) -> None:
    baseline = load("baseline")
    path, source = field.path, field.source
    if field.kind == "bool":
        value: object = not field.default
    elif field.kind == "choice":
        value = field.choices[-1] if field.default != field.choices[-1] else field.choices[0]
    else:
        options = [source.low, source.high, field.low, field.high]
        number = next(option for option in options if option is not None and option != field.default)
        value = int(number) if field.kind == "int" else float(number)
    changed = load("baseline", [f"{path}={toml_value(value)}"])
    assert changed == baseline.with_changes({path: value})
    assert changed.parameters.value(path) == value
    others = {name: kept for name, kept in changed.parameters.values().items() if name != path}
    assert others == {name: kept for name, kept in baseline.parameters.values().items() if name != path}
    before, after = (each.timeline().segments[0] for each in (baseline, changed))
    assert [name for name in before.dtype.names if before[name] != after[name]] == [field.record_name]


def test_words_may_be_bare_or_quoted_and_spaces_are_ignored() -> None:
    bare, quoted, spaced = (
        load("baseline", [override])
        for override in ("workshops.network=none", 'workshops.network="none"', " workshops.network = none ")
    )
    assert bare == quoted == spaced
    assert bare.parameters.workshops.network == "none"


def test_a_whole_number_is_a_number() -> None:
    skill = load("baseline", ["teams.skill=1"]).parameters.teams.skill
    assert type(skill) is float
    assert skill == 1.0


def test_several_overrides_are_checked_together() -> None:
    run = load("baseline", ["run.weeks=10", "run.burn_in_weeks=2"]).parameters.run
    assert (run.weeks, run.burn_in_weeks) == (10, 2)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("teams.skill", 'override "teams.skill": write path=value, such as teams.skill=0.5'),
        ("=3", 'override "=3": write path=value, such as teams.skill=0.5'),
        ("", 'override "": write path=value, such as teams.skill=0.5'),
        (
            "teams.skil=1",
            'override "teams.skil=1": unknown parameter "teams.skil". Did you mean "teams.skill"?',
        ),
        (
            "iteration_weeks=2",
            (
                'override "iteration_weeks=2": unknown parameter "iteration_weeks".'
                ' Did you mean "workshops.iteration_weeks"?'
            ),
        ),
        (
            "primes.iteration_weeks=2",
            (
                'override "primes.iteration_weeks=2": unknown parameter "primes.iteration_weeks".'
                ' Did you mean "workshops.iteration_weeks"?'
            ),
        ),
        ("zzz=1", 'override "zzz=1": unknown parameter "zzz".'),
        ("title=x", 'override "title=x": unknown parameter "title".'),
        ("a.b.c=1", 'override "a.b.c=1": unknown parameter "a.b.c".'),
        ("teams.skill=", 'baseline with overrides: teams.skill = "" is not allowed: give a number in [0, 1]'),
        ("teams.skill=2", "baseline with overrides: teams.skill = 2 is not allowed: give a number in [0, 1]"),
        (
            "teams.skill=1\nb = 2",
            'baseline with overrides: teams.skill = "1\\nb = 2" is not allowed: give a number in [0, 1]',
        ),
        (
            "teams.active=True",
            'baseline with overrides: teams.active = "True" is not allowed: give true or false',
        ),
        (
            "workshops.network=rings",
            (
                'baseline with overrides: workshops.network = "rings" is not allowed:'
                ' give one of "complete", "small_world", "ring", "none"'
            ),
        ),
        (
            "run.weeks=20",
            "baseline with overrides: run.burn_in_weeks = 26 must be smaller than run.weeks = 20",
        ),
    ],
)
def test_a_bad_override_is_explained(override: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load("baseline", [override])
    assert str(caught.value) == message


def test_setting_a_path_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"teams\.skill is set twice"):
        load("baseline", ["teams.skill=0.5", "teams.skill=0.6"])
