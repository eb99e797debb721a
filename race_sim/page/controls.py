"""The levers of the page, read off the schema: what each is called, which values it can have, why its default."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from race_sim.page.policies import headings, needs_accounts
from race_sim.scenario import BY_PATH, ParameterField, Value

TO_TRY = "Ten to try first"
"""Heading of the levers that come first."""
FIRST = (
    "workshops.iteration_weeks",
    "primes.development_weeks",
    "teams.discovery_weeks",
    "teams.active",
    "treasuries.home_budget",
    "treasuries.partner_budget",
    "treasuries.home_funding",
    "exports.regime",
    "joint_lines.lines",
    "joint_lines.budget",
)
"""The ten that come first: the speed of both sides, who pays for how much, and the two boldest policies."""

STEPS = {"workshops.network_degree": 2.0}
"""Steps of sliders that the schema does not tell: a degree is even."""
SLIDER_STEPS = 200  # fewest steps that a slider of fractions has
ROUND = (1.0, 2.0, 5.0, 10.0)  # what a step may be, times a power of ten


@dataclass(frozen=True)
class Lever:
    """One parameter as the page shows it.

    Attributes:
        path: dotted, `workshops.iteration_weeks`.
        label: in words.
        kind: "switch", "choice" or "number".
        unit: of a number; empty if it has none.
        low, high, step: of the slider of a number: its plausible range, or its bounds where none is stated.
        least, most: bounds of a number that is typed; those not allowed themselves are told in `bounds`.
        bounds: the allowed range or words.
        choices: words of a choice.
        description: what it means.
        source: the evidence for its default.
        fixed: whether it can only be changed by starting anew.
        needs: "with" or "without" if it acts only in races with or without accounts; else empty.
    """

    path: str
    label: str
    kind: str
    unit: str
    low: float | None
    high: float | None
    step: float | None
    least: float | None
    most: float | None
    bounds: str
    choices: tuple[str, ...]
    description: str
    source: str
    fixed: bool
    needs: str


def lever(field: ParameterField) -> Lever:
    """The lever of a parameter."""
    number = field.kind in ("int", "float")
    low, high = (field.plausible or (field.low or 0.0, field.high or 0.0)) if number else (None, None)
    step = None if low is None or high is None else _step(low, high, whole=field.kind == "int")
    return Lever(
        path=field.path,
        label=field.name.replace("_", " "),
        kind={"bool": "switch", "choice": "choice"}.get(field.kind, "number"),
        unit="" if field.unit == "1" else field.unit,
        low=low,
        high=high,
        step=STEPS.get(field.path, step),
        least=field.low,
        most=field.high,
        bounds=field.bounds,
        choices=field.choices,
        description=field.description,
        source=str(field.source),
        fixed=field.fixed,
        needs=needs_accounts(field),
    )


@cache
def lever_groups() -> tuple[tuple[str, tuple[Lever, ...]], ...]:
    """(title, levers) of all groups: the ten to try first, then every other parameter under its policy or subject."""
    groups = [(TO_TRY, tuple(_in_full(lever(BY_PATH[path])) for path in FIRST))]
    for title, fields in headings().items():
        several = len({field.group for field in fields}) > 1
        rest = tuple(lever(field) for field in fields if field.path not in FIRST)
        if rest:
            groups.append((title, tuple(_in_full(one) for one in rest) if several else rest))
    return tuple(groups)


def catalogue() -> list[dict[str, Any]]:
    """The groups of levers as plain values for the browser.

    "above" are (path, label) of levers that belong to a group but stand among the ten to try first.
    """
    return [
        {"title": title, "levers": [asdict(one) for one in levers], "above": _above(title)}
        for title, levers in lever_groups()
    ]


def differing(values: Mapping[str, Value], usual: Mapping[str, Value]) -> list[str]:
    """Paths of parameters that have another value than is usual."""
    return [path for path, value in values.items() if value != usual[path]]


def _above(title: str) -> list[tuple[str, str]]:
    """(path, label) of levers under this heading that stand among the ten to try first."""
    return [(field.path, _in_full(lever(field)).label) for field in headings().get(title, ()) if field.path in FIRST]


def _in_full(one: Lever) -> Lever:
    """A lever that stands apart from its group says whose it is."""
    group = one.path.partition(".")[0].replace("_", " ")
    return Lever(**{**asdict(one), "label": f"{group}: {one.label}"})


def _step(low: float, high: float, *, whole: bool) -> float:
    """A round step that cuts the range of a slider fine enough."""
    finest = (high - low) / SLIDER_STEPS
    if finest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(finest))
    step = next(power * times for times in ROUND if power * times >= finest * (1 - 1e-9))
    return max(1.0, round(step)) if whole else round(step, 12)
