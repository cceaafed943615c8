"""How each customer fared in one run, and who fared better or worse in another."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from sim.metrics.inputs import BoolArray, FloatArray, IntArray
from sim.records import Records

FELT_S = 1.0
"""A wait that is shorter or longer by less than this is the same to the customer."""

SERVED = ("handled", "contained")


@dataclass(frozen=True, slots=True, eq=False)
class Fates:
    """The customers of one arrival stream in order of arrival, over all their attempts.

    `waits` is the sum of a customer's waits in seconds, `served` whether he was served to the end at last.
    """

    arrived_at: FloatArray
    waits: FloatArray
    served: BoolArray

    @classmethod
    def of(cls, records: Records, warm_up: float) -> dict[str, Self]:
        """Take the customers who arrived after the warm-up from a run, by stream."""
        table = records.conversations
        order = np.lexsort((table["attempt"].to_numpy(), table["customer_id"].to_numpy()))
        customers = table["customer_id"].to_numpy()[order]
        first = np.flatnonzero(np.diff(customers, prepend=-1))
        last = np.append(first[1:], len(customers)) - 1
        waits = table["total_wait"].to_numpy()[order]
        served = table["outcome"].isin(SERVED).to_numpy()[order]
        streams = table["stream"].cat.codes.to_numpy()[order][first]
        arrived_at = table["arrived_at"].to_numpy()[order][first]
        total = np.add.reduceat(waits, first) if len(first) else waits
        names = table["stream"].cat.categories
        found = {}
        for code in np.unique(streams):
            here = (streams == code) & (arrived_at >= warm_up)
            found[str(names[code])] = cls(arrived_at[here], total[here], served[last][here])
        return found

    def __len__(self) -> int:
        return self.arrived_at.size

    def against(self, base: "Fates") -> FloatArray:
        """Count the customers of the base, those who came here too, and of these who fared better and worse.

        The same customer comes by the same stream at the same instant. He fares better who is served where
        he was not, or waits less by at least a second.
        """
        mine, his = _same(self.arrived_at, base.arrived_at)
        served, was_served = self.served[mine], base.served[his]
        shorter = base.waits[his] - self.waits[mine]
        both = served & was_served
        better = (served & ~was_served) | (both & (shorter >= FELT_S))
        worse = (was_served & ~served) | (both & (shorter <= -FELT_S))
        return np.array([len(base), len(mine), better.sum(), worse.sum()], dtype=np.float64)


def _same(times: FloatArray, others: FloatArray) -> tuple[IntArray, IntArray]:
    """Find the arrivals that two runs have in common, as positions in each."""
    if np.array_equal(times, others):
        everybody = np.arange(len(times))
        return everybody, everybody
    _, mine, his = np.intersect1d(times, others, return_indices=True)
    return mine, his
