"""Write the numbers of docs/policy.md anew: `python -m scripts.docs_policy [RESULTS] [--comparisons]`.

With RESULTS, a directory that holds the finished sweeps of the page's studies by their names, tables and figures are
gathered from there first; with `--comparisons` the small comparisons are raced anew. What is not gathered is taken
from docs/data/policy as it is. Each block stands between two marks, <!-- NAME --> and <!-- end NAME -->; the prose
between blocks is not touched, and whoever runs this reads it again.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from scripts.policy_blocks import blocks, read
from scripts.policy_extra import COMPARISONS, TABLE, race
from scripts.policy_gather import DATA, gather

PAGE = Path(__file__).parents[1] / "docs" / "policy.md"
AGAIN = "--comparisons"


def written(text: str, name: str, block: str) -> str:
    """The page with one block exchanged. Raises ValueError if it has no such block."""
    marks = rf"(<!-- {re.escape(name)} -->\n\n).*?(<!-- end {re.escape(name)} -->)"
    if not re.search(marks, text, flags=re.DOTALL):
        raise ValueError(f"{PAGE} has no block {name}")
    return re.sub(marks, lambda match: f"{match[1]}{block}\n\n{match[2]}", text, flags=re.DOTALL)


def main(*arguments: str) -> None:
    """Gather what is asked for, then write the page, block by block."""
    for results in (word for word in arguments if word != AGAIN):
        gather(Path(results))
    if AGAIN in arguments:
        race(list(COMPARISONS), DATA / f"{TABLE}.csv")
    text = PAGE.read_text(encoding="utf-8")
    for name, block in blocks(read(DATA)):
        text = written(text, name, block)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
