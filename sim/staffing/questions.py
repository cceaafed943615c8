"""Questions around a staffing: cost against service, a plan that somebody else made, an agent more or fewer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import SimError, quoted
from sim.experiments.demand_and_staffing import agents_on_duty
from sim.metrics.columns import FloatArray, IntArray
from sim.scenario import Scenario, Target
from sim.scenario.numbers import share
from sim.staffing.choices import Choice, Choices, head_counts
from sim.staffing.days import Rosters
from sim.staffing.goals import goals_of
from sim.staffing.improve import LocalModel
from sim.staffing.plan import Plan
from sim.staffing.slopes import slopes
from sim.staffing.solving import Solution, Task, spending_of, staff

if TYPE_CHECKING:
    import pandas as pd

TRIED = 6
"""Of the most promising places for one agent more or fewer so many are simulated."""
FEW = 1e-9

# Cost against service.


@dataclass(frozen=True, eq=False)
class Frontier:
    """Plans for higher and higher goals: what service costs."""

    scenario: Scenario
    targets: tuple[float, ...]
    plans: tuple[Plan, ...]

    @property
    def table(self) -> "pd.DataFrame":
        """A row a goal: what its plan costs, and the verdict on it."""
        import pandas as pd

        rows = [
            {
                "goal": target,
                "cost": plan.cost,
                "hours": plan.hours,
                "overtime_h": plan.plan.overtime_h,
                "overtime_cost": plan.plan.overtime_cost,
                "verdict": str(plan.verdict),
            }
            for target, plan in zip(self.targets, self.plans, strict=True)
        ]
        return pd.DataFrame(rows)


def varied(text: str) -> tuple[float, ...]:
    """Read `goal=70%,80%,90%`. Raises SimError."""
    key, equals, values = text.partition("=")
    if key.strip() != "goal" or not equals:
        raise SimError(f"--vary {quoted(text)}: write goal=70%,80%,90%, the service levels to be planned for")
    try:
        found = tuple(share(one.strip()) for one in values.split(","))
    except ValueError as error:
        raise SimError(f"--vary {error}") from None
    if any(not 0 < one < 1 for one in found):
        raise SimError(f"--vary {quoted(text)}: a goal lies between 0% and 100%")
    return found


def with_goal(scenario: Scenario, target: float) -> Scenario:
    """Return the scenario with this goal for every service level over the day; those of intervals move along.

    Raises SimError where no goal is a service level over the day.
    """
    goals = goals_of(scenario)
    whole_day = {
        one.queue: level
        for one in goals
        if (level := _level(one)) is not None and one.each is one.interval is None
    }
    if not whole_day:
        raise SimError(
            f"{scenario.name}: no goal is a service level over the day, which --vary goal=... needs"
        )
    usual = max(whole_day.values())
    moved = []
    for one in goals:
        level = _level(one)
        if level is not None:
            wanted = target + level - whole_day.get(one.queue, usual)
            one = one.model_copy(update={"at_least": round(min(max(wanted, 0.0), 1.0), 9)})
        moved.append(one)
    return scenario.set("staffing.goals", moved)


def _level(goal: Target) -> float | None:
    """Return the service level that a goal asks for; None where it is about something else."""
    return goal.at_least if goal.metric == "service_level" and goal.on_days is None else None


def frontier(scenario: Scenario, targets: Sequence[float], **how: Any) -> Frontier:
    """Plan for each goal, from the lowest to the highest, each search from the plan before it.

    `how` is what `staff` takes. Raises SimError as it does.
    """
    plans: list[Plan] = []
    wanted = [with_goal(scenario, target) for target in sorted(targets)]
    spending = spending_of(wanted, **how)
    for day in wanted:
        plans.append(staff(day, start=plans[-1] if plans else None, **how | {"budget": spending}))
        if plans[-1].interrupted:
            break
    return Frontier(scenario, tuple(sorted(targets))[: len(plans)], tuple(plans))


# A plan that somebody else made.


@dataclass(frozen=True)
class Change:
    """Agents more, or fewer, in a shift or an interval; `cost` is that of all of them."""

    team: str
    start_s: float
    end_s: float
    breaks: tuple[tuple[float, float], ...]
    agents: int
    cost: float


@dataclass(frozen=True, eq=False)
class Advice:
    """A staffing, changes to it, and how far each goal's row was from being kept before and is then.

    `room` and `room_after` are in contacts, below 0 where a goal is missed, on the search's own days.
    """

    plan: Plan | None
    scenario: Scenario
    changes: tuple[Change, ...]
    goals: tuple[str, ...]
    room: tuple[float, ...]
    room_after: tuple[float, ...]

    @property
    def cost(self) -> float:
        """What the changes cost together; below 0 where they save."""
        return sum(one.cost for one in self.changes)

    @property
    def keeps_all(self) -> bool:
        """Whether every goal is kept with the changes."""
        return not missed(self.room_after)


def missed(room: Sequence[float]) -> int:
    """Return how many goals are missed, from how far each is from being kept."""
    return sum(one < -FEW for one in room)


def given(
    scenario: Scenario, heads: Mapping[str, Sequence[int]], task_of: Callable[[Scenario], Task]
) -> Advice:
    """Judge head-counts on fresh days, and find the cheapest agents to add where goals are missed.

    Teams that are not given keep their roster. `task_of` puts a task of a scenario together.
    """
    kept = scenario.set("staffing.teams", {})
    task = task_of(kept)
    task = replace(task, choices=task.choices.only(tuple(heads)))
    x = np.array([list(heads[name]) for name in task.choices.teams]).ravel()
    solution = Solution(task, lambda _round, _best: None)
    judged = task.court.judge(task.with_plan(x), to_the_end=True)
    plan = solution.told(x, judged)
    return _mended(task, replace(task.choices, scenario=scenario), x, plan)


def _mended(task: Task, bounded: Choices, x: IntArray, plan: Plan) -> Advice:
    """Go up from a staffing, where rows are below 0, to the cheapest one within the bounds that has nobody fewer."""
    choices = replace(bounded, floor=bounded.heads(x))
    solution = Solution(replace(task, choices=choices), lambda _round, _best: None)
    before = solution.search.tried(x)
    after = before
    if before.missed:
        solution.search.descend(x, "mend")
        after = solution.search.best or solution.search.nearest or before
    changes = _changes(choices, after.x - x)
    return Advice(plan, task.scenario, changes, _names(task), tuple(before.room), tuple(after.room))


def _changes(choices: Choices, difference: IntArray) -> tuple[Change, ...]:
    return tuple(
        _change(choices.items[number], int(difference[number])) for number in np.flatnonzero(difference)
    )


def _change(item: Choice, agents: int) -> Change:
    return Change(item.team, item.start, item.end, item.breaks, agents, agents * item.cost)


def _names(task: Task) -> tuple[str, ...]:
    return tuple(row.claim.measured.text for row in task.goals.rows)


# An agent more or fewer.


def moved(task: Task, number: int, step: int) -> Advice:
    """Find where `number` agents more (`step` 1) help most, or where fewer (-1) hurt least, one after the other.

    The places are the shifts of the templates, or single intervals. The staffing is the scenario's own.
    """
    choices = task.choices
    heads = _own_heads(choices)
    room = _room(task, heads)
    first, chosen = room, []
    for _ in range(number):
        best = _best_place(task, heads, room, step)
        if best is None:
            break
        place, heads, room = best
        chosen.append(_change(choices.items[place], step))
    return Advice(None, task.scenario, tuple(chosen), _names(task), tuple(first), tuple(room))


def _own_heads(choices: Choices) -> FloatArray:
    """Return the whole head-counts of the scenario's own rosters."""
    scenario = choices.scenario
    teams = [scenario.teams[name].model_copy(update={"absence": 0.0}) for name in choices.teams]
    found: FloatArray = np.rint([agents_on_duty(scenario, team, choices.edges) for team in teams])
    return found


def _room(task: Task, heads: FloatArray) -> FloatArray:
    rosters: Rosters = head_counts(task.scenario, task.choices.teams, heads)
    return task.goals.values(task.days.parts([rosters])[0])[0]


def _best_place(
    task: Task, heads: FloatArray, room: FloatArray, step: int
) -> tuple[int, FloatArray, FloatArray] | None:
    """Return the best place of one agent more or fewer, with the heads and rows then; None where there is none.

    Bounds that are kept before are kept then.
    """
    choices = task.choices
    least, most = np.minimum(choices.least, heads) - FEW, np.maximum(choices.most, heads) + FEW
    model = LocalModel(choices, heads, room, slopes(choices, task.goals, task.days, heads))
    found = []
    for place in range(len(choices.items)):
        then = heads.copy()
        then[choices.team_of[place]] += step * choices.cover[:, place]
        if ((then >= least) & (then <= most)).all():
            found.append((*_worth(task, model.predicted(then)), place, np.rint(then)))
    found.sort(key=lambda one: one[:3])
    tried = [
        (*_worth(task, one := _room(task, then)), place, then, one) for _, _, place, then in found[:TRIED]
    ]
    if not tried:
        return None
    _, _, place, then, after = min(tried, key=lambda one: one[:3])
    return place, then, after


def _worth(task: Task, room: FloatArray) -> tuple[float, float]:
    """Return what is lacking, then how much better than needed it is, for sorting: less is better."""
    day = np.array([row.number < 0 for row in task.goals.rows])
    return round(float(-np.minimum(room, 0.0).sum()), 9), round(float(-room[day].sum()), 9)
