"""Prices of goals, and goals as rows, calculated by hand."""

from typing import Any

import numpy as np
import pytest

from sim.staffing import judging
from sim.staffing.choices import Choices
from sim.staffing.goals import Goals
from sim.staffing.improve import LocalModel
from sim.staffing.judging import FreshDay
from sim.staffing.slopes import Slopes
from sim.staffing.tables import prices

from .small import desk

BY_INTERVAL = [{"metric": "service_level", "queue": "sales", "at_least": "80%", "each": "interval"}]


def local(goals: Goals, contacts_by_agent: float) -> LocalModel:
    """A model in which an agent more brings each row so many contacts in time in the first half hour, and nothing else.

    One fewer loses far more, so that nobody is moved.
    """
    choices = Choices.of(goals.scenario, heads=True)
    heads = np.full((1, len(choices.edges) - 1), 5.0)
    gain = np.zeros((*heads.shape, len(goals.rows)))
    gain[0, 0] = contacts_by_agent
    loss, none = np.full(gain.shape, 1000.0), np.zeros(heads.shape)
    return LocalModel(choices, heads, np.zeros(len(goals.rows)), Slopes(gain, loss, none, none))


def test_a_point_more_costs_the_part_of_an_agent_that_it_takes() -> None:
    """One of 50 contacts in a hundred, where an agent brings two: a quarter of an agent of 10 in half an hour."""
    goals = Goals.of(desk())
    bottoms = np.array([50.0 * row.scale for row in goals.rows])
    (price,) = prices(goals, local(goals, contacts_by_agent=2.0), bottoms)
    assert (price.words, price.point) == ("service_level sales at least 80 %", "1 %")
    assert price.cost == pytest.approx(10 * 0.01 * 50 / 2)


@pytest.mark.parametrize(
    ("lasts", "title"),
    [
        ("2h", "service_level sales at least 80 % in each interval"),
        ("30m", "service_level sales 09:00 at least 80 %"),
    ],
)
def test_a_goal_about_each_interval_names_the_one_that_there_is(lasts: str, title: str) -> None:
    goals = Goals.of(desk(lasts=lasts, staffing__goals=BY_INTERVAL, arrivals__0__per_hour="40"))
    (price,) = prices(goals, local(goals, 2.0), np.array([row.scale for row in goals.rows]))
    assert price.words == title


def test_a_goal_that_is_no_ratio_is_kept_by_the_distance_to_its_limit() -> None:
    """At most 90 s: a day with 60 s keeps it by 30 s, one with 120 s misses it by as much, one without a figure neither."""
    goals = Goals.of(desk(staffing__goals=[{"metric": "wait_p80", "queue": "sales", "at_most": "90s"}]))
    (row,) = goals.rows
    parts = np.zeros((3, 2, len(goals.cells)))
    parts[:, 0, row.whole] = [60.0, 120.0, np.nan]
    assert not row.is_ratio
    assert (row.by_day(parts) * row.scale).tolist() == [30.0, -30.0, 0.0]


def test_a_day_says_how_long_the_processor_took(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([2.0, 5.0])
    monkeypatch.setattr(judging, "process_time", lambda: next(clock))
    judged: Any = FreshDay(desk(), "key", 1, ("service_level",))(0)
    assert judged[2] == 3.0
