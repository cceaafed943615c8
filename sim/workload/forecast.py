"""What a forecast file says beyond volumes: how long handling takes in each interval."""

from collections.abc import Sequence

import numpy as np

from sim.errors import SimError
from sim.scenario.arrivals import ForecastRow
from sim.workload.streams import Floats


def handle_scale(rows: Sequence[ForecastRow], mean: float, times: Floats) -> Floats | None:
    """Return the factor on each contact's handle time from a forecast; None where it names no aht_s.

    It is the aht_s of the interval in which he arrives over `mean`, that of the queue's law, both in seconds;
    1 in intervals without aht_s. Raises SimError where `mean` is 0, which nothing scales.
    """
    if all(row.aht_s is None for row in rows):
        return None
    if mean == 0:
        raise SimError("a forecast's aht_s scales the handle time of its queue, but that is always 0")
    starts = np.array([row.start_s for row in rows], dtype=np.float64)
    factors = np.array([1.0 if row.aht_s is None else row.aht_s / mean for row in rows], dtype=np.float64)
    return factors[np.searchsorted(starts, times, side="right") - 1]
