"""What may have been meant by something mistyped."""

import pytest

from race_sim.errors import InputError
from race_sim.scenario import load


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("teams.skil", ["teams.skill"]),
        ("teams.SKILL", ["teams.skill"]),
        ("Teams.skill", ["teams.skill"]),
        ("team.skills", ["teams.skill"]),
        ("iteration_weeks", ["workshops.iteration_weeks"]),
        ("primes.iteration_weeks", ["workshops.iteration_weeks"]),
        ("front.skill", ["teams.skill"]),
        ("initial_stock", ["workshops.initial_stock", "primes.initial_stock"]),
        ("initial_stocks", ["workshops.initial_stock", "primes.initial_stock"]),
        ("workshop.count", ["workshops.count"]),
        ("teams.zzz", []),
        ("zzz", []),
        ("zzz.zzz", []),
        ("teams.", []),
        (".", []),
    ],
)
def test_the_nearest_parameters_are_named(path: str, meant: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        load("baseline").with_changes({path: 1})
    question = " or ".join(f'"{option}"' for option in meant)
    assert str(caught.value) == f'unknown parameter "{path}".' + (f" Did you mean {question}?" if meant else "")
