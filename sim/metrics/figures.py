"""Figures with their intervals, over replications."""

from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.metrics.arrays import FloatArray
from sim.metrics.cells import Cells
from sim.metrics.measures import Measures
from sim.metrics.moments import Moments

if TYPE_CHECKING:
    import pandas as pd


FIGURE_COLUMNS = (
    "metric", "queue", "team", "channel", "kind", "interval", "value", "low", "high", "replications", "unit",
)  # fmt: skip


class Figure(NamedTuple):
    """One row of the table: empty names mean over all; `low` and `high` are NaN with one replication."""

    metric: str
    queue: str
    team: str
    channel: str
    kind: str
    interval: str
    value: float
    low: float
    high: float
    replications: int
    unit: str


class Figures:
    """Means, variances and covariances of every cell, folded one replication after the other.

    Memory does not grow with the replications. The same replications in the same order give the same bytes.
    """

    def __init__(self) -> None:
        self.replications = 0
        self._cells: Cells | None = None
        self._moments = Moments(0)

    @property
    def cells(self) -> Cells:
        """The cells of the folded measures; ValueError before the first fold."""
        if self._cells is None:
            raise ValueError("no replication has been folded in yet")
        return self._cells

    def fold(self, measures: Measures) -> None:
        """Take one more replication in.

        Raises ValueError where its cells are not those of the replications before it.
        """
        if self._cells is None:
            self._cells = measures.cells
            self._moments = Moments(len(measures.cells))
        if measures.cells != self._cells:
            raise ValueError("these measures are those of another scenario or of other metrics")
        self.replications += 1
        self._moments.add(measures.numerator, measures.denominator)

    def table(self, level: float = 0.95) -> "pd.DataFrame":
        """Give the figures that have data, one a row, with intervals of this confidence level."""
        frame = self.cells.frame()
        frame["value"], frame["low"], frame["high"] = self.intervals(level)
        frame["replications"] = self._moments.count.astype(np.int64)
        shown: pd.DataFrame = frame.loc[frame["value"].notna(), list(FIGURE_COLUMNS)]
        return shown.reset_index(drop=True)

    def intervals(self, level: float = 0.95) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Give value, low and high of every cell, NaN where there are no data.

        Ratios of means: delta method; means: the plain standard error; both with Student's t
        of n - 1 degrees. The limits of a share are kept within 0 and 1.
        """
        value, error = self._moments.estimate(self.cells.is_ratio)
        half = _student_t(self._moments.count, level) * error
        low, high = value - half, value + half
        share = self.cells.is_share
        return value, np.where(share, np.clip(low, 0, 1), low), np.where(share, np.clip(high, 0, 1), high)

    def value(
        self,
        metric: str,
        *,
        queue: str = "",
        team: str = "",
        channel: str = "",
        kind: str = "",
        interval: str = "",
        level: float = 0.95,
    ) -> Figure:
        """Give one figure; its value is NaN where there are no data, but a count of nothing is 0.

        Raises SimError, with the nearest name, for a name that does not exist.
        """
        place = {"queue": queue, "team": team, "channel": channel, "kind": kind, "interval": interval}
        row = self.cells.row(metric, place)
        value, low, high = (float(column[row]) for column in self.intervals(level))
        count = int(self._moments.count[row])
        if self._is_count_of_nothing(row):
            value, low, high = 0.0, *([0.0, 0.0] if count > 1 else [nan, nan])
        unit = self.cells.unit_of(metric)
        return Figure(metric, queue, team, channel, kind, interval, value, low, high, count, unit)

    def _is_count_of_nothing(self, row: int) -> bool:
        """Tell a total that had nothing to add up from a rate or a wait of nobody, which has no value."""
        moments = self._moments
        return bool(not self.cells.is_ratio[row] and moments.count[row] and not moments.bottom[row])


def _student_t(count: FloatArray, level: float) -> FloatArray:
    """Give the two-sided quantile of Student's t with n - 1 degrees of freedom, NaN where n is below 2."""
    from scipy.special import stdtrit

    sizes, cell = np.unique(count, return_inverse=True)
    quantiles = np.full(len(sizes), np.nan)
    quantiles[sizes > 1] = stdtrit(sizes[sizes > 1] - 1, 0.5 + level / 2)
    return quantiles[cell]
