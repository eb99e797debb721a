"""A study of a few seconds with a figure of every kind, for tests of figures, tables and reports."""

from pathlib import Path

GALLERY = """
title = "Gallery"
question = "Is there a figure of every kind?"
replicates = 4
outputs = ["hits", "hits_a_sortie"]

[labels]
cycle = "Design cycle (weeks)"
arsenal = "Arsenal (multiples of x1)"

[set]
"run.weeks" = 20
"run.burn_in_weeks" = 4
"workshops.count" = 4
"workshops.iteration_weeks" = "= cycle"
"money.accounts" = false
"workshops.weekly_output" = "= round(20 * arsenal)"
"workshops.trial_share" = 0.3
"primes.count" = 0
"teams.count" = 3
"teams.discovery_weeks" = 2
"operators.crews" = "= 4 * round(20 * arsenal)"

[defaults]
cycle = 1
arsenal = 1

[[part]]
name = "plane"
question = "Which arsenal matches which cycle?"
series = ["total_hits"]

[part.factors]
"founders.origin" = ["common", "independent"]
cycle = [1, 2, 4]
arsenal = [0.5, 1, 2]

[[part.figure]]
name = "plane"
kind = "phase"
title = "Hits over those of the reference"
x = "cycle"
y = "arsenal"
output = "hits"
reference = { cycle = 1, arsenal = 1 }
panels = ["founders.origin"]

[[part.figure]]
name = "plain"
kind = "phase"
title = "Hits a sortie"
x = "cycle"
y = "arsenal"
output = "hits_a_sortie"
panels = ["founders.origin"]

[[part.figure]]
name = "lines"
kind = "lines"
title = "Hits by arsenal"
x = "arsenal"
series = "cycle"
panels = ["founders.origin"]

[[part.figure]]
name = "weeks"
kind = "weeks"
title = "Hits week by week"
series = "cycle"
panels = ["founders.origin", "arsenal"]

[[part]]
name = "line"
question = "Where is the boundary?"
design = "sobol"
points = 8
refine = "boundary"

[part.factors]
"founders.origin" = ["independent"]
cycle = { low = 1, high = 8, scale = "log", whole = true }
arsenal = { low = 0.25, high = 4, scale = "log" }

[part.boundary]
x = "cycle"
y = "arsenal"
output = "hits"
reference = { cycle = 1, arsenal = 1 }
budget = 12
batch = 4

[[part.figure]]
name = "line"
kind = "boundary"
title = "Where forces hit as much"

[[part]]
name = "screen"
question = "What matters?"
design = "morris"
points = 4

[part.factors]
arsenal = { low = 0.5, high = 4 }
"teams.skill" = { low = 0.1, high = 0.9 }
"workshops.bench_noise" = { low = 0.0, high = 0.1 }

[[part.figure]]
name = "screen"
kind = "morris"
title = "Effects on hits"

[[part]]
name = "indices"
question = "How much does it matter?"
design = "saltelli"
points = 8
screen = { part = "screen", most = 2, output = "hits" }

[[part.figure]]
name = "indices"
kind = "sobol"
title = "Shares of the variance of hits"

[[part]]
name = "worlds"
question = "Where is it more?"
design = "latin_hypercube"
points = 64

[part.factors]
arsenal = { low = 0.5, high = 4 }
"teams.skill" = { low = 0.1, high = 0.9 }

[[part.figure]]
name = "worlds"
kind = "rules"
title = "Where makers hit more than 45 times a week"
output = "hits"
threshold = 45.0

[[part]]
name = "added"
question = "What do a longer cycle and a larger arsenal add, alone and together?"

[part.factors]
"founders.origin" = ["common", "independent"]
cycle = [1, 2, 4]
arsenal = [1, 2]

[[part.figure]]
name = "effects"
kind = "effects"
title = "Hits more than with a 1-week cycle"
x = "cycle"
reference = { cycle = 1 }
panels = ["founders.origin", "arsenal"]

[[part.figure]]
name = "interaction"
kind = "interaction"
title = "Hits of cycle and arsenal together, beyond the sum of both"
x = "cycle"
y = "arsenal"
reference = { cycle = 1, arsenal = 1 }
panels = ["founders.origin"]
"""


def gallery(folder: Path, *changes: tuple[str, str]) -> str:
    """Path of a file that holds the study with these texts replaced, each of which must be there."""
    text = GALLERY
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "gallery.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)
