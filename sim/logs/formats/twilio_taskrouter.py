"""Twilio TaskRouter: its events as JSON, an event a line, in each of the three shapes in which they come.

Event callbacks have `EventType`, `TaskSid`, `Timestamp`; Event Streams the same in a CloudEvent, as `data.payload`
with `eventtype`, `task_sid`, `timestamp`; the Events resource as `event_data` beside `event_type` and `event_date`.
Names as the pages "TaskRouter Events reference" and "Event types" have them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import pandas as pd

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
GIVEN_UP = frozenset({"task.canceled", "task.deleted", "task.system-deleted"})
TAKEN_BACK = frozenset({"task.transfer-canceled", "task.transfer-failed"})
USUAL = frozenset(
    {"task.created", "task-queue.entered", "reservation.created", "reservation.accepted", *OF_ANSWERED}
)
"""Of the events of a task those that are by far the most."""
WITHOUT_SEARCH = frozenset({"task.completed", "task.deleted", "task.updated", "task.wrapup"})
"""Events that may be of a task which no queue was asked for."""
OF_TASKS = ("task.", "task-queue.entered", "reservation.")
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
    tasks = _Tasks()
    with no_search_for_garbage():
        for event in sorted(_events(path, problems), key=itemgetter(0)):
            if not tasks.take(event):
                problems.note("an event of a task that never entered a queue", (event[1],))
    if not len(tasks.contacts):
        raise SimError(f"{path}: no task entered a queue in it; these are no events of TaskRouter")
    return tasks.contacts.frame(zone, problems)


def _events(path: Path, problems: Problems) -> Iterator[Event]:
    seen: set[str] = set()
    known = 0
    for line, record in records(path, problems, "events"):
        try:
            event = _event(record, line)
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
            problems.note(OTHER_SHAPE, (line,))
            continue
        name = record.get("id") or record.get("Sid") or record.get("sid")
        if type(name) is str:
            seen.add(name)
            if len(seen) == known:
                problems.note(REPEATED, (line,))
                continue
            known += 1
        if event is not None:
            yield event


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
    "".join((task, reservation, queue, worker, channel))  # raises TypeError where one is no text
    if type(time) is str and "-" in time:
        moment = datetime.fromisoformat(time)
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    else:
        at = float(time)
        at = at / 1000.0 if at > 1e11 else at
    if not 0 < at < LATEST:
        raise ValueError(time)
    return at, line, kind, task, reservation, queue, worker, channel


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

    def take(self, event: Event) -> bool:
        """Take in an event; False where its task is not known."""
        at, line, kind, task, reservation, queue, worker, channel = event
        if kind == "task.created":
            self._created[task] = event
            return True
        if kind == "task-queue.entered":
            self._enter(at, line, task, queue, channel)
            return True
        if kind == "reservation.created":
            if task not in self._open:
                at_first, _, _, _, _, _, _, its_channel = self._created.get(task, event)
                self._enter(at_first, line, task, queue, its_channel)
            self._offers[reservation] = (self._open[task], at)
            return True
        offer = self._offers.get(reservation)
        row, offered = (self._open.get(task, NEVER), at) if offer is None else offer
        if row == NEVER:
            return kind in WITHOUT_SEARCH
        answered_at, ended_at = self._answered_at[row], self._ended_at[row]
        if answered_at != answered_at:  # NaN: nobody has answered
            self._wait(row, kind, at, worker, offered)
        elif kind in OF_ANSWERED:
            self._go_on(row, kind, at, task, has_ended=ended_at == ended_at)
        if kind in GIVEN_UP and ended_at != ended_at:
            self._ended_at[row] = at
        elif kind in TAKEN_BACK and task in self._moved:
            back = self._moved.pop(task)
            self._transferred_at[back] = self._ended_at[back] = NAN
        return True

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
