"""Pictures of what was fitted from a log: each law and curve over what the log has."""

import numpy as np
from matplotlib.axes import Axes

from sim.logs.estimates import Calibration, QueueFit
from sim.logs.laws import LawFit, density
from sim.metrics.columns import FloatArray
from sim.report.plots.axes import HOUR_S, clock_axis
from sim.report.plots.source import NothingToDrawError
from sim.report.plots.style import INK, LOOKS, SOFT_INK, End, canvas, folded, label_ends, look, strip, styled
from sim.scenario.day_rules import WEEKDAYS
from sim.scenario.distributions import Empirical

SEEN = "#c9d8e8"
"""The colour of what the log has, beneath what was fitted."""
FEWEST_DAYS = 5
"""So many days make a band."""


def _hours(found: Calibration) -> FloatArray:
    """Return the edges of the intervals in hours since midnight."""
    edges: FloatArray = (found.hours.opens + found.hours.edges) / HOUR_S
    return edges


def _clock(ax: Axes, found: Calibration) -> None:
    import pandas as pd

    hours = _hours(found)
    clock_axis(ax, hours[0], hours[-1], pd.DataFrame())  # a log has clock times of its own


@styled
def arrivals(found: Calibration, queue: QueueFit, *, ax: Axes | None = None) -> Axes:
    """Draw the contacts of a queue by interval: the mean day, the middle 80 % of its days, and each weekday.

    Raises NothingToDrawError for a queue that contacts are only handed on to.
    """
    if not queue.volumes:
        raise NothingToDrawError("nobody comes to this queue by themselves")
    ax, hours = canvas(ax), _hours(found)
    _clock(ax, found)
    days = zip(found.dates, queue.counts, strict=True)
    counts = np.array([one for date, one in days if date.weekday() in found.hours.of_mean], dtype=np.float64)
    if len(counts) >= FEWEST_DAYS:
        low, high = np.quantile(counts, (0.1, 0.9), axis=0)
        words = f"middle 80 % of {len(counts)} days"
        ax.fill_between(
            np.repeat(hours, 2)[1:-1], np.repeat(low, 2), np.repeat(high, 2), color=SEEN, linewidth=0, label=words
        )  # fmt: skip
    for number, (weekday, volumes) in enumerate(queue.weekdays.items()):
        if len(queue.weekdays) > 1:
            how = look(number + 1)
            ax.stairs(
                volumes, hours, baseline=None, color=how.colour, linestyle=how.dash, linewidth=0.9,
                label=WEEKDAYS[weekday],
            )  # fmt: skip
    ax.stairs(queue.volumes, hours, baseline=None, color=LOOKS[0].colour, linewidth=2.0, label="mean day")
    ax.set_ylim(bottom=0)
    ax.set_ylabel("Contacts (per interval)")
    ax.set_title(f"{queue.name}: contacts offered (per interval)")
    strip(ax)
    return ax


@styled
def spread_of_counts(found: Calibration, queue: QueueFit, *, ax: Axes | None = None) -> Axes:
    """Draw how far the counts of each interval spread over the days, beside Poisson's law and the fitted busyness.

    Days are compared with those of their weekday. Raises NothingToDrawError where no weekday is there twice.
    """
    means, seen = _spreads(found, queue)
    if not len(means):
        raise NothingToDrawError("no weekday is there twice")
    ax = canvas(ax)
    grid = np.linspace(0.0, 1.05 * float(means.max()), 60)
    ax.plot(
        means, seen, "o", color=LOOKS[0].colour, markersize=3.5, alpha=0.8, label="an interval of the log"
    )
    ax.plot(grid, grid**0.5, color=SOFT_INK, linestyle=(0, (2, 2)), linewidth=1.2, label="Poisson")
    factors = (found.common.day, found.common.interval, queue.factors.day, queue.factors.interval)
    beyond = float(np.prod([1.0 + one * one for one in factors])) - 1.0
    ax.plot(
        grid, (grid + beyond * grid**2) ** 0.5, color=LOOKS[1].colour, linestyle=LOOKS[1].dash, label="with busyness"
    )  # fmt: skip
    ax.set_ylim(bottom=0)
    ax.set_xlim(0, grid[-1] or 1.0)
    ax.set_xlabel("Mean contacts of an interval (number)")
    ax.set_ylabel("Standard deviation over days (number)")
    ax.set_title(f"{queue.name}: spread of counts (number)")
    strip(ax, below=44.0)
    return ax


def _spreads(found: Calibration, queue: QueueFit) -> tuple[FloatArray, FloatArray]:
    """Return mean and standard deviation of each interval's counts, within weekdays."""
    counts = np.array(queue.counts, dtype=np.float64)
    weekday = np.array([one.weekday() for one in found.dates])
    squares, free = np.zeros(counts.shape[1:]), 0
    for one in set(weekday.tolist()) if len(counts) else ():
        same = counts[weekday == one]
        squares += ((same - same.mean(axis=0)) ** 2).sum(axis=0)
        free += len(same) - 1
    if not free:
        return np.empty(0), np.empty(0)
    return counts.mean(axis=0), (squares / free) ** 0.5


@styled
def durations(fit: LawFit, what: str, *, ax: Axes | None = None) -> Axes:
    """Draw the durations of a log as a histogram, and over it the law that was fitted.

    Where none is near enough, the best one is dashed: the durations themselves were taken.
    """
    ax = canvas(ax)
    edges, counts = np.array(fit.seen.edges), np.array(fit.seen.counts)
    whole = max(fit.rows, 1)
    shares, width = 100.0 * counts / whole, float(edges[1] - edges[0])
    ax.stairs(
        shares, edges, fill=True, facecolor=SEEN, edgecolor=INK, linewidth=0.3,
        label=f"{fit.rows:,} of the log",
    )  # fmt: skip
    grid = np.linspace(max(0.05, 0.25 * edges[1]), edges[-1], 300)
    taken = not isinstance(fit.law, Empirical)
    how = LOOKS[0] if taken else LOOKS[1]
    name = type(fit.best).__name__.lower()
    label = f"{name}, {fit.distance:.3f} away{' (KS)' if taken else ': not taken'}"
    ax.plot(
        grid,
        100.0 * width * density(fit.best, grid)[0] / fit.part,
        color=how.colour,
        linestyle=how.dash,
        label=label,
    )
    mean = f"mean {fit.mean:.0f} s"
    ax.axvline(fit.mean, color=SOFT_INK, linewidth=0.9, linestyle=(0, (2, 2)), label=mean)
    ax.set_xlim(0, edges[-1])
    ax.set_ylim(0, 1.25 * float(shares.max() or 1.0))
    beyond = f"; {fit.seen.beyond:,} are longer" if fit.seen.beyond else ""
    ax.set_xlabel(f"Seconds{beyond}")
    ax.set_ylabel(f"Share (% in {width:g} s)")
    ax.set_title(f"{what} (% in {width:g} s)")
    strip(ax, below=44.0)
    return ax


@styled
def patience(queue: QueueFit, *, ax: Axes | None = None) -> Axes:
    """Draw who still waits after so many seconds: Kaplan and Meier's estimate, the fitted law, and the usual mistake.

    The mistake is to take the mean wait of those who left for the mean patience: those with more patience were
    answered first. Raises NothingToDrawError where the queue has too few who left.
    """
    fit = queue.patience
    if fit is None or fit.seen is None:
        raise NothingToDrawError("too few left to see their patience")
    ax, at = canvas(ax), np.array(fit.seen.at)
    low, high = 100 * np.array(fit.seen.low), 100 * np.array(fit.seen.high)
    ax.fill_between(at, low, high, step="post", color=SEEN, linewidth=0, label="95 % interval")
    ax.step(at, 100 * np.array(fit.seen.share), where="post", color=INK, linewidth=1.0, label="Kaplan-Meier")
    name = type(fit.law).__name__.lower()
    survival = 1.0 - density(fit.law, np.maximum(at, 1e-6))[1]
    ax.plot(at, 100 * survival, color=LOOKS[0].colour, label=f"{name}, mean {fit.law.mean:.0f} s")
    ax.plot(
        at, 100 * np.exp(-at / fit.naive_s), color=LOOKS[1].colour, linestyle=LOOKS[1].dash,
        label=f"mistaken: {fit.naive_s:.0f} s, the mean wait of those who left",
    )  # fmt: skip
    ax.set_ylim(0, 100)
    ax.set_xlim(0, at[-1])
    ax.set_xlabel("Seconds waited")
    ax.set_ylabel("Still patient (%)")
    ax.set_title(f"{queue.name}: patience (% still patient)")
    strip(ax, below=44.0)
    return ax


@styled
def heads(found: Calibration, *, ax: Axes | None = None) -> Axes:
    """Draw the agents of each team seen at work by interval of the ordinary day: a lower bound of who was there."""
    ax, hours = canvas(ax), _hours(found)
    _clock(ax, found)
    ends = []
    for number, team in enumerate(found.people.teams):
        how = look(number)
        ax.stairs(team.heads, hours, baseline=None, color=how.colour, linestyle=how.dash, linewidth=1.6)
        ends.append(End(float(hours[-1]), float(team.heads[-1]), folded(team.name), how.colour))
    ax.set_ylim(0, 1.08 * max([1, *(max(team.heads) for team in found.people.teams)]))
    label_ends(ax, ends)
    ax.set_ylabel("Agents (number)")
    ax.set_title("Agents seen at work (number)")
    return ax
