"""What the forces' races showed of "speed beats arsenal", in a paragraph made of measured results alone."""

from __future__ import annotations

from collections.abc import Sequence

from race_sim.analysis.forces import Comparison, ControlResult, Finding, Force, RegimeResult
from race_sim.analysis.intervals import LEVEL, ratio_estimate

WINS, LOSES, NO_EVIDENCE = Finding.WINS, Finding.LOSES, Finding.NO_EVIDENCE


def verdict(results: Sequence[RegimeResult], controls: Sequence[ControlResult] = ()) -> str:
    """One paragraph on the claim that adaptation speed beats arsenal size, from the outcomes of the forces.

    Nothing is assumed of who wins: exchanging the outcomes of two forces exchanges their parts in every
    sentence, and where an interval of the ratio of hits holds 1 the paragraph says "no evidence".

    Args:
        results: each regime's outcomes; all with the same reference force (`RegimeResult.reference`).
        controls: control races of the reference force and a slower one of equal arsenal.

    Raises ValueError if no force that hit anything has a longer cycle and a larger arsenal.
    """
    measured = [one for result in results for one in result.comparisons() if one.ratio.value >= 0.0]
    longer = [one for one in measured if one.other.cycle_weeks > one.reference.cycle_weeks]
    against_mass = [one for one in longer if one.other.multiple > one.reference.multiple]
    equal = [one for one in longer if one.other.multiple == one.reference.multiple]
    if not against_mass:
        raise ValueError("no force that hit anything has a longer cycle and a larger arsenal than the reference")
    sentences = [_headline(against_mass), *(_regime(result) for result in results)]
    if equal:
        sentences.append(_at_equal_arsenals(equal))
    sentences.append(_worst(against_mass, equal))
    if equal:
        sentences.append(_largest_gain(results, equal, controls))
    sentences.append(_chance(len(longer)))
    return " ".join(sentences)


def _headline(comparisons: Sequence[Comparison]) -> str:
    reference = comparisons[0].reference
    wins, losses, unclear = (_count(comparisons, finding) for finding in (WINS, LOSES, NO_EVIDENCE))
    total = len(comparisons)
    everywhere = f"all {total} comparisons" if total > 1 else "the only comparison"
    if wins == total:
        opening = f"Speed beat arsenal in {everywhere}"
    elif losses == total:
        opening = f"Arsenal beat speed in {everywhere}"
    elif unclear == total:
        opening = f"In {everywhere} there is no evidence that speed beats arsenal or arsenal beats speed"
    else:
        sides = [(wins, "speed beat arsenal"), (losses, "arsenal beat speed")]
        (most, winner), (fewest, loser) = sorted(sides, reverse=True)
        if most == fewest:
            opening = f"Speed beat arsenal and arsenal beat speed in {most} of {total} comparisons each"
        else:
            opening = f"{winner.capitalize()} in {most} of {total} comparisons, {loser} in {fewest or 'none'}"
        if unclear:
            opening += f" and {unclear} {'gives' if unclear == 1 else 'give'} no evidence"
    cycles = _listed([f"{weeks}" for weeks in sorted({one.other.cycle_weeks for one in comparisons})])
    multiples = _listed([f"x{scale:g}" for scale in sorted({one.other.multiple for one in comparisons})])
    return (
        f"{opening}: a force with a {reference.cycle_weeks}-week cycle beside forces with longer cycles "
        f"({cycles} weeks) and larger arsenals ({multiples})."
    )


def _regime(result: RegimeResult) -> str:
    """Score and exchange rates of one regime."""
    own = result.reference
    others = [one for one in result.comparisons() if _larger_and_slower(one.other, own)]
    longer = [weeks for weeks in result.cycles if weeks > own.cycle_weeks]
    rates = [f"{result.exchange_rate(weeks)} against {weeks} weeks" for weeks in longer]
    title = str(result.regime)
    return (
        f"{title[:1].upper()}{title[1:]}: {_score(others)}; "
        f"in arsenals, the {own.cycle_weeks}-week cycle was worth {_listed(rates)}."
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
    return "; ".join(f"{regime}: {_listed(weeks)} weeks" for regime, weeks in cycles.items())


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
    here = [one for one in controls if one.result.regime == best.regime]
    if not here:
        return f"{sentence}."
    against = here[0].comparison.other
    shown = [f"{one.comparison.ratio} {one.meaning}" for one in here]
    ratio = "That ratio"
    if best.other != against:
        measured = ratio_estimate(own.hits, outcomes[against].hits)
        ratio = f"There, the ratio to the {against} is {measured}; it"
    return f"{sentence}. {ratio} is {_listed(shown)}."


def _chance(comparisons: int) -> str:
    by_chance = comparisons * (1.0 - LEVEL)
    return (
        f"Intervals are {LEVEL:.0%} each: of {comparisons} comparisons about {by_chance:.2g} would name a "
        "winner by chance if there were none."
    )


def _cell(comparison: Comparison) -> str:
    return f"the {comparison.other}, {comparison.regime}"


def _value(comparison: Comparison) -> float:
    return comparison.ratio.value


def _larger_and_slower(other: Force, own: Force) -> bool:
    return other.cycle_weeks > own.cycle_weeks and other.multiple > own.multiple


def _count(comparisons: Sequence[Comparison], finding: Finding) -> int:
    return sum(one.finding is finding for one in comparisons)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
