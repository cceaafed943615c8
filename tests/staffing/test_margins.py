"""What a judgement on fresh days asks of the search that goes on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.gate.sequential import Verdict
from sim.metrics import Figures
from sim.metrics.columns import FloatArray, IntArray
from sim.parallel.workers import Workers
from sim.staffing import solving
from sim.staffing.days import SearchOverError
from sim.staffing.judging import GoalResult, Judged
from sim.staffing.solving import Solution, Task

from .small import desk

HALF_HOURS = 4


class Judgements:
    """Judges as it is told: for each session the half hours that surely fail."""

    def __init__(self, task: Task, failing: Sequence[Sequence[int]]) -> None:
        self.task, self.left, self.session = task, list(failing), 0
        self.sessions: list[int] = []

    def judge(self, _scenario: object, **_how: object) -> Judged:
        """Return the next judgement."""
        self.sessions.append(self.session)
        failing = self.left.pop(0)
        goals = [
            GoalResult(
                row.claim.number, row.claim.measured, "", Verdict.FAIL if number in failing else Verdict.PASS,
                0.8, 0.8, 0.8, 1.0,
            )
            for number, row in enumerate(self.task.goals.rows)
        ]  # fmt: skip
        return Judged(self.task.scenario, tuple(goals), Figures(), 2, {})


@pytest.fixture
def task() -> Task:
    """Four half hours, each with a goal of its own."""
    each = [{"metric": "service_level", "queue": "sales", "at_least": 0.65, "each": "interval"}]
    return Task.of(desk(staffing__goals=each), True, 4, 2, None, None, Workers(1))


def accepted(
    task: Task,
    monkeypatch: pytest.MonkeyPatch,
    failing: Sequence[Sequence[int]],
    fell: Callable[[], FloatArray],
) -> tuple[Judgements, list[list[float]]]:
    """Judge a staffing as told; return the judgements and the margins of the searches between them."""
    court, margins = Judgements(task, failing), []
    solution = Solution(replace(task, court=court), lambda *_: None)  # type: ignore[arg-type]

    def searched(search: solving.Search, _x: IntArray, _stage: str, **how: object) -> None:
        assert how == {"exchanges": False}
        assert search.margin is not None
        margins.append(search.margin.tolist())

    monkeypatch.setattr(solving, "searched", searched)
    monkeypatch.setattr(solving, "_fell", lambda *_: fell())
    solution._accepted(np.full(HALF_HOURS, 5))
    return court, margins


@pytest.mark.parametrize("start", [None, "a plan"])
def test_only_a_search_that_begins_anew_takes_few_days_first(
    start: Any, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    x, solution = np.full(HALF_HOURS, 5), Solution(task, lambda *_: None)
    monkeypatch.setattr(solving, "require_feasible", lambda *_: None)
    monkeypatch.setattr(solution, "first", lambda _start: x)
    monkeypatch.setattr(solution, "_descended", lambda _x, is_new: told.append(is_new))
    monkeypatch.setattr(solution, "_accepted", lambda _x: (x, None))
    monkeypatch.setattr(solution, "told", lambda *_: None)
    solution.plan(start)
    assert told == [start is None]


def test_what_fails_gets_what_it_fell_by_or_a_tenth_and_again_when_it_fails_again(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(task.goals.rows) == HALF_HOURS
    court, margins = accepted(
        task, monkeypatch, [[0, 1], [1, 3], []], lambda: np.array([0.75, 0.02, 2.0, 0.5])
    )
    assert margins == [[0.75, 0.1, 0.0, 0.0], [0.75, 0.2, 0.0, 0.5]]
    assert court.sessions == [0, 1, 2]


def test_a_staffing_that_nothing_fails_of_is_not_searched_again(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    court, margins = accepted(task, monkeypatch, [[]], lambda: np.ones(HALF_HOURS))
    assert (court.sessions, margins) == ([0], [])


def test_what_fails_a_third_time_is_told(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    court, margins = accepted(task, monkeypatch, [[2]] * 3, lambda: np.ones(HALF_HOURS))
    assert margins == [[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 2.0, 0.0]]
    assert court.sessions == [0, 1, 2]


def test_where_the_allowed_days_are_spent_the_first_judgement_stands(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def over() -> FloatArray:
        raise SearchOverError

    court, margins = accepted(task, monkeypatch, [[2]], over)
    assert (court.sessions, margins) == ([0], [])
