"""The opening hours that a fit is made for, cut into equal intervals."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.canonical import day

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Weekdays from `opens` to `closes` (seconds since midnight), in intervals of `every` seconds."""

    opens: float = 8 * 3600.0
    closes: float = 20 * 3600.0
    every: float = 1800.0

    @property
    def lasts(self) -> float:
        """Length of the day in seconds."""
        return self.closes - self.opens

    @property
    def edges(self) -> NDArray[np.float64]:
        """Where the intervals begin and end, in seconds from opening."""
        return np.arange(0.0, self.lasts + self.every / 2, self.every)

    def since_opening(self, times: pd.Series) -> pd.Series:
        """Return seconds from the opening of each time's own day."""
        seconds: pd.Series = (times - times.dt.normalize()).dt.total_seconds() - self.opens
        return seconds

    def slot(self, times: pd.Series) -> pd.Series:
        """Return the interval of the day that each time falls in, from 0."""
        return (self.since_opening(times) // self.every).astype("int64").rename("slot")

    def select(self, calls: pd.DataFrame) -> pd.DataFrame:
        """Return the contacts offered on a weekday within the opening hours."""
        at = self.since_opening(calls["offered_at"])
        weekday = calls["offered_at"].dt.day_of_week < _SATURDAY
        kept: pd.DataFrame = calls[weekday & (at >= 0) & (at < self.lasts)]
        return kept.reset_index(drop=True)


def regular_queues(calls: pd.DataFrame, least: int = 10) -> pd.DataFrame:
    """Return the contacts of queues that were offered `least` a day on at least half of the days.

    What falls out is not part of an ordinary day: queues that are all but unused, campaigns of a day or two.
    """
    daily = pd.crosstab(day(calls), calls["queue"])
    kept = daily.columns[(daily >= least).mean() >= 0.5]
    return calls[calls["queue"].isin(kept)].reset_index(drop=True)
