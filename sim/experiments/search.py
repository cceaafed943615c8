"""The search for the best of several scenarios: who is still in, by their targets and by their figure."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from math import isnan

import numpy as np

from sim.experiments.feasibility import Plan, plan_of
from sim.experiments.figure_selectors import FigureSelector, Goal
from sim.experiments.kim_nelson import FIRST, KimNelson
from sim.experiments.paired import COUNTS, Sampled, paired
from sim.experiments.replications import Progress
from sim.experiments.sampling import PartialSampler, Sample, Sampler
from sim.experiments.unfinished import leave_more
from sim.metrics.columns import FloatArray
from sim.parallel.workers import Spending, Workers
from sim.scenario.budget import BudgetError

POINT = 0.01
"""The difference that matters unless one is given: one percentage point of a share, one per cent of a cost."""

ROUND = 10
"""Replications that are started together; the procedure still looks at them one by one."""


def levels(at_most: int, error: float) -> dict[int, float]:
    """Return after how many replications targets are looked at, and the level of each limit at that look.

    The looks are after 20, 40, 80, ... and `at_most` replications; each spends a part of `error` in proportion to the
    replications that it adds, so that all of them together err no more often (Bonferroni).
    """
    sizes = [FIRST]
    while sizes[-1] < at_most:
        sizes.append(min(2 * sizes[-1], at_most))
    added = np.diff([0, *sizes])
    return {size: 1.0 - error * float(more) / at_most for size, more in zip(sizes, added, strict=True)}


class Runs:
    """The replications of each scenario so far; the wanted figure is the first of the sampler's."""

    def __init__(self, sampler: Sampler) -> None:
        self.sampler = sampler
        self.part = PartialSampler(sampler)
        wanted, first = sampler.wanted, sampler.wanted[0]
        self._left = wanted.index(FigureSelector("unfinished"))
        after = FigureSelector("cost_after", first.place)
        self._after = [wanted.index(after)] if first.metric == "cost" and after in wanted else []
        scenarios = range(len(sampler.scenarios))
        self._samples: list[list[tuple[Sample, int]]] = [[] for _ in scenarios]
        self._counts: list[list[FloatArray]] = [[] for _ in scenarios]

    def take(self, sample: Sample, which: Sequence[int], alive: Sequence[int]) -> None:
        """Add a replication of the scenarios that are still in, and how customers fare against the base's."""
        for row, number in enumerate(which):
            if number in alive:
                self._samples[number].append((sample, row))
                if row and which[0] == 0 and len(sample.customer_counts):
                    self._counts[number].append(sample.customer_counts[row - 1])

    def count(self, number: int) -> int:
        """Return the number of a scenario's replications."""
        return len(self._samples[number])

    def parts(self, number: int) -> tuple[FloatArray, FloatArray]:
        """Return numerators and denominators of a scenario: replication by figure."""
        found = np.array([(one.tops[row], one.bottoms[row]) for one, row in self._samples[number]])
        return found[:, 0], found[:, 1]

    def ends(self, number: int) -> FloatArray | None:
        """Return both as what is open may end: fate by part by replication by figure; None where nothing is."""
        samples = self._samples[number]
        if all(one.extremes is None for one, _ in samples):
            return None
        worlds = [_worlds(one, row) for one, row in samples]
        return np.moveaxis(np.array(worlds), 0, 2)

    def sampled(self, number: int, sign: float = 1.0) -> Sampled:
        """Return the wanted figure; a cost with that of tomorrow; a mean without a value in a day has no weight."""
        tops, bottoms = self.parts(number)
        top = tops[:, 0] + np.nan_to_num(tops[:, self._after]).sum(axis=1)
        if self.sampler.is_ratio[0]:
            return Sampled(top * sign, bottoms[:, 0], is_ratio=True)
        return Sampled(np.nan_to_num(top) * sign, (~np.isnan(top)).astype(np.float64), is_ratio=True)

    def left(self, number: int) -> Sampled:
        """Return how many a scenario leaves unfinished."""
        left = self.parts(number)[0][:, self._left]
        return Sampled(left, np.ones(len(left)), is_ratio=True)

    def counts(self, number: int) -> FloatArray:
        """Return how a scenario's customers fare against the base's: replication by stream by count."""
        return np.array(self._counts[number]).reshape(-1, len(self.sampler.streams), COUNTS)

    def plan(self, number: int, name: str, level: float) -> Plan:
        """Hold the base's targets against a scenario, with limits of this level."""
        scenario = self.sampler.scenarios[0]
        return plan_of(name, scenario, self.sampler.wanted, *self.parts(number), self.ends(number), level)


def _worlds(sample: Sample, row: int) -> FloatArray:
    """Return what a scenario's figures may be: fate by part by figure."""
    if sample.extremes is not None:
        return sample.extremes[:, :, row]
    return np.array([[sample.tops[row], sample.bottoms[row]]] * 2)


class Search:
    """The replications so far, scenario by scenario, and the rule that leaves scenarios out.

    Where the scenarios are `subject` to targets those that surely miss one are left out first, at the looks of
    `levels`, then those that are undecided and surely behind one that meets all; figures are compared among those
    that surely meet all.
    """

    def __init__(
        self, runs: Runs, rule: KimNelson, goal: Goal, names: Sequence[str], subject: dict[int, float] | None,
        spending: Spending,
    ) -> None:  # fmt: skip
        self.runs = runs
        self.stopped = ""
        self._spending = spending
        self.rule = rule
        self.names = names
        self.subject = subject
        self.plans: dict[int, Plan] = {}
        self._sign = 1.0 if goal == "high" else -1.0
        self._started = False

    def go(self, workers: Workers, at_most: int, on_progress: Progress) -> None:
        """Run rounds until one scenario is left, there were `at_most` replications, or the budget is used up."""
        on_progress(0, at_most)
        try:
            self._search(workers, at_most, on_progress)
        except BudgetError as reason:
            if self.runs.count(0) < FIRST:
                raise
            self.stopped = str(reason)

    def _search(self, workers: Workers, at_most: int, on_progress: Progress) -> None:
        done = 0
        while done < at_most:
            count = min(ROUND if done else FIRST, at_most - done)
            which = tuple(self.rule.alive)
            for sample in self._round(workers, range(done, done + count), which):
                self.runs.take(sample, which, self.rule.alive)
                done += 1
                if done >= FIRST:
                    self._look(done, last=done == at_most)
                on_progress(done, min(at_most, max(FIRST, self.rule.at_latest + 1)))
                if done >= FIRST and self._is_over():
                    return

    def _is_over(self) -> bool:
        return len(self.rule.alive) < 2 and self._is_settled()

    def _is_settled(self) -> bool:
        """Return whether all scenarios still in surely meet the targets, where they are subject to them."""
        return self.subject is None or all(
            number in self.plans and self.plans[number].meets_all for number in self.rule.alive
        )

    def _look(self, done: int, last: bool) -> None:
        if not self._is_settled():
            self._hold(done, last)
        if not self._is_settled():
            return
        self.rule.leave(leave_more(self._all(self.runs.left), self.rule.alive), done)
        if len(self.rule.alive) < 2:
            return
        if not self._started:
            self._started = True
            self._start(done)
        else:
            self.rule.look(done, [one.value for one in self._all(self._signed)])

    def _start(self, done: int) -> None:
        """Begin to compare: with the first replications, then with those that were run for the targets."""
        found = self._all(self._signed)
        if isnan(self.rule.delta):  # a share of what the base costs
            self.rule.delta = POINT * abs(found[0].upto(FIRST).value)
        compared = list(self.rule.alive)
        self.rule.start([one.upto(FIRST) for one in found])
        for count in range(FIRST + 1, done + 1):
            if len(self.rule.alive) > 1:
                self.rule.look(count, [one.upto(count).value for one in found])
        # However early the rule would have left them out, they were simulated so far.
        for one in set(compared) - set(self.rule.alive):
            self.rule.left_after[one] = done

    def _hold(self, done: int, last: bool) -> None:
        """Hold the undecided to the targets, and leave out who misses one or cannot be the best."""
        assert self.subject is not None
        if done not in self.subject:
            return
        level = 1.0 - (1.0 - self.subject[done]) / (2 * len(self.names))
        for number in self.rule.alive:
            if number not in self.plans or not self.plans[number].meets_all:
                self.plans[number] = self.runs.plan(number, self.names[number], level)
        alive = self.rule.alive
        self.rule.leave([one for one in alive if self.plans[one].fails], done)
        good = [one for one in self.rule.alive if self.plans[one].meets_all]
        undecided = [one for one in self.rule.alive if one not in good]
        if good and not last:
            ahead = self._signed(max(good, key=lambda one: self._signed(one).value))
            undecided = [one for one in undecided if paired(self._signed(one), ahead, level).low > 0]
        if good or last:
            self.rule.leave(undecided, done)

    def _all(self, figure: Callable[[int], Sampled]) -> list[Sampled]:
        return [figure(number) for number in range(len(self.names))]

    def _signed(self, number: int) -> Sampled:
        """Return the wanted figure, negated where low is better: the rule seeks the largest."""
        return self.runs.sampled(number, self._sign)

    def _round(self, workers: Workers, numbers: range, which: tuple[int, ...]) -> Iterator[Sample]:
        part = self.runs.part
        items = [(number, which) for number in numbers]
        with closing(self._spending.ordered(workers, part, items)) as results:
            yield from results
