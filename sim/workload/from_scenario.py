"""The workload of one replication of a scenario."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from sim.errors import SimError
from sim.scenario import Scenario
from sim.scenario.arrivals import Arrivals, ForecastRow
from sim.scenario.arrivals import Contact as Recorded
from sim.workload.arrivals import arrival_times, busyness, rate_of
from sim.workload.by_hand import Contact, streams_of
from sim.workload.draws import ContactDraws
from sim.workload.seeds import Floats, Seeds
from sim.workload.workload import Stream, Workload


def handle_factors(rows: Sequence[ForecastRow], mean: float) -> tuple[Floats, Floats] | None:
    """Return where the intervals of a forecast begin and their factors on the handle time; None without aht_s.

    A factor is the aht_s of the interval over `mean`, that of the queue's law, both in seconds; 1 where the
    interval names no aht_s. The run and Erlang's formulas both ask here.
    Raises SimError where `mean` is 0, which nothing scales.
    """
    if all(row.aht_s is None for row in rows):
        return None
    if mean == 0:
        raise SimError("a forecast's aht_s scales the handle time of its queue, but that is always 0")
    starts = np.array([row.start_s for row in rows], dtype=np.float64)
    return starts, np.array(
        [1.0 if row.aht_s is None else row.aht_s / mean for row in rows], dtype=np.float64
    )


def handle_scale(rows: Sequence[ForecastRow], mean: float, times: Floats) -> Floats | None:
    """Return the factor on the handle time of contacts that arrive at `times`; None where no row has aht_s.

    Raises SimError where `mean` is 0, which nothing scales.
    """
    found = handle_factors(rows, mean)
    if found is None:
        return None
    starts, factors = found
    return factors[np.searchsorted(starts, times, side="right") - 1]


def replayed(arrivals: Arrivals, seeds: Seeds, entry: str) -> tuple[Stream, ...]:
    """Make one stream for each pair of channel and queue in a recorded day, in the order of first appearance.

    Recorded values are kept; a cell left empty is drawn from the law, a label from the shares.
    """
    return streams_of(map(_contact, arrivals.contacts), seeds, entry, arrivals.labels)


def _contact(row: Recorded) -> Contact:
    values = {"patience": (_cell(row.patience_s),), "handle_time": (_cell(row.handle_time_s),)}
    return Contact(row.offered_at, row.channel, row.queue, row.label, values)


def _cell(seconds: float | None) -> float:
    return math.nan if seconds is None else seconds


def draw(scenario: Scenario, replication: int = 0, seed: int | None = None) -> Workload:
    """Draw every contact of one replication, and every number that they or an agent may need.

    `seed` defaults to the scenario's. The same seed and replication give the same customers whatever else
    the scenarios differ in: staffing, policy, other streams, other queues. Raises SimError for a negative
    seed or replication.
    """
    seeds = Seeds.of(scenario, replication, seed)
    return Workload.of(tuple(_streams(scenario, seeds)), seeds)


def _streams(scenario: Scenario, seeds: Seeds) -> Iterator[Stream]:
    for name, arrivals in zip(scenario.stream_names(), scenario.arrivals, strict=True):
        if arrivals.replay is None:
            yield _drawn(scenario, seeds, name, arrivals)
        else:
            yield from replayed(arrivals, seeds, name)


def _drawn(scenario: Scenario, seeds: Seeds, name: str, arrivals: Arrivals) -> Stream:
    if arrivals.channel is None or arrivals.queue is None:
        raise ValueError(f"stream {name} has a rate but no channel or queue")
    factor = busyness(scenario, seeds, name, arrivals.busyness)
    times = arrival_times(seeds, name, rate_of(arrivals, scenario.lasts), factor)
    scale = handle_scale(arrivals.forecast, scenario.queues[arrivals.queue].handle_time.mean, times)
    return Stream(
        name=name,
        channel=arrivals.channel,
        queue=arrivals.queue,
        entry=name,
        times=times,
        draws=ContactDraws(seeds, name, times.size, scale=scale),
        label_shares=arrivals.labels,
    )
