"""The small study with lines, a sampled part and one that a screen narrows, as tests of plans use it."""

from pathlib import Path

from race_sim.study.definition import Study
from race_sim.study.reading import load_study
from tests.study.small_study import written

PARTS = """
[[part]]
name = "lines"
question = "Against the shortest cycle?"
outputs = ["hits", "hits_a_sortie"]

[part.factors]
cycle = [1, 2, 3]
arsenal = [1, 2]

[[part.figure]]
name = "by_cycle"
kind = "lines"
title = "By cycle"
x = "cycle"
series = "arsenal"
output = "hits"
reference = { cycle = 1, arsenal = 1.0 }

[[part]]
name = "anywhere"
question = "Which matter?"
design = "morris"
points = 6

[part.factors]
"feedback.quality" = { low = 0.1, high = 1.0 }
"teams.skill" = { low = 0.1, high = 0.9 }
"workshops.copy_probability" = { low = 0.0, high = 1.0 }

[[part]]
name = "most"
question = "And of those?"
design = "saltelli"
points = 2
screen = { part = "anywhere", most = 2, output = "hits_a_sortie" }

[quick]
replicates"""


def small(folder: Path, *changes: tuple[str, str]) -> Study:
    cycle = ('control = "none"\n', 'control = "none"\ncycle = 1\n')
    return load_study(written(folder, cycle, ("\n[quick]\nreplicates", PARTS), *changes))
