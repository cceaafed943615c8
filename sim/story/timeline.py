"""The story of one conversation, line by line: who did what, who was told what, and who could see it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from sim.metrics.formatting import clock, duration
from sim.records.events import EVENTS, Event
from sim.story import View
from sim.story.conversation import ConversationState
from sim.story.notifications import CUSTOMER, TEMPLATES, Kind, Notification, Notifier, Template
from sim.story.sentences import sentence


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
    events: Iterable[Event], lists: Iterable[str] = (), table: Sequence[Template] = TEMPLATES
) -> list[Line]:
    """Describe one conversation from its events; `lists` are the queues from which agents pull."""
    story = _Story(frozenset(lists), table)
    for event in events:
        story.tell(event)
    return story.lines


def people(lines: Iterable[Line]) -> list[str]:
    """Return the agents who see anything of it, in the order of their coming."""
    names = (name for line in lines for name in (*line.readers, *line.read_later))
    return [name for name in dict.fromkeys(names) if name != CUSTOMER]


def view(lines: Iterable[Line], through: View, agent: str | None = None) -> list[Line]:
    """Keep what one sees: the customer, the `agent` of that name, or one who sees all."""
    if through == "all":
        return list(lines)
    name = CUSTOMER if through == "customer" else agent
    return [line for line in lines if name is not None and line.seen_by(name)]


class _Story:
    """The lines so far."""

    def __init__(self, lists: frozenset[str], table: Sequence[Template]) -> None:
        self.lines: list[Line] = []
        self._lists = lists
        self._table = table
        self._notifier: Notifier | None = None

    def tell(self, event: Event) -> None:
        if self._notifier is None:
            self._notifier = Notifier(event.conversation, self._table)
        notifications = self._notifier.take(event)
        state = self._notifier.state
        if event.name == "whisper":
            self.lines.append(_whisper(event, state))
            return
        self._do(event, state)
        for notification in notifications:
            self._notify(notification)
        if event.name in _ENTRANCES:
            self._lets_read(event)

    def _do(self, event: Event, state: ConversationState) -> None:
        if event.name == "pull_notice" and self._joins_notices(event):
            return
        done = sentence(event, state, self._lists)
        lines = [] if done is None else [Line(event.at, done.who, done.what, done.readers)]
        if state.waited and event.name != "request_abandoned":
            waited = Line(event.at, CUSTOMER, f"has waited {duration(state.waited)}", (CUSTOMER,))
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
        """Show the whispers so far to the agent who comes in."""
        for line in self.lines:
            if line.whispered and event.agent is not None and not line.seen_by(event.agent):
                line.read_later.append(event.agent)


_ENTRANCES = frozenset(name for name, kind in EVENTS.items() if kind.is_entrance)


def _whisper(event: Event, state: ConversationState) -> Line:
    told = sentence(event, state, frozenset())
    assert told is not None
    return Line(event.at, told.who, told.what, tuple(state.insiders), Kind.WHISPER)


# Laying the lines out under each other, for a terminal of any width and for a file.

GAP = 2
NARROWEST_WHAT = 24
"""Below this many columns for what happens it stands under the clock and the name, in place of beside them."""
INDENT = 4


def lay_out(
    lines: Sequence[Line], through: View, agent: str | None, clock_of: Callable[[float], float], width: int
) -> list[str]:
    """Lay out a story: clock, who, what; a time that repeats itself is left out.

    Where everything is told, a notice stands beneath what has led to it, with its readers. `clock_of` makes
    clock times of instants, in seconds since midnight.
    """
    rows = [_row(line, through, agent, clock_of) for line in lines]
    whos = max((len(who) for _, who, _ in rows), default=0)
    clocks = max((len(at) for at, _, _ in rows), default=0)
    beside = width - clocks - whos - 2 * GAP
    laid: list[str] = []
    last = ""
    for at, who, what in rows:
        quoted = at if at != last else ""
        last = at
        if beside >= NARROWEST_WHAT:
            laid += _beside(f"{quoted:<{clocks}}{' ' * GAP}{who:<{whos}}{' ' * GAP}", what, width)
        else:
            laid += _beneath(f"{quoted:<{clocks}}{' ' * GAP}{who}".rstrip(), what, width)
    return laid


_KINDS = {Kind.MESSAGE: "message"}
"""What needs no more words where the reader is named."""


def _row(
    line: Line, through: View, agent: str | None, clock_of: Callable[[float], float]
) -> tuple[str, str, str]:
    at = clock(clock_of(line.at))
    if through == "all" and line.notice is not None and not line.whispered:
        return at, "", f"> {', '.join(line.readers)} ({_KINDS.get(line.notice, line.notice)}): {line.what}"
    what = line.what
    if agent is not None and agent in line.read_later:
        what += " (read in the history)"
    return at, line.who, what


def _beside(margin: str, what: str, width: int) -> list[str]:
    hanging = " " * len(margin) + ("  " if what.startswith("> ") else "")
    return wrap(
        what, max(width, len(margin) + NARROWEST_WHAT), initial_indent=margin, subsequent_indent=hanging,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


def _beneath(head: str, what: str, width: int) -> list[str]:
    indent = " " * INDENT
    lines = wrap(
        what, max(width, NARROWEST_WHAT), initial_indent=indent, subsequent_indent=indent,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip
    return [head, *lines] if head else lines
