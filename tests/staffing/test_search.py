"""What the search makes of a plan that it has tried."""

import numpy as np
import pytest

from sim.staffing.choices import Choices
from sim.staffing.goals import Goals
from sim.staffing.search import Search, Tried

from .small import desk


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
    assert {steps for steps in saved if steps[0] >= -1} == {
        tuple(step for _, step in moves) for _, moves in search._near(np.array([1, 2]))
    }
