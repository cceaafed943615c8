"""Percentiles, cell by cell."""

import numpy as np

from sim.metrics.columns import BoolArray, FloatArray, Groups, IntArray, Part, batches, stable_order
from sim.metrics.metric import Breakdown


class Ranking:
    """The chosen rows' values in order, cell by cell, for percentiles."""

    def __init__(self, groups: Groups, values: FloatArray, chosen: BoolArray) -> None:
        self.groups = groups
        picked = np.flatnonzero(chosen)
        self._rows = picked[np.argsort(values[picked], kind="stable")]
        self._group = groups.group[self._rows]
        self._values = values[self._rows]
        self._shares: list[float] = []
        self._known: dict[Breakdown, FloatArray] = {}

    def percentile(self, share: float) -> "Percentile":
        """Return the value that this share of the rows does not exceed; 1 gives the greatest."""
        self._shares.append(share)
        return Percentile(self, len(self._shares) - 1)

    def percentiles(self, number: int, breakdowns: tuple[Breakdown, ...]) -> list[FloatArray]:
        """Return a percentile in each cell, by its number; all that were asked for are found at once."""
        count, alike = len(self._shares), self.groups.alike(breakdowns)
        new = [by for by in dict.fromkeys(alike) if by not in self._known or len(self._known[by]) < count]
        for some in batches(new, len(self._rows)):
            cells, layout = self.groups.beside(some)
            cell = cells.take(self._group, axis=1).ravel()
            values = np.tile(self._values, len(some))[stable_order(cell, layout.size)]
            found = self._all_percentiles(values, np.bincount(cell, minlength=layout.size))
            self._known |= {by: found[:, span] for by, span in zip(some, layout.spans, strict=True)}
        return [self._known[by][number] for by in alike]

    def _all_percentiles(self, values: FloatArray, counts: IntArray) -> FloatArray:
        result = np.full((len(self._shares), len(counts)), np.nan)
        filled = np.flatnonzero(counts)
        last, first = counts[filled] - 1, (np.cumsum(counts) - counts)[filled]
        at = np.multiply.outer(np.array(self._shares), last)
        below = np.floor(at).astype(np.int64)
        low, high = values[first + below], values[first + np.minimum(below + 1, last)]
        with np.errstate(invalid="ignore"):
            between = low + (at - below) * (high - low)
        # There is no way half to an endless wait.
        result[:, filled] = np.where(np.isinf(high), np.where(at > below, high, low), between)
        return result


class Percentile(Part):
    """A percentile in each cell, interpolated linearly between ordered values; NaN where there are none."""

    def __init__(self, ranking: Ranking, number: int) -> None:
        self.ranking = ranking
        self._number = number

    def blocks(self, breakdowns: tuple[Breakdown, ...]) -> FloatArray:
        """Return the percentile of each cell of one breakdown after the other."""
        return np.concatenate(self.ranking.percentiles(self._number, breakdowns))
