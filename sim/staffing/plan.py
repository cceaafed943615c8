"""A plan: who is there when, what it costs, and what it does on days that no search has seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sim.gate.sequential import Verdict, gravest
from sim.scenario import Scenario
from sim.staffing.choices import ShiftLine
from sim.staffing.judging import GoalResult
from sim.staffing.search import Round

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Spent:
    """The simulated days and the seconds of CPU, of all processes together, that a plan took.

    `bound_days` is the bound on days that ended the search, 0 where it was through before.
    """

    days: int
    cpu_s: float
    bound_days: int


@dataclass(frozen=True)
class Staffed:
    """A staffing: its cost, its paid hours, the agents of each planned team by interval, and each goal's result.

    `overtime_h` are the hours that agents of all teams work beyond the roster, a day on average: they stay until nobody
    waits, and finish what is open. `overtime_cost` is what these hours cost, which `cost` leaves out.
    """

    cost: float
    hours: float
    heads: Mapping[str, tuple[float, ...]]
    goals: tuple[GoalResult, ...]
    overtime_h: float = 0.0
    overtime_cost: float = 0.0

    @property
    def whole_cost(self) -> float:
        """The cost of the roster and of what is worked beyond it."""
        return self.cost + self.overtime_cost

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of all goals."""
        return gravest(one.verdict for one in self.goals)


@dataclass(frozen=True)
class Price:
    """What one point more of a goal costs: of a share a percentage point, of a time a second."""

    number: int
    words: str
    point: str
    cost: float


@dataclass(frozen=True, eq=False)
class Plan:
    """The least costly staffing that was found, and what it does.

    `scenario` is the one that was planned with its plan in, and with the goals among its targets. `beside` are other
    plans on the same fresh days. `by_team` and `by_queue` are the tables by interval, `figures` all figures measured.
    `check` is the number of fresh days, 0 where Ctrl-C came before they were simulated: values are then those of the
    search's own days. `path` is how the search went.
    """

    base: Scenario
    scenario: Scenario
    plan: Staffed
    shifts: tuple[ShiftLine, ...]
    beside: Mapping[str, Staffed]
    prices: tuple[Price, ...]
    by_team: "pd.DataFrame"
    by_queue: "pd.DataFrame"
    figures: "pd.DataFrame"
    path: tuple[Round, ...]
    spent: Spent
    seed: int
    check: int
    interrupted: bool = False

    @property
    def date(self) -> str:
        """The date that was planned, such as `Mon 2026-03-02`; empty where the scenario has no calendar."""
        return " ".join(f"{day.weekday.capitalize()} {day.name}" for day in self.base.days)

    @property
    def cost(self) -> float:
        """The cost of a day's roster."""
        return self.plan.cost

    @property
    def hours(self) -> float:
        """The paid hours of a day."""
        return self.plan.hours

    @property
    def heads(self) -> Mapping[str, tuple[float, ...]]:
        """By team, the agents who are there in each interval, on average over it."""
        return self.plan.heads

    @property
    def goals(self) -> tuple[GoalResult, ...]:
        """Each goal's result, for a goal about each interval one an interval."""
        return self.plan.goals

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of all goals."""
        return self.plan.verdict

    @cached_property
    def verdicts(self) -> "pd.DataFrame":
        """The results of the goals as a table."""
        import pandas as pd

        return pd.DataFrame([goal_row(one) for one in self.goals])

    @property
    def exit_code(self) -> int:
        """0 where all goals surely pass, 1 where one surely fails, 3 where one is undecided."""
        return self.verdict.exit_code

    def save(self, folder: Path | str, command: "list[str] | None" = None) -> Path:
        """Write the plan into a folder, whole or not at all, and return it. Raises SimError."""
        from sim.staffing.storage import save_plan

        return save_plan(self, Path(folder), command or [])

    def report(self, path: Path | str | None = None) -> Path:
        """Write the plan's page into a file, by default report.html, and return it. Raises SimError."""
        written: Path = import_module("sim.report.html").write_report(
            self, None if path is None else Path(path)
        )
        return written

    def __repr__(self) -> str:
        return f"<Plan of {self.base.name}: {self.cost:,.0f}, {self.hours:g} h, {self.verdict}>"

    def _repr_html_(self) -> str:
        return str(import_module("sim.report.notebook").of_plan(self))


def goal_row(one: GoalResult) -> dict[str, object]:
    """Return a goal's result as a row of a table."""
    return {
        **one.figure.columns(), "wanted": one.wanted, "verdict": str(one.verdict), "value": one.value, "low": one.low,
        "high": one.high, "days_on_target": one.days_on_target,
    }  # fmt: skip
