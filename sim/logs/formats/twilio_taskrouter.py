"""Twilio TaskRouter: its events as JSON, an event a line, in each of the three shapes in which they come.

Event callbacks have `EventType`, `TaskSid`, `Timestamp`; Event Streams the same in a CloudEvent, as `data.payload`
with `eventtype`, `task_sid`, `timestamp`; the Events resource as `event_data` beside `event_type` and `event_date`.
Names as the pages "TaskRouter Events reference" and "Event types" have them.
"""

from collections.abc import Callable, Iterable
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
USUAL = {
    kind: kind
    for kind in (
        "task.created", "task-queue.entered", "reservation.created", "reservation.accepted", *OF_ANSWERED
    )
}  # fmt: skip
"""Of the events of a task those that are by far the most, each as one text that all of them share."""
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
        stray = tasks.take(sorted(_events(path, problems), key=itemgetter(0)))
        problems.note("an event of a task that never entered a queue", stray)
    if not len(tasks.contacts):
        raise SimError(f"{path}: no task entered a queue in it; these are no events of TaskRouter")
    return tasks.contacts.frame(zone, problems)


def _events(path: Path, problems: Problems) -> list[Event]:
    """Return the events of tasks in the order of their lines, each once; in one loop, as there may be millions."""
    found: list[Event] = []
    seen: set[str] = set()
    before, at = None, 0.0
    for line, record in records(path, problems, "events"):
        try:
            kind, time, fields, names = _shape(record)
            of_task, of_reservation, queue_name, queue_sid, worker_name, worker_sid, of_channel = names
            get: Callable[[str], Any] = fields.get
            task, kind = get(of_task), USUAL.get(kind, kind)
            is_of_task = (kind in USUAL or kind.startswith(OF_TASKS)) and task
            if is_of_task:
                queue = get(queue_name) or get(queue_sid) or ""
                worker = get(worker_name) or get(worker_sid) or ""
                reservation, channel = get(of_reservation) or "", get(of_channel) or ""
                "".join((task, reservation, queue, worker, channel))  # raises TypeError where one is no text
                if time != before:
                    before, at = time, _seconds(time)
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
            problems.note(OTHER_SHAPE, (line,))
            continue
        name = record.get("id") or record.get("Sid") or record.get("sid")
        if type(name) is str:
            if name in seen:
                problems.note(REPEATED, (line,))
                continue
            seen.add(name)
        if is_of_task:
            found.append((at, line, kind, task, reservation, queue, worker, channel))
    return found


def _shape(record: dict[str, Any]) -> tuple[Any, Any, dict[str, Any], tuple[str, ...]]:
    """Return the kind of an event, its time, where its fields are, and their names."""
    if "EventType" in record:
        return record["EventType"], record.get("TimestampMs") or record["Timestamp"], record, OF_CALLBACKS
    if "event_type" in record:
        return record["event_type"], record["event_date"], record["event_data"], OF_STREAMS
    payload = record["data"]["payload"]
    return payload["eventtype"], payload["timestamp"], payload, OF_STREAMS


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
