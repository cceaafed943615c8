"""Prices of goals, and goals as rows, calculated by hand."""

from typing import Any

import numpy as np
import pytest

from sim.metrics import Figures
from sim.staffing import judging
from sim.staffing.choices import Choices
from sim.staffing.goals import Goals
from sim.staffing.improve import LocalModel
from sim.staffing.judging import FreshDay
from sim.staffing.slopes import Slopes, _combs, width_of
from sim.staffing.tables import by_queue, by_team, prices

from .small import desk

LEVEL = "service_level sales at least 80 %"
BINDING = "service_level:queue=sales at least 80 %"
BY_INTERVAL = [{"metric": "service_level", "queue": "sales", "at_least": "80%", "each": "interval"}]


def local(goals: Goals, gain: float, loss: float = 1000.0, room: float = 0.0) -> LocalModel:
    """A model of five agents in which one more brings each row `gain` contacts in time in the first half hour.

    One fewer loses `loss` in any, by default so many that nobody is moved.
    """
    choices = Choices.of(goals.scenario, heads=not goals.scenario.staffing.shifts)
    heads = np.full((1, len(choices.edges) - 1), 5.0)
    gains, none = np.zeros((*heads.shape, len(goals.rows))), np.zeros(heads.shape)
    gains[0, 0] = gain
    rooms = np.full(len(goals.rows), room)
    return LocalModel(choices, heads, rooms, Slopes(gains, np.full(gains.shape, loss), none, none))


def test_a_point_more_costs_the_part_of_an_agent_that_it_takes() -> None:
    """One of 50 contacts in a hundred, where an agent brings two: a quarter of an agent of 10 in half an hour."""
    goals = Goals.of(desk())
    bottoms = np.array([50.0 * row.scale for row in goals.rows])
    (price,) = prices(goals, local(goals, gain=2.0), bottoms)
    assert (price.words, price.point) == (LEVEL, "1 %")
    assert price.cost == pytest.approx(10 * 0.01 * 50 / 2)


def test_a_point_that_no_agents_near_bring_has_no_price() -> None:
    """Two agents more bring 0.4 contacts in a half hour, and one of 50 in a hundred is 0.5; or nobody brings any."""
    goals = Goals.of(desk())
    bottoms = np.array([50.0 * row.scale for row in goals.rows])
    assert [np.isnan(prices(goals, local(goals, gain), bottoms)[0].cost) for gain in (0.0, 0.2, 0.3)] == [
        True,
        True,
        False,
    ]
    (lacking,) = prices(goals, local(goals, 2.0, room=-9.0), bottoms)
    assert np.isnan(lacking.cost)


@pytest.mark.parametrize(
    ("lasts", "title"),
    [
        ("2h", f"{LEVEL} in each interval"),
        ("30m", "service_level sales 09:00 at least 80 %"),
    ],
)
def test_a_goal_about_each_interval_names_the_one_that_there_is(lasts: str, title: str) -> None:
    goals = Goals.of(desk(lasts=lasts, staffing__goals=BY_INTERVAL, arrivals__0__per_hour="40"))
    (price,) = prices(goals, local(goals, 2.0), np.array([row.scale for row in goals.rows]))
    assert price.words == title


SHIFT = [{"team": "desk", "from": "09:00", "lasts": "2h"}]


@pytest.mark.parametrize(
    ("room", "required", "binding"),
    [(-1.0, 5, BINDING), (0.0, 5, BINDING), (0.95, 4, ""), (1.9, 4, ""), (2.75, 3, "")],
)
def test_required_are_those_without_whom_a_goal_is_missed(room: float, required: int, binding: str) -> None:
    """In the last half hour one fewer loses 0.9 contacts and a second 1.8; what is missing already asks for nobody."""
    goals = Goals.of(desk(staffing__shifts=SHIFT))
    model = local(goals, gain=0.0, loss=0.9, room=room)
    model.slopes.loss[0, :3] = 1000.0
    table = by_team(model.choices, model.heads, model, goals, Figures())
    assert table["required"].tolist()[:4] == [5, 5, 5, required]
    assert table["scheduled"].tolist()[:4] == [5, 5, 5, 5]
    assert table["binding"].tolist()[:4] == [*[BINDING] * 3, binding]


def test_the_load_is_what_comes_in_a_second_times_the_handle_time() -> None:
    """20, 30, none and 15 calls of 240 s in half hours of 1,800 s."""
    day = desk(arrivals__0__per_hour=[40, 60, 0, 30])
    table = by_queue(Choices.of(day), Figures())
    assert table["offered"].tolist() == [20, 30, 0, 15]
    assert table["load_erlang"].to_numpy() == pytest.approx([8 / 3, 4.0, 0.0, 2.0])


@pytest.mark.parametrize(("handle_time", "width"), [("4m", 3), ("30m", 3), ("31m", 4), ("100m", 6)])
def test_a_tooth_answers_for_the_intervals_in_which_its_contacts_end(handle_time: str, width: int) -> None:
    """Who is answered at the end of a half hour is there for another whole one with a handle time of 30 min."""
    assert width_of(desk(queues__sales__handle_time=handle_time)) == width


def test_a_comb_has_one_agent_more_or_fewer_in_every_third_interval() -> None:
    choices = Choices.of(desk())
    combs = list(_combs(choices, np.array([[5.0, 4.0, 0.0, 3.0]]), [(0,)]))
    assert [(comb.step, comb.teeth, comb.heads.tolist()) for comb in combs] == [
        (1, (0, 3), [[6, 4, 0, 4]]),
        (1, (1,), [[5, 5, 0, 3]]),
        (1, (2,), [[5, 4, 1, 3]]),
        (-1, (0, 3), [[4, 4, 0, 2]]),
        (-1, (1,), [[5, 3, 0, 3]]),
        (-1, (2,), [[5, 4, 0, 3]]),
    ]


def test_a_goal_that_is_no_ratio_is_kept_by_the_distance_to_its_limit() -> None:
    """At most 90 s: a day with 60 s keeps it by 30 s, one with 120 s misses it by as much, without calls neither."""
    goals = Goals.of(desk(staffing__goals=[{"metric": "wait_p80", "queue": "sales", "at_most": "90s"}]))
    (row,) = goals.rows
    parts = np.zeros((3, 2, len(goals.cells)))
    parts[:, 0, row.whole] = [60.0, 120.0, np.nan]
    assert not row.is_ratio
    assert (row.by_day(parts) * row.scale).tolist() == [30.0, -30.0, 0.0]


@pytest.mark.parametrize(
    ("most", "per_hour", "scale"),
    [("90s", 0.25, 90.0), ("90s", 0.75, 60.0), ("90s", 10, 4.5), ("0.5s", 10, 0.05)],
)
def test_a_wait_of_fewer_than_one_contact_or_second_counts_as_one(
    most: str, per_hour: float, scale: float
) -> None:
    """90 s by half a contact in two hours, by one and a half, and by twenty; half a second by twenty."""
    goal = {"metric": "wait_p80", "queue": "sales", "at_most": most}
    came = [{"channel": "phone", "queue": "sales", "per_hour": per_hour}]
    day = desk(staffing__goals=[goal], arrivals=came)
    assert Goals.of(day).rows[0].scale == scale


def test_a_day_says_how_long_the_processor_took(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([2.0, 5.0])
    monkeypatch.setattr(judging, "process_time", lambda: next(clock))
    judged: Any = FreshDay(desk(), "key", 1, ("service_level",))(0)
    assert judged[2] == 3.0


def test_a_mean_is_kept_by_what_its_contacts_waited_less_than_they_might() -> None:
    """At most 20 s: ten calls that waited 300 s miss it by 100 s, five of those; twenty miss it by nothing."""
    (row,) = (
        goals := Goals.of(desk(staffing__goals=[{"metric": "asa", "queue": "sales", "at_most": "20s"}]))
    ).rows
    parts = np.zeros((2, 2, len(goals.cells)))
    parts[:, 0, row.whole], parts[:, 1, row.whole] = [300.0, 400.0], [10.0, 20.0]
    assert (row.scale, row.by_day(parts).tolist()) == (20.0, [-5.0, 0.0])


def test_a_change_has_the_error_of_a_mean_over_the_days_and_one_day_tells_none() -> None:
    """The row rises by 1 on a day and by 3 on the other: 2, with a deviation of the root of 2 over that of 2 days."""
    goals = Goals.of(desk(staffing__goals=[{"metric": "asa", "queue": "sales", "at_most": "20s"}]))
    (row,) = goals.rows
    before, now = np.zeros((2, 2, 2, len(goals.cells)))
    now[:, 0, row.whole] = [-20.0, -60.0]
    change, error = goals.changes(before, now)
    assert (change.tolist(), error.tolist()) == ([2.0], [pytest.approx(1.0)])
    assert [one.tolist() for one in goals.changes(before[:1], now[:1])] == [[1.0], [np.inf]]


@pytest.mark.parametrize(("share", "value"), [("50%", 6.0), ("80%", 3.0), ("90%", 2.0)])
def test_a_goal_on_a_share_of_days_has_the_value_that_so_many_days_keep(share: str, value: float) -> None:
    """Of ten days with 1 to 10 nine have 2 at least, eight 3, and five 6."""
    goal = {"metric": "service_level", "queue": "sales", "at_least": "80%", "on_days": share}
    (row,) = Goals.of(desk(staffing__goals=[goal])).rows
    assert row.value(np.arange(10.0, 0.0, -1.0)) == value
