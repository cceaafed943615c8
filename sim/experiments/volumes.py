"""How many contacts a scenario expects in each queue, interval by interval."""

import numpy as np

from sim.metrics.inputs import FloatArray
from sim.scenario import Arrivals, Scenario
from sim.workload.arrivals import Rate, rate_of


def volumes(scenario: Scenario, edges: FloatArray) -> dict[str, FloatArray]:
    """Return the contacts that ask for each queue between each two edges, those left out whom a bot helps."""
    found = {name: np.zeros(len(edges) - 1) for name in scenario.queues}
    for stream in scenario.arrivals:
        for queue, expected in _of(stream, scenario.lasts, edges).items():
            found[queue] += expected * (1.0 - (stream.self_service.contained if stream.self_service else 0.0))
    return found


def _of(stream: Arrivals, lasts: float, edges: FloatArray) -> dict[str, FloatArray]:
    if stream.queue is not None:
        return {stream.queue: _between(rate_of(stream, lasts), edges)}
    queues = dict.fromkeys(contact.queue for contact in stream.contacts)
    return {
        queue: np.histogram([c.offered_at for c in stream.contacts if c.queue == queue], edges)[0].astype(
            float
        )
        for queue in queues
    }


def _between(rate: Rate, edges: FloatArray) -> FloatArray:
    """Give the expected arrivals between each two edges."""
    if not rate.volumes.size:
        return np.zeros(len(edges) - 1)
    reached = np.concatenate(([0.0], np.cumsum(rate.volumes)))
    knots = np.column_stack((rate.starts, rate.ends)).ravel()
    by_edge: FloatArray = np.interp(edges, knots, np.repeat(reached, 2)[1:-1])
    return np.diff(by_edge)
