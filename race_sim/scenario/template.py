"""A scenario file to start from, made from the schema."""

import textwrap
from pathlib import Path

from race_sim.errors import InputError
from race_sim.scenario.loading import library, load
from race_sim.scenario.schema import FIELDS, GROUPS, ParameterField, Value
from race_sim.scenario.text import did_you_mean, nearest, shown, toml_string, toml_value

_HEAD = """\
# A scenario says what differs from its base: another scenario of the library, or a file beside this one.
# Lines that begin with "#" and a letter or bracket hold {whose}: remove the "#" and change it.
title = {title}
description = "What question does this scenario answer?"
base = {base}
"""

_EVENT = """
# Events change parameters while the run lasts, from the start of their week on; as many as you like.
#[[event]]
#week = 40
#set = "feedback.delay_weeks"
#value = 4
"""


def template(title: str, base: str = "baseline") -> str:
    """The text of a new scenario file: every parameter with its meaning, commented out at the base's value.

    Raises InputError unless `base` names a scenario of the library.
    """
    known = library()
    if base not in known:
        raise InputError(
            f"unknown scenario {shown(base)}.{did_you_mean(nearest(base, known))}"
            f" A new file starts from one of the library: {', '.join(known)}."
        )
    values = load(base).parameters
    whose = "a default" if base == "baseline" else f"a value of {base}"
    parts = [_HEAD.format(title=toml_string(title), base=toml_string(base), whose=whose)]
    for group, model in GROUPS.items():
        parts.append(f"\n{_comment(model.__doc__ or '')}[{group}]\n")
        parts += [_setting(field, values.value(field.path)) for field in FIELDS if field.group == group]
    return "".join(parts) + _EVENT


def write_template(path: Path, base: str = "baseline") -> None:
    """Write a new scenario file on a library scenario, titled after its name, whole or not at all.

    Raises InputError if the base is unknown, or the file is there already or cannot be written.
    """
    text = template(path.stem.replace("_", " ").capitalize(), base)
    try:
        with path.open("x", encoding="utf-8") as file:
            try:
                file.write(text)
                file.flush()
            except BaseException:
                path.unlink()
                raise
    except FileExistsError:
        raise InputError(f"{path}: is there already; give the name of a new file") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _setting(field: ParameterField, value: Value) -> str:
    unit = "" if field.unit == "1" else f"{field.unit}, "
    fixed = ", fixed for the whole run" if field.fixed else ""
    limits = f"{unit}{field.bounds}{fixed}"
    return f"{_comment(field.description)}{_comment(limits)}#{field.name} = {toml_value(value)}\n"


def _comment(text: str) -> str:
    return textwrap.indent(textwrap.fill(text, 105), "# ") + "\n"
