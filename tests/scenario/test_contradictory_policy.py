"""Policies that contradict each other, or what there is, are refused with a sentence for each fault."""

import pytest

from race_sim.errors import InputError
from race_sim.scenario import Event, Scenario, load

GIVEN = "money.accounts=false"

CONTRADICTIONS = [
    (
        ["treasuries.partner_budget=500", "abroad.budget=200", "joint_lines.budget=100", "treasuries.home_funding=201"],
        (
            "treasuries.home_funding = 201, abroad.budget = 200 and joint_lines.budget = 100 add up to 501: "
            "at most treasuries.partner_budget = 500 is allowed (EUR/week)"
        ),
    ),
    (["joint_lines.lines=7"], "joint_lines.lines = 7 must be at most joint_lines.places = 6"),
    (
        ["joint_lines.lines=1", "primes.count=0"],
        "joint_lines.lines = 1 needs primes: it must be 0 when primes.count is 0",
    ),
    (
        ["joint_lines.lines=1", "workshops.count=0"],
        "joint_lines.lines = 1 needs workshops: it must be 0 when workshops.count is 0",
    ),
    (
        ["abroad.firms=1", "workshops.count=0"],
        "abroad.firms = 1 needs workshops: it must be 0 when workshops.count is 0",
    ),
    (["abroad.firms=81"], "abroad.firms = 81 must be at most workshops.count + entry.places = 80"),
    (
        ["barter.drones_per_week=8401"],
        (
            "barter.drones_per_week = 8401 is more than workshops can build at the start: at most workshops.count "
            "times workshop_accounts.initial_capacity = 8400 is allowed (drones/week)"
        ),
    ),
    (
        [GIVEN, "exports.regime=open"],
        'exports.regime = "open" does nothing when money.accounts is false: it must be "ban"',
    ),
    ([GIVEN, "joint_lines.lines=2"], "joint_lines.lines = 2 does nothing when money.accounts is false: it must be 0"),
    ([GIVEN, "joint_lines.budget=2"], "joint_lines.budget = 2 does nothing when money.accounts is false: it must be 0"),
    ([GIVEN, "abroad.firms=2"], "abroad.firms = 2 does nothing when money.accounts is false: it must be 0"),
    ([GIVEN, "abroad.budget=2"], "abroad.budget = 2 does nothing when money.accounts is false: it must be 0"),
    (
        [GIVEN, "treasuries.home_funding=2"],
        "treasuries.home_funding = 2 does nothing when money.accounts is false: it must be 0",
    ),
    (
        [GIVEN, "barter.drones_per_week=2"],
        "barter.drones_per_week = 2 does nothing when money.accounts is false: it must be 0",
    ),
]


@pytest.mark.parametrize(("overrides", "message"), CONTRADICTIONS)
def test_a_contradictory_policy_is_refused(overrides: list[str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        load("baseline", overrides)
    assert str(caught.value) == f"baseline with overrides: {message}"


@pytest.mark.parametrize(
    "overrides",
    [
        ["treasuries.partner_budget=501", "abroad.budget=200", "joint_lines.budget=100", "treasuries.home_funding=201"],
        ["joint_lines.lines=6"],
        ["joint_lines.lines=1", "workshops.count=1", "workshops.network=none"],
        ["abroad.firms=80"],
        ["barter.drones_per_week=8400"],
        [GIVEN, "exports.partner_share=0.4", "primes.count=0"],
    ],
)
def test_the_most_that_is_allowed_is_allowed(overrides: list[str]) -> None:
    load("baseline", overrides)


def test_every_fault_has_its_sentence() -> None:
    with pytest.raises(InputError) as caught:
        load("baseline", ["joint_lines.lines=7", "primes.count=0", "abroad.firms=81"])
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("path", "value", "allowed"),
    [
        ("exports.quota_share", "1.5", "a number in [0, 1]"),
        ("exports.partner_share", "-0.1", "a number in [0, 1]"),
        ("exports.price_ratio", "0", "a number in (0, 10]"),
        ("workshop_accounts.unit_cost", "0", "a whole number in [1, 10000000] (EUR/drone)"),
        ("prime_accounts.unit_cost", "0", "a whole number in [1, 10000000] (EUR/drone)"),
        ("joint_lines.unit_cost", "0", "a whole number in [1, 10000000] (EUR/drone)"),
        ("treasuries.partner_budget", "-1", "a whole number in [0, 1e+12] (EUR/week)"),
        ("treasuries.home_budget", "0.5", "a whole number in [0, 1e+12] (EUR/week)"),
        ("workshop_accounts.initial_cash", "-1", "a whole number in [0, 1e+12] (EUR)"),
        ("strikes.home_hazard", "2", "a number in [0, 1] (1/week)"),
    ],
)
def test_shares_prices_and_money_have_bounds(path: str, value: str, allowed: str) -> None:
    with pytest.raises(InputError) as caught:
        load("baseline", [f"{path}={value}"])
    assert str(caught.value) == f"baseline with overrides: {path} = {value} is not allowed: give {allowed}"


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (
            Event(26, "joint_lines.lines", 7),
            "events of week 26: joint_lines.lines = 7 must be at most joint_lines.places = 6",
        ),
        (
            Event(156, "exports.regime", "open"),
            'event in week 156 setting exports.regime = "open": the run has weeks 0 to 155',
        ),
        (
            Event(26, "treasuries.partner_budget", 10),
            (
                "events of week 26: treasuries.home_funding = 0, abroad.budget = 1000 and joint_lines.budget = 0 add "
                "up to 1000: at most treasuries.partner_budget = 10 is allowed (EUR/week)"
            ),
        ),
    ],
)
def test_an_event_cannot_make_a_policy_contradictory(event: Event, message: str) -> None:
    base = load("baseline", ["abroad.budget=1000"])
    with pytest.raises(InputError) as caught:
        Scenario("test", "A test", "", base.parameters, (event,))
    assert str(caught.value) == message


def test_a_lever_may_be_pulled_later_only_with_accounts() -> None:
    base = load("given_output")
    with pytest.raises(InputError, match=r"week 40: exports\.regime = \"open\" does nothing when money\.accounts"):
        Scenario("test", "A test", "", base.parameters, (Event(40, "exports.regime", "open"),))
