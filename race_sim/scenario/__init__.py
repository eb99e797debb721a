"""What a run is: parameters with units, bounds and sources, scenarios on top of them, and their timeline.

`load("baseline", ["teams.skill=0.5"])` gives a `Scenario`; `library()` names those that the package has.
"""

from race_sim.scenario.describe import Row, describe
from race_sim.scenario.loading import library, load
from race_sim.scenario.scenario import Event, Scenario
from race_sim.scenario.schema import BY_PATH, FIELDS, GROUPS, ParameterField, Parameters, Value
from race_sim.scenario.template import template, write_template

__all__ = [
    "BY_PATH",
    "FIELDS",
    "GROUPS",
    "Event",
    "ParameterField",
    "Parameters",
    "Row",
    "Scenario",
    "Value",
    "describe",
    "library",
    "load",
    "template",
    "write_template",
]
