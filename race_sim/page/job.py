"""Work that takes long, done beside the page in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class Job:
    """Something to be done in another thread.

    Args:
        words: what is being done, in words; `work` may change them.
        work: called in the other thread.
        finish: to be called with what `work` gave, where the result is wanted.
    """

    def __init__(self, words: str, work: Callable[[], Any], finish: Callable[[Any], None]) -> None:
        self.words = words
        self.finish = finish
        self._work = work
        self._result: Future[Any] | None = None

    def start(self) -> Future[Any]:
        """What will come of it; begins it, unless it has begun. The thread ends with the process, done or not."""
        if self._result is None:
            self._result = Future()
            threading.Thread(target=self._do, args=(self._result,), daemon=True).start()
        return self._result

    def _do(self, result: Future[Any]) -> None:
        try:
            result.set_result(self._work())
        except BaseException as failure:  # noqa: BLE001 -- whoever waits for the result gets it
            result.set_exception(failure)
