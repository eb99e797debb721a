"""What a page must show of a race, worked out from the records of the ensemble driver, which the page never runs."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from race_sim.ensemble.driver import run_ensemble
from race_sim.firms import (
    BORROWED,
    BUILT,
    CONSTRAINT_NAMES,
    HANDED_ON,
    MONEY_IN,
    MONEY_NAMES,
    ORDERED,
    REPAID,
    TAKEN_OVER,
    TREASURY_NAMES,
    WRITTEN_OFF,
)
from race_sim.records import JOINT_LINE, KIND_NAMES, TOTAL
from race_sim.scenario import Scenario

if TYPE_CHECKING:
    from playwright.sync_api import Page

VERDICT_WEEKS = 13
LOOKS = 25  # for what is on its way to the browser
LOOK_MILLISECONDS = 200
MINUS = "\u2212"


def shown_numbers(page: Page, race: int = 0) -> dict[str, str]:
    """Numbers on the page about one race, as text, by their key."""
    found: list[list[str]] = page.eval_on_selector_all(
        f"[data-key^='{race}.']", "all => all.map(one => [one.dataset.key, one.textContent.trim()])"
    )
    return {key.removeprefix(f"{race}."): text for key, text in found}


def expected_numbers(scenario: Scenario, seed: int, week: int) -> dict[str, str]:
    """What they must be after a week, as they are written: three decimals of a rate, whole numbers with commas."""
    weekly = run_ensemble(scenario, [seed]).weekly[0, : week + 1]
    late = weekly["kinds"][-VERDICT_WEEKS:]
    expected = {}
    for place, kind in enumerate(KIND_NAMES):
        column: Any = late[:, place]
        sorties, hits = int(column["sorties"].sum()), int(column["hits"].sum())
        if sorties == 0:
            continue
        unopposed = float(np.nansum(column["unopposed_success"] * column["sorties"]))
        expected |= {
            f"verdict.{kind}.sorties": f"{sorties:,}",
            f"verdict.{kind}.hits": f"{hits:,}",
            f"verdict.{kind}.rate": f"{hits / sorties:.3f}",
            f"verdict.{kind}.unopposed": f"{unopposed / sorties:.3f}",
            f"verdict.{kind}.stock": f"{int(column['stock'][-1]):,}",
            f"verdict.{kind}.changes": f"{int(column['designs_fielded'].sum()):,}",
        }
    if scenario.parameters.money.accounts:
        expected |= money_numbers(weekly)
    total: Any = weekly["kinds"][-1, -1]
    if total["stock"] == 0:  # said in words
        return expected
    return expected | {
        "arsenal.total": f"{int(total['stock']):,}",
        "arsenal.countered": f"{int(total['stock_countered']):,}",
    }


def money_numbers(weekly: Any) -> dict[str, str]:
    """Numbers of the money view; lines of it that have been 0 all along are left out there and here."""
    expected, now = {}, weekly[-1]
    for which, name in enumerate(TREASURY_NAMES):
        for flow in ("income", "aid", "paid", "commission", "imports", "plants"):
            amounts = weekly["treasuries"][flow][:, which]
            if amounts.any():
                expected[f"money.run.{name}.{flow}"] = short_money(amounts.sum())
                expected[f"money.week.{name}.{flow}"] = short_money(amounts[-1])
        expected[f"money.{name}.cash"] = short_money(now["treasuries"]["cash"][which])
        expected[f"money.{name}.committed"] = short_money(now["treasuries"]["committed"][which])
    lines = weekly["kinds"]["sorties"][:, JOINT_LINE].any()
    for kind, name in enumerate(KIND_NAMES):
        if kind == JOINT_LINE and not lines:
            continue
        row = now["kinds"][kind]
        expected |= {
            f"money.{name}.makers": f"{row['makers']:,}",
            f"money.{name}.ordered": f"{row['drones'][ORDERED]:,}",
            f"money.{name}.built": f"{row['drones'][BUILT]:,}",
            f"money.{name}.delivered": f"{row['deliveries']:,}",
            f"money.{name}.at_makers": f"{row['at_makers']:,}",
            f"money.{name}.capacity": f"{row['capacity']:,}",
            f"money.{name}.cash": short_money(row["cash"]),
            f"money.{name}.debt": short_money(row["debt"]),
        }
        if row["capacity"]:
            expected[f"money.{name}.utilisation"] = f"{rounded(100 * row['drones'][BUILT] / row['capacity'], 0)}%"
        for column, constraint in enumerate(CONSTRAINT_NAMES):
            expected[f"money.{name}.bound.{constraint}"] = f"{row['bound'][column]:,}"
        expected |= account_numbers(weekly, kind)
    return expected


def account_numbers(weekly: Any, kind: int) -> dict[str, str]:
    """How cash of a kind of maker came from what it was at the start to what it is now."""
    flows, name = weekly["kinds"]["money"].sum(axis=0), KIND_NAMES[kind]
    cash = weekly["kinds"]["cash"][-1, kind]
    start = cash - flows[kind, :MONEY_IN].sum() + flows[kind, MONEY_IN:WRITTEN_OFF].sum()
    sums = {
        purpose: flows[:, column]
        for column, purpose in enumerate(MONEY_NAMES)
        if column not in (BORROWED, REPAID, TAKEN_OVER, HANDED_ON)
    }
    sums["net"] = flows[:, BORROWED] - flows[:, REPAID]
    sums["between"] = flows[:, TAKEN_OVER] - flows[:, HANDED_ON]
    if kind == TOTAL:
        del sums["written_off"]  # told of each kind of maker
    told = {purpose: amounts[kind] for purpose, amounts in sums.items() if amounts.any()}
    return {
        f"money.run.{name}.{purpose}": short_money(euros)
        for purpose, euros in (told | {"start": start, "cash": cash}).items()
    }


def short_money(euros: int) -> str:
    """Money as the page writes it, to three digits: "12.3 m", "862 k", "950"."""
    for unit, name in ((10**9, " bn"), (10**6, " m"), (10**3, " k")):
        if abs(euros) >= unit:
            value = int(euros) / unit
            return f"{rounded(value, max(0, 2 - math.floor(math.log10(abs(value)))))}{name}".replace("-", MINUS)
    return f"{euros:,}".replace("-", MINUS)


def rounded(value: float, decimals: int) -> str:
    """A number as a browser rounds it: halves away from zero."""
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"


def assert_shows(page: Page, scenario: Scenario, seed: int, week: int, race: int = 0) -> None:
    """The page comes to show a race as the ensemble driver has it after this week."""
    expected = expected_numbers(scenario, seed, week)
    for _ in range(LOOKS):
        shown = shown_numbers(page, race)
        differing = {key: (shown.get(key), text) for key, text in expected.items() if shown.get(key) != text}
        if not differing:
            return
        page.wait_for_timeout(LOOK_MILLISECONDS)
    raise AssertionError(f"(shown, expected) after week {week}: {differing}")
