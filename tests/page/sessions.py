"""A window's session of a small race without a browser, as tests drive it."""

from __future__ import annotations

from race_sim.ensemble.driver import run_ensemble
from race_sim.page.commands import obey
from race_sim.page.offer import Offer, offer_of
from race_sim.page.session import Session
from race_sim.scenario import Scenario

SMALL = {"workshops.count": 8, "primes.count": 1, "teams.count": 3, "run.weeks": 30, "run.burn_in_weeks": 5}
OFFER = offer_of(changes=SMALL)
SEED = 3


def session(query: str = f"seed={SEED}", offer: Offer = OFFER) -> Session:
    opened = Session(offer, query)
    arrive(opened)
    return opened


def arrive(watched: Session) -> None:
    """Let the races run to where they are going, as the page's loop does."""
    while watched.goal is not None:
        watched.approach()


def do(watched: Session, name: str, value: str = "", **more: str) -> None:
    obey(watched, {"do": name, "value": value, **more})
    arrive(watched)


def pull(watched: Session, path: str, value: str) -> None:
    do(watched, "pull", value, path=path)


def same_weeks(watched: Session, scenario: Scenario, race: int = 0, seed: int = SEED) -> bool:
    """Whether a race has recorded, so far, what the other driver records of this scenario, to the bit."""
    weekly = watched.races[race].weekly
    return bool(run_ensemble(scenario, [seed]).weekly[0, : len(weekly)].tobytes() == weekly.tobytes())
