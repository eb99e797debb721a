"""Errors that are the user's to mend. A leaf: everything may import it."""

from typing import Self


class InputError(ValueError):
    """Bad input by the user, a line for each fault: where, what was given, what is allowed, what was meant.

    The command line prints the message without a traceback and exits with status 2.
    """

    def within(self, place: object) -> Self:
        """The same faults, each line led by the place (a file, an event) in which they were found."""
        return type(self)("\n".join(f"{place}: {fault}" for fault in str(self).split("\n")))
