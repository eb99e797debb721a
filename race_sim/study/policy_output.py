"""What `race-sim policy --out` leaves: tables, words and figures of policies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from race_sim.analysis.measures import measure
from race_sim.analysis.policy_budget import Budget
from race_sim.analysis.policy_ranking import POLICY, policy_words
from race_sim.plots.budget_flow import budget_figure
from race_sim.plots.interaction import interaction_figure
from race_sim.plots.style import warn
from race_sim.plots.tornado import COLOURS, NEUTRAL, tornado_figure
from race_sim.study.policy import BUDGET_RACES, Policies
from race_sim.study.policy_drawings import in_thousands
from race_sim.study.provenance import provenance
from race_sim.study.saving import write_json
from race_sim.study.staging import staged
from race_sim.study.wording import Wording, level_text

DOTS = 150  # dots an inch
TITLES = {
    "hits": ("Hits a week of each policy, less those of what it is compared with", "extra hits a week"),
    "euros": (
        "Euros a week that both treasuries spend, less those of what it is compared with",
        "extra EUR 1000 a week",
    ),
    "weeks": ("Weeks to the decision, less those of what it is compared with", "weeks"),
}
"""Outputs that have a tornado: title, and label of the axis."""
BETTER = "hits"
"""Of which more is better, as its colours say."""
MONEY = "euros"
"""Told in thousands."""


def write_policies(
    found: Policies, directory: Path, budgets: Sequence[str], *, overwrite: bool = False, command: Sequence[str] = ()
) -> list[Path]:
    """Write tables, words and figures into a new directory; return their paths.

    Words and figures of a quick run say so first.

    Args:
        found: what is told.
        directory: appears whole or not at all.
        budgets: policies with which the budget is followed; without any and with the one of most hits if empty.
        overwrite: whether a directory written before may be replaced.
        command: words of the command line, for the provenance.

    Raises InputError if there is no such policy, makers keep no accounts, or the disk refuses.
    """
    wording = Wording(found.study)
    tables = {"ranking": found.ranking} | ({} if found.interactions.empty else {"interactions": found.interactions})
    figures = {name: _tornado(found, wording, name) for name in TITLES}
    if not found.interactions.empty:
        figures["interactions"] = _interactions(found, wording)
    followed = found.budgets(budgets or [found.none, str(found.ranking.sort_values("hits").iloc[-1][POLICY])])
    figures["budget"] = _budget(found, wording, followed)
    tables["budget"] = pd.DataFrame(
        [{**found.followed, POLICY: name, **flow._asdict()} for name, one in followed for flow in one.flows]
    )
    if found.warning:
        for figure in figures.values():
            warn(figure, found.warning)
    with staged(directory, overwrite=overwrite) as stage:
        for name, table in tables.items():
            table.to_csv(stage / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
        for name, figure in figures.items():
            figure.savefig(stage / f"{name}.png", dpi=DOTS)
        words = [one for one in (found.warning, *found.words()) if one]
        (stage / "words.txt").write_text("\n\n".join(words) + "\n", encoding="utf-8")
        origin = provenance(seeds=found.study.seeds, driver="ensemble", model=None, command=command)
        write_json(stage / "provenance.json", {**origin, "quick": found.quick})
        names = sorted(path.name for path in stage.iterdir())
    return [directory / name for name in names]


def _tornado(found: Policies, wording: Wording, name: str) -> Figure:
    table = found.ranking.rename(columns={f"{name}_evidence": "evidence"})
    table = table.assign(**{f"value{end}": table[f"{name}{end}"] for end in ("", "_low", "_high")})
    title, label = TITLES[name]
    return tornado_figure(
        in_thousands(table) if name == MONEY else table,
        POLICY,
        panels=found.by,
        panel_words=_panels(table, found.by, wording),
        words=level_text,
        label=label,
        title=title,
        colours=COLOURS if name == BETTER else NEUTRAL,
    )


def _budget(found: Policies, wording: Wording, followed: Sequence[tuple[str, Budget]]) -> Figure:
    """Where the budget went in one panel, which is named, since the others are not drawn."""
    place = wording.place(found.followed)
    with_it = f", with {place} only" if place else ""
    title = (
        f"Where the money went, from those who give it to what it ended in{with_it}\n"
        f"Mean over the measured weeks of the first {BUDGET_RACES} seeds, raced again."
    )
    return budget_figure([(", ".join(filter(None, (policy_words(name), place))), one) for name, one in followed], title)


def _interactions(found: Policies, wording: Wording) -> Figure:
    return interaction_figure(
        found.interactions,
        "other",
        "one",
        panels=found.by,
        panel_words=_panels(found.interactions, found.by, wording),
        words=lambda _, level: level_text(level),
        label=f"together beyond the sum ({measure('hits').unit})",
        title="Hits a week that two policies bring together, beyond the sum of what each brings alone",
    )


def _panels(table: pd.DataFrame, by: Sequence[str], wording: Wording) -> dict[tuple[object, ...], str]:
    if not by:
        return {}
    places = table[list(by)].drop_duplicates().to_dict("records")
    return {tuple(place.values()): wording.place({name: place[name] for name in by}) for place in places}
