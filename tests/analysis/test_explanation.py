"""What is said of a difference: computed from the races, the same from both ends, no winner without evidence."""

import re
from dataclasses import replace

import numpy as np
import pytest

from race_sim.analysis.contrast import Contrast, Side
from race_sim.analysis.explanation import TERM_NAMES, explain, headline
from race_sim.analysis.intervals import mean_estimate, rounded
from race_sim.records import TOTAL, WORKSHOP
from tests.duel import PAIRS, duel, reverse


def first(name: str) -> str:
    """The sentence about the term that drove the difference."""
    return explain(duel(name).contrast).split("\n\n")[1].split(". ")[0]


@pytest.mark.parametrize(
    ("name", "winner", "drivers"),
    [
        ("frozen", "baseline makes ", ("movement", "evidence")),
        ("grounded", "baseline makes ", ("movement", "evidence")),
        ("blind", "baseline makes ", ("evidence",)),
        ("crews", "baseline (B) makes ", ("capacity",)),
        ("targets", "baseline (A) makes ", ("capacity",)),
        ("point", "baseline (B) makes ", ("capacity",)),
        ("stock", "baseline (B) makes ", ("obsolescence",)),
    ],
)
def test_the_winner_and_what_drove_it(name: str, winner: str, drivers: tuple[str, ...]) -> None:
    assert headline(duel(name).contrast).startswith(winner)
    named = "|".join(drivers)
    assert re.match(
        rf"(Most of it|More than all of it|The largest part of it) came of ({named}): \+|"
        rf"It came of ({named}) and ({named}), with no evidence which did more",
        first(name),
    )


def test_stock_is_not_taken_for_what_flew() -> None:
    said = explain(duel("stock").contrast)
    assert "What is left in stock at the end of a week is other drones, grounded ones included: " in said


def test_channels_without_an_effect_stand_in_quotation_marks() -> None:
    said = explain(duel("crews").contrast)
    silent = said.partition("No evidence of an effect of ")[2].partition(".")[0]
    assert '"evidence"' in silent
    assert set(re.findall('"(.*?)"', silent)) <= set(TERM_NAMES.values())
    assert not re.sub('".*?"', "", silent).replace(",", "").replace("and", "").strip()


def test_frozen_makers_lack_movement_and_evidence() -> None:
    said = explain(duel("frozen").contrast)
    assert "came of movement: +" in said
    assert "Then evidence: +" in said


def test_the_figures_said_are_those_recorded() -> None:
    contrast = duel("stock").contrast
    kinds = contrast.a.measured["kinds"][:, :, WORKSHOP]
    age = np.nanmean(kinds["stock_age"], axis=1).mean()
    countered = (kinds["stock_countered"].sum(axis=1) / kinds["stock"].sum(axis=1)).mean()
    grounded = (kinds["stock_dropped"].sum(axis=1) / kinds["stock"].sum(axis=1)).mean()
    stock = f"{age:.1f} weeks old on average, {countered:.0%} of it countered and {grounded:.0%} grounded"
    assert f"{stock}, in baseline (A)" in explain(contrast)
    hits = [side.measured["kinds"]["hits"][:, :, TOTAL].mean() for side in (contrast.b, contrast.a)]
    assert f"makes {hits[0] / hits[1]:.2f} [" in headline(contrast)


def test_capacity_is_told_by_what_it_is_made_of() -> None:
    """Sorties flown would mislead: they differ by what is grounded, too."""
    contrast = duel("crews").contrast
    b, a = (rounded(side.accounts["workshops"].possible.mean()) for side in (contrast.b, contrast.a))
    assert (
        f"Sorties of workshops a week that crews and stock allow: {b} in baseline (B) and {a} in baseline (A)."
        in explain(contrast)
    )
    assert b != a
    assert "find a target left: 100% in baseline (A) and " in explain(duel("targets").contrast)
    assert "What the defence cannot serve makes +0." in explain(duel("point").contrast)


@pytest.mark.parametrize("name", ["frozen", "blind", "grounded"])
def test_called_the_other_way_round_the_same_is_said(name: str) -> None:
    assert explain(reverse(name).contrast) == explain(duel(name).contrast)


def swapped_labels(text: str) -> str:
    return text.replace("(A)", "(?)").replace("(B)", "(A)").replace("(?)", "(B)")


@pytest.mark.parametrize("name", ["crews", "stock", "point"])
def test_sides_of_one_name_change_their_letters_alone(name: str) -> None:
    assert swapped_labels(explain(reverse(name).contrast)) == explain(duel(name).contrast)


def exchanged(contrast: Contrast) -> Contrast:
    """The same races under each other's labels: who hits more has changed."""

    def under(side: Side, label: str) -> Side:
        return replace(side, label=label)

    return Contrast(under(contrast.b, contrast.a.label), under(contrast.a, contrast.b.label))


@pytest.mark.parametrize("name", ["frozen", "blind"])
def test_exchanging_the_races_reverses_the_sentence(name: str) -> None:
    contrast = duel(name).contrast
    a, b = contrast.a.label, contrast.b.label
    turned = headline(exchanged(contrast))
    assert headline(contrast).startswith(f"{b} makes ")
    assert turned.startswith(f"{a} makes ")
    assert turned == headline(contrast).replace(a, "?").replace(b, a).replace("?", b)


@pytest.mark.parametrize("name", ["barely", "kinds"])
def test_without_evidence_nobody_is_said_to_hit_more(name: str) -> None:
    contrast = duel(name).contrast
    low, high = contrast.difference.interval or (1.0, 1.0)
    assert low < 0.0 < high
    assert headline(contrast).startswith("No evidence of a difference in hits between baseline (A) and baseline (B): ")
    assert " makes " not in explain(contrast)
    assert "came of" not in explain(contrast)


def test_terms_may_cancel_without_a_difference() -> None:
    said = explain(duel("kinds").contrast)
    assert "Beneath it terms pull both ways, baseline (B) less baseline (A):\n" in said
    assert "\nmovement -" in said
    assert "\nstarting designs and defence +" in said
    assert "None of the terms" in explain(duel("barely").contrast)


def test_the_same_races_differ_in_nothing() -> None:
    contrast = duel("same").contrast
    assert contrast.identical
    assert explain(contrast) == (
        "No difference at all: the 12 races of baseline (A) and of baseline (B) recorded the same to the last bit. "
        "Both have the same parameters and the same timeline."
    )


def test_one_pair_of_races_is_no_evidence() -> None:
    whole = duel("frozen").contrast

    def cut(side: Side) -> Side:
        races = [
            replace(records, seeds=records.seeds[:1], weekly=records.weekly[:1], lives=records.lives[:1])
            for records in (side.records, side.frozen, side.blind)
        ]
        return Side(side.label, side.scenario, *races, side.adoption_probability)

    one = Contrast(cut(whole.a), cut(whole.b))
    assert headline(one).startswith("No evidence: baseline made ")
    assert "came of" not in explain(one)
    assert not any(term.evident for term in one.terms.values())


@pytest.mark.parametrize("name", PAIRS)
def test_one_term_is_said_to_have_done_most_only_if_it_leads_all_others(name: str) -> None:
    contrast = duel(name).contrast
    contrast = contrast.swapped if contrast.difference.value < 0.0 else contrast
    if not contrast.evident:
        return
    towards = [term for term in contrast.of_all if term.evident and term.difference.value > 0.0]
    towards = [term for term in towards if term.difference.value >= 0.05 * contrast.difference.value]
    towards.sort(key=lambda term: -term.difference.value)
    per_run = contrast.of_runs["total"]
    leads = [mean_estimate(per_run[towards[0].name] - per_run[other.name]) for other in towards[1:]]
    unclear = any(lead.interval is None or lead.interval[0] <= 0.0 for lead in leads)
    assert ("with no evidence which did" in explain(contrast)) == unclear
    assert (
        bool(re.search(r"(Most of it|The largest part of it|More than all of it) came of", explain(contrast)))
        != unclear
    )


@pytest.mark.parametrize("name", PAIRS)
def test_every_term_named_as_a_driver_has_evidence(name: str) -> None:
    contrast = duel(name).contrast
    said = explain(contrast)
    for term in contrast.of_all:
        openings = "came of|did more\\.|did most\\.|Then|Against it worked|So did"
        claimed = re.search(rf"({openings}) {re.escape(TERM_NAMES[term.name])}: ", said, flags=re.IGNORECASE)
        assert term.evident or not claimed
        towards = contrast.difference.value * term.difference.value > 0.0
        if claimed:
            assert (claimed[1] not in ("Against it worked", "So did")) == towards
    assert "nan" not in said
