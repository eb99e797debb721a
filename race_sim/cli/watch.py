"""`race-sim watch`: the race in a browser, or saved as one file that replays it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from race_sim.cli.options import Settings
from race_sim.cli.screen import note
from race_sim.errors import InputError

if TYPE_CHECKING:
    from race_sim.page.offer import Offer

EXAMPLES = (
    "race-sim watch",
    "race-sim watch interceptors --seed 7 --set teams.skill=0.5",
    "race-sim watch baseline mine.toml",
    "race-sim watch --store results/headline",
    "race-sim watch baseline --save replay.html",
)


def watch(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SCENARIO|FILE",
            help="Names from the library or paths of TOML files. The first is raced, a second beside it; others can be "
            "chosen on the page. Default: baseline.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed, 0 to 2**64 - 1.")] = 1,
    settings: Settings = None,
    stores: Annotated[
        list[Path] | None,
        typer.Option(
            "--store",
            metavar="DIR",
            help="A directory of `race-sim sweep` whose map is shown and whose runs can be watched; may be repeated.",
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="MODULE:CLASS", help="A RaceModel of your own, instead of the usual one.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="P", min=0, max=65535, help="Port. Default: 8521, or a free one.")
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="H", help="Address to listen on; others than this machine's let others in.")
    ] = "127.0.0.1",
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the race, all its weeks, into this HTML file instead, and stop."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Let --save replace a file.")] = False,
) -> None:
    """Watch a race in a browser: what happens, who is ahead and why; change it while it runs.

    Ctrl-C ends it. The page needs race-sim's extra named "page"; --save does not. A file that it saves needs neither
    Python nor a network.
    """
    from race_sim.page.offer import offer_of
    from race_sim.page.serve import check_page, serve
    from race_sim.scenario.overrides import parse_overrides
    from race_sim.study.own_model import look_in_current_directory

    if save is None:
        check_page()
    if model is not None:
        look_in_current_directory()
    offer = offer_of(
        scenarios or (), seed=seed, changes=parse_overrides(settings or ()), stores=stores or (), model=model
    )
    if save is not None:
        _save(offer, save, overwrite=overwrite)
        return
    serve(offer, port=port, host=host, browser=not no_open, tell=note)


def _save(offer: "Offer", path: Path, *, overwrite: bool) -> None:
    """Write the replay of what the offer starts with: one race, or two side by side."""
    from race_sim.cli.progress import Watch
    from race_sim.study.staging import write_whole
    from race_sim.watch.link import labels
    from race_sim.watch.replay_page import replay_page
    from race_sim.watch.watched_race import WatchedRace

    if path.is_dir():
        raise InputError(f"--save {path}: is a directory; give the name of a file, such as replay.html")
    if path.exists() and not overwrite:
        raise InputError(f"--save {path}: is there already; give a new name, or --overwrite")
    start = offer.start
    races = [WatchedRace(one, start.seed, offer.model, start.control) for one in start.scenarios(offer.scenarios)]
    with Watch("racing", max(race.weeks for race in races)) as progress:
        page = replay_page(races, lambda _: progress.advance(), labels(start.races))
    write_whole(path, lambda file: file.write_text(page, encoding="utf-8"))
    note(f"wrote {path}")
