"""Levers stand under their policy, and one that is said to do nothing in a race does nothing there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from race_sim.ensemble.driver import run_ensemble
from race_sim.errors import InputError
from race_sim.page.controls import FIRST, TO_TRY, catalogue, lever_groups
from race_sim.page.policies import OTHERS, POLICIES, WITH, WITHOUT, headings, is_policy, needs_accounts
from race_sim.scenario import BY_PATH, FIELDS, GROUPS, Event, ParameterField, Scenario, Value, load
from race_sim.study.ranges import ACCOUNT_GROUPS
from tests.page.driving import go_to, pull, show_lever, wait_for_week
from tests.page.showing import assert_shows
from tests.small import six_firms, six_workshops

if TYPE_CHECKING:
    from tests.page.conftest import Open

SEED = 4
JOINT_LINES = ".rs-verdicts th.rs-joint_lines"  # their column in the table of the verdict
IDLE = [field for field in FIELDS if needs_accounts(field) and not field.fixed]


def test_headings_name_groups_and_parameters_that_exist() -> None:
    for members in (*POLICIES.values(), *OTHERS.values()):
        assert set(members) <= {*GROUPS, *BY_PATH}
    assert set(ACCOUNT_GROUPS) <= set(GROUPS)


def test_every_parameter_stands_under_one_heading_of_the_table() -> None:
    assert set(headings()) == {*POLICIES, *OTHERS}
    assert sorted(field.path for fields in headings().values() for field in fields) == sorted(BY_PATH)


def test_a_parameter_named_by_its_path_leaves_its_group() -> None:
    of = {field.path: title for title, fields in headings().items() for field in fields}
    assert of["treasuries.home_budget"] == "Budgets"
    assert of["treasuries.home_funding"] == "Fund production at home"
    assert of["primes.standards"] == "Standards"
    assert is_policy("exports.regime")
    assert not is_policy("workshops.iteration_weeks")


def test_policies_come_before_all_else() -> None:
    titles = [title for title, _ in lever_groups()]
    assert titles[0] == TO_TRY
    assert [title for title in titles[1:] if title in POLICIES] == titles[1 : 1 + sum(t in POLICIES for t in titles)]


def other_value(field: ParameterField, value: Value) -> Value:
    """A value that the parameter does not have, within what is plausible."""
    if field.kind == "bool":
        return not value
    if field.kind == "choice":
        return next(choice for choice in field.choices if choice != value)
    low, high = field.plausible or (field.low or 0, field.high or 0)
    chosen = low if value != low else high
    return int(chosen) if field.kind == "int" else chosen


@pytest.mark.parametrize("field", IDLE, ids=lambda field: field.path)
def test_a_lever_that_is_said_to_do_nothing_does_nothing(field: ParameterField) -> None:
    scenario = {WITH: six_workshops, WITHOUT: six_firms}[needs_accounts(field)]()
    value = other_value(field, scenario.parameters.value(field.path))
    try:
        changed: Scenario = scenario.with_changes({field.path: value})
    except InputError as refused:
        assert "does nothing when money.accounts is false" in str(refused)  # noqa: PT017 -- either is right
        return
    assert run_ensemble(changed, [SEED]).same_bytes(run_ensemble(scenario, [SEED]))


def test_a_lever_that_does_nothing_here_is_marked(open_page: Open) -> None:
    for scenario, marked, unmarked in (
        ("baseline", "workshops.weekly_output", "procurement.merit"),
        ("given_output", "procurement.merit", "workshops.weekly_output"),
    ):
        page = open_page(f"scenario={scenario}")
        for path, tags in ((marked, 1), (unmarked, 0)):
            show_lever(page, path)
            assert page.locator(f"[data-lever='{path}'] .race-no-effect").count() == tags


def test_joint_lines_appear_when_a_lever_sets_them_up_in_mid_race(open_page: Open) -> None:
    page = open_page(f"seed={SEED}&week=28&set=joint_lines.setup_weeks:4")
    wait_for_week(page, 28)
    assert page.locator(JOINT_LINES).count() == 0
    pull(page, "joint_lines.budget", "1000000")
    pull(page, "joint_lines.lines", "3")
    go_to(page, 38)
    events = (Event(29, "joint_lines.budget", 1_000_000), Event(29, "joint_lines.lines", 3))
    assert_shows(page, replace(load("baseline", ["joint_lines.setup_weeks=4"]), events=events), SEED, 38)
    assert page.locator(JOINT_LINES).count() == 1
    assert "Joint line 0 opens with plant for" in page.locator(".rs-log").inner_text()
    page.locator(".rs-log button[data-select='line-0']").last.click()
    page.wait_for_selector("[data-panel=inspect] h4:has-text('Joint line 0')")
    assert "Royalty to the workshop" in page.locator("[data-panel=inspect]").inner_text()
    assert page.locator("[data-panel=space] [data-select^='line-']").count() > 0


def test_without_accounts_there_is_no_money_view(open_page: Open) -> None:
    page = open_page(f"scenario=given_output&seed={SEED}&week=5")
    wait_for_week(page, 5)
    assert not page.locator("[data-panel=money]").is_visible()
    assert "no accounts" in page.locator("[data-panel=flows]").inner_text()
    assert_shows(page, load("given_output"), SEED, 5)


def test_the_record_of_a_treasury_opens_from_the_drawing(open_page: Open) -> None:
    page = open_page(f"seed={SEED}&week=6")
    wait_for_week(page, 6)
    page.locator("[data-panel=money] [data-select=treasury-1] rect").first.click()
    page.wait_for_selector('[data-panel=inspect] h4:has-text("The partners\' treasury")')
    name = page.locator("[data-panel=money] [data-select=treasury-0] text", has_text="home treasury").bounding_box()
    assert name is not None
    page.mouse.click(name["x"] + name["width"] / 2, name["y"] + name["height"] / 2)
    page.wait_for_selector("[data-panel=inspect] h4:has-text('The home treasury')")


def test_every_lever_shows_the_whole_of_its_value(open_page: Open) -> None:
    page = open_page("scenario=joint_ventures")
    page.eval_on_selector_all("details.race-group", "all => all.forEach(one => (one.open = true))")
    page.wait_for_selector(f"[id='lever-{FIELDS[-1].path}']")
    fields = page.locator(".race-lever-number input[type=number]")
    assert fields.count() == sum(field.kind in ("int", "float") for field in FIELDS)
    highest = {one["path"]: one["high"] for group in catalogue() for one in group["levers"]}
    cut = """(all, highest) => all.filter((one) => {
        const asked = highest[one.id.replace("lever-", "")];
        const as_is = one.scrollWidth > one.clientWidth;
        if (asked !== null) { one.value = String(asked); }
        return as_is || one.scrollWidth > one.clientWidth;
    }).map((one) => one.id)"""
    assert fields.evaluate_all(cut, highest) == []


def test_a_group_leads_up_to_the_lever_that_switches_it_on(open_page: Open) -> None:
    page = open_page()
    assert page.locator("[data-lever]").count() == len(FIRST)
    assert page.inner_text(f"[data-group='{TO_TRY}'] h3") == TO_TRY
    show_lever(page, "joint_lines.setup_weeks")
    page.locator("[data-group='Joint ventures'] [data-above='joint_lines.lines']").click()
    assert page.evaluate("document.activeElement.id") == "lever-joint_lines.lines"
