"""The workload of one replication of a scenario."""

from collections.abc import Iterator

from sim.scenario import Scenario
from sim.scenario.arrivals import Arrivals
from sim.workload.arrivals import arrival_times, busyness, rate_of
from sim.workload.draws import ContactDraws
from sim.workload.forecast import handle_scale
from sim.workload.replay import replayed
from sim.workload.stream import Stream
from sim.workload.streams import Seeds
from sim.workload.workload import Workload


def draw(scenario: Scenario, replication: int = 0, seed: int | None = None) -> Workload:
    """Draw every contact of one replication, and every number that he or an agent may need.

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
