"""The start of a week: what counts the week begins at nothing, what lasts is left alone."""

import numpy as np

from race_sim.rules.calendar import begin_week
from tests.bare_race import BareRace

OF_THE_WEEK = ("sorties", "stopped", "hits", "losses")


def test_counts_of_the_week_begin_at_nothing() -> None:
    race = BareRace()
    world, tally = race.world, race.tally
    used = world.products[: tally.product_rows]
    for name in OF_THE_WEEK:
        used[name] = 3
    for name in world.flows.dtype.names:
        world.flows[name] = 3
    world.countermeasures["engagements"] = 3
    tally.columns, tally.countermeasures_fielded, tally.saturation = 3, 3, 0.5
    tally.expected_hits[:] = 3
    begin_week(world)
    assert all((used[name] == 0).all() for name in OF_THE_WEEK)
    assert all((world.flows[name] == (3 if name == "initial" else 0)).all() for name in world.flows.dtype.names)
    assert (world.countermeasures["engagements"] == 0).all()
    assert (tally.columns, tally.countermeasures_fielded, tally.saturation) == (0, 0, 1.0)
    assert (tally.expected_hits == 0).all()


def test_what_lasts_is_left_alone() -> None:
    race = BareRace("workshops.initial_stock=40", under_way=True)
    race.run(12)
    lasting = [name for name in race.world.products.dtype.names if name not in OF_THE_WEEK]
    before = {name: race.world.products[name].tobytes() for name in lasting}
    kept = {name: getattr(race.world, name).copy() for name in ("makers", "lots", "trials", "reports", "teams")}
    balance = race.tally.balance.copy()
    begin_week(race.world)
    assert {name: race.world.products[name].tobytes() for name in lasting} == before
    assert all((getattr(race.world, name) == rows).all() for name, rows in kept.items())
    assert np.array_equal(race.tally.balance, balance)
