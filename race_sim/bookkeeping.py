"""What the weekly records say of makers as firms, of the treasuries, and of money in all."""

from race_sim.firms import ACTIVE, CONSTRAINTS, DRONE_FLOWS, MONEY_FLOWS, TREASURIES
from race_sim.records import TOTAL
from race_sim.rules.accounts import party
from race_sim.rules.compiler import rule


@rule
def measure_money(world, record):
    """Write what the record of a week says of firms, treasuries and sums over all accounts."""
    for kind in range(TOTAL + 1):
        clear_firms(record.kinds[kind])
    for i in range(world.makers.shape[0]):
        add_firm(world, i, record.kinds[world.makers[i].kind])
    for kind in range(TOTAL):
        add_flows(world.flows[kind], record.kinds[kind])
        add_flows(record.kinds[kind], record.kinds[TOTAL])
        add_standing(record.kinds[kind], record.kinds[TOTAL])
    for which in range(TREASURIES):
        measure_treasury(world, which, record.treasuries[which])
    economy = world.economy[0]
    record.goodwill = economy.goodwill
    record.interceptors = economy.interceptors
    record.strikes = economy.strikes
    record.strikes_stopped = economy.strikes_stopped
    record.depots_struck = economy.depots_struck
    record.announced = economy.announced
    record.rival_sales = economy.rival_sales
    record.rival_weeks = economy.rival_weeks
    record.cash_of_all = 0
    record.debt_of_all = 0
    for row in range(world.accounts.shape[0]):
        record.cash_of_all += world.accounts[row].cash
        record.debt_of_all += world.accounts[row].debt


@rule
def clear_firms(row):
    """Begin the sums over the makers of one kind."""
    row.makers = 0
    row.capacity = 0
    row.at_makers = 0
    row.entered = 0
    row.failed = 0
    row.cash = 0
    row.debt = 0
    row.invoiced = 0
    for constraint in range(CONSTRAINTS):
        row.bound[constraint] = 0
    for name in range(DRONE_FLOWS):
        row.drones[name] = 0
    for purpose in range(MONEY_FLOWS):
        row.money[purpose] = 0


@rule
def add_standing(part, row):
    """Add what the makers of one kind own and owe to the sums over all."""
    row.makers += part.makers
    row.at_makers += part.at_makers
    row.cash += part.cash
    row.debt += part.debt
    row.invoiced += part.invoiced


@rule
def add_flows(flow, row):
    """Add what drones and money of one kind of maker did this week."""
    row.capacity += flow.capacity
    row.entered += flow.entered
    row.failed += flow.failed
    for constraint in range(CONSTRAINTS):
        row.bound[constraint] += flow.bound[constraint]
    for name in range(DRONE_FLOWS):
        row.drones[name] += flow.drones[name]
    for purpose in range(MONEY_FLOWS):
        row.money[purpose] += flow.money[purpose]


@rule
def add_firm(world, i, row):
    """Add what one maker owns and owes at the end of the week."""
    supplier = world.suppliers[i]
    if supplier.standing == ACTIVE:
        row.makers += 1
    row.at_makers += supplier.unsold + world.makers[i].backlog
    row.cash += world.accounts[i].cash
    row.debt += world.accounts[i].debt
    row.invoiced += supplier.invoiced


@rule
def measure_treasury(world, which, row):
    """Write what a treasury received and spent this week, and what it holds."""
    treasury = world.treasuries[which]
    row.income = treasury.income
    row.aid = treasury.aid
    row.paid = treasury.paid
    row.commission = treasury.commission
    row.imports = treasury.imports
    row.plants = treasury.plants
    row.withheld = treasury.withheld
    row.committed = treasury.committed
    row.cash = world.accounts[party(world, which)].cash
