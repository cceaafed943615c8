"""Judging a staffing on days that no search has seen, by the tests of the gate."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from math import isnan, nan
from time import process_time

import numpy as np

from sim.engine import simulate
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.growth import BACKLOG, growing
from sim.experiments.paired import Sampled
from sim.experiments.sampling import tables_for
from sim.experiments.verdicts import days_kept as counted
from sim.gate.days import DaysKept
from sim.gate.sequential import Hypothesis, SequentialTest, TestResult, Verdict, gravest
from sim.metrics import Cells, Figures, Measures, measure
from sim.metrics.cells import Axes
from sim.metrics.columns import FloatArray
from sim.metrics.figures import about
from sim.metrics.measures import lean
from sim.metrics.unfinished import extremes
from sim.parallel.workers import Workers
from sim.records import Recorder
from sim.scenario import Scenario
from sim.scenario.budget import Cap
from sim.scenario.numbers import share_text
from sim.staffing.choices import HOUR_S
from sim.staffing.days import Effort, workload_of
from sim.staffing.goals import Goals
from sim.staffing.overtime import worked_late_s

SHOWN = ("service_level", "abandon_rate", "occupancy", "offered")
"""The metrics of the interval tables, measured beside those of the goals."""
LEFT = ("unfinished_missed", "unfinished_undetermined")
"""Who is open at the end of a day, told beside the goals."""
ANSWERED_OR_NEVER = 2


@dataclass(frozen=True)
class FreshDay:
    """The function of a worker: a day of a scenario by its number, measured, also as what is open may end."""

    scenario: Scenario
    key: str
    seed: int
    metrics: tuple[str, ...]
    cap: Cap | None = None

    @cached_property
    def _tables(self) -> tuple[str, ...]:
        return tables_for(self.scenario, self.metrics)

    def __call__(self, number: int) -> tuple[FloatArray, FloatArray, float]:
        """Return what a day came to, the seconds that each team worked beyond the roster, and seconds of CPU.

        A day came to numerators and denominators, three times: as they are, and as what is open may end.
        """
        began = process_time()
        workload = workload_of(self.scenario, self.key, self.seed, number)
        records = simulate(self.scenario, workload, Recorder(self.scenario, self._tables), cap=self.cap)
        found = measure(records, self.scenario, only=self.metrics)
        worlds = extremes(records, self.scenario, found) or (found,) * ANSWERED_OR_NEVER
        parts = [[one.numerator, one.denominator] for one in (found, *worlds)]
        late = worked_late_s(self.scenario, lean(records))
        return np.array(parts), late, process_time() - began

    def label(self, number: int) -> str:
        """Name a day so that it can be run alone."""
        return f"replication {number} (seed {self.seed})"


@dataclass(frozen=True)
class GoalResult:
    """A goal, or one interval of it: its figure on the fresh days, the verdict, and the share of days that keep it."""

    number: int
    figure: FigureSelector
    wanted: str
    verdict: Verdict
    value: float
    low: float
    high: float
    days_on_target: float

    @property
    def is_kept(self) -> bool:
        """Whether it is not surely missed."""
        return self.verdict is not Verdict.FAIL


@dataclass(frozen=True, eq=False)
class Judged:
    """What a scenario does on fresh days: each goal's result, and the figures of the interval tables.

    `late_h` are the hours that the agents of each team work beyond the roster, a day on average.
    """

    scenario: Scenario
    goals: tuple[GoalResult, ...]
    figures: Figures
    days: int
    late_h: Mapping[str, float]

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of all goals."""
        return gravest(one.verdict for one in self.goals)


class Court:
    """Fresh days, and what is to be kept on them. Each judgement that may fail has days of its own."""

    def __init__(self, goals: Goals, check: int, seed: int, workers: Workers, effort: Effort) -> None:
        self.goals = goals
        self.check = check
        self._seed = seed
        self._workers = workers
        self.effort = effort
        self._key = goals.scenario.hash
        self.session = 0

    @cached_property
    def cells(self) -> Cells:
        """The layout of what is measured."""
        return Cells.of(Axes.of(self.goals.scenario), self._metrics)

    @property
    def _metrics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.goals.metrics, *SHOWN, *LEFT, *BACKLOG]))

    def judge(
        self,
        scenario: Scenario,
        *,
        to_the_end: bool = False,
        on_day: Callable[[int, int], None] | None = None,
    ) -> Judged:
        """Simulate fresh days from look to look until all are used or, unless `to_the_end`, a goal surely fails."""
        test = SequentialTest(self.goals.claims, self.check)
        one = FreshDay(scenario, self._key, self._seed, self._metrics, self.effort.spending.cap)
        found: list[FloatArray] = []
        late_s = np.zeros(len(scenario.teams))
        figures = Figures()
        for size in test.sizes:
            first = self.session * self.check
            todo = range(first + len(found), first + size)
            with closing(self.effort.spending.ordered(self._workers, one, todo)) as results:
                for parts, late, seconds in results:
                    found.append(parts)
                    late_s += late
                    figures.fold(Measures(self.cells, parts[0, 0], parts[0, 1]))
                    self.effort.days += 1
                    self.effort.cpu_s += seconds
                    if on_day is not None:
                        on_day(len(found), self.check)
            self._look(test, size, np.array(found), grows=bool(growing(about(figures.columns(), BACKLOG))))
            if test.failed and not to_the_end:
                break
        by_claim = {finding.claim: finding for finding in test.findings}
        parts = np.array(found)
        results_ = tuple(self._result(claim, by_claim[claim], parts, figures) for claim in self.goals.claims)
        late_h = dict(zip(scenario.teams, (late_s / HOUR_S / len(found)).tolist(), strict=True))
        return Judged(scenario, results_, figures, len(found), late_h)

    def _look(self, test: SequentialTest, size: int, parts: FloatArray, *, grows: bool) -> None:
        worlds = [self._series(parts[:, world]) for world in range(1 + ANSWERED_OR_NEVER)]
        is_open = not all(np.array_equal(parts[:, 0], parts[:, world], equal_nan=True) for world in (1, 2))
        test.look(size, worlds[0], None, tuple(worlds[1:]) if is_open else None, grows=grows)

    def _series(self, parts: FloatArray) -> dict[FigureSelector, Sampled]:
        found = {}
        for claim in self.goals.claims:
            figure = claim.measured
            cell = self._cell(figure)
            found[figure] = Sampled(parts[:, 0, cell], parts[:, 1, cell], figure.definition.is_ratio)
        return found

    def _cell(self, figure: FigureSelector) -> int:
        return self.cells.row(figure.metric, dict(figure.place))

    def _result(
        self, claim: Hypothesis, finding: TestResult, parts: FloatArray, figures: Figures
    ) -> GoalResult:
        """Return the verdict, and the figure over all days: of a goal about a share of days that share."""
        figure = claim.measured
        kept = days_kept(claim, self._series(parts[:, 0])[figure])
        if isinstance(claim.figure, DaysKept):
            value, low, high = finding.value, finding.low, finding.high
        else:
            shown = figures.value(figure.metric, **dict(figure.place))  # type: ignore[arg-type]
            value, low, high = shown.value, shown.low, shown.high
        low, high = (nan if isnan(value) else one for one in (low, high))
        return GoalResult(claim.number, figure, wanted(claim), finding.verdict, value, low, high, kept)


def wanted(claim: Hypothesis) -> str:
    """Return what is asked of a figure, in words."""
    from sim.metrics.formatting import quantity

    sides = claim.figure.sides if isinstance(claim.figure, DaysKept) else claim.sides
    unit = claim.measured.definition.unit
    bounds = [f"{'at most' if sign > 0 else 'at least'} {quantity(sign * one, unit)}" for sign, one in sides]
    days = f" on {share_text(-claim.sides[0][1])} of days" if isinstance(claim.figure, DaysKept) else ""
    return " and ".join(bounds) + days


def days_kept(claim: Hypothesis, sampled: Sampled) -> float:
    """Return the share of days, of those on which there is a value, that keep to a claim by themselves."""
    sides: Sequence[tuple[int, float]] = (
        claim.figure.sides if isinstance(claim.figure, DaysKept) else claim.sides
    )
    kept, days = counted(sampled, sides)
    return kept / days if days else nan
