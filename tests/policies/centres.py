"""Small centres, each made for one policy to win in, and to lose in after a change."""

from functools import cache

import sim
from sim.scenario import Scenario

EXPERTS = """
name: Experts
lasts: 4h
seed: 11
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat, request_ttl: 90s}}
queues:
  front: {medium: chat, handle_time: {exponential: {mean: 3m}}, transfer: {probability: 40%, to: {experts: 100%}}}
  experts: {medium: chat, handle_time: {exponential: {mean: 4m}}}
teams:
  front: {agents: 8, skills: {front: 5}}
  experts: {agents: 5, skills: {experts: 5}}
arrivals:
  - {channel: web, queue: front, per_hour: 100}
  - {channel: web, queue: experts, per_hour: 30}
"""
"""Experts serve their own customers and those that the front line hands on."""

HELPERS = """
name: Helpers
lasts: 3h
seed: 12
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales:
    medium: voice
    handle_time: {exponential: {mean: 3m}}
    service_level: {within: 30s, target: 80%}
    steps: [{needs: "sales >= 5", for: 1m}, {needs: "sales >= 1"}]
  care: {medium: voice, handle_time: {exponential: {mean: 3m}}, service_level: {within: 30s, target: 80%}}
teams:
  sales: {agents: 6, skills: {sales: 8}}
  care: {agents: 6, skills: {care: 8, sales: 2}}
arrivals:
  - {channel: phone, queue: sales, per_hour: [80, 140, 80]}
  - {channel: phone, queue: care, per_hour: 20}
"""
"""The care team helps out in sales, after a minute."""

VETERANS = """
name: Veterans
lasts: 4h
seed: 13
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  calls: {medium: voice, handle_time: {exponential: {mean: 4m}}}
  hard: {medium: voice, handle_time: {exponential: {mean: 4m}}}
teams:
  novices: {agents: 5, skills: {calls: 2}, speed: {calls: 70%}}
  veterans: {agents: 4, skills: {calls: 9, hard: 5}, speed: {calls: 130%}}
arrivals:
  - {channel: phone, queue: calls, per_hour: 70}
  - {channel: phone, queue: hard, per_hour: 6}
"""
"""Veterans are quicker with everybody's calls, and the only ones for the hard ones."""

CHATS = """
name: Chats
lasts: 2h
seed: 14
media: {chat: {max_tasks: 5}}
channels: {web: {medium: chat}}
queues: {chats: {medium: chat, handle_time: {exponential: {mean: 6m}}}}
teams:
  early: {agents: 10, skills: {chats: 5}, shifts: [{from: "00:00", to: "01:00"}]}
  late: {agents: 4, skills: {chats: 5}, shifts: [{from: "00:30", to: "02:00"}]}
arrivals: [{channel: web, queue: chats, per_hour: 100}]
"""
"""Ten go home after an hour, when what they have open is finished."""

REPLICATIONS = 10


def centre(text: str, **changes: object) -> Scenario:
    """Read a centre, with keys changed; two underscores stand for a dot."""
    return sim.loads(text, overrides={key.replace("__", "."): value for key, value in changes.items()})


def with_policy(scenario: Scenario, name: str) -> Scenario:
    """Let both decisions be those of a policy that comes in two halves."""
    return scenario.set("routing.agent_selection", name).set("routing.request_selection", name)


class Figures:
    """The figures of a few days of a centre, as `figures("asa", queue="experts")`."""

    def __init__(self, scenario: Scenario) -> None:
        self._result = sim.run(scenario, REPLICATIONS, jobs=1, keep_tables="none")

    def __call__(self, metric: str, **place: str) -> float:
        return self._result.figure(metric, **place).value


figures_of = cache(Figures)
"""The same days are simulated once."""
