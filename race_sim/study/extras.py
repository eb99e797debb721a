"""Which optional packages a study needs, found out before anything is raced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from race_sim.errors import InputError
from race_sim.scenario.text import shown
from race_sim.study.definition import Part

SCIPY_DESIGNS = ("latin_hypercube", "sobol", "saltelli")


def check_extras(parts: Sequence[Part]) -> None:
    """Raises InputError if a part needs a package of the extra `analysis` that is not installed."""
    for part in parts:
        for what, package, name in _needs(part):
            if find_spec(package) is None:
                raise InputError(f"part {shown(part.name)}: {what} needs {name}: pip install 'race-sim[analysis]'")


def _needs(part: Part) -> Iterator[tuple[str, str, str]]:
    """What of a part needs a package, the package, and its name in words."""
    if part.design in SCIPY_DESIGNS:
        yield f"design = {shown(part.design)}", "scipy", "SciPy"
    if part.refine is not None:
        yield f"refine = {shown(part.refine)}", "sklearn", "scikit-learn"
    for drawing in part.figure:
        if drawing.kind == "rules":
            yield f"figure {shown(drawing.name)}", "sklearn", "scikit-learn"
