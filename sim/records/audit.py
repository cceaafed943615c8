"""What holds of the tables of every run, looked at once it is over."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.records.recorder import Records
from sim.records.schema import AGENT_STATES
from sim.records.table import Columns

Floats = NDArray[np.float64]

CLOSE_S = 1e-6
"""What sums of clock times may differ by."""

WORKING = ("ACTIVE", "BUSY")
ON = ("READY", "RESERVED", "ACTIVE", "BUSY")
WATCHING = "SILENT_MONITOR"


def audit(records: Records, arrived: int) -> str:
    """Return what is wrong with the tables of a run, of which the events may be left out; empty where nothing is.

    `arrived` contacts came. One end a contact, requests in the order of their times, agents' states that tile their
    shift, an agent who is at work exactly while they hold a task, and whispers that only agents of the conversation
    read.
    """
    found = (
        _of_contacts(records, arrived), _of_requests(records), _of_tasks(records), _of_states(records),
        _of_work(records), _of_whispers(records),
    )  # fmt: skip
    return next(filter(None, found), "")


def _of_contacts(records: Records, arrived: int) -> str:
    contacts = records.columns("conversations")
    numbers = contacts["conversation_id"]
    if len(np.unique(numbers)) != len(numbers):
        return "a conversation has two ends"
    if arrived != len(numbers):
        return f"{arrived} contacts came and {len(numbers)} have an outcome"
    open_still = contacts["outcome"] == contacts.names("outcome").index("unfinished")
    if (np.isnan(contacts["ended_at"]) & ~open_still).any():
        return "a conversation is over and has no end"
    return ""


def _of_requests(records: Records) -> str:
    requests = records.columns("requests")
    placed, ended = requests["placed_at"], requests["ended_at"]
    done = ~np.isnan(ended)
    if (ended[done] < placed[done]).any():
        return "a request ended before it was placed"
    if (np.abs(requests["wait"] - (ended - placed))[done] > CLOSE_S).any():
        return "the wait of a request is not the time from its placing to its end"
    if (requests["ring_outs"] > requests["offers"]).any():
        return "a request rang out more often than it was offered"
    return ""


def _of_tasks(records: Records) -> str:
    tasks = records.columns("tasks")
    times = [
        tasks[name]
        for name in (
            "task_queue_time", "task_reserved_time", "task_answered_time", "task_wrap_up_time", "task_end_time",
        )
    ]  # fmt: skip
    latest = np.full(len(tasks), -np.inf)
    for at in times:
        if (at < latest).any():
            return "the times of a task are not in order"
        latest = np.fmax(latest, at)
    return ""


def _of_states(records: Records) -> str:
    """Hold that on each medium an agent's states follow each other without gap or overlap while they are there."""
    states = records.columns("agent_states")
    if not len(states):
        return ""
    key = states["agent"].astype(np.int64) * len(states.names("medium")) + states["medium"]
    order = np.lexsort((states["started_at"], key))
    key, begin, end = key[order], states["started_at"][order], states["ended_at"][order]
    same = key[1:] == key[:-1]
    if (begin[1:][same] < end[:-1][same] - CLOSE_S).any():
        return f"{_agent_at(states, key[1:][same][begin[1:][same] < end[:-1][same] - CLOSE_S][0])} is in two states"
    # By team, as one person may serve other media in one than in the next.
    media, teams = len(states.names("medium")), len(states.names("team"))
    seats = key // media * teams + states["team"][order]
    places, size = seats * media + key % media, (seats.max() + 1) * media
    there = np.bincount(places, end - begin, minlength=size).reshape(-1, media)
    known = np.bincount(places, minlength=size).reshape(-1, media) > 0
    off = np.abs(there - there[:, :1]) > CLOSE_S * np.maximum(1.0, there[:, :1])
    for seat in np.flatnonzero((known & off).any(axis=1)):
        return f"the states of {_agent_at(states, seat // teams * media)} on a medium do not tile their shift"
    return ""


def _agent_at(states: Columns, place: Any) -> str:
    return states.names("agent")[int(place) // len(states.names("medium"))]


def _of_work(records: Records) -> str:
    """Hold that an agent who is on is ACTIVE or BUSY on a medium exactly while they hold a task there."""
    states, tasks = records.columns("agent_states"), records.columns("tasks")
    if not len(states) or not len(tasks):
        return ""
    media = len(states.names("medium"))
    place = states["agent"].astype(np.int64) * media + states["medium"]
    desk = states["medium"] > 0
    working = desk & np.isin(states["state"], [AGENT_STATES.index(one) for one in WORKING])
    on = desk & np.isin(states["state"], [AGENT_STATES.index(one) for one in ON])
    watched = tasks["task_direction"] == tasks.names("task_direction").index(WATCHING)
    held = ~np.isnan(tasks["task_answered_time"]) & ~watched
    ends = np.where(np.isnan(tasks["task_end_time"]), records.horizon_s, tasks["task_end_time"])
    of_task = tasks["agent_id"].astype(np.int64) * media + _medium_of(states, tasks)
    spans = [
        (place[on], states["started_at"][on], states["ended_at"][on], 0),
        (place[working], states["started_at"][working], states["ended_at"][working], 1),
        (of_task[held], tasks["task_answered_time"][held], np.minimum(ends[held], records.horizon_s), 2),
    ]
    wrong = _where_they_differ(spans)
    return (
        ""
        if wrong is None
        else f"{_agent_at(states, wrong)} is at work without a task, or has one and is not"
    )


def _medium_of(states: Columns, tasks: Columns) -> NDArray[np.int64]:
    """Return the number by which the states know the medium of each task."""
    words = np.array([states.names("medium").index(name) for name in tasks.names("mrd_id")], np.int64)
    return words.take(tasks["mrd_id"])


def _where_they_differ(spans: list[tuple[NDArray[np.int64], Floats, Floats, int]]) -> int | None:
    """Return a place at which, while on, work and tasks are not there at the same time; None where there is none."""
    keys = np.concatenate([np.concatenate([place, place]) for place, _, _, _ in spans])
    at = np.concatenate([np.concatenate([begin, end]) for _, begin, end, _ in spans])
    changes = np.zeros((3, len(keys)), np.int64)
    first = 0
    for place, _, _, kind in spans:
        changes[kind, first : first + len(place)] = 1
        changes[kind, first + len(place) : first + 2 * len(place)] = -1
        first += 2 * len(place)
    order = np.lexsort((at, keys))
    keys, at = keys[order], at[order]
    on, work, tasks = (np.cumsum(change[order]) > 0 for change in changes)
    lasts = np.append(np.diff(at), 0.0) * np.append(keys[1:] == keys[:-1], False)
    wrong = on & (work != tasks) & (lasts > CLOSE_S)
    return int(keys[np.argmax(wrong)]) if wrong.any() else None


def _of_whispers(records: Records) -> str:
    whispers, tasks = records.columns("whispers"), records.columns("tasks")
    if not len(whispers):
        return ""
    names = tasks.names("agent_id")
    inside: dict[int, set[str]] = {}
    for conversation, agent in zip(
        tasks["conversation_id"].tolist(), tasks["agent_id"].tolist(), strict=True
    ):
        if agent >= 0:
            inside.setdefault(conversation, set()).add(names[agent])
    said: list[tuple[int, Any]] = list(
        zip(whispers["conversation_id"].tolist(), whispers["readers"].tolist(), strict=True)
    )
    for conversation, readers in said:
        if not set(readers.split(", ")) <= inside.get(conversation, set()):
            return f"conversation {conversation}: a whisper is read by somebody who is not in it"
    return ""
