"""Every random number of a run, drawn before it begins and addressed by what it is for."""

from sim.workload.agents import AgentDraws
from sim.workload.by_hand import by_hand
from sim.workload.choice import Choice, choice_or_none
from sim.workload.drawing import draw
from sim.workload.draws import ContactDraws
from sim.workload.quantiles import quantile
from sim.workload.stream import Stream
from sim.workload.workload import Order, Workload

__all__ = [
    "AgentDraws",
    "Choice",
    "ContactDraws",
    "Order",
    "Stream",
    "Workload",
    "by_hand",
    "choice_or_none",
    "draw",
    "quantile",
]
