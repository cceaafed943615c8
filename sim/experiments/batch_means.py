"""Batch means: one long run cut into batches by time, each measured like a replication."""

from collections.abc import Collection, Iterator, Sequence
from math import nan, sqrt

import numpy as np

from sim.metrics import Measures, measure
from sim.records import Records
from sim.records.dated import Batch
from sim.scenario import Scenario

CORRELATED = "queue_length_mean"
"""The figure whose correlation is tested: queues are correlated over the longest time."""

DOUBT = 1.645
"""One-sided 5 % quantile of the normal law."""


def batch_measures(
    records: Records, scenario: Scenario, count: int, only: Collection[str] | None = None
) -> Iterator[Measures]:
    """Measure a run in batches of equal length from the end of the warm-up until arrivals stop.

    Requests and conversations belong to the batch in which they begin, with all their later events; agents'
    time to the batch in which it is spent. The time after arrivals stop is in the last one. `only` names the
    metrics that are wanted, by default all.
    """
    edges = np.linspace(scenario.warm_up, scenario.lasts, count + 1)
    length = float(edges[1] - edges[0])
    day = scenario.model_copy(update={"warm_up": 0.0, "lasts": length, "interval": length})
    for begin, end in zip(edges[:-1], [*edges[1:-1], np.inf], strict=True):
        yield measure(Batch(records, float(begin), float(end)), day, only)


def correlation(batches: Sequence[Measures]) -> float:
    """Return the correlation of neighbouring batches' mean queue length; NaN where it never changes."""
    values = np.array([measures.value(CORRELATED) for measures in batches])
    off = values - values.mean()
    squares = float(off @ off)
    return float(off[:-1] @ off[1:]) / squares if squares else nan


def doubts(batches: Sequence[Measures]) -> str | None:
    """Return a warning where neighbouring batches are too strongly correlated to be taken for independent.

    Test: von Neumann (1941), as in Law, Simulation Modeling and Analysis, 9.5.3.
    """
    found = correlation(batches)
    if not found * sqrt(len(batches)) > DOUBT:
        return None
    return (
        f"neighbouring batches are alike (their queue lengths correlate {found:.2f}), so that the intervals are too"
        " narrow; take fewer batches or a longer run"
    )
