"""Every parameter has its lever, which says what the schema says and lets through what the schema allows."""

import pytest

from race_sim.page.controls import FIRST, TO_TRY, Lever, catalogue, differing, lever, lever_groups
from race_sim.page.policies import headings
from race_sim.scenario import BY_PATH, FIELDS, ParameterField, load
from race_sim.watch.link import plain, read_value

GROUPS = lever_groups()
LEVERS = {one.path: one for _, levers in GROUPS for one in levers}
NUMBERS = [field for field in FIELDS if field.kind in ("int", "float")]
TEN = 10


def test_every_parameter_has_exactly_one_lever() -> None:
    paths = [one.path for _, levers in GROUPS for one in levers]
    assert sorted(paths) == sorted(BY_PATH)


def test_the_ten_that_matter_come_first() -> None:
    assert len(FIRST) == TEN
    title, levers = GROUPS[0]
    assert (title, tuple(one.path for one in levers)) == (TO_TRY, FIRST)
    assert all(one.path.partition(".")[0].replace("_", " ") in one.label for one in levers)


def test_a_group_names_those_of_its_levers_that_come_first() -> None:
    for group in catalogue():
        own = [field.path for field in headings().get(group["title"], ())]
        assert [path for path, _ in group["above"]] == [path for path in own if path in FIRST]
        assert [one["path"] for one in group["levers"] if one["path"] in own] == [p for p in own if p not in FIRST]
    named = [path for group in catalogue() for path, _ in group["above"]]
    assert sorted(named) == sorted(FIRST)


def test_of_the_ten_none_needs_a_new_race() -> None:
    """What comes first can be tried while a race runs."""
    assert not any(BY_PATH[path].fixed for path in FIRST)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.path)
def test_a_lever_says_what_the_schema_says(field: ParameterField) -> None:
    one = lever(field)
    assert one.description == field.description
    assert one.bounds == field.bounds
    assert one.fixed == field.fixed
    assert one.kind == {"bool": "switch", "choice": "choice"}.get(field.kind, "number")
    assert one.choices == field.choices
    assert all(row in one.source for row in getattr(field.source, "ids", ()))


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.path)
def test_a_slider_covers_the_plausible_range_and_reaches_only_what_is_allowed(field: ParameterField) -> None:
    one = lever(field)
    assert (one.low, one.high) == (field.plausible or (field.low, field.high))
    assert (one.least, one.most) == (field.low, field.high)
    for value in slider_values(one):
        scenario = load("baseline", BESIDE.get(field.path, ()))
        scenario.with_changes({field.path: read_value(field.path, value)})


BESIDE = {
    "run.burn_in_weeks": ("run.weeks=5000",),
    "design.modules": ("design.bits_per_module=8",),
    "workshops.count": ("workshops.network_degree=2",),
    "workshops.network_degree": (),
}
"""What must be so that the ends of a range do not contradict other parameters."""


def slider_values(one: Lever) -> list[str]:
    """The ends of a slider and a place between, as a browser sends them."""
    assert one.low is not None
    assert one.high is not None
    assert one.step is not None
    assert one.step > 0
    between = one.low + one.step * ((one.high - one.low) // (2 * one.step))
    return [f"{value:.12g}" for value in (one.low, between, one.high)]


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.path)
def test_a_slider_is_fine_enough_to_aim_with(field: ParameterField) -> None:
    one = lever(field)
    assert one.low is not None
    assert one.high is not None
    assert one.step is not None
    steps = (one.high - one.low) / one.step
    assert steps >= 20 or (field.kind == "int" and one.step <= 2)
    assert steps <= 500


def test_values_are_those_in_force_in_a_week() -> None:
    scenario = load("frozen_red")
    freeze = scenario.events[0].week
    usual = load("baseline").parameters.values()
    assert differing(scenario.in_force(-1).values(), usual) == []
    assert differing(scenario.in_force(freeze - 1).values(), usual) == []
    assert differing(scenario.in_force(freeze).values(), usual) == ["teams.active"]
    assert differing(scenario.in_force(5000).values(), usual) == ["teams.active"]


@pytest.mark.parametrize("week", [0, 155])
def test_a_value_that_is_shown_can_be_sent_back(week: int) -> None:
    scenario = load("frozen_red")
    for path, value in scenario.in_force(week).values().items():
        assert read_value(path, plain(value)) == value


def test_the_catalogue_is_plain() -> None:
    plain = (str, bool, int, float, type(None), tuple)
    for group in catalogue():
        assert all(isinstance(value, str) for pair in group["above"] for value in pair)
        assert all(isinstance(value, plain) for one in group["levers"] for value in one.values())
