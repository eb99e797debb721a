"""Where designs and countermeasures stand is the same in every race, and what is drawn of them is what was recorded."""

import json
import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from race_sim.records import KIND_NAMES, PRIME, TOTAL, WORKSHOP
from race_sim.watch import WatchedRace
from race_sim.watch.design_space import (
    CHASE_WEEKS,
    LEAST_RADIUS,
    MOST_POINTS,
    MOST_TRAILS,
    cover,
    design_space,
    designs_flown,
    layout,
    layout_of,
)
from race_sim.watch.sight import Flying, Sight, Standing
from tests.watch.watching import watched

MODULES, BITS = 4, 12
MEETING = ("reach", "fraction")  # shares whose product is the share of sorties that a countermeasure meets
NEVER_MOVING = ("workshops.adapts=false", "primes.development_weeks=500")


def places_of(designs: list[int]) -> Any:
    return layout(MODULES, BITS).place(np.array(designs, np.uint64))


def first(part: Flying | Standing, rows: Any) -> Any:
    """Only these rows of what flew, or of what stood."""
    return replace(part, **{name: getattr(part, name)[rows] for name in part.__dataclass_fields__})


def duel(sight: Sight, effect: dict[int, float], flips: int = 0) -> Sight:
    """The first product that flew, against one countermeasure to its module 0, so many flips away."""
    flying = first(sight.flying, slice(0, 1))
    standing = first(sight.standing, slice(0, 1))
    mask = np.uint64((1 << BITS) - 1)
    effects = np.zeros_like(standing.effect)
    for distance, chance in effect.items():
        effects[0, distance] = chance
    wanted = replace(
        standing,
        module=np.array([0]),
        mask=np.array([mask]),
        pattern=(flying.design ^ np.uint64((1 << flips) - 1)) & mask,
        reach=np.array([0.5]),
        fraction=np.array([1.0]),
        effect=effects,
    )
    return replace(sight, flying=flying, standing=wanted)


def space_of(sight: Sight) -> dict[str, Any]:
    race = watched(weeks=1)
    race.history.sights.clear()
    race.history.sights.append(sight)
    return design_space(race.history)


@pytest.fixture(scope="module")
def race() -> WatchedRace:
    return watched("run.weeks=40")


@given(design=st.integers(0, 2**48 - 1), bit=st.integers(0, 47))
def test_one_flipped_bit_moves_a_design_by_one_the_way_its_module_lies(design: int, bit: int) -> None:
    before, after = places_of([design, design ^ (1 << bit)])
    step = after - before
    assert math.hypot(*step) == pytest.approx(1.0)
    axis = layout(MODULES, BITS).axes[bit // BITS]
    assert abs(step @ axis) >= math.cos(math.pi / MODULES / 2)


@given(design=st.integers(0, 2**48 - 1))
def test_a_design_and_its_opposite_stand_on_opposite_sides_of_the_middle(design: int) -> None:
    one, other = places_of([design, design ^ (2**48 - 1)])
    assert one == pytest.approx(-other)


def test_how_many_ones_a_design_has_does_not_move_it() -> None:
    for ones in places_of([0, 2**48 - 1]):
        assert math.hypot(*ones) < 1.0


def test_random_designs_stand_inside_the_drawing_in_all_directions_alike() -> None:
    designs = np.random.default_rng(1).integers(0, 2**48, 20_000, dtype=np.uint64)
    space = layout(MODULES, BITS)
    places = space.place(designs)
    assert (np.abs(places) > space.extent).any(axis=1).mean() < 0.001
    assert np.abs(places).max() > space.extent / 2
    assert places.std(axis=0)[0] == pytest.approx(places.std(axis=0)[1], rel=0.05)


@pytest.mark.parametrize("bits", [1, 7, 16])
@pytest.mark.parametrize("modules", [1, 3, 4])
def test_every_shape_of_design_has_a_layout(modules: int, bits: int) -> None:
    space = layout(modules, bits)
    assert space.arrows.shape == (modules * bits, 2)
    assert np.hypot(*space.arrows.T) == pytest.approx(1.0)


def test_a_design_stands_on_the_same_spot_in_any_race_and_week(race: WatchedRace) -> None:
    others = [watched("workshops.count=9", weeks=2, seed=8), watched(weeks=11, seed=5)]
    for one in (race, *others):
        space = design_space(one.history)
        assert space["extent"] == pytest.approx(layout(MODULES, BITS).extent, abs=0.01)
        assert [axis["module"] for axis in space["axes"]] == ["link", "navigation", "guidance", "airframe"]
        expected = places_of([int(point["design"], 16) for point in space["points"]])
        assert np.array([[point["x"], point["y"]] for point in space["points"]]) == pytest.approx(expected, abs=0.006)


def test_points_are_all_sorties_of_the_week_once() -> None:
    race = watched("run.weeks=40", weeks=0)
    while not race.over:
        race.step()
        points = design_space(race.history)["points"]
        for kind in (WORKSHOP, PRIME):
            flown = sum(point["sorties"] for point in points if point["kind"] == KIND_NAMES[kind])
            assert flown == race.weekly["kinds"]["sorties"][-1, kind]
        names = [(point["design"], point["kind"]) for point in points]
        assert len(set(names)) == len(names)


def test_the_faded_share_is_what_countermeasures_stopped() -> None:
    race = watched("run.weeks=60", weeks=0)
    expected, recorded, variance = 0.0, 0, 0.0
    while not race.over:
        race.step()
        sight = race.history.last
        designs = designs_flown(sight)
        faded = float((designs.sorties * designs.countered).sum())
        passing = np.prod(1.0 - sight.stopping(), axis=0)
        assert faded == pytest.approx((sight.flying.sorties * (1.0 - passing)).sum())
        drawn = sum(point["sorties"] * point["countered"] for point in design_space(race.history)["points"])
        assert drawn == pytest.approx(faded, abs=0.001 * designs.sorties.sum())
        expected += faded
        variance += float((sight.flying.sorties * passing * (1.0 - passing)).sum())
        recorded += int(race.weekly["kinds"]["stopped"][-1, TOTAL])
    assert expected > 100
    assert abs(recorded - expected) < 5.0 * math.sqrt(variance)


def test_a_design_that_several_makers_fly_is_one_point_named_after_the_largest(race: WatchedRace) -> None:
    sight = race.history.last
    flying = first(sight.flying, [0, 1, 2, 3])
    flying = replace(
        flying,
        kind=np.array([WORKSHOP, WORKSHOP, WORKSHOP, PRIME]),
        maker=np.array([4, 1, 4, 7]),
        family=np.array([3, 2, 3, 7]),
        sorties=np.array([10, 25, 20, 5]),
        alive=np.array([1.0, 0.5, 1.0, 0.25]),
        design=np.full(4, 0xABC, np.uint64),
        on_trial=np.array([True, False, True, True]),
    )
    workshops, prime = space_of(replace(sight, flying=flying))["points"]
    assert (workshops["sorties"], workshops["makers"], workshops["maker"]) == (55, 2, "workshop-4")
    assert (workshops["family"], workshops["trial"]) == (3, False)
    assert workshops["countered"] == pytest.approx(12.5 / 55, abs=0.001)
    assert (prime["sorties"], prime["makers"], prime["maker"], prime["trial"]) == (5, 1, "prime-1", True)
    assert prime["countered"] == pytest.approx(0.75)


def test_a_disc_stands_on_the_only_design_it_stops(race: WatchedRace) -> None:
    space = space_of(duel(race.history.last, {2: 0.8}, flips=2))
    (point,), (disc,) = space["points"], space["discs"]
    assert disc["covers"]
    assert (disc["x"], disc["y"], disc["radius"]) == (point["x"], point["y"], LEAST_RADIUS)
    assert disc["stops"] == pytest.approx(0.5 * 0.8)
    assert disc["covered"] == pytest.approx(0.8)
    assert disc["reach"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    "met", [{"reach": 0.01}, {"fraction": 0.01}, {"reach": 0.002, "fraction": 0.5}, {"reach": 0.0}]
)
def test_what_a_countermeasure_covers_does_not_depend_on_how_few_sorties_it_meets_yet(
    race: WatchedRace, met: dict[str, float]
) -> None:
    sight = race.history.last
    complete = replace(sight.standing, **{name: np.ones_like(getattr(sight.standing, name)) for name in MEETING})
    few = replace(complete, **{name: np.full_like(sight.standing.reach, share) for name, share in met.items()})
    by_slot = {disc["slot"]: disc for disc in space_of(replace(sight, standing=complete))["discs"]}
    discs = space_of(replace(sight, standing=few))["discs"]
    assert any(disc["covered"] > 0.1 for disc in discs)
    for disc in discs:
        full = by_slot[disc["slot"]]
        assert [disc[name] for name in ("covers", "covered", "x", "y", "radius")] == [
            full[name] for name in ("covers", "covered", "x", "y", "radius")
        ]
        share = disc["reach"] * disc["fraction"]
        assert disc["stops"] == pytest.approx(full["stops"] * share, abs=0.0006)


def test_a_new_countermeasure_to_what_all_fly_covers_it_though_it_stops_next_to_nothing(race: WatchedRace) -> None:
    sight = duel(race.history.last, {0: 0.42})
    new = replace(sight, standing=replace(sight.standing, reach=np.array([0.01])))
    (point,), (disc,) = space_of(new)["points"], space_of(new)["discs"]
    assert disc["covers"]
    assert (disc["x"], disc["y"]) == (point["x"], point["y"])
    assert disc["covered"] == pytest.approx(0.42)
    assert disc["stops"] == pytest.approx(0.004)


def test_a_countermeasure_that_stops_nothing_covers_nothing_and_stands_where_its_target_would(
    race: WatchedRace,
) -> None:
    sight = duel(race.history.last, {0: 1.0}, flips=3)
    (disc,) = space_of(sight)["discs"]
    target = int(sight.flying.design[0]) ^ 0b111
    assert not disc["covers"]
    assert disc["stops"] == disc["covered"] == 0.0
    assert disc["radius"] == LEAST_RADIUS
    assert [disc["x"], disc["y"]] == pytest.approx(places_of([target])[0], abs=0.006)


def test_discs_enclose_most_of_what_countermeasures_stop(race: WatchedRace) -> None:
    sight = race.history.last
    space, found = layout_of(sight), cover(sight)
    weights = sight.stopping() * sight.flying.sorties
    places = space.place(sight.flying.design)
    inside = stopped = 0.0
    for disc in design_space(race.history)["discs"]:
        n = int(np.flatnonzero(sight.standing.slot == disc["slot"])[0])
        assert disc["stops"] == pytest.approx(weights[n].sum() / sight.flying.sorties.sum(), abs=0.0006)
        if not disc["covers"]:
            continue
        distance = np.hypot(*(places - found.centre[n]).T)
        assert disc["radius"] ** 2 == pytest.approx(
            max(LEAST_RADIUS**2, weights[n] @ distance**2 / weights[n].sum()), rel=0.05, abs=0.02
        )
        inside += weights[n][distance <= disc["radius"]].sum()
        stopped += weights[n].sum()
    assert inside > 0.5 * stopped > 0


def test_there_is_a_disc_for_every_countermeasure_that_stands(race: WatchedRace) -> None:
    discs = design_space(race.history)["discs"]
    assert len(discs) == race.weekly["countermeasures_standing"][-1] > 3
    for disc in discs:
        row = race.model.world.countermeasures[disc["slot"]]
        assert disc["since"] <= race.week
        if row.week <= race.week:
            assert disc["team"] == f"team-{row.team}"
            assert disc["since"] == row.week
    shares = [disc["stops"] for disc in discs]
    assert shares == sorted(shares, reverse=True)


def test_trails_end_where_makers_are_now_and_show_every_move(race: WatchedRace) -> None:
    sights = list(race.history.sights)
    trails = {trail["maker"]: trail for trail in design_space(race.history)["trails"]}
    for row in range(8):
        designs = [int(sight.production.design[row]) for sight in sights]
        moves = [designs[0], *(after for before, after in pairwise(designs) if after != before)]
        name = f"workshop-{row}" if row < 6 else f"prime-{row - 6}"
        if len(moves) == 1:
            assert name not in trails
        else:
            assert trails[name]["kind"] == KIND_NAMES[WORKSHOP if row < 6 else PRIME]
            assert np.array(trails[name]["path"]) == pytest.approx(places_of(moves), abs=0.006)
    assert trails


def test_nobody_leaves_a_trail_where_nobody_changes_designs() -> None:
    race = watched(*NEVER_MOVING, weeks=12)
    assert design_space(race.history)["trails"] == []
    assert design_space(race.history)["points"]


def test_the_chase_follows_mean_places_over_a_few_weeks(race: WatchedRace) -> None:
    chase = design_space(race.history)["chase"]
    sights = list(race.history.sights)
    for kind in (WORKSHOP, PRIME):
        expected = []
        for last in range(CHASE_WEEKS, len(sights) + 1):
            weight = place = 0.0
            for sight in sights[last - CHASE_WEEKS : last]:
                sorties = np.where(sight.flying.kind == kind, sight.flying.sorties, 0)
                weight += sorties.sum()
                place = place + sorties @ places_of(sight.flying.design.tolist())
            if weight > 0:
                expected.append(place / weight)
        assert np.array(chase[KIND_NAMES[kind]]) == pytest.approx(np.array(expected), abs=0.006)


def test_countermeasures_chase_the_only_design_they_stop(race: WatchedRace) -> None:
    space = space_of(duel(race.history.last, {0: 1.0}))
    (point,) = space["points"]
    assert space["chase"]["countermeasures"] == [[point["x"], point["y"]]]


def test_countermeasures_chase_what_they_stop_now_not_what_they_would_stop_at_full_reach(race: WatchedRace) -> None:
    sight = race.history.last
    reach = np.where(np.arange(len(sight.standing.slot)) == 0, 0.01, sight.standing.reach)
    sight = replace(sight, standing=replace(sight.standing, reach=reach))
    stopped = (sight.stopping() * sight.flying.sorties).sum(axis=0)
    expected = stopped @ places_of(sight.flying.design.tolist()) / stopped.sum()
    ((x, y),) = space_of(sight)["chase"]["countermeasures"]
    assert [x, y] == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize(
    "overrides",
    [
        ("teams.count=0",),
        ("operators.crews=0",),
        ("workshops.count=0",),
        ("primes.count=0",),
        ("workshops.count=0", "primes.count=0"),
        ("design.modules=1", "design.bits_per_module=16"),
        ("countermeasures.kind=area",),
    ],
)
def test_a_race_without_one_side_can_be_drawn(overrides: tuple[str, ...]) -> None:
    race = watched(*overrides)
    space = design_space(race.history)
    assert json.loads(json.dumps(space, allow_nan=False)) == space
    assert (space["points"] == []) == (race.weekly["kinds"]["sorties"][-1, TOTAL] == 0)
    assert (space["discs"] == []) == (race.weekly["countermeasures_standing"][-1] == 0)


def test_of_a_large_race_what_matters_most_is_drawn_and_the_rest_counted() -> None:
    race = watched("workshops.count=700", "operators.crews=50000", "run.weeks=8")
    space = design_space(race.history)
    assert len(space["points"]) == MOST_POINTS
    drawn = [point["sorties"] for point in space["points"]]
    assert drawn == sorted(drawn, reverse=True)
    assert space["omitted_sorties"] > 0
    assert sum(drawn) + space["omitted_sorties"] == race.weekly["kinds"]["sorties"][-1, TOTAL]
    assert len(space["trails"]) == MOST_TRAILS
    assert space["omitted_trails"] > 0
    assert len(json.dumps(space)) < 100_000
