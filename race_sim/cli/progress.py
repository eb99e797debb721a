"""Progress of a long command on standard error, with the compiling of the law told apart from running."""

from collections.abc import Callable
from threading import Lock, Timer
from types import TracebackType
from typing import Any, Self

from race_sim.cli.screen import messages

PATIENCE = 1.0  # seconds before anything is shown: most commands are done by then
COMPILING = "compiling the law (once)"


class Watch:
    """Shows what is being done, and how much of it is, once the command has taken a second.

    A terminal gets a bar that vanishes at the end; a file or a pipe gets one line, if the law is compiled.

    Args:
        doing: what is counted, such as "running".
        total: number of steps, None if it is not known.
    """

    def __init__(self, doing: str, total: int | None) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._doing = doing
        self._screen = messages()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("elapsed,"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=self._screen,
            transient=True,
        )
        self._task = self._bar.add_task(doing, total=total)
        self._lock = Lock()
        self._patient = True
        self._closed = False
        self._compiling = 0
        self._told = False
        self._timer = Timer(PATIENCE, self._show)
        self._timer.daemon = True

    def advance(self, count: int = 1) -> None:
        """So many more steps are done."""
        self._bar.advance(self._task, count)

    def report(self, doing: str, done: int, total: int) -> None:
        """This is being done now, and so many of all steps are done."""
        self._doing = doing
        self._bar.update(self._task, description=doing, completed=done, total=total)

    def __enter__(self) -> Self:
        self._timer.start()
        self._listening = _listen_to_compiler(self._compile)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._closed = True
            if self._bar.live.is_started:
                self._bar.stop()
        self._listening()

    def _show(self) -> None:
        with self._lock:
            self._patient = False
            if self._closed:
                return
            if self._screen.is_terminal:
                self._bar.start()
            elif self._compiling:
                self._tell()

    def _compile(self, started: bool) -> None:
        """One rule, perhaps inside another, begins or ends compiling."""
        with self._lock:
            self._compiling += 1 if started else -1
            if started and not self._patient and not self._screen.is_terminal:
                self._tell()
        self._bar.update(self._task, description=COMPILING if self._compiling else self._doing)

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            self._screen.print(f"{COMPILING}: about a minute ...")


def _listen_to_compiler(tell: Callable[[bool], None]) -> Callable[[], None]:
    """Have numba tell when it begins (True) and ends (False) to compile; call the result to stop that."""
    from numba.core import event

    class Compiling(event.Listener):  # type: ignore[misc]
        def on_start(self, event: Any) -> None:  # noqa: ARG002
            tell(True)

        def on_end(self, event: Any) -> None:  # noqa: ARG002
            tell(False)

    listener = Compiling()
    event.register("numba:compile", listener)
    return lambda: event.unregister("numba:compile", listener)
