"""The parts of a search by hand: what is added to rows, what slopes remember, and who stays after the end."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.staffing import slopes as sloping
from sim.staffing.choices import Choices
from sim.staffing.goals import Goals
from sim.staffing.improve import LocalModel
from sim.staffing.overtime import Staying
from sim.staffing.search import Search, Tried
from sim.staffing.slopes import KnownSlopes, Slopes, _book, _Comb, _concerns, _staying_costs, apart
from sim.staffing.start import TIE, tied
from sim.staffing.storage import whole_or_part

from .small import desk, two_teams


def bare(days: Any = None, goals: Any = None) -> Search:
    return Search(Choices.of(desk()), goals or Goals.of(desk()), days, lambda *_: None)


def test_a_row_is_lowered_by_its_caution_and_its_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    """4 contacts, less half a standard error of 2 and a margin of 0.75; who stays costs 7."""
    search = bare()
    search.caution, search.margin = 0.5, np.array([0.75])
    monkeypatch.setattr(Staying, "cost", lambda *_: 7.0)
    one = search._told(np.full(4, 5), np.array([4.0]), np.array([2.0]), np.zeros((2, 2, 2)))
    assert one.room.tolist() == [2.25]
    assert (one.cost, one.whole_cost) == (200.0, 207.0)


@pytest.mark.parametrize(("room", "is_missed"), [(4.6, False), (4.5, False), (4.4, True)])
def test_few_days_tell_a_miss_by_two_errors_and_half_a_contact(room: float, is_missed: bool) -> None:
    """An exchange takes 6 contacts away, with an error of 0.5: what is left is surely missed below -1.5."""
    asked: list[int] = []

    def parts(rosters: list[object], first: int) -> list[str]:
        asked.append(first)
        return ["before", "now"]

    days: Any = SimpleNamespace(parts=parts)
    goals: Any = SimpleNamespace(changes=lambda *_: (np.array([-6.0]), np.array([0.5])))
    start = Tried(np.full(4, 5), 200.0, 0.0, np.array([room]), np.zeros(1))
    search = bare(days, goals)
    assert search._surely_misses(np.full(4, 4), start) is is_missed
    assert asked == [6]


def test_only_a_choice_of_four_shifts_or_fewer_is_small() -> None:
    shifts = [
        {"team": "desk", "from": f"{9 + k // 4:02d}:{k % 4 * 15:02d}", "lasts": "30m"} for k in range(5)
    ]
    for count, is_small in ((4, True), (5, False)):
        choices = Choices.of(
            desk(interval="15m", arrivals__0__per_hour="40", staffing__shifts=shifts[:count])
        )
        search = Search(choices, None, None, lambda *_: None)  # type: ignore[arg-type]
        assert search._has_few_choices is is_small
        assert search._most_tries == (150 if is_small else 6)
    assert len(bare().choices.items) == 4
    assert not bare()._has_few_choices
    assert {one.template for one in bare().choices.items} == {-1}


@pytest.mark.parametrize(("first", "count"), [(None, 6), (24, 2)])
def test_slopes_take_fewer_days_in_the_first_stage(first: int | None, count: int) -> None:
    asked: list[int] = []
    search = bare()
    search.first = first
    vars(search)["known"] = SimpleNamespace(at=lambda _heads, days: asked.append(days))
    search._slopes(Tried(np.full(4, 5), 200.0, 0.0, np.zeros(1), np.zeros(1)))
    assert asked == [count]


def test_the_error_of_a_row_is_that_of_a_mean() -> None:
    """12 and 8 of 10 contacts wanted are 4 and 0 above 8: 2 on average, with a deviation of 2.83 and an error of 2."""
    goals = Goals.of(desk())
    (row,) = goals.rows
    parts = np.zeros((2, 2, len(goals.used) + 1))
    parts[:, 0, row.whole], parts[:, 1, row.whole] = [12.0, 8.0], [10.0, 10.0]
    values, errors = goals.values(parts)
    assert (values.tolist(), errors.tolist()) == ([2.0], pytest.approx([2.0]))


def test_no_two_choices_cost_the_same() -> None:
    cost = tied(np.array([10.0, 10.0, 40.0]))
    assert cost.tolist() == [
        10.0,
        pytest.approx(10 + TIE * 20 / 3, abs=1e-12),
        pytest.approx(40 + TIE * 40 / 3, abs=1e-12),
    ]
    assert cost[0] < cost[1]


def test_who_stays_costs_more_or_less_by_those_who_are_there() -> None:
    """An agent more in the first half hour adds 3, one fewer in the last takes 2 away, two fewer there 4."""
    choices, goals = Choices.of(desk()), Goals.of(desk())
    none, more, fewer = np.zeros((1, 4, 1)), np.zeros((1, 4)), np.zeros((1, 4))
    more[0, 0], fewer[0, 3] = 3.0, -2.0
    heads = np.full((1, 4), 5.0)
    model = LocalModel(choices, heads, np.zeros(len(goals.rows)), Slopes(none, none, more, fewer))
    changes = ([0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, -1], [2, 0, 0, -2], [0, 0, 0, 1], [-1, 0, 0, 0])
    assert [model.staying_change(heads + np.array([one])) for one in changes] == [0, 3, -2, 2, 0, 0]


def test_slopes_ask_who_stays_with_one_more_and_with_one_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more adds 2 and one fewer saves 1, each for himself: together they save nothing."""
    monkeypatch.setattr(
        sloping, "_staying_costs", lambda *given: np.full((1, 4), {1: 2.0, -1: -1.0}[given[-1]])
    )
    goals = Goals.of(desk())
    parts = np.zeros((2, 2, len(goals.used) + 1))
    days: Any = SimpleNamespace(parts=lambda rosters, *_: [parts] * len(rosters))
    found = sloping.slopes(Choices.of(desk()), goals, days, np.full((1, 4), 5.0))
    assert (found.more_costs.tolist(), found.fewer_costs.tolist()) == ([[2.0] * 4], [[-1.0] * 4])


@pytest.mark.parametrize(("step", "each"), [(1, -7.5), (-1, 5.0)])
def test_a_comb_is_booked_how_much_longer_the_day_is(step: int, each: float) -> None:
    """Days end two hours late; with one more at both ends half an hour less, with one fewer an hour more, at 10 each.

    Two are there in the last interval, with the combs three or one: 30 x -0.5 and 10 x 1, shared by two teeth. Who is
    there more or fewer in the last interval stays the usual two hours besides.
    """
    base = np.array([[2.0, 2.0, 2.0, 2.0]])

    def parts(hours: float) -> Any:
        return np.array([[[0.0, 3600.0 * hours], [0.0, 1.0]]])

    up = _Comb((0,), 1, (0, 3), 3, base + np.array([[1.0, 0, 0, 1]]))
    down = _Comb((0,), -1, (0, 3), 3, base - np.array([[1.0, 0, 0, 1]]))
    found = [parts(2.0), parts(1.5), parts(3.0)]
    booked = _staying_costs(Staying(np.array([10.0]), 0.0), base, [up, down], found, step)
    assert booked.tolist() == [[each, 0.0, 0.0, each + step * 20.0]]


def test_teams_that_share_no_queue_are_told_apart_in_one_comb() -> None:
    """Where the universal agents serve sales too, they meet the sellers there; a goal of all is nobody's own."""
    met = two_teams()
    alone = met.set(
        {"teams.universal.skills": {"support": 8}, "queues.sales.steps": [{"needs": "sales >= 1"}]}
    )
    whole = alone.set("staffing.goals", [{"metric": "abandon_rate", "at_most": "5%"}])
    found = [apart(Choices.of(day), Goals.of(day)) for day in (met, alone, whole)]
    assert found == [[(0,), (1,)], [(0, 1)], [(0,), (1,)]]


@pytest.mark.parametrize(
    ("place", "concerned"),
    [
        ([("queue", "sales")], [True, False]), ([("queue", "support")], [False, True]),
        ([("team", "sellers")], [True, False]), ([("team", "universal")], [False, True]), ([], [True, True]),
    ],
)  # fmt: skip
def test_a_row_is_changed_by_the_teams_that_meet_its_queue_or_its_team(
    place: list[tuple[str, str]], concerned: list[bool]
) -> None:
    """The sellers serve sales alone, and the universal agents support alone."""
    skills = {"teams.universal.skills": {"support": 8}, "queues.sales.steps": [{"needs": "sales >= 1"}]}
    choices = Choices.of(two_teams().set(skills))
    row: Any = SimpleNamespace(claim=SimpleNamespace(measured=SimpleNamespace(place=place)))
    assert [_concerns(choices, team, row) for team in choices.teams] == concerned


@pytest.mark.parametrize(("number", "tooth"), [(0, 0), (2, 0), (3, 3), (5, 3)])
def test_what_a_comb_does_to_an_interval_is_booked_to_the_tooth_before_it(number: int, tooth: int) -> None:
    """Each of the teeth 0 and 3 answers for three intervals."""
    slope, comb = np.zeros(6), _Comb((0,), 1, (0, 3), 3, np.zeros((1, 6)))
    _book(slope, comb, SimpleNamespace(number=number), np.array([1.5]))  # type: ignore[arg-type]
    assert np.flatnonzero(slope).tolist() == [tooth]
    assert slope[tooth] == 1.5


def test_slopes_are_seen_again_until_every_place_has_six_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was seen of a place stays where its agents do, and counts half where they are one more or fewer."""
    asked: list[tuple[int, int]] = []

    def seen(_choices: object, _goals: object, _days: object, heads: Any, count: int, after: int) -> Slopes:
        asked.append((count, after))
        value = np.full((*heads.shape, 1), float(len(asked)))
        return Slopes(value, value, value[..., 0], value[..., 0])

    monkeypatch.setattr(sloping, "slopes", seen)
    known = KnownSlopes(None, None, SimpleNamespace(numbers=range(30)))  # type: ignore[arg-type]
    heads = np.array([[5.0, 5.0, 5.0]])
    first = known.at(heads)
    assert known.at(heads) is first
    then = known.at(heads + np.array([[0.0, 1.0, 2.0]]))
    assert asked == [(6, 0), (6, 6)]
    assert then.gain[0, :, 0].tolist() == pytest.approx([1.5, (3 * 1 + 6 * 2) / 9, 2.0])
    last = known.at(heads + np.array([[1.0, 1.0, 2.0]]))
    assert known.at(heads + np.array([[1.0, 1.0, 2.0]])) is last
    assert asked == [(6, 0), (6, 6), (6, 12)]


def test_a_head_count_is_whole_where_it_can_be() -> None:
    assert [(one, type(one)) for one in map(whole_or_part, (2.0, 2.5))] == [(2, int), (2.5, float)]


IN_TIME = {4: 11.0, 5: 15.0, 6: 17.0}
"""Contacts in time by the agents of their interval; one more or fewer of the interval before is one of them besides."""


def slopes_of(goal: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Slopes:
    """The slopes at five agents on two days, of which the second has twice the contacts and both end an hour late."""
    goals = Goals.of(desk(staffing__goals=[goal]))
    whole = len(goals.rows) == 1  # the day, its four intervals and what comes after, or the intervals alone

    def parts(rosters: list[np.ndarray], *asked: int) -> list[np.ndarray]:
        assert asked == (2, 7)
        found = []
        for heads in (one[0].tolist() for one in rosters):
            own, of_before = [*(IN_TIME[n] for n in heads), 0.0], [0.0, *(n - 5.0 for n in heads)]
            tops = np.add(own, of_before)
            one = np.zeros((2, 2, len(goals.used) + 1))
            one[0, 0, :-1] = [tops.sum(), *tops] if whole else tops[:4]
            one[1, 0] = 2 * one[0, 0]
            one[:, 0, -1] = 3600.0
            found.append(one)
        return found

    monkeypatch.setattr(sloping, "head_counts", lambda _scenario, _teams, heads: heads)
    days: Any = SimpleNamespace(parts=parts)
    return sloping.slopes(Choices.of(desk()), goals, days, np.full((1, 4), 5.2), 2, 7)


def test_the_slopes_of_a_day_are_what_a_tooth_changes_in_its_own_interval_and_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One more brings 2 and 1, one fewer takes 4 and 1, on the second day twice that: 4.5 and 7.5 on average.

    Who is there at the end stays an hour at 20; one fewer saves as much.
    """
    found = slopes_of({"metric": "service_level", "queue": "sales", "at_least": "80%"}, monkeypatch)
    assert found.gain.tolist() == [[[4.5]] * 4]
    assert found.loss.tolist() == [[[7.5]] * 4]
    assert found.more_costs.tolist() == [[0.0, 0.0, 0.0, 20.0]]
    assert found.fewer_costs.tolist() == [[0.0, 0.0, 0.0, -20.0]]


def test_the_slopes_of_each_interval_are_those_of_its_own_tooth_and_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By tooth and interval, with the means of 1 and 2 times 2 and 1, and of 4 and 1."""
    goal = {"metric": "service_level", "queue": "sales", "at_least": "65%", "each": "interval"}
    found = slopes_of(goal, monkeypatch)
    assert found.gain[0].tolist() == [[3, 1.5, 0, 0], [0, 3, 1.5, 0], [0, 0, 3, 1.5], [0, 0, 0, 3]]
    assert found.loss[0].tolist() == [[6, 1.5, 0, 0], [0, 6, 1.5, 0], [0, 0, 6, 1.5], [0, 0, 0, 6]]
