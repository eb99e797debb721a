"""The Mesa driver as Mesa users meet it."""

import gc
import subprocess
import sys
import weakref

import mesa
import pytest

from race_sim.agents import (
    CountermeasureTeam,
    HomeTreasury,
    JointLine,
    Market,
    Operators,
    PartnerTreasury,
    Prime,
    Workshop,
)
from race_sim.model import RaceModel
from race_sim.records import TOTAL
from race_sim.scenario import load
from tests.small import six_firms, six_workshops


def test_agents_are_mesa_agents_of_their_kind() -> None:
    model = RaceModel(six_workshops())
    assert isinstance(model, mesa.Model)
    assert {kind: len(agents) for kind, agents in model.agents_by_type.items()} == {
        Operators: 1,
        HomeTreasury: 1,
        PartnerTreasury: 1,
        Market: 1,
        Workshop: 6,
        Prime: 2,
        CountermeasureTeam: 3,
    }
    assert [agent.unique_id for agent in model.agents] == list(range(1, 16))


def test_places_of_newcomers_and_joint_lines_are_agents_that_wait() -> None:
    model = RaceModel(six_firms())
    counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    assert (counts[Workshop], counts[Prime], counts[JointLine]) == (11, 2, 3)
    assert [maker.is_active for maker in model.makers] == [True] * 6 + [False] * 5 + [True] * 2 + [False] * 3


def test_mesa_runs_it_to_its_last_week() -> None:
    model = RaceModel(six_workshops(), seed=4)
    model.run_model()
    assert model.week == model.steps == 12
    assert model.records().same_bytes(RaceModel(six_workshops(), seed=4).run())


def test_data_collector_holds_what_was_recorded() -> None:
    model = RaceModel(six_workshops(), seed=4)
    records = model.run()
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["week"].tolist() == list(range(12))
    assert frame["workshops_hits"].tolist() == records.weekly["kinds"]["hits"][0, :, 0].tolist()
    assert frame["total_sorties"].tolist() == records.weekly["kinds"]["sorties"][0, :, TOTAL].tolist()
    assert frame["front_balance"].tolist() == records.weekly["front_balance"][0, :, 1].tolist()


class Idle(Workshop):
    """A workshop that does nothing when its cycle ends."""

    def adapt(self) -> None:
        pass


class OneIdle(RaceModel):
    """A race in which the first workshop is idle."""

    def _make(self, index: int) -> Workshop:
        return Idle(self, index) if index == 0 else super()._make(index)


def test_overriding_one_agents_method_changes_that_agents_week() -> None:
    alone = [
        "money.accounts=false",
        "workshops.copy_probability=0",
        "operators.drop_after_weeks=0",
        "operators.crews=100000",
    ]
    scenario = load("no_red", ["run.weeks=30", *alone])
    plain, changed = RaceModel(scenario, seed=2), OneIdle(scenario, seed=2)
    founder = changed.workshops[0].design
    plain.run()
    changed.run()
    assert plain.workshops[0].design != founder
    assert changed.workshops[0].design == founder
    assert [maker.design for maker in changed.makers[1:]] == [maker.design for maker in plain.makers[1:]]


def test_overriding_a_teams_method_changes_the_race() -> None:
    class Blind(CountermeasureTeam):
        def take_up(self) -> None:
            pass

    class NoProjects(RaceModel):
        team_class = Blind

    model = NoProjects(six_workshops(), seed=1)
    model.run()
    assert not any(team.countermeasures for team in model.teams)
    assert any(team.countermeasures for team in finished().teams)


def finished() -> RaceModel:
    model = RaceModel(six_workshops(), seed=1)
    model.run()
    return model


def test_properties_read_the_agents_own_rows() -> None:
    model = finished()
    workshop, prime = model.workshops[3], model.primes[1]
    assert workshop.number == 3
    assert prime.number == 1
    assert 0 <= workshop.quality < 1
    assert workshop.quality == pytest.approx(workshop.quality_of(workshop.design))
    assert workshop.expected_success <= workshop.unopposed_success
    assert workshop.trials_in_flight >= 1
    assert len(workshop.losses) == 4
    assert 0 < prime.programme_weeks_left <= 5
    assert sum(maker.stock for maker in model.makers) == model.this_week["kinds"]["stock"][TOTAL]
    assert model.operators.crews == 700


def test_a_workshop_can_fly_a_design_of_its_own() -> None:
    class Stubborn(Workshop):
        def try_variants(self, parent: int) -> None:  # noqa: ARG002
            self.start_trial(0b1011)

    class StubbornRace(RaceModel):
        workshop_class = Stubborn

    model = StubbornRace(six_workshops("workshops.judgement=chance", "feedback.delay_weeks=0"), seed=1)
    model.run()
    assert {workshop.design for workshop in model.workshops} == {0b1011}


@pytest.mark.slow
def test_dropped_models_are_let_go() -> None:
    scenario = load("baseline", ["run.weeks=5", "run.burn_in_weeks=1", "workshops.count=2", "primes.count=1"])
    alive: weakref.WeakSet[RaceModel] = weakref.WeakSet()
    for seed in range(5_000):
        model = RaceModel(scenario, seed=seed)
        model.step()
        alive.add(model)
        del model
        if seed % 500 == 499:
            gc.collect()
            assert len(alive) == 0


def test_nothing_removed_or_deprecated_in_mesa_is_used() -> None:
    code = (
        "from tests.small import six_workshops; from race_sim.model import RaceModel; RaceModel(six_workshops()).run()"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
