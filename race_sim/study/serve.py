"""A worker process of a sweep: reads orders for blocks, races them, says so. `python -m race_sim.study.serve`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from race_sim.errors import InputError
from race_sim.study.protocol import Order, said
from race_sim.study.racing import open_checked, race_block, racer


def serve(directory: Path, model: str | None) -> None:
    """Race blocks until no more orders come. Whoever gave the orders may die at any moment; then this ends, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever gives the orders
    speaking = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a model of the user's prints must not be taken for ours

    def tell(word: str, value: object = None) -> None:
        os.write(speaking, said(word, value))

    try:
        try:
            store, race = open_checked(directory), racer(model)
            tell("ready")
            for line in sys.stdin:
                order = Order.read(line)
                race_block(store, order.place, race, begin=lambda run: tell("begun", run), condemned=order.condemned)
                tell("done", list(order.place))
        except InputError as error:
            tell("refused", str(error))
    except BrokenPipeError:
        return


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
