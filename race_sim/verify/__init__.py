"""Self-verification: the limits of the model, expected from formulas, measured in what the drivers record."""

from race_sim.verify.check import Check
from race_sim.verify.limits import LIMITS, check_limits

__all__ = ["LIMITS", "Check", "check_limits"]
