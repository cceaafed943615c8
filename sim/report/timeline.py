"""The story of one conversation, line by line: who did what, who was told what, and who could see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sim.metrics.formatting import span
from sim.records.events import Event
from sim.report.choices import View
from sim.report.deeds import deed
from sim.report.notices import NOTICES, Kind, Notice
from sim.report.notifications import CUSTOMER, Notification, Notifier
from sim.report.scene import Scene


@dataclass(slots=True)
class Line:
    """Something done, or a notice; `readers` are those who see it, by name, the customer as `customer`.

    `notice` is the kind of a notice, None for a deed. `read_later` are the agents who came after a whisper and
    read it in the history.
    """

    at: float
    who: str
    what: str
    readers: tuple[str, ...]
    notice: Kind | None = None
    read_later: list[str] = field(default_factory=list)

    @property
    def whispered(self) -> bool:
        """Whether it is a whisper."""
        return self.notice is Kind.WHISPER

    def seen_by(self, name: str) -> bool:
        """Whether the customer or an agent sees it."""
        return name in self.readers or name in self.read_later


def timeline(
    events: Iterable[Event], lists: Iterable[str] = (), table: Sequence[Notice] = NOTICES
) -> list[Line]:
    """Tell one conversation from its events; `lists` are the queues from which agents pull."""
    story = _Story(frozenset(lists), table)
    for event in events:
        story.tell(event)
    return story.lines


def people(lines: Iterable[Line]) -> list[str]:
    """Give the agents who see anything of it, in the order of their coming."""
    names = (name for line in lines for name in (*line.readers, *line.read_later))
    return [name for name in dict.fromkeys(names) if name != CUSTOMER]


def view(lines: Iterable[Line], through: View, agent: str | None = None) -> list[Line]:
    """Keep what one sees: the customer, the `agent` of that name, or somebody who sees all."""
    if through == "all":
        return list(lines)
    name = CUSTOMER if through == "customer" else agent
    return [line for line in lines if name is not None and line.seen_by(name)]


class _Story:
    """The lines so far."""

    def __init__(self, lists: frozenset[str], table: Sequence[Notice]) -> None:
        self.lines: list[Line] = []
        self._lists = lists
        self._table = table
        self._notifier: Notifier | None = None

    def tell(self, event: Event) -> None:
        if self._notifier is None:
            self._notifier = Notifier(event.conversation, self._table)
        notifications = self._notifier.take(event)
        scene = self._notifier.scene
        if event.name == "whisper":
            self.lines.append(_whisper(event, scene))
            return
        self._do(event, scene)
        for notification in notifications:
            self._notify(notification)
        if event.name in _ENTRANCES:
            self._lets_read(event)

    def _do(self, event: Event, scene: Scene) -> None:
        if event.name == "pull_notice" and self._joins_notices(event):
            return
        done = deed(event, scene, self._lists)
        lines = [] if done is None else [Line(event.at, done.who, done.what, done.readers)]
        if scene.waited and event.name != "request_abandoned":
            waited = Line(event.at, CUSTOMER, f"has waited {span(scene.waited)}", (CUSTOMER,))
            lines.insert(0 if event.name == "conversation_ended" else len(lines), waited)
        self.lines += lines

    def _joins_notices(self, event: Event) -> bool:
        """Add an agent to those who get notice of a request on a list at the same instant."""
        if not self._follows(event, Kind.POP_UP) or not self.lines[-2].what.startswith("gives notice"):
            return False
        told = self.lines[-2]
        told.what += f", {event.agent}"
        told.readers += (event.agent or "",)
        return True

    def _follows(self, event: Event, kind: Kind) -> bool:
        return len(self.lines) > 1 and self.lines[-1].at == event.at and self.lines[-1].notice is kind

    def _notify(self, told: Notification) -> None:
        last = self.lines[-1] if self.lines else None
        text = f'"{told.text}"'
        if last is not None and (last.at, last.notice, last.what) == (told.at, told.kind, text):
            last.readers += told.audience
        else:
            self.lines.append(Line(told.at, told.kind, text, told.audience, told.kind))

    def _lets_read(self, event: Event) -> None:
        """Show the whispers so far to somebody who comes in."""
        for line in self.lines:
            if line.whispered and event.agent is not None and not line.seen_by(event.agent):
                line.read_later.append(event.agent)


_ENTRANCES = frozenset(("agent_joined", "barged_in", "monitor_joined"))


def _whisper(event: Event, scene: Scene) -> Line:
    told = deed(event, scene, frozenset())
    assert told is not None
    return Line(event.at, told.who, told.what, tuple(scene.insiders), Kind.WHISPER)
