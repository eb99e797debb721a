"""The weekly schedule, compiled: the same rules in the same order as `race_sim.model.RaceModel.step`."""

import numpy as np

from race_sim.recorder import measure_decisions, measure_outcome
from race_sim.records import JOINT_LINE, PRIME, WORKSHOP
from race_sim.rules.abroad import announce_move, move_abroad
from race_sim.rules.arsenal import scrap_expired, tidy
from race_sim.rules.calendar import begin_week
from race_sim.rules.compiler import rule
from race_sim.rules.engagement import engage, gather, order_countermeasures, settle
from race_sim.rules.entry import admit_workshops, approve
from race_sim.rules.exports import clear_orders, close_markets, order_for_customers
from race_sim.rules.founding import empty_world, found
from race_sim.rules.front import move_front
from race_sim.rules.joint_line import agree_lines, run_line
from race_sim.rules.lives import close_lives, follow_products
from race_sim.rules.operators import allocate_sorties, review_products
from race_sim.rules.plant import invest, open_plant
from race_sim.rules.prime import develop
from race_sim.rules.production import produce_line, produce_prime, produce_workshop
from race_sim.rules.reports import deliver_reports, publish, queue_reports
from race_sim.rules.room import make_room, needs_room
from race_sim.rules.settlement import collect, meet_obligations, pay_owners
from race_sim.rules.strikes import barter, strike_depots, strike_plants
from race_sim.rules.team import field_project, spread_countermeasures, take_up_project
from race_sim.rules.treasury import (
    order_for_home,
    order_for_partners,
    receive_home_budget,
    receive_partner_budget,
)
from race_sim.rules.workshop import choose_parent, judge_trials, try_variants, workshop_is_due


@rule
def pay_and_order(world, params, week, seed):
    """Treasuries receive and pay, makers settle and invest, firms come, move and join, and orders are placed."""
    if params[0].money_accounts == 0:
        return
    receive_home_budget(world, params, week, seed)
    receive_partner_budget(world, params, week, seed)
    for i in range(world.makers.shape[0]):
        collect(world, i, params, week)
        meet_obligations(world, i, params, week)
        open_plant(world, i, week)
        invest(world, i, params, week)
        pay_owners(world, i, params)
    admit_workshops(world, params, week, seed)
    approve(world, params, week)
    announce_move(world, params, week, seed)
    move_abroad(world, params, week)
    agree_lines(world, params, week)
    clear_orders(world)
    order_for_home(world, params)
    order_for_partners(world, params)
    order_for_customers(world, params)


@rule
def produce(world, params, week):
    """Every maker's output of the week enters its lots."""
    for i in range(world.makers.shape[0]):
        if world.makers[i].kind == WORKSHOP:
            produce_workshop(world, i, params, week)
        elif world.makers[i].kind == PRIME:
            produce_prime(world, i, params, week)
        else:
            produce_line(world, i, params, week)


@rule
def strike(world, params, week, seed):
    """Drones are bartered, plants and depots are struck, and markets close on the week's sales."""
    if params[0].money_accounts == 0:
        return
    barter(world, params)
    strike_plants(world, params, week, seed)
    strike_depots(world, params, week, seed)
    close_markets(world, params)


@rule
def fight(world, params, week, seed):
    """Engagement of this week's sorties against the countermeasures standing at the end of last week."""
    sorties = gather(world, week)
    standing = order_countermeasures(world, week, seed)
    engage(world, params, sorties, standing)
    settle(world, params, week, seed)
    review_products(world, params)


@rule
def decide_makers(world, params, week, seed):
    """Workshops whose cycle ends, then primes and joint lines, decide; what they decide takes effect next week."""
    for i in range(world.makers.shape[0]):
        if world.makers[i].kind == WORKSHOP and workshop_is_due(world, i, params, week):
            judge_trials(world, i, params, week, seed)
            parent = choose_parent(world, i, params, week, seed)
            try_variants(world, i, parent, params, week, seed)
    for i in range(world.makers.shape[0]):
        if world.makers[i].kind == PRIME:
            develop(world, i, params, week, seed)
        elif world.makers[i].kind == JOINT_LINE:
            run_line(world, i, params, week)


@rule
def act_teams(world, params, week, seed):
    """Teams field what is ready, spread it, and take up new projects; it takes effect next week."""
    if params[0].teams_active == 0:
        return
    for i in range(world.teams.shape[0]):
        field_project(world, i, params, week)
        spread_countermeasures(world, i, params, week)
        take_up_project(world, i, params, week, seed)


@rule
def run_week(world, params, week, seed, weekly):
    """One tick of the race, in the order of the schedule in docs/model.md.

    The caller has chosen the parameters of the week (1: timeline events).
    """
    begin_week(world)
    scrap_expired(world, params, week)
    pay_and_order(world, params, week, seed)
    produce(world, params, week)
    strike(world, params, week, seed)
    allocate_sorties(world, params, week, seed)
    fight(world, params, week, seed)
    move_front(world, params, week)
    follow_products(world, params, week)
    measure_outcome(world, params, week, weekly, week)
    queue_reports(world, params, week, seed)
    deliver_reports(world, params, week)
    publish(world)
    decide_makers(world, params, week, seed)
    act_teams(world, params, week, seed)
    measure_decisions(world, weekly, week)
    tidy(world, params, week)


@rule
def run_weeks(world, segments, segment_of_week, week, seed, weekly):
    """Run from `week` on until the world needs room or the race is over; returns the week reached."""
    while week < segment_of_week.shape[0] and not needs_room(world):
        segment = segment_of_week[week]
        run_week(world, segments[segment : segment + 1], week, seed, weekly)
        week += 1
    return week


def run_race(
    segments: np.ndarray, segment_of_week: np.ndarray, seed: np.uint64, weekly: np.ndarray, lives: np.ndarray
) -> None:
    """One race from its founding to its last week; fills `weekly` (WEEK[weeks]) and `lives`."""
    world = empty_world(segments)
    found(world, segments, seed)
    weeks = len(segment_of_week)
    week = run_weeks(world, segments, segment_of_week, 0, seed, weekly)
    while week < weeks:
        world = make_room(world)
        week = run_weeks(world, segments, segment_of_week, week, seed, weekly)
    close_lives(world, segments, weeks - 1)
    lives[:] = world.lives


def run_races(
    segments: np.ndarray,
    segment_of_week: np.ndarray,
    seeds: np.ndarray,
    weekly: np.ndarray,
    lives: np.ndarray,
) -> None:
    """A race for each seed: `weekly` is WEEK[runs, weeks], `lives` i8[runs, kinds, durations, weeks + 1, 2]."""
    for run, seed in enumerate(seeds):
        run_race(segments, segment_of_week, seed, weekly[run], lives[run])
