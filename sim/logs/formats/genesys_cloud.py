"""Genesys Cloud: analytics conversation details as JSON, as pages of the interface or a conversation a line.

Fields as the vendor's development kits have them (AnalyticsConversation, AnalyticsSession, AnalyticsSegment). A
session of a participant with the purpose `acd` is a search for an agent. Sessions of agents after it belong to it:
one that was alerted and never interacted is a ring-out, the first that interacted is the answer.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from sim.logs.column_map import ColumnMap
from sim.logs.json_values import records
from sim.logs.pieces import frames_of
from sim.logs.problems import NO_SEARCH, OTHER_SHAPE, Problems
from sim.logs.tables import contacts_of

COLUMNS = (
    "contact", "conversation", "kind", "channel", "queue", "offered_at", "answered_at", "ended_at", "transferred_at",
    "transfer_to", "warm_wait_s", "handover_s", "agent", "rings", "rung_s", "ring_s", "wrap_up_s", "outcome",
)  # fmt: skip
ENDS = {
    "peer": "abandoned", "client": "abandoned", "endpoint": "abandoned", "timeout": "no_agent", "system": "no_agent",
}  # fmt: skip
"""Outcomes by the reason for which a search ended that nobody answered."""
TRANSFERS = frozenset({"transfer", "consultTransfer", "forwardTransfer", "conferenceTransfer"})
"""Reasons for which an agent's session ends as the customer goes on to another."""

AT_ONCE_S = 2.0
"""A search that begins so soon after an agent has handed on is where to."""

Row = dict[str, Any]
NOTHING: Row = dict.fromkeys(COLUMNS)
"""A search of which nothing is known, its fields in the order of the columns."""


def read(path: Path, problems: Problems, zone: str = "") -> pd.DataFrame:
    """Return the contacts of conversation details, in clock times of a zone, or else of UTC."""
    mapped = ColumnMap({name: name for name in COLUMNS}, times="ISO8601")
    return contacts_of(frames_of(_rows(path, problems), COLUMNS), mapped, path, problems, zone)


def _rows(path: Path, problems: Problems) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for line, conversation in records(path, problems, "conversations"):
        try:
            found = _searches(conversation)
            name = conversation["conversationId"] if found else ""
        except (KeyError, TypeError, AttributeError, IndexError, ValueError):
            problems.note(OTHER_SHAPE, (line,))
            continue
        if not found:
            problems.note(NO_SEARCH, (line,))
        for number, row in enumerate(found):
            row["contact"], row["conversation"] = f"{name}/{number}", name
            yield line, tuple(row.values())


def _searches(conversation: Row) -> list[Row]:
    """Return the searches for an agent of a conversation, in the order in which they began."""
    legs = [
        (session["segments"][0]["segmentStart"], number, participant, session)
        for number, participant in enumerate(conversation["participants"])
        if participant["purpose"] in ("acd", "agent")
        for session in participant["sessions"]
        if session.get("segments")
    ]
    legs.sort(key=lambda leg: leg[:2])
    found: list[Row] = []
    for start, _, participant, session in legs:
        if participant["purpose"] == "acd":
            _begin(found, start, participant, session)
        elif found:
            _offer(found[-1], participant, session["segments"])
    if len(found) > 1:
        _say_what_follows(found)
    return found


def _say_what_follows(found: list[Row]) -> None:
    """Say of the searches after the first which are transfers, and where to, and which are for a further agent.

    A search that begins while an agent is in is that agent's: where they hand on it is the last of these, or the one
    that begins as they leave.
    """
    for place, host in enumerate(found):
        left = host["ended_at"]
        if host["answered_at"] is None or left is None:
            continue
        later = found[place + 1 :]
        theirs = [row for row in later if row["offered_at"] < left]
        if host["transferred_at"] is not None:
            follows = next((row for row in later if row["offered_at"] >= left), None)
            if follows is None or (theirs and _between(left, follows["offered_at"]) > AT_ONCE_S):
                follows = theirs.pop() if theirs else None
                _say_how_warm(host, follows)
            if follows is not None:
                host["transfer_to"] = follows["queue"]
        for row in theirs:
            row["kind"] = "conference"


def _say_how_warm(host: Row, follows: Row | None) -> None:
    """Say how long an agent who left by a transfer had waited for who takes over, and of both how long they were in."""
    if follows is None or follows["answered_at"] is None or host["ended_at"] < follows["answered_at"]:
        return
    host["warm_wait_s"] = _between(follows["offered_at"], follows["answered_at"])
    both = _between(follows["answered_at"], host["ended_at"])
    for row in (host, follows):
        row["handover_s"] = (row["handover_s"] or 0.0) + both


def _begin(found: list[Row], start: str, participant: Row, session: Row) -> None:
    """Begin a search; one that goes on in another queue, before anybody answered, is one search of that queue."""
    segments = session["segments"]
    queue = participant.get("participantName") or segments[0]["queueId"]
    row = NOTHING | {
        "kind": "inbound",
        "channel": session.get("mediaType"),
        "queue": queue,
        "offered_at": start,
        "ended_at": segments[-1].get("segmentEnd"),
        "rings": 0,
        "outcome": ENDS.get(segments[-1].get("disconnectType")),
    }
    if found and found[-1]["answered_at"] is None and not _somebody_is_in(found, start):
        before = found.pop()
        row |= {name: before[name] for name in ("kind", "offered_at", "rings", "rung_s")}
    elif found:
        row["kind"] = "transfer"
    found.append(row)


def _somebody_is_in(found: list[Row], at: str) -> bool:
    """Return whether an agent who has answered before is still in at a time, or left at it."""
    return any(row["answered_at"] is not None and at <= (row["ended_at"] or at) for row in found)


def _offer(search: Row, participant: Row, segments: list[Row]) -> None:
    """Add what an agent's session says: a ring-out, or the answer, the end of the agent's part, and the wrap-up."""
    if search["answered_at"] is not None:
        return  # another agent who joined
    first = last = alert = None
    wrap_up = []
    for one in segments:
        kind = one["segmentType"]
        if kind == "interact" or kind == "hold":
            first, last = first or one, one
        elif kind == "alert":
            alert = alert or one
        elif kind == "wrapup":
            wrap_up.append(one)
    if first is None or last is None:
        if alert is not None and not _left_while_it_rang(search, alert):
            search["rings"] += 1
            search["rung_s"] = max(search["rung_s"] or 0.0, _length(alert)) or None
        return
    search["agent"] = participant.get("userId") or participant.get("participantName")
    search["answered_at"], search["ended_at"] = first["segmentStart"], last.get("segmentEnd")
    if alert is not None:
        search["ring_s"] = _length(alert)
    search["wrap_up_s"] = sum(map(_length, wrap_up))
    if last.get("disconnectType") in TRANSFERS:
        search["transferred_at"] = search["ended_at"]


def _left_while_it_rang(search: Row, alert: Row) -> bool:
    """Return whether an alert ended as the customer hung up, with the search."""
    ended = search["ended_at"], alert.get("segmentEnd")
    return alert.get("disconnectType") == "peer" and None not in ended and ended[1] >= ended[0]


def _length(segment: Row) -> float:
    return _between(segment["segmentStart"], segment["segmentEnd"]) if "segmentEnd" in segment else 0.0


def _between(since: str, until: str) -> float:
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()
