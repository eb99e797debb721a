"""What a parameter of the race is: a typed default with unit, bounds, meaning and source."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict


@dataclass(frozen=True, slots=True)
class Source:
    """Evidence for a default.

    `ids` are the rows of evidence that support it (S1-28: seed document, W020: web, SF03: stylised fact);
    `note` says how. `low` and `high`, where given, are the range the evidence leaves open.
    """

    ids: tuple[str, ...]
    note: str
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        span = "" if self.low is None else f", plausible {self.low:g} to {self.high:g}"
        return f"{', '.join(self.ids)}: {self.note}{span}"


@dataclass(frozen=True, slots=True)
class Assumed:
    """A default without evidence, with the range found plausible; `None` twice for a switch or a choice."""

    low: float | None
    high: float | None
    note: str = ""

    def __str__(self) -> str:
        span = "" if self.low is None else f", plausible {self.low:g} to {self.high:g}"
        return f"assumed{span}" + (f": {self.note}" if self.note else "")


@dataclass(frozen=True, slots=True)
class About:
    """What pydantic has no place for: unit, source, and whether the value is fixed for the whole run."""

    unit: str
    source: Source | Assumed
    fixed: bool

    def __call__(self, schema: JsonDict) -> None:
        """Add these facts to the JSON schema of the field (pydantic calls this)."""
        schema.update(unit=self.unit, source=str(self.source), fixed=self.fixed)


class Group(BaseModel):
    """A table of a scenario file: immutable; refuses unknown keys, NaN, infinity and silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True)


def parameter(
    default: float | str,
    *,
    unit: str,
    description: str,
    source: Source | Assumed,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    fixed: bool = False,
) -> Any:
    """Declare one parameter of a `Group`.

    `unit` is "1" for a dimensionless number, a switch or a choice. `fixed` marks what cannot change while
    a run lasts: no event may set it.
    """
    about = About(unit, source, fixed)
    return Field(default, description=description, ge=ge, gt=gt, le=le, lt=lt, json_schema_extra=about)
