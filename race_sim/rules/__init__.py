"""The law of the race: small top-level functions, compiled, called by both drivers."""

from race_sim.rules import bundles

__all__ = ["bundles"]
