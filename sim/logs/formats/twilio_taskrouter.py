"""Twilio TaskRouter: its events as JSON, an event a line, in each of the three shapes in which they come.

Event callbacks have `EventType`, `TaskSid`, `Timestamp`; Event Streams the same in a CloudEvent, as `data.payload`
with `eventtype`, `task_sid`, `timestamp`; the Events resource as `event_data` beside `event_type` and `event_date`.
Names as the pages "TaskRouter Events reference" and "Event types" have them.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from operator import gt
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic_core import SchemaValidator, core_schema, from_json

from sim.errors import SimError
from sim.interpreter import no_search_for_garbage
from sim.logs.event_contacts import NEVER, EventContacts
from sim.logs.json_values import records
from sim.logs.problems import OTHER_SHAPE, REPEATED, Problems

LATEST = 7e9
NAN = float("nan")
OF_ANSWERED = frozenset(
    {"task.transfer-initiated", "reservation.wrapup", "reservation.completed", "task.completed"}
)
OVER, CANCELED = "task over its time-to-live", "task.canceled"
"""A task that was canceled for that reason, and one for any."""
GIVEN_UP = frozenset({CANCELED, OVER, "task.deleted", "task.system-deleted"})
REASONS = ("Reason", "reason", "task_canceled_reason")
TIMED_OUT = "workflow.timeout"
TAKEN_BACK = frozenset({"task.transfer-canceled", "task.transfer-failed"})
USUAL = {
    kind: kind
    for kind in (
        "task.created", "task-queue.entered", "reservation.created", "reservation.accepted", *OF_ANSWERED
    )
}  # fmt: skip
"""Of the events of a task those that are by far the most, each as one text that all of them share."""
ENDS = {OVER: "no_agent", TIMED_OUT: "no_agent"}
"""Outcomes of tasks that nobody accepted, by the event that says so."""
WITHOUT_SEARCH = frozenset({"task.completed", "task.deleted", "task.updated", "task.wrapup"})
"""Events that may be of a task which no queue was asked for."""
STEPS = {
    "task.created": 0,
    "reservation.timeout": 1,
    "reservation.rejected": 1,
    "task.transfer-initiated": 2,
    "task-queue.entered": 3,
    "reservation.created": 4,
    "reservation.accepted": 5,
}
"""What comes after what where it is of one time; all others come at the end."""
OF_TASKS = ("task.", "task-queue.entered", "reservation.", TIMED_OUT)
OF_CALLBACKS = (
    "TaskSid",
    "ReservationSid",
    "TaskQueueName",
    "TaskQueueSid",
    "WorkerName",
    "WorkerSid",
    "TaskChannelUniqueName",
)
OF_STREAMS = (
    "task_sid",
    "reservation_sid",
    "task_queue_name",
    "task_queue_sid",
    "worker_name",
    "worker_sid",
    "task_channel_unique_name",
)
"""Fields of an event in its two ways of writing: task, reservation, and names before numbers of queue and worker."""


Event = tuple[float, int, str, str, str, str, str, str]
"""When, its line, the kind of event, task, reservation, queue, worker and channel."""


def read(path: Path, problems: Problems, zone: str = "") -> pd.DataFrame:
    """Return the contacts of TaskRouter's events, in clock times of a zone, or else of UTC."""
    with no_search_for_garbage():
        contacts = _contacts(path, problems)
    if not len(contacts):
        raise SimError(f"{path}: no task entered a queue in it; these are no events of TaskRouter")
    return contacts.frame(zone, problems)


def _contacts(path: Path, problems: Problems) -> EventContacts:
    tasks, events = _Tasks(), _Events(problems)
    for line, record in records(path, problems, "events", events.take_lines):
        events.take(line, record)
    _put_in_order(events.found)
    problems.note("an event of a task that never entered a queue", tasks.take(events.found))
    return tasks.contacts


def _put_in_order(events: list[Event]) -> None:
    """Sort events by time: lines that are in order stay, others at one time go as what happens to a task does."""
    times = [event[0] for event in events]
    if any(map(gt, times, islice(times, 1, None))):
        events.sort(key=lambda event: (event[0], STEPS.get(event[2], len(STEPS))))


class _Events:
    """The events of tasks in the order of their lines, each once."""

    def __init__(self, problems: Problems) -> None:
        self.found: list[Event] = []
        self._problems = problems
        self._seen: set[str] = set()
        self._parsed: Callable[[str], dict[str, Any]] | None = None

    def take(self, line: int, record: dict[str, Any]) -> None:
        """Take in an event in any shape, and expect the next to be in the same."""
        try:
            event = _event(record, line)
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
            self._problems.note(OTHER_SHAPE, (line,))
            return
        self._parsed = _parser_of(next((shape for shape in SHAPES if shape in record), ""))
        name = record.get("id") or record.get("Sid") or record.get("sid")
        if type(name) is str:
            if name in self._seen:
                self._problems.note(REPEATED, (line,))
                return
            self._seen.add(name)
        if event is not None:
            self.found.append(event)

    def take_lines(self, first: int, lines: list[str]) -> int:
        """Take in lines up to one that is no event in the shape of the last; in one loop, as there may be millions."""
        parsed, seen, found, line = self._parsed, self._seen, self.found, first
        before, at = None, 0.0
        if parsed is None:
            return 0
        for line, text in enumerate(lines, first):
            try:
                values = parsed(text).values()
                kind, time, name, task, reservation, queue, queue_sid, worker, worker_sid, channel = values
                kind = USUAL.get(kind, kind)
                if not task or kind == CANCELED or not (kind in USUAL or kind.startswith(OF_TASKS)):
                    self.take(line, from_json(text))
                    continue
                if time != before:
                    before, at = time, _seconds(time)
            except (ValueError, OverflowError):
                return line - first
            if name:
                if name in seen:
                    self._problems.note(REPEATED, (line,))
                    continue
                seen.add(name)
            queue, worker = queue or queue_sid or "", worker or worker_sid or ""
            found.append((at, line, kind, task, reservation or "", queue, worker, channel or ""))
        return len(lines)


def _event(record: dict[str, Any], line: int) -> Event | None:
    """Return an event of a task; None for one of workers, activities and workspaces."""
    if "EventType" in record:
        kind, fields, names = record["EventType"], record, OF_CALLBACKS
        time = record.get("TimestampMs") or record["Timestamp"]
    elif "event_type" in record:
        kind, fields, names = record["event_type"], record["event_data"], OF_STREAMS
        time = record["event_date"]
    else:
        fields, names = record["data"]["payload"], OF_STREAMS
        kind, time = fields["eventtype"], fields["timestamp"]
    get = fields.get
    of_task, of_reservation, queue_name, queue_sid, worker_name, worker_sid, of_channel = names
    task = get(of_task)
    if not (kind in USUAL or kind.startswith(OF_TASKS)) or not task:
        return None
    queue, worker = get(queue_name) or get(queue_sid) or "", get(worker_name) or get(worker_sid) or ""
    reservation, channel = get(of_reservation) or "", get(of_channel) or ""
    if kind == CANCELED and "TTL" in str(next((get(name) for name in REASONS if get(name)), "")):
        kind = OVER
    "".join((task, reservation, queue, worker, channel))  # raises TypeError where one is no text
    return _seconds(time), line, kind, task, reservation, queue, worker, channel


Place = list[str | int]
SHAPES: dict[str, tuple[Place, list[Place], Place]] = {
    "EventType": (["EventType"], [["TimestampMs"], ["Timestamp"]], []),
    "event_type": (["event_type"], [["event_date"]], ["event_data"]),
    "": (["data", "payload", "eventtype"], [["data", "payload", "timestamp"]], ["data", "payload"]),
}
"""Where each shape, by the field by which it is known, has the kind of an event, its time, and what it is about."""
NAMES: list[Place] = [["id"], ["Sid"], ["sid"]]
"""Where an event has its own name."""


@cache
def _parser_of(shape: str) -> Callable[[str], dict[str, Any]]:
    """Return what parses an event in a shape, and gives its kind, time and own name, and the fields of its task.

    It makes no objects of all the others, which would take as long again, and raises ValueError where there is anything
    that only `_event` knows how to read.
    """
    kind, times, inner = SHAPES[shape]
    names = OF_CALLBACKS if shape == "EventType" else OF_STREAMS
    field, anything = core_schema.typed_dict_field, core_schema.any_schema()
    text, some = core_schema.str_schema(strict=True), core_schema.str_schema(strict=True, min_length=1)
    maybe = core_schema.with_default_schema(core_schema.nullable_schema(text), default=None)
    named = core_schema.with_default_schema(some, default=None)
    fields = {
        "kind": field(text, validation_alias=kind),
        "time": field(some, validation_alias=times),
        "name": field(named, validation_alias=NAMES),
        **{name: field(maybe, validation_alias=[*inner, name]) for name in names},
    }
    others = [name for name in (*SHAPES, "events") if name and name != shape]
    fields |= {name: field(anything, required=False) for name in others}  # one too many, where it is there
    return SchemaValidator(core_schema.typed_dict_schema(fields)).validate_json


def _seconds(time: Any) -> float:
    """Return a time of an event as seconds since 1970. Raises ValueError where it is none."""
    if type(time) is str and "-" in time:
        moment = datetime.fromisoformat(time)
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    else:
        at = float(time)
        at = at / 1000.0 if at > 1e11 else at
    if not 0 < at < LATEST:
        raise ValueError(time)
    return at


class _Tasks:
    """What the events say of the tasks so far: one after the other, each of its own task."""

    def __init__(self) -> None:
        self.contacts = EventContacts()
        moments = self.contacts.moments
        self._answered_at, self._ended_at = moments["answered_at"], moments["ended_at"]
        self._transferred_at = moments["transferred_at"]
        self._open: dict[str, int] = {}
        self._moved: dict[str, int] = {}
        self._created: dict[str, Event] = {}
        self._offers: dict[str, tuple[int, float]] = {}

    def take(self, events: Iterable[Event]) -> list[int]:
        """Take in events; return the lines of those whose task is not known."""
        stray = []
        answered_at, ended_at, rows, offers = self._answered_at, self._ended_at, self._open, self._offers
        for event in events:
            at, line, kind, task, reservation, queue, worker, channel = event
            if kind == "task.created":
                self._created[task] = event
            elif kind == "task-queue.entered":
                self._enter(at, line, task, queue, channel)
            elif kind == "reservation.created":
                if task not in rows:
                    at_first, _, _, _, _, _, _, its_channel = self._created.get(task, event)
                    self._enter(at_first, line, task, queue, its_channel)
                offers[reservation] = (rows[task], at)
            else:
                row, offered = offers.get(reservation) or (rows.get(task, NEVER), at)
                if row == NEVER:
                    if kind not in WITHOUT_SEARCH:
                        stray.append(line)
                    continue
                has_ended = ended_at[row] == ended_at[row]  # not NaN
                if answered_at[row] != answered_at[row]:
                    if kind in ENDS:
                        self.contacts.named["outcome"][row] = self.contacts.name(ENDS[kind])
                    self._wait(row, kind, at, worker, offered)
                elif kind in OF_ANSWERED:
                    self._go_on(row, kind, at, task, has_ended=has_ended)
                if kind in GIVEN_UP:
                    if not has_ended:
                        ended_at[row] = at
                elif kind in TAKEN_BACK and task in self._moved:
                    back = self._moved.pop(task)
                    self._transferred_at[back] = ended_at[back] = NAN
        return stray

    def _enter(self, at: float, line: int, task: str, queue: str, channel: str) -> None:
        """Begin a search; a task that goes on to another queue before it is answered is one search of that queue."""
        contacts, row = self.contacts, self._open.get(task, NEVER)
        if row != NEVER and task not in self._moved:
            if self._answered_at[row] != self._answered_at[row]:
                contacts.named["queue"][row] = contacts.name(queue)
            return
        before = self._moved.pop(task, NEVER)
        row = contacts.arrive(line, at, queue, is_transfer=before != NEVER)
        if channel:
            contacts.named["channel"][row] = contacts.name(channel)
        if before != NEVER:
            contacts.named["transfer_to"][before] = contacts.name(queue)
        self._open[task] = row

    def _wait(self, row: int, kind: str, at: float, worker: str, offered: float) -> None:
        """Take in what happens to the offers of a search that nobody has answered."""
        contacts = self.contacts
        if kind == "reservation.accepted":
            self._answered_at[row], contacts.lengths["ring_s"][row] = at, at - offered
            contacts.named["agent"][row] = contacts.name(worker)
        elif kind == "reservation.rejected":
            contacts.lengths["rings"][row] += 1.0
        elif kind == "reservation.timeout":
            contacts.ring_out(row, at - offered)

    def _go_on(self, row: int, kind: str, at: float, task: str, *, has_ended: bool) -> None:
        """Take in what happens to a contact that was answered."""
        if kind == "task.transfer-initiated":
            self._transferred_at[row] = self._ended_at[row] = at
            self._moved[task] = row
        elif not has_ended:
            self._ended_at[row] = at
        elif kind == "reservation.completed":
            self.contacts.lengths["wrap_up_s"][row] = max(0.0, at - self._ended_at[row])
