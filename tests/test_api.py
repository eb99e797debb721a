"""Races from Python: what `import race_sim` offers, what it refuses, and that both drivers agree."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import race_sim
from race_sim.agents import Workshop
from race_sim.errors import InputError
from race_sim.model import RaceModel
from tests.small import six_workshops

EXPORTS = ["InputError", "Race", "Scenario", "__version__", "compare", "load", "run"]


def test_exports_are_what_is_promised() -> None:
    assert sorted(race_sim.__all__) == EXPORTS
    assert set(EXPORTS) <= set(dir(race_sim))
    for name in EXPORTS:
        assert getattr(race_sim, name) is not None
    assert race_sim.InputError is InputError
    with pytest.raises(AttributeError, match="has no attribute 'walk'"):
        race_sim.walk  # noqa: B018


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import race_sim, sys; print([name for name in sys.modules if '.' not in name])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    heavy = {"matplotlib", "mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic"}
    assert heavy.isdisjoint(eval(done.stdout))  # noqa: S307 -- a list printed by this test


def test_a_race_has_weeks_and_a_summary() -> None:
    race = race_sim.run(six_workshops(), seed=5, runs=3)
    assert race.seeds == [5, 6, 7]
    assert len(race.weekly) == 3 * 12
    assert race.summary
    assert race.driver == "ensemble"
    assert race.model is None
    assert repr(race) == "<Race: baseline, 3 x 12 weeks from seed 5, ensemble driver>"


def test_drivers_and_threads_give_the_same_bytes() -> None:
    scenario = six_workshops()
    once = race_sim.run(scenario, seed=5, runs=3, threads=1)
    assert once.records.same_bytes(race_sim.run(scenario, seed=5, runs=3, threads=2).records)
    agents = race_sim.run(scenario, seed=5, runs=3, driver="mesa")
    assert agents.model == "race_sim.model:RaceModel"
    assert once.records.same_bytes(agents.records)


def test_changes_and_weeks() -> None:
    race = race_sim.run("baseline", weeks=12, changes={"workshops.count": 6, "primes.count": np.int64(1)})
    assert race.scenario.parameters.run.weeks == 12
    assert race.scenario.parameters.workshops.count == 6
    assert race.scenario.parameters.run.burn_in_weeks == 2
    assert race.notes == ("burn-in cut from 26 to 2 weeks; set run.burn_in_weeks for another",)


@pytest.mark.parametrize("weeks", [27, np.int64(27)])
def test_burn_in_stays_where_it_fits(weeks: int) -> None:
    scenario, notes = race_sim.api.prepared("baseline", weeks=weeks)
    assert (scenario.parameters.run.burn_in_weeks, notes) == (26, ())


def test_a_burn_in_asked_for_is_not_cut() -> None:
    with pytest.raises(InputError, match=r"run\.burn_in_weeks = 26 must be smaller than run\.weeks = 12"):
        race_sim.run("baseline", weeks=12, changes={"run.burn_in_weeks": 26})


def test_the_shortest_race() -> None:
    race = race_sim.run("baseline", weeks=1, changes={"workshops.count": 1, "primes.count": 0})
    assert len(race.weekly) == 1


def test_the_last_seed() -> None:
    assert race_sim.run(six_workshops(), seed=2**64 - 1).seeds == [2**64 - 1]


def test_progress_counts_runs() -> None:
    for driver in ("ensemble", "mesa"):
        finished: list[int] = []
        race_sim.run(six_workshops(), runs=3, driver=driver, progress=finished.append)
        assert sum(finished) == 3


class Idle(Workshop):
    """A workshop that does nothing when its cycle ends."""

    def adapt(self) -> None:
        pass


class IdleRace(RaceModel):
    """A race of idle workshops."""

    workshop_class = Idle


def test_a_model_of_ones_own_runs_by_class_and_by_name() -> None:
    by_class = race_sim.run(six_workshops(), model=IdleRace)
    by_name = race_sim.run(six_workshops(), model=f"{__name__}:IdleRace")
    assert by_class.driver == "mesa"
    assert by_class.model == by_name.model == f"{__name__}:IdleRace"
    assert by_class.records.same_bytes(by_name.records)
    assert not by_class.records.same_bytes(race_sim.run(six_workshops()).records)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": -1}, r"seed = -1 is not allowed: give a whole number in \[0, 18446744073709551615\]"),
        ({"seed": 2**64}, "seed = 18446744073709551616 is not allowed"),
        ({"seed": 1.5}, "seed = 1.5 is not allowed"),
        ({"seed": True}, "seed = true is not allowed"),
        ({"seed": 2**64 - 2, "runs": 3}, r"runs = 3 is not allowed: give a whole number in \[1, 2\]"),
        ({"runs": 0}, "runs = 0 is not allowed: give a whole number in"),
        ({"runs": 10**9}, r"runs = 1000000000 is not allowed here: .* of memory; give at most \d+"),
        ({"weeks": 0}, r"baseline with changes: run\.weeks = 0 is not allowed: give a whole number in"),
        ({"weeks": 1.5}, r"run\.weeks = 1\.5 is not allowed"),
        ({"weeks": float("nan")}, r"run\.weeks = nan is not allowed"),
        ({"weeks": 9, "changes": {"run.weeks": 8}}, r"weeks = 9 and run\.weeks = 8: give one of them"),
        ({"threads": 0}, r"threads = 0 is not allowed: give a whole number in \[1, 4096\]"),
        ({"driver": "mess"}, 'driver = "mess" is not allowed: give ensemble or mesa. Did you mean "mesa"?'),
        ({"driver": "ensemble", "model": IdleRace}, "driver = ensemble runs no model of your own"),
        ({"changes": {"teams.skil": 1}}, r'unknown parameter "teams\.skil"\. Did you mean "teams\.skill"'),
        ({"model": Idle}, "is a class of agents: give the RaceModel that has it as one of its classes"),
        ({"model": int}, r"is a type: give a subclass of race_sim\.model\.RaceModel"),
        ({"model": "my_race"}, 'model = "my_race" is not allowed: give module:Class, such as my_race:MyRace'),
        ({"model": "my_race.py:A B"}, "give module:Class"),
        (
            {"model": "nowhere.at_all:A"},
            'model "nowhere.at_all:A": there is no module "nowhere" in the current',
        ),
        ({"model": f"{__name__}:IdelRace"}, r'has no "IdelRace"\. Did you mean "IdleRace"\?'),
        ({"model": f"{__name__}:Zzz"}, r'has no "Zzz"\. Its models are IdleRace\.'),
        ({"model": f"{__name__}:EXPORTS"}, r"is a list: give a subclass of race_sim\.model\.RaceModel"),
    ],
)
def test_what_is_not_allowed(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        race_sim.run("baseline", **arguments)  # type: ignore[arg-type]


def test_an_error_inside_the_users_module_keeps_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "needs_more.py").write_text("import not_installed_here\n", encoding="utf-8")
    with pytest.raises(ModuleNotFoundError, match="not_installed_here"):
        race_sim.run("baseline", model="needs_more:Anything")
