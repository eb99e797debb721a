"""Why one scenario hits more than another, in words made of measured numbers alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from race_sim.analysis.contrast import Contrast, Quantity, Side, Term
from race_sim.analysis.decomposition import PARTS, TWIN_STEPS
from race_sim.analysis.economy_words import told_of_money
from race_sim.analysis.frames import shares
from race_sim.analysis.intervals import Estimate, evident, mean_estimate, rounded
from race_sim.records import KIND_NAMES, TOTAL
from race_sim.scenario.schema import FIELDS
from race_sim.scenario.text import listed, shown

ALL = KIND_NAMES[TOTAL]
TERM_NAMES = {
    "starting": "starting designs and defence",
    "movement": "movement",
    "evidence": "evidence",
    "choice": "operators' choice of makers",
    "obsolescence": "obsolescence",
    "trials": "trials",
    "capacity": "capacity",
    "chance": "chance",
}
WHO = {"workshops": "workshops", "primes": "primes", "joint_lines": "joint lines", ALL: "makers"}
PART_NAMES = {
    "starting_success": "success of designs",
    "starting_flown": "designs not grounded",
    "movement_success": "success of designs",
    "movement_flown": "designs not grounded",
    "evidence_success": "success of designs",
    "evidence_flown": "designs not grounded",
    "capacity_sorties": "drones and crews",
    "capacity_targets": "targets saturated",
    "capacity_defence": "defence saturated",
}
MOST_SETTINGS = 6  # differing parameters named one by one
MOST_OF_IT = 0.5  # share of the difference from which on a term is said to be most of it
SMALL = 0.05  # share of the difference below which a term is only named


def explain(contrast: Contrast) -> str:
    """Which scenario hits more and what drove that, in paragraphs apart by an empty line.

    A winner, or a driver, is named only where its interval leaves out "none". Nothing is assumed of who wins, and
    what is said of a winner does not depend on which of the two was called A.
    """
    opening = f"{headline(contrast)} {_settings(_told(contrast))}"
    if contrast.identical:
        return opening
    drivers = "" if contrast.same_hits else _drivers(_told(contrast))
    return "\n\n".join(part for part in (opening, drivers, told_of_money(_told(contrast))) if part)


def headline(contrast: Contrast) -> str:
    """Which scenario hits more, and by how much, or that there is no evidence of a difference: one sentence."""
    if contrast.identical:
        return f"No difference at all: {_both(contrast)} recorded the same to the last bit."
    if contrast.same_hits:
        return (
            f"No difference in hits at all: {_both(contrast)} made the same hits in every week, though not all that "
            "was recorded is the same."
        )
    return _headline(_told(contrast))


def _told(contrast: Contrast) -> Contrast:
    """The contrast as it is told: with the winner as B, if there is one."""
    return contrast.swapped if contrast.evident and contrast.difference.value < 0.0 else contrast


def _both(contrast: Contrast) -> str:
    races = "races" if contrast.runs > 1 else "race"
    return f"the {contrast.runs} {races} of {contrast.a.label} and of {contrast.b.label}"


def _headline(chosen: Contrast) -> str:
    a, b, hits = chosen.a.label, chosen.b.label, chosen.quantities["total_hits"]
    if chosen.runs == 1:
        return (
            f"No evidence: {b} made {chosen.ratio} times the hits of {a} in the one pair of races run, and one pair "
            "has no interval; give more runs."
        )
    if not chosen.evident:
        return (
            f"No evidence of a difference in hits between {a} and {b}: {b} made {chosen.ratio} times the hits of {a} "
            f"({hits.b} against {hits.a} a week, a difference of {_signed(hits.difference)}), and the interval holds "
            "what no difference would give."
        )
    if not chosen.ratio.value > 0.0 or not math.isfinite(chosen.ratio.value):
        return f"{b} hits {hits.b} times a week, {a} not at all."
    return (
        f"{b} makes {chosen.ratio} times the hits of {a}: {_signed(hits.difference)} hits a week "
        f"({hits.b} against {hits.a})."
    )


def _settings(contrast: Contrast) -> str:
    """What the two scenarios differ in."""
    (a, b) = (side.scenario for side in (contrast.a, contrast.b))
    different = [
        f"{field.path} {shown(a.parameters.value(field.path))} and {shown(b.parameters.value(field.path))}"
        for field in FIELDS
        if a.parameters.value(field.path) != b.parameters.value(field.path)
    ]
    different += [
        f"from week {event.week} {event.path} {shown(event.value)} in {side.label}"
        for side, own, other in ((contrast.a, a, b), (contrast.b, b, a))
        for event in own.events
        if event not in other.events
    ]
    if not different:
        return "Both have the same parameters and the same timeline."
    more = f" and {len(different) - MOST_SETTINGS} more" if len(different) > MOST_SETTINGS else ""
    return (
        f"Set differently, in {contrast.a.label} and {contrast.b.label}: {'; '.join(different[:MOST_SETTINGS])}{more}."
    )


def _drivers(contrast: Contrast) -> str:
    """The terms that made the difference, those that worked against it, and what each means here."""
    if contrast.runs == 1:
        return "What drove it cannot be said from one pair of races."
    order = sorted(contrast.of_all, key=lambda term: -abs(term.difference.value))
    known = [term for term in order if term.evident]
    if not contrast.evident:
        return _without_evidence(contrast, known)
    large = [term for term in known if abs(term.difference.value) >= SMALL * contrast.difference.value]
    towards = [term for term in large if term.difference.value > 0.0]
    against = [term for term in large if term.difference.value < 0.0]
    sentences = []
    if not towards:
        sentences.append("No single term stands out: none that works this way has an interval that leaves out 0.")
    if towards:
        sentences.append(f"{_largest(contrast, towards)} {_meaning(contrast, towards[0])}")
    sentences += [
        f"Then {TERM_NAMES[term.name]}: {_amount(contrast, term)}. {_meaning(contrast, term)}" for term in towards[1:]
    ]
    for place, term in enumerate(against):
        opening = "Against it worked" if place == 0 else "So did"
        amount = f"{_signed(term.difference)} hits a week"
        sentences.append(f"{opening} {TERM_NAMES[term.name]}: {amount}. {_meaning(contrast, term)}")
    small = [f"{TERM_NAMES[term.name]} {_signed(term.difference)}" for term in known if term not in large]
    if small:
        sentences.append(f"With evidence, but less than {SMALL:.0%} of the difference: {listed(small)} hits a week.")
    silent = [f'"{TERM_NAMES[term.name]}"' for term in order if not term.evident]
    if silent:
        sentences.append(f"No evidence of an effect of {listed(silent)}.")
    return "\n".join(sentences)


def _without_evidence(contrast: Contrast, known: Sequence[Term]) -> str:
    if not known:
        return "None of the terms it could be made of has an interval that leaves out 0 either."
    pulls = [
        f"{TERM_NAMES[term.name]} {_signed(term.difference)} hits a week. {_meaning(contrast, term)}" for term in known
    ]
    both_ways = len({term.difference.value > 0.0 for term in known}) == 2
    opening = "Beneath it terms pull both ways" if both_ways else "Beneath it single terms do differ"
    return "\n".join([f"{opening}, {contrast.b.label} less {contrast.a.label}:", *pulls])


def _largest(contrast: Contrast, towards: Sequence[Term]) -> str:
    """The term that did most, or those of which it is not clear which did."""
    first, *others = towards
    level = [other for other in others if not evident(contrast.lead(first.name, other.name))]
    amount = _amount(contrast, first)
    if level:
        names = [TERM_NAMES[term.name] for term in (first, *level)]
        more = "more" if len(names) == 2 else "most"
        return f"It came of {listed(names)}, with no evidence which did {more}. {_capital(names[0])}: {amount}."
    share = first.difference.value / contrast.difference.value
    if share > 1.0:
        return f"More than all of it came of {TERM_NAMES[first.name]}: {amount}."
    part = "Most of it" if share >= MOST_OF_IT else "The largest part of it"
    return f"{part} came of {TERM_NAMES[first.name]}: {amount}."


def _amount(contrast: Contrast, term: Term) -> str:
    share = term.difference.value / contrast.difference.value
    return f"{_signed(term.difference)} hits a week, {share:.0%} of the difference"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _meaning(contrast: Contrast, term: Term) -> str:
    """What a term means in this case: the recorded figures behind it, of the kind of maker that makes most of it."""
    kinds = {kind: contrast.terms[term.name, kind] for kind in contrast.accounted}
    kind = max(kinds, key=lambda name: abs(kinds[name].difference.value))
    said = f"{_MEANINGS[term.name](contrast, kind)}."
    splits = [[f"{name} {_plus(one.difference.value)}" for name, one in kinds.items()]] if len(kinds) > 1 else []
    parts = [contrast.terms[part, ALL] for part, whole in PARTS.items() if whole == term.name]
    made_of = [f"{PART_NAMES[part.name]} {_signed(part.difference)}" for part in parts if part.difference.value != 0.0]
    if len(made_of) > 1:
        splits.append(made_of)
    return " ".join([f"({'; '.join(listed(split) for split in splits)}.)", said] if splits else [said])


def _starting(contrast: Contrast, kind: str) -> str:
    sides = _both_sides(contrast, "starting", kind)
    return f"Had no maker ever changed a design, {WHO[kind]} would have made {sides}, against a defence grown on them"


def _movement(contrast: Contrast, kind: str) -> str:
    fielded = contrast.quantities[f"{kind}_designs_fielded"]
    return (
        f"New designs that {WHO[kind]} put into production a week: {_pair(fielded, contrast)}. Changing them as often "
        f"but blindly would make {_both_sides(contrast, 'movement', kind)}"
    )


def _evidence(contrast: Contrast, kind: str) -> str:
    gap = contrast.quantities[f"{kind}_gap"]
    said = (
        f"What {WHO[kind]} know when they change a design made {_both_sides(contrast, 'evidence', kind)} beside blind "
        "change"
    )
    return f"{said}. Breadths from a design in production to the nearest countermeasure: {_pair(gap, contrast)}"


def _choice(contrast: Contrast, kind: str) -> str:
    return (
        f"That operators flew more of some {WHO[kind]} than of others, and in some weeks than in others, or "
        f"grounded some, made {_both_sides(contrast, 'choice', kind)}"
    )


def _obsolescence(contrast: Contrast, kind: str) -> str:
    said = (
        f"That what flew was built to older designs than {WHO[kind]} had in production made "
        f"{_both_sides(contrast, 'obsolescence', kind)}"
    )
    stocks = listed([_stock(side, kind) for side in (contrast.b, contrast.a)])
    return f"{said}. What is left in stock at the end of a week is other drones, grounded ones included: {stocks}"


def _stock(side: Side, kind: str) -> str:
    age, countered = (mean_estimate(side.values[f"{kind}_{name}"]) for name in ("stock_age", "stock_countered_share"))
    if math.isnan(age.value):
        return f"none is left in {side.label}"
    weeks = side.measured["kinds"][:, :, KIND_NAMES.index(kind)]
    grounded = mean_estimate(shares(*(weeks[name].sum(axis=1) for name in ("stock_dropped", "stock"))))
    return (
        f"{rounded(age.value)} weeks old on average, {countered.value:.0%} of it countered and {grounded.value:.0%} "
        f"grounded, in {side.label}"
    )


def _trials(contrast: Contrast, kind: str) -> str:
    share = contrast.quantities[f"{kind}_trial_sorties_share"]
    return (
        f"Share of the sorties of {WHO[kind]} flown with variants on trial: {_pair(share, contrast)}. Beside proven "
        f"designs that made {_both_sides(contrast, 'trials', kind)}"
    )


def _capacity(contrast: Contrast, kind: str) -> str:
    """What the term is made of, so far as it differs; sorties that crews and stock allow in any case."""
    sides = [(side, side.accounts[kind]) for side in (contrast.b, contrast.a)]
    allowed = " and ".join(f"{rounded(account.possible.mean())} in {side.label}" for side, account in sides)
    said = [f"Sorties of {WHO[kind]} a week that crews and stock allow: {allowed}"]
    if contrast.terms["capacity_targets", kind].difference.value != 0.0:
        found = (f"{mean_estimate(account.targets).value:.0%} in {side.label}" for side, account in sides)
        said.append(f"Share of would-be hits that find a target left: {' and '.join(found)}")
    if contrast.terms["capacity_defence", kind].difference.value != 0.0:
        said.append(f"What the defence cannot serve makes {_both_sides(contrast, 'defence', kind)}")
    return ". ".join(said)


def _chance(contrast: Contrast, kind: str) -> str:
    b, a = (_plus(float(side.accounts[kind].chance.mean())) for side in (contrast.b, contrast.a))
    return (
        f"Hits of {WHO[kind]} a week beside what was to be expected: {b} in {contrast.b.label} and {a} in "
        f"{contrast.a.label}. That is luck, which more runs even out"
    )


def _both_sides(contrast: Contrast, step: str, kind: str) -> str:
    """What a step makes of success, and of the share that is flown, on both sides; a first step has no sign."""
    signed = rounded if step == "starting" else _plus
    sides = []
    for side in (contrast.b, contrast.a):
        success = side.success(step, kind)
        what = "nothing to fly" if math.isnan(success) else f"{signed(success)} hits a sortie"
        if step in TWIN_STEPS and contrast.grounds(kind) and not math.isnan(side.flown(step, kind)):
            flown = round(100.0 * side.flown(step, kind))
            what += f" with {flown:{'' if step == 'starting' else '+'}d}% of possible sorties flown"
        sides.append(f"{what} in {side.label}")
    return " and ".join(sides)


_MEANINGS: dict[str, Callable[[Contrast, str], str]] = {
    "starting": _starting,
    "movement": _movement,
    "evidence": _evidence,
    "choice": _choice,
    "obsolescence": _obsolescence,
    "trials": _trials,
    "capacity": _capacity,
    "chance": _chance,
}


def _pair(quantity: Quantity, contrast: Contrast) -> str:
    """Means of both sides, B's first."""
    b, a = ("none" if math.isnan(one.value) else rounded(one.value) for one in (quantity.b, quantity.a))
    return f"{b} in {contrast.b.label} and {a} in {contrast.a.label}"


def _plus(value: float) -> str:
    """A number with its sign."""
    if math.isnan(value):
        return "nothing"
    return rounded(value) if value < 0.0 or rounded(value) == rounded(0.0) else f"+{rounded(value)}"


def _signed(estimate: Estimate) -> str:
    """An estimate whose value has its sign."""
    if estimate.interval is None:
        return _plus(estimate.value)
    low, high = estimate.interval
    return f"{_plus(estimate.value)} [{_plus(low)}, {_plus(high)}]"
