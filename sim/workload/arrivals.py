"""Arrival times of one stream: a Poisson process whose rate is constant by pieces."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.scenario import Scenario
from sim.scenario.arrivals import Arrivals, Busyness, ForecastRow
from sim.workload.inverse import gamma_of_shape
from sim.workload.seeds import Floats, Seeds

_SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """An arrival rate that is constant by pieces.

    Piece i runs from starts[i] to ends[i] (seconds) and brings volumes[i] contacts on average. Pieces are
    in order and do not overlap; between them there are no arrivals.
    """

    starts: Floats
    ends: Floats
    volumes: Floats

    def times(self, exposure: Floats, factor: float) -> Floats:
        """Return when the cumulated rate, times `factor`, reaches each of `exposure`.

        `exposure` is increasing; what the rate never reaches is left out. This is inversion: the n-th
        arrival is a function of the n-th number alone.
        """
        reached = np.concatenate(([0.0], np.cumsum(self.volumes * factor)))
        within = exposure[: np.searchsorted(exposure, reached[-1])]
        piece = np.searchsorted(reached, within, side="right") - 1
        share = (within - reached[piece]) / (self.volumes[piece] * factor)
        times = self.starts[piece] + share * (self.ends[piece] - self.starts[piece])
        # Rounding must not move an arrival out of its piece, nor out of the day.
        return np.clip(times, self.starts[piece], np.nextafter(self.ends[piece], -math.inf))

    @property
    def volume(self) -> float:
        """Expected arrivals over all pieces."""
        return float(self.volumes.sum())


def rate_of(arrivals: Arrivals, lasts: float) -> Rate:
    """Return the rate given by `per_hour` or by the forecast file, cut where arrivals stop."""
    if arrivals.file is not None:
        return _cut(*_forecast_pieces(arrivals.forecast, lasts), lasts)
    per_hour = arrivals.per_hour
    if per_hour is None:
        raise ValueError("a replayed stream has no rate")
    if isinstance(per_hour, tuple):
        starts: Floats = np.arange(len(per_hour), dtype=np.float64) * arrivals.every
        volumes = np.asarray(per_hour, dtype=np.float64) * (arrivals.every / _SECONDS_PER_HOUR)
        return _cut(starts, starts + arrivals.every, volumes, lasts)
    return _cut(np.zeros(1), np.full(1, lasts), np.full(1, per_hour * lasts / _SECONDS_PER_HOUR), lasts)


def arrival_times(seeds: Seeds, stream: str, rate: Rate, factor: float) -> Floats:
    """Draw the sorted arrival times of a stream whose rate is multiplied by `factor`.

    The unit-exponential distances between arrivals come from the stream's column "arrival", so another rate
    or another factor moves every arrival but keeps its number.
    """
    expected = rate.volume * factor
    size = math.ceil(expected + 6.0 * math.sqrt(expected)) + 16
    while True:
        exposure = np.cumsum(-np.log1p(-seeds.uniforms(size, stream, "arrival", 0)))
        if exposure[-1] > expected * (1.0 + 1e-9):  # the sum over the pieces may round either way
            return rate.times(exposure, factor)
        size *= 2


def busyness(scenario: Scenario, seeds: Seeds, stream: str, own: Busyness | None) -> float:
    """Draw the day's factor on a stream's rate: the common one times its own, each gamma with mean 1."""
    return _factor(scenario.busyness, seeds, "busyness") * _factor(own, seeds, stream, "busyness")


def _factor(law: Busyness | None, seeds: Seeds, *address: str) -> float:
    if law is None or law.sd == 0.0:
        return 1.0
    return float(gamma_of_shape(law.sd**-2, 1.0, seeds.uniforms(1, *address))[0])


def _forecast_pieces(rows: Sequence[ForecastRow], lasts: float) -> tuple[Floats, Floats, Floats]:
    """Return start, end and volume of each interval.

    An interval ends where the next one starts; the last is as long as the one before it, a single one runs
    to the end.
    """
    starts = np.array([row.start_s for row in rows], dtype=np.float64)
    last = starts[-1] + (starts[-1] - starts[-2]) if starts.size > 1 else lasts
    return starts, np.append(starts[1:], last), np.array([row.volume for row in rows], dtype=np.float64)


def _cut(starts: Floats, ends: Floats, volumes: Floats, lasts: float) -> Rate:
    """Keep what lies within [0, lasts]; pieces at its edges with their share of the volume."""
    first, last = np.clip(starts, 0.0, lasts), np.clip(ends, 0.0, lasts)
    kept = (last > first) & (volumes > 0)
    part = (last[kept] - first[kept]) / (ends[kept] - starts[kept])
    return Rate(first[kept], last[kept], volumes[kept] * part)
