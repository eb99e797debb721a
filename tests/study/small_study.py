"""A study of a second or two, for tests of the runner: two parts, three workshops, twelve weeks."""

from pathlib import Path

SMALL_STUDY = """
title = "Small"
question = "Does the runner run?"
replicates = 3
first_seed = 5

[constants]
output = 60

[set]
"run.weeks" = 14
"run.burn_in_weeks" = 4
"workshops.count" = 3
"workshops.iteration_weeks" = "= cycle"
"workshops.weekly_output" = "= output * arsenal / 3"
"workshops.trial_share" = 0.3
"primes.count" = 0
"teams.count" = "= teams"
"teams.discovery_weeks" = 2
"operators.crews" = 1000

[defaults]
teams = 2
arsenal = 1
control = "none"

[levels.control.none]

[levels.control.blind_drift]
scenario = "blind_drift"
set = { "workshops.adoption_probability" = "= adopted_share" }

[[part]]
name = "first"
question = "As it is?"

[part.factors]
teams = [1, 2]
cycle = [1, 3]
arsenal = [1, 2]

[[part]]
name = "second"
question = "And by chance?"
after = "first"

[part.factors]
cycle = [1, 3]
control = ["none", "blind_drift"]

[quick]
replicates = 2

[quick.factors]
cycle = [1]
"""


def written(folder: Path, *changes: tuple[str, str], name: str = "small") -> str:
    """Path of a file that holds the small study with these texts replaced, each of which must be there."""
    text = SMALL_STUDY
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)
