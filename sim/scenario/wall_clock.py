"""What the clock on the wall shows at the instants of a run, of which some dates have 23 or 25 hours."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.calendar import DAY_S, Calendar, stretches
from sim.scenario.model import Scenario

FOLLOWING = 60
"""Days after a calendar of which it is known too; a run may go on into them."""


@dataclass(frozen=True)
class WallClock:
    """How much more the clock shows than has gone by since t = 0, from which instants on; all in seconds.

    At t = 0 it shows `opens_s`, counted from a midnight.
    """

    starts: NDArray[np.float64]
    ahead: NDArray[np.float64]
    opens_s: float = 0.0

    @classmethod
    def set_at(cls, opens_s: float) -> "WallClock":
        """Return a clock that is never changed and shows this time at t = 0, in seconds since a midnight."""
        return cls(np.array([-np.inf]), np.zeros(1), opens_s)

    @classmethod
    def of(cls, scenario: Scenario) -> "WallClock":
        """Return the clock of a scenario: of a calendar, of one of its dates, or of a run without one."""
        if not scenario.is_dated:
            return cls.set_at(scenario.opens_at)
        if scenario.date is not None:
            return _clock(scenario.date.date, scenario.date.calendar)
        calendar = scenario.calendar if scenario.linked is None else scenario.linked.days[0].calendar
        assert calendar is not None
        return _clock(calendar.from_, calendar)

    def shown(self, seconds: Any) -> Any:
        """Return what the clock shows at instants, counted from what it showed at t = 0; NaN stays."""
        return seconds + self.ahead[np.searchsorted(self.starts, seconds, side="right") - 1]

    def time(self, seconds: Any) -> Any:
        """Return the clock time of instants, in seconds since the midnight of the day of t = 0."""
        return self.shown(seconds) + self.opens_s

    def next_midnight(self, now: float) -> float:
        """Return the next instant after one at which a day begins by the clock."""
        part = int(np.searchsorted(self.starts, now, side="right")) - 1
        found = now + DAY_S - (now + float(self.ahead[part]) + self.opens_s) % DAY_S
        later = [*self.starts[part + 1 : part + 2]]
        if later and later[0] <= found:  # it is set before that
            found = max(found - float(self.ahead[part + 1] - self.ahead[part]), float(later[0]))
        return found

    def turns(self, times_s: Iterable[float], first: float, last: float) -> list[float]:
        """Return the instants after `first` and before `last` at which it shows one of the times of a day, or is set.

        The times are in seconds since midnight; the instants are in order.
        """
        found = [float(start) for start in self.starts]
        ends = [*found[1:], np.inf]
        for start, end, ahead in zip(tuple(found), ends, self.ahead + self.opens_s, strict=True):
            begin, until = max(start, first), min(end, last)
            days = (
                range(int((begin + ahead) // DAY_S), int((until + ahead) // DAY_S) + 1)
                if begin < until
                else ()
            )
            found += [
                at for day in days for one in times_s if start <= (at := day * DAY_S + one - ahead) < end
            ]
        return sorted({at for at in found if first < at < last})


def clock_of(scenario: Scenario) -> Callable[[float], float]:
    """Return what makes clock times of instants: both in seconds, one since the midnight of the day of t = 0."""
    wall = WallClock.of(scenario)
    return lambda at: float(wall.time(at))


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
