"""One line of the self-verification: what was expected, what was measured, whether they agree."""

from __future__ import annotations

from dataclasses import dataclass

STANDARD_ERRORS = 4.0
"""Half-width of a tolerance: a true law misses it once in 16,000 checks."""


@dataclass(frozen=True)
class Check:
    """A limit that must hold, checked on one driver.

    Attributes:
        limit: number of the limit, "1" to "7".
        driver: "ensemble", "mesa" or "both".
        what: what is measured, with its unit.
        expected: value of the analytic formula; or, where `what` ends in "at least" or "more than",
            the bound.
        measured: value in the driver's recorded output.
        tolerance: largest difference allowed; 0 for exact statements and bounds.
        verdict: whether the limit holds.
    """

    limit: str
    driver: str
    what: str
    expected: float
    measured: float
    tolerance: float
    verdict: bool


def equal(limit: str, driver: str, what: str, *, expected: float, measured: float, tolerance: float = 0.0) -> Check:
    """A check that holds when both values differ by the tolerance at most; NaN never holds."""
    verdict = abs(measured - expected) <= tolerance
    return Check(limit, driver, what, float(expected), float(measured), float(tolerance), bool(verdict))


def at_least(limit: str, driver: str, what: str, *, bound: float, measured: float) -> Check:
    """A check that holds when the measured value reaches the bound; NaN never holds."""
    return Check(limit, driver, f"{what}, at least", float(bound), float(measured), 0.0, bool(measured >= bound))


def above(limit: str, driver: str, what: str, *, bound: float, measured: float) -> Check:
    """A check that holds when the measured value exceeds the bound; NaN never holds."""
    return Check(limit, driver, f"{what}, more than", float(bound), float(measured), 0.0, bool(measured > bound))
