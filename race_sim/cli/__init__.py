"""The command line: `race-sim`, also `python -m race_sim`.

One module a command, without logic of its own.
"""

from race_sim.cli.app import main

__all__ = ["main"]
