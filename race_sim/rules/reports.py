"""Reports from the front: what a maker learns, and when. The only way evidence reaches a workshop."""

from race_sim.records import FIELDED, NOBODY, ON_TRIAL, WORKSHOP
from race_sim.rules.compiler import rule
from race_sim.rules.draws import uniform_index
from race_sim.rules.purposes import REPORT_SHUFFLE


@rule
def posterior_mean(hits, sorties, prior_mean, weight):
    """Beta-binomial mean success after `hits` in `sorties`, from a prior worth `weight` sorties."""
    total = sorties + weight
    if total <= 0.0:
        return prior_mean
    return (hits + weight * prior_mean) / total


@rule
def trial_of(trials, i, row):
    """Slot of the active trial of workshop `i` that flies product `row`, or NOBODY."""
    for s in range(trials.shape[1]):
        if trials[i, s].active == 1 and trials[i, s].product == row:
            return s
    return NOBODY


@rule
def queue_reports(world, params, week, seed):
    """Queue what the workshops' fielded and trial products did this week, to arrive after the feedback delay."""
    first = world.tally[0].reports
    for column in range(world.tally[0].columns):
        row = world.columns.row[column]
        product = world.products[row]
        if product.kind != WORKSHOP:
            continue
        if product.status != FIELDED and product.status != ON_TRIAL:
            continue
        report = world.reports[world.tally[0].reports]
        report.maker = product.maker
        report.trial = NOBODY
        if product.status == ON_TRIAL:
            report.trial = world.trials[product.maker, trial_of(world.trials, product.maker, row)].number
        report.week = week
        report.due = week + params[0].feedback_delay_weeks
        report.sorties = product.sorties
        report.hits = product.hits
        for module in range(product.losses.shape[0]):
            report.losses[module] = product.losses[module]
        world.tally[0].reports += 1
    if params[0].feedback_shuffled == 1:
        shuffle_reports(world, first, False, week, seed)
        shuffle_reports(world, first, True, week, seed)


@rule
def shuffle_reports(world, first, trials, week, seed):
    """Permute the contents of this week's reports among workshops, fielded among fielded, trials among trials."""
    count = 0
    for n in range(first, world.tally[0].reports):
        if (world.reports[n].trial != NOBODY) == trials:
            world.columns.slots[count] = n
            count += 1
    group = 1 if trials else 0
    for place in range(count - 1, 0, -1):
        other = uniform_index(place + 1, seed, week, group, REPORT_SHUFFLE, place)
        swap_contents(world, world.columns.slots[place], world.columns.slots[other])


@rule
def swap_contents(world, n, m):
    """Swap what two reports say, leaving whom they are addressed to."""
    one = world.reports[n]
    other = world.reports[m]
    sorties = one.sorties
    hits = one.hits
    one.sorties = other.sorties
    one.hits = other.hits
    other.sorties = sorties
    other.hits = hits
    for module in range(one.losses.shape[0]):
        loss = one.losses[module]
        one.losses[module] = other.losses[module]
        other.losses[module] = loss


@rule
def deliver_reports(world, params, week):
    """Hand over every report that has arrived; older evidence fades, but a belief stays until there is news."""
    memory = params[0].feedback_memory
    for i in range(world.trials.shape[0]):
        maker = world.makers[i]
        maker.evidence *= memory
        for module in range(maker.losses.shape[0]):
            maker.losses[module] *= memory
    kept = 0
    for n in range(world.tally[0].reports):
        if world.reports[n].due <= week:
            read_report(world.reports[n], world.makers, world.products, world.trials, params)
        else:
            if kept != n:
                move_report(world.reports, n, kept)
            kept += 1
    world.tally[0].reports = kept


@rule
def read_report(report, makers, products, trials, params):
    """A workshop reads one report: on a trial, or on its fielded product (also the yardstick of its trials).

    A report on a product it has retired since says nothing about the one it fields now, and only serves as yardstick.
    """
    maker = makers[report.maker]
    for s in range(trials.shape[1]):
        trial = trials[report.maker, s]
        if trial.active == 0 or report.week < trial.start or report.week > trial.last_evidence:
            continue
        if report.trial == NOBODY:
            trial.fielded_sorties += report.sorties
            trial.fielded_hits += report.hits
        elif report.trial == trial.number:
            trial.sorties += report.sorties
            trial.hits += report.hits
    if report.trial == NOBODY and report.week >= products[maker.product].week_fielded:
        weight = maker.evidence + params[0].workshops_prior_weight
        maker.estimate = posterior_mean(float(report.hits), float(report.sorties), maker.estimate, weight)
        maker.evidence += report.sorties
        for module in range(maker.losses.shape[0]):
            maker.losses[module] += report.losses[module]


@rule
def move_report(reports, n, target):
    """Move a waiting report forward in the queue."""
    source = reports[n]
    report = reports[target]
    report.maker = source.maker
    report.trial = source.trial
    report.week = source.week
    report.due = source.due
    report.sorties = source.sorties
    report.hits = source.hits
    for module in range(source.losses.shape[0]):
        report.losses[module] = source.losses[module]


@rule
def publish(world):
    """Show peers what every maker fields and how well it believes that does."""
    for i in range(world.makers.shape[0]):
        maker = world.makers[i]
        if maker.product == NOBODY:
            continue
        product = world.products[maker.product]
        published = world.published[i]
        published.design = product.design
        published.quality = product.quality
        published.family = product.family
        published.estimate = maker.estimate
