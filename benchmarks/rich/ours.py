"""The rich model in our engine: the scenario beside this file."""

from functools import cache
from pathlib import Path

from sim.engine import simulate
from sim.records import NOTHING, Recorder, Records
from sim.scenario import Scenario, load
from sim.workload import draw

SCENARIO = Path(__file__).with_name("scenario.yaml")
PER_SECOND = 0.045 * 3 + 0.05 * 3
"""Conversations a second, over all queues."""
TABLES = ("requests", "tasks", "agent_states")


@cache
def scenario(conversations: int) -> Scenario:
    """Return the scenario, open for as long as so many conversations take to arrive."""
    return load(SCENARIO, {"lasts": conversations / PER_SECOND})


def recorded(conversations: int, seed: int) -> Records:
    """Run with the tables of requests, tasks and agents' states."""
    world = scenario(conversations)
    return simulate(world, draw(world, seed=seed), Recorder(world, TABLES))


def recorded_on_simpy(conversations: int, seed: int) -> Records:
    """Run likewise on the SimPy engine."""
    world = scenario(conversations)
    return simulate(world, draw(world, seed=seed), Recorder(world, TABLES), engine="simpy")


def unrecorded(conversations: int, seed: int) -> int:
    """Run without records and return the number of conversations."""
    world = scenario(conversations)
    workload = draw(world, seed=seed)
    simulate(world, workload, Recorder(world, NOTHING))
    return len(workload)
