"""A small scenario and tables written by hand, with the columns that the records declare."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

import pandas as pd

from sim.metrics import Measures, measure
from sim.records import Ending
from sim.records.schema import TABLES
from sim.scenario import Scenario, loads

NAN = float("nan")
TEXT = """
opens: 2026-03-02 08:00
lasts: 1h
interval: 30m
media:
  chat: {max_tasks: 3}
  voice: {max_tasks: 1}
channels:
  web: {medium: chat, request_ttl: 5m}
  phone: {medium: voice}
queues:
  general: {medium: chat, service_level: {within: 20s, target: 80%}, handle_time: 5m}
  billing: {medium: chat, service_level: {within: 60s, target: 80%}, handle_time: 5m}
  hotline: {medium: voice, handle_time: 5m}
teams:
  front: {agents: 2, skills: {general: 5, hotline: 5}, cost_per_hour: 36}
  back: {agents: 1, skills: {billing: 5}}
  leads: {agents: 1, role: supervisor}
arrivals:
  - {channel: web, queue: general, per_hour: 10}
"""
_ZERO_OF = {"number": NAN, "count": 0, "flag": False, "text": None, "names": None}
_NUMBERS = count(1)


@cache
def world(**changes: str) -> Scenario:
    """The small centre; changes are keys with `__` for the dot, as `queues__general__service_level`."""
    return loads(TEXT, overrides=[f"{key.replace('__', '.')}={value}" for key, value in changes.items()])


@dataclass(frozen=True)
class Tables:
    """What `measure` asks of the records of a run."""

    requests: pd.DataFrame
    tasks: pd.DataFrame
    conversations: pd.DataFrame
    agent_states: pd.DataFrame
    whispers: pd.DataFrame
    events: pd.DataFrame
    ending: Ending


def tables(horizon_s: float = 3600.0, **rows: list[dict[str, Any]]) -> Tables:
    """Tables of the given rows; a table that is not given is empty."""
    return Tables(**{name: _frame(name, rows.get(name, [])) for name in TABLES}, ending=Ending(horizon_s))


def figures(
    scenario: Scenario | None = None, horizon_s: float = 3600.0, **rows: list[dict[str, Any]]
) -> Measures:
    """The figures of one replication with these rows."""
    return measure(tables(horizon_s, **rows), scenario or world())


def request(outcome: str = "answered", wait: float = 0.0, at: float = 0.0, **more: Any) -> dict[str, Any]:
    """A request that was placed at `at` and answered, or ended otherwise, after `wait`."""
    over = at + wait
    answered = outcome == "answered"
    row = {
        "request_id": next(_NUMBERS), "kind": "inbound", "queue": "general", "channel": "web", "placed_at": at,
        "outcome": outcome, "wait": wait, "answered_at": over if answered else NAN, "ended_at": over,
        "first_offer_at": over if answered else NAN, "offers": int(answered), "team": "front" if answered else None,
    }  # fmt: skip
    return row | more


def requests(number: int, outcome: str = "answered", wait: float = 0.0) -> list[dict[str, Any]]:
    """As many requests that are alike."""
    return [request(outcome, wait) for _ in range(number)]


def task(answered: float = NAN, wrap_up: float = NAN, end: float = NAN, **more: Any) -> dict[str, Any]:
    """A task of agent front-1; without an answer it ended in the queue or while it rang."""
    row = {
        "request_id": -1, "agent_id": "front-1", "team": "front", "queue_id": "general", "channel": "web",
        "task_direction": "INBOUND", "task_mode": "QUEUE", "routing_mode": "PUSH", "task_disposition": "DONE",
        "task_queue_time": 0.0, "task_reserved_time": answered, "task_answered_time": answered,
        "task_wrap_up_time": wrap_up, "task_end_time": end,
    }  # fmt: skip
    return row | more


def conversation(outcome: str = "handled", at: float = 0.0, **more: Any) -> dict[str, Any]:
    """A conversation that arrived at `at`; an agent answered it at once where it was handled."""
    row = {
        "conversation_id": next(_NUMBERS), "queue": "general", "channel": "web", "arrived_at": at,
        "answered_at": at if outcome == "handled" else NAN, "ended_at": at, "outcome": outcome, "total_wait": 0.0,
    }  # fmt: skip
    return row | more


def stay(state: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    """A stay of agent front-1 in a state, of their presence where no medium is given."""
    row = {
        "agent": "front-1",
        "team": "front",
        "medium": "",
        "state": state,
        "reason": "",
        "started_at": start,
    }
    return row | {"ended_at": end} | more


def _frame(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = {column.name: _ZERO_OF[column.type] for column in TABLES[name]}
    unknown = {key for row in rows for key in row} - set(columns)
    assert not unknown, f"{name} has no columns {unknown}"
    frame = pd.DataFrame([columns | row for row in rows], columns=list(columns))
    types = {"number": "float64", "count": "int64", "flag": "bool", "text": "object", "names": "object"}
    return frame.astype({column.name: types[column.type] for column in TABLES[name]})


def values(measured: Measures, names: str, **place: str) -> Mapping[str, float]:
    """Several figures at one place, by name."""
    return {name: measured.value(name, **place) for name in names.split()}
