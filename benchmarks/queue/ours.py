"""The one-queue model in our engine: a scenario, its draws, its records."""

from functools import cache

import numpy as np

from benchmarks.queue.model import AGENTS, GAP_S, PATIENCE_S, SERVICE_S, Visit
from sim.engine import simulate
from sim.records import NOTHING, Recorder, Records
from sim.scenario import Scenario, loads
from sim.workload import draw

TABLES = ("requests", "tasks", "agent_states")


def scenario_text(customers: int) -> str:
    return f"""
        lasts: {customers * GAP_S!r}
        media: {{voice: {{max_tasks: 1}}}}
        channels: {{phone: {{medium: voice}}}}
        queues:
          calls:
            medium: voice
            handle_time: {{exponential: {{mean: {SERVICE_S}}}}}
            patience: {{exponential: {{mean: {PATIENCE_S}}}}}
        teams: {{desk: {{agents: {AGENTS}, skills: {{calls: 5}}}}}}
        arrivals: [{{channel: phone, queue: calls, per_hour: {3600 / GAP_S!r}}}]
    """


@cache
def scenario(customers: int) -> Scenario:
    """Return the scenario, open for as long as so many customers take to arrive."""
    return loads(scenario_text(customers))


def recorded(customers: int, seed: int) -> Records:
    """Run with the tables of requests, tasks and agents' states."""
    world = scenario(customers)
    return simulate(world, draw(world, seed=seed), Recorder(world, TABLES))


def unrecorded(customers: int, seed: int) -> int:
    """Run without records and return the number of customers."""
    world = scenario(customers)
    workload = draw(world, seed=seed)
    simulate(world, workload, Recorder(world, NOTHING))
    return len(workload)


def count(records: Records) -> int:
    """Return the number of customers: each made one request."""
    return len(records.tables["requests"])


def visits(records: Records) -> list[Visit]:
    """Read the customers from the table of requests."""
    requests = records.requests
    answered = (requests["outcome"] == "answered").to_numpy()
    columns = (requests["placed_at"].to_numpy(), requests["wait"].to_numpy(), answered)
    return list(zip(*map(np.ndarray.tolist, columns), strict=True))
