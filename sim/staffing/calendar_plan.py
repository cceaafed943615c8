"""A plan for each open date of a calendar, and all of them together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import SimError
from sim.gate.sequential import Verdict, gravest
from sim.parallel.workers import warn
from sim.scenario import Scenario, Target
from sim.scenario.budget import BudgetError
from sim.scenario.model import require_scenarios
from sim.scenario.single_days import only_on
from sim.scenario.yaml_tree import plain
from sim.staffing.choices import Choices, with_rosters
from sim.staffing.dates import apart, require_steady_clock
from sim.staffing.feasible import InfeasibleError
from sim.staffing.goals import goals_of, with_goals
from sim.staffing.plan import Plan
from sim.staffing.solving import spending_of, staff
from sim.staffing.start import require_cover

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class CalendarPlan:
    """The least costly staffing that was found of each open date of a calendar, each by itself.

    Where Ctrl-C ended the search, `plans` are those of the dates until then.
    """

    base: Scenario
    plans: tuple[Plan, ...]

    @property
    def dates(self) -> tuple[str, ...]:
        """The dates that are planned, such as 2026-03-02."""
        return tuple(plan.base.days[0].name for plan in self.plans)

    @cached_property
    def scenario(self) -> Scenario:
        """The calendar with the plans of all its dates in, and the goals, held on each date, among its targets."""
        planned = tuple(self.plans[0].heads)
        rosters = {name: self._roster(name) for name in planned}
        return with_goals(with_rosters(self.base, rosters), [_each_day(one) for one in goals_of(self.base)])

    def _roster(self, team: str) -> dict[str, Any]:
        by_date = {
            date: plain(plan.scenario.teams[team]) for date, plan in zip(self.dates, self.plans, strict=True)
        }
        lists = {date: one["head_count"]["agents"] for date, one in by_date.items() if "head_count" in one}
        if lists:
            every = next(one["head_count"]["every"] for one in by_date.values())
            return {"head_count": {"every": every, "agents": lists}}
        return {
            "shifts": [
                {"days": date, **shift} for date, one in by_date.items() for shift in one.get("shifts", ())
            ]
        }

    @property
    def cost(self) -> float:
        """The cost of the rosters of all dates."""
        return sum(plan.cost for plan in self.plans)

    @property
    def hours(self) -> float:
        """The paid hours of all dates."""
        return sum(plan.hours for plan in self.plans)

    @property
    def overtime_h(self) -> float:
        """The hours that agents work beyond the roster on all dates together."""
        return sum(plan.plan.overtime_h for plan in self.plans)

    @property
    def overtime_cost(self) -> float:
        """What these hours cost, which `cost` leaves out."""
        return sum(plan.plan.overtime_cost for plan in self.plans)

    @property
    def whole_cost(self) -> float:
        """The cost of the rosters and of what is worked beyond them."""
        return self.cost + self.overtime_cost

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of all goals on all dates."""
        return gravest(plan.verdict for plan in self.plans)

    @property
    def exit_code(self) -> int:
        """0 where all goals surely pass on all dates, 1 where one surely fails, 3 where one is undecided."""
        return self.verdict.exit_code

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the search before its end."""
        return len(self.plans) < len(self.base.days) or any(plan.interrupted for plan in self.plans)

    @cached_property
    def table(self) -> "pd.DataFrame":
        """A row a date: what its plan costs, and the verdict on it."""
        import pandas as pd

        rows = [
            {
                "date": date, "cost": plan.cost, "hours": plan.hours, "overtime_h": plan.plan.overtime_h,
                "overtime_cost": plan.plan.overtime_cost, "verdict": str(plan.verdict),
            }
            for date, plan in zip(self.dates, self.plans, strict=True)
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def save(self, folder: Path | str, command: "list[str] | None" = None) -> Path:
        """Write the plans into a folder, whole or not at all, and return it. Raises SimError."""
        from sim.staffing.calendar_storage import save_dates

        return save_dates(self, Path(folder), command or [])

    def __repr__(self) -> str:
        return (
            f"<CalendarPlan of {self.base.name}: {len(self.plans)} dates, {self.cost:,.0f}, {self.hours:g} h,"
            f" {self.verdict}>"
        )

    def _repr_html_(self) -> str:
        return str(import_module("sim.report.notebook").of_calendar_plan(self))


def _each_day(goal: Target) -> Target:
    """Return a goal over the day as a calendar has it, where it would be one over all dates."""
    if goal.each is not None or goal.interval is not None:
        return goal
    return goal.model_copy(update={"each": "day"})


def staff_dates(
    scenario: Scenario,
    *,
    heads: bool = False,
    start: CalendarPlan | None = None,
    on_date: Callable[[str], None] | None = None,
    **how: Any,
) -> CalendarPlan:
    """Find the least costly staffing of each open date of a calendar; every goal is to be kept on every date.

    `heads` and `how` are what `staff` takes; `at_most_days` is for each date, `budget` for all of them together. Of
    `start` the dates are kept that were planned to the end, of the same scenario and seed; the search of the others
    goes on from there. `on_date` is told the date that comes next. Raises SimError for what cannot be planned, before
    the first search where that can be known.
    """
    require_scenarios(scenario)
    for date, day in zip(scenario.days, apart(scenario), strict=True):
        with _of_date(date.name):
            _require_plannable(day, heads)
    before = {} if start is None else dict(zip(start.dates, start.plans, strict=True))
    days = {date.name: only_on(scenario, date.name, None, None) for date in scenario.days}
    done = {
        name: plan for name, plan in before.items()
        if name in days and _is_done(plan, days[name], heads, how.get("seed"))
    }  # fmt: skip
    left = [day for name, day in days.items() if name not in done]
    spending = spending_of(left, **how) if left else None
    plans: list[Plan] = []
    stopped = False
    for date in scenario.days:
        day, earlier = days[date.name], before.get(date.name)
        if date.name in done:
            plans.append(done[date.name])
            continue
        if stopped:
            continue
        if on_date is not None:
            on_date(date.name)
        try:
            with _of_date(date.name):
                plans.append(staff(day, heads=heads, start=earlier, **how | {"budget": spending}))
        except (KeyboardInterrupt, BudgetError) as reason:
            if not plans:
                raise
            if isinstance(reason, BudgetError):
                how.get("on_loss", warn)(f"{date.name}: {reason}")
            stopped = True
        else:
            stopped = plans[-1].interrupted
    return CalendarPlan(scenario, tuple(plans))


def _is_done(plan: Plan, day: Scenario, heads: bool, seed: int | None) -> bool:
    """Return whether a plan is what a search of this day would end with, in its kind and for its seed."""
    as_shifts = bool(day.staffing.shifts) and not heads
    same = plan.base == day and plan.seed == (day.seed if seed is None else seed)
    return same and not plan.interrupted and bool(plan.shifts) == as_shifts


def _require_plannable(day: Scenario, heads: bool) -> None:
    require_steady_clock(day)
    goals_of(day)
    require_cover(Choices.of(day, heads))


@contextmanager
def _of_date(name: str) -> Iterator[None]:
    """Let a refusal begin with the date that it is about."""
    try:
        yield
    except SimError as error:
        if type(error) not in (SimError, InfeasibleError):
            raise
        raise type(error)(f"{name}: {error}") from None
