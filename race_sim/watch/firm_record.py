"""What the record of a maker says of it as a firm: its standing, its partners, its plant, its orders, its money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from race_sim.firms import (
    ACTIVE,
    CAPACITY,
    FINANCE,
    IN_APPROVAL,
    INPUTS,
    ORDERS,
    STOPPED,
)
from race_sim.records import JOINT_LINE, NEVER, PRIME, WORKSHOP
from race_sim.rules.joint_line import integration_weeks
from race_sim.watch.names import maker_id
from race_sim.watch.words import counted, euros_text, share_text

if TYPE_CHECKING:
    from race_sim.watch.watched_race import WatchedRace

Facts = list[tuple[str, str]]

HELD_BACK = {
    ORDERS: "nothing: it built all that was wanted",
    FINANCE: "cash and credit: they pay for no more",
    INPUTS: "imported inputs: they are lacking",
    CAPACITY: "capacity: all of it is used",
}
"""What kept a maker from building more this week, in words, by number of the constraint."""


def standing_facts(race: WatchedRace, row: int) -> Facts:
    """Whether a maker builds, or waits for approval, or has stopped; nothing without accounts."""
    if not race.has_accounts:
        return []
    supplier = race.model.world.suppliers[row]
    since = int(supplier.since)
    if supplier.standing == STOPPED:
        return [("Standing", f"stopped in week {since}; what it built still flies")]
    is_line = race.model.world.makers[row].kind == JOINT_LINE
    if supplier.standing == ACTIVE and is_line:
        return [("Standing", f"opened in week {since}, builds from week {since + 1}")]
    if supplier.standing == ACTIVE:
        return [("Standing", "builds since the start" if since == 0 else f"builds since week {since}")]
    params = race.model.params[0]
    if is_line:
        first = since + int(params.joint_lines_setup_weeks)
        return [("Standing", f"being set up; its first output is due in week {first}")]
    return [("Standing", f"awaits approval, until week {since + int(params.entry_approval_weeks)}")]


def account_facts(race: WatchedRace, row: int) -> Facts:
    """Plant, orders and money of a maker after this week; nothing without accounts or once it has stopped."""
    supplier = race.model.world.suppliers[row]
    if not race.has_accounts or supplier.standing == STOPPED:
        return []
    account = race.model.world.accounts[row]
    built, capacity, coming = int(supplier.built), int(supplier.capacity), int(supplier.under_way)
    used = f", {share_text(built / capacity)} of its capacity" if capacity else ""
    drones = f"{counted(capacity, 'drone')} a week"
    orders = (
        ("of the home treasury", int(supplier.home_orders)),
        ("of the partners", int(supplier.partner_orders)),
        ("of customers abroad", int(supplier.export_orders)),
    )
    told = ", ".join(f"{number:,} {whose}" for whose, number in orders if number) or "none"
    facts = [
        ("Capacity", f"{drones}, and {coming:,} more being built or repaired" if coming else drones),
        ("Built this week", f"{counted(built, 'drone')}{used}"),
        ("Orders this week", told),
    ]
    if supplier.standing == ACTIVE:
        facts.append(("Held back by", HELD_BACK[int(supplier.constraint)]))
    if supplier.unsold:
        facts.append(("Built at its own risk, unsold", counted(int(supplier.unsold), "drone")))
    facts += [
        ("Cost and price of a drone", f"{euros_text(int(supplier.cost))}, {euros_text(int(supplier.price))}"),
        ("Cash", f"{euros_text(int(account.cash))}, {euros_text(int(supplier.research))} of it set aside for research"),
        ("Debt", euros_text(int(account.debt))),
        ("Owed by treasuries", euros_text(int(supplier.invoiced))),
    ]
    return [*facts, *_site(race, row)]


def _site(race: WatchedRace, row: int) -> Facts:
    """Where a workshop builds, whose it is, and whether it is connected."""
    supplier = race.model.world.suppliers[row]
    if race.model.world.makers[row].kind != WORKSHOP:
        return []
    site = "abroad" if supplier.abroad else "at home"
    if supplier.announced and not supplier.abroad:
        site += "; announced to build abroad, not there yet"
    connected = "yes: part of the home orders is kept for such workshops" if supplier.connected else "no"
    return [("Site", f"{site}, of a foreign owner" if supplier.foreign else site), ("Connected to buyers", connected)]


def line_facts(race: WatchedRace, row: int) -> Facts:
    """With whom a joint line builds, when it takes over a design, and what it pays for that."""
    world, params = race.model.world, race.model.params[0]
    line = world.suppliers[row]
    partners = [
        ("Prime", maker_id(int(line.prime), race.rows).words),
        ("Workshop", maker_id(int(line.workshop), race.rows).words),
    ]
    if line.standing != ACTIVE:
        return partners
    adoptions = race.history.adoptions.get(row)
    taken = adoptions[-1].week if adoptions else int(line.since)
    last = f"week {taken}{'' if adoptions else ', when it opened'}, built from week {taken + 1}"
    ready = int(line.ready)
    refresh = [] if ready == NEVER else [("Next refresh", f"week {ready}, built from week {ready + 1}")]
    royalty = int(params.joint_lines_royalty * line.price)
    return [
        *partners,
        ("Last refresh", last),
        *refresh,
        ("Next look at the workshop's design", _next_look(race, row)),
        (
            "Royalty to the workshop",
            f"{euros_text(royalty)} a drone, {share_text(float(params.joint_lines_royalty))} of its price",
        ),
    ]


def _next_look(race: WatchedRace, row: int) -> str:
    """When a line next compares its design with its workshop's; it does not while it integrates one."""
    line, params = race.model.world.suppliers[row], race.model.params[0]
    weeks, since = int(params.joint_lines_sync_weeks), int(line.since)
    busy = max(race.week, int(line.ready) - 1)
    look = since + ((busy - since) // weeks + 1) * weeks
    taken = look + int(integration_weeks(race.model.params))
    return f"week {look}, one every {counted(weeks, 'week')}; if it has changed, a refresh in week {taken}"


def lines_with(race: WatchedRace, row: int) -> Facts:
    """Joint lines that a prime or a workshop has a part in; nothing where there are none."""
    suppliers, makers = race.model.world.suppliers, race.model.world.makers
    own = "prime" if makers[row].kind == PRIME else "workshop"
    names = [
        maker_id(line, race.rows).words
        for line in range(len(makers))
        if makers[line].kind == JOINT_LINE
        and suppliers[own][line] == row
        and suppliers[line].standing in (ACTIVE, IN_APPROVAL)
    ]
    return [("Joint lines", ", ".join(names))] if names else []
