"""A tiny contact centre walked through: its events as short lines, and what each reader was told.

    walk = walk_through(DESK, ann=at(0))
    assert walk.story() == ["0 arrives; inbound request to sales; offered to front-1; ...", ...]
    assert walk.told("customer") == ["0 history: front-1 has joined the conversation", ...]

A line of the story is an instant, its events in order. A number behind a queue is the priority, where it is not 1.
"""

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from typing import Any

from engine.worlds import Contact, Told, centre, clock, told_of

from sim.records.events import read_events
from sim.story.notifications import TEMPLATES, Notification, Template, notifications
from sim.story.timeline import Line, timeline

Row = dict[str, Any]


def walk_through(text: str, *changes: str, **contacts: Contact) -> "Walk":
    """Simulate the centre of that text, with keys changed, with these contacts, each under its name."""
    scenario = centre(text, *changes)
    lists = [name for name, queue in scenario.queues.items() if queue.mode == "pull"]
    return Walk(told_of(scenario, contacts), lists)


class Walk:
    """What happened, and who was told what."""

    def __init__(self, told: Told, lists: Iterable[str]) -> None:
        self.tables = told
        self._lists = tuple(lists)

    def events(self, name: str | None = None) -> list[Row]:
        """The events in the order in which they happened, those of one contact or all."""
        number = self._number(name)
        return [
            event
            for event in self.tables.rows("events")
            if number in (None, event["conversation_id"]) and event["conversation_id"]
        ]

    def story(self, name: str | None = None) -> list[str]:
        """Each instant with its events in words."""
        return [
            f"{clock(now)} {'; '.join(words(event) for event in events)}"
            for now, events in groupby(self.events(name), key=lambda event: event["at"])
        ]

    def offers(self, name: str | None = None) -> list[str]:
        """The offers alone, as "0 front-1"."""
        return [f"{clock(e['at'])} {e['agent']}" for e in self.events(name) if e["event"] == "offered"]

    @cached_property
    def notifications(self) -> list[Notification]:
        """Every notification, in order."""
        return notifications(self.tables.records.events)

    def told(self, reader: str, table: tuple[Template, ...] = TEMPLATES) -> list[str]:
        """What one reader was told, as "0 toast: text"; inbound pop-ups and own joinings included."""
        all_told = (
            self.notifications if table is TEMPLATES else notifications(self.tables.records.events, table)
        )
        return [f"{clock(n.at)} {n.kind}: {n.text}" for n in all_told if reader in n.audience]

    def told_at(self, seconds: float) -> list[str]:
        """What was told at an instant, as "1 front-1, customer | toast | text", in order."""
        return [
            f"{n.order} {', '.join(n.audience)} | {n.kind} | {n.text}"
            for n in self.notifications
            if n.at == seconds
        ]

    def lines(self, name: str | None = None) -> list[Line]:
        """The lines of a contact's story as the trace tells it."""
        return timeline(read_events(self.events(name)), self._lists)

    def dropdown(self) -> dict[str, int]:
        """What the first list of queues that was opened showed."""
        return next(e["detail"]["available"] for e in self.events() if e["event"] == "dropdown_opened")

    def request(self, kind: str, name: str | None = None) -> Row:
        """The first request of a kind."""
        number = self._number(name)
        return next(
            row
            for row in self.tables.rows("requests")
            if row["kind"] == kind and number in (None, row["conversation_id"])
        )

    def tasks(self) -> list[str]:
        """The attempts to serve, in order, as "support experts-1 RONA"; a dash where nobody was reserved."""
        rows = sorted(self.tables.rows("tasks"), key=lambda row: row["agent_task_id"])
        return [f"{row['queue_id']} {row['agent_id'] or '-'} {row['task_disposition']}" for row in rows]

    def task(self, agent: str) -> Row:
        """The first task of an agent."""
        return next(row for row in self.tables.rows("tasks") if row["agent_id"] == agent)

    @property
    def outcomes(self) -> list[str]:
        """How the contacts ended, as "60 ann handled"."""
        return self.tables.ends

    def contact(self, name: str) -> Row:
        """The row of a contact."""
        return self.tables.conversation(name)

    @property
    def whispers(self) -> list[str]:
        """The whispers kept, as "70 front-1: front-1, experts-1" with their readers."""
        rows = self.tables.rows("whispers")
        return [f"{clock(row['at'])} {row['sender']}: {row['readers']}" for row in rows]

    def _number(self, name: str | None) -> int | None:
        return None if name is None else self.tables.conversation(name)["conversation_id"]


def words(event: Row) -> str:
    """An event in a few words of the domain."""
    detail = dict(event["detail"])
    priority = detail.get("priority", 1)
    filling = {
        **detail,
        "agent": event["agent"],
        "queue": event["queue"],
        "at_priority": f" at {priority}" if priority != 1 else "",
        "noted": " with a note" if detail.get("note") else "",
        "naming": f" naming {detail['named']}" if detail.get("named") else "",
        "warmly": " warmly" if detail.get("warm") else "",
        "counts": ", ".join(f"{queue} {n}" for queue, n in detail.get("available", {}).items()),
    }
    return WORDS.get(event["event"], event["event"]).format(**filling)


WORDS = {
    "arrived": "arrives",
    "request_placed": "{kind} request to {queue}{at_priority}{noted}",
    "request_refused": "{kind} request to {queue} refused",
    "request_cancelled": "request cancelled",
    "request_abandoned": "customer gives up",
    "offered": "offered to {agent}",
    "accepted": "{agent} accepts",
    "agent_joined": "{agent} joins",
    "rang_out": "rings out at {agent}",
    "requeued": "requeued{at_priority}",
    "step_opened": "step {step} opens",
    "ttl_expired": "TTL over",
    "no_agent": "no agent",
    "dropdown_opened": "{agent} sees {counts}",
    "transfer_placed": "{agent} transfers{warmly} to {queue}{naming}",
    "conference_placed": "{agent} calls {queue}",
    "agent_left": "{agent} leaves",
    "wrap_up_started": "{agent} wraps up",
    "task_closed": "{agent} {disposition}",
    "pull_notice": "notice to {agent}",
    "dismissed": "{agent} dismisses",
    "whisper": "{agent} whispers to {to}",
    "whisper_refused": "{agent} may not whisper",
    "monitor_joined": "{agent} watches",
    "monitor_left": "{agent} stops watching",
    "barged_in": "{agent} barges in",
    "conversation_ended": "ends {outcome}",
}
