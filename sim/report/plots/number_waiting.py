"""Pictures of the number of waiting requests over time, day by day."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.metrics.agents import spread
from sim.metrics.inputs import FloatArray
from sim.report.plots.clock import clock_axis, even_step, hours_of
from sim.report.plots.source import Source, day_word, days_in, days_words, scenario_of, table_of
from sim.report.plots.style import LOOKS, canvas, strip, styled

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
    ax.set_title(f"Waiting requests, {queue or 'all queues'} ({days_words(source, len(counts))})")
    if len(counts) > 1:
        strip(ax)
    return ax


def waiting_by_day(
    source: Source, requests: pd.DataFrame, queue: str, step_s: float
) -> tuple[FloatArray, FloatArray]:
    """Give the edges of the steps, in seconds from opening, and each day's number of waiting requests in them."""
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
    """Give when the last contact may come, in seconds from opening: of a bare table, when the last one did."""
    scenario = scenario_of(source)
    return scenario.lasts if scenario is not None else float(requests["placed_at"].max())
