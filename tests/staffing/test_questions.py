"""Cost against service, a plan that somebody else made, an agent more or fewer."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.cli import main
from sim.errors import SimError
from sim.gate.sequential import Verdict
from sim.parallel.workers import Workers
from sim.scenario import Scenario
from sim.scenario.budget import BudgetError
from sim.staffing import questions
from sim.staffing.choices import Choices
from sim.staffing.goals import Goals
from sim.staffing.head_files import read_heads
from sim.staffing.questions import (
    FEW,
    Advice,
    _changes,
    _worth,
    frontier,
    given,
    missed,
    moved,
    varied,
    with_goal,
)
from sim.staffing.solving import Solution, Task, spending_of

from .small import DESK, desk, two_teams


def task_of(day: Scenario, heads: bool = True) -> Task:
    return Task.of(day, heads, 6, 8, None, None, Workers(1))


def test_goals_move_together() -> None:
    levels = [(one.each, one.at_least) for one in with_goal(two_teams(), 0.9).staffing.goals]
    assert levels == [(None, 0.9), (None, 0.9), ("interval", 0.75), ("interval", 0.75)]
    goals = [{"metric": "service_level", "queue": "sales", "at_least": "80%"},
             {"metric": "service_level", "queue": "sales", "at_least": "0%", "each": "interval"}]  # fmt: skip
    moved_up = with_goal(desk(staffing__goals=goals), 0.9).staffing.goals
    assert [one.at_least for one in moved_up] == [0.9, 0.1]
    with pytest.raises(SimError, match="no goal is a service level over the day"):
        with_goal(desk(staffing__goals=[{"metric": "asa", "at_most": "20s"}]), 0.8)


def test_each_search_goes_on_from_the_plan_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[float | None, Any]] = []

    def planned(scenario: Scenario, *, start: Any, **_: Any) -> Any:
        asked.append((scenario.staffing.goals[0].at_least, start))
        return SimpleNamespace(number=len(asked), interrupted=len(asked) == 3)

    monkeypatch.setattr(questions, "staff", planned)
    found = frontier(desk(), [0.9, 0.7, 0.8, 0.95])
    first, second, _ = found.plans
    assert asked == [(0.7, None), (0.8, first), (0.9, second)]
    assert found.targets == (0.7, 0.8, 0.9)


def test_a_budget_is_one_for_all_goals() -> None:
    """A search with its judgement is estimated at 5,400 events, three at 16,000."""
    how: dict[str, Any] = {"days": 2, "check": 2, "at_most_days": 1, "jobs": 1, "budget": 1e4}
    spending_of([desk()], **how)
    with pytest.raises(BudgetError, match=r"about 1\.6e\+04 events would be simulated"):
        frontier(desk(), (0.7, 0.8, 0.9), **how)


def test_less_is_lacking_first_and_then_more_is_left_over_the_day() -> None:
    """The day has 2 more than it needs; one half hour lacks 1.5 and another 0.25."""
    each = {"metric": "service_level", "queue": "sales", "at_least": "70%", "each": "interval"}
    day = {"metric": "service_level", "queue": "sales", "at_least": "80%"}
    task: Any = SimpleNamespace(goals=Goals.of(desk(staffing__goals=[day, each])))
    room = np.full(len(task.goals.rows), 1.0)
    room[[row.number < 0 for row in task.goals.rows]] = 2.0
    halves = [at for at, row in enumerate(task.goals.rows) if row.number >= 0]
    room[halves[0]], room[halves[2]] = -1.5, -0.25
    assert _worth(task, room) == (1.75, -2.0)
    room[[row.number < 0 for row in task.goals.rows]] += 3e-10  # sums in another order are no difference
    assert _worth(task, room) == (1.75, -2.0)


def test_a_search_is_estimated_at_thirty_times_its_days() -> None:
    """Of 2 days each, 60 of the search and three judgements: 66 where seven are 5,400 events."""
    with pytest.raises(BudgetError, match=r"about 5\.1e\+04 events would be simulated"):
        spending_of([desk()], days=2, check=2, jobs=1, budget=1e4)


def test_what_is_varied() -> None:
    assert varied("goal=70%,0.8") == (0.7, 0.8)
    for wrong in ("goal", "agents=3", "goal=x", "goal=120%", "goal=0%", "goal=100%"):
        with pytest.raises(SimError, match="--vary "):
            varied(wrong)


def test_changes_cost_together_and_keep_all_where_no_row_is_missed() -> None:
    """Two more for an hour cost 40 and one fewer for half of one saves 10; a row may be missed by rounding alone."""
    choices = Choices.of(desk())
    changes = _changes(choices, np.array([2, 2, 0, -1]))
    assert [(one.team, one.start_s, one.end_s, one.breaks, one.agents, one.cost) for one in changes] == [
        ("desk", 32400.0, 34200.0, (), 2, 20.0), ("desk", 34200.0, 36000.0, (), 2, 20.0),
        ("desk", 37800.0, 39600.0, (), -1, -10.0),
    ]  # fmt: skip
    for after, kept in (((3.0, 0.0, -FEW), True), ((3.0, -2 * FEW, 0.0), False)):
        advice = Advice(None, choices.scenario, changes, ("a", "b", "c"), (-1.0, -2.0, 0.0), after)
        assert (advice.cost, advice.keeps_all, missed(advice.room)) == (30.0, kept, 2)


@pytest.mark.slow
def test_more_service_costs_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "day.yaml").write_text(DESK, encoding="utf-8")
    command = ["staff", str(tmp_path / "day.yaml"), "--vary", "goal=95%,60%", "--days", "5", "--check", "6"]
    main([*command, "--jobs", "1", "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert [one["goal"] for one in told["plans"]] == [0.6, 0.95]
    assert told["plans"][0]["cost"] < told["plans"][1]["cost"]


HEADS = "interval_start,team,agents\n09:00,desk,3\n09:30,desk,1\n10:00,desk,5\n10:30,desk,4\n"


@pytest.mark.slow
def test_a_given_plan_is_judged_and_mended(tmp_path: Path) -> None:
    (tmp_path / "heads.csv").write_text(HEADS, encoding="utf-8")
    heads = read_heads(tmp_path / "heads.csv", desk())
    assert heads == {"desk": (3, 1, 5, 4)}
    found = given(desk(), heads, task_of)
    assert found.plan is not None
    assert found.plan.heads == {"desk": (3, 1, 5, 4)}
    assert found.plan.cost == 13 * 0.5 * 20
    assert found.room[0] < 0 <= found.room_after[0]
    assert found.keeps_all
    assert all(one.agents > 0 for one in found.changes)
    assert any(one.start_s == 9.5 * 3600 for one in found.changes)  # where one agent was left alone


def test_an_agent_more_goes_where_the_queue_is_longest() -> None:
    short = desk(teams__desk={"skills": {"sales": 5}, "cost_per_hour": 20,
                              "head_count": {"every": "30m", "agents": [6, 2, 8, 6]}})  # fmt: skip
    more = moved(task_of(short), 2, 1)
    assert [(one.start_s, one.agents, one.cost) for one in more.changes] == [(9.5 * 3600, 1, 10.0)] * 2
    assert sum(more.room_after) > sum(more.room)
    fewer = moved(task_of(short), 1, -1)
    (change,) = fewer.changes
    assert change.start_s != 9.5 * 3600
    assert fewer.cost == -10
    assert np.isfinite(fewer.room_after).all()


def test_questions_are_asked_one_at_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "day.yaml").write_text(DESK, encoding="utf-8")
    assert main(["staff", str(tmp_path / "day.yaml"), "--add", "1", "--remove", "1"]) == 2
    assert "--add and --remove are questions of their own" in capsys.readouterr().err
    assert main(["staff", str(tmp_path / "day.yaml"), "--add", "1", "-o", str(tmp_path / "x")]) == 2
    assert "--out cannot be used with --add" in capsys.readouterr().err


def quick_task_of(day: Scenario) -> Task:
    return Task.of(day, True, 2, 2, None, None, Workers(1))


def places(found: questions.Advice) -> list[tuple[float, int]]:
    return [(one.start_s / 3600, one.agents) for one in found.changes]


def test_more_and_fewer_keep_the_bounds_of_the_teams() -> None:
    """There is one place below the three seats, and one above two agents; who is beyond a bound already stays so."""
    few = desk(teams__desk={"skills": {"sales": 5}, "head_count": {"every": "30m", "agents": [3, 2, 4, 3]}})
    seats = few.set("staffing.teams", {"desk": {"max": 3}})
    assert places(moved(quick_task_of(seats), 3, 1)) == [(9.5, 1)]
    least = few.set({"staffing.teams": {"desk": {"min": 3}}, "teams.desk.head_count.agents": [3, 2, 4, 3]})
    assert places(moved(quick_task_of(least), 3, -1)) == [(10.0, -1)]


def test_a_given_plan_is_judged_on_all_days_though_it_surely_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is plain after the first look, at ten days."""
    monkeypatch.setattr(Solution, "told", lambda _solution, _x, judged: judged)
    monkeypatch.setattr(questions, "_mended", lambda _task, _bounded, _x, judged: judged)
    judged: Any = given(
        desk(), {"desk": (1, 1, 1, 1)}, lambda day: Task.of(day, True, 2, 20, None, None, Workers(1))
    )
    assert (judged.days, judged.verdict) == (20, Verdict.FAIL)


def test_a_given_plan_is_mended_within_the_bounds_of_the_teams() -> None:
    """Three seats are too few for any goal; where four are given they stay, and where one is two more are best."""
    seats = desk(staffing__teams={"desk": {"min": 2, "max": 3}})
    found = given(seats, {"desk": (3, 1, 4, 3)}, quick_task_of)
    assert places(found) == [(9.5, 2)]
    assert not found.keeps_all
    nobody = given(seats, {"desk": (3, 3, 3, 3)}, quick_task_of)
    assert (places(nobody), nobody.keeps_all) == ([], False)
