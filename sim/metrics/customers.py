"""Customers, each with all his contacts, and the figures made of them: never mixed with those by contact."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.arrays import FloatArray, IntArray, Pair
from sim.metrics.axes import Axes
from sim.metrics.columns import codes, is_one_of, numbers
from sim.metrics.groups import Groups

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


class Customers:
    """The customers whose first contact came at or after the end of the warm-up, by that first contact."""

    def __init__(self, frame: "pd.DataFrame", scenario: "Scenario", axes: Axes) -> None:
        number = frame["customer_id"].to_numpy(dtype=np.int64)
        arrived_at = numbers(frame, "arrived_at")
        first = (numbers(frame, "attempt") == 0) & (arrived_at >= scenario.warm_up)
        of_first = number[first]
        self.any = np.ones(len(of_first))
        self.contacts = _summed(number, np.ones(len(number)), of_first)
        served = is_one_of(frame, "outcome", "handled", "contained").astype(np.float64)
        self.served = _summed(number, served, of_first) > 0
        self.total_wait = _summed(number, numbers(frame, "total_wait"), of_first)
        self.groups = Groups(
            axes,
            {
                "queue": codes(frame, "queue", axes.queue)[first],
                "channel": codes(frame, "channel", axes.channel)[first],
                "interval": axes.interval_of(arrived_at[first]),
            },
        )


CUSTOMER_PAIRS: dict[str, Callable[[Customers], Pair]] = {
    "customers": lambda c: (c.any, c.any),
    "customers_served_rate": lambda c: (c.served, c.any),
    "contacts_per_customer": lambda c: (c.contacts, c.any),
    "customer_wait": lambda c: (c.total_wait, c.any),
}


def _summed(number: IntArray, values: FloatArray, wanted: IntArray) -> FloatArray:
    """Sum the values by customer, for the customers wanted."""
    if not len(wanted):
        return np.zeros(0)
    return np.bincount(number, weights=values).astype(np.float64)[wanted]
