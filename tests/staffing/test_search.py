"""What the search makes of a plan that it has tried."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.parallel.workers import Workers
from sim.scenario import Scenario
from sim.staffing.choices import Choices
from sim.staffing.days import FIRST_DAY, Days, Effort
from sim.staffing.goals import Goals
from sim.staffing.search import Search, Tried
from sim.staffing.slopes import FEWER_DAYS, slopes

from .small import desk, two_teams


def test_the_lack_is_what_is_below_nothing_and_no_room_makes_up_for_it() -> None:
    tried = Tried(np.array([1]), 10.0, 2.0, np.array([-0.5, 3.0, 0.0, -0.25]), np.zeros(4))
    assert (tried.lack, tried.missed, tried.whole_cost) == (0.75, 2, 12.0)


@pytest.fixture
def search() -> Search:
    """Two shifts to choose from, at 10 and at 15."""
    shifts = [{"team": "desk", "from": "09:00", "lasts": lasts} for lasts in ("30m", "45m")]
    scenario = desk(interval="15m", arrivals__0__per_hour="40", staffing__shifts=shifts)
    return Search(Choices.of(scenario), Goals.of(scenario), None, lambda *_: None)  # type: ignore[arg-type]


def test_one_shift_fewer_or_a_cheaper_one_in_its_place_saves_their_difference(search: Search) -> None:
    """A shift that nobody works is not taken away. The first takes nothing's place: it is the cheapest."""
    assert search.choices.cost.tolist() == [10.0, 15.0]
    assert [*search._moves(np.array([0, 1]))][:2] == [(15.0, ((1, -1),)), (5.0, ((1, -1), (0, 1)))]
    assert [*search._moves(np.array([1, 0]))] == [(10.0, ((0, -1),))]


def test_of_few_shifts_all_changes_of_three_and_four_that_save_are_tried(search: Search) -> None:
    saved = {tuple(step for _, step in moves): cost for cost, moves in search._near(np.array([2, 2]))}
    assert saved == {(-2, -2): 50, (-2, -1): 35, (-1, -2): 40, (-2, 1): 5, (1, -2): 20, (2, -2): 10}
    far = [step for _, moves in search._near(np.array([3, 3])) for _, step in moves]
    assert (min(far), max(far)) == (-2, 2)
    assert {steps for steps in saved if steps[0] >= -1} == {
        tuple(step for _, step in moves) for _, moves in search._near(np.array([1, 2]))
    }


def test_the_exchange_that_saves_the_most_for_what_it_lacks_is_tried_first(search: Search) -> None:
    """Half a contact lacking costs five wages' mean of 5 for each: 12.5 of the 20 that the first one saves."""
    assert search.choices.wages().mean() == 5.0

    def tried(lack: float) -> list[tuple[int, ...]]:
        def predicted(heads: np.ndarray) -> np.ndarray:
            return np.array([-lack if heads.sum() == 2 else 9.0])  # room makes up for nothing

        model = SimpleNamespace(staying_change=lambda _: 0.0, predicted=predicted)
        return [tuple(x.tolist()) for x in search._promising(model, tried_at((0, 2)))]  # type: ignore[arg-type]

    assert tried(0.0) == [(1, 0), (0, 1), (2, 0), (1, 1)]  # 20, 15, 10 and 5 saved
    assert tried(0.5) == [(0, 1), (2, 0), (1, 0), (1, 1)]


def test_an_exchange_keeps_the_share_of_a_kind_of_shift(search: Search) -> None:
    """Of four shifts one may be the short one: a long one gives way to it at most once, and is not taken away then."""
    day = search.choices.scenario.set("staffing.shifts.0.share_at_most", "25%")
    search.choices = Choices.of(day)
    model = SimpleNamespace(staying_change=lambda _: 0.0, predicted=lambda _: np.zeros(1))
    found = {
        start: {tuple(x.tolist()) for x in search._promising(model, tried_at(start))}  # type: ignore[arg-type]
        for start in ((0, 4), (1, 3))
    }
    assert {x for x in found[0, 4] if sum(x) == 4} == {(1, 3)}
    assert {x for x in found[1, 3] if sum(x) >= 3} == {(0, 3)}
    assert all(4 * short <= short + long for xs in found.values() for short, long in xs)
    assert (0, 1) in found[1, 3]  # behind some that break the share


def test_an_exchange_below_a_bound_is_passed_over() -> None:
    """Two are there at least: in the first half hour nobody is taken away, in each of the others one."""
    day = desk(staffing__teams={"desk": {"min": 2}})
    search = Search(Choices.of(day), Goals.of(day), None, lambda *_: None)  # type: ignore[arg-type]
    model = SimpleNamespace(staying_change=lambda _: 0.0, predicted=lambda _: np.zeros(1))
    found = search._promising(model, tried_at((2, 3, 3, 3)))  # type: ignore[arg-type]
    assert sorted(x.tolist() for x in found) == [[2, 2, 3, 3], [2, 3, 2, 3], [2, 3, 3, 2]]


def tried_at(x: tuple[int, ...]) -> Tried:
    return Tried(np.array(x), 0.0, 0.0, np.zeros(1), np.zeros(1))


def searching(days: int, day: Scenario | None = None) -> Search:
    day = two_teams() if day is None else day
    goals, effort = Goals.of(day), Effort()
    own = Days(day, goals, range(FIRST_DAY, FIRST_DAY + days), day.seed, Workers(1), effort)
    return Search(Choices.of(day), goals, own, lambda _round, _best: None)


def test_a_glimpse_is_what_changed_on_few_days_added_to_all_days_of_the_one_before() -> None:
    one = searching(8)
    many, fewer = np.array([4, 4, 5, 5]), np.array([4, 4, 4, 5])
    before = one.tried(many)
    spent = one.days.effort.days
    glimpse = one.glimpsed(fewer)
    assert one.days.effort.days == spent + 2
    first, then = one.days.parts([one.choices.rosters(x) for x in (many, fewer)], 2)
    in_time, offered = then[:, 0] - first[:, 0], then[:, 1] - first[:, 1]
    wanted = [0.8, 0.8] + 12 * [0.65]
    places = [row.whole for row in one.goals.rows]
    change = (in_time[:, places] - wanted * offered[:, places]).mean(axis=0)
    assert glimpse.room == pytest.approx(before.room + change)
    assert change.min() < -0.5  # an agent fewer for two hours is missed


def test_what_may_be_the_best_is_simulated_on_all_days() -> None:
    one = searching(8)
    one.note("", one.tried(np.array([12, 12, 12, 12])))
    spent = one.days.effort.days
    fewer = one.glimpsed(np.array([12, 12, 12, 11]))
    assert fewer.missed == 0
    assert one.days.effort.days == spent + 8
    assert one.tried(fewer.x).room.tolist() == fewer.room.tolist()


def test_a_goal_on_a_share_of_days_is_simulated_on_all_days() -> None:
    """Changes of shares of days do not add up."""
    goals = [{"metric": "service_level", "queue": "sales", "at_least": "80%", "on_days": "90%"}]
    one = searching(8, desk(staffing__goals=goals))
    one.tried(np.array([5, 6, 6, 4]))
    spent = one.days.effort.days
    one.glimpsed(np.array([1, 1, 1, 1]))
    assert one.days.effort.days == spent + 8


def test_a_round_remembers_the_slopes_of_places_that_did_not_change() -> None:
    one = searching(12, desk())
    heads = np.full((1, 4), 5.0)
    first = one.known.at(heads)
    spent = one.days.effort.days
    assert one.known.at(heads) is first
    assert one.days.effort.days == spent
    other = heads.copy()
    other[0, 0], other[0, 3] = 6, 7
    found = one.known.at(other, FEWER_DAYS)
    now = slopes(one.choices, one.goals, one.days, other, FEWER_DAYS, after=6)
    share = 6 / (6 + FEWER_DAYS)
    assert found.gain[0, 1] == pytest.approx(share * first.gain[0, 1] + (1 - share) * now.gain[0, 1])
    share = 3 / (3 + FEWER_DAYS)  # half of the days count, and one fewer loses what one more gained before
    assert found.loss[0, 0] == pytest.approx(share * first.gain[0, 0] + (1 - share) * now.loss[0, 0])
    assert found.gain[0, 3].tolist() == now.gain[0, 3].tolist()
    assert (found.loss >= found.gain - 1e-12).all()


@pytest.mark.parametrize(("room", "best"), [(0.0, None), (-1.0, 9.0), (-1.0, 10.0)])
def test_nothing_is_mended_that_holds_or_costs_no_less_than_the_best(
    search: Search, room: float, best: float | None
) -> None:
    """A staffing for 10; there are no days to simulate another one on."""
    search.nearest = Tried(np.array([1, 0]), 10.0, 0.0, np.array([room]), np.zeros(1))
    search.best = None if best is None else Tried(np.array([1, 0]), best, 0.0, np.zeros(1), np.zeros(1))
    search.mend("")
    assert search.path == []
    search.nearest = None
    search.mend("")
    assert search.path == []
