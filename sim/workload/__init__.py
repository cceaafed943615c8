"""Every random number of a run, drawn before it begins and addressed by what it is for."""

from sim.workload.arrivals import draw
from sim.workload.by_hand import by_hand
from sim.workload.draws import AgentDraws, ContactDraws
from sim.workload.inverse import Choice, choice_or_none, quantile
from sim.workload.workload import Order, Stream, Workload

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
