"""The local model of a staffing: the cheapest one nearby that, by the slopes, keeps every goal.

Each row is concave in the agents of a team and interval: gains from one more, larger losses from one fewer, and
larger ones still from the second fewer. What a row lacks all the same is paid for, so that there is a solution.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint

from sim.metrics.columns import FloatArray, IntArray
from sim.staffing.choices import Choices
from sim.staffing.slopes import Slopes
from sim.staffing.start import GAP, LACK, bounded, by_team, solved, tied, unit

LACKING = 1e-6
"""Contacts that a row lacks where no staffing near keeps it."""


@dataclass(frozen=True)
class LocalModel:
    """The rows near a staffing: how far each is above 0, and slopes by team and interval."""

    choices: Choices
    heads: FloatArray
    room: FloatArray
    slopes: Slopes

    def cheapest(self, radius: int, *, whole: bool = True, gap: float = GAP) -> IntArray | FloatArray | None:
        """Return the cheapest staffing with no head-count more than `radius` away; parts of agents unless `whole`.

        None where the bounds by team leave none.
        """
        found = self._solved(radius, whole, gap)
        if found is None:
            return None
        x = found[: len(self.choices.items)]
        return np.rint(x).astype(np.int64) if whole else x

    def least_cost(self, radius: int, rows: Sequence[int] = ()) -> float:
        """Return the least cost with parts of agents, and with these rows kept; NaN where none so near keeps them."""
        found = self._solved(radius, whole=False, gap=GAP)
        if found is None or (found[-len(self.room) :][list(rows)] > LACKING).any():
            return nan
        return self.cost(found[: len(self.choices.items)])

    def _solved(self, radius: int, whole: bool, gap: float) -> FloatArray | None:
        """Return the cheapest staffing with its changes from here, and behind these what each row lacks."""
        choices, rows = self.choices, len(self.room)
        places, n = self.heads.size, len(choices.items)
        link, model = self._matrices(radius)
        further = 3 * places + rows
        price = LACK * float(choices.wages().mean())
        staying = (one.ravel() for one in self._staying_costs(radius))
        cost = np.concatenate([tied(choices.cost), *staying, np.full(rows, price)])
        there = self.heads.ravel()
        most = np.concatenate([
            np.full(n, np.inf), np.full(places, float(radius)), np.minimum(1.0, there),
            np.full(places, float(max(radius - 1, 0))), np.full(rows, np.inf),
        ])  # fmt: skip
        return solved(
            cost,
            [
                LinearConstraint(link, there, there),
                LinearConstraint(model, -self.room, np.inf),
                *bounded(choices, further),
            ],
            np.repeat([int(whole), 0], [n, further]),
            Bounds(0, most),
            gap,
        )

    def _staying_costs(self, radius: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return what the first agent more, the first fewer and the second fewer add to the cost of those who stay."""
        more, fewer = self.slopes.more_costs, self.slopes.fewer_costs
        return more, fewer, np.maximum(2 * fewer + more, fewer) if radius > 1 else fewer

    def cost(self, x: IntArray | FloatArray) -> float:
        """Return what a staffing costs, with what the model says that it adds to the cost of those who stay."""
        return self.choices.total_cost(x) + self.staying_change(self.choices.heads(x))

    def staying_change(self, heads: FloatArray) -> float:
        """Return what the model says that other head-counts add to the cost of those who stay."""
        change = heads - self.heads
        up, down = np.maximum(change, 0.0), np.maximum(-change, 0.0)
        return float((up * self.slopes.more_costs + down * self.slopes.fewer_costs).sum())

    def _matrices(self, radius: int) -> tuple[Any, Any]:
        """Return the rows that tie head-counts to their changes, and the model: variables x, up, down, down, lack."""
        rows, places = len(self.room), self.heads.size
        gain = self.slopes.gain.reshape(places, rows).T
        loss = self.slopes.loss.reshape(places, rows).T
        second = np.maximum(2 * loss - gain, loss) if radius > 1 else loss
        one, nothing = unit(places), sp.csr_matrix((places, rows))
        link = sp.hstack([by_team(self.choices), -one, one, one, nothing])
        n = len(self.choices.items)
        model = [sp.csr_matrix((rows, n)), *map(sp.csr_matrix, (gain, -loss, -second)), unit(rows)]
        return link, sp.hstack(model)

    def predicted(self, heads: FloatArray) -> FloatArray:
        """Return what the model says of the rows at other head-counts."""
        change = heads - self.heads
        up, down = np.maximum(change, 0.0), np.maximum(-change, 0.0)
        value: FloatArray = (
            self.room + np.tensordot(up, self.slopes.gain, 2) - np.tensordot(down, self.slopes.loss, 2)
        )
        return value
