"""Queueing formulas: what a simulation is held against, and what a spreadsheet would have said."""

from sim.experiments.theory.chat import ChatTeam
from sim.experiments.theory.cobham import cobham
from sim.experiments.theory.day import Day, a_day
from sim.experiments.theory.erlang_b import erlang_b
from sim.experiments.theory.erlang_c import ErlangC
from sim.experiments.theory.jackson import jackson
from sim.experiments.theory.least_agents import least_agents
from sim.experiments.theory.markov import long_run
from sim.experiments.theory.pollaczek_khinchine import pollaczek_khinchine
from sim.experiments.theory.square_root import garnett, halfin_whitt, safety_factor, square_root_staffing
from sim.experiments.theory.station import Station
from sim.experiments.theory.steady import erlang_a, finite_queue
from sim.experiments.theory.waits import Waits
from sim.experiments.theory.warm_transfer import WarmTransfer

__all__ = [
    "ChatTeam",
    "Day",
    "ErlangC",
    "Station",
    "Waits",
    "WarmTransfer",
    "a_day",
    "cobham",
    "erlang_a",
    "erlang_b",
    "finite_queue",
    "garnett",
    "halfin_whitt",
    "jackson",
    "least_agents",
    "long_run",
    "pollaczek_khinchine",
    "safety_factor",
    "square_root_staffing",
]
