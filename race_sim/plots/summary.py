"""The figure of a scenario's runs, week by week: success, front, arsenal, and how far designs keep away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from race_sim.analysis.frames import kind_fields, shares
from race_sim.plots.style import (
    BAND,
    INK,
    KIND_COLOURS,
    SERIES_COLOURS,
    SERIES_LINES,
    TEXT,
    dress,
    empty_figure,
    legend,
    shade_burn_in,
)
from race_sim.records import BALANCES, CENTRAL, KIND_NAMES, TOTAL
from race_sim.results import Records
from race_sim.scenario import Scenario

BAND_PERCENTILES = (10.0, 90.0)
MOST_THIN_LINES = 40  # runs whose front balances are still drawn one by one

Array = npt.NDArray[Any]


def summary_figure(scenario: Scenario, records: Records) -> Figure:
    """Panels over the weeks of a scenario's runs; lines are means over runs, bands percentiles of runs.

    Output and its share of capacity are drawn where makers keep accounts.
    """
    with_accounts = scenario.parameters.money.accounts
    rows = 4 if with_accounts else 3
    figure = empty_figure(11.0, 3.2 * rows)
    panels = figure.subplots(rows, 2, sharex=True)
    success, front, stock, countered, gap, diversity, *output = panels.ravel()
    kinds = list(_kinds(records))
    if output:
        _draw_output(output[0], output[1], kinds)
    burn_in = scenario.parameters.run.burn_in_weeks

    dress(success, "Hits a sortie", "", "hits per sortie")
    for name, fields in kinds:
        mean = shares(fields["hits"].sum(axis=0), fields["sorties"].sum(axis=0))
        _line(success, name, mean, fields["effectiveness"])
    success.set_ylim(bottom=0.0)

    dress(stock, "Arsenal at the end of the week", "", "drones in stock")
    dress(countered, "Stock countered", "", "share whose success is halved")
    dress(gap, "Distance of fielded designs to the nearest countermeasure", "", "breadths of that countermeasure")
    dress(diversity, "Diversity of what flies", "", "effective number of designs")
    for name, fields in kinds:
        _line(stock, name, _known_mean(fields["stock"]), fields["stock"])
        share = shares(fields["stock_countered"].sum(axis=0), fields["stock"].sum(axis=0))
        _line(countered, name, share, fields["stock_countered_share"])
        _line(gap, name, _known_mean(fields["gap"]), fields["gap"])
        _line(diversity, name, _known_mean(fields["diversity"]), fields["diversity"])
    countered.set_ylim(-0.03, 1.03)
    stock.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    for axes in (stock, gap, diversity):
        axes.set_ylim(bottom=0.0)

    if not records.weekly["countermeasures_standing"].any():
        gap.text(0.5, 0.5, "no countermeasure ever stands", transform=gap.transAxes, ha="center", color=INK)

    _draw_front(front, scenario, records.weekly["front_balance"])
    for axes in panels.ravel():
        shade_burn_in(axes, burn_in)
        axes.set_xlim(0, max(records.weeks - 1, 1))
        axes.tick_params(labelbottom=True)
    for axes in panels[-1]:
        axes.set_xlabel("week", fontsize=TEXT["label"], color=INK)
    for axes in (success, stock, countered, gap, diversity, *output):
        legend(axes)
    figure.suptitle(
        f"{scenario.title}\n{_runs(records, burn_in)}", x=0.01, ha="left", fontsize=TEXT["title"] + 1.5, color=INK
    )
    return figure


def _kinds(records: Records) -> Iterator[tuple[str, dict[str, Array]]]:
    """Kinds of maker that ever deliver or fly."""
    for place, name in enumerate(KIND_NAMES[:TOTAL]):
        weeks = records.weekly["kinds"][:, :, place]
        if weeks["deliveries"].any() or weeks["stock"].any() or weeks["sorties"].any():
            yield name, kind_fields(records.weekly, place)


def _draw_output(built: Axes, used: Axes, kinds: list[tuple[str, dict[str, Array]]]) -> None:
    """What makers build, and what share of their capacity that is."""
    dress(built, "Output", "", "drones built a week")
    dress(used, "Utilisation of capacity", "", "output over capacity")
    for name, fields in kinds:
        _line(built, name, _known_mean(fields["built"]), fields["built"])
        _line(used, name, shares(fields["built"].sum(axis=0), fields["capacity"].sum(axis=0)), fields["utilisation"])
    built.set_ylim(bottom=0.0)
    used.set_ylim(bottom=0.0)
    built.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def _line(axes: Axes, name: str, mean: Array, values: Array) -> None:
    """A kind's mean over runs, with a band over runs where there are several."""
    if np.isnan(mean).all():
        return
    weeks = np.arange(len(mean))
    words = name.replace("_", " ")
    axes.plot(weeks, mean, color=KIND_COLOURS[name], linewidth=1.5, marker=".", markersize=2.5, label=words)
    _band(axes, values, KIND_COLOURS[name])


def _band(axes: Axes, values: Array, colour: str) -> None:
    if len(values) < 2:
        return
    weeks = np.flatnonzero(~np.isnan(values).all(axis=0))
    low, high = np.nanpercentile(values[:, weeks], BAND_PERCENTILES, axis=0)
    axes.fill_between(weeks, low, high, color=colour, alpha=BAND, linewidth=0)


def _known_mean(values: Array) -> Array:
    """Mean over runs of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    return shares(np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0))


def _draw_front(axes: Axes, scenario: Scenario, balances: Array) -> None:
    """The front balance with each regeneration value, between the lines at which it is decided."""
    dress(axes, "Front balance, for three regeneration values", "", "balance")
    front = scenario.parameters.front
    weeks = np.arange(balances.shape[1])
    for place in range(BALANCES):
        regeneration = front.regeneration * (1.0 + (place - CENTRAL) * front.regeneration_spread)
        axes.plot(
            weeks,
            balances[:, :, place].mean(axis=0),
            color=SERIES_COLOURS[place],
            linestyle=SERIES_LINES[place],
            linewidth=1.6,
            label=f"{regeneration:,.0f} hits' worth a week: {_outcome(balances[:, -1, place])}",
        )
        if len(balances) <= MOST_THIN_LINES:
            axes.plot(weeks, balances[:, :, place].T, color=SERIES_COLOURS[place], linewidth=0.5, alpha=0.45)
    for line, words, side in ((1.0, "attackers prevail", "bottom"), (-1.0, "defenders prevail", "top")):
        axes.axhline(line, color=INK, linewidth=1.0)
        axes.annotate(
            words,
            (0.99, line),
            xycoords=("axes fraction", "data"),
            xytext=(0, 3 if side == "bottom" else -3),
            textcoords="offset points",
            ha="right",
            va=side,
            fontsize=TEXT["small"],
            color=INK,
        )
    axes.set_ylim(-3.0, 1.4)  # room for the legend
    axes.set_yticks([-1.0, -0.5, 0.0, 0.5, 1.0])
    legend(axes, place="lower right", title="losses made good: how the runs end")


def _outcome(final: Array) -> str:
    """How the runs ended: who prevailed, in how many of them."""
    if len(final) == 1:
        ends = {1.0: "attackers prevail", -1.0: "defenders prevail"}
        return ends.get(float(final[0]), f"undecided at {final[0]:.2f}")
    attackers, defenders = int((final >= 1.0).sum()), int((final <= -1.0).sum())
    return f"attackers {attackers}, defenders {defenders}, undecided {len(final) - attackers - defenders}"


def _runs(records: Records, burn_in_weeks: int) -> str:
    shaded = "; grey: burn-in, not measured" if burn_in_weeks else ""
    if records.runs == 1:
        return f"one run, seed {records.seeds[0]}{shaded}"
    low, high = BAND_PERCENTILES
    thin = "; thin: single runs" if records.runs <= MOST_THIN_LINES else ""
    return f"lines: means over {records.runs} runs; bands: {low:.0f}th to {high:.0f}th percentile of runs{thin}{shaded}"
