"""What the platform tells customers and agents: a projection of the events, made after the run.

The engine knows no texts. Each row of the table of notices that fits an event gives one notification. A whisper
never has a customer in its audience, and a supervisor who looks in silently is not announced.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.records.events import Event, Rows, read_events
from sim.report.notices import NOTICES, Audience, Kind, Notice
from sim.report.scene import Scene

if TYPE_CHECKING:
    import pandas as pd

CUSTOMER = "customer"
"""The customer's name in an audience; agents go by their own."""


class Notification(NamedTuple):
    """One notice to one audience: `at` is in seconds from opening, `order` counts within the instant from 1."""

    at: float
    order: int
    conversation: int
    audience: tuple[str, ...]
    kind: Kind
    text: str


def notifications(events: "pd.DataFrame | Rows", table: Sequence[Notice] = NOTICES) -> list[Notification]:
    """Give every notification that the events of a run lead to, in their order.

    `events` is the table of events or its rows. `table` holds the texts: another version's, or those of
    `to_the_letter()`.
    """
    notifiers: dict[int, Notifier] = {}
    told: list[Notification] = []
    for event in read_events(events):
        notifier = notifiers.get(event.conversation)
        if notifier is None:
            notifier = notifiers[event.conversation] = Notifier(event.conversation, table)
        told += notifier.take(event)
    return told


class Notifier:
    """Tells the notifications of one conversation, event by event."""

    def __init__(self, conversation: int, table: Sequence[Notice] = NOTICES) -> None:
        self.scene = Scene(conversation)
        self._by_event: dict[str, list[Notice]] = {}
        for notice in sorted(table, key=lambda notice: notice.order):
            self._by_event.setdefault(notice.event, []).append(notice)
        self._at = -1.0
        self._count = 0

    def take(self, event: Event) -> list[Notification]:
        """Follow an event and give the notifications it leads to."""
        scene = self.scene
        scene.take(event)
        if event.at != self._at:
            self._at, self._count = event.at, 0
        notices = self._by_event.get(event.name)
        if notices is None:
            return []
        facts = _facts(scene, event)
        told = [self._notify(notice, event) for notice in notices if notice.fits(facts)]
        return [notification for notification in told if notification is not None]

    def _notify(self, notice: Notice, event: Event) -> Notification | None:
        audience = _audience(notice.audience, self.scene, event)
        if not audience:
            return None
        self._count += 1
        text = notice.text.format_map(_words(self.scene, event))
        return Notification(event.at, self._count, event.conversation, audience, notice.kind, text)


def _facts(scene: Scene, event: Event) -> dict[str, Any]:
    search = scene.search
    known = {"kind": search.kind, "warm": search.warm} if search is not None else {"warm": False}
    return {**known, **event.detail, "leaving": scene.leaving}


def _audience(audience: Audience, scene: Scene, event: Event) -> tuple[str, ...]:
    customer = (CUSTOMER,) if scene.customer_is_in else ()
    others = tuple(name for name in scene.insiders if name != event.agent)
    match audience:
        case Audience.CUSTOMER:
            return customer
        case Audience.AGENT:
            return _one(event.agent)
        case Audience.REQUESTER:
            return _requester(scene, event)
        case Audience.AGENTS:
            return tuple(dict.fromkeys((*_one(event.agent), *scene.insiders)))
        case Audience.OTHER_AGENTS:
            return others
        case Audience.OTHERS:
            return (*others, *customer)


def _one(agent: str | None) -> tuple[str, ...]:
    return () if agent is None else (agent,)


def _requester(scene: Scene, event: Event) -> tuple[str, ...]:
    """Give the agent who places a request now, or who placed it and is still in."""
    if event.name.endswith("_placed"):
        return _one(event.agent)
    search = scene.search
    return _one(search.requester) if search is not None and search.requester in scene.agents else ()


def _words(scene: Scene, event: Event) -> dict[str, str]:
    """Give what is put into the texts."""
    search = scene.search
    return {
        "agent": event.agent or "",
        "queue": event.queue or "",
        "channel": scene.channel,
        "receiver": scene.receiver or "",
        "requester": (search.requester if search is not None else None) or "",
        "whom": f" with customer {scene.customer}" if scene.identified else "",
        "note": ", with a note" if search is not None and search.note else "",
    }
