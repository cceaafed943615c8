"""The picture of one conversation: who was in it, when, and what happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import fill
from typing import NamedTuple

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from sim.errors import SimError
from sim.records.events import EVENTS, Event, read_events
from sim.report.plots.axes import clock_axis, clock_of, hours_of
from sim.report.plots.source import Source, scenario_of
from sim.report.plots.style import (
    INK,
    Fill,
    beneath,
    canvas,
    folded,
    patch,
    size_of,
    strip,
    strip_columns,
    styled,
)
from sim.story.conversation import ConversationState
from sim.story.notifications import CUSTOMER
from sim.story.sentences import sentence
from sim.story.tracing import most_eventful

_FILLS = {
    "bot": Fill("#ffffff", "---"),
    "waits": Fill("#f2c9b3", "////"),
    "is served": Fill("#c9d8e8", ""),
    "rings": Fill("#ffffff", "||||"),
    "is in": Fill("#2f5d8c", ""),
    "looks in": Fill("#eef2f6", "\\\\\\\\"),
    "wraps up": Fill("#dcdfe3", ""),
}
"""What a customer or agent does for a while."""
WHISPERS = "whispers"
_MARGIN = 0.012
"""Free room before the first and after the last second, in parts of the time between them."""
_SHORTEST_H = 1e-4
LETTER = 4.2
"""Width of a letter of what is told beneath, in points."""


class Span(NamedTuple):
    """A customer or agent does something for a while; times are seconds from opening."""

    who: str
    what: str
    start: float
    end: float


class Mark(NamedTuple):
    """Something happens at an instant; times are seconds from opening."""

    who: str
    words: str
    at: float


@dataclass(slots=True)
class Course:
    """A conversation as spans, numbered marks and whispers; `people` in the order of their coming."""

    spans: list[Span] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    whispers: list[Mark] = field(default_factory=list)

    @property
    def people(self) -> list[str]:
        """The customer, then the agents."""
        agents = (one.who for one in sorted(self.spans, key=lambda span: span.start))
        return list(dict.fromkeys([CUSTOMER, *agents]))


@styled
def conversation(
    source: Source, number: int | None = None, *, replication: int | None = None, ax: Axes | None = None
) -> Axes:
    """Draw one conversation as a time line: when each participant rang, joined, whispered and left.

    Without a `number` it is the one in which most happens. What happens at an instant is numbered and told
    beneath. Where the run did not keep its events, its day is simulated once more. A table is that of events.

    Raises SimError where there is no such conversation.
    """
    events = read_events(_events(source, replication))
    number = most_eventful(events) if number is None else number
    course = course_of([event for event in events if event.conversation == number], _lists(source))
    if not course.spans:
        raise SimError(f"there is no conversation {number} among {len({e.conversation for e in events})}")
    people = course.people
    ax = canvas(ax, 1.75 + 0.36 * len(people) + 0.17 * len(course.marks))
    start, end = min(span.start for span in course.spans), max(span.end for span in course.spans)
    first, last = hours_of(start, source), hours_of(end, source)
    margin = max(_MARGIN * (last - first), _SHORTEST_H)
    clock_axis(ax, first - margin, last + margin, source)
    for span in course.spans:
        _draw_span(ax, span, people.index(span.who), source)
    _draw_whispers(ax, course, people, source)
    _draw_marks(ax, course.marks, people, source)
    _label_people(ax, people)
    _explain(ax, course, source)
    ax.set_title(f"Conversation {number}")
    return ax


def course_of(events: Sequence[Event], lists: frozenset[str] = frozenset()) -> Course:
    """Read the events of one conversation; `lists` are the queues from which agents pull."""
    course = Course()
    if not events:
        return course
    state = ConversationState(events[0].conversation)
    opened: dict[tuple[str, str], float] = {}
    since, doing = events[0].at, ""
    for event in events:
        state.take(event)
        _follow_agent(course, opened, event)
        now = _customer(state, event, doing)
        if now != doing:
            _close(course, CUSTOMER, doing, since, event.at)
            since, doing = event.at, now
        _mark(course, state, event, lists)
    for (who, what), start in opened.items():
        _close(course, who, what, start, events[-1].at)
    return course


def _follow_agent(course: Course, opened: dict[tuple[str, str], float], event: Event) -> None:
    kind = EVENTS.get(event.name)
    if event.agent is None or kind is None:
        return
    start = opened.pop((event.agent, kind.closes), None)
    if start is not None:
        _close(course, event.agent, kind.closes, start, event.at)
    if kind.opens:
        opened[event.agent, kind.opens] = event.at


def _customer(state: ConversationState, event: Event, doing: str) -> str:
    """Return what the customer does from now on."""
    if not state.customer_is_in:
        return ""
    if event.name == "self_service_started":
        return "bot"
    if state.waiting:
        return "waits"
    return "is served" if state.agents else doing


def _close(course: Course, who: str, what: str, start: float, end: float) -> None:
    if what and end > start:
        course.spans.append(Span(who, what, start, end))


def _mark(course: Course, state: ConversationState, event: Event, lists: frozenset[str]) -> None:
    told = sentence(event, state, lists)
    if told is None:
        return
    if event.name == "whisper":
        course.whispers.append(Mark(told.who, told.what, event.at))
    elif EVENTS[event.name].marked:
        course.marks.append(Mark(told.who, told.what, event.at))


def _events(source: Source, replication: int | None) -> pd.DataFrame:
    """Return the events of one day: those kept, or those of simulating it once more."""
    if isinstance(source, pd.DataFrame):
        return source if replication is None else source[source["replication"] == replication]
    if "events" not in source.tables:
        return _simulated_again(source, replication or 0)
    events = source.table("events")
    return events[
        events["replication"] == (events["replication"].min() if replication is None else replication)
    ]


def _simulated_again(source: Source, replication: int) -> pd.DataFrame:
    from sim.engine import simulate
    from sim.records import Recorder
    from sim.workload import draw

    assert not isinstance(source, pd.DataFrame)
    workload = draw(source.scenario, replication, source.seed)
    return simulate(source.scenario, workload, Recorder(source.scenario, ("events",))).events


def _lists(source: Source) -> frozenset[str]:
    scenario = scenario_of(source)
    queues = scenario.queues if scenario is not None else {}
    return frozenset(name for name, queue in queues.items() if queue.mode == "pull")


def _draw_span(ax: Axes, span: Span, row: int, source: Source) -> None:
    fill = _FILLS[span.what]
    start, end = hours_of(span.start, source), hours_of(span.end, source)
    height = 0.3 if span.what in ("rings", "wraps up") else 0.52
    ax.barh(
        row, end - start, height, start, facecolor=fill.colour, hatch=fill.hatch, edgecolor=INK, linewidth=0.6
    )


def _draw_whispers(ax: Axes, course: Course, people: Sequence[str], source: Source) -> None:
    at = [hours_of(whisper.at, source) for whisper in course.whispers]
    rows = [people.index(whisper.who) if whisper.who in people else 0 for whisper in course.whispers]
    if at:
        ax.plot(
            at, rows, linestyle="", marker="v", color="white", markeredgecolor=INK, markersize=5,
            label=WHISPERS,
        )  # fmt: skip


def _draw_marks(ax: Axes, marks: Sequence[Mark], people: Sequence[str], source: Source) -> None:
    """Put numbers above the rows; several of one person at nearly one time share a place."""
    places: list[tuple[float, int, list[int]]] = []
    near = (ax.get_xlim()[1] - ax.get_xlim()[0]) * 12 / size_of(ax)[0]
    for number, mark in enumerate(marks, 1):
        at, row = hours_of(mark.at, source), people.index(mark.who) if mark.who in people else 0
        same = next((one for one in places if one[1] == row and abs(one[0] - at) < near), None)
        if same is None:
            places.append((at, row, [number]))
        else:
            same[2].append(number)
    for at, row, numbers in places:
        ax.plot([at, at], [row - 0.3, row + 0.3], color=INK, linewidth=1.1)
        ax.annotate(
            ",".join(map(str, numbers)), (at, row - 0.3), (0, 1), textcoords="offset points",
            ha="center", va="bottom", fontsize=8, fontweight="bold",
        )  # fmt: skip


def _label_people(ax: Axes, people: Sequence[str]) -> None:
    ax.set_yticks(range(len(people)), [folded(who) for who in people])
    ax.set_ylim(len(people) - 0.5, -0.9)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


def _explain(ax: Axes, course: Course, source: Source) -> None:
    """Write beneath the axes what the fills mean, then what the numbers tell."""
    there = [what for what in _FILLS if any(span.what == what for span in course.spans)]
    samples: list[Artist] = [patch(_FILLS[what], what) for what in there]
    samples += [line for line in ax.get_lines() if line.get_label() == WHISPERS]
    strip(ax, samples)
    rows = -(-len(samples) // strip_columns(ax, samples))
    told = "\n".join(_told(course.marks, source, course.people, int(size_of(ax)[0] / LETTER)))
    ax.text(0, 0, told, transform=beneath(ax, 38 + 14 * rows), va="top", fontsize=8, linespacing=1.35)


def _told(marks: Sequence[Mark], source: Source, people: Sequence[str], width: int) -> Iterator[str]:
    """Describe what happened at the numbers, in lines of about so many letters."""
    for number, mark in enumerate(marks, 1):
        colon = "" if mark.who in people else ":"
        text = f"{number}  {clock_of(mark.at, source)}  {mark.who}{colon} {mark.words}"
        yield fill(text, width, subsequent_indent="    ")
