"""Models of the user's own, named as "module:Class"."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from race_sim.errors import InputError
from race_sim.scenario.text import did_you_mean, nearest, shown

if TYPE_CHECKING:
    from race_sim.model import RaceModel


def race_model(model: type[RaceModel] | str | None) -> type[RaceModel]:
    """The model class given or named as "module:Class"; `RaceModel` itself for None.

    Raises InputError if there is no such module or class, or it is not a `RaceModel`. What goes wrong inside
    the module keeps its own exception.
    """
    from race_sim.agents.race_agent import RaceAgent  # noqa: PLC0415 -- Mesa is slow to import
    from race_sim.model import RaceModel  # noqa: PLC0415

    if model is None:
        return RaceModel
    found: object = _imported(model, RaceModel) if isinstance(model, str) else model
    if isinstance(found, type) and issubclass(found, RaceModel):
        return found
    if isinstance(found, type) and issubclass(found, RaceAgent):
        what = "is a class of agents: give the RaceModel that has it as one of its classes"
    else:
        what = f"is {_article(type(found).__name__)}: give a subclass of race_sim.model.RaceModel"
    raise InputError(f"model {shown(model if isinstance(model, str) else repr(model))} {what}")


def look_in_current_directory() -> None:
    """Let models be found in the current directory, as `python -m race_sim` has it."""
    if "" not in sys.path:
        sys.path.insert(0, "")


def _imported(name: str, base: type) -> object:
    module_name, colon, attribute = name.partition(":")
    spelled = all(part.isidentifier() for part in (*module_name.split("."), attribute))
    if not colon or not spelled:
        raise InputError(
            f"model = {shown(name)} is not allowed: give module:Class, such as my_race:MyRace for the class "
            "MyRace in my_race.py"
        )
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        raise InputError(
            f"model {shown(name)}: there is no module {shown(error.name)} in the current directory or among "
            "the installed packages"
        ) from None
    if hasattr(module, attribute):
        found: object = getattr(module, attribute)
        return found
    classes = {key: value for key, value in vars(module).items() if isinstance(value, type)}
    own = [key for key, value in classes.items() if issubclass(value, base) and value is not base]
    hint = did_you_mean(nearest(attribute, own)) or (f" Its models are {', '.join(own)}." if own else "")
    raise InputError(f"model {shown(name)}: module {shown(module_name)} has no {shown(attribute)}.{hint}")


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
