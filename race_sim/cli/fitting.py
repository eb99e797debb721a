"""A console that cuts nothing: tables too wide for it are folded, and if that is not enough left to the terminal."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Column, Table

WIDEST = 10_000  # columns: wider than any table


class Screen(Console):
    """Prints as a console does, but no cell of a table is cut off.

    A table wider than the screen has intervals below their values, and its text folded between words. What is still
    wider is printed as wide as it is, for the terminal to break lines; no word or number is broken before.
    """

    def print(self, *objects: Any, **options: Any) -> None:
        """Print objects; a table by itself is fitted."""
        if len(objects) == 1 and isinstance(objects[0], Table) and not options:
            super().print(_fitted(self, objects[0]), crop=False)
        else:
            super().print(*objects, **options)


def _unbounded(console: Console, renderable: RenderableType) -> Measurement:
    """Columns that something takes if broken between words (least) and if not broken at all (most)."""
    return Measurement.get(console, console.options.update(width=WIDEST), renderable)


def _fitted(console: Console, table: Table) -> Table:
    """The table itself if the screen is wide enough for it, else one with the same cells, folded."""
    needed = _unbounded(console, table).maximum
    if needed <= console.width:
        return table
    folded = Table(
        box=table.box,
        padding=table.padding,
        title=table.title,
        title_justify=table.title_justify,
        title_style=table.title_style,
    )
    columns = [[_broken(cell) if column.no_wrap else cell for cell in column.cells] for column in table.columns]
    limits = [_limits(console, column, cells) for column, cells in zip(table.columns, columns, strict=True)]
    beside = needed - sum(_limits(console, column, list(column.cells))[1] for column in table.columns)
    for column, width in zip(table.columns, _shared(limits, console.width - beside), strict=True):
        folded.add_column(column.header, justify=column.justify, overflow="fold", width=width)
    for row in zip(*columns, strict=True):
        folded.add_row(*row)
    folded.width = _unbounded(console, folded).maximum
    return folded


def _broken(cell: RenderableType) -> RenderableType:
    """An estimate with its interval below it."""
    return cell.replace(" [", "\n[") if isinstance(cell, str) else cell


def _limits(console: Console, column: Column, cells: Sequence[RenderableType]) -> tuple[int, int]:
    """Fewest and most columns of the screen that a column of the table can use."""
    header = _unbounded(console, column.header)
    found = [_unbounded(console, cell) for cell in cells]
    widest = max(one.maximum for one in (header, *found))
    narrowest = [one.maximum if column.no_wrap else one.minimum for one in found]
    return max(header.minimum, *narrowest, 1), widest


def _shared(limits: Sequence[tuple[int, int]], space: int) -> list[int]:
    """Widths within their limits that fill the space, the widest columns narrowed first."""
    level = max(most for _, most in limits)
    widths = [most for _, most in limits]
    while sum(widths) > space and level > 0:
        level -= 1
        widths = [min(most, max(least, level)) for least, most in limits]
    return widths
