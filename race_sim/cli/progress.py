"""Progress of a long command on standard error, with the compiling of the law told apart from running."""

from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Any, Self

from race_sim.cli.screen import messages

PATIENCE = 1.0  # seconds before anything is shown: most commands are done by then
PATIENCE_OF_FILES = 3.0  # the same where there is no terminal
INTERVAL = 15.0  # seconds between lines there
COMPILING = "compiling the law (about half a minute, once)"


class Watch:
    """Shows what is being done, and how much of it is, unless the command is soon done.

    A terminal gets a bar that vanishes at the end. A file or a pipe gets a line after some seconds, one when the law
    begins to be compiled, and one every quarter of a minute.

    Args:
        doing: what is counted, such as "running".
        total: number of steps, None if it is not known.
        timed: whether the bar itself shows the time that has passed and is left; `report` may say more instead.
    """

    def __init__(self, doing: str, total: int | None, *, timed: bool = True) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            ProgressColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._doing, self._more = doing, ""
        self._began = monotonic()
        self._screen = messages()
        times: tuple[ProgressColumn, ...] = (
            TimeElapsedColumn(),
            TextColumn("elapsed,"),
            TimeRemainingColumn(),
            TextColumn("left"),
        )
        if not timed:
            times = (TextColumn("{task.fields[more]}"),)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            *times,
            console=self._screen,
            transient=True,
        )
        self._task = self._bar.add_task(doing, total=total, more="")
        self._lock = Lock()
        self._patient = True
        self._closed = Event()
        self._compiling = 0
        self._told = False
        self._teller = Thread(target=self._tell_in_time, daemon=True)

    def advance(self, count: int = 1) -> None:
        """So many more steps are done."""
        self._bar.advance(self._task, count)

    def report(self, doing: str, done: int, total: int, more: str = "") -> None:
        """This is being done now, and so many of all steps are done; `more` is shown behind."""
        self._doing, self._more = doing, more
        self._bar.update(self._task, description=doing, completed=done, total=total, more=more)

    def __enter__(self) -> Self:
        self._teller.start()
        self._listening = _listen_to_compiler(self._compile)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._closed.set()
            if self._bar.live.is_started:
                self._bar.stop()
        self._listening()

    def _tell_in_time(self) -> None:
        """Show the bar once patience is over, or a line then and at intervals."""
        wait = PATIENCE if self._screen.is_terminal else PATIENCE_OF_FILES
        while not self._closed.wait(wait):
            wait = INTERVAL
            with self._lock:
                self._patient = False
                if self._closed.is_set():
                    return
                if self._screen.is_terminal:
                    self._bar.start()
                    return
                self._tell()

    def _compile(self, started: bool) -> None:
        """One rule, perhaps inside another, begins or ends compiling."""
        with self._lock:
            self._compiling += 1 if started else -1
            if started and not self._told and not self._patient and not self._screen.is_terminal:
                self._tell()
        self._bar.update(self._task, description=COMPILING if self._compiling else self._doing)

    def _tell(self) -> None:
        """A line: what is being done, how much of it is done, what more there is to say, how long it has run."""
        self._told = self._told or self._compiling > 0
        task = self._bar.tasks[0]
        done = "" if task.total is None else f": {task.completed:,.0f} of {task.total:,.0f}"
        doing = COMPILING if self._compiling else self._doing
        more = f", {self._more}" if self._more and not self._compiling else ""
        self._screen.print(f"{doing}{done}{more}, {monotonic() - self._began:.0f} s elapsed", soft_wrap=True)


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
