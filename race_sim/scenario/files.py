"""Finds and reads files: every way in which a TOML file can be unusable becomes one InputError."""

import tomllib
from pathlib import Path
from typing import Any

from race_sim.errors import InputError
from race_sim.scenario.text import did_you_mean, nearest

PACKAGE = Path(__file__).parents[1]
_MAXIMUM_BYTES = 1_000_000


def shipped(folder: str) -> Path:
    """A folder that ships with the package: inside it when installed, beside it in a clone."""
    inside = PACKAGE / folder
    return inside if inside.is_dir() else PACKAGE.parent / folder


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file, which must say something.

    Raises InputError if the file is missing, a directory, unreadable, too large, empty or not TOML.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAXIMUM_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.{_similar(path)}") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a directory; give a TOML file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{path}: cannot be read: {reason}") from None
    if len(content) > _MAXIMUM_BYTES:
        raise InputError(f"{path}: is larger than {_MAXIMUM_BYTES} bytes; a scenario file is a short text")
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not text in UTF-8 (byte {error.start}); give a TOML file") from None
    except RecursionError:
        raise InputError(f"{path}: is nested too deeply for a scenario file") from None
    except ValueError as error:
        raise InputError(f"{path}: is not valid TOML: {error}") from None
    if not data:
        raise InputError(f"{path}: is empty; `race-sim new FILE` writes a file to start from")
    return data


def _similar(path: Path) -> str:
    try:
        beside = [other.name for other in path.parent.glob("*.toml")]
    except OSError:
        return ""
    return did_you_mean(nearest(path.name, beside))
