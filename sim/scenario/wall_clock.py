"""What the clock on the wall shows at the instants of a run, of which some dates have 23 or 25 hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sim.scenario.calendar import DAY_S, Calendar, stretches
from sim.scenario.model import Scenario

FOLLOWING = 60
"""Days after a calendar of which it is known too; a run may go on into them."""


@dataclass(frozen=True)
class WallClock:
    """How much more the clock shows than has gone by since t = 0, from which instants on; all in seconds."""

    starts: NDArray[np.float64]
    ahead: NDArray[np.float64]

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """Read the clock of a scenario: of a calendar, of one of its dates, or of a run without one."""
        pieces = [(-np.inf, 0.0)]
        if scenario.date is not None:
            pieces += _pieces(scenario.date.calendar, scenario.date.date)
        elif (calendar := _calendar_of(scenario)) is not None:
            pieces += _pieces(calendar, calendar.from_)
        starts, ahead = np.array(pieces, dtype=np.float64).T
        return cls(starts, ahead)

    def shown(self, seconds: Any) -> Any:
        """Return what the clock shows at instants, counted from what it showed at t = 0; NaN stays."""
        return seconds + self.ahead[np.searchsorted(self.starts, seconds, side="right") - 1]


def _calendar_of(scenario: Scenario) -> Calendar | None:
    return scenario.calendar if scenario.linked is None else scenario.linked.days[0].calendar


def _pieces(calendar: Calendar, first: date) -> Iterator[tuple[float, float]]:
    midnight = calendar.midnight_s(first)
    last = (calendar.dates[-1] - first).days + FOLLOWING
    begins = calendar.midnight_s(first - timedelta(days=1)) - midnight
    for number in range(-1, last + 1):
        day = first + timedelta(days=number)
        for one in stretches(day, calendar.time_zone):
            yield begins + one.start, number * DAY_S + one.shift - begins
        begins += calendar.length_s(day)
