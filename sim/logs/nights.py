"""Hours in which a centre is closed: at night, and on a weekday; and days that a log has only a part of."""

from math import exp

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.log import clock_s, cross_counts
from sim.scenario.distributions import DAY_S
from sim.scenario.numbers import clock_text

STRAY_SHARE = 0.02
"""In an interval with at most this share of the contacts of the fullest one, who came came by mistake."""
THIN_SHARE = 0.1
"""Of what comes before and after, at least this share comes to a centre that is open and only quiet."""
UNLIKELY = 0.01
"""A chance that is smaller is ruled out."""


def closed_gap(counts: NDArray[np.int64]) -> tuple[int, int] | None:
    """Return the first interval in which a centre that is open at midnight is closed, and the one after the last.

    `counts` has the contacts of each interval of the clock. The gap is the longest in which hardly anybody came. None
    where it reaches midnight, where there is none, and where a centre that is open and quiet may look like it.
    """
    size = len(counts)
    empty = counts <= STRAY_SHARE * counts.max()
    begin = int(np.argmin(empty))  # an interval that is not empty: no gap goes on beyond it
    gaps = _runs(np.roll(empty, -begin))
    if not gaps:
        return None
    start, end = max(gaps, key=lambda gap: gap[1] - gap[0])
    start, end = (start + begin) % size, (end + begin - 1) % size + 1
    if start == 0 or end == size or end < start:
        return None
    around = [np.take(counts, range(at, at + 2), mode="wrap").mean() for at in (start - 2, end)]
    expected = THIN_SHARE * float(min(around)) * (end - start)
    return (start, end) if _at_most(int(counts[start:end].sum()), expected) < UNLIKELY else None


def closed_edges(counts: NDArray[np.int64]) -> tuple[int, int]:
    """Return the first interval in which a weekday is open, and the one after the last.

    `counts` has its contacts in each interval in which other weekdays are open. It is closed at an end where hardly
    anybody came in a run of intervals that is too long for a weekday that is open and only quiet.
    """
    size = len(counts)
    found = []
    for side in (counts, counts[::-1]):
        run = int(np.argmax(side > STRAY_SHARE * counts.max())) if counts.any() else 0
        expected = THIN_SHARE * float(side[run : run + 2].mean()) * run
        found.append(run if run and _at_most(int(side[:run].sum()), expected) < UNLIKELY else 0)
    return found[0], size - found[1]


def round_the_clock(is_open: NDArray[np.bool_], every_s: float) -> tuple[str, ...]:
    """Tell hours that are neither surely open nor surely closed of a centre that is open on both sides of midnight."""
    if not (is_open[0] and is_open[-1]) or is_open.all():
        return ()
    quiet = ", ".join(
        f"{clock_text(start * every_s)} to {clock_text(end * every_s)}" for start, end in _runs(~is_open)
    )
    return (
        f"taken as open round the clock: in {quiet} contacts came on less than half of the days, too few to tell"
        " whether it is quiet or on some days closed; where it is closed, write `opens` and `lasts`",
    )


def cut_days(times: pd.Series, turn: float) -> pd.DatetimeIndex:
    """Return the first and the last business day of a log where midnight cut them in two.

    The clock of the `times` is set back by `turn`. A day is cut where on one side of midnight less than a tenth came
    of what came there on other days, those of its weekday where there are any.
    """
    none = pd.DatetimeIndex([])
    if not turn or times.empty:
        return none
    date = times.dt.normalize().rename("day")
    is_late = (clock_s(times) >= DAY_S - turn).rename("late")
    came = cross_counts(date, is_late).reindex(columns=[False, True], fill_value=0)
    days = pd.DatetimeIndex(came.index)
    found = []
    for own, late in ((days[0], False), (days[-1], True)):
        others = days[days != own]
        same = others[others.day_of_week == own.day_of_week]
        if not len(others):
            continue
        usual = float(came[late][same if len(same) else others].mean())
        count = int(came[late][own])
        if count < THIN_SHARE * usual and _at_most(count, usual) < UNLIKELY:
            found.append(own)
    return none.union(pd.DatetimeIndex(found))


def _at_most(count: int, mean: float) -> float:
    """Return the probability that a Poisson count is not larger, or a bound of it where that is far off."""
    if count > mean:
        return 1.0
    term = total = exp(-mean)
    for number in range(1, count + 1):
        term *= mean / number
        total += term
    return total


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where runs of true values begin, and where they have ended."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))
