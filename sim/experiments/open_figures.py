"""Figures over replications as what is open at their ends may end, of which some may be endless."""

from collections.abc import Collection
from copy import deepcopy
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics import Figures, Measures

if TYPE_CHECKING:
    import pandas as pd


class OpenFigures:
    """The figures of a run as if all that is open were answered at the end, or as if none ever were.

    They begin as those of the replications before the first in which anything is open. A wait that is endless in one
    replication is so over all of them; its mean and variance are not folded, as no number of other days makes up for
    it.
    """

    def __init__(self, before: Figures) -> None:
        self._figures = deepcopy(before)
        self._endless: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None

    def fold(self, measures: Measures) -> None:
        """Take one more replication in."""
        endless = np.isinf(measures.numerator)
        self._endless = endless if self._endless is None else self._endless | endless
        finite = np.where(endless, 0.0, measures.numerator)
        self._figures.fold(Measures(measures.cells, finite, measures.denominator))

    def table(self, metrics: Collection[str]) -> "pd.DataFrame":
        """Return the figures of some metrics that have data, one a row, with 95 % intervals."""
        value, _, _ = self._figures.intervals()
        table = self._figures.table()
        if self._endless is not None:
            table.loc[self._endless[~np.isnan(value)], ["value", "low", "high", "max"]] = inf
        return table[table["metric"].isin(metrics)].reset_index(drop=True)
