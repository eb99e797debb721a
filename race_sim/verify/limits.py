"""All limits in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from race_sim.verify.capacity import check_capacity
from race_sim.verify.check import Check
from race_sim.verify.conservation import check_conservation
from race_sim.verify.controls import check_controls
from race_sim.verify.draws import check_draws
from race_sim.verify.drift import check_drift
from race_sim.verify.drivers import Drivers
from race_sim.verify.ruggedness import check_ruggedness
from race_sim.verify.unopposed import check_unopposed

LIMITS: dict[str, tuple[str, Callable[[Drivers], Iterator[Check]]]] = {
    "1": ("hits of unopposed, frozen makers are sum n p0", check_unopposed),
    "2": ("point countermeasures saturate", check_capacity),
    "3": ("blind drift meets copies of its past", check_drift),
    "4": ("landscapes are NK landscapes", check_ruggedness),
    "5": ("no drone and no euro is lost or made up", check_conservation),
    "6": ("every draw is keyed", check_draws),
    "7": ("controls cut what they say", check_controls),
}
"""Number of each limit: what it says, and the checks."""


def check_limits(
    quick: bool = False, progress: Callable[[Check], None] | None = None, drivers: Drivers | None = None
) -> list[Check]:
    """Check that the law, as the installed drivers run it, obeys every limit.

    Args:
        quick: whether to use small samples, for tolerances two to three times as wide.
        progress: called with each check as soon as it is done.
        drivers: other drivers than the installed ones; they say themselves whether to be quick.

    Returns:
        The checks in the order of the limits; the law holds if every `verdict` is true.
    """
    checks = []
    for _, run in LIMITS.values():
        for check in run(drivers or Drivers(quick=quick)):
            checks.append(check)
            if progress is not None:
                progress(check)
    return checks
