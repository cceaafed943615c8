"""Queueing formulas, with which simulated figures are compared."""

from sim.theory.birth_death import Station, Waits, erlang_a, finite_queue
from sim.theory.chat import ChatTeam
from sim.theory.erlang import (
    ErlangC,
    erlang_b,
    garnett,
    halfin_whitt,
    least_agents,
    safety_factor,
    square_root_staffing,
)
from sim.theory.networks import cobham, jackson, long_run, pollaczek_khinchine
from sim.theory.time_dependent import Day, a_day
from sim.theory.warm_transfer import WarmTransfer

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
