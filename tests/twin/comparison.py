"""What both simulations made of a workload, as rows that can be set side by side."""

import math
from collections.abc import Iterable
from itertools import zip_longest
from typing import Any, NamedTuple

from sim.records import Records
from sim.records.table import agent_name
from twin.event_list import EventList


class Search(NamedTuple):
    """One request: whose, where, when and how it ended."""

    conversation: int
    kind: str
    queue: str
    placed_at: float
    first_offer_at: float
    ended_at: float
    outcome: str
    offers: int
    ring_outs: int
    agent: str


class Work(NamedTuple):
    """One answered request's time with its agent."""

    agent: str
    conversation: int
    answered_at: float
    wrap_up_at: float
    ended_at: float


def searches_of_twin(twin: EventList) -> list[Search]:
    rows = [
        Search(
            request.conversation.number,
            request.kind,
            request.queue,
            request.placed_at,
            request.first_offer_at,
            request.ended_at,
            request.outcome,
            request.offers,
            request.ring_outs,
            agent_name(request.agent.team, request.agent.number) if request.outcome == "answered" else "",
        )
        for request in twin.requests
    ]
    return sorted(rows, key=lambda row: (row.conversation, row.placed_at))


def searches_of_engine(records: Records) -> list[Search]:
    table = records.requests
    order = _order(records)
    ends = table["answered_at"].fillna(table["ended_at"])
    rows = [
        Search(
            order[row.conversation_id],
            row.kind,
            row.queue,
            row.placed_at,
            row.first_offer_at,
            end,
            row.outcome,
            row.offers,
            row.ring_outs,
            row.agent if row.outcome == "answered" else "",
        )
        for row, end in zip(table.itertuples(), ends, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.conversation, row.placed_at))


def _order(records: Records) -> dict[int, int]:
    return {number: nth for nth, number in enumerate(sorted(records.conversations["conversation_id"]))}


def work_of_twin(twin: EventList) -> list[Work]:
    return sorted(
        Work(agent_name(t.team, t.number), t.conversation, t.answered_at, t.wrap_up_at, t.ended_at)
        for t in twin.tasks
    )


def work_of_engine(records: Records) -> list[Work]:
    table, order = records.tasks[records.tasks["task_answered_time"].notna()], _order(records)
    return sorted(
        Work(
            row.agent_id,
            order[row.conversation_id],
            row.task_answered_time,
            row.task_wrap_up_time,
            row.task_end_time,
        )
        for row in table.itertuples()
    )


def first_difference(ours: list[Any], theirs: list[Any]) -> str:
    """The pair of rows that differs first in time, by more than 1e-9 s or in anything else; empty if none does.

    Rows are paired by their first field and their order in it, so that one row too many shifts no others.
    """
    pairs = [pair for key in {row[0] for row in ours + theirs} for pair in _paired(key, ours, theirs)]
    differing = [pair for pair in pairs if None in pair or not all(map(_alike, *pair))]
    if not differing:
        return ""
    one, other = min(differing, key=lambda pair: min(row.ended_at for row in pair if row is not None))
    return f"{len(differing)} rows differ, first\ntwin   {one}\nengine {other}"


def _paired(key: Any, ours: list[Any], theirs: list[Any]) -> Iterable[tuple[Any, Any]]:
    return zip_longest([row for row in ours if row[0] == key], [row for row in theirs if row[0] == key])


def _alike(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=0, abs_tol=1e-9)
    return one == other
