"""What a search for the best of several scenarios says."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sim.experiments.direction import Goal
from sim.experiments.paired import Sampled, paired
from sim.experiments.wanted import Wanted
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


class Contender(NamedTuple):
    """A row of the table: a scenario, its figure, and when it was left out (after how many replications).

    `behind` is how far it lies behind the leader, over the replications that both have, with its 95 %
    interval; all in the metric's unit. They are NaN for the leader himself.
    """

    candidate: str
    chosen: bool
    value: float
    behind: float
    behind_low: float
    behind_high: float
    replications: int
    left_after: int | None


@dataclass(frozen=True, eq=False, repr=False)
class Selection:
    """Which of several scenarios is the best, with what probability, and how that was found out.

    `chosen` is the number of the best among `scenarios`, the base first; None where `asked` replications did
    not decide. `delta`, in the metric's unit, is the difference from which on it matters which one is chosen.
    """

    scenarios: tuple[Scenario, ...]
    names: tuple[str, ...]
    wanted: Wanted
    goal: Goal
    delta: float
    confidence: float
    seed: int
    asked: int
    first: int
    sampled: tuple[Sampled, ...]
    left_after: tuple[int | None, ...]

    @property
    def chosen(self) -> int | None:
        """The number of the best scenario, None where that is not decided."""
        left = self.still_in
        return left[0] if len(left) == 1 else None

    @property
    def still_in(self) -> tuple[int, ...]:
        """The scenarios that were not left out."""
        return tuple(number for number, after in enumerate(self.left_after) if after is None)

    @property
    def best(self) -> Scenario | None:
        """The best scenario, None where that is not decided."""
        return None if self.chosen is None else self.scenarios[self.chosen]

    @property
    def name(self) -> str | None:
        """The name of the best scenario, None where that is not decided."""
        return None if self.chosen is None else self.names[self.chosen]

    @property
    def replications(self) -> int:
        """How many replications the scenarios had that were in to the end."""
        return max(len(one.tops) for one in self.sampled)

    @property
    def simulated(self) -> int:
        """How many replications of all scenarios together were simulated."""
        return sum(len(one.tops) for one in self.sampled)

    @cached_property
    def contenders(self) -> tuple[Contender, ...]:
        """The rows of the table, best first."""
        rows = [self._row(number) for number in range(len(self.scenarios))]
        ahead = -1.0 if self.goal == "high" else 1.0
        return tuple(
            sorted(rows, key=lambda row: (not row.chosen, row.left_after is not None, ahead * row.value))
        )

    @cached_property
    def table(self) -> "pd.DataFrame":
        """Every scenario with its figure, how far it is behind, and when it was left out, best first."""
        import pandas as pd

        return pd.DataFrame(self.contenders, columns=list(Contender._fields))

    @property
    def _leader(self) -> int:
        ahead = 1.0 if self.goal == "high" else -1.0
        return max(self.still_in, key=lambda number: ahead * self.sampled[number].value)

    def _row(self, number: int) -> Contender:
        own, leader = self.sampled[number], self.sampled[self._leader]
        name, chosen = self.names[number], number == self.chosen
        count, left = len(own.tops), self.left_after[number]
        if number == self._leader:
            return Contender(name, chosen, own.value, math.nan, math.nan, math.nan, count, left)
        shared = min(count, len(leader.tops))
        found = paired(own.upto(shared), leader.upto(shared))
        behind = (found.difference, found.low, found.high)
        if self.goal == "low":
            behind = (0.0 - found.difference, 0.0 - found.high, 0.0 - found.low)
        return Contender(name, chosen, own.value, *behind, count, left)

    def __repr__(self) -> str:
        outcome = "not decided" if self.name is None else f"{self.name!r} is the best"
        return f"<Selection by {self.wanted.text}: {outcome}, {self.simulated} replications in all, seed {self.seed}>"

    def _repr_html_(self) -> str:
        return f"<p>{self.__repr__()[1:-1]}</p>{self.table.to_html(index=False)}"
