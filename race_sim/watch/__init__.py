"""What there is to see in a race: a race of the Mesa driver, watched week by week, and frames of it for a browser.

`WatchedRace` steps a race and remembers what views need; its `frame()` is one frozen picture, plain values only, that
the page and the saved replay draw with the same script.
"""

from race_sim.watch.watched_race import WatchedRace

__all__ = ["WatchedRace"]
