"""What the clock on the wall shows at the instants of a run, of which some dates have 23 or 25 hours."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.calendar import DAY_S, Calendar, stretches
from sim.scenario.context import since_midnight
from sim.scenario.model import Scenario

FOLLOWING = 60
"""Days after a calendar of which it is known too; a run may go on into them."""


@dataclass(frozen=True)
class WallClock:
    """How much more the clock shows than has gone by since t = 0, from which instants on; all in seconds."""

    starts: NDArray[np.float64]
    ahead: NDArray[np.float64]

    @classmethod
    def of(cls, scenario: Scenario) -> "WallClock":
        """Return the clock of a scenario: of a calendar, of one of its dates, or of a run without one."""
        if not scenario.is_dated:
            return cls(np.array([-np.inf]), np.zeros(1))
        if scenario.date is not None:
            return _clock(scenario.date.date, scenario.date.calendar)
        calendar = scenario.calendar if scenario.linked is None else scenario.linked.days[0].calendar
        assert calendar is not None
        return _clock(calendar.from_, calendar)

    def shown(self, seconds: Any) -> Any:
        """Return what the clock shows at instants, counted from what it showed at t = 0; NaN stays."""
        return seconds + self.ahead[np.searchsorted(self.starts, seconds, side="right") - 1]


def clock_of(scenario: Scenario) -> Callable[[float], float]:
    """Return what makes clock times of instants: both in seconds, one since the midnight of the day of t = 0."""
    opens_s = 0.0 if scenario.opens is None else since_midnight(scenario.opens)
    wall = WallClock.of(scenario)
    return lambda at: opens_s + float(wall.shown(at))


def _clock(first: date, calendar: Calendar) -> WallClock:
    return _from(first, (calendar.dates[-1] - first).days + FOLLOWING, calendar.time_zone)


@lru_cache(maxsize=256)
def _from(first: date, days: int, time_zone: str | None) -> WallClock:
    """Return the clock of the days from the one before the first on, which night shifts begin."""
    starts, ahead = [-np.inf], [0.0]
    begins = -stretches(first - timedelta(days=1), time_zone)[-1].end
    for number in range(-1, days + 1):
        found = stretches(first + timedelta(days=number), time_zone)
        starts += [begins + one.start for one in found]
        ahead += [number * DAY_S + one.shift - begins for one in found]
        begins += found[-1].end
    return WallClock(np.array(starts), np.array(ahead))
