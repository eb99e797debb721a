"""A scenario file to start from, made from the schema."""

import textwrap
from pathlib import Path

from race_sim.errors import InputError
from race_sim.scenario.schema import FIELDS, GROUPS, ParameterField
from race_sim.scenario.text import toml_string, toml_value

_HEAD = """\
# A scenario says what differs from its base: another scenario of the library, or a file beside this one.
# Lines that begin with "#" and a letter or bracket hold a default: remove the "#" and change the value.
title = {title}
description = "What question does this scenario answer?"
base = "baseline"
"""

_EVENT = """
# Events change parameters while the run lasts, from the start of their week on; as many as you like.
#[[event]]
#week = 40
#set = "feedback.delay_weeks"
#value = 4
"""


def template(title: str) -> str:
    """The text of a new scenario file: every parameter with its meaning, commented out at its default."""
    parts = [_HEAD.format(title=toml_string(title))]
    for group, model in GROUPS.items():
        parts.append(f"\n{_comment(model.__doc__ or '')}[{group}]\n")
        parts += [_setting(field) for field in FIELDS if field.group == group]
    return "".join(parts) + _EVENT


def write_template(path: Path) -> None:
    """Write a new scenario file, titled after its name.

    Raises InputError if the file is there already or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template(path.stem.replace("_", " ").capitalize()))
    except FileExistsError:
        raise InputError(f"{path}: is there already; give the name of a new file") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _setting(field: ParameterField) -> str:
    unit = "" if field.unit == "1" else f"{field.unit}, "
    fixed = ", fixed for the whole run" if field.fixed else ""
    limits = f"{unit}{field.bounds}{fixed}"
    return f"{_comment(field.description)}{_comment(limits)}#{field.name} = {toml_value(field.default)}\n"


def _comment(text: str) -> str:
    return textwrap.indent(textwrap.fill(text, 105), "# ") + "\n"
