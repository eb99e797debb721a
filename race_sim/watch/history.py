"""What is remembered of the weeks of a race that is watched: a few weeks whole, of the others what views draw."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from race_sim.records import NOBODY, PRIME
from race_sim.watch.lineages import Answers, note_answers
from race_sim.watch.sight import Sight, has_design

if TYPE_CHECKING:
    from race_sim.model import RaceModel

TRAIL_WEEKS = 12  # weeks that trails go back
RECORD_WEEKS = 52  # weeks that the record of a maker goes back
KEPT_CHANGES = 40  # changes of design remembered of each maker and family, the newest; as many a record tells

Integers = npt.NDArray[np.int64]


class Fielding(NamedTuple):
    """A countermeasure that a team fields at the end of `week`; it acts from the next.

    `pattern` holds its bits in place inside the 64-bit design word; `breadth` is in bits, `full_reach` a share of
    sorties.
    """

    week: int
    team: int
    slot: int
    module: int
    pattern: int
    breadth: float
    full_reach: float


class Adoption(NamedTuple):
    """A design that a maker puts into production at the end of `week`; it is built from the next.

    `estimate` is the success a sortie that the maker expects of it. A family other than the previous one says that
    it descends from a peer's design; at the end of the burn-in all families are counted anew. `planned` marks the next
    generation of a prime.
    """

    week: int
    maker: int
    family: int
    design: int
    quality: float
    estimate: float
    previous_design: int
    previous_family: int
    planned: bool


class Entry(NamedTuple):
    """A dated event in words; `select` names the agent it is about, such as "team-3", or nobody."""

    week: int
    kind: str
    text: str
    select: str | None


class MakerWeek(NamedTuple):
    """Sorties of one week by maker: i8[makers] each."""

    week: int
    sorties: Integers
    stopped: Integers
    hits: Integers


class Firms(NamedTuple):
    """Makers as firms and the treasuries as they stood when a week began: SUPPLIER[makers] and TREASURY[treasuries]."""

    suppliers: npt.NDArray[Any]
    treasuries: npt.NDArray[Any]


class Strike(NamedTuple):
    """A strike of one week on the plant of the maker in a row, with the drones a week that it put out of use."""

    week: int
    maker: int
    lost: int


@dataclass(eq=False)
class History:
    """What is remembered.

    Attributes:
        sights: the last `TRAIL_WEEKS` + 1 weeks, the newest last.
        family_sorties: by week, the families that flew (i8[f], ascending) and their sorties (i8[f]).
        fieldings: countermeasures fielded, in order of time.
        adoptions: designs put into production, by row of the maker, in order of time, `KEPT_CHANGES` of each at most.
        turns: those of them that leave a family or turn to one, by its number, in order of time, as many at most.
        changes: how many designs each maker has put into production, by its row.
        maker_weeks: the last `RECORD_WEEKS` weeks.
        before: firms as they stood when the newest week began; None before the first.
        strikes: on plants, in order of time; those that destroy no plant are not told apart from none.
        answers: by first week and slot of a countermeasure, what it has done to the family it has stopped most.
        log: dated events in words, in order of time.
    """

    sights: deque[Sight] = field(default_factory=lambda: deque(maxlen=TRAIL_WEEKS + 1))
    family_sorties: list[tuple[Integers, Integers]] = field(default_factory=list)
    fieldings: list[Fielding] = field(default_factory=list)
    adoptions: dict[int, deque[Adoption]] = field(default_factory=lambda: defaultdict(_newest))
    turns: dict[int, deque[Adoption]] = field(default_factory=lambda: defaultdict(_newest))
    changes: Counter[int] = field(default_factory=Counter)
    maker_weeks: deque[MakerWeek] = field(default_factory=lambda: deque(maxlen=RECORD_WEEKS))
    before: Firms | None = None
    strikes: list[Strike] = field(default_factory=list)
    answers: Answers = field(default_factory=dict)
    log: list[Entry] = field(default_factory=list)

    @property
    def last(self) -> Sight:
        """The newest week. Raises IndexError before the first."""
        return self.sights[-1]

    def note_start(self, model: RaceModel) -> None:
        """Remember how firms stand before a week."""
        self.before = Firms(model.world.suppliers.copy(), model.world.treasuries.copy())

    def note_week(self, sight: Sight) -> None:
        """Remember what flew this week."""
        self.sights.append(sight)
        note_answers(self.answers, sight)
        flying = sight.flying
        families, places = np.unique(flying.family, return_inverse=True)
        self.family_sorties.append((families, _summed(places, flying.sorties, len(families))))
        makers = len(sight.production.kind)
        totals = (_summed(flying.maker, counts, makers) for counts in (flying.sorties, flying.stopped, flying.hits))
        self.maker_weeks.append(MakerWeek(sight.week, *totals))

    def note_decisions(self, model: RaceModel) -> None:
        """Remember what makers and teams decided in the week that a model has just finished."""
        self.fieldings += _fieldings(model)
        for adoption in _adoptions(model, self.last):
            self.adoptions[adoption.maker].append(adoption)
            self.changes[adoption.maker] += 1
            if adoption.family != adoption.previous_family:
                self.turns[adoption.family].append(adoption)
                self.turns[adoption.previous_family].append(adoption)


def _newest() -> deque[Adoption]:
    return deque(maxlen=KEPT_CHANGES)


def _summed(places: Integers, counts: Integers, length: int) -> Integers:
    totals = np.zeros(length, np.int64)
    np.add.at(totals, places, counts)
    return totals


def _fieldings(model: RaceModel) -> list[Fielding]:
    rows = model.world.countermeasures
    slots = np.flatnonzero((rows["standing"] == 1) & (rows["week"] == model.week))
    return [
        Fielding(
            week=model.week - 1,
            team=int(rows[slot].team),
            slot=int(slot),
            module=int(rows[slot].module),
            pattern=int(rows[slot].pattern),
            breadth=float(rows[slot].breadth),
            full_reach=float(rows[slot].full_reach),
        )
        for slot in slots
    ]


def _adoptions(model: RaceModel, before: Sight) -> list[Adoption]:
    world = model.world
    makers = world.makers
    products = world.products[makers["product"]]
    known = (before.production.family != NOBODY) & has_design(makers, world.suppliers)
    new = before.production.week_fielded != model.week
    changed = np.flatnonzero(known & new & (products["week_fielded"] == model.week))
    return [
        Adoption(
            week=model.week - 1,
            maker=int(row),
            family=int(products[row].family),
            design=int(products[row].design),
            quality=model.makers[row].quality,
            estimate=float(makers[row].estimate),
            previous_design=int(before.production.design[row]),
            previous_family=int(before.production.family[row]),
            planned=int(makers[row].kind) == PRIME,
        )
        for row in changed
    ]
