"""What happened in each conversation of a result, as events of a log for process mining: from the tables alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sim.scenario.wall_clock import WallClock

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.result import Result

NO_DATE = datetime(2000, 1, 1)
"""Stands for the opening where the scenario has no date."""

ACTIVITIES = (
    "contact", "queued", "offered", "rang_out", "answered", "transfer_asked", "conference_asked", "conference_joined",
    "whispered", "left", "wrapped_up", "abandoned", "no_agent", "ended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: when, what, in which conversation, and by or with whom."""

    at: datetime
    activity: str
    case: str
    agent: str = ""
    queue: str = ""
    team: str = ""


def day_of(result: "Result", replication: int) -> datetime:
    """Return when a replication opens: each is a day of its own, one after the other."""
    opens = result.scenario.opens or NO_DATE
    length = max(1, -(-int(result.scenario.lasts) // 86_400))
    return opens + timedelta(days=int(replication) * length)


def happenings(result: "Result") -> list[Happening]:
    """Return all events of the kept replications, by conversation and in the order in which they happened."""
    found = [
        *_conversations(result, result.recorded("conversations")),
        *_requests(result, result.recorded("requests")),
        *_tasks(result, result.recorded("tasks")),
        *_whispers(result, result.recorded("whispers")),
    ]
    order = {activity: number for number, activity in enumerate(ACTIVITIES)}
    return sorted(found, key=lambda one: (_number(one.case), one.at, order[one.activity]))


def case_of(replication: int, conversation: int) -> str:
    """Name a conversation: its replication and its number in it."""
    return f"{int(replication)}-{int(conversation)}"


def _number(case: str) -> tuple[int, int]:
    replication, _, conversation = case.partition("-")
    return int(replication), int(conversation)


class _Moments:
    """Turns seconds of a replication into dates."""

    def __init__(self, result: "Result") -> None:
        self._result = result
        self._opens: dict[int, datetime] = {}
        self._clock = WallClock.of(result.scenario)

    def at(self, replication: int, seconds: float) -> datetime:
        if replication not in self._opens:
            self._opens[replication] = day_of(self._result, replication)
        return self._opens[replication] + timedelta(seconds=float(self._clock.shown(seconds)))


def _rows(table: "pd.DataFrame") -> Iterator[Any]:
    """Give rows with their columns as attributes."""
    yield from table.itertuples(index=False)


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)


def _conversations(result: "Result", table: "pd.DataFrame") -> Iterator[Happening]:
    moments = _Moments(result)
    for row in _rows(table):
        case = case_of(row.replication, row.conversation_id)
        yield Happening(moments.at(row.replication, row.arrived_at), "contact", case, queue=_text(row.queue))
        outcome = str(row.outcome)
        if row.ended_at == row.ended_at:
            last = outcome if outcome in ("abandoned", "no_agent") else "ended"
            yield Happening(moments.at(row.replication, row.ended_at), last, case)


ASKED = {"transfer": "transfer_asked", "named_transfer": "transfer_asked", "conference": "conference_asked"}


def _requests(result: "Result", table: "pd.DataFrame") -> Iterator[Happening]:
    moments = _Moments(result)
    for row in _rows(table):
        case, queue = case_of(row.replication, row.conversation_id), _text(row.queue)
        at = moments.at(row.replication, row.placed_at)
        if str(row.kind) in ASKED:
            yield Happening(at, ASKED[str(row.kind)], case, _text(row.requester), queue)
        yield Happening(at, "queued", case, queue=queue)
        if row.answered_at == row.answered_at:
            joined = "conference_joined" if str(row.kind) == "conference" else "answered"
            place = (case, _text(row.agent), queue, _text(row.team))
            yield Happening(moments.at(row.replication, row.answered_at), joined, *place)
        elif (str(row.kind), str(row.outcome)) == ("conference", "no_agent"):  # the conversation goes on
            yield Happening(moments.at(row.replication, row.ended_at), "no_agent", case, queue=queue)


def _tasks(result: "Result", table: "pd.DataFrame") -> Iterator[Happening]:
    moments = _Moments(result)
    for row in _rows(table):
        agent = _text(row.agent_id)
        if not agent:
            continue
        place = (case_of(row.replication, row.conversation_id), agent, _text(row.queue_id), _text(row.team))

        def told(seconds: float, activity: str, row: Any = row, place: tuple[str, ...] = place) -> Happening:
            return Happening(moments.at(row.replication, seconds), activity, *place)

        if row.task_reserved_time == row.task_reserved_time:
            yield told(row.task_reserved_time, "offered")
        if str(row.task_disposition) == "RONA":
            yield told(row.task_end_time, "rang_out")
        if (
            row.task_wrap_up_time == row.task_wrap_up_time
            and row.task_answered_time == row.task_answered_time
        ):
            yield told(row.task_wrap_up_time, "left")
            if row.task_end_time == row.task_end_time and row.task_end_time > row.task_wrap_up_time:
                yield told(row.task_end_time, "wrapped_up")


def _whispers(result: "Result", table: "pd.DataFrame") -> Iterator[Happening]:
    moments = _Moments(result)
    for row in _rows(table):
        case = case_of(row.replication, row.conversation_id)
        yield Happening(moments.at(row.replication, row.at), "whispered", case, _text(row.sender))
