"""`race-sim codebook`: what every column means."""

from race_sim.cli.screen import results, table

EXAMPLES = (
    "race-sim codebook",
    "race-sim codebook | grep half_life",
)


def codebook() -> None:
    """List every column of the weekly output and every measure of the summary, with unit and meaning."""
    from race_sim.analysis.codebook import CODEBOOK

    listed = table("column", "unit", "meaning", whole=("column",))
    for column, (unit, meaning) in CODEBOOK.items():
        listed.add_row(column, unit, meaning)
    results().print(listed)
