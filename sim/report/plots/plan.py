"""Pictures of a scenario before it is simulated: what is expected to come, and who is there to answer."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.experiments.demand_and_staffing import agents_on_duty, volumes
from sim.metrics.columns import FloatArray
from sim.metrics.waiting import spread
from sim.report.plots.axes import HOUR_S, clock_axis, even_step, hours_of
from sim.report.plots.source import (
    MOST_LINES,
    NothingToDrawError,
    Source,
    day_word,
    days_in,
    days_words,
    of_the_busiest,
    scenario_of,
    table_of,
)
from sim.report.plots.style import INK, LOOKS, End, Fill, canvas, folded, label_ends, look, strip, styled
from sim.scenario import Scenario

MOST_STEPS = 96
_FILLS = (
    Fill("#2f5d8c", ""),
    Fill("#c9d8e8", ""),
    Fill("#e9b08f", "////"),
    Fill("#ffffff", "\\\\\\\\"),
    Fill("#8fb0d1", ""),
    Fill("#ffffff", "||||"),
    Fill("#dcdfe3", "...."),
)


class _Of(NamedTuple):
    """A scenario, as the axis of time wants it."""

    scenario: Scenario


@styled
def demand(scenario: Scenario, *, ax: Axes | None = None) -> Axes:
    """Draw how many contacts an hour are expected to ask for each queue through the day, before transfers.

    Contacts whom a bot helps are left out. Of more than six queues the busiest are drawn.

    Raises NothingToDrawError where no customer comes.
    """
    edges = _edges(scenario)
    expected = {name: one for name, one in volumes(scenario, edges).items() if one.sum()}
    if not expected:
        raise NothingToDrawError("nobody is expected to come")
    first = sorted(expected, key=lambda name: -expected[name].sum())[:MOST_LINES]
    quoted = [name for name in expected if name in first]
    ax = canvas(ax)
    hours = (edges + scenario.opens_at) / HOUR_S
    clock_axis(ax, hours[0], hours[-1], _Of(scenario))
    ends = []
    for number, name in enumerate(quoted):
        how, rates = look(number), expected[name] / np.diff(edges) * HOUR_S
        ax.stairs(rates, hours, baseline=None, color=how.colour, linestyle=how.dash, linewidth=1.6)
        ends.append(End(float(hours[-1]), float(rates[-1]), folded(name), how.colour))
    ax.set_ylim(0, 1.06 * max(float((expected[name] / np.diff(edges)).max()) * HOUR_S for name in quoted))
    label_ends(ax, ends)
    ax.set_ylabel("Expected contacts (per hour)")
    ax.set_title(f"Expected contacts{of_the_busiest(quoted, len(expected))} (per hour)")
    return ax


@styled
def staffing(scenario: Scenario, *, ax: Axes | None = None) -> Axes:
    """Draw how many agents of each team are on duty through the day, breaks and absence taken off, stacked."""
    edges = _edges(scenario)
    hours = (edges + scenario.opens_at) / HOUR_S
    ax = canvas(ax)
    clock_axis(ax, hours[0], hours[-1], _Of(scenario))
    floor: FloatArray = np.zeros(len(edges) - 1)
    for number, (name, team) in enumerate(scenario.teams.items()):
        there, fill = agents_on_duty(scenario, team, edges), _FILLS[number % len(_FILLS)]
        ax.stairs(
            floor + there, hours, baseline=floor, fill=True, label=name, facecolor=fill.colour, hatch=fill.hatch,
            edgecolor=INK, linewidth=0.4,
        )  # fmt: skip
        floor = floor + there
    ax.set_ylim(0, (float(floor.max()) or 1.0) * 1.06)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("Agents (number)")
    ax.set_title("Agents on duty (number)")
    strip(ax)
    return ax


def _edges(scenario: Scenario) -> FloatArray:
    """Return the edges of the steps in seconds from opening: the intervals, or fewer where they are many."""
    step = max(scenario.interval, scenario.lasts / MOST_STEPS)
    return np.append(np.arange(0.0, scenario.lasts, step), scenario.lasts)


# Pictures of the number of waiting requests over time, day by day.

STEPS_OF_A_DAY = 120
FEWEST_DAYS = 5
"""So many days make a band; fewer are drawn one by one."""
BAND = (0.1, 0.9)


@styled
def waiting(source: Source, queue: str = "", *, step_s: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw how many requests wait at each time of the day, and how much the days differ.

    The line is the mean over the days, each value the time average over `step_s` seconds, by default a round
    step of at least a 120th of the day. The band holds the middle 80 % of the days; fewer than five are drawn
    one by one. `queue` "" is all together. Needs the table of requests, or is given it; a band needs that of several
    replications (keep_tables="all").
    """
    requests = table_of(source, "requests")
    step_s = step_s or even_step(_end_of_day(source, requests), STEPS_OF_A_DAY)
    edges, counts = waiting_by_day(source, requests, queue, step_s)
    at = np.array([hours_of(edge, source) for edge in edges])
    word = day_word(source)
    middle, mean = (at[:-1] + at[1:]) / 2, counts.mean(axis=0)
    ax = canvas(ax)
    clock_axis(ax, at[0], at[-1], source)
    if len(counts) >= FEWEST_DAYS:
        low, high = np.quantile(counts, BAND, axis=0)
        words = f"{100 * (BAND[1] - BAND[0]):.0f} % of the {word}s"
        ax.fill_between(middle, low, high, color=LOOKS[0].colour, alpha=0.18, linewidth=0, label=words)
    elif len(counts) > 1:
        for number, one in enumerate(counts):
            label = f"each {word}" if number == 0 else None
            ax.plot(middle, one, color=LOOKS[0].colour, alpha=0.35, linewidth=0.7, label=label)
    ax.plot(middle, mean, color=LOOKS[0].colour, label=f"mean of the {word}s" if len(counts) > 1 else None)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("Waiting requests (number)")
    ax.set_title(f"Waiting, {queue or 'all queues'} (number; {days_words(source, len(counts))})")
    if len(counts) > 1:
        strip(ax)
    return ax


def waiting_by_day(
    source: Source, requests: pd.DataFrame, queue: str, step_s: float
) -> tuple[FloatArray, FloatArray]:
    """Return the edges of the steps, in seconds from opening, and each day's number of waiting requests in them."""
    days = days_in(requests)
    day = requests["replication"].to_numpy() if "replication" in requests else np.zeros(len(requests))
    group = pd.factorize(day)[0].astype(np.int64)
    chosen = (requests["queue"] == queue).to_numpy() if queue else np.ones(len(requests), dtype=np.bool_)
    placed = requests["placed_at"].to_numpy(np.float64)
    last = _end_of_day(source, requests)
    edges = np.append(np.arange(0.0, last, step_s), last)
    ends = placed + np.nan_to_num(requests["wait"].to_numpy(np.float64), nan=np.inf)
    starts, ends = np.clip([placed[chosen], ends[chosen]], 0, last)
    return edges, spread(group[chosen], days, starts, ends, edges) / np.diff(edges)


def _end_of_day(source: Source, requests: pd.DataFrame) -> float:
    """Return when the last contact may come, in seconds from opening: of a bare table, when the last one did."""
    scenario = scenario_of(source)
    return scenario.lasts if scenario is not None else float(requests["placed_at"].max())
