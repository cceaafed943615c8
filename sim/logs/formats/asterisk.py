"""The queue log of Asterisk: a line an event, as a file or as rows of the realtime table.

`epoch|callid|queue|member|EVENT|p1|p2...`; fields as the page "Queue Logs" of Asterisk's documentation has them. The
table has them as columns (`time, callid, queuename, agent, event, data1 ... data5`), in any order, its times as
seconds since 1970 or as dates.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TextIO

import pandas as pd

from sim.errors import SimError
from sim.logs.event_contacts import MOMENTS, NEVER, EventContacts
from sim.logs.problems import REPEATED, Problems
from sim.logs.tables import refuse_zone, require
from sim.scenario.text_files import opened_text

Event = tuple[int, float, list[str]]
"""Line, seconds since 1970, and call, queue, member, event and what follows."""

LEAVES = {
    "ABANDON": "abandoned",
    "EXITWITHTIMEOUT": "wait_limit",
    "EXITWITHKEY": "exited",
    "EXITEMPTY": "no_agent",
}
"""Events at which a call leaves its queue without an answer, and the outcomes that they are."""
GOES_ON_S = 2.0
"""A call that enters a queue so soon after it left one by any of them but the first is on the same search."""
ENDS = frozenset({"COMPLETEAGENT", "COMPLETECALLER"})
HANDED_ON = frozenset({"BLINDTRANSFER", "ATTENDEDTRANSFER", "TRANSFER"})
OF_AGENTS = frozenset({
    "PAUSE", "UNPAUSE", "PAUSEALL", "UNPAUSEALL", "ADDMEMBER", "REMOVEMEMBER", "AGENTLOGIN", "AGENTLOGOFF", "PENALTY",
    "AGENTCALLBACKLOGIN", "AGENTCALLBACKLOGOFF", "QUEUESTART", "CONFIGRELOAD", "MEMBERDELETED", "RINGCANCELED", "DID",
})  # fmt: skip
"""Events that are of no call."""
OF_STATES = OF_AGENTS - {"PENALTY", "QUEUESTART", "CONFIGRELOAD", "RINGCANCELED", "DID"}
"""Those that say who was there."""
TABLE = ("time", "callid", "queuename", "agent", "event", "data1", "data2", "data3", "data4", "data5")
EARLIEST, LATEST = 3e8, 7e9
NO_EVENT = "no event of a queue log"


def read(path: Path, problems: Problems, zone: str = "") -> pd.DataFrame:
    """Return the contacts of a queue log, in clock times of a zone or of UTC. Raises SimError where it is none."""
    calls = EventContacts()
    try:
        with opened_text(path) as file:
            _read(_events(file, path, problems, zone), calls, problems)
    except (ValueError, csv.Error) as problem:
        raise SimError(f"{path}: {problem}") from problem
    if not len(calls):
        raise SimError(f"{path}: there is no ENTERQUEUE in it; this is no queue log of Asterisk")
    return calls.frame(zone, problems)


def _events(file: TextIO, path: Path, problems: Problems, zone: str) -> Iterator[Event]:
    first = file.readline(10_000)
    lines = chain([first], file)
    return _of_file(lines, problems) if "|" in first else _of_table(lines, path, problems, zone)


def _of_file(lines: Iterator[str], problems: Problems) -> Iterator[Event]:
    for number, text in enumerate(lines, start=1):
        time, *parts = text.rstrip("\r\n").split("|")
        try:
            at = float(time)
            parts[3]
        except (ValueError, IndexError):
            at = 0.0
        if EARLIEST < at < LATEST:
            yield number, at, parts
        else:
            problems.note(NO_EVENT, (number,))


def _of_table(lines: Iterator[str], path: Path, problems: Problems, zone: str) -> Iterator[Event]:
    reader = csv.reader(lines)
    first = next(reader, [])
    rows: Iterator[list[str]] = reader
    header = [cell.strip().lower() for cell in first]
    if "event" in header or "time" in header:
        require(TABLE[:5], header, path)
        places = [header.index(name) for name in TABLE if name in header]
    else:
        places = list(range(len(TABLE)))
        rows = chain([first], reader)
    for row in rows:
        try:
            time, *parts = (row[place] for place in places if place < len(row))
            parts[3]
            at = _seconds(time, path, zone, problems)
        except (ValueError, IndexError):
            problems.note(NO_EVENT, (reader.line_num,))
        else:
            yield reader.line_num, at, parts


def _seconds(text: str, path: Path, zone: str, problems: Problems) -> float:
    """Return seconds since 1970 of a number or of a date. Raises ValueError, and SimError for a zone without use."""
    try:
        at = float(text)
    except ValueError:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            refuse_zone(zone, path)
            problems.has_local_clocks = True
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if not EARLIEST < at < LATEST:
        raise ValueError(text)
    return at


def _read(events: Iterator[Event], calls: EventContacts, problems: Problems) -> None:
    open_calls: dict[str, int] = {}
    moved: dict[str, int] = {}
    left: dict[str, int] = {}
    offered, answered, ended, moved_at = (calls.moments[name] for name in MOMENTS)
    ring, agent, to = calls.lengths["ring_s"], calls.named["agent"], calls.named["transfer_to"]
    outcome = calls.named["outcome"]
    outcomes = {event: calls.name(one) for event, one in LEAVES.items()}
    gone_on = calls.name("moved")
    before_it: tuple[float, list[str]] = (0.0, [])
    backwards = states = 0
    for line, at, fields in events:
        backwards += at < before_it[0]
        if (at, fields) == before_it:
            problems.note(REPEATED, (line,))
            continue
        before_it = at, fields
        call, queue, member, event, *more = fields
        if event == "ENTERQUEUE":
            if call in open_calls and offered[open_calls[call]] == at:
                problems.note(REPEATED, (line,))
                continue
            before = moved.pop(call, NEVER)
            open_calls[call] = calls.arrive(line, at, queue, is_transfer=before != NEVER)
            if before != NEVER:
                to[before] = calls.name(queue)
            same = left.pop(call, NEVER) if left else NEVER
            if same != NEVER and at - ended[same] <= GOES_ON_S:
                outcome[same], offered[open_calls[call]] = gone_on, offered[same]
            continue
        if event in OF_AGENTS or call in ("NONE", "REALTIME"):
            states += event in OF_STATES
            continue
        row = open_calls.get(call)
        if row is None:
            problems.note("an event of a call that never entered", (line,))
        elif event == "CONNECT":
            answered[row], agent[row] = at, calls.name(member)
            ring[row] = _number(more, 2)
        elif event == "RINGNOANSWER":
            calls.ring_out(row, _number(more, 0) / 1000.0)
        elif event in ENDS:
            ended[row] = at
            del open_calls[call]
        elif event in outcomes:
            ended[row], outcome[row] = at, outcomes[event]
            if event != "ABANDON":
                left[call] = row
            del open_calls[call]
        elif event in HANDED_ON:
            moved_at[row] = ended[row] = at
            moved[call] = open_calls.pop(call)
    if backwards:
        lines = "1 line is" if backwards == 1 else f"{backwards:,} lines are"
        problems.readings.append(
            f"{lines} earlier than the one before, and events count in the order of the file: sort it by its first"
            " field where calls are missing"
        )

    if states:
        problems.readings.append(
            f"{states:,} events say who logged in or paused (such as ADDMEMBER and PAUSE) and are not read: who was"
            " there is told by contacts alone"
        )


def _number(fields: list[str], at: int) -> float:
    try:
        return float(fields[at])
    except (ValueError, IndexError):
        return float("nan")
