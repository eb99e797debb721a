"""The plain page that Mesa users expect: Mesa's own SolaraViz on `RaceModel`.

    solara run race_sim.page.mesa_page

Its parameters apply on Reset, and it draws a few weeks a second; `race-sim watch` opens the page made for the race.
"""

from __future__ import annotations

from typing import Any

import solara
from matplotlib.axes import Axes
from mesa.visualization import Slider, SolaraViz, make_plot_component

from race_sim.model import RaceModel
from race_sim.plots.style import KIND_COLOURS
from race_sim.scenario import library

HIGHEST_SEED = 1000  # of the slider
PLAY_MILLISECONDS = 300  # between weeks; Mesa's figures fall behind below
KINDS = ("workshops", "primes")
BALANCE_UNIT = "+1 attackers prevail, -1 defenders do"

PARAMETERS: dict[str, Any] = {
    "setting": {"type": "Select", "value": "baseline", "values": library(), "label": "Scenario"},
    "seed": Slider("Seed", value=1, min=0, max=HIGHEST_SEED, step=1),
}
"""What can be chosen before a race, in Mesa's words."""


def _labelled(title: str, unit: str) -> Any:
    def label(axes: Axes) -> None:
        axes.set_title(title)
        axes.set_xlabel("week")
        axes.set_ylabel(unit)
        axes.legend(loc="best")

    return label


def _of_kinds(measure: str, title: str, unit: str) -> Any:
    colours = {f"{kind}_{measure}": KIND_COLOURS[kind] for kind in KINDS}
    return make_plot_component(colours, post_process=_labelled(title, unit))


COMPONENTS = [
    _of_kinds("hits", "Hits a week", "hits/week"),
    _of_kinds("stock", "Drones in the arsenal", "drones"),
    _of_kinds("gap", "Distance to the nearest countermeasure", "breadths"),
    make_plot_component(
        {"front_balance": KIND_COLOURS["total"]}, post_process=_labelled("Front balance", BALANCE_UNIT)
    ),
]


@solara.component
def MesaPage() -> Any:
    """SolaraViz with a model of its own for each browser session; a module-level model would be shared by all."""
    model = solara.use_memo(lambda: RaceModel("baseline", seed=1), [])
    return SolaraViz(
        model,
        components=COMPONENTS,
        model_params=PARAMETERS,
        play_interval=PLAY_MILLISECONDS,
        name="race_sim",
    )


page = MesaPage()  # type: ignore[no-untyped-call] # Solara's decorator drops the types of a component
