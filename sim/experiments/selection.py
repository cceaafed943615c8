"""The search for the best of several scenarios, and its result."""

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import SimError
from sim.experiments.figure_selectors import FigureSelector, Goal, goal_of, read
from sim.experiments.kim_nelson import FIRST, KimNelson
from sim.experiments.paired import Sampled, paired
from sim.experiments.replications import Progress
from sim.experiments.sampling import PartialSampler, Sample, Sampler
from sim.experiments.unfinished import DAY_S, leave_more
from sim.experiments.variants import names_of
from sim.metrics.cells import FloatArray
from sim.parallel.workers import Report, Spending, Workers, warn
from sim.scenario import Scenario
from sim.scenario.arguments import require_scenarios, require_whole
from sim.scenario.budget import BudgetError

if TYPE_CHECKING:
    import pandas as pd


class Candidate(NamedTuple):
    """A row of the table: a scenario, its figure, and when it was left out (after how many replications).

    `behind` is how far it lies behind the leader, over the replications that both have, with its 95 %
    interval; all in the metric's unit. They are NaN for the leader itself.
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
    """The best of several scenarios, with its probability, and the replications behind it.

    `chosen` is the number of the best among `scenarios`, the base first; None where `asked` replications did
    not decide. A plan that leaves people unfinished where another leaves none is out before figures are compared;
    `unfinished` is how many each leaves a replication. `delta`, in the metric's unit, is the smallest difference that
    matters (the indifference zone). `stopped` says why the budget ended the search, where it did.
    """

    scenarios: tuple[Scenario, ...]
    names: tuple[str, ...]
    wanted: FigureSelector
    goal: Goal
    delta: float
    confidence: float
    seed: int
    asked: int
    first: int
    sampled: tuple[Sampled, ...]
    left_after: tuple[int | None, ...]
    unfinished: tuple[float, ...] = ()
    stopped: str = ""

    @property
    def chosen(self) -> int | None:
        """The number of the best scenario, None where that is not decided."""
        left = self.still_in
        if len(left) != 1:
            return None
        leaves = any(self.unfinished) and self.unfinished[left[0]] > min(self.unfinished) == 0
        return None if leaves else left[0]

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
        """The number of replications of the scenarios that were in to the end."""
        return max(len(one.tops) for one in self.sampled)

    @property
    def simulated(self) -> int:
        """The number of simulated replications of all scenarios together."""
        return sum(len(one.tops) for one in self.sampled)

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
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

        return pd.DataFrame(self.candidates, columns=list(Candidate._fields))

    @property
    def _leader(self) -> int:
        ahead = 1.0 if self.goal == "high" else -1.0
        return max(self.still_in, key=lambda number: ahead * self.sampled[number].value)

    def _row(self, number: int) -> Candidate:
        own, leader = self.sampled[number], self.sampled[self._leader]
        name, chosen = self.names[number], number == self.chosen
        count, left = len(own.tops), self.left_after[number]
        if number == self._leader:
            return Candidate(name, chosen, own.value, math.nan, math.nan, math.nan, count, left)
        shared = min(count, len(leader.tops))
        found = paired(own.upto(shared), leader.upto(shared))
        behind = (found.difference, found.low, found.high)
        if self.goal == "low":
            behind = (0.0 - found.difference, 0.0 - found.high, 0.0 - found.low)
        return Candidate(name, chosen, own.value, *behind, count, left)

    def __repr__(self) -> str:
        outcome = "not decided" if self.name is None else f"{self.name!r} is the best"
        return f"<Selection by {self.wanted.text}: {outcome}, {self.simulated} replications in all, seed {self.seed}>"

    def _repr_html_(self) -> str:
        return f"<p>{self.__repr__()[1:-1]}</p>{self.table.to_html(index=False)}"


ROUND = 10
"""Replications that are started together; the procedure still looks at them one by one."""

AT_MOST = 1000
"""Replications of a scenario after which the search ends undecided by default."""

POINT = 0.01
"""The default `delta` of a share: one percentage point."""


def best(
    base: Scenario,
    *candidates: Scenario,
    metric: str | FigureSelector,
    delta: float | None = None,
    confidence: float = 0.95,
    goal: Goal | None = None,
    at_most: int = AT_MOST,
    seed: int | None = None,
    names: Sequence[str | None] = (),
    jobs: int | None = None,
    cluster: str | None = None,
    on_loss: Report = warn,
    on_progress: Progress | None = None,
    budget: str | float | None = None,
) -> Selection:
    """Find the scenario, the base among them, with the best value of a figure.

    It is found with probability `confidence` at least where it leads by `delta` or more, in the metric's unit
    (for shares 0.01 unless given). All meet the same customers; after each replication those that are clearly
    behind are left out. `goal` says whether "high" or "low" is better, where the metric has no goal. It ends
    undecided after `at_most` replications, or where it would take more than the `budget`.

    Raises SimError without candidates, for a figure that one of the scenarios lacks, and for numbers out of
    range.
    """
    if not candidates:
        raise SimError(
            'there is nothing to choose from; give other scenarios, such as base.set("teams.NAME.agents", 9)'
        )
    require_scenarios(base, *candidates)
    require_whole(at_most=at_most, seed=seed)
    scenarios = (base, *candidates)
    (wanted,) = read([metric], scenarios)
    way = goal_of(wanted, goal)
    matters = _delta(wanted, delta)
    _check(confidence, at_most)
    named = names_of(base, candidates, [*names, *[None] * (len(candidates) - len(names))])
    spending = Spending.within(budget, scenarios, at_most, jobs)
    measured = _measured(wanted, scenarios)
    sampler = Sampler(scenarios, measured, base.seed if seed is None else seed, cap=spending.cap)
    search = _Search(sampler, KimNelson(len(scenarios), matters, confidence), way, spending)
    search.go(Workers(jobs, cluster, on_loss), at_most, on_progress or _silent)
    return Selection(
        scenarios=scenarios, names=("base", *named), wanted=wanted, goal=way, delta=matters, confidence=confidence,
        seed=sampler.seed, asked=at_most, first=FIRST, sampled=search.sampled(),
        left_after=tuple(search.rule.left_after), unfinished=tuple(one.value for one in search.left()),
        stopped=search.stopped,
    )  # fmt: skip


class _Search:
    """The replications so far, scenario by scenario, and the rule that leaves scenarios out."""

    def __init__(self, sampler: Sampler, rule: KimNelson, goal: Goal, spending: Spending) -> None:
        self.rule = rule
        self.stopped = ""
        self._spending = spending
        self._part = PartialSampler(sampler)
        self._is_ratio = sampler.is_ratio[0]
        self._sign = 1.0 if goal == "high" else -1.0
        self._tops: list[list[float]] = [[] for _ in sampler.scenarios]
        self._bottoms: list[list[float]] = [[] for _ in sampler.scenarios]
        self._left: list[list[float]] = [[] for _ in sampler.scenarios]

    def go(self, workers: Workers, at_most: int, on_progress: Progress) -> None:
        """Run rounds until one scenario is left, there were `at_most` replications, or the budget is used up."""
        on_progress(0, at_most)
        try:
            self._search(workers, at_most, on_progress)
        except BudgetError as reason:
            if len(self._tops[0]) < FIRST:
                raise
            self.stopped = str(reason)

    def _search(self, workers: Workers, at_most: int, on_progress: Progress) -> None:
        done = 0
        while done < at_most:
            count = min(ROUND if done else FIRST, at_most - done)
            which = tuple(self.rule.alive)
            for sample in self._round(workers, range(done, done + count), which):
                self._take(sample, which)
                done += 1
                self._look(done)
                on_progress(done, min(at_most, max(FIRST, self.rule.at_latest + 1)))
                if self.rule.chosen is not None:
                    return

    def _look(self, done: int) -> None:
        if done >= FIRST:
            self.rule.leave(leave_more(self.left(), self.rule.alive), done)
        if self.rule.chosen is not None:
            return
        if done == FIRST:
            self.rule.start(self._signed())
        elif done > FIRST:
            self.rule.look(done, [one.value for one in self._signed()])

    def sampled(self) -> tuple[Sampled, ...]:
        """Return the figure of each scenario over its replications."""
        return tuple(self._sampled(number, 1.0) for number in range(len(self._tops)))

    def left(self) -> tuple[Sampled, ...]:
        """Return how many each scenario leaves unfinished over its replications."""
        return tuple(Sampled(np.array(left), np.ones(len(left)), is_ratio=True) for left in self._left)

    def _signed(self) -> list[Sampled]:
        """Return the same, negated where low is better: the rule seeks the largest."""
        return [self._sampled(number, self._sign) for number in range(len(self._tops))]

    def _sampled(self, number: int, sign: float) -> Sampled:
        bottoms: FloatArray = np.array(self._bottoms[number])
        return Sampled(np.array(self._tops[number]) * sign, bottoms, is_ratio=True)

    def _round(self, workers: Workers, numbers: range, which: tuple[int, ...]) -> Iterator[Sample]:
        items = [(number, which) for number in numbers]
        with closing(self._spending.ordered(workers, self._part, items)) as results:
            yield from results

    def _take(self, sample: Sample, which: tuple[int, ...]) -> None:
        """Add a replication of the scenarios still in; a mean without a value has no weight."""
        for row, number in enumerate(which):
            if number in self.rule.alive:
                top, bottom = float(sample.tops[row, 0]), float(sample.bottoms[row, 0])
                self._left[number].append(float(sample.tops[row, 1]))
                top += float(sample.tops[row, 2:].sum())  # what the work of tomorrow costs
                if not self._is_ratio:
                    top, bottom = (0.0, 0.0) if isnan(top) else (top, 1.0)
                self._tops[number].append(top)
                self._bottoms[number].append(bottom)


def _measured(wanted: FigureSelector, scenarios: Sequence[Scenario]) -> tuple[FigureSelector, ...]:
    """Return the figure, those who are unfinished, and for a cost that of the work after the end as well."""
    after = [FigureSelector("cost_after", wanted.place)] if wanted.metric == "cost" else []
    days = any(one.lasts > DAY_S for one in scenarios)
    return (wanted, FigureSelector("unfinished"), *(after if days else []))


def _delta(wanted: FigureSelector, given: float | None) -> float:
    unit = wanted.definition.unit
    if given is None and not wanted.definition.is_share:
        raise SimError(f"say from which difference on it matters which one is chosen: give a delta in {unit}")
    matters = POINT if given is None else given
    if not matters > 0:
        raise SimError(f"delta must be above 0, not {matters:g}")
    return matters


def _check(confidence: float, at_most: int) -> None:
    if not 0.5 <= confidence < 1:
        raise SimError(f"the confidence must lie between 50% and 100%, not be {confidence:g}")
    if at_most < FIRST:
        raise SimError(f"the search begins with {FIRST} replications, so at_most must not be {at_most}")


def _silent(_done: int, _total: int) -> None:
    """Ignore the progress."""
