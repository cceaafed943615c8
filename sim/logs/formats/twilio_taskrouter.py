"""Twilio TaskRouter: its events as JSON, an event a line, in each of the three shapes in which they come.

Event callbacks have `EventType`, `TaskSid`, `Timestamp`; Event Streams the same in a CloudEvent, as `data.payload`
with `eventtype`, `task_sid`, `timestamp`; the Events resource as `event_data` beside `event_type` and `event_date`.
Names as the pages "TaskRouter Events reference" and "Event types" have them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.errors import SimError
from sim.logs.event_contacts import NEVER, EventContacts
from sim.logs.json_values import records
from sim.logs.problems import OTHER_SHAPE, REPEATED, Problems

LATEST = 7e9
OF_CALLBACKS = ("TaskSid", "ReservationSid", "TaskQueueName", "TaskQueueSid", "WorkerName", "WorkerSid")
OF_STREAMS = ("task_sid", "reservation_sid", "task_queue_name", "task_queue_sid", "worker_name", "worker_sid")
"""Fields of an event in its two ways of writing: task, reservation, and names before numbers of queue and worker."""


class Event(NamedTuple):
    """One event of a task, in the order of time."""

    at: float
    order: int
    line: int
    kind: str
    task: str
    reservation: str
    queue: str
    worker: str
    channel: str


_event_of = tuple.__new__
"""Makes an event of its fields, in a third of the time."""


def read(path: Path, problems: Problems, zone: str = "") -> pd.DataFrame:
    """Return the contacts of TaskRouter's events, in clock times of a zone, or else of UTC."""
    events = sorted(_events(path, problems))
    tasks = _Tasks()
    for event in events:
        if not tasks.take(event):
            problems.note("an event of a task that never entered a queue", (event.line,))
    if not len(tasks.contacts):
        raise SimError(f"{path}: no task entered a queue in it; these are no events of TaskRouter")
    return tasks.contacts.frame(zone, problems)


def _events(path: Path, problems: Problems) -> Iterator[Event]:
    seen: set[str] = set()
    for order, (line, record) in enumerate(records(path, problems, ("events",))):
        try:
            event = _event(record, order, line)
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
            problems.note(OTHER_SHAPE, (line,))
            continue
        name = record.get("id") or record.get("Sid") or record.get("sid")
        if isinstance(name, str):
            if name in seen:
                problems.note(REPEATED, (line,))
                continue
            seen.add(name)
        if event is not None:
            yield event


def _event(record: dict[str, Any], order: int, line: int) -> Event | None:
    """Return an event of a task; None for one of workers, activities and workspaces."""
    if "EventType" in record:
        kind, fields = record["EventType"], record
        names = OF_CALLBACKS
        channel = record.get("TaskChannelUniqueName")
        time = record.get("TimestampMs") or record["Timestamp"]
    else:
        if "event_type" in record:
            kind, fields, time = record["event_type"], record["event_data"], record["event_date"]
        else:
            fields = record["data"]["payload"]
            kind, time = fields["eventtype"], fields["timestamp"]
        names = OF_STREAMS
        channel = fields.get("task_channel_unique_name")
    get = fields.get
    if not kind.startswith(("task.", "task-queue.entered", "reservation.")) or not get(names[0]):
        return None
    task, reservation = get(names[0]), get(names[1]) or ""
    queue, worker = get(names[2]) or get(names[3]) or "", get(names[4]) or get(names[5]) or ""
    texts: tuple[Any, ...] = (kind, task, reservation, queue, worker, channel or "")
    "".join(texts)  # raises TypeError where one is no text
    return _event_of(Event, (_seconds(time), order, line, *texts))


def _seconds(time: str | float) -> float:
    """Return seconds since 1970 of seconds, milliseconds or a date. Raises ValueError."""
    if isinstance(time, str) and "-" in time:
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
        self._open: dict[str, int] = {}
        self._moved: dict[str, int] = {}
        self._created: dict[str, Event] = {}
        self._offers: dict[str, tuple[int, float]] = {}

    def take(self, event: Event) -> bool:
        """Take in an event; False where its task is not known."""
        kind = event.kind
        if kind == "task.created":
            self._created[event.task] = event
            return True
        if kind == "task-queue.entered":
            return self._enter(event)
        if kind == "reservation.created":
            if event.task not in self._open:
                self._enter(self._created.get(event.task, event)._replace(queue=event.queue, line=event.line))
            self._offers[event.reservation] = (self._open[event.task], event.at)
            return True
        row, offered = self._offers.get(event.reservation, (self._open.get(event.task, NEVER), event.at))
        if row == NEVER:
            return kind in ("task.completed", "task.deleted", "task.updated", "task.wrapup")
        self._change(event, row, offered)
        return True

    def _enter(self, event: Event) -> bool:
        """Begin a search; a task that goes on to another queue before it is answered is one search of that queue."""
        contacts, row = self.contacts, self._open.get(event.task, NEVER)
        if row != NEVER and event.task not in self._moved:
            if contacts.moments["answered_at"][row] != contacts.moments["answered_at"][row]:
                contacts.named["queue"][row] = contacts.name(event.queue)
            return True
        before = self._moved.pop(event.task, NEVER)
        row = contacts.arrive(event.line, event.at, event.queue, is_transfer=before != NEVER)
        if event.channel:
            contacts.named["channel"][row] = contacts.name(event.channel)
        if before != NEVER:
            contacts.named["transfer_to"][before] = contacts.name(event.queue)
        self._open[event.task] = row
        return True

    def _change(self, event: Event, row: int, offered: float) -> None:
        moments, lengths = self.contacts.moments, self.contacts.lengths
        answered = moments["answered_at"][row] == moments["answered_at"][row]
        ended = moments["ended_at"][row] == moments["ended_at"][row]
        match event.kind:
            case "reservation.accepted" if not answered:
                moments["answered_at"][row], lengths["ring_s"][row] = event.at, event.at - offered
                self.contacts.named["agent"][row] = self.contacts.name(event.worker)
            case "reservation.rejected" if not answered:
                lengths["rings"][row] += 1.0
            case "reservation.timeout" if not answered:
                self.contacts.ring_out(row, event.at - offered)
            case "task.transfer-initiated" if answered:
                moments["transferred_at"][row] = moments["ended_at"][row] = event.at
                self._moved[event.task] = row
            case "task.transfer-canceled" | "task.transfer-failed" if event.task in self._moved:
                back = self._moved.pop(event.task)
                moments["transferred_at"][back] = moments["ended_at"][back] = float("nan")
            case "reservation.wrapup" if answered and not ended:
                moments["ended_at"][row] = event.at
            case "reservation.completed" if answered and ended:
                lengths["wrap_up_s"][row] = max(0.0, event.at - moments["ended_at"][row])
            case "reservation.completed" | "task.completed" if answered and not ended:
                moments["ended_at"][row] = event.at
            case "task.canceled" | "task.deleted" | "task.system-deleted" if not ended:
                moments["ended_at"][row] = event.at
