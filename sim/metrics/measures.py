"""The figures of one replication."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.arrays import FloatArray
from sim.metrics.axes import Axes
from sim.metrics.cells import Cells
from sim.metrics.formulas import FORMULAS
from sim.metrics.recorded import Recorded
from sim.metrics.sources import Sources

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Measures:
    """Numerator and denominator of every cell, for one replication.

    For a ratio of means these are its two parts. For a mean the numerator is the replication's value, NaN
    where it has none, and the denominator says how much there was to take it from, 0 for no data.
    """

    cells: Cells
    numerator: FloatArray
    denominator: FloatArray

    @property
    def values(self) -> FloatArray:
        """Give this replication's own value of each cell, NaN where it has no data."""
        ratio = self.cells.is_ratio
        divisor = np.where(ratio, self.denominator, 1.0)
        nothing: FloatArray = np.full(len(ratio), np.nan)
        return np.divide(self.numerator, divisor, out=nothing, where=self.denominator != 0)

    def value(self, metric: str, **place: str) -> float:
        """Give this replication's own value of a metric, as `value("asa", queue="billing")`.

        Raises SimError for a name that does not exist.
        """
        row = self.cells.row(metric, place)
        return float(self.values[row])

    def parts(self, metric: str, **place: str) -> tuple[float, float]:
        """Give numerator and denominator of a metric.

        Raises SimError for a name that does not exist.
        """
        row = self.cells.row(metric, place)
        return float(self.numerator[row]), float(self.denominator[row])


def measure(records: Recorded, scenario: "Scenario", only: Collection[str] | None = None) -> Measures:
    """Compute the figures of one run: all metrics, or only those named.

    Raises SimError where there is no metric of such a name.
    """
    axes = Axes.of(scenario)
    cells = Cells.of(axes, only)
    sources = Sources(records, scenario, axes)
    numerator, denominator = np.empty(len(cells)), np.empty(len(cells))
    for metric in cells.metrics:
        top, bottom = FORMULAS[metric.name](sources)
        for by in metric.breakdowns:
            block = cells.block(metric.name, by)
            numerator[block], denominator[block] = top.cells(by), bottom.cells(by)
    return Measures(cells, numerator, denominator)
