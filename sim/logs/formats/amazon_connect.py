"""Amazon Connect: contact records as JSON, a record after the other.

Fields as the administrator's guide has them ("Contact records data model"). Records come at least once: of one
`ContactId` the one with the newest `LastUpdateTimestamp` counts. A contact has a record for each agent;
`NextContactId` leads to the one of whom it was handed on to.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from sim.logs.column_map import ColumnMap
from sim.logs.json_values import records
from sim.logs.pieces import frames_of
from sim.logs.problems import NO_SEARCH, OTHER_SHAPE, Problems
from sim.logs.tables import contacts_of

COLUMNS = (
    "contact", "kind", "channel", "queue", "offered_at", "answered_at", "ended_at", "transferred_at", "transfer_to",
    "agent", "rings", "wrap_up_s", "customer", "outcome",
)  # fmt: skip
ENDS = {
    "CUSTOMER_DISCONNECT": "abandoned", "CONTACT_FLOW_DISCONNECT": "no_agent", "EXPIRED": "no_agent",
}  # fmt: skip
"""Outcomes by the `DisconnectReason` of contacts that nobody answered; many that a flow has ended have none."""
OLDER = "an older record of the same contact"
HANDED_ON = ("TRANSFER", "QUEUE_TRANSFER")

Row = dict[str, Any]


def read(path: Path, problems: Problems, zone: str = "") -> pd.DataFrame:
    """Return the contacts of contact records, in clock times of a zone, or else of UTC."""
    rows = _newest(path, problems)
    _follow(rows)
    found = ((row["line"], tuple([row.get(name) for name in COLUMNS])) for row in rows.values())
    mapped = ColumnMap({name: name for name in COLUMNS}, times="ISO8601")
    return contacts_of(frames_of(found, COLUMNS), mapped, path, problems, zone)


def _newest(path: Path, problems: Problems) -> dict[str, Row]:
    """Return the newest record of each contact that asked for an agent, in the order in which they asked."""
    found: dict[str, Row] = {}
    for row in _rows(path, problems):
        before = found.get(row["contact"])
        if before is not None:
            older, row = sorted((before, row), key=lambda one: one["updated"])
            problems.note(OLDER, (older["line"],))
        found[row["contact"]] = row
    return dict(sorted(found.items(), key=lambda pair: pair[1]["offered_at"]))


def _rows(path: Path, problems: Problems) -> Iterator[Row]:
    for line, record in records(path, problems):
        try:
            row = _row(record)
        except (KeyError, TypeError, AttributeError, ValueError):
            problems.note(OTHER_SHAPE, (line,))
            continue
        if row is None:
            problems.note(NO_SEARCH, (line,))
        else:
            row["line"] = line
            yield row


def _row(record: Row) -> Row | None:
    """Return what a record says of its contact; None where it was never queued."""
    queue = record.get("Queue")
    if not queue or not queue.get("EnqueueTimestamp"):
        return None
    agent = record.get("Agent") or {}
    answered = agent.get("ConnectedToAgentTimestamp")
    row = {
        "contact": str(record["ContactId"]),
        "updated": str(record.get("LastUpdateTimestamp") or ""),
        "next": record.get("NextContactId"),
        "method": record.get("InitiationMethod"),
        "kind": "transfer" if record.get("InitiationMethod") in HANDED_ON else "inbound",
        "channel": record.get("Channel"),
        "queue": queue.get("Name") or queue.get("ARN"),
        "offered_at": str(queue["EnqueueTimestamp"]),
        "customer": (record.get("CustomerEndpoint") or {}).get("Address"),
    }
    tries = int(record.get("AgentConnectionAttempts") or 0)
    if not answered:
        return row | {
            "ended_at": queue.get("DequeueTimestamp") or record.get("DisconnectTimestamp"),
            "rings": tries,
            "outcome": ENDS.get(str(record.get("DisconnectReason"))),
        }
    left = record.get("TransferCompletedTimestamp")
    ended = agent.get("AfterContactWorkStartTimestamp") or left or record.get("DisconnectTimestamp")
    return row | {
        "agent": agent.get("Username") or agent.get("ARN"),
        "answered_at": answered,
        "ended_at": ended,
        "transferred_at": ended if left or row["next"] else None,
        "rings": max(tries - 1, 0),
        "wrap_up_s": agent.get("AfterContactWorkDuration"),
    }


def _follow(rows: dict[str, Row]) -> None:
    """Say where contacts were handed on to; one that changed its queue while it waited is a search of the last one."""
    for contact in list(rows):
        row = rows[contact]
        after = rows.get(row["next"]) if isinstance(row["next"], str) else None
        if after is None:
            continue
        if row.get("answered_at"):
            row["transfer_to"] = after["queue"]
        elif after["method"] == "QUEUE_TRANSFER":
            after["offered_at"], after["kind"] = row["offered_at"], row["kind"]
            del rows[contact]
