"""Arrivals of a scenario: drawn from rates and forecasts as Poisson processes, or as recorded."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.errors import SimError
from sim.scenario import Scenario
from sim.scenario.arrivals import Arrivals, Busyness, ForecastRow
from sim.scenario.arrivals import Contact as Row
from sim.scenario.distributions import DAY_S, ByTime, CustomerLaw, Distribution
from sim.scenario.expected import forecast_for, handle_factor, handle_law, shares_of, volume_factor
from sim.scenario.replays import NOT_HANDED_ON
from sim.scenario.wall_clock import WallClock
from sim.workload.by_hand import Contact, streams_of
from sim.workload.draws import ABOVE, ContactDraws
from sim.workload.inverse import gamma_of_shape
from sim.workload.seeds import Floats, Seeds
from sim.workload.workload import Recorded, Stream, Workload

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

    def modulated(self, every_s: float, factors: Floats) -> "Rate":
        """Return the rate with the volume of each interval of `every_s` seconds times its factor."""
        inner = np.arange(1, len(factors)) * every_s
        parts = [
            np.concatenate(([start], inner[(inner > start) & (inner < end)], [end]))
            for start, end in zip(self.starts, self.ends, strict=True)
        ]
        if not parts:
            return self
        starts = np.concatenate([cut[:-1] for cut in parts])
        ends = np.concatenate([cut[1:] for cut in parts])
        density = np.repeat(self.volumes / (self.ends - self.starts), [len(cut) - 1 for cut in parts])
        number = np.minimum(np.searchsorted(inner, starts, side="right"), len(factors) - 1)
        volumes = density * (ends - starts) * factors[number]
        kept = volumes > 0
        return Rate(starts[kept], ends[kept], volumes[kept])

    @property
    def volume(self) -> float:
        """Expected arrivals over all pieces."""
        return float(self.volumes.sum())


def rate_of(arrivals: Arrivals, lasts: float, factor: float = 1.0) -> Rate:
    """Return the rate given by `per_hour` or by the forecast file, times a factor, cut where arrivals stop."""
    given = _rate_of(arrivals, lasts)
    return given if factor == 1 else replace(given, volumes=given.volumes * factor)


def _rate_of(arrivals: Arrivals, lasts: float) -> Rate:
    if arrivals.pieces is not None:
        starts, ends, volumes = np.array(arrivals.pieces, dtype=np.float64).reshape(-1, 3).T
        return Rate(starts, ends, volumes)
    if arrivals.file is not None:
        return _cut(*_forecast_pieces(arrivals.forecast, lasts), lasts)
    per_hour = arrivals.per_hour
    if per_hour is None or isinstance(per_hour, Mapping):
        raise ValueError("a replayed stream has no rate, and one by day has one on a date alone")
    if isinstance(per_hour, tuple):
        starts = np.arange(len(per_hour), dtype=np.float64) * arrivals.every
        volumes = np.asarray(per_hour, dtype=np.float64) * (arrivals.every / _SECONDS_PER_HOUR)
        return _cut(starts, starts + arrivals.every, volumes, lasts)
    return _cut(np.zeros(1), np.full(1, lasts), np.full(1, per_hour * lasts / _SECONDS_PER_HOUR), lasts)


def expected_rate(scenario: Scenario, arrivals: Arrivals) -> Rate:
    """Return the rate that is expected of a stream in a scenario, with the factors on its volume."""
    if scenario.calendar is None:
        return rate_of(arrivals, scenario.lasts, volume_factor(scenario, arrivals))
    at = next(i for i, one in enumerate(scenario.arrivals) if one is arrivals)
    found = [
        (day.midnight_s, expected_rate(day.scenario, day.scenario.arrivals[at])) for day in scenario.days
    ]
    return Rate(
        np.concatenate([midnight + rate.starts for midnight, rate in found]),
        np.concatenate([midnight + rate.ends for midnight, rate in found]),
        np.concatenate([rate.volumes for _, rate in found]),
    )


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


def within_the_day(scenario: Scenario, seeds: Seeds, stream: str, own: Busyness | None, rate: Rate) -> Rate:
    """Return a stream's rate with the factors of its intervals: the common ones times its own, each gamma with mean 1.

    An interval is known by its number from opening, so that neither the length of the run nor the grain of the tables
    changes a factor.
    """
    common = ("busyness", "interval")
    for law, address in ((scenario.busyness, common), (own, (stream, *common))):
        if law is not None and law.interval_sd > 0.0:
            size = math.ceil(scenario.lasts / law.every)
            factors = gamma_of_shape(law.interval_sd**-2, 1.0, seeds.uniforms(size, *address))
            rate = rate.modulated(law.every, factors)
    return rate


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


# The workload of one replication of a scenario.


def handle_means(
    rows: Sequence[ForecastRow], law: CustomerLaw, scenario: Scenario
) -> tuple[Floats, Floats, Floats]:
    """Return from when on which handle time is expected: moments, means, and the means of the law alone.

    The mean is the aht_s of the forecast's interval, else that of the queue's law, of the one in force by the clock;
    all in seconds. The run and Erlang's formulas both ask here.
    """
    starts = [row.start_s for row in rows] or [0.0]
    laws = _in_force(law, starts, scenario)
    moments, own = list(laws), [one.mean for one in laws.values()]
    given = [rows[bisect_right(starts, moment) - 1].aht_s if rows else None for moment in moments]
    means = [mean if aht_s is None else aht_s for aht_s, mean in zip(given, own, strict=True)]
    return np.array(moments), np.array(means, dtype=np.float64), np.array(own, dtype=np.float64)


def _in_force(law: CustomerLaw, starts: Sequence[float], scenario: Scenario) -> Mapping[float, Distribution]:
    """Return the law from each of `starts` on, and from when the clock makes it another one, in order."""
    if not isinstance(law, ByTime):
        return dict.fromkeys(starts, law)
    clock = WallClock.of(scenario)
    moments = sorted({*starts, *clock.turns(law.entries, starts[0], starts[-1] + DAY_S)})
    return {moment: law.at(clock.time(moment)) for moment in moments}


def law_at(law: CustomerLaw, clock_s: float) -> Distribution:
    """Return the law in force at a clock time, in seconds since a midnight."""
    return law.at(clock_s) if isinstance(law, ByTime) else law


def handle_scale(
    rows: Sequence[ForecastRow], law: CustomerLaw, times: Floats, scenario: Scenario
) -> Floats | None:
    """Return the factor on the handle time of contacts that arrive at `times`; None where no row has aht_s.

    Raises SimError where the mean of `law` is 0, which nothing scales.
    """
    if all(row.aht_s is None for row in rows):
        return None
    moments, means, own = handle_means(rows, law, scenario)
    if not own.all():
        raise SimError("a forecast's aht_s scales the handle time of its queue, but that is always 0")
    return (means / own)[np.searchsorted(moments, times, side="right") - 1]


def replayed(arrivals: Arrivals, seeds: Seeds, entry: str, factors: Mapping[str, float]) -> Iterator[Stream]:
    """Make one stream for each pair of channel and queue in a recorded day, in the order of first appearance.

    Recorded values are kept, handle times and moments of transfers multiplied by the factor of their queue; a cell left
    empty is drawn from the law, a label from the shares. The patience of who was answered exceeds their wait.
    """
    own = arrivals.aht_factor
    contacts = [_contact(row, factors[row.queue] * own) for row in arrivals.contacts]
    for stream in streams_of(contacts, seeds, entry, arrivals.labels):
        yield stream if own == 1 else replace(stream, draws=stream.draws.scaled(np.full(len(stream), own)))


def _contact(row: Row, factor: float) -> Contact:
    values = {
        "patience": (_cell(row.patience_s),),
        "patience" + ABOVE: (_cell(row.waited_s),),
        "handle_time": (_cell(row.handle_time_s) * factor,),
        "wrap_up": (_cell(row.wrap_up_s),),
        "transfer": (NEVER if row.transfer_to == NOT_HANDED_ON else math.nan,),
    }
    to = row.transfer_to if row.is_handed_on else None
    after = None if row.transfer_after_s is None else row.transfer_after_s * factor
    recorded = Recorded(to, after, row.agent) if to is not None or row.agent is not None else None
    return Contact(row.offered_at, row.channel, row.queue, row.label, values, recorded)


NEVER = 1.0
"""A uniform number by which no share is reached."""


def _cell(seconds: float | None) -> float:
    return math.nan if seconds is None else seconds


def draw(scenario: Scenario, replication: int = 0, seed: int | None = None) -> Workload:
    """Draw every contact of one replication, and every number that they or an agent may need.

    `seed` defaults to the scenario's. The same seed and replication give the same customers whatever else
    the scenarios differ in: staffing, policy, other streams, other queues. Raises SimError for a negative
    seed or replication.
    """
    seeds = Seeds.of(scenario, replication, seed)
    if scenario.calendar is not None:
        days = [draw(day.scenario, replication, seed) for day in scenario.days]
        return Workload.of_days(days, seeds, scenario)
    return Workload.of(tuple(_streams(scenario, seeds)), seeds, scenario)


def _streams(scenario: Scenario, seeds: Seeds) -> Iterator[Stream]:
    for name, arrivals in zip(scenario.stream_names(), scenario.arrivals, strict=True):
        if arrivals.replay is None:
            yield _drawn(scenario, seeds, name, arrivals)
        else:
            factors = {queue: handle_factor(scenario, queue) for queue in scenario.queues}
            yield from replayed(arrivals, seeds, name, factors)


def _drawn(scenario: Scenario, seeds: Seeds, name: str, arrivals: Arrivals) -> Stream:
    if arrivals.channel is None or not arrivals.queue:
        raise ValueError(f"stream {name} has a rate but no channel or queue")
    asked = shares_of(scenario, arrivals)
    factor = busyness(scenario, seeds, name, arrivals.busyness)
    rate = within_the_day(scenario, seeds, name, arrivals.busyness, expected_rate(scenario, arrivals))
    times = arrival_times(seeds, name, rate, factor)
    stream = Stream(
        name=name,
        channel=arrivals.channel,
        queue=next(iter(asked)),
        entry=name,
        times=times,
        draws=ContactDraws(seeds, name, times.size),
        label_shares=arrivals.labels,
        queue_shares=asked if len(asked) > 1 else {},
    )
    scale = _scale_of(stream, arrivals, scenario, asked)
    if scale is None:
        return stream
    return replace(stream, draws=stream.draws.scaled(scale))


def _scale_of(stream: Stream, arrivals: Arrivals, scenario: Scenario, asked: Iterable[str]) -> Floats | None:
    """Return the factor on each contact's handle time in the queue that they ask for; None where it is always 1."""
    whole: Floats | None = None
    for name in asked:
        rows = forecast_for(scenario, arrivals, name)
        scale = handle_scale(rows, handle_law(scenario, name), stream.times, scenario)
        if scale is not None:
            whole = scale if whole is None else np.where(stream.asking_for(name), scale, whole)
    if arrivals.aht_factor == 1:
        return whole
    return np.full(len(stream), arrivals.aht_factor) if whole is None else whole * arrivals.aht_factor
