"""What both simulations made of a workload, as rows that can be set side by side."""

import math
from typing import NamedTuple

from sim.records import Records, agent_name
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
    return sorted(rows, key=lambda row: row[:4])


def searches_of_engine(records: Records) -> list[Search]:
    table = records.requests
    order = {number: nth for nth, number in enumerate(sorted(records.conversations["conversation_id"]))}
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
    return sorted(rows, key=lambda row: row[:4])


def work_of_twin(twin: EventList) -> list[Work]:
    return sorted(
        Work(agent_name(t.team, t.number), t.answered_at, t.wrap_up_at, t.ended_at) for t in twin.tasks
    )


def work_of_engine(records: Records) -> list[Work]:
    table = records.tasks[records.tasks["task_answered_time"].notna()]
    return sorted(
        Work(row.agent_id, row.task_answered_time, row.task_wrap_up_time, row.task_end_time)
        for row in table.itertuples()
    )


def first_difference(ours: list[tuple], theirs: list[tuple]) -> str:
    """Where two lists of rows part, beyond 1e-9 in a time; empty where they do not."""
    for one, other in zip(ours, theirs, strict=False):
        if not all(map(_alike, one, other)):
            return f"twin   {one}\nengine {other}"
    return "" if len(ours) == len(theirs) else f"twin has {len(ours)} rows, engine {len(theirs)}"


def _alike(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=0, abs_tol=1e-9)
    return one == other
