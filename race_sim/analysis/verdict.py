"""What the forces' races showed of "speed beats arsenal", in a paragraph made of measured results alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from race_sim.analysis.exchange import ExchangeRate
from race_sim.analysis.forces import Comparison, ControlResult, Finding, Force, Regime, RegimeResult
from race_sim.analysis.intervals import LEVEL, ratio_estimate
from race_sim.scenario.text import listed

WINS, LOSES, NO_EVIDENCE = Finding.WINS, Finding.LOSES, Finding.NO_EVIDENCE


def verdict(results: Sequence[RegimeResult], controls: Sequence[ControlResult] = ()) -> str:
    """One paragraph on the claim that adaptation speed beats arsenal size, from the outcomes of the forces.

    Nothing is assumed of who wins: exchanging the outcomes of two forces exchanges their parts in every
    sentence. A winner is named only where the interval of the paired ratio of hits leaves out 1 and the forces'
    own intervals of hits do not overlap (`Comparison.finding`); else the paragraph says "no evidence".

    Args:
        results: each regime's outcomes; all with the same reference force (`RegimeResult.reference`).
        controls: control races of the reference force and a slower one of equal or larger arsenal.

    Raises ValueError if no force that hit anything has a longer cycle and a larger arsenal.
    """
    measured = [one for result in results for one in result.comparisons() if one.ratio.value >= 0.0]
    longer = [one for one in measured if one.other.cycle_weeks > one.reference.cycle_weeks]
    against_mass = [one for one in longer if one.other.multiple > one.reference.multiple]
    equal = [one for one in longer if one.other.multiple == one.reference.multiple]
    if not against_mass:
        raise ValueError("no force that hit anything has a longer cycle and a larger arsenal than the reference")
    sentences = [_headline(results), *(_regime(result) for result in results)]
    if equal:
        sentences.append(_at_equal_arsenals(equal))
    sentences.append(_worst(against_mass, equal))
    if equal:
        sentences.append(_largest_gain(results, equal, controls))
    sentences.extend(_against_larger_arsenals(results, controls))
    sentences.append(_chance(len(longer)))
    return " ".join(sentences)


@dataclass(frozen=True, slots=True)
class _Worth:
    """What the reference's cycle was worth under one regime, in arsenals of a force with the longest cycle."""

    regime: Regime
    rate: ExchangeRate
    against_smallest: Comparison
    """The reference beside the smallest of these arsenals: it hits more where the rate is above that arsenal."""

    @property
    def order(self) -> tuple[float, float]:
        """The smaller, the less the cycle was worth, also beyond the arsenals tried."""
        return self.rate.estimate.value, self.against_smallest.ratio.value

    @property
    def finding(self) -> Finding:
        """Whether that is more or less than the smallest arsenal; no evidence while its interval holds this."""
        low, high = self.rate.estimate.interval or (0.0, math.inf)
        return NO_EVIDENCE if low <= self.rate.smallest <= high else self.against_smallest.finding


def _worths(results: Sequence[RegimeResult]) -> list[_Worth]:
    longest = max(result.cycles[-1] for result in results)
    worths = []
    for result in results:
        forces = [force for force in sorted(result.outcomes) if force.cycle_weeks == longest]
        if forces:
            worths.append(_Worth(result.regime, result.exchange_rate(longest), result.comparison(forces[0])))
    return sorted(worths, key=lambda worth: worth.order)


def _headline(results: Sequence[RegimeResult]) -> str:
    """Range over regimes of what the shortest cycle was worth against the longest, and which side that favours."""
    worths = _worths(results)
    least, most = worths[0], worths[-1]
    smallest = least.rate.smallest
    forces = f"arsenals of a {least.against_smallest.other.cycle_weeks}-week force"
    if len(worths) == 1:
        amount = f"{least.rate} {forces} under {least.regime}"
    elif least.rate == most.rate:
        amount = f"{least.rate} {forces} in all {len(worths)} regimes"
    else:
        amount = f"between {least.rate} and {most.rate} {forces}: most under {most.regime}, least under {least.regime}"
    findings = [worth.finding for worth in worths]
    side = _side(findings, "an arsenal" if smallest == 1.0 else f"{smallest:g} arsenals")
    return f"A {least.against_smallest.reference.cycle_weeks}-week cycle was worth {amount}; {side}."


def _side(findings: Sequence[Finding], arsenal: str) -> str:
    total = len(findings)
    wins, losses, unclear = (findings.count(finding) for finding in (WINS, LOSES, NO_EVIDENCE))
    if wins == total:
        return f"speed was worth more than {arsenal}{' everywhere' if total > 1 else ''}"
    if losses == total:
        return f"speed was not worth {arsenal}{' anywhere' if total > 1 else ''}"
    if unclear == total:
        return (
            f"there is no evidence{' anywhere' if total > 1 else ''} that speed was worth more or less than {arsenal}"
        )
    counts = ((wins, "more than"), (losses, "less than"))
    parts = [f"{words} {arsenal} in {count}" for count, words in counts if count]
    uncertain = f", with no evidence in {unclear}" if unclear else ""
    return f"of {total} regimes, speed was worth {listed(parts)}{uncertain}"


def _regime(result: RegimeResult) -> str:
    """Score and exchange rates of one regime."""
    own = result.reference
    others = [one for one in result.comparisons() if _larger_and_slower(one.other, own)]
    longer = [weeks for weeks in result.cycles if weeks > own.cycle_weeks]
    rates = [f"{result.exchange_rate(weeks)} against {weeks} weeks" for weeks in longer]
    title = str(result.regime)
    return (
        f"{title[:1].upper()}{title[1:]}: {_score(others)}; "
        f"in arsenals, the {own.cycle_weeks}-week cycle was worth {listed(rates)}."
    )


def _score(comparisons: Sequence[Comparison]) -> str:
    total = len(comparisons)
    for finding, words in ((WINS, "speed won"), (LOSES, "speed lost"), (NO_EVIDENCE, "no evidence in")):
        if _count(comparisons, finding) == total:
            return f"{words} all {total}" if total > 1 else words.removesuffix(" in")
    wins, losses, unclear = (_count(comparisons, finding) for finding in (WINS, LOSES, NO_EVIDENCE))
    parts = [f"speed won {wins} of {total}", f"lost {losses}"]
    return ", ".join([*parts, f"no evidence in {unclear}"] if unclear else parts)


def _at_equal_arsenals(comparisons: Sequence[Comparison]) -> str:
    parts = []
    for finding, words in (
        (WINS, "hit more in"),
        (LOSES, "hit less in"),
        (NO_EVIDENCE, "gave no evidence in"),
    ):
        there = [one for one in comparisons if one.finding is finding]
        where = f" ({_places(there)})" if there and len(there) < len(comparisons) else ""
        parts.append(f"{words} {len(there) if there else 'none'}{where}")
    return f"With equal arsenals, of {len(comparisons)} comparisons the shorter cycle {'; '.join(parts)}."


def _places(comparisons: Sequence[Comparison]) -> str:
    """The cells of these comparisons, regime by regime."""
    cycles: dict[str, list[str]] = {}
    for one in comparisons:
        cycles.setdefault(str(one.regime), []).append(f"{one.other.cycle_weeks}")
    return "; ".join(f"{regime}: {listed(weeks)} weeks" for regime, weeks in cycles.items())


def _worst(against_mass: Sequence[Comparison], equal: Sequence[Comparison]) -> str:
    worst = min(against_mass, key=_value)
    sentence = f"The worst cell for speed is {_cell(worst)}, where it made {worst.ratio} times the other's hits"
    if equal:
        even = min(equal, key=_value)
        sentence += f"; with equal arsenals, {_cell(even)}, {even.ratio} times"
    return f"{sentence}."


def _largest_gain(
    results: Sequence[RegimeResult], equal: Sequence[Comparison], controls: Sequence[ControlResult]
) -> str:
    """Where speed did most with equal arsenals, what that is made of, and what the controls leave of it."""
    best = max(equal, key=_value)
    outcomes = next(result for result in results if result.regime == best.regime).outcomes
    own, other = outcomes[best.reference], outcomes[best.other]
    sentence = f"The best with equal arsenals is {_cell(best)}, {best.ratio} times"
    if other.effectiveness.value > 0 and other.sorties.mean() > 0:
        a_sortie = own.effectiveness.value / other.effectiveness.value
        flown = float(own.sorties.mean() / other.sorties.mean())
        sentence += f": {a_sortie:.2f} times the hits a sortie and {flown:.2f} times the sorties"
    here = [one for one in _at(controls, best.regime) if one.comparison.other.multiple == best.other.multiple]
    if not here:
        return f"{sentence}."
    against = here[0].comparison.other
    shown = [f"{one.comparison.ratio} {one.meaning}" for one in here]
    ratio = "That ratio"
    if best.other != against:
        measured = ratio_estimate(own.hits, outcomes[against].hits)
        ratio = f"There, the ratio to the {against} is {measured}; it"
    return f"{sentence}. {ratio} is {listed(shown)}."


def _against_larger_arsenals(results: Sequence[RegimeResult], controls: Sequence[ControlResult]) -> Iterator[str]:
    """What controls beside a larger arsenal leave of the ratio to it, regime by regime."""
    for result in results:
        for one in _at(controls, result.regime):
            found = one.comparison
            if _larger_and_slower(found.other, found.reference) and found.other in result.outcomes:
                measured = result.comparison(found.other).ratio
                yield f"For {_cell(found)}, the ratio is {measured}, but {found.ratio} {one.meaning}."


def _chance(comparisons: int) -> str:
    by_chance = comparisons * (1.0 - LEVEL)
    return (
        f"Intervals are {LEVEL:.0%} each; a winner is named only where that of the ratio of hits, paired by seed, "
        "leaves out 1 and those of the two forces' own hits do not overlap, so that of "
        f"{comparisons} comparisons at most about {by_chance:.2g} would name one by chance if there were none."
    )


def _at(controls: Sequence[ControlResult], regime: Regime) -> list[ControlResult]:
    return [one for one in controls if one.result.regime == regime]


def _cell(comparison: Comparison) -> str:
    return f"the {comparison.other}, {comparison.regime}"


def _value(comparison: Comparison) -> float:
    return comparison.ratio.value


def _larger_and_slower(other: Force, own: Force) -> bool:
    return other.cycle_weeks > own.cycle_weeks and other.multiple > own.multiple


def _count(comparisons: Sequence[Comparison], finding: Finding) -> int:
    return sum(one.finding is finding for one in comparisons)
