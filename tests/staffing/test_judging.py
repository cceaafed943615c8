"""What fresh days decide, and what is refused before any search: by hand, on days that are told."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import sim
from sim.gate.sequential import Verdict
from sim.metrics import Figures
from sim.parallel.workers import Workers
from sim.report.staff import notes_of
from sim.scenario import Scenario, loads
from sim.staffing import solving
from sim.staffing.choices import Choices, head_counts
from sim.staffing.days import Days
from sim.staffing.feasible import MOST_SHOWN, InfeasibleError, _ample, _infeasible, _missed, require_feasible
from sim.staffing.goals import Goals
from sim.staffing.judging import GoalResult, Judged
from sim.staffing.solving import Task, staff

from .small import DESK, desk

ALONE = np.array([1, 1, 1, 1])


def task_of(day: Scenario, days: int = 4, check: int = 10) -> Task:
    return Task.of(day, True, days, check, None, None, Workers(1))


def test_what_surely_fails_is_judged_no_further_unless_it_is_to_be_shown() -> None:
    """One agent for forty to sixty calls an hour of four minutes: nobody doubts it after a look."""
    task = task_of(desk(), check=20)
    alone = task.with_plan(ALONE)
    early, whole = task.court.judge(alone), task.court.judge(alone, to_the_end=True)
    assert early.verdict is whole.verdict is Verdict.FAIL
    assert early.days < whole.days == 20


MAILS = DESK.replace("interval: 30m", "interval: 30m\ndrain: 0s").replace("within: 20s", "within: 2h")


@pytest.mark.parametrize(
    ("target", "verdict"),
    [("80%", Verdict.PASS), ("99%", Verdict.INCONCLUSIVE)],
    ids=["both ways", "one way"],
)
def test_a_goal_that_the_unfinished_may_turn_is_left_open(target: str, verdict: Verdict) -> None:
    """All who are answered are so within two hours; whom the end leaves waiting are a few in a hundred of all."""
    day = loads(MAILS, overrides={"queues.sales.service_level.target": target, "queues.sales.patience": None})
    day = day.set("arrivals.0.per_hour", [40, 60, 60, 100])
    task = task_of(day, check=12)
    judged = task.court.judge(task.with_plan(np.array([4, 5, 5, 5])), to_the_end=True)
    (goal,) = judged.goals
    assert (goal.value, goal.days_on_target) == (1.0, 1.0)
    assert goal.verdict is verdict


@pytest.mark.parametrize(
    ("room", "error", "is_refused"),
    [(-1e-10, 0.0, False), (-1e-6, 0.0, True), (-2.9, 1.0, False), (-3.1, 1.0, True), (0.5, 0.1, False)],
)
def test_what_the_most_agents_miss_by_three_errors_is_refused(
    room: float, error: float, is_refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is kept but for the rounding of a sum is not missed."""
    task = task_of(desk())
    monkeypatch.setattr(Goals, "values", lambda *_: (np.array([room]), np.array([error])))
    if is_refused:
        with pytest.raises(InfeasibleError, match="with any number of agents service_level:queue=sales is "):
            require_feasible(task.choices, task.goals, task.days)
    else:
        require_feasible(task.choices, task.goals, task.days)


def test_what_is_missed_is_told_to_a_tenth() -> None:
    """Thirteen waited for 160 s together: 12.3 s."""
    goals = Goals.of(desk(staffing__goals=[{"metric": "asa", "queue": "sales", "at_most": "5s"}]))
    (row,) = goals.rows
    parts = np.zeros((2, 2, len(goals.cells)))
    parts[:, 0, row.whole], parts[:, 1, row.whole] = [100.0, 60.0], [6.0, 7.0]
    assert _missed(goals, 0, parts) == "asa:queue=sales is 12.3 s, not at most 5 s"


@pytest.mark.parametrize(("missed", "more"), [(3, ""), (4, "; and 1 more")])
def test_of_many_goals_that_are_missed_three_are_told(missed: int, more: str) -> None:
    each = {"metric": "asa", "queue": "sales", "at_most": "5s", "each": "interval"}
    goals = Goals.of(desk(staffing__goals=[each]))
    parts = np.ones((2, 2, len(goals.cells)))
    said = _infeasible(Choices.of(desk()), goals, list(range(missed)), parts)
    assert said.count("is 1 s, not at most 5 s") == MOST_SHOWN == 3
    assert f"not at most 5 s{more}; no team can move it" in said


def test_more_than_anybody_could_need_is_twice_what_erlang_asks_for_and_five() -> None:
    """100 calls of 3 minutes in half an hour need 14, as the README of pyworkforce has it."""
    level = {"within": "20s", "target": "80%"}
    queue = {"medium": "voice", "handle_time": "3m", "service_level": level}
    day = desk(queues__sales=queue, arrivals=[{"channel": "phone", "queue": "sales", "per_hour": 200}])
    assert _ample(Choices.of(day)).tolist() == [[33.0] * 4]


def test_the_days_on_target_are_those_as_they_were() -> None:
    """On both days nine of ten were in time; if those who are open were answered at the end, one of 20 more."""
    goals = [{"metric": "service_level", "queue": "sales", "at_least": "80%", "on_days": "90%"}]
    task = task_of(desk(staffing__goals=goals))
    (claim,) = task.goals.claims
    parts = np.zeros((2, 3, 2, task.court._cell(claim.measured) + 1))
    at = task.court._cell(claim.measured)
    for world, (in_time, offered) in enumerate([(9.0, 10.0), (10.0, 30.0), (9.0, 30.0)]):
        parts[:, world, 0, at], parts[:, world, 1, at] = in_time, offered
    finding: Any = SimpleNamespace(value=1.0, low=0.9, high=1.0, verdict=Verdict.PASS)
    assert task.court._result(claim, finding, parts, Figures()).days_on_target == 1.0


def test_two_days_are_enough_and_one_is_not() -> None:
    plan = staff(desk(), days=2, check=2, jobs=1, at_most_days=20)
    assert plan.check == 2
    for days, check in ((1, 2), (2, 1)):
        with pytest.raises(Exception, match=f"days and check must be at least 2, not {days} and {check}"):
            staff(desk(), days=days, check=check, jobs=1)


@pytest.mark.slow
def test_a_search_that_its_bound_ended_says_so(tmp_path: Path) -> None:
    """Of three days a round, five are not enough for two rounds; without a bound the search is through."""
    bound, through = (staff(desk(), days=3, check=2, jobs=1, at_most_days=most) for most in (5, None))
    said = "The search ended at 5 simulated days (--at-most-days), before it was through"
    assert (bound.spent.bound_days, through.spent.bound_days) == (5, 0)
    assert [any(said in one for one in notes_of(plan)) for plan in (bound, through)] == [True, False]
    assert sim.open(bound.save(tmp_path / "plan")).spent == bound.spent


def test_a_row_falls_by_the_difference_of_its_figures_times_what_came() -> None:
    """Ninety in a hundred in time on two own days of 100 calls, 84 on fresh ones: 6 contacts of a day fell away."""
    goals = Goals.of(desk())
    (row,) = goals.rows
    parts = np.zeros((2, 2, len(goals.used) + 1))
    parts[:, 0, row.whole], parts[:, 1, row.whole] = [95.0, 85.0], [110.0, 90.0]
    days: Any = SimpleNamespace(parts=lambda *_: [parts])
    task: Any = SimpleNamespace(choices=Choices.of(desk()), goals=goals, days=days)
    result = GoalResult(0, row.claim.measured, "", Verdict.FAIL, 0.84, 0.8, 0.9, 0.5)
    judged = Judged(desk(), (result,), Figures(), 2, {})
    assert solving._fell(task, np.full(4, 5), judged) == pytest.approx([6.0])


def test_a_row_of_a_share_of_days_falls_by_a_tenth() -> None:
    goals = [{"metric": "service_level", "queue": "sales", "at_least": "80%", "on_days": "90%"}]
    task = task_of(desk(staffing__goals=goals))
    judged = task.court.judge(task.with_plan(np.full(4, 4)), to_the_end=True)
    assert solving._fell(task, np.full(4, 4), judged).tolist() == [0.1]


def test_a_wait_that_never_ends_is_one_of_thirty_days() -> None:
    """Nobody is there, and nobody gives up: whoever calls waits for ever, and a search needs a number."""
    goals = [{"metric": "wait_p80", "queue": "sales", "at_most": "90s"}]
    day = loads(MAILS, overrides={"queues.sales.patience": None, "staffing": {"goals": goals}})
    task = task_of(day, days=2)
    rosters = head_counts(day, ("desk",), np.zeros((1, 4)))
    parts = task.days.parts([rosters])[0]
    assert isinstance(task.days, Days)
    assert set(parts[:, 0, task.goals.rows[0].whole]) == {30 * 24 * 3600.0}
