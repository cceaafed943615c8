"""Runs a case and sets every figure beside its answer."""

import numpy as np

from sim.engine import simulate
from sim.errors import NotSimulatedError
from sim.experiments.verification.case import Case, Length
from sim.experiments.verification.controls import luck
from sim.experiments.verification.estimate import FloatArray, ratio_of_means
from sim.experiments.verification.observation import Observation
from sim.experiments.verification.row import Row, judged, not_simulated
from sim.records import Recorder
from sim.scenario import Scenario
from sim.workload import draw


def verify(case: Case, *, quick: bool = False) -> list[Row]:
    """Run a case and return a row for each of its figures, in order.

    A case whose scenario the engine does not simulate gives rows that say so. `quick` takes the shorter run.
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
    """Give numerators and denominators of each figure, and the controls, over the cells of all replications."""
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
    records = simulate(scenario, workload, Recorder(scenario, case.tables))
    return Observation(scenario, workload, records, edges)


def _joined(cells: list[tuple[FloatArray, FloatArray]], side: int) -> FloatArray:
    return np.concatenate([pair[side] for pair in cells])
