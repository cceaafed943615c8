"""What is known about the draws of a run, to take the luck of the draw out of its figures."""

import numpy as np

from sim.experiments.verification.estimate import FloatArray
from sim.experiments.verification.observation import Observation
from sim.scenario import Scenario
from sim.workload import Stream
from sim.workload.arrivals import Rate, rate_of


def luck(seen: Observation) -> FloatArray:
    """Return two columns whose mean is 0, a row a cell: arrivals and handle time beyond what was to be expected.

    Arrivals less the integral of the rate, in contacts; and the first handle times of those who arrived less the
    means of their laws, in hours. They are facts of the workload, not of what the engine makes of it.
    """
    surplus, work = np.zeros(seen.cells), np.zeros(seen.cells)
    for stream, source in zip(seen.workload.streams, seen.scenario.arrivals, strict=True):
        surplus += np.histogram(stream.times, seen.edges)[0]
        surplus -= _expected(rate_of(source, seen.scenario.lasts), seen.edges)
        work += np.histogram(stream.times, seen.edges, weights=_beyond_mean(seen.scenario, stream))[0]
    return np.column_stack((surplus, work / 3600.0))


def _expected(rate: Rate, edges: FloatArray) -> FloatArray:
    """Give the mean number of arrivals of a stream in each cell."""
    reached = np.concatenate(([0.0], np.cumsum(rate.volumes)))
    knots = np.column_stack((rate.starts, rate.ends)).ravel()
    by_edge: FloatArray = np.interp(edges, knots, np.repeat(reached, 2)[1:-1])
    return np.diff(by_edge)


def _beyond_mean(scenario: Scenario, stream: Stream) -> FloatArray:
    """Give each contact's first handle time less the mean of its law."""
    law = scenario.queues[stream.queue].handle_time
    means = np.full(len(stream), law.mean)
    if stream.handle_scale is not None:
        means = means * np.asarray(stream.handle_scale)
    beyond: FloatArray = np.asarray(stream.draws.values("handle_time", law)) - means
    return beyond
