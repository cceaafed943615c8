"""The pictures of the page, each with its caption and with words for those who do not see it."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiments.result import Result
from sim.metrics.cells import clock_text
from sim.report import plots
from sim.report.plots.axes import HOUR_S
from sim.report.plots.panels import queues_with
from sim.report.plots.source import NothingToDrawError, pick
from sim.report.plots.style import RC

# A picture as a piece of a page: matplotlib's SVG without what a page has no use for.

WIDTH = 3.8
"""Width of a picture in inches: on a narrow phone its text is then still 11 pixels high."""
_TEXT_STAYS_TEXT: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "sim",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
}
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def draw_svg(picture: Callable[[Axes], object], name: str, height: float) -> tuple[Markup, str]:
    """Draw a picture of this height in inches; give it as an element, and the title that it had.

    `name` must differ from picture to picture of a page. The same picture gives the same bytes.
    """
    with matplotlib.rc_context({**RC, **_TEXT_STAYS_TEXT}):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        ax = figure.subplots()
        picture(ax)
        title = ax.get_title(loc="left")
        ax.set_title("", loc="left")
        written = BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return element(written.getvalue(), name), title


def element(svg: bytes, name: str) -> Markup:
    """Turn a file into an element: without namespaces, size, style sheet and metadata, with ids of its own."""
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in [c for c in parent if c.tag.endswith(("}metadata", "}style"))]:
            parent.remove(child)
    wanted = set(_REFERENCE.findall(svg.decode())) | {h[1:] for e in root.iter() if (h := _href(e))}
    for one in root.iter():
        _tidy(one, wanted, name)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _href(one: ElementTree.Element) -> str:
    return next((value for key, value in one.attrib.items() if key.endswith("href")), "")


def _tidy(one: ElementTree.Element, wanted: set[str], name: str) -> None:
    one.tag = one.tag.partition("}")[2] or one.tag
    attributes = {key.rpartition("}")[2]: value for key, value in one.attrib.items()}
    if attributes.get("id") not in wanted:
        attributes.pop("id", None)
    one.attrib.clear()
    for key, value in attributes.items():
        value = _REFERENCE.sub(rf"url(#{name}-\1)", value)
        if key == "id" or (key == "href" and value.startswith("#")):
            value = f"#{name}-{value[1:]}" if key == "href" else f"{name}-{value}"
        one.set(key, value)


MOST = 8
"""So many queues and teams have pictures of their own, the busiest queues; the tables have all."""
FEW = 6
"""So many lines can be told from each other in one picture."""
Words = Callable[[Axes], str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, what stands above it, and what it shows in words."""

    svg: Markup
    caption: str
    words: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A picture to be drawn: its name on the page, its height in inches, and what it is told besides the run."""

    name: str
    draw: Callable[..., Axes]
    height: float
    words: Words
    told: tuple[Any, ...] = ()


def by_queue(run: Result) -> list[Picture]:
    """Draw the waits, then each queue's service level through the day."""
    rows = len(pick(run.figures, "wait_p90", queue=None, kind=None))
    lines = _queues(run, "answered_within", FEW)
    levels = [
        _Wanted(f"level-{number}", plots.service_level, 2.4, _extremes, (queue,))
        for number, queue in enumerate(_queues(run, "service_level"))
    ]
    waits = _Wanted("waits", plots.waits, 1.2 + 0.62 * rows, _see("Queues"))
    within = _Wanted(
        "within",
        plots.answered_within,
        1.6 + 0.3 * max(4, len(lines)),
        _see("Queues"),
        (lines if len(lines) != 1 else lines[0],),
    )
    return list(_drawn(run, [waits, within, *levels]))


def by_team(run: Result) -> list[Picture]:
    """Draw how teams are used, and what agents do through the day."""
    teams = [name for name, team in run.scenario.teams.items() if team.role == "agent"]
    height = 1.1 + 0.36 * len(teams)
    states = [
        _Wanted(f"states-{number}", plots.agent_states, 3.4, _see("Teams"), (team,))
        for number, team in enumerate(["", *teams[:MOST]] if len(teams) > 1 else teams)
    ]
    occupancy = _Wanted("occupancy", plots.occupancy, height, _see("Teams"))
    concurrency = _Wanted("concurrency", plots.concurrency, height, _see("Teams"))
    return list(_drawn(run, [occupancy, concurrency, *states]))


def by_interval(run: Result) -> list[Picture]:
    """Draw the day: what came and what became of it, who waits, and who finds nobody."""
    queues = _queues(run, "volumes")
    volumes = [
        _Wanted(f"volumes-{number}", plots.volumes, 2.7, _see("By interval"), (queue,))
        for number, queue in enumerate(["", *queues] if len(queues) > 1 else queues)
    ]
    waiting = _Wanted("waiting", plots.queue_lengths, 2.4, _extremes, ("",))
    nobody = _Wanted("nobody", plots.no_agent_rate, 2.4, _extremes, ("",))
    return list(_drawn(run, [waiting, nobody, *volumes]))


def handed_on(run: Result) -> list[Picture]:
    """Draw who hands conversations on to whom and, where events were kept, one conversation."""
    height, words = 1.2 + 0.5 * len(run.scenario.queues), _see("Requests that agents placed")
    wanted = [
        _Wanted("transfers", plots.transfer_flow, height, words),
        _Wanted("conferences", plots.transfer_flow, height, words, (("conference",),)),
    ]
    if "events" in run.tables:
        wanted.append(_Wanted("conversation", plots.conversation, 3.8, _time_line))
    return list(_drawn(run, wanted))


def _drawn(run: Result, wanted: Iterable[_Wanted]) -> Iterator[Picture]:
    """Draw what there is something to draw of: without conferences there is no picture of them."""
    for one in wanted:
        with suppress(NothingToDrawError):
            yield _picture(run, one)


def _picture(run: Result, wanted: _Wanted) -> Picture:
    said: list[str] = []

    def draw(ax: Axes) -> None:
        said.append(wanted.words(wanted.draw(run, *wanted.told, ax=ax)))

    element, title = draw_svg(draw, wanted.name, wanted.height)
    return Picture(element, title, f"{title}. {said[0]}")


def _queues(run: Result, picture: str, most: int = MOST) -> list[str]:
    """Return the busiest queues of which there is such a picture, in the order of the scenario."""
    try:
        there = queues_with(run, picture)
    except NothingToDrawError:
        return []
    offered = pick(run.figures, "offered", queue=None).set_index("queue")["value"]
    busiest = sorted(there, key=lambda queue: -float(offered.get(queue, 0.0)))[:most]
    return [queue for queue in there if queue in busiest]


def _see(table: str) -> Words:
    return lambda _: f"The numbers are in the table “{table}”."


def _time_line(ax: Axes) -> str:
    people = ", ".join(label.get_text() for label in ax.get_yticklabels())
    return f"Time line of {people}."


def _extremes(ax: Axes) -> str:
    """Describe where the first line is lowest and highest."""
    line = next(line for line in ax.get_lines() if not str(line.get_label()).startswith("_"))
    at, values = (np.asarray(data, dtype=np.float64) for data in line.get_data())
    unit = ax.get_ylabel().rpartition("(")[2].rstrip(")")
    places = (
        f"{words} {values[place]:.3g} {unit} around {clock_text(round(at[place] * HOUR_S))}"
        for words, place in (("lowest", np.nanargmin(values)), ("highest", np.nanargmax(values)))
    )
    return f"{', '.join(places)}.".capitalize()
