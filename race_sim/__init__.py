"""The race between decentralised workshops, centralised primes and countermeasure teams.

`race_sim.run("baseline", seed=1)` runs a race; its `.weekly` is a data frame, its `.summary` a mapping.
Names are imported when first used, so that `import race_sim` takes milliseconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from race_sim.api import Race, compare, run
    from race_sim.errors import InputError
    from race_sim.scenario import Scenario, load

    __version__: str

__all__ = ["InputError", "Race", "Scenario", "__version__", "compare", "load", "run"]

_HOMES = {
    "InputError": "race_sim.errors",
    "Race": "race_sim.api",
    "Scenario": "race_sim.scenario",
    "compare": "race_sim.api",
    "load": "race_sim.scenario",
    "run": "race_sim.api",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        value: object = _version()
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    """The version of the installed package; "unknown" for a source tree that is not installed."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 -- takes 30 ms

    try:
        return version("race-sim")
    except PackageNotFoundError:
        return "unknown"
