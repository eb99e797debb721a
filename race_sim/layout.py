"""How state lies in memory: aligned records, and bundles of arrays that compiled rules take as one argument."""

from dataclasses import fields
from typing import Any, ClassVar

import numpy as np


def record(*fields: tuple[Any, ...]) -> np.dtype[Any]:
    """An aligned NumPy record type with attribute access, from (name, type[, shape]) tuples."""
    return np.dtype((np.record, np.dtype(list(fields), align=True)))


class Bundle:
    """Arrays that rules take as one argument; each field is a C-contiguous array or another bundle.

    Compiled code finds the arrays through `table`: for each field its address, then an array's shape.
    A bundle keeps its arrays for good: to exchange one, make a new bundle (`dataclasses.replace`).

    Raises:
        ValueError: an array is not C-contiguous, or not of the type and dimensions that the class began with.
    """

    LAYOUTS: ClassVar[dict[tuple[type, str], tuple[np.dtype, int]]] = {}

    table: np.ndarray
    address: int

    def __post_init__(self) -> None:
        words: list[int] = []
        for name in self.names():
            part = getattr(self, name)
            if isinstance(part, Bundle):
                words.append(part.address)
                continue
            layout = (part.dtype, part.ndim)
            if not part.flags.c_contiguous or self.LAYOUTS.setdefault((type(self), name), layout) != layout:
                raise ValueError(f"{type(self).__name__}.{name} cannot be an array of {layout}, {part.flags}")
            object.__setattr__(self, name, part.view())  # NumPy never resizes, hence never moves, a view
            words.append(part.ctypes.data)
            words.extend(part.shape)
        object.__setattr__(self, "table", np.array(words, dtype=np.int64))
        object.__setattr__(self, "address", self.table.ctypes.data)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Copies and pickles are made anew: they have their own arrays, at their own addresses."""
        return type(self), tuple(getattr(self, name) for name in self.names())

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the arrays and bundles, in the order of `table`."""
        return tuple(field.name for field in fields(cls))  # type: ignore[arg-type]
