"""What a forecast file says beyond volumes: how long handling takes in each interval."""

import numpy as np

from sim.scenario import Scenario
from sim.scenario.model import Arrivals
from sim.workload.streams import Floats


def handle_scale(scenario: Scenario, arrivals: Arrivals, times: Floats) -> Floats | None:
    """Factor on each contact's handle time: aht_s of the interval in which he arrives over the mean of the queue's law.

    1 in intervals without aht_s; None where the stream has no forecast or the forecast no aht_s at all.
    """
    if all(aht_s is None for _, _, aht_s in arrivals.forecast):
        return None
    mean = scenario.queues[arrivals.queue].handle_time.mean
    starts = np.array([start for start, _, _ in arrivals.forecast], dtype=np.float64)
    factors = np.array([1.0 if aht_s is None else aht_s / mean for _, _, aht_s in arrivals.forecast])
    return factors[np.searchsorted(starts, times, side="right") - 1]
