"""The names along each dimension, and the intervals of the day."""

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Self

import numpy as np

from sim.metrics.arrays import FloatArray, IntArray
from sim.metrics.metric import Breakdown, Dimension
from sim.records.schema import AGENT_STATES, KINDS

if TYPE_CHECKING:
    from sim.scenario import Scenario

DAY_S = 86_400.0
_ROUNDING = 1e-9  # of an interval: 0.3 / 0.1 must not make a fourth one


@dataclass(frozen=True, slots=True)
class Axes:
    """What figures are broken down by; it depends on the scenario alone, so replications fit together.

    `starts` are the intervals' beginnings in seconds from opening. The last one is open: it begins where
    arrivals stop and holds what is still placed and served after that.
    """

    queue: tuple[str, ...]
    team: tuple[str, ...]
    channel: tuple[str, ...]
    kind: tuple[str, ...]
    state: tuple[str, ...]
    interval: tuple[str, ...]
    starts: tuple[float, ...]

    @classmethod
    def of(cls, scenario: "Scenario") -> Self:
        """Take the axes from a scenario."""
        starts = _starts(scenario.lasts, scenario.interval)
        return cls(
            queue=tuple(scenario.queues),
            team=tuple(scenario.teams),
            channel=tuple(scenario.channels),
            kind=KINDS,
            state=AGENT_STATES,
            interval=tuple(clock_text(scenario.opens_at + start) for start in starts),
            starts=starts,
        )

    def names(self, dimension: Dimension) -> tuple[str, ...]:
        """Give the names along a dimension."""
        names: tuple[str, ...] = getattr(self, dimension)
        return names

    def shape(self, by: Breakdown) -> tuple[int, ...]:
        """Give the number of names along each dimension of a breakdown."""
        return tuple(len(self.names(dimension)) for dimension in by)

    def interval_of(self, times: FloatArray) -> IntArray:
        """Give the number of the interval in which each time lies, -1 for NaN."""
        found = np.searchsorted(np.array(self.starts), times, side="right") - 1
        return np.where(np.isnan(times), -1, found)


def clock_text(seconds: float) -> str:
    """Write seconds since midnight as `08:00`, or `08:00:30`, with `+1d ` before it on the next day."""
    days, rest = divmod(seconds, DAY_S)
    minutes, second = divmod(rest, 60)
    text = f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"
    if second:
        text += f":{second:06.3f}".rstrip("0").rstrip(".")
    return f"+{int(days)}d {text}" if days else text


def _starts(lasts: float, interval: float) -> tuple[float, ...]:
    count = ceil(lasts / interval - _ROUNDING)
    return (*(k * interval for k in range(count)), lasts)
