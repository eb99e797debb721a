"""The Mesa agents of the race. Each holds a row of the world; each of its methods is one step of its week."""

from race_sim.agents.joint_line import JointLine
from race_sim.agents.maker import Maker
from race_sim.agents.market import Market
from race_sim.agents.operators import Operators
from race_sim.agents.prime import Prime
from race_sim.agents.race_agent import RaceAgent
from race_sim.agents.team import CountermeasureTeam
from race_sim.agents.treasury import HomeTreasury, PartnerTreasury, Treasury
from race_sim.agents.workshop import Workshop

__all__ = [
    "CountermeasureTeam",
    "HomeTreasury",
    "JointLine",
    "Maker",
    "Market",
    "Operators",
    "PartnerTreasury",
    "Prime",
    "RaceAgent",
    "Treasury",
    "Workshop",
]
