"""The pictures of the page, each with its caption and with words for those who do not see it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes

from sim.metrics.cells import clock_text
from sim.report import plots
from sim.report.html import svg
from sim.report.html.saved_run import SavedRun
from sim.report.plots.clock import HOUR_S
from sim.report.plots.panels import queues_with
from sim.report.plots.source import NothingToDrawError, pick

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


def by_queue(run: SavedRun) -> list[Picture]:
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


def by_team(run: SavedRun) -> list[Picture]:
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


def by_interval(run: SavedRun) -> list[Picture]:
    """Draw the day: what came and what became of it, who waits, and who finds nobody."""
    queues = _queues(run, "volumes")
    volumes = [
        _Wanted(f"volumes-{number}", plots.volumes, 2.7, _see("By interval"), (queue,))
        for number, queue in enumerate(["", *queues] if len(queues) > 1 else queues)
    ]
    waiting = _Wanted("waiting", plots.queue_lengths, 2.4, _extremes, ("",))
    nobody = _Wanted("nobody", plots.no_agent_rate, 2.4, _extremes, ("",))
    return list(_drawn(run, [waiting, nobody, *volumes]))


def handed_on(run: SavedRun) -> list[Picture]:
    """Draw who hands conversations on to whom and, where events were kept, one conversation."""
    height, words = 1.2 + 0.5 * len(run.scenario.queues), _see("Requests that agents placed")
    wanted = [
        _Wanted("transfers", plots.transfer_flow, height, words),
        _Wanted("conferences", plots.transfer_flow, height, words, (("conference",),)),
    ]
    if "events" in run.tables:
        wanted.append(_Wanted("conversation", plots.conversation, 3.8, _time_line))
    return list(_drawn(run, wanted))


def _drawn(run: SavedRun, wanted: Iterable[_Wanted]) -> Iterator[Picture]:
    """Draw what there is something to draw of: without conferences there is no picture of them."""
    for one in wanted:
        with suppress(NothingToDrawError):
            yield _picture(run, one)


def _picture(run: SavedRun, wanted: _Wanted) -> Picture:
    said: list[str] = []

    def draw(ax: Axes) -> None:
        said.append(wanted.words(wanted.draw(run, *wanted.told, ax=ax)))

    element, title = svg.draw(draw, wanted.name, wanted.height)
    return Picture(element, title, f"{title}. {said[0]}")


def _queues(run: SavedRun, picture: str, most: int = MOST) -> list[str]:
    """Give the busiest queues of which there is such a picture, in the order of the scenario."""
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
    """Say where the first line is lowest and highest."""
    line = next(line for line in ax.get_lines() if not str(line.get_label()).startswith("_"))
    at, values = (np.asarray(data, dtype=np.float64) for data in line.get_data())
    unit = ax.get_ylabel().rpartition("(")[2].rstrip(")")
    places = (
        f"{words} {values[place]:.3g} {unit} around {clock_text(round(at[place] * HOUR_S))}"
        for words, place in (("lowest", np.nanargmin(values)), ("highest", np.nanargmax(values)))
    )
    return f"{', '.join(places)}.".capitalize()
