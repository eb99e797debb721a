"""Whatever is valid can be written out and read back."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from race_sim.scenario import BY_PATH, FIELDS, Scenario, load
from tests.scenario.comparison import same_timeline
from tests.strategies import IDLE, SMALL, TOGETHER, scenarios

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(scenario=scenarios())
@settings(max_examples=60)
def test_random_scenarios_round_trip(scenario: Scenario, folder: Path) -> None:
    file = folder / "random.toml"
    file.write_text(scenario.to_toml(), encoding="utf-8")
    assert load(file) == scenario
    assert same_timeline(load(file), scenario)


@given(title=texts, description=texts)
@settings(max_examples=100)
def test_any_title_and_description_round_trip(title: str, description: str, folder: Path) -> None:
    scenario = Scenario("texts", title, description, load("baseline").parameters)
    file = folder / "texts.toml"
    file.write_text(scenario.to_toml(), encoding="utf-8", newline="")
    assert load(file) == scenario


@given(scenario=scenarios())
@settings(max_examples=30)
def test_every_week_has_the_parameters_its_events_say(scenario: Scenario) -> None:
    timeline = scenario.timeline()
    expected = scenario.parameters.values()
    for week in range(scenario.parameters.run.weeks):
        expected |= {event.path: event.value for event in scenario.events if event.week == week}
        record = timeline.segments[timeline.segment_of_week[week]]
        assert all(record[BY_PATH[path].record_name] == BY_PATH[path].encoded(expected[path]) for path in expected)


def test_random_scenarios_stay_inside_their_ranges_and_vary_every_parameter() -> None:
    assert set(SMALL) <= set(BY_PATH)
    for field in FIELDS:
        if field.kind in ("int", "float") and field.path not in SMALL.keys() | TOGETHER | IDLE.keys():
            assert (field.low or 0) >= 0
            assert field.high is not None
            assert field.high <= 1
