"""Events cut a run into segments of constant parameters."""

import numpy as np
import pytest

from race_sim.errors import InputError
from race_sim.records import PARAMETERS
from race_sim.scenario import FIELDS, Event, Parameters, Scenario, load

BASELINE = Parameters()


def scenario(*events: Event) -> Scenario:
    """The baseline with events."""
    return Scenario("test", "A test", "", BASELINE, events)


def test_without_events_there_is_one_segment_with_every_parameter() -> None:
    timeline = scenario().timeline()
    assert timeline.segments.dtype == PARAMETERS
    assert timeline.segments.shape == (1,)
    assert timeline.segment_of_week.dtype == np.int64
    assert timeline.segment_of_week.tolist() == [0] * 156
    for field in FIELDS:
        assert timeline.segments[0][field.record_name] == field.encoded(field.default)


def test_events_hold_from_their_week_on_and_add_up() -> None:
    timeline = scenario(
        Event(100, "feedback.delay_weeks", 4), Event(40, "teams.skill", 0.25), Event(100, "teams.skill", 1)
    ).timeline()
    assert timeline.segment_of_week.tolist() == [0] * 40 + [1] * 60 + [2] * 56
    assert timeline.segments["teams_skill"].tolist() == [0.7, 0.25, 1.0]
    assert timeline.segments["feedback_delay_weeks"].tolist() == [1, 1, 4]


def test_an_event_in_week_0_replaces_the_start() -> None:
    timeline = scenario(Event(0, "teams.skill", 0.25)).timeline()
    assert timeline.segments["teams_skill"].tolist() == [0.25]


def test_an_event_can_name_a_choice_or_a_switch() -> None:
    segments = (
        scenario(Event(9, "countermeasures.kind", "point"), Event(9, "workshops.adapts", False)).timeline().segments
    )
    assert segments["countermeasures_kind"].tolist() == [0, 1]
    assert segments["workshops_adapts"].tolist() == [1, 0]


def test_an_event_in_the_last_week_is_the_latest() -> None:
    assert scenario(Event(155, "teams.skill", 0.5)).timeline().segment_of_week.tolist() == [0] * 155 + [1]
    with pytest.raises(InputError, match=r"week 156 setting teams\.skill = 0\.5: the run has weeks 0 to 155"):
        scenario(Event(156, "teams.skill", 0.5))


@pytest.mark.parametrize(
    ("events", "message"),
    [
        (
            [Event(-1, "teams.skill", 0.5)],
            "event in week -1 setting teams.skill = 0.5: the run has weeks 0 to 155",
        ),
        (
            [Event(9, "teams.skil", 0.5)],
            'event in week 9: unknown parameter "teams.skil". Did you mean "teams.skill"?',
        ),
        (
            [Event(9, "teams.count", 5)],
            ("event in week 9 setting teams.count = 5: teams.count is fixed for the whole run; set it in [teams]"),
        ),
        (
            [Event(9, "teams.skill", 0.5), Event(9, "teams.skill", 0.4)],
            "event in week 9 setting teams.skill = 0.4: another event sets it in the same week, to 0.5",
        ),
        (
            [Event(9, "teams.skill", 2)],
            "events of week 9: teams.skill = 2 is not allowed: give a number in [0, 1]",
        ),
        (
            [Event(9, "workshops.adapts", 1)],
            "events of week 9: workshops.adapts = 1 is not allowed: give true or false",
        ),
    ],
)
def test_a_contradictory_timeline_is_refused(events: list[Event], message: str) -> None:
    with pytest.raises(InputError) as caught:
        scenario(*events)
    assert str(caught.value) == message


def test_the_same_event_twice_is_refused() -> None:
    event = Event(9, "teams.skill", 0.5)
    with pytest.raises(InputError, match="another event sets it in the same week"):
        scenario(event, event)


def test_shortening_a_run_below_an_event_is_refused() -> None:
    with pytest.raises(InputError, match="the run has weeks 0 to 19"):
        load("frozen_red", ["run.weeks=20", "run.burn_in_weeks=5"])


def test_changes_are_applied_together_and_keep_events() -> None:
    shorter = load("frozen_red").with_changes({"run.weeks": 30, "run.burn_in_weeks": 5})
    assert shorter.timeline().segment_of_week.tolist() == [0] * 26 + [1] * 4
    assert load("frozen_red").parameters.run.weeks == 156


def test_changes_may_be_numpy_scalars() -> None:
    changed = load("baseline").with_changes(
        {"run.weeks": np.int64(52), "teams.skill": np.float64(0.5), "teams.active": np.bool_(False)}
    )
    assert changed == load("baseline", ["run.weeks=52", "teams.skill=0.5", "teams.active=false"])
    assert type(changed.parameters.run.weeks) is int
