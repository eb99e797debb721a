"""Points within the plausible ranges of parameters: which are varied, how far, and a Latin hypercube of them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from race_sim.errors import InputError
from race_sim.scenario import Scenario
from race_sim.scenario.schema import FIELDS, ParameterField, Value

DESIGN_SEED = 20_240_303
LOGARITHMIC_RATIO = 10.0  # a range of positive numbers with a greater ratio of its ends is sampled on logarithms
WORD_BITS = 64

_FRAME = "the frame in which all is measured"
_CONTROL = "a control, which cuts one channel"
EXCLUDED = {
    "run.weeks": _FRAME,
    "run.burn_in_weeks": _FRAME,
    "measures.shadow_weeks": _FRAME,
    "workshops.adapts": _CONTROL,
    "workshops.judgement": _CONTROL,
    "workshops.adoption_probability": "acts only under the control workshops.judgement = chance",
    "feedback.shuffled": _CONTROL,
    "primes.develops": _CONTROL,
    "teams.active": _CONTROL,
}
"""Parameters that are not varied, and why."""
NO_RANGE = "no plausible range is stated"


def varied() -> list[ParameterField]:
    """Parameters with a plausible range, switches and choices, but for those `EXCLUDED`."""
    return [field for field in FIELDS if field.path not in excluded()]


def excluded() -> dict[str, str]:
    """Parameters that are not varied, each with the reason."""
    return {
        field.path: EXCLUDED.get(field.path, NO_RANGE)
        for field in FIELDS
        if field.path in EXCLUDED or (is_number(field) and field.plausible is None)
    }


def is_number(field: ParameterField) -> bool:
    """Whether a parameter is a number, not a switch or a choice."""
    return field.kind in ("int", "float")


def choices(field: ParameterField) -> tuple[Value, ...]:
    """What a switch or a choice can be."""
    return field.choices or (False, True)


def plausible(field: ParameterField) -> tuple[float, float]:
    """Ends of the plausible range of a parameter that is `varied` and a number."""
    if field.plausible is None:
        raise ValueError(f"{field.path} has no plausible range")
    return field.plausible


def nearest_allowed(scenario: Scenario, path: str, value: Value) -> tuple[Value, Scenario]:
    """The scenario with a parameter at this value, or at the next whole number towards its own that is allowed.

    Raises InputError if the value is not allowed and not a whole number.
    """
    own = scenario.parameters.value(path)
    while True:
        try:
            return value, scenario.with_changes({path: value})
        except InputError:
            if not isinstance(value, int) or not isinstance(own, int) or value == own:
                raise
            value += 1 if value < own else -1


def hypercube_points(scenario: Scenario, points: int, span: float) -> Iterator[dict[str, Value]]:
    """Changes of a scenario at the points of a Latin hypercube over all that is `varied`.

    Args:
        scenario: its own values are where ranges shrink to.
        points: how many.
        span: 1 for the whole ranges; less to draw their ends nearer to the scenario's own values in proportion (on
            logarithms where these are used), and to leave switches and choices alone in a share 1 - span of points.
    """
    fields = varied()
    for shares in latin_hypercube(points, len(fields)).tolist():
        values = {
            field.path: at_share(field, share, scenario.parameters.value(field.path), span)
            for field, share in zip(fields, shares, strict=True)
        }
        yield _agreeing(values)


def latin_hypercube(points: int, dimensions: int) -> npt.NDArray[np.float64]:
    """f8[points, dimensions] in [0, 1): in each dimension one point in each of `points` equal parts (McKay 1979)."""
    chance = np.random.default_rng(DESIGN_SEED)
    parts = chance.permuted(np.tile(np.arange(points), (dimensions, 1)), axis=1).T
    return np.asarray((parts + chance.random((points, dimensions))) / max(points, 1))


def at_share(field: ParameterField, share: float, own: Value, span: float = 1.0) -> Value:
    """The value at a share in [0, 1) of a parameter's range, or among its choices; see `hypercube_points`."""
    if not is_number(field):
        words = choices(field)
        return own if share < 1.0 - span else words[int((share - 1.0 + span) / span * len(words))]
    low, high = plausible(field)
    centre = float(own)
    logarithmic = low > 0 and high / low > LOGARITHMIC_RATIO and centre > 0
    low, high = (_between(centre, end, span, logarithmic=logarithmic) for end in (low, high))
    if field.kind == "float":
        return _between(low, high, share, logarithmic=logarithmic)
    first, last = math.ceil(low), math.floor(high)
    above = _between(first, last + 1, share, logarithmic=logarithmic)  # each whole number has its part
    return min(max(math.floor(above), first), last)


def _between(low: float, high: float, share: float, *, logarithmic: bool) -> float:
    """The value at this share of the way; the ends are met exactly."""
    if share in (0.0, 1.0):
        return high if share else low
    if logarithmic:
        return math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
    return low + share * (high - low)


def _agreeing(values: dict[str, Value]) -> dict[str, Value]:
    """The point with what contradicts itself brought back: too many bits for a word, too many neighbours."""
    modules, bits = int(values["design.modules"]), int(values["design.bits_per_module"])
    degree, count = int(values["workshops.network_degree"]), int(values["workshops.count"])
    return values | {
        "design.bits_per_module": min(bits, WORD_BITS // modules),
        "workshops.network_degree": max(2, min(degree, count - 1) // 2 * 2),
    }
