"""One week of a race as seen after its sorties and before its decisions, in arrays that later weeks leave alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from race_sim.firms import ACTIVE, AT_FRONT, IN_APPROVAL
from race_sim.records import FREE, NEVER, NOBODY, ON_TRIAL
from race_sim.rules.landscape import CONTRIBUTION_UNITS
from race_sim.watch.names import Rows

if TYPE_CHECKING:
    from race_sim.model import RaceModel

Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

COUNTERED = 0.5  # share of its unopposed success left at which a design counts as countered, as in the records


@dataclass(frozen=True, eq=False)
class Flying:
    """Products that flew this week, one entry each.

    Attributes:
        row: i8[n], in `world.products`; a later week may use the row for another product.
        maker: i8[n], row of its maker; workshops come first, joint lines last.
        family: i8[n], row of the maker whose first design it descends from; once the burn-in has ended, of the maker
            whose design of that week it descends from.
        kind: i8[n], WORKSHOP, PRIME or JOINT_LINE.
        week_fielded: i8[n], first week in production, NEVER for one that never was.
        sorties, stopped, hits: i8[n], of the week.
        design: u8[n].
        on_trial: bool[n].
        success: f8[n], success a sortie if nobody counters it.
        alive: f8[n], share of its sorties expected to get past all countermeasures.
        losses: f8[n, modules], stopped sorties by the module they are attributed to.
    """

    row: Integers
    maker: Integers
    family: Integers
    kind: Integers
    week_fielded: Integers
    sorties: Integers
    stopped: Integers
    hits: Integers
    design: Words
    on_trial: Flags
    success: Numbers
    alive: Numbers
    losses: Numbers


@dataclass(frozen=True, eq=False)
class Standing:
    """Countermeasures that acted this week, one entry each.

    Attributes:
        slot: i8[m], row in `world.countermeasures`.
        team, module: i8[m].
        week: i8[m], first week it acts.
        pattern, mask: u8[m], bits of the module it counters, in place inside the design word.
        breadth: f8[m], bits.
        reach: f8[m], share of sorties it can meet.
        fraction: f8[m], share of wanted engagements it could serve this week.
        effect: f8[m, MAXIMUM_BITS + 1], chance to stop a sortie it meets, by Hamming distance.
    """

    slot: Integers
    team: Integers
    module: Integers
    week: Integers
    pattern: Words
    mask: Words
    breadth: Numbers
    reach: Numbers
    fraction: Numbers
    effect: Numbers


@dataclass(frozen=True, eq=False)
class Stock:
    """Lots left in the arsenal after the week's sorties, one entry each; what makers hold unsold is not among them.

    Attributes:
        kind, maker, product: i8[k].
        age: i8[k], weeks since delivery.
        quantity: i8[k], drones.
        design: u8[k].
        countered: bool[k], whether half of the design's unopposed success or more is gone.
        dropped: bool[k], whether operators no longer fly it.
    """

    kind: Integers
    maker: Integers
    product: Integers
    age: Integers
    quantity: Integers
    design: Words
    countered: Flags
    dropped: Flags


@dataclass(frozen=True, eq=False)
class Production:
    """The design each maker has in production, one entry a maker, in the order of their rows.

    A maker that has not entered, or has stopped, has none: its family is NOBODY, its numbers are NaN.

    Attributes:
        kind, family: i8[makers].
        standing: i8[makers], WAITING, IN_APPROVAL, ACTIVE or STOPPED.
        week_fielded: i8[makers], first week in production.
        design: u8[makers].
        quality: f8[makers], intrinsic quality in [0, 1).
        success: f8[makers], success a sortie if nobody counters it.
        expected: f8[makers], success a sortie against the countermeasures of this week.
        gap: f8[makers], breadths to the nearest countermeasure, NaN where none stands.
    """

    kind: Integers
    family: Integers
    standing: Integers
    week_fielded: Integers
    design: Words
    quality: Numbers
    success: Numbers
    expected: Numbers
    gap: Numbers


@dataclass(frozen=True, eq=False)
class Sight:
    """One week: the parameters in force (one row), what flew, what stood against it, what is left, what is built."""

    week: int
    params: npt.NDArray[Any]
    flying: Flying
    standing: Standing
    stock: Stock
    production: Production

    @property
    def rows(self) -> Rows:
        """How the rows of its makers are divided."""
        return Rows.of(self.production.kind)

    def stopping(self, designs: Words | None = None) -> Numbers:
        """f8[m, n]: chance that each countermeasure, acting alone this week, stops a sortie of each design.

        Designs are those flying unless others are given.
        """
        columns = self.flying.design if designs is None else designs
        standing = self.standing
        differing = (columns[None, :] ^ standing.pattern[:, None]) & standing.mask[:, None]
        distances = np.bitwise_count(differing).astype(np.intp)
        chance = np.take_along_axis(standing.effect, distances, axis=1) if distances.size else distances.astype(float)
        return chance * (standing.reach * standing.fraction)[:, None]


def see(model: RaceModel) -> Sight:
    """What there is to see of the week that a model is in; its sorties have met their countermeasures."""
    world = model.world
    products, makers = world.products, world.makers
    return Sight(
        week=model.week,
        params=model.params.copy(),
        flying=_flying(model),
        standing=_standing(world.countermeasures),
        stock=_stock(model),
        production=_production(makers, world.suppliers, products, world.landscape),
    )


def _flying(model: RaceModel) -> Flying:
    world = model.world
    columns = int(world.tally[0].columns)
    rows = world.columns.row[:columns].copy()
    product = world.products[rows]
    modules = int(model.params[0].design_modules)
    return Flying(
        row=rows,
        maker=product["maker"].copy(),
        family=product["family"].copy(),
        kind=product["kind"].copy(),
        week_fielded=product["week_fielded"].copy(),
        sorties=product["sorties"].copy(),
        stopped=product["stopped"].copy(),
        hits=product["hits"].copy(),
        design=product["design"].copy(),
        on_trial=product["status"] == ON_TRIAL,
        success=product["success"].copy(),
        alive=world.columns.alive[:columns] / product["sorties"],
        losses=product["losses"][:, :modules].copy(),
    )


def _standing(countermeasures: npt.NDArray[Any]) -> Standing:
    slots = np.flatnonzero(countermeasures["standing"] == 1)
    found = countermeasures[slots]
    return Standing(
        slot=slots.astype(np.int64),
        **{name: found[name].copy() for name in Standing.__dataclass_fields__ if name != "slot"},
    )


def _stock(model: RaceModel) -> Stock:
    world = model.world
    lots = world.lots[: int(world.tally[0].lots)]
    lots = lots[(lots["quantity"] > 0) & (lots["place"] == AT_FRONT)]
    product = world.products[lots["product"]]
    return Stock(
        kind=product["kind"].copy(),
        maker=product["maker"].copy(),
        product=lots["product"].copy(),
        age=model.week - lots["week"],
        quantity=lots["quantity"].copy(),
        design=product["design"].copy(),
        countered=(product["expected"] <= COUNTERED * product["success"]) & (product["status"] != FREE),
        dropped=product["dropped"] == 1,
    )


def _production(
    makers: npt.NDArray[Any], suppliers: npt.NDArray[Any], products: npt.NDArray[Any], landscape: Any
) -> Production:
    loci = len(landscape.neighbours)
    building = has_design(makers, suppliers)
    product = products[np.where(building, makers["product"], 0)]
    missing = ~building
    numbers = {
        "quality": product["quality"] / (CONTRIBUTION_UNITS * loci),
        **{name: product[name].copy() for name in ("success", "expected", "gap")},
    }
    for values in numbers.values():
        values[missing] = np.nan
    return Production(
        kind=makers["kind"].copy(),
        family=np.where(building, product["family"], NOBODY),
        standing=suppliers["standing"].copy(),
        week_fielded=np.where(building, product["week_fielded"], NEVER),
        design=np.where(building, product["design"], np.uint64(0)),
        **numbers,
    )


def has_design(makers: npt.NDArray[Any], suppliers: npt.NDArray[Any]) -> Flags:
    """bool[makers]: which makers have a design in production, or in approval."""
    standing = suppliers["standing"]
    found: Flags = (makers["product"] != NOBODY) & ((standing == ACTIVE) | (standing == IN_APPROVAL))
    return found
