"""Overrides as typed on a command line: `path=value`, the value in TOML, bare words for choices."""

import tomllib
from collections.abc import Sequence

from race_sim.errors import InputError
from race_sim.scenario.resolve import check_path
from race_sim.scenario.schema import BY_PATH
from race_sim.scenario.text import shown


def parse_overrides(overrides: Sequence[str]) -> dict[str, object]:
    """Values by dotted path; types and bounds are checked later, with the scenario they change.

    Raises InputError if one is not `path=value` or names no parameter, or if two set the same path.
    """
    changes: dict[str, object] = {}
    for override in overrides:
        path, equals, text = (part.strip() for part in override.partition("="))
        if not equals or not path:
            raise InputError(f"override {shown(override)}: write path=value, such as teams.skill=0.5")
        try:
            check_path(path)
        except InputError as error:
            raise error.within(f"override {shown(override)}") from None
        if path in changes:
            raise InputError(f"override {shown(override)}: {path} is set twice")
        changes[path] = _value(path, text)
    return changes


def _value(path: str, text: str) -> object:
    if BY_PATH[path].kind == "choice" and text in BY_PATH[path].choices:
        return text
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        table = {}
    return table["value"] if len(table) == 1 else text
