"""The one-queue model in our engine: a scenario, its draws, its records."""

import numpy as np

from benchmarks.queue.model import AGENTS, GAP_S, PATIENCE_S, SERVICE_S, Visit
from sim.engine import simulate
from sim.records import NOTHING, Recorder, Records
from sim.scenario import loads
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


def recorded(customers: int, seed: int) -> Records:
    """Run with the tables of requests, tasks and agents' states."""
    scenario = loads(scenario_text(customers))
    return simulate(scenario, draw(scenario, seed=seed), Recorder(scenario, TABLES))


def unrecorded(customers: int, seed: int) -> int:
    """Run and keep nothing; give the number of customers."""
    scenario = loads(scenario_text(customers))
    workload = draw(scenario, seed=seed)
    simulate(scenario, workload, Recorder(scenario, NOTHING))
    return len(workload)


def count(records: Records) -> int:
    """Give the number of customers: each made one request."""
    return len(records.tables["requests"])


def visits(records: Records) -> list[Visit]:
    """Read the customers from the table of requests."""
    requests = records.requests
    answered = (requests["outcome"] == "answered").to_numpy()
    columns = (requests["placed_at"].to_numpy(), requests["wait"].to_numpy(), answered)
    return list(zip(*map(np.ndarray.tolist, columns), strict=True))
