"""The whole way to a plan: refusals, start, search, judgement, and what stands beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np

from sim.errors import SimError
from sim.experiments.paired import Sampled
from sim.gate.sequential import Verdict
from sim.metrics import Figures
from sim.metrics.cells import DAY_S
from sim.metrics.columns import FloatArray, IntArray
from sim.metrics.formatting import quantity
from sim.parallel.workers import Report, Spending, Workers, warn
from sim.scenario import Scenario
from sim.scenario.model import require_scenarios, require_whole
from sim.staffing import tables
from sim.staffing.choices import Choices, hourly_cost, with_rosters
from sim.staffing.dates import day_of, written
from sim.staffing.days import FIRST_DAY, Days, Effort, SearchOverError
from sim.staffing.feasible import InfeasibleError, require_feasible
from sim.staffing.goals import Goals, with_goals
from sim.staffing.improve import LocalModel
from sim.staffing.judging import Court, GoalResult, Judged, days_kept, wanted
from sim.staffing.plan import Plan, Spent, Staffed
from sim.staffing.search import OnRound, Round, Search, Tried, searched
from sim.staffing.start import covering, needed, require_cover

DAYS, CHECK = 100, 200
FIRST_DAYS = 24
"""Days of the first stage; the second one mends what these were too hopeful about, on all days."""
CAUTION = 0.5
"""Standard errors by which rows are kept above 0 in the second stage."""
SESSIONS = 3
"""Judgements by fresh days after which what fails is told."""
ROUGHLY = 30
"""A search takes about so many times its days, for the estimate of its budget."""
FEW_DAYS = 10
MODELS = {"erlang_c": "C", "erlang_a": "A"}


def staff(
    scenario: Scenario,
    *,
    goals: Sequence[Any] | None = None,
    shifts: Sequence[Any] | None = None,
    heads: bool = False,
    days: int = DAYS,
    check: int = CHECK,
    at_most_days: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    start: Plan | None = None,
    on_round: OnRound | None = None,
    on_day: Callable[[int, int], None] | None = None,
    on_loss: Report = warn,
    budget: str | float | Spending | None = None,
) -> Plan:
    """Find the least costly staffing of a day that keeps its goals, and judge it on days that no search has seen.

    `goals` and `shifts` stand in for `staffing.goals` and `staffing.shifts`, as the file has them. Without shifts, or
    with `heads`, head-counts by interval are found. The search simulates `days` days, the judgement up to `check`
    others; `at_most_days` bounds the days that are simulated in the search. `start` is a plan from which the search
    goes on. Ctrl-C ends the search, and the best plan so far is returned, `interrupted`. The same scenario and
    seed give the same plan, for any number of `jobs`. With `budget`, a number of events, what would take more is
    refused or stopped; that of a command with several searches is one for all of them.

    Raises InfeasibleError for a goal that even the most agents miss, SimError for what cannot be planned.
    """
    require_scenarios(scenario)
    require_whole(days=days, check=check, at_most_days=at_most_days, seed=seed)
    given = {"staffing.goals": goals, "staffing.shifts": shifts}
    scenario = scenario.set({key: list(one) for key, one in given.items() if one is not None})
    scenario = day_of(scenario)
    if scenario.lasts > DAY_S:
        raise SimError(
            f"{scenario.name}: lasts {quantity(scenario.lasts, 's')}; a staffing is found for one day, of at most 24 h"
        )
    if days < 2 or check < 2:
        raise SimError(f"days and check must be at least 2, not {days} and {check}")
    spending = spending_of(
        [scenario], budget=budget, days=days, check=check, at_most_days=at_most_days, jobs=jobs
    )
    task = Task.of(scenario, heads, days, check, at_most_days, seed, Workers(jobs, report=on_loss), spending)
    return Solution(task, on_round or _silent, on_day).plan(start)


def spending_of(
    scenarios: Sequence[Scenario], *, budget: str | float | Spending | None = None, days: int = DAYS,
    check: int = CHECK, at_most_days: int | None = None, jobs: int | None = None, **_: Any,
) -> Spending:  # fmt: skip
    """Return the one spending of the searches for these days, with what `staff` takes; of one that is under way itself.

    Raises SimError where the estimate of all of them goes beyond the budget.
    """
    if isinstance(budget, Spending):
        return budget
    require_whole(days=days, check=check, at_most_days=at_most_days)
    most = ROUGHLY * days if at_most_days is None else at_most_days
    return Spending.within(budget, scenarios, most + SESSIONS * check, jobs)


def _silent(_round: Round, _best: Tried | None) -> None:
    """Ignore the progress."""


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be planned: choices, goals, the search's days and the fresh ones."""

    scenario: Scenario
    choices: Choices
    goals: Goals
    days: Days
    court: Court
    seed: int
    effort: Effort

    @classmethod
    def of(
        cls, scenario: Scenario, heads: bool, days: int, check: int, at_most: int | None, seed: int | None,
        workers: Workers, spending: Spending | None = None,
    ) -> "Task":  # fmt: skip
        """Put a task together. Raises SimError for what cannot be planned."""
        goals, choices = Goals.of(scenario), Choices.of(scenario, heads)
        require_cover(choices)
        chosen = scenario.seed if seed is None else seed
        effort = Effort(at_most, spending)
        own = Days(scenario, goals, range(FIRST_DAY, FIRST_DAY + days), chosen, workers, effort)
        court = Court(goals, check, chosen, workers, Effort(spending=spending))
        return cls(scenario, choices, goals, own, court, chosen, effort)

    def with_plan(self, x: IntArray) -> Scenario:
        """Return the scenario with a staffing in, and the goals among its targets."""
        return with_goals(with_rosters(self.scenario, self.choices.rosters(x)), self.goals.targets)

    def staffed(self, x: IntArray, results: Sequence[GoalResult], late_h: Mapping[str, float]) -> Staffed:
        """Return a staffing with the results of its goals; `late_h` are the hours beyond the roster by team."""
        heads = self.choices.heads(x)
        by_team = {name: tuple(row.tolist()) for name, row in zip(self.choices.teams, heads, strict=True)}
        late_cost = sum(hours * hourly_cost(self.scenario, name) for name, hours in late_h.items())
        return Staffed(
            self.choices.total_cost(x), float(self.choices.paid_h @ x), by_team, tuple(results),
            sum(late_h.values()), late_cost,
        )  # fmt: skip


class Solution:
    """A task under way."""

    def __init__(
        self, task: Task, on_round: OnRound, on_day: Callable[[int, int], None] | None = None
    ) -> None:
        self.task = task
        self.search = Search(task.choices, task.goals, task.days, on_round)
        self.interrupted = False
        self._on_day = on_day

    def plan(self, start: Plan | None = None) -> Plan:
        """Search, judge and put the plan together; Ctrl-C ends the search."""
        require_feasible(self.task.choices, self.task.goals, self.task.days)
        x, judged = self.first(start), None
        try:
            x = self._descended(x, is_new=start is None)
            x, judged = self._accepted(x)
        except KeyboardInterrupt:
            self.interrupted = True
            x = self._chosen(x)
        return self.told(x, judged)

    def first(self, start: Plan | None) -> IntArray:
        """Return where the search begins: the plan it goes on from, or what Erlang A asks for."""
        choices = self.task.choices
        if start is not None:
            x = choices.of_lines(start.shifts) if choices.are_shifts else _of_heads(choices, start)
            if x is None:
                raise SimError(
                    "the plan to go on from has shifts that are not among `staffing.shifts`; begin anew"
                )
            return x
        found = covering(choices, needed(choices, "A"))
        if found is None:
            raise InfeasibleError(
                f"{self.task.scenario.name}: no staffing keeps the bounds of `staffing.teams` and the shares of shifts;"
                " lower a min or raise a max"
            )
        return found

    def _descended(self, x: IntArray, *, is_new: bool) -> IntArray:
        """Search on few days first, then on all of them and with caution."""
        search = self.search
        if is_new and len(self.task.days.numbers) > FIRST_DAYS:
            search.first = FIRST_DAYS
            searched(search, x, "first days", exchanges=False, patience=2)
            x = x if search.nearest is None else search.nearest.x
            search.first, search.best, search.nearest, search.anchor = None, None, None, None
        search.caution = CAUTION
        searched(search, x, "all days", patience=2)
        return self._chosen(x)

    def _chosen(self, x: IntArray) -> IntArray:
        found = self.search.best or self.search.nearest
        return x if found is None else found.x

    def _accepted(self, x: IntArray) -> tuple[IntArray, Judged]:
        """Judge a staffing on fresh days; what surely fails gets a margin and the search goes on, a few times."""
        task, search = self.task, self.search
        judged = task.court.judge(task.with_plan(x), on_day=self._on_day)
        for session in range(1, SESSIONS):
            if judged.verdict is not Verdict.FAIL:
                break
            if search.margin is None:
                search.margin = np.zeros(len(task.goals.rows))
            failed = {one.figure for one in judged.goals if not one.is_kept}
            try:
                fell = _fell(task, x, judged)
            except SearchOverError:
                break
            at = np.array([row.claim.measured in failed for row in task.goals.rows])
            search.margin = np.where(at, search.margin + np.maximum(fell, 0.1), search.margin)
            search.best = search.nearest = None
            searched(search, x, f"margin {session}", exchanges=False)
            x = self._chosen(x)
            task.court.session = session
            judged = task.court.judge(task.with_plan(x), on_day=self._on_day)
        return x, judged

    def told(self, x: IntArray, judged: Judged | None) -> Plan:
        """Put the plan of a staffing together."""
        task = self.task
        own = task.days.parts([task.choices.rosters(x)], FEW_DAYS)[0] if judged is None else None
        results = _unjudged(task, own) if judged is None else judged.goals
        figures = Figures() if judged is None else judged.figures
        heads = task.choices.heads(x)
        model = self._model(x)
        bottoms = self._bottoms(x)
        return Plan(
            base=written(task.scenario),
            scenario=written(task.with_plan(x)),
            plan=task.staffed(x, results, {} if judged is None else judged.late_h),
            shifts=task.choices.lines(x),
            beside={} if judged is None else self._beside(),
            prices=tables.prices(task.goals, model, bottoms),
            by_team=tables.by_team(task.choices, heads, model, task.goals, figures),
            by_queue=tables.by_queue(task.choices, figures),
            figures=figures.table() if figures.replications else _no_figures(),
            path=tuple(self.search.path),
            spent=Spent(
                task.effort.days + task.court.effort.days,
                task.effort.cpu_s + task.court.effort.cpu_s,
                task.effort.ended_at,
            ),
            seed=task.seed,
            check=0 if judged is None else judged.days,
            interrupted=self.interrupted,
        )

    def _model(self, x: IntArray) -> LocalModel:
        """Return the local model at the plan, simulated even where the allowed days are spent."""
        task = self.task
        task.effort.at_most = None
        one = self.search.tried(x)
        heads = task.choices.heads(x)
        return LocalModel(task.choices, heads, one.room, self.search.known.at(heads))

    def _bottoms(self, x: IntArray) -> FloatArray:
        parts = self.task.days.parts([self.task.choices.rosters(x)], FEW_DAYS)[0]
        return np.array([parts[:, 1, row.whole].mean() for row in self.task.goals.rows])

    def _beside(self) -> dict[str, Staffed]:
        """Return the plans of Erlang's formulas, judged on the same days."""
        task, found = self.task, {}
        for name, model in MODELS.items():
            x = covering(task.choices, needed(task.choices, "C" if model == "C" else "A"))
            if x is not None:
                judged = task.court.judge(task.with_plan(x), to_the_end=True)
                found[name] = task.staffed(x, judged.goals, judged.late_h)
        return found


def _no_figures() -> Any:
    import pandas as pd

    from sim.metrics.figures import FIGURE_COLUMNS

    return pd.DataFrame(columns=list(FIGURE_COLUMNS))


def _of_heads(choices: Choices, start: Plan) -> IntArray | None:
    """Return the head-counts of a plan as a staffing; None where its teams or intervals are others."""
    if set(start.heads) != set(choices.teams):
        return None
    heads = np.array([start.heads[name] for name in choices.teams])
    if heads.size != len(choices.items):
        return None
    found: IntArray = np.rint(heads).astype(np.int64).ravel()
    return found


def _unjudged(task: Task, parts: FloatArray | None) -> list[GoalResult]:
    """Return the goals' values on the search's own days, which decide nothing."""
    assert parts is not None
    found = []
    for row in {row.claim: row for row in task.goals.rows}.values():
        figure = row.claim.measured
        sampled = Sampled(parts[:, 0, row.whole], parts[:, 1, row.whole], row.is_ratio)
        value, kept = sampled.only(sampled.there).value, days_kept(row.claim, sampled)
        found.append(
            GoalResult(
                row.claim.number, figure, wanted(row.claim), Verdict.INCONCLUSIVE, value, nan, nan, kept
            )
        )
    return found


def _fell(task: Task, x: IntArray, judged: Judged) -> FloatArray:
    """Return by how much each row is lower on the fresh days than on the search's own."""
    parts = task.days.parts([task.choices.rosters(x)])[0]
    own, _ = task.goals.values(parts)
    by_figure = {one.figure: one for one in judged.goals}
    found = []
    for row, room in zip(task.goals.rows, own, strict=True):
        sign, limit = row.side
        value = by_figure[row.claim.measured].value
        bottom = parts[:, 1, row.whole].mean() if row.is_ratio else 1.0
        fresh = (limit - sign * value) * bottom / row.scale
        found.append(room - fresh if row.share_of_days is None else 0.1)
    return np.array(found)
