"""How well: every metric once, measured on the records of a run and folded over replications.

    figures = Figures()
    figures.fold(measure(records, scenario))
    figures.value("service_level", queue="billing")

Names are fetched on first use, so that asking for a metric's name imports neither numpy nor pandas.
"""

from typing import TYPE_CHECKING

from sim.interpreter import lazy
from sim.metrics.catalogue import CATALOGUE, GROUPS, known, lookup
from sim.metrics.metric import Metric

if TYPE_CHECKING:
    from sim.metrics.cells import Cells as Cells
    from sim.metrics.figures import Figure as Figure
    from sim.metrics.figures import Figures as Figures
    from sim.metrics.measures import Measures as Measures
    from sim.metrics.measures import measure as measure
    from sim.records.recorder import Recorded as Recorded

_HOMES = {
    "Cells": "sim.metrics.cells",
    "Figure": "sim.metrics.figures",
    "Figures": "sim.metrics.figures",
    "Measures": "sim.metrics.measures",
    "Recorded": "sim.records.recorder",
    "measure": "sim.metrics.measures",
}

__all__ = ["CATALOGUE", "GROUPS", "Metric", "known", "lookup", *_HOMES]

if not TYPE_CHECKING:  # a type checker knows the names above and no others
    __getattr__ = lazy("sim.metrics", _HOMES)
