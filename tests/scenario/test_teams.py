import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import Shift, Team
from sim.scenario.teams import shared_out


def shift(agents: int | None) -> Shift:
    return Shift.model_validate({"from": "08:00", "to": "16:00", "agents": agents})


def test_agents_come_from_the_shifts_or_the_head_count() -> None:
    assert Team.model_validate({"shifts": [shift(5), shift(4)]}).agents == 9
    assert Team.model_validate({"head_count": {"agents": [0, 3, 2]}}).agents == 3
    assert Team.model_validate({"agents": 7, "shifts": [shift(5), shift(4)]}).agents == 7


def test_shifts_without_numbers_share_evenly() -> None:
    assert Team.model_validate({"agents": 7, "shifts": [shift(None), shift(None)]}).shift_sizes() == (4, 3)


@pytest.mark.parametrize(
    ("total", "weights", "sizes"),
    [
        (9, [5, 4], (5, 4)),
        (11, [5, 4], (6, 5)),
        (1, [5, 4], (1, 0)),
        (4, [1, 1, 1], (2, 1, 1)),
        (3, [0, 0], (2, 1)),
    ],
)
def test_the_largest_remainder_gets_the_rest(total: int, weights: list[int], sizes: tuple[int, ...]) -> None:
    assert shared_out(total, weights) == sizes


@settings(deadline=None)
@given(st.integers(0, 300), st.lists(st.integers(0, 50), min_size=1, max_size=8))
def test_nobody_is_lost_and_everyone_is_within_one_of_their_part(total: int, weights: list[int]) -> None:
    sizes = shared_out(total, weights)
    assert sum(sizes) == total
    if sum(weights):
        for size, weight in zip(sizes, weights, strict=True):
            assert abs(size - total * weight / sum(weights)) < 1
