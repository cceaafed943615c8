"""The queue log of Asterisk: a line an event, as a file or as rows of the realtime table.

`epoch|callid|queue|member|EVENT|p1|p2...`; fields as the page "Queue Logs" of Asterisk's documentation has them.
"""

from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.logs.problems import Problems
from sim.logs.tables import opened

NEVER = -1
LEAVES = frozenset({"ABANDON", "EXITWITHTIMEOUT", "EXITWITHKEY", "EXITEMPTY"})
ENDS = frozenset({"COMPLETEAGENT", "COMPLETECALLER"})
HANDED_ON = frozenset({"BLINDTRANSFER", "ATTENDEDTRANSFER", "TRANSFER"})
OF_AGENTS = frozenset({
    "PAUSE", "UNPAUSE", "PAUSEALL", "UNPAUSEALL", "ADDMEMBER", "REMOVEMEMBER", "AGENTLOGIN", "AGENTLOGOFF", "PENALTY",
    "AGENTCALLBACKLOGIN", "AGENTCALLBACKLOGOFF", "QUEUESTART", "CONFIGRELOAD", "MEMBERDELETED", "RINGCANCELED", "DID",
})  # fmt: skip
"""Events that are of no call."""


class _Calls:
    """Contacts as columns of numbers; names are counted."""

    def __init__(self) -> None:
        self.line, self.queue, self.agent, self.to = array("q"), array("l"), array("l"), array("l")
        self.offered, self.answered, self.ended, self.moved = (array("d") for _ in range(4))
        self.ring, self.rings = array("d"), array("d")
        self.again = array("b")
        self.names: dict[str, int] = {}

    def name(self, text: str) -> int:
        return self.names.setdefault(text, len(self.names))

    def arrive(self, line: int, at: float, queue: str, *, is_transfer: bool) -> int:
        for numbers, number in (
            (self.line, line),
            (self.queue, self.name(queue)),
            (self.agent, NEVER),
            (self.to, NEVER),
        ):
            numbers.append(number)
        for moments, moment in (
            (self.offered, at), (self.answered, np.nan), (self.ended, np.nan), (self.moved, np.nan),
            (self.ring, np.nan), (self.rings, 0.0),
        ):  # fmt: skip
            moments.append(moment)
        self.again.append(is_transfer)
        return len(self.line) - 1


def read(path: Path, problems: Problems) -> pd.DataFrame:
    """Return the contacts of a queue log. Raises SimError where it is none."""
    calls = _Calls()
    try:
        with opened(path) as file:
            _read(_events(file, problems), calls, problems)
    except (UnicodeError, EOFError, OSError) as problem:
        what = "is not text in UTF-8" if isinstance(problem, UnicodeError) else f"cannot be read: {problem}"
        raise SimError(f"{path}: {what}") from problem
    if not calls.line:
        raise SimError(f"{path}: there is no ENTERQUEUE in it; this is no queue log of Asterisk")
    return _frame(calls, problems)


def _events(file: Iterator[str], problems: Problems) -> Iterator[tuple[int, float, list[str]]]:
    """Give the events as (line, time, fields); the realtime table has commas and a header."""
    separator, wrong = "", []
    for number, text in enumerate(file, start=1):
        if not separator:
            separator = "|" if "|" in text else ","
            if not text.split(separator, 1)[0].strip('" ').replace(".", "").isdigit():
                continue  # the header of the realtime table
        parts = text.rstrip("\r\n").split(separator)
        try:
            at = float(parts[0].strip('"'))
            parts[4]
        except (ValueError, IndexError):
            wrong.append(number)
            continue
        if separator == ",":
            parts = [part.strip('"') for part in parts]
        yield number, at, parts
    problems.note("no event of a queue log", wrong)


def _read(events: Iterator[tuple[int, float, list[str]]], calls: _Calls, problems: Problems) -> None:
    open_calls: dict[str, int] = {}
    moved: dict[str, int] = {}
    strange: list[int] = []
    for line, at, (_, call, queue, member, event, *more) in events:
        if event == "ENTERQUEUE":
            before = moved.pop(call, NEVER)
            open_calls[call] = calls.arrive(line, at, queue, is_transfer=before != NEVER)
            if before != NEVER:
                calls.to[before] = calls.name(queue)
            continue
        if event in OF_AGENTS or call in ("NONE", "REALTIME"):
            continue
        row = open_calls.get(call)
        if row is None:
            strange.append(line)
        elif event == "CONNECT":
            calls.answered[row], calls.agent[row] = at, calls.name(member)
            calls.ring[row] = _number(more, 2)
        elif event == "RINGNOANSWER":
            calls.rings[row] += 1.0
        elif event in LEAVES or event in ENDS:
            calls.ended[row] = at
            del open_calls[call]
        elif event in HANDED_ON:
            calls.moved[row] = calls.ended[row] = at
            moved[call] = open_calls.pop(call)
    problems.note("an event of a call that never entered", strange)


def _number(fields: list[str], at: int) -> float:
    try:
        return float(fields[at])
    except (ValueError, IndexError):
        return float("nan")


def _frame(calls: _Calls, problems: Problems) -> pd.DataFrame:
    names = list(calls.names)
    times = {
        name: pd.to_datetime(np.array(column), unit="s").astype("datetime64[ms]")
        for name, column in (
            ("offered_at", calls.offered), ("answered_at", calls.answered), ("ended_at", calls.ended),
            ("transferred_at", calls.moved),
        )
    }  # fmt: skip
    named = {
        name: pd.Categorical.from_codes(np.array(column, dtype=np.int64), pd.Index(names))
        for name, column in (("queue", calls.queue), ("agent", calls.agent), ("transfer_to", calls.to))
    }
    frame = pd.DataFrame(
        {**times, **named, "ring_s": np.array(calls.ring), "rings": np.array(calls.rings)},
        index=np.array(calls.line),
    )
    again = np.array(calls.again, dtype=np.int64)
    frame["kind"] = pd.Categorical.from_codes(again, pd.Index(["inbound", "transfer"]))
    frame["consult_at"] = pd.Series(np.datetime64("NaT", "ms"), index=frame.index)
    for name in ("queue", "agent", "transfer_to"):
        frame[name] = frame[name].cat.remove_unused_categories()
    if frame["transfer_to"].isna().all():
        del frame["transfer_to"]
    unended = frame["ended_at"].isna()
    problems.note("a call without an end in the log", frame.index[unended])
    return frame[~unended]
