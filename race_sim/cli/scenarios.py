"""`race-sim scenarios`: what the library has."""

from race_sim.cli.screen import results, table

EXAMPLES = (
    "race-sim scenarios",
    "race-sim run interceptors",
    "race-sim show fast_red --changed",
)


def scenarios() -> None:
    """List the scenarios that come with race-sim."""
    from race_sim.scenario import library, load

    listed = table("scenario", "title", "what it is for", whole=("scenario",))
    for name in library():
        scenario = load(name)
        listed.add_row(name, scenario.title, " ".join(scenario.description.split()))
    results().print(listed)
