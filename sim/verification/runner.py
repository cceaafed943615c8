"""The run of a case and the comparison of its figures with their answers, and the catalogue of cases."""

import numpy as np

from sim.engine import simulate
from sim.errors import NotSimulatedError
from sim.metrics.columns import FloatArray
from sim.records import Recorder
from sim.scenario import Scenario
from sim.scenario.expected import handle_law
from sim.verification.case import Case, Length, Row, judged, not_simulated
from sim.verification.cases import centres, erlang, literature, routing, rules, whole_days
from sim.verification.measures import Observation, ratio_of_means
from sim.workload import Stream, draw
from sim.workload.arrivals import Rate, expected_rate


def luck(seen: Observation) -> FloatArray:
    """Return two columns with mean 0, a row a cell: arrivals and handle time less their expectations.

    Arrivals less the integral of the rate, in contacts; and the first handle times of those who arrived less the
    means of their laws, in hours. They are the control variates, known from the workload alone.
    """
    surplus, work = np.zeros(seen.cells), np.zeros(seen.cells)
    for stream, source in zip(seen.workload.streams, seen.scenario.arrivals, strict=True):
        surplus += np.histogram(stream.times, seen.edges)[0]
        surplus -= _expected(expected_rate(seen.scenario, source), seen.edges)
        work += np.histogram(stream.times, seen.edges, weights=_beyond_mean(seen.scenario, stream))[0]
    return np.column_stack((surplus, work / 3600.0))


def _expected(rate: Rate, edges: FloatArray) -> FloatArray:
    """Return the mean number of arrivals of a stream in each cell."""
    reached = np.concatenate(([0.0], np.cumsum(rate.volumes)))
    knots = np.column_stack((rate.starts, rate.ends)).ravel()
    by_edge: FloatArray = np.interp(edges, knots, np.repeat(reached, 2)[1:-1])
    return np.diff(by_edge)


def _beyond_mean(scenario: Scenario, stream: Stream) -> FloatArray:
    """Return each contact's first handle time less the mean of its law."""
    law = handle_law(scenario, stream.queue)  # no case has a stream that is split over queues
    means = np.full(len(stream), law.mean)
    if stream.handle_scale is not None:
        means = means * np.asarray(stream.handle_scale)
    beyond: FloatArray = np.asarray(stream.draws.values("handle_time", law)) - means
    return beyond


def verify(case: Case, *, quick: bool = False) -> list[Row]:
    """Run a case and return a row for each of its figures, in order.

    A case whose scenario the engine cannot simulate gives rows with that verdict. `quick` takes the shorter run.
    """
    try:
        cells, known = _run(case, case.quick if quick else case.length)
    except NotSimulatedError:
        return [not_simulated(case, figure) for figure in case.figures]
    return [
        judged(case, figure, ratio_of_means(*found, known if figure.controlled else None))
        for figure, found in zip(case.figures, cells, strict=True)
    ]


def _run(case: Case, length: Length) -> tuple[list[tuple[FloatArray, FloatArray]], FloatArray]:
    """Return numerators and denominators of each figure, and the controls, over the cells of all replications."""
    scenario = case.load(length)
    controlled = any(figure.controlled for figure in case.figures)
    edges = np.linspace(scenario.warm_up, scenario.lasts, length.batches + 1)
    found: list[list[tuple[FloatArray, FloatArray]]] = [[] for _ in case.figures]
    known = [np.empty((0, 2))]
    for replication in range(length.replications):
        seen = _observe(case, scenario, replication, edges)
        known += [luck(seen)] if controlled else []
        for cells, figure in zip(found, case.figures, strict=True):
            cells.append(figure.measure(seen))
    return [(_joined(cells, 0), _joined(cells, 1)) for cells in found], np.concatenate(known)


def _observe(case: Case, scenario: Scenario, replication: int, edges: FloatArray) -> Observation:
    workload = draw(scenario, replication)
    if case.draws_only:
        return Observation(scenario, workload, None, edges)
    records = simulate(scenario, workload, Recorder(scenario, case.tables), **case.policies)
    return Observation(scenario, workload, records, edges)


def _joined(cells: list[tuple[FloatArray, FloatArray]], side: int) -> FloatArray:
    return np.concatenate([pair[side] for pair in cells])


# All cases, in the order of the table.

CASES: tuple[Case, ...] = (
    *erlang.CASES,
    *routing.CASES,
    *centres.CASES,
    *rules.CASES,
    *whole_days.DAYS,
    *whole_days.DISPERSION,
    *literature.SIMPLE_MSK,
    *literature.THIRTEEN_HOURS,
    *literature.TEAMWORK,
)
