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
    "money.accounts": _CONTROL,
}
"""Parameters that are not varied, and why."""
NO_RANGE = "no plausible range is stated"
NEEDS_ACCOUNTS = "acts only under accounts"
ACCOUNT_GROUPS = frozenset(
    {
        "money",
        "workshop_accounts",
        "prime_accounts",
        "treasuries",
        "procurement",
        "coalition",
        "exports",
        "barter",
        "abroad",
        "joint_lines",
        "entry",
        "strikes",
        "inputs",
    }
)
"""Groups of parameters that act only where makers have accounts."""
ACTS_ALWAYS = ("money.accounts", "entry.variant_approval_weeks")
"""Parameters of these groups that act in every race."""


def varied(*, accounts: bool = True) -> list[ParameterField]:
    """Parameters with a plausible range, switches and choices, but for those that are `excluded`."""
    left_out = excluded(accounts=accounts)
    return [field for field in FIELDS if field.path not in left_out]


def excluded(*, accounts: bool = True) -> dict[str, str]:
    """Parameters that are not varied in scenarios with accounts, or without, each with the reason."""
    found = {}
    for field in FIELDS:
        if field.path in EXCLUDED:
            found[field.path] = EXCLUDED[field.path]
        elif field.group in ACCOUNT_GROUPS and not accounts:
            found[field.path] = NEEDS_ACCOUNTS
        elif is_number(field) and field.plausible is None:
            found[field.path] = NO_RANGE
    return found


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
    """The scenario with a parameter at this value, or as near to it as is allowed, on the way from the scenario's own.

    Raises InputError if the value is not allowed and not a whole number.
    """
    own = scenario.parameters.value(path)
    try:
        return value, scenario.with_changes({path: value})
    except InputError:
        if not isinstance(value, int) or not isinstance(own, int) or value == own:
            raise
    kept, refused = own, value
    while abs(refused - kept) > 1:
        middle = (kept + refused) // 2
        if _is_allowed(scenario, path, middle):
            kept = middle
        else:
            refused = middle
    return kept, scenario.with_changes({path: kept})


def _is_allowed(scenario: Scenario, path: str, value: Value) -> bool:
    try:
        scenario.with_changes({path: value})
    except InputError:
        return False
    return True


def hypercube_points(scenario: Scenario, points: int, span: float) -> Iterator[dict[str, Value]]:
    """Changes of a scenario at the points of a Latin hypercube over all that is `varied`.

    Args:
        scenario: its own values are where ranges shrink to.
        points: how many.
        span: 1 for the whole ranges; less to draw their ends nearer to the scenario's own values in proportion (on
            logarithms where these are used), and to leave switches and choices alone in a share 1 - span of points.
    """
    fields = varied(accounts=scenario.parameters.money.accounts)
    for shares in latin_hypercube(points, len(fields)).tolist():
        values = {
            field.path: at_share(field, share, scenario.parameters.value(field.path), span)
            for field, share in zip(fields, shares, strict=True)
        }
        yield _agreeing(values) if scenario.parameters.money.accounts else _agreeing_designs(values)


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
    """The point with policies that ask for more than there is brought back, and designs as in `_agreeing_designs`."""
    earmarks = ("treasuries.home_funding", "abroad.budget", "joint_lines.budget")
    share = min(1.0, int(values["treasuries.partner_budget"]) / max(1, sum(int(values[path]) for path in earmarks)))
    workshops, places = int(values["workshops.count"]), int(values["entry.places"])
    plant = workshops * int(values["workshop_accounts.initial_capacity"])
    return _agreeing_designs(values) | {
        **{path: math.floor(share * int(values[path])) for path in earmarks},
        "joint_lines.lines": min(int(values["joint_lines.lines"]), int(values["joint_lines.places"])),
        "abroad.firms": min(int(values["abroad.firms"]), workshops + places),
        "barter.drones_per_week": min(int(values["barter.drones_per_week"]), plant),
    }


def _agreeing_designs(values: dict[str, Value]) -> dict[str, Value]:
    """The point with what contradicts itself brought back: too many bits for a word, too many neighbours."""
    modules, bits = int(values["design.modules"]), int(values["design.bits_per_module"])
    degree, count = int(values["workshops.network_degree"]), int(values["workshops.count"])
    return values | {
        "design.bits_per_module": min(bits, WORD_BITS // modules),
        "workshops.network_degree": max(2, min(degree, count - 1) // 2 * 2),
    }
