"""Whether recorded races lost or made up a drone or a euro: identities that hold every week, to the last unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from race_sim.analysis.codebook import KIND_COLUMNS
from race_sim.analysis.columns import OUTLAYS, recorded_columns
from race_sim.firms import (
    BORROWED,
    HANDED_ON,
    MONEY_IN,
    REPAID,
    ROYALTIES,
    ROYALTIES_EARNED,
    SALES,
    TAKEN_OVER,
    TREASURY_NAMES,
    WRITTEN_OFF,
)
from race_sim.records import KIND_NAMES, KINDS, PRIME, TOTAL, WORKSHOP
from race_sim.results import Records
from race_sim.scenario import Scenario

Counts = npt.NDArray[np.int64]

WHO = (*KIND_NAMES[:TOTAL], "all makers")
RECEIPTS = ("income", "aid")
"""What brings a treasury cash."""


@dataclass(frozen=True, eq=False)
class Identity:
    """Two counts that must agree in every week of every run.

    Attributes:
        whose: a kind of maker, a treasury, or "all accounts".
        left_name, right_name: what the two sides are, in words.
        unit: of both.
        left, right: [runs, weeks].
    """

    whose: str
    left_name: str
    right_name: str
    unit: str
    left: Counts
    right: Counts


@dataclass(frozen=True, slots=True)
class Violation:
    """The first week in which an identity does not hold.

    Attributes:
        run: number of the run, from 0.
        seed: of this run.
        week: from 0.
        identity: which one.
        left, right: what its sides came to.
    """

    run: int
    seed: int
    week: int
    identity: Identity
    left: int
    right: int

    def __str__(self) -> str:
        one = self.identity
        return (
            f"run {self.run} (seed {self.seed}), week {self.week}, {one.whose}: {one.left_name} = {self.left:,} "
            f"{one.unit}, but {one.right_name} = {self.right:,} {one.unit}"
        )


def identities(scenario: Scenario, records: Records) -> Iterator[Identity]:
    """Every identity of drones and money, for each kind of maker, each treasury and all accounts."""
    for place, whose in enumerate(WHO):
        columns = recorded_columns(records.weekly, place)
        yield from _drones(whose, columns, _initial_stock(scenario, place))
        yield from _makers_money(whose, records, place, columns, _initial_cash(scenario, place))
    yield from _sums_of_kinds(records)
    yield from _transfers(records)
    yield from _treasuries(records)
    for name, words in (("cash_of_all", "cash"), ("debt_of_all", "debts less claims on them")):
        left = records.weekly[name]
        yield Identity("all accounts", words, "nothing", "EUR", left, np.zeros_like(left))


def checked(scenario: Scenario, records: Records) -> str:
    """What `first_violation` has found to hold, in words."""
    count = sum(1 for _ in identities(scenario, records))
    runs = "1 run" if records.runs == 1 else f"{records.runs} runs"
    return (
        f"checked: no drone and no euro is lost or made up; {count} sums agree in all {records.weeks} weeks of {runs}"
    )


def first_violation(scenario: Scenario, records: Records) -> Violation | None:
    """The first identity that does not hold, by run, then week; None if all hold."""
    found: Violation | None = None
    for one in identities(scenario, records):
        wrong = np.argwhere(one.left != one.right)
        if not len(wrong):
            continue
        run, week = (int(place) for place in wrong[0])
        if found is None or (run, week) < (found.run, found.week):
            left, right = int(one.left[run, week]), int(one.right[run, week])
            found = Violation(run, int(records.seeds[run]), week, one, left, right)
    return found


def _initial_stock(scenario: Scenario, place: int) -> int:
    """Drones of a kind of maker, or of all, before week 0."""
    start = scenario.timeline().segments[0]
    return _of_founders(start, place, start["workshops_initial_stock"], start["primes_initial_stock"])


def _initial_cash(scenario: Scenario, place: int) -> int:
    """Cash of a kind of maker, or of all, before week 0: what their owners have paid in."""
    start = scenario.timeline().segments[0]
    if not start["money_accounts"]:
        return 0
    own, primes = start["workshop_accounts_initial_cash"], start["prime_accounts_initial_cash"]
    return _of_founders(start, place, own, primes)


def _of_founders(start: Any, place: int, a_workshop: int, a_prime: int) -> int:
    amounts = {
        WORKSHOP: int(start["workshops_count"]) * int(a_workshop),
        PRIME: int(start["primes_count"]) * int(a_prime),
    }
    return sum(amounts.values()) if place == TOTAL else amounts.get(place, 0)


def _before(values: Any, initial: int = 0) -> Counts:
    """Values at the end of the week before, [runs, weeks]."""
    start = np.full((values.shape[0], 1), initial, np.int64)
    return np.concatenate([start, values[:, :-1]], axis=1)


def _drones(whose: str, kind: dict[str, Any], initial: int) -> Iterator[Identity]:
    """At the front and at the makers: what is there is what was there, what came and what went."""
    yield Identity(
        whose,
        "stock at the front",
        "stock the week before + delivered - flown - scrapped - bartered - destroyed",
        "drones",
        kind["stock"],
        _before(kind["stock"], initial)
        + kind["deliveries"]
        - kind["sorties"]
        - kind["scrapped"]
        - kind["bartered"]
        - kind["destroyed"],
    )
    yield Identity(
        whose,
        "drones at makers",
        "those the week before + built - delivered - exported - kept by hosts - destroyed there - scrapped there",
        "drones",
        kind["at_makers"],
        _before(kind["at_makers"])
        + kind["built"]
        - kind["deliveries"]
        - kind["exported"]
        - kind["kept_by_hosts"]
        - kind["destroyed_at_makers"]
        - kind["scrapped_at_makers"],
    )


def _makers_money(whose: str, records: Records, place: int, kind: dict[str, Any], initial: int) -> Iterator[Identity]:
    money = records.weekly["kinds"]["money"][:, :, place]
    received = money[..., :MONEY_IN].sum(axis=2)
    spent = money[..., MONEY_IN:WRITTEN_OFF].sum(axis=2)
    yield Identity(
        whose,
        "cash",
        "cash the week before + received - spent",
        "EUR",
        kind["cash"],
        _before(kind["cash"], initial) + received - spent,
    )
    yield Identity(
        whose,
        "debt",
        "debt the week before + borrowed - repaid - written off",
        "EUR",
        kind["debt"],
        _before(kind["debt"]) + money[..., BORROWED] - money[..., REPAID] - money[..., WRITTEN_OFF],
    )


def _sums_of_kinds(records: Records) -> Iterator[Identity]:
    """Whole numbers recorded of all makers are the sums of those of the kinds."""
    kinds = [recorded_columns(records.weekly, place) for place in range(TOTAL + 1)]
    for name, total in kinds[TOTAL].items():
        if total.dtype.kind == "i":
            words = name.replace("_", " ")
            parts = np.sum([kinds[place][name] for place in range(KINDS)], axis=0)
            yield Identity(
                WHO[TOTAL],
                words,
                "the sum over kinds of maker",
                KIND_COLUMNS[name][0].removesuffix("/week"),
                total,
                parts,
            )


def _transfers(records: Records) -> Iterator[Identity]:
    """What one party pays another receives."""
    total = records.weekly["kinds"][:, :, TOTAL]
    money, treasuries = total["money"], records.weekly["treasuries"]
    for left_name, right_name, left, right in (
        ("sales", "what the treasuries paid makers", money[..., SALES], treasuries["paid"].sum(axis=2)),
        ("royalties earned", "royalties paid", money[..., ROYALTIES_EARNED], money[..., ROYALTIES]),
        ("cash taken over", "cash handed on", money[..., TAKEN_OVER], money[..., HANDED_ON]),
        ("invoices not paid yet", "what the treasuries owe", total["invoiced"], treasuries["committed"].sum(axis=2)),
    ):
        yield Identity(WHO[TOTAL], left_name, right_name, "EUR", left, right)


def _treasuries(records: Records) -> Iterator[Identity]:
    for which, name in enumerate(TREASURY_NAMES):
        treasury = records.weekly["treasuries"][:, :, which]
        received = sum(treasury[purpose] for purpose in RECEIPTS)
        spent = sum(treasury[purpose] for purpose in OUTLAYS)
        yield Identity(
            f"{name} treasury",
            "cash",
            "cash the week before + received - spent",
            "EUR",
            treasury["cash"],
            _before(treasury["cash"]) + received - spent,
        )
