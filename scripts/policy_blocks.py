"""Blocks of docs/policy.md, made from the tables in docs/data/policy alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import fill

import pandas as pd

from race_sim.analysis.intervals import LEVEL, Estimate, rounded, student_quantile
from race_sim.analysis.measures import MEASURES
from race_sim.analysis.policy_effects import ALIKE, FEWER, MORE, estimate_of, evidence
from race_sim.analysis.policy_ranking import POLICY, agreement_words, cost_words, scaled
from scripts.policy_claims import CLAIMS
from scripts.policy_extra import TABLE as EXTRA
from scripts.policy_extra import command
from scripts.policy_rule import FOUNDERS, OUTSIDE, Claim
from scripts.policy_sections import SECTIONS

Tables = Mapping[str, pd.DataFrame]
Block = tuple[str, str]
WIDTH = 118  # letters in a line of prose
RANKING = "race-sim policy results/policy_levers"
FAILED = "_failed"  # ends the name of measures that are shown a year
WEEKS_A_YEAR = 52.0
LEAST_HOLM = 0.001
FEW = 3  # pairs shown of each sign
CONSTRAINTS = ("orders", "finance", "inputs", "capacity")
SIDES = {MORE: "more", FEWER: "less"}


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """Every table; intervals of the small comparisons widened for all of them that share a quantity."""
    tables = {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}
    if EXTRA in tables:
        tables[EXTRA] = widened(tables[EXTRA])
    return tables


def widened(table: pd.DataFrame) -> pd.DataFrame:
    """Intervals that hold for all rows of a quantity together (Bonferroni), from those that hold for each alone."""
    table = table.copy()
    for _, own in table.groupby("quantity"):
        degrees = int(own["runs"].min()) - 1
        alone = student_quantile(0.5 + LEVEL / 2, degrees)
        together = student_quantile(1.0 - (1.0 - LEVEL) / (2 * len(own)), degrees)
        for end in ("low", "high"):
            reach = table.loc[own.index, f"value_{end}"] - table.loc[own.index, "value"]
            table.loc[own.index, f"value_{end}"] = table.loc[own.index, "value"] + reach * together / alone
    return table


def blocks(tables: Tables) -> Iterator[Block]:
    """Every block of the page whose tables are there, as (name, text)."""
    yield "overview", _overview(tables["ranking"], tables["baseline"])
    yield "grounding", _grounding(tables["ranking"], tables["never_grounded"])
    yield "agreement", fill(agreement_words(tables["ranking"]), WIDTH)
    yield "interactions", _interactions(tables["interactions"])
    yield "binds", _binds(tables["baseline"])
    for name, section in SECTIONS.items():
        if section.policies:
            yield f"{name} policies", _policies(tables["ranking"], section.policies)
        if section.measures:
            yield f"{name} measures", _measures(tables["measures"], section.measures)
        if section.comparisons:
            yield f"{name} comparisons", _comparisons(tables[EXTRA], section.comparisons)
        if name in CLAIMS:
            yield f"{name} claims", claims_table(CLAIMS[name], tables)
    yield from _studies(tables)


def made_by(*commands: str) -> str:
    """The line below a table that says which commands made it."""
    return f"Made by {', then '.join(f'`{one}`' for one in commands)}."


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def both(table: pd.DataFrame, name: str = "value") -> str:
    """What the rows of both kinds of founders say together: more, less, the same races, or cannot say."""
    kinds = {evidence(estimate_of(row, name)) for _, row in table.iterrows()}
    if len(kinds) > 1 or len(table) != len(FOUNDERS):
        return "cannot say"
    (kind,) = kinds
    return SIDES.get(kind, "the same races" if kind == ALIKE else "cannot say")


def claims_table(claims: Sequence[Claim], tables: Tables) -> str:
    """Each claim with what was tested and what both kinds of founders say."""

    def rows() -> Iterator[Sequence[str]]:
        for claim in claims:
            if claim.outside:
                yield [claim.id, claim.text, claim.outside, OUTSIDE]
            for place, test in enumerate(claim.tests):
                shown = claim.text if place == 0 else "(the same)"
                said = test.verdict(tables)
                other = test.never_grounded.verdict(tables) if test.never_grounded else said
                yield [claim.id, shown, test.words, f"**{said}**{_unless(said, other)}"]

    return markdown(("claim", "says", "tested here as", "the model"), rows())


def _unless(said: str, other: str) -> str:
    """What is added to a verdict that another rule of operators would change."""
    return "" if said == other else f"; with nothing grounded: {other}"


def _holm(value: float) -> str:
    return f"< {LEAST_HOLM}" if value < LEAST_HOLM else f"{value:.3f}"


def _thousands(estimate: Estimate) -> str:
    return str(scaled(estimate, 0.001))


def _founders(table: pd.DataFrame, place: Mapping[str, object]) -> pd.DataFrame:
    """Rows at these levels, one a kind of founders, in their order."""
    for name, level in place.items():
        table = table[table[name] == level]
    return table.set_index("founders", drop=False).loc[list(FOUNDERS)]


def _overview(ranking: pd.DataFrame, baseline: pd.DataFrame) -> str:
    base = _founders(baseline, {"measure": "total_hits"})["value"]
    order = ranking.groupby(POLICY)["hits"].mean().sort_values(ascending=False)

    def rows() -> Iterator[Sequence[str]]:
        for policy in order.index:
            own = _founders(ranking, {POLICY: policy})
            estimates = [estimate_of(row, "hits") for _, row in own.iterrows()]
            against = str(own["against"].iloc[0])
            name = f"`{policy}`" if against == "none" else f"`{policy}`, after `{against}`"
            yield [name, *map(str, estimates), both(own, "hits"), both(own, "euros")]

    lead = (
        f"The baseline makes {rounded(base['common'])} hits a week with common founders and "
        f"{rounded(base['independent'])} with independent ones. Each policy adds to that, in hits a week:"
    )
    header = ("policy", "common founders", "independent", "hits", "euros spent")
    return f"{fill(lead, WIDTH)}\n\n{markdown(header, rows())}\n\n{made_by(RANKING)}"


def _grounding(ranking: pd.DataFrame, never: pd.DataFrame) -> str:
    """Extra hits of every policy with operators' usual rule, and where they ground nothing."""
    order = never.groupby(POLICY)["value"].mean().sort_values(ascending=False)

    def rows() -> Iterator[Sequence[str]]:
        for policy in order.index:
            usual, other = (_founders(table, {POLICY: policy}) for table in (ranking, never))
            estimates = [str(estimate_of(row)) for _, row in other.iterrows()]
            yield [f"`{policy}`", *estimates, both(other), both(usual, "hits")]

    header = ("policy", "common founders", "independent", "with nothing grounded", "with the usual rule")
    made = made_by("race-sim sweep policy_levers --out results/policy_levers")
    return f"{markdown(header, rows())}\n\n{made}"


def _policies(ranking: pd.DataFrame, policies: Sequence[str]) -> str:
    def rows() -> Iterator[Sequence[str]]:
        for policy in policies:
            for _, row in _founders(ranking, {POLICY: policy}).iterrows():
                hits, euros, weeks, cost = (
                    estimate_of(row, name) for name in ("hits", "euros", "weeks", "euros_a_hit")
                )
                against = "" if row["against"] == "none" else f", after `{row['against']}`"
                yield [
                    f"`{policy}`{against}",
                    str(row["founders"]),
                    str(hits),
                    _holm(row["hits_holm"]),
                    _thousands(euros),
                    cost_words(hits, euros, cost),
                    str(weeks),
                    f"{row['prevails']:+.0%} / {row['fails']:+.0%}",
                ]

    header = (
        "policy",
        "founders",
        "extra hits a week",
        "Holm p",
        "extra EUR 1000 a week",
        "what a hit costs",
        "weeks to decision",
        "won / lost",
    )
    return f"{markdown(header, rows())}\n\n{made_by(RANKING)}"


def _measures(measures: pd.DataFrame, wanted: Mapping[str, Sequence[str]]) -> str:
    def rows() -> Iterator[Sequence[str]]:
        for policy, names in wanted.items():
            for name in names:
                own = _founders(measures, {POLICY: policy, "measure": name})
                estimates, unit = [estimate_of(row) for _, row in own.iterrows()], MEASURES[name].unit
                if name.endswith(FAILED):
                    estimates, unit = [scaled(one, WEEKS_A_YEAR) for one in estimates], "makers/year"
                words = MEASURES[name].label[0].lower() + MEASURES[name].label[1:]
                yield [
                    f"`{policy}`",
                    f"{words} ({_unit(unit)})",
                    *(_readable(one, unit) for one in estimates),
                    both(own),
                ]

    header = ("policy", "change in", "common founders", "independent", "both")
    return f"{markdown(header, rows())}\n\n{made_by('race-sim sweep policy_levers --out results/policy_levers')}"


def _unit(unit: str) -> str:
    return unit.replace("EUR", "EUR 1000")


def _readable(estimate: Estimate, unit: str) -> str:
    return _thousands(estimate) if unit.startswith("EUR") else str(estimate)


def _comparisons(extra: pd.DataFrame, wanted: Mapping[str, Sequence[str]]) -> str:
    def rows() -> Iterator[Sequence[str]]:
        for comparison, quantities in wanted.items():
            for quantity in quantities:
                own = _founders(extra, {"comparison": comparison, "quantity": quantity})
                words = quantity.replace("total_", "all ").replace("_", " ")
                unit = str(own["unit"].iloc[0])
                cells = [
                    f"{_readable(estimate_of(row), unit)} on {_readable(Estimate(row['a']), unit)}"
                    for _, row in own.iterrows()
                ]
                yield [f"`{command(comparison)}`", f"{words} ({_unit(unit)})", *cells, both(own)]

    header = ("made by", "second less first, on the first's", "common founders", "independent", "both")
    return markdown(header, rows())


def _interactions(table: pd.DataFrame) -> str:
    pairs = {place: own for place, own in table.groupby(["one", "other"]) if both(own) in SIDES.values()}
    size = {place: float(own["value"].mean()) for place, own in pairs.items()}
    order = sorted(pairs, key=lambda place: size[place])
    chosen = [place for place in order if size[place] > 0][::-1][:FEW] + [p for p in order if size[p] < 0][:FEW]
    many = sum(1 for one in size.values() if one > 0)
    every = table.groupby(["one", "other"]).ngroups
    lead = (
        f"Of {every} pairs, {many} bring more together than the sum of both with either kind of founders, "
        f"{len(pairs) - many} less, and of the others the model cannot say. The strongest, in hits a week beyond "
        "the sum:"
    )

    def rows() -> Iterator[Sequence[str]]:
        for one, other in chosen:
            own = _founders(table, {"one": one, "other": other})
            yield [f"`{one}` and `{other}`", *(str(estimate_of(row)) for _, row in own.iterrows()), both(own)]

    header = ("pair", "common founders", "independent", "together")
    return f"{fill(lead, WIDTH)}\n\n{markdown(header, rows())}\n\n{made_by(RANKING)}"


def _binds(baseline: pd.DataFrame) -> str:
    def rows() -> Iterator[Sequence[str]]:
        for founders in FOUNDERS:
            mean = baseline[baseline["founders"] == founders].set_index("measure")["value"]
            for kind in ("workshops", "primes"):
                bound = [mean[f"{kind}_bound_by_{what}"] for what in CONSTRAINTS]
                used = mean[f"{kind}_built"] / mean[f"{kind}_capacity"]
                yield [kind, founders, *(f"{one / math.fsum(bound):.1%}" for one in bound), f"{used:.0%}"]

    def fates() -> Iterator[Sequence[str]]:
        for founders in FOUNDERS:
            mean = baseline[baseline["founders"] == founders].set_index("measure")["value"]
            for kind in ("workshops", "primes"):
                built, flown, stock, grounded, hits = (
                    mean[f"{kind}_{what}"] for what in ("built", "sorties", "stock", "stock_dropped", "hits")
                )
                numbers = (rounded(built), rounded(flown), rounded(stock), f"{grounded / stock:.0%}")
                yield [kind, founders, *numbers, rounded(hits), f"{hits / flown:.3f}"]

    flown = (
        "makers",
        "founders",
        "built a week",
        "flown",
        "in store",
        "of it grounded",
        "hits a week",
        "hits a sortie",
    )
    header = ("makers", "founders", *CONSTRAINTS, "plant in use")
    made = made_by("race-sim sweep policy_levers --out results/policy_levers")
    return f"{markdown(header, rows())}\n\n{markdown(flown, fates())}\n\n{made}"


def tally(table: pd.DataFrame, by: Sequence[str], names: Sequence[str], unit: str, made: str) -> str:
    """How many cells of a table of effects have more, less, or no evidence, by some of its factors and founders."""

    def rows() -> Iterator[Sequence[str]]:
        for place, own in table.groupby(list(by), sort=False):
            cells = [str(level) for level in (place if isinstance(place, tuple) else (place,))]
            for founders in FOUNDERS:
                kinds = own[own["founders"] == founders]["evidence"].value_counts()
                sure = [int(kinds.get(kind, 0)) for kind in (MORE, FEWER)]
                cells.append("/".join(map(str, (*sure, int(kinds.sum()) - sum(sure)))))
            low, high = own["value"].min(), own["value"].max()
            yield [*cells, f"{rounded(low)} to {rounded(high)}"]

    header = (*names, "common founders: more/less/no evidence", "independent: the same", f"{unit}, lowest to highest")
    return f"{markdown(header, rows())}\n\n{made_by(made)}"


def cells(table: pd.DataFrame, by: Sequence[str], names: Sequence[str], made: str) -> str:
    """Every row of a table of effects, founders side by side."""

    def rows() -> Iterator[Sequence[str]]:
        for place, own in table.groupby(list(by), sort=False):
            levels = [str(level) for level in (place if isinstance(place, tuple) else (place,))]
            ordered = own.set_index("founders").loc[list(FOUNDERS)]
            yield [*levels, *(str(estimate_of(row)) for _, row in ordered.iterrows()), both(own)]

    return f"{markdown((*names, 'common founders', 'independent', 'both'), rows())}\n\n{made_by(made)}"


def _studies(tables: Tables) -> Iterator[Block]:
    """Blocks of the other studies."""
    sweep = "race-sim sweep {0} --out results/{0}".format
    unit = "hits a week more"
    ban = sweep("export_ban")
    yield "quota tally", tally(tables["quota"], ["loss", "quota"], ("aid lost over share sold", "quota"), unit, ban)
    near = tables["regimes"][(tables["regimes"]["leak"] == 0.05) & (tables["regimes"]["loss"] == 0.5)]
    yield "regimes", cells(near, ["regime"], ("regime, hits a week more than with the ban",), ban)
    yield (
        "regimes tally",
        tally(tables["regimes"], ["regime", "loss"], ("regime", "aid lost over share sold"), unit, ban),
    )
    yield "leak tally", tally(tables["leak"], ["regime", "leak"], ("regime", "weight of an exported drone"), unit, ban)
    yield "rival", cells(tables["rival"], ["rival", "regime"], ("the rival", "regime"), ban)
    moved = sweep("relocation")
    yield "hazard tally", tally(tables["abroad"], ["hazard"], ("hazard at home a week",), unit, moved)
    yield "hazard by cost", tally(tables["abroad"], ["cost", "delay"], ("cost ratio", "weeks added"), unit, moved)
    by_hazard = tally(tables["abroad_by_hazard"], ["hazard"], ("hazard at home, less none",), unit, moved)
    yield "abroad by hazard", by_hazard
    names = ("hazard at home", "EUR a week for them", "workshops abroad")
    yield "relocation money", cells(tables["abroad_money"], ["hazard", "budget", "abroad"], names, moved)
    joined = sweep("capital_x_speed")
    some = tables["destinations"][tables["destinations"]["extra"].isin([1.0, 4.0])]
    names = ("primes' programme (weeks)", "million EUR a week more", "to, hits a week over the same for primes")
    yield "destinations", cells(some, ["tempo", "extra", "destination"], names, joined)
    few = tables["extra_euros"][tables["extra_euros"]["extra"].isin([1.0, 4.0])]
    names = ("primes' programme (weeks)", "to", "million EUR a week more")
    yield "extra euros", cells(few, ["tempo", "destination", "extra"], names, joined)
    slow = tables["destinations_a_sortie"]
    slow = slow[(slow["tempo"] == slow["tempo"].max()) & slow["extra"].isin([1.0, 4.0])]
    names = ("million EUR a week more", "to, hits a sortie over the same for primes")
    yield "destinations a sortie", cells(slow, ["extra", "destination"], names, joined)
    slow = tables["home_or_abroad"]
    slow = slow[(slow["tempo"] == slow["tempo"].max()) & (slow["extra"] > 0.0)]
    names = ("million EUR a week more", "to, hits a week over the same for workshops abroad")
    yield "home or abroad", cells(slow, ["extra", "destination"], names, joined)
    names = ("million EUR a week more", "programme (weeks) instead of 78")
    yield "interaction", cells(tables["interaction"], ["extra", "tempo"], names, joined)
    names = ("to", "million EUR a week more", "standards instead of 1")
    yield (
        "standards interaction",
        cells(tables["standards_interaction"], ["destination", "extra", "standards"], names, joined),
    )
    stored = sweep("stockpile_age")
    shares = [0.25, 1.0]
    some = tables["early"][tables["early"]["early"].isin(shares)]
    names = ("makers", "opponent's tempo", "lull (weeks)", "share spent early")
    yield "early", cells(some, ["force", "tempo", "lull", "early"], names, stored)
    idle = tables["idle"][tables["idle"]["early"].isin(shares)]
    names = ("makers", "cost of idle plant", "share spent early")
    yield "idle", cells(idle, ["force", "overhead", "early"], names, stored)
    yield "exchange", _exchange(tables["exchange_per_euro"], sweep("equal_euro"))


def _exchange(table: pd.DataFrame, made: str) -> str:
    """What a weekly cycle is worth in drones and in euros, by what the slower force's drones cost."""

    def rows() -> Iterator[Sequence[str]]:
        for (kind, cycle, founders), own in table.groupby(["countermeasures", "cycle", "founders"], sort=False):
            drones = own[own["counted"] == "drones"]["worth_words"].iloc[0]
            euros = own[own["counted"] == "euros"].sort_values("cost_ratio")
            yield [kind, str(cycle), founders, drones, *euros["worth_words"]]

    ratios = sorted(table["cost_ratio"].unique())
    header = (
        "countermeasures",
        "slower cycle",
        "founders",
        "in drones",
        *(f"in euros, cost x{one:g}" for one in ratios),
    )
    return f"{markdown(header, rows())}\n\n{made_by(made)}"
