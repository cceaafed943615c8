"""A centre that is simulated in a moment and has everything that the gate looks at."""

import sim
from sim.gate.baseline import Stored
from sim.gate.candidate import Base, Candidate, Live
from sim.gate.checking import Terms, check_one
from sim.gate.margins import guarded, with_usual
from sim.gate.result import CheckResult
from sim.parallel.workers import Workers
from sim.scenario import Scenario

DAY = """\
name: Small day
opens: 2026-03-02 09:00
lasts: 90m
seed: 21
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat, request_ttl: 4m}}
routing: {ring_time: 20s}
queues:
  front:
    medium: chat
    service_level: {within: 30s, target: 80%}
    steps: [{needs: "front >= 5", for: 30s}, {needs: "front >= 1"}]
    handle_time: {exponential: {mean: 3m}}
    patience: {exponential: {mean: 4m}}
    transfer: {probability: 25%, after: 50%, to: {experts: 100%}}
  experts:
    medium: chat
    handle_time: {exponential: {mean: 3m}}
    patience: {exponential: {mean: 4m}}
teams:
  front: {agents: 4, skills: {front: 7}, accept: {probability: 85%, delay: 3s}, wrap_up: 10s}
  experts: {agents: 3, skills: {experts: 7, front: 2}, accept: {probability: 85%, delay: 3s}, wrap_up: 10s}
arrivals:
  - {channel: web, queue: front, per_hour: 70}
  - {channel: web, queue: experts, per_hour: 8}
targets:
  - {metric: no_agent_rate, kind: transfer, at_most: 20%}
  - {metric: service_level, queue: front, at_least: 40%}
"""

WORSE = {"teams.front.agents": 3}
"""A change that makes everybody wait longer."""

HERE = Workers(1)


def day(**changes: object) -> Scenario:
    """Read the day, with keys changed; two underscores stand for a dot."""
    return sim.loads(DAY, overrides={key.replace("__", "."): value for key, value in changes.items()})


def worse() -> Scenario:
    """The day with an agent less."""
    return sim.loads(DAY, overrides=WORSE)


def stored(scenario: Scenario, replications: int = 20) -> Stored:
    """A baseline of a scenario, with the usual figures and margins."""
    live = Live(Candidate(scenario), HERE)
    return Stored.of(live, with_usual(guarded(scenario), {}), replications, "the baseline")


def held(scenario: Scenario, base: Base | None = None, **terms: object) -> CheckResult:
    """Check a scenario in this process."""
    return check_one(Candidate(scenario), base, Terms(**{"at_most": 20, **terms}), HERE)  # type: ignore[arg-type]
