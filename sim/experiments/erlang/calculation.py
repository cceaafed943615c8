"""Erlang's formulas for one queue."""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sim.errors import SimError
from sim.scenario.numbers import rate
from sim.theory import ErlangC, erlang_a, erlang_b, halfin_whitt, least_agents, square_root_staffing
from sim.theory.birth_death import at_least, positive

Model = Literal["C", "A"]


class StaffingRow(NamedTuple):
    """The formulas' figures for a number of agents; times in seconds, the rest shares.

    `blocked` is Erlang B's, for no waiting places; the columns ending in `_c` are Erlang C's, for endless
    patience, those in `_a` Erlang A's, NaN where no patience is given. Waits that grow without end are infinite.
    """

    agents: int
    occupancy: float
    blocked: float
    waits_c: float
    in_time_c: float
    asa_c: float
    waits_a: float
    in_time_a: float
    abandoned_a: float
    asa_a: float


@dataclass(frozen=True, slots=True)
class Calculation:
    """Poisson arrivals at `rate` a second, exponential handling of mean `handle`, and `patience`; in seconds.

    Raises SimError for times and rates that are not above 0.
    """

    rate: float
    handle: float
    patience: float | None = None
    within: float = 20.0

    def __post_init__(self) -> None:
        positive(rate=self.rate, handle_time=self.handle)
        at_least(0, within=self.within)
        if self.patience is not None:
            positive(patience=self.patience)

    @property
    def load(self) -> float:
        """Arrival rate times mean handle time, in Erlang."""
        return self.rate * self.handle

    def row(self, agents: int) -> StaffingRow:
        """Return all figures for a number of agents; without agents no contact is served."""
        if agents == 0:
            lost = math.nan if self.patience is None else 1.0
            return StaffingRow(0, 1.0, 1.0, 1.0, 0.0, math.inf, lost, lost - 1.0, lost, math.nan)
        c = ErlangC(self.rate, 1 / self.handle, agents)
        in_time = c.waits_within(self.within) if c.is_stable else 0.0
        endless = (c.occupancy, erlang_b(agents, self.load), c.delay_probability, in_time, c.mean_wait)
        return StaffingRow(agents, *endless, *self._impatient(agents))

    def least(self, target: float, model: Model) -> int:
        """Return the smallest number of agents with which the share `target` is answered in time.

        Raises SimError where there is none, or the model has no patience.
        """
        if not 0 < target < 1:
            raise SimError(f"the target must lie between 0% and 100%, not be {target * 100:g}%")
        if model == "A" and self.patience is None:
            raise SimError("Erlang A needs a patience")
        column = "in_time_c" if model == "C" else "in_time_a"
        return least_agents(lambda agents: bool(getattr(self.row(agents), column) >= target))

    def by_square_root(self, target: float) -> tuple[int, float]:
        """Return the agents that the square-root rule asks for, and its safety factor beta.

        With R the load, N = R + beta sqrt(R), where beta is such that the share that waits longer than
        `within`, halfin_whitt(beta) exp(-beta sqrt(R) within / handle), is 1 - target (S. Halfin & W. Whitt 1981).
        """
        low, high = 1e-9, 40.0
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if self._late(middle) > 1 - target else (low, middle)
        return square_root_staffing(self.load, high), high

    def _late(self, beta: float) -> float:
        return halfin_whitt(beta) * math.exp(-beta * math.sqrt(self.load) * self.within / self.handle)

    def _impatient(self, agents: int) -> tuple[float, float, float, float]:
        if self.patience is None:
            return math.nan, math.nan, math.nan, math.nan
        a = erlang_a(self.rate, 1 / self.handle, agents, 1 / self.patience)
        return a.delay_probability, a.service_level(self.within), a.abandoned, a.asa


def parse_rate(text: str) -> float:
    """Read contacts a second from 100/h, 2/min, 100/30min, 800/d or 100, which is an hour's. Raises SimError."""
    try:
        return rate(text)
    except ValueError as error:
        raise SimError(f"--rate {error}") from None
