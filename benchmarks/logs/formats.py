"""Simulated contacts, written in the formats that the simulator reads and has no exporter for."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

import pandas as pd

from sim.logs.column_map import read_map, shipped

Contact = Any
"""A row of `contacts.csv` as a named tuple, with its times as datetimes and None for what is missing."""

MOMENTS = ("offered_at", "answered_at", "ended_at", "transferred_at")


def conversations(contacts: pd.DataFrame) -> Iterator[list[Contact]]:
    """Give the searches of each conversation, in the order in which they began."""
    table = contacts.copy()
    for name in MOMENTS:
        table[name] = pd.to_datetime(table[name]).astype("object")
    table = table.astype("object").where(table.notna(), None)
    order = table.sort_values(["conversation", "offered_at"], kind="stable")
    for _, rows in groupby(order.itertuples(index=False), key=lambda row: row.conversation):
        yield list(rows)


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _after(at: datetime, seconds: float | None) -> datetime:
    return at + timedelta(seconds=float(seconds or 0.0))


def _rung_out(row: Contact) -> Iterator[tuple[datetime, float]]:
    """Give when each offer that rang out began and how long it rang: one after the other before the last offer."""
    count, length = int(row.rings or 0), float(row.rung_s or 0.0)
    last = _after(row.answered_at or row.ended_at, -(row.ring_s or 0.0))
    for ring in range(count):
        yield max(row.offered_at, _after(last, (ring - count) * length)), length


# Asterisk: its events lie in the order of time, whatever call they belong to.


def asterisk(contacts: pd.DataFrame) -> Iterator[str]:
    """Give the lines of a queue log, in whole milliseconds: a line an event."""
    events = [event for rows in conversations(contacts) for event in _queue_events(rows)]
    for at, _, *fields in sorted(events):
        yield "|".join([f"{(at - datetime(1970, 1, 1)).total_seconds():.3f}", *map(str, fields)])


def _queue_events(rows: list[Contact]) -> Iterator[tuple[Any, ...]]:
    number = 0
    for row in rows:
        call = row.conversation
        place = (call, row.queue)
        number += 10
        yield row.offered_at, number, *place, "NONE", "ENTERQUEUE", "", "0401", 1
        for ring, (at, length) in enumerate(_rung_out(row)):
            ended = _after(at, length)
            yield ended, number + 1, *place, f"Agent/{ring}", "RINGNOANSWER", round(1000 * length)
        if row.answered_at is None:
            waited = _seconds(row.offered_at, row.ended_at)
            yield row.ended_at, number + 2, *place, "NONE", "ABANDON", 1, 1, waited
            continue
        waited, talked = _seconds(row.offered_at, row.answered_at), _seconds(row.answered_at, row.ended_at)
        yield row.answered_at, number + 2, *place, row.agent, "CONNECT", waited, call, row.ring_s or 0
        if row.transferred_at is not None:
            handed = "BLINDTRANSFER", row.transfer_to or "elsewhere", "default"
            yield row.ended_at, number + 3, *place, row.agent, *handed, waited, talked, 1
        else:
            yield row.ended_at, number + 3, *place, row.agent, "COMPLETECALLER", waited, talked, 1


def _seconds(since: datetime, until: datetime) -> int:
    return round((until - since).total_seconds())


# Genesys Cloud.


def genesys_cloud(contacts: pd.DataFrame) -> Iterator[str]:
    """Give conversation details, a conversation a line, with the participants and metrics of the interface."""
    for rows in conversations(contacts):
        first, last = rows[0], rows[-1]
        people = [_customer(first, last)]
        for number, row in enumerate(rows):
            people += [_acd(row, number), *_alerts(row, number)]
            if row.answered_at is not None:
                people.append(_agent(row, number))
        yield json.dumps(
            {
                "conversationId": f"c0ffee00-0000-4000-8000-{first.conversation:>012}",
                "conversationStart": _utc(first.offered_at),
                "conversationEnd": _utc(last.ended_at),
                "originatingDirection": "inbound",
                "divisionIds": ["d1000000-0000-4000-8000-000000000001"],
                "participants": people,
            }
        )


def _participant(purpose: str, name: str, key: str, sessions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "participantId": f"{purpose}-{key}",
        "participantName": name,
        "purpose": purpose,
        "sessions": sessions,
    }


def _session(
    row: Contact, key: str, segments: list[dict[str, Any]], metrics: Mapping[str, float]
) -> dict[str, Any]:
    last = segments[-1]["segmentEnd"]
    return {
        "mediaType": row.channel,
        "sessionId": f"session-{key}",
        "direction": "inbound",
        "requestedRoutings": ["Standard"],
        "usedRouting": "Standard",
        "segments": segments,
        "metrics": [
            {"name": name, "value": round(value), "emitDate": last} for name, value in metrics.items()
        ],
    }


def _segment(kind: str, since: datetime, until: datetime, queue: str, reason: str = "") -> dict[str, Any]:
    found = {"segmentStart": _utc(since), "segmentEnd": _utc(until), "queueId": queue, "segmentType": kind}
    return found | ({"disconnectType": reason} if reason else {}) | {"conference": False}


def _customer(first: Contact, last: Contact) -> dict[str, Any]:
    talk = _segment("interact", first.offered_at, last.ended_at, first.queue, "peer")
    return _participant("customer", "Customer", first.contact_id, [
        _session(first, f"customer-{first.contact_id}", [talk], {"nConnected": 1})
    ])  # fmt: skip


def _acd(row: Contact, number: int) -> dict[str, Any]:
    left = row.answered_at or row.ended_at
    waited = (left - row.offered_at).total_seconds() * 1000
    wait = _segment("interact", row.offered_at, left, row.queue, "transfer" if row.answered_at else "peer")
    metrics = {"nOffered": 1, "tAcd": waited, ("tWait" if row.answered_at else "tAbandon"): waited}
    return _participant("acd", row.queue, f"{row.contact_id}-{number}", [
        _session(row, f"acd-{row.contact_id}", [wait], metrics)
    ])  # fmt: skip


def _alerts(row: Contact, number: int) -> Iterator[dict[str, Any]]:
    """Give the agents at whom it rang out."""
    for ring, (at, length) in enumerate(_rung_out(row)):
        alert = _segment("alert", at, _after(at, length), row.queue, "noAnswerTransfer")
        session = _session(row, f"alert-{row.contact_id}-{ring}", [alert], {"tAlert": 1000 * length})
        yield _participant("agent", "Agent", f"{row.contact_id}-{number}-{ring}", [session]) | {
            "userId": f"a{ring}"
        }


def _agent(row: Contact, number: int) -> dict[str, Any]:
    rang = _after(row.answered_at, -(row.ring_s or 0.0))
    wrapped = _after(row.ended_at, row.wrap_up_s)
    segments = [
        _segment("alert", rang, row.answered_at, row.queue),
        _segment(
            "interact", row.answered_at, row.ended_at, row.queue, "transfer" if row.transferred_at else "peer"
        ),
        _segment("wrapup", row.ended_at, wrapped, row.queue),
    ]
    talk = (row.ended_at - row.answered_at).total_seconds() * 1000
    acw = (wrapped - row.ended_at).total_seconds() * 1000
    metrics = {
        "tAlert": 1000 * (row.ring_s or 0), "tAnswered": (row.answered_at - row.offered_at).total_seconds() * 1000,
        "tTalk": talk, "tAcw": acw, "tHandle": talk + acw,
    }  # fmt: skip
    session = _session(row, f"agent-{row.contact_id}", segments, metrics)
    return _participant("agent", row.agent, f"{row.contact_id}-{number}", [session]) | {"userId": row.agent}


# Amazon Connect: whole seconds, a record a search.


def amazon_connect(contacts: pd.DataFrame) -> Iterator[str]:
    """Give contact records, a record a line."""
    for rows in conversations(contacts):
        for number, row in enumerate(rows):
            yield json.dumps(_record(rows, number, row))


def _record(rows: list[Contact], number: int, row: Contact) -> dict[str, Any]:
    follows = rows[number + 1] if number + 1 < len(rows) else None
    left = row.answered_at or row.ended_at
    wrapped = _after(row.ended_at, row.wrap_up_s)
    return {
        "AWSAccountId": "000000000000",
        "ContactId": f"contact-{row.contact_id}",
        "InitialContactId": f"contact-{rows[0].contact_id}" if number else None,
        "PreviousContactId": f"contact-{rows[number - 1].contact_id}" if number else None,
        "NextContactId": None if follows is None else f"contact-{follows.contact_id}",
        "Channel": str(row.channel).upper(),
        "InitiationMethod": "TRANSFER" if number else "INBOUND",
        "InitiationTimestamp": _second(row.offered_at),
        "ConnectedToSystemTimestamp": _second(row.offered_at),
        "DisconnectTimestamp": _second(row.ended_at),
        "LastUpdateTimestamp": _second(_after(wrapped, 60)),
        "AgentConnectionAttempts": int(row.rings or 0) + (row.answered_at is not None),
        "Queue": {
            "ARN": f"arn:aws:connect:::queue/{row.queue}",
            "Name": row.queue,
            "EnqueueTimestamp": _second(row.offered_at),
            "DequeueTimestamp": _second(left),
            "Duration": _seconds(row.offered_at, left),
        },
        "Agent": None if row.answered_at is None else _handled(row, wrapped),
    }


def _handled(row: Contact, wrapped: datetime) -> dict[str, Any]:
    return {
        "ARN": f"arn:aws:connect:::agent/{row.agent}",
        "Username": row.agent,
        "ConnectedToAgentTimestamp": _second(row.answered_at),
        "AgentInteractionDuration": _seconds(row.answered_at, row.ended_at),
        "CustomerHoldDuration": 0,
        "NumberOfHolds": 0,
        "AfterContactWorkStartTimestamp": _second(row.ended_at),
        "AfterContactWorkEndTimestamp": _second(wrapped),
        "AfterContactWorkDuration": _seconds(row.ended_at, wrapped),
    }


def _second(at: datetime) -> str:
    return f"{at + timedelta(microseconds=500_000):%Y-%m-%dT%H:%M:%SZ}"


# Twilio TaskRouter: the events of all tasks in the order of time.


def twilio_taskrouter(contacts: pd.DataFrame) -> Iterator[str]:
    """Give the events of Event Streams, an event a line."""
    events = [event for rows in conversations(contacts) for event in _task_events(rows)]
    for number, (at, _, kind, fields) in enumerate(sorted(events, key=lambda event: event[:2])):
        payload = {"eventtype": kind, "timestamp": _utc(at), **fields}
        group = kind.partition(".")[0]
        yield json.dumps(
            {
                "specversion": "1.0",
                "type": f"com.twilio.taskrouter.{kind}",
                "source": "AB00000000000000000000000001",
                "id": f"EV{number:032d}",
                "dataschema": "https://events-schemas.twilio.com/TaskRouter.WDSEvent/4",
                "data": {"timestamp": _utc(at), "level": "INFO", "group": group, "payload": payload},
            }
        )


def _task_events(rows: list[Contact]) -> Iterator[tuple[datetime, int, str, dict[str, Any]]]:
    order = 0
    for number, row in enumerate(rows):
        task = {
            "task_sid": f"WT{row.conversation}",
            "task_queue_name": row.queue,
            "task_channel_unique_name": row.channel,
        }
        told: list[tuple[datetime, str, dict[str, Any]]] = []
        if not number:
            told.append((row.offered_at, "task.created", task))
        told.append((row.offered_at, "task-queue.entered", task))
        for ring, (at, length) in enumerate(_rung_out(row)):
            offer = task | {"reservation_sid": f"WR{row.contact_id}-{ring}", "worker_name": f"a{ring}"}
            told += [(at, "reservation.created", offer), (_after(at, length), "reservation.timeout", offer)]
        if row.answered_at is None:
            told.append((row.ended_at, "task.canceled", task))
        else:
            offer = task | {"reservation_sid": f"WR{row.contact_id}", "worker_name": row.agent}
            told += [
                (_after(row.answered_at, -(row.ring_s or 0.0)), "reservation.created", offer),
                (row.answered_at, "reservation.accepted", offer),
            ]
            if row.transferred_at is not None:
                told.append((row.ended_at, "task.transfer-initiated", offer))
            told += [
                (row.ended_at, "reservation.wrapup", offer),
                (_after(row.ended_at, row.wrap_up_s), "reservation.completed", offer),
            ]
        for at, kind, fields in told:
            order += 1
            yield at, order, kind, fields


# The table of Anonymous Bank: whole seconds, no transfers, no ring-outs.


def anonymous_bank(contacts: pd.DataFrame) -> Iterator[str]:
    """Give the lines of a file of Anonymous Bank: calls that queue as they leave the voice response unit."""
    yield "\t".join(BANK)
    for number, row in enumerate(row for rows in conversations(contacts) for row in rows):
        asked, left = row.offered_at, row.answered_at or row.ended_at
        entered = asked - timedelta(seconds=10)
        served = row.answered_at is not None
        cells = (
            "AA0101", number + 1, 0, 0, str(row.queue)[:2].upper(), f"{asked:%y%m%d}", _clock(entered), _clock(asked),
            10, _clock(asked), _clock(left), _seconds(asked, left), "AGENT" if served else "HANG",
            _clock(left) if served else "0:00:00", _clock(row.ended_at) if served else "0:00:00",
            _seconds(left, row.ended_at) if served else 0, row.agent if served else "NO_SERVER",
        )  # fmt: skip
        yield "\t".join(map(str, cells))


BANK = (
    "vru+line", "call_id", "customer_id", "priority", "type", "date", "vru_entry", "vru_exit", "vru_time", "q_start",
    "q_exit", "q_time", "outcome", "ser_start", "ser_exit", "ser_time", "server",
)  # fmt: skip


def _clock(at: datetime) -> str:
    rounded = at + timedelta(microseconds=500_000)
    return f"{rounded.hour}:{rounded:%M:%S}"


# Tables with a map file that ships: a row a contact, in the columns that the map names.


def mapped(name: str, contacts: pd.DataFrame) -> Iterator[str]:
    """Give the lines of a CSV file in the columns of a map that ships."""
    by = read_map(shipped()[name])
    none = "NULL" if "NULL" in by.missing else ""
    yield ",".join(by.needed)
    for row in (row for rows in conversations(contacts) for row in rows):
        cells = {
            column: _cell(row, field, by.times, "queue" in by.prefix) for field, column in by.columns.items()
        } | by.where
        if not by.ring_in_wait:
            cells[by.columns["wait_s"]] -= cells[by.columns["ring_s"]]
        yield ",".join(none if cells[column] is None else str(cells[column]) for column in by.needed)


def _cell(row: Contact, field: str, times: str, numbered: bool) -> Any:
    """Return what a column holds of a contact; None for nothing."""
    answered = row.answered_at is not None
    match field:
        case "contact":
            return row.contact_id
        case "queue" if numbered:  # a map that puts a prefix before it stands for numbers
            return 1 + (row.queue != "sales")
        case "abandoned_at":
            value = None if answered else row.ended_at
        case "wait_s":
            return _seconds(row.offered_at, row.answered_at if answered else row.ended_at)
        case "talk_s":
            return _seconds(row.answered_at, row.ended_at) if answered else 0
        case "hold_s":
            return 0
        case "ended_at" if times == "epoch" and not answered:
            return None
        case "consult_at":
            return None
        case "wrap_up_s" | "ring_s":
            return round(getattr(row, field) or 0)
        case _:
            value = getattr(row, field)
    if not isinstance(value, datetime):
        return value
    return (
        round((value - datetime(1970, 1, 1)).total_seconds())
        if times == "epoch"
        else f"{value:%Y-%m-%d %H:%M:%S}"
    )


WRITERS: Mapping[str, tuple[str, Callable[[pd.DataFrame], Iterator[str]]]] = {
    "asterisk": ("queue_log", asterisk),
    "genesys-cloud": ("genesys_cloud.jsonl", genesys_cloud),
    "amazon-connect": ("amazon_connect.jsonl", amazon_connect),
    "twilio-taskrouter": ("twilio_taskrouter.jsonl", twilio_taskrouter),
    "anonymous-bank": ("anonymous_bank.tsv", anonymous_bank),
    **{name: (f"{name.replace('-', '_')}.csv", partial(mapped, name)) for name in shipped()},
}
"""The formats by their names: the name of a file, and what gives its lines."""
