"""The one-queue model as SimPy's tutorials write it: a process a customer, a Resource, `request | timeout`."""

from collections.abc import Generator
from random import Random
from typing import Any

import simpy
from simpy.events import ConditionValue

from benchmarks.queue.model import AGENTS, GAP_S, PATIENCE_S, SERVICE_S, Visit


def run(customers: int, seed: int) -> list[Visit]:
    env = simpy.Environment()
    agents = simpy.Resource(env, capacity=AGENTS)
    visits: list[Visit] = []
    env.process(arrivals(env, agents, customers, Random(seed), visits))
    env.run()
    return visits


def arrivals(
    env: simpy.Environment, agents: simpy.Resource, customers: int, random: Random, visits: list[Visit]
) -> Generator[simpy.Event, Any, None]:
    for _ in range(customers):
        yield env.timeout(random.expovariate(1 / GAP_S))
        env.process(customer(env, agents, random, visits))


def customer(
    env: simpy.Environment, agents: simpy.Resource, random: Random, visits: list[Visit]
) -> Generator[simpy.Event, Any, None]:
    arrived_at = env.now
    with agents.request() as turn:
        patience = env.timeout(random.expovariate(1 / PATIENCE_S))
        happened: ConditionValue = yield turn | patience
        answered = turn in happened
        visits.append((arrived_at, env.now - arrived_at, answered))
        if answered:
            yield env.timeout(random.expovariate(1 / SERVICE_S))
