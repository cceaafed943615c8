"""The picture of how many requests are answered within which time."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.records.schema import KINDS
from sim.report.plots.labels import End, folded, label_ends
from sim.report.plots.source import (
    MOST_LINES,
    NothingToDrawError,
    Source,
    days_in,
    days_words,
    in_order,
    names_of,
    of_the_busiest,
    scenario_of,
    table_of,
)
from sim.report.plots.style import INK, canvas, look, strip, styled
from sim.report.plots.units import Unit, kind_words, unit_of
from sim.scenario import ServiceLevel

LOST = ("abandoned", "no_agent", "disconnected")
"""How a request ends that is offered and not answered."""
_POINTS = 400
_MOST_ROOM = 3.0
"""So much farther than the waits go may the axis reach for the sake of a target."""
_FAR_S = 86_400.0
"""Curves go on beyond their axis, which may be widened to that of others."""
_WORDS_FROM = 0.4
"""Where words at the right of the axes begin, in parts of their width."""
_HEADROOM = 103.0
"""Where the axis of per cents ends, so that a line at 100 % can be seen."""


@styled
def answered_within(
    source: Source, queue: str | Sequence[str] | None = None, *, kind: str = "", ax: Axes | None = None
) -> Axes:
    """Draw which share of the offered requests was answered within any time, a line a queue.

    It ends below 100 % by those who left, found no agent or were sent away. A cross marks a queue's target.
    Without `queue` there is a line for each, of more than six for the busiest. With a single `queue` and no
    `kind` there is a line for each way into it. Needs the table of requests, or is given it.
    """
    requests = _offered(table_of(source, "requests"), queue, kind)
    column = "kind" if isinstance(queue, str) and not kind else "queue"
    names = _names(source, requests, column, every=queue is not None)
    goals = _goals(source, [queue] if isinstance(queue, str) else names)
    unit, right = _axis(requests, goals)
    ax = canvas(ax)
    ax.set_xlim(0, right)
    ax.set_ylim(0, _HEADROOM)
    ends = [
        _draw_curve(ax, name, requests[requests[column] == name], number, unit)
        for number, name in enumerate(names)
    ]
    label_ends(ax, [_with_goal(end, goals.get(n)) for end, n in zip(ends, names, strict=True) if names[1:]])
    _mark_goals(ax, goals, names, unit)
    ax.set_xlabel(f"Time from placing the request ({unit.name})")
    ax.set_ylabel("Answered (% of offered)")
    of = f", {queue}" if isinstance(queue, str) else of_the_busiest(names, requests[column].nunique())
    ax.set_title(f"Answered within{of} ({days_words(source, days_in(requests))})")
    return ax


def _offered(requests: pd.DataFrame, queue: str | Sequence[str] | None, kind: str) -> pd.DataFrame:
    chosen = requests["outcome"].isin(["answered", *LOST])
    if queue is not None:
        chosen &= requests["queue"].isin([queue] if isinstance(queue, str) else queue)
    if kind:
        chosen &= requests["kind"] == kind
    if not chosen.any():
        raise NothingToDrawError("there are no such requests")
    return requests[chosen]


def _names(source: Source, requests: pd.DataFrame, column: str, *, every: bool) -> list[str]:
    """Give the queues or kinds in their order, of many queues the busiest ones."""
    counts = requests[column].value_counts()
    there = [str(name) for name in (counts if every else counts.nlargest(MOST_LINES)).index if counts[name]]
    return in_order(there, KINDS if column == "kind" else names_of(source, "queue"))


def _goals(source: Source, queues: Sequence[str]) -> dict[str, ServiceLevel]:
    """Give the service level that is wanted of each queue, where one is."""
    scenario = scenario_of(source)
    wanted = scenario.queues if scenario is not None else {}
    levels = ((name, wanted[name].service_level) for name in queues if name in wanted)
    return {name: level for name, level in levels if level is not None}


def _axis(requests: pd.DataFrame, goals: dict[str, ServiceLevel]) -> tuple[Unit, float]:
    """Give the unit of the axis and where it ends: beyond the waits and, where they are near, the targets."""
    waits = requests.loc[requests["outcome"] == "answered", "wait"]
    longest = float(waits.quantile(0.985)) if len(waits) else 0.0
    near = [g.within for g in goals.values() if not longest or g.within <= _MOST_ROOM * longest]
    right = max([longest, *(1.06 * within for within in near)]) or 1.0
    unit = unit_of("wait_p95", right)
    return unit, right * unit.factor


def _draw_curve(ax: Axes, name: str, requests: pd.DataFrame, number: int, unit: Unit) -> End:
    waited = np.sort(requests.loc[requests["outcome"] == "answered", "wait"].to_numpy()) * unit.factor
    right = ax.get_xlim()[1]
    beyond = [*waited[waited > right], max([_FAR_S * unit.factor, *waited[-1:]])]
    times = np.append(np.linspace(0, right, _POINTS), beyond)
    share = 100 * np.searchsorted(waited, times, side="right") / len(requests)
    how = look(number)
    ax.plot(times, share, color=how.colour, linestyle=how.dash, label=name)
    return End(right, float(share[_POINTS - 1]), folded(kind_words(name)), how.colour)


def _with_goal(end: End, goal: ServiceLevel | None) -> End:
    """Write a queue's target beneath its name, so that crosses are told from each other without colour."""
    return end if goal is None else end._replace(text=f"{end.text}\n{_words(goal)}")


def _words(goal: ServiceLevel) -> str:
    return f"{100 * goal.target:g} % in {goal.within:g} s"


def _mark_goals(ax: Axes, goals: dict[str, ServiceLevel], names: Sequence[str], unit: Unit) -> None:
    """Mark the targets with crosses: one in words, several as written at the lines."""
    for name, level in goals.items():
        colour = look(names.index(name)).colour if name in names and len(names) > 1 else INK
        x, y = level.within * unit.factor, 100 * level.target
        ax.plot(x, y, marker="P", color=colour, markeredgecolor="white", markersize=9, linestyle="", zorder=4)
    if not goals:
        return
    if set(goals) & set(names):
        sample = Line2D([], [], color=INK, label="target of a queue", linestyle="", marker="P", markersize=9)
        sample.set_markeredgecolor("white")
        strip(ax, [sample])
        return
    (level,) = goals.values()
    ax.text(
        0.98, _free(ax), f"+ target: {_words(level)}", transform=ax.get_yaxis_transform(), ha="right", va="bottom",
        fontsize=8,
    )  # fmt: skip


def _free(ax: Axes) -> float:
    """Give a height at the right of the axes, in per cent, at which no curve runs; the lowest of them."""
    right = ax.get_xlim()[1]
    x, y = np.concatenate([np.asarray(line.get_data(), dtype=np.float64) for line in ax.get_lines()], axis=1)
    passed = y[(x >= _WORDS_FROM * right) & (x <= right)]
    free = (at for at in range(4, 90, 4) if not ((passed > at - 3) & (passed < at + 9)).any())
    return float(next(free, 4))
