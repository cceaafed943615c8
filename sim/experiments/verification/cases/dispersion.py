"""A18: how much the contacts of a day vary where the day itself is busy or quiet."""

from typing import Any

import numpy as np

from sim.experiments.verification.case import Case, Figure, Length
from sim.experiments.verification.measures import Cells, Measure, arrivals
from sim.experiments.verification.observation import Observation


def contacts(seen: Observation) -> Cells:
    """Measure the contacts of a day."""
    return arrivals(seen), np.ones(seen.cells)


def _spread(expected_mean: float) -> Measure:
    """Measure the variance of the contacts of a day about their known mean."""

    def measured(seen: Observation) -> Cells:
        away = arrivals(seen) - expected_mean
        return away * away, np.ones(seen.cells)

    return measured


def _dispersion(
    key: str, scenario: str, total: float, shape: float, days: tuple[int, int], **changes: Any
) -> Case:
    variance = total + total * total / shape
    full, quick = (Length(replications=number) for number in days)
    return Case(
        f"A18 {key}",
        f"contacts of a day with a gamma day factor of shape {shape:g}",
        "exact: m + m^2 / shape",
        scenario,
        (
            Figure("mean", total, contacts, controlled=False),
            Figure("variance", variance, _spread(total), controlled=False),
        ),
        full,
        quick,
        {"busyness": {"sd": shape**-0.5}, **changes},
        draws_only=True,
    )


SIX_HOURS = {"lasts": "6h", "arrivals.0.per_hour": 864}

DISPERSION = (
    _dispersion("B5", "thirteen_hours.yaml", 1660, 10, (4000, 600)),
    _dispersion("B6", "single_queue.yaml", 5184, 28.7, (4000, 600), **SIX_HOURS),
)
