"""Erlang's formulas for one queue."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from sim.errors import SimError
from sim.scenario.numbers import rate
from sim.theory import ErlangC, erlang_a, erlang_b, halfin_whitt, least_agents, square_root_staffing
from sim.theory.birth_death import at_least, positive

if TYPE_CHECKING:
    import pandas as pd

Model = Literal["C", "A"]

AROUND = 3
"""So many agents more and fewer are shown than those asked about."""

MOST_LOAD = 50_000
"""Erlang: the largest centres have some ten thousand agents, and the formulas add up one by one."""


class StaffingRow(NamedTuple):
    """The formulas' figures for a number of agents; times in seconds, the rest shares.

    `blocked` is Erlang B's, for no waiting places; the columns ending in `_c` are Erlang C's, for endless
    patience, those in `_a` Erlang A's, NaN where no patience is given. Waits that grow without end are infinite.
    """

    agents: float
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

    No number of agents suffices that are busy for more than `max_occupancy` of their time. `shrinkage` is the share of
    paid agents who are not there.

    Raises SimError for times and rates that are not above 0, and for shares that leave nobody.
    """

    rate: float
    handle: float
    patience: float | None = None
    within: float = 20.0
    max_occupancy: float = 1.0
    shrinkage: float = 0.0

    def __post_init__(self) -> None:
        positive(rate=self.rate, handle_time=self.handle)
        at_least(0, within=self.within)
        if self.patience is not None:
            positive(patience=self.patience)
        if not 0 < self.max_occupancy <= 1:
            raise SimError(
                f"the highest occupancy must lie above 0% and at most 100%, not be {self.max_occupancy * 100:g}%"
            )
        if not 0 <= self.shrinkage < 1:
            raise SimError(f"shrinkage must lie from 0% to below 100%, not be {self.shrinkage * 100:g}%")
        if self.load > MOST_LOAD:
            raise SimError(
                f"{self.rate * 3600:g} contacts an hour of {self.handle:g} s are {self.load:,.0f} Erlang; at most"
                f" {MOST_LOAD:,} are calculated"
            )

    @property
    def load(self) -> float:
        """Arrival rate times mean handle time, in Erlang."""
        return self.rate * self.handle

    def gross(self, agents: float) -> float:
        """Return the agents to be scheduled so that `agents` are there: agents / (1 - shrinkage)."""
        return agents / (1.0 - self.shrinkage)

    def row(self, agents: float) -> StaffingRow:
        """Return all figures for a number of agents; without agents no contact is served.

        A fraction lies between the two whole numbers beside it: linearly for the shares of B and A, A's speed of
        answer and C's share that waits, P. C's wait follows from P with the spare capacity s = agents / handle - rate,
        P / s and 1 - P exp(-s within), so that there is an end exactly where the load is below the agents.
        """
        whole = math.floor(agents)
        if agents == whole:
            return self._whole(int(whole))
        part, low, high = agents - whole, self._whole(int(whole)), self._whole(int(whole) + 1)
        if not whole:  # nobody is never answered: no speed of answer to start from
            low = low._replace(asa_a=high.asa_a)
        between = [below + part * (above - below) for below, above in zip(low, high, strict=True)]
        waits, spare = between[StaffingRow._fields.index("waits_c")], agents / self.handle - self.rate
        if self.load >= agents:
            waits, in_time, asa = 1.0, 0.0, math.inf
        else:
            in_time, asa = 1.0 - waits * math.exp(-spare * self.within), waits / spare
        found = StaffingRow(*between)._replace(waits_c=waits, in_time_c=in_time, asa_c=asa)
        return found._replace(agents=agents, occupancy=min(1.0, self.load / agents))

    def _whole(self, agents: int) -> StaffingRow:
        if agents == 0:
            lost = math.nan if self.patience is None else 1.0
            return StaffingRow(0, 1.0, 1.0, 1.0, 0.0, math.inf, lost, lost - 1.0, lost, math.nan)
        c = ErlangC(self.rate, 1 / self.handle, agents)
        in_time = c.waits_within(self.within) if c.is_stable else 0.0
        endless = (c.occupancy, erlang_b(agents, self.load), c.delay_probability, in_time, c.mean_wait)
        return StaffingRow(agents, *endless, *self._impatient(agents))

    def least(self, target: float, model: Model, each: float = 1.0) -> int:
        """Return the smallest number of agents with which the share `target` is answered in time.

        They are not busier than `max_occupancy`: by C the load, by A the load of those who do not abandon, over the
        agents. Each of them counts as `each` servers. Raises SimError where there is none, or without a patience.
        """
        if not 0 < target < 1:
            raise SimError(f"the target must lie between 0% and 100%, not be {target * 100:g}%")
        if model == "A" and self.patience is None:
            raise SimError("Erlang A needs a patience")

        def keeps(agents: int) -> bool:
            row = self.row(agents * each)
            in_time, lost = (row.in_time_c, 0.0) if model == "C" else (row.in_time_a, row.abandoned_a)
            busy = self.load * (1.0 - lost) / (agents * each)
            return in_time >= target and busy <= self.max_occupancy * (1.0 + 1e-12)

        return least_agents(keeps)

    def by_square_root(self, target: float) -> tuple[int, float]:
        """Return the agents that the square-root rule asks for, and its safety factor beta.

        With R the load, N = R + beta sqrt(R), where beta is such that the share that waits longer than
        `within`, halfin_whitt(beta) exp(-beta sqrt(R) within / handle), is 1 - target (S. Halfin & W. Whitt 1981).
        Never fewer than `max_occupancy` asks for.
        """
        low, high = 1e-9, 40.0
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if self._late(middle) > 1 - target else (low, middle)
        busy = math.ceil(self.load / self.max_occupancy * (1.0 - 1e-12)) if self.max_occupancy < 1 else 0
        return max(busy, square_root_staffing(self.load, high)), high

    def _late(self, beta: float) -> float:
        return halfin_whitt(beta) * math.exp(-beta * math.sqrt(self.load) * self.within / self.handle)

    def _impatient(self, agents: int) -> tuple[float, float, float, float]:
        if self.patience is None:
            return math.nan, math.nan, math.nan, math.nan
        a = erlang_a(self.rate, 1 / self.handle, agents, 1 / self.patience)
        return a.delay_probability, a.service_level(self.within), a.abandoned, a.asa


@dataclass(frozen=True)
class ErlangAnswer:
    """What the formulas say of one queue: the least agents for a target, and the figures around them.

    `agents` is a number that was asked about, whole or a fraction; None for none.
    """

    calculation: Calculation
    target: float = 0.8
    agents: float | None = None

    @cached_property
    def least(self) -> dict[str, int]:
        """By rule, the least agents that answer the target's share in time."""
        least = {"Erlang C": self.calculation.least(self.target, "C")}
        if self.calculation.patience is not None:
            least["Erlang A"] = self.calculation.least(self.target, "A")
        return {**least, "square-root rule": self.calculation.by_square_root(self.target)[0]}

    @property
    def gross(self) -> dict[str, float]:
        """By rule, the agents to be scheduled so that the least are there."""
        return {rule: self.calculation.gross(agents) for rule, agents in self.least.items()}

    @cached_property
    def table(self) -> tuple[StaffingRow, ...]:
        """The figures around the least agents and those asked about."""
        asked = [] if self.agents is None else [self.agents]
        return tuple(map(self.calculation.row, _around([*self.least.values(), *asked])))

    @property
    def rows(self) -> "pd.DataFrame":
        """The table as a frame, a row a number of agents."""
        import pandas as pd

        return pd.DataFrame(self.table)

    def __repr__(self) -> str:
        return f"<Erlang answer: {', '.join(f'{rule} {agents}' for rule, agents in self.least.items())}>"

    def _repr_html_(self) -> str:
        html: str = self.rows.to_html(index=False)
        return html


def _around(counts: Iterable[float]) -> list[float]:
    """Return the numbers of agents near those asked about, and these themselves."""
    given = list(counts)
    near = {float(int(count) + step) for count in given for step in range(-AROUND, AROUND + 1)}
    return sorted(count for count in near.union(given) if count > 0)


def parse_rate(text: str) -> float:
    """Read contacts a second from 100/h, 2/min, 100/30min, 800/d or 100, which is an hour's. Raises SimError."""
    try:
        return rate(text)
    except ValueError as error:
        raise SimError(f"--rate {error}") from None
