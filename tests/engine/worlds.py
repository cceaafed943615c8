"""Tiny contact centres whose whole day is told in a few lines.

    told = world(ONE_DESK, ann=at(0), bob=at(10))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "60 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "120 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]

The story is every event of the day in order: a line for each instant, `;` between one contact and the next.
A number behind a queue is the priority, where it is not 1.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import groupby
from typing import Any

from engine.compiled.both_engines import on_both
from sim.records import Records
from sim.scenario import Scenario, loads
from sim.workload import Workload, by_hand

Contact = dict[str, Any]
Row = dict[str, Any]

UNSAID = {
    "lasts": "1h",
    "media": "{chat: {max_tasks: 1}}",
    "channels": "{web: {medium: chat}}",
}
"""What a world is where its text says nothing."""

PRESENCE = ""
"""The medium of an agent's global state."""


def at(seconds: float, **said: Any) -> Contact:
    """A contact: the time of arrival, and what is known of it: queue, channel, label, handle_time, patience, ..."""
    return {"at": seconds, **said}


def world(text: str, *changes: str, **contacts: Contact) -> "Told":
    """Simulate the centre of that text with these contacts, each under its name, and return what happened.

    Changes are keys with their value, as "routing.ring_time=20s".
    """
    return told_of(centre(text, *changes), contacts)


def centre(text: str, *changes: str) -> Scenario:
    """Read the text of a centre, with the rest as it usually is."""
    said = {line.partition(":")[0] for line in text.splitlines()}
    unsaid = [f"{key}: {value}" for key, value in UNSAID.items() if key not in said]
    return loads("\n".join([text, *unsaid]), overrides=changes)


def told_of(scenario: Scenario, contacts: Mapping[str, Contact]) -> "Told":
    """Run a scenario that is read already."""
    known = {name: _placed(scenario, contact) for name, contact in contacts.items()}
    return Told(on_both(scenario, workload_of(scenario, contacts)), _by_arrival(known))


def workload_of(scenario: Scenario, contacts: Mapping[str, Contact]) -> Workload:
    """Let these contacts come, and nobody else."""
    return by_hand(scenario, [_placed(scenario, contact) for contact in contacts.values()])


def _placed(scenario: Scenario, contact: Contact) -> Contact:
    """Fill in the first queue, and the first channel of its medium."""
    queue = contact.get("queue", next(iter(scenario.queues)))
    medium = scenario.queues[queue].medium
    channel = next(name for name, spec in scenario.channels.items() if spec.medium == medium)
    return {"queue": queue, "channel": channel, **contact}


def _by_arrival(contacts: Mapping[str, Contact]) -> list[str]:
    """Name the customers in the order in which they come: by time, then stream, then as written."""
    streams = list(dict.fromkeys((c["channel"], c["queue"]) for c in contacts.values()))
    return sorted(
        contacts,
        key=lambda n: (contacts[n]["at"], streams.index((contacts[n]["channel"], contacts[n]["queue"]))),
    )


class Told:
    """What happened in a world."""

    def __init__(self, records: Records, customers: list[str]) -> None:
        self.records = records
        self._customers = customers

    @cached_property
    def story(self) -> list[str]:
        """Every event, in order."""
        return [
            f"{clock(now)} {'; '.join(self._told(events))}"
            for now, events in groupby(self.rows("events"), key=lambda event: event["at"])
        ]

    def _told(self, events: Iterable[Row]) -> Iterable[str]:
        about = [
            (self._names[event["conversation_id"]], event) for event in events if event["conversation_id"]
        ]
        for name, own in groupby(about, key=lambda pair: pair[0]):
            yield f"{name}: {', '.join(_said(event for _, event in own))}"

    @cached_property
    def _names(self) -> dict[int, str]:
        return {
            row["conversation_id"]: self._customers[row["customer_id"] - 1] + "*" * row["attempt"]
            for row in self.rows("conversations")
        }

    @property
    def offers(self) -> list[str]:
        """The offers alone, as "0 ann to desk-1"."""
        return [
            f"{clock(event['at'])} {self._names[event['conversation_id']]} to {event['agent']}"
            for event in self.rows("events")
            if event["event"] == "offered"
        ]

    @property
    def dropdowns(self) -> list[str]:
        """What agents saw when they opened the queue dropdown, as "100 desk-1 sees sales 1 help 2"."""
        seen = (event for event in self.rows("events") if event["event"] == "dropdown_opened")
        return [f"{clock(event['at'])} {_words(event)}" for event in seen]

    @property
    def ends(self) -> list[str]:
        """How the contacts ended, in that order, as "60 ann handled"."""
        ended = [row for row in self.rows("conversations") if row["ended_at"] is not None]
        return [
            f"{clock(row['ended_at'])} {self._names[row['conversation_id']]} {row['outcome']}"
            for row in ended
        ]

    def states(self, agent: str, medium: str = PRESENCE) -> list[str]:
        """Return an agent's states on a medium, or their presence, as "0-60 BUSY" or "60-90 NOT_READY break"."""
        stays = (s for s in self.rows("agent_states") if (s["agent"], s["medium"]) == (agent, medium))
        return [
            f"{clock(s['started_at'])}-{clock(s['ended_at'])} {s['state']} {s['reason']}".rstrip()
            for s in sorted(stays, key=lambda stay: stay["started_at"])
        ]

    def conversation(self, name: str) -> Row:
        """The row of a contact."""
        return next(r for r in self.rows("conversations") if self._names[r["conversation_id"]] == name)

    def requests(self, name: str) -> list[Row]:
        """The searches for an agent made for a contact, in order of their placing."""
        return sorted(self._about("requests", name), key=lambda row: row["request_id"])

    def tasks(self, name: str) -> list[Row]:
        """The attempts to serve a contact, in order of their queueing."""
        return sorted(self._about("tasks", name), key=lambda row: row["agent_task_id"])

    def dispositions(self, name: str) -> list[str]:
        """How these attempts ended."""
        return [row["task_disposition"] for row in self.tasks(name)]

    def _about(self, table: str, name: str) -> Iterable[Row]:
        return (row for row in self.rows(table) if self._names[row["conversation_id"]] == name)

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, None for what never was."""
        found = getattr(self.records, table).to_dict("records")
        return [{key: None if value != value else value for key, value in row.items()} for row in found]


def clock(seconds: float) -> str:
    """Write a time to the millisecond, without idle zeros."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


_WORDS = {
    "arrived": "arrives",
    "self_service_started": "uses self-service",
    "blocked": "blocked by {reason}",
    "balked": "balks",
    "request_placed": "placed in {queue}{at_priority}{with_note}",
    "request_refused": "{kind} refused",
    "request_cancelled": "request cancelled",
    "request_abandoned": "abandons",
    "offered": "offered to {agent}",
    "accepted": "accepted by {agent}",
    "agent_joined": "{agent} joins",
    "rang_out": "rings out at {agent}",
    "requeued": "requeued at {priority}",
    "request_moved": "moves on to {to}",
    "wait_limit_reached": "has waited enough ({then})",
    "queue_emptied": "nobody is logged in",
    "sent_back": "{agent} gives back ({reason})",
    "step_opened": "step {step} opens",
    "ttl_expired": "TTL expires",
    "no_agent": "no agent",
    "disconnected": "sent away",
    "dropdown_opened": "{agent} sees {counts}",
    "transfer_placed": "{agent} transfers to {queue}",
    "conference_placed": "{agent} calls {queue}",
    "agent_left": "{agent} leaves",
    "wrap_up_started": "{agent} wraps up",
    "task_closed": "{agent} {disposition}",
    "conversation_ended": "ends {outcome}",
}


def _said(events: Iterable[Row]) -> list[str]:
    """Put events into words; an agent who is in on accepting has answered."""
    said: list[str] = []
    for event in events:
        words = _words(event)
        if said and said[-1] == f"accepted by {event['agent']}" and event["event"] == "agent_joined":
            said[-1] = f"answered by {event['agent']}"
        else:
            said.append(words)
    return said


def _words(event: Row) -> str:
    detail = event["detail"]
    priority = detail.get("priority", 1)
    said = {
        **detail,
        "queue": event["queue"],
        "agent": event["agent"],
        "at_priority": f" at {priority}" if priority != 1 else "",
        "with_note": " with a note" if detail.get("note") else "",
        "counts": " ".join(f"{queue} {count}" for queue, count in detail.get("available", {}).items()),
    }
    return str(_WORDS.get(event["event"], event["event"])).format(**said)
