"""More agents of the same kind never lengthen the mean wait on the same workload, beyond noise."""

from itertools import pairwise

import pytest

from sim.engine import simulate
from sim.records import Recorder
from sim.scenario import Scenario, loads
from sim.workload import draw

CALLS = """
lasts: 4h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {calls: {medium: voice, handle_time: {exponential: {mean: 3m}}, patience: {exponential: {mean: 5m}}}}
teams: {desk: {agents: 4, skills: {calls: 5}, wrap_up: 20s}}
arrivals: [{channel: phone, queue: calls, per_hour: 80}]
"""

CHATS_WITH_TRANSFERS = """
lasts: 4h
media: {chat: {max_tasks: 3, slowdown: 30%}}
channels: {web: {medium: chat, request_ttl: 5m}}
queues:
  general:
    medium: chat
    handle_time: {lognormal: {mean: 4m, sd: 3m}}
    transfer: {probability: 60%, to: {billing: 100%}}
  billing: {medium: chat, handle_time: {gamma: {mean: 5m, sd: 4m}}}
teams:
  desk: {agents: 3, skills: {general: 5}, accept: {probability: 90%, delay: 8s}}
  billing: {agents: 1, skills: {billing: 5}}
arrivals: [{channel: web, queue: general, per_hour: 70}]
"""

SKILLS = """
lasts: 4h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
labels: {premium: {priority: 10}}
queues:
  sales:
    medium: voice
    handle_time: {exponential: {mean: 3m}}
    steps: [{needs: sales >= 5, for: 20s}, {needs: sales >= 1}]
  help: {medium: voice, handle_time: {exponential: {mean: 4m}}, patience: {exponential: {mean: 10m}}}
teams:
  desk: {agents: 3, skills: {sales: 2, help: 5}}
  sellers: {agents: 2, skills: {sales: 8}}
arrivals:
  - {channel: phone, queue: sales, per_hour: 50, labels: {premium: 20%}}
  - {channel: phone, queue: help, per_hour: 40}
"""
REPLICATIONS = 6
NOISE = 1.03
"""A paired mean over some thousand contacts; what agents of chance add to it is well below this."""


@pytest.mark.parametrize(
    ("text", "team"),
    [(CALLS, "desk"), (CHATS_WITH_TRANSFERS, "desk"), (CHATS_WITH_TRANSFERS, "billing"), (SKILLS, "desk")],
    ids=["calls", "chats", "transfers", "skills"],
)
def test_more_agents_never_lengthen_the_mean_wait(text: str, team: str) -> None:
    scenario = loads(text)
    fewest = scenario.teams[team].agents
    waits = [_mean_wait(scenario.set(f"teams.{team}.agents", fewest + more)) for more in range(4)]
    for fewer, more in pairwise(waits):
        assert more <= fewer * NOISE
    assert waits[-1] < 0.9 * waits[0]


def _mean_wait(scenario: Scenario) -> float:
    waits: list[float] = []
    for replication in range(REPLICATIONS):
        recorder = Recorder(scenario, ["requests"])
        simulate(scenario, draw(scenario, replication), recorder)
        waits.extend(recorder.tables["requests"].arrays()["wait"])
    return sum(waits) / len(waits)
