"""Draws that few contacts need are made for those alone, and are the numbers they would be anyway."""

import pickle
import tracemalloc

import numpy as np
import pytest

from sim.scenario.distributions import Constant, Exponential, Gamma, Lognormal
from sim.workload import ContactDraws, by_hand
from sim.workload.seeds import KEPT, BlockColumn, Numbers, Seeds

SEEDS = Seeds(20260302, 3)
LAW = Exponential(mean=60)


def whole(size: int, purpose: str, k: int) -> np.ndarray:
    return SEEDS.uniforms(size, "web/general", purpose, k)


def deep(size: int = 1000, **more) -> ContactDraws:
    return ContactDraws(SEEDS, "web/general", size, **more)


def test_numbers_are_the_same_wherever_the_reading_begins():
    expected = whole(1000, "patience", 0)
    numbers = Numbers(SEEDS.generator("web/general", "patience", 0))
    for start, stop in [(900, 1000), (64, 128), (128, 129), (0, 3), (0, 3), (500, 500), (999, 1000)]:
        assert np.array_equal(numbers.between(start, stop), expected[start:stop])


@pytest.mark.parametrize("k", [0, 1, 2, 3, 40])
def test_a_deep_column_has_the_numbers_of_a_whole_one(k):
    assert deep().uniforms("accept", k).tolist() == whole(1000, "accept", k).tolist()
    assert deep().values("accept_delay", LAW, k).tolist() == pytest.approx(
        (-60 * np.log1p(-whole(1000, "accept_delay", k))).tolist(), rel=1e-15
    )


@pytest.mark.parametrize("law", [LAW, Lognormal(mean=6, sd=5), Gamma(mean=6, sd=5), Constant(value=3)])
def test_neither_the_order_of_asking_nor_the_number_of_contacts_moves_a_number(law):
    forth = deep(1000).values("accept_delay", law, 9)
    back = deep(777).values("accept_delay", law, 9)
    asked = [0, 1, 7, 8, 500, 776]
    assert [forth[i] for i in asked] == [back[i] for i in reversed(asked)][::-1]
    assert forth.tolist()[:777] == back.tolist()


def test_a_deep_column_gives_plain_floats_for_its_contacts_and_no_others():
    column = deep(70).uniforms("accept", 5)
    assert type(column[69]) is float
    assert len(column) == 70
    assert list(column) == column.tolist()
    for beyond in (70, 127, -1):
        with pytest.raises(IndexError, match=f"contact {beyond} of 70"):
            column[beyond]


class Made:
    """Makes blocks of the contacts' own numbers and notes which."""

    def __init__(self) -> None:
        self.spans: list[tuple[int, int]] = []

    def __call__(self, start: int, stop: int) -> np.ndarray:
        self.spans.append((start, stop))
        return np.arange(start, stop, dtype=float)


def test_only_the_blocks_asked_for_are_made():
    made = Made()
    column = BlockColumn(1_000_010, 64, made)
    assert [column[i] for i in (70, 65, 1_000_009, 70)] == [70, 65, 1_000_009, 70]
    assert made.spans == [(64, 128), (1_000_000, 1_000_010)]


def test_the_oldest_block_is_let_go_and_made_again_where_it_is_wanted():
    made = Made()
    column = BlockColumn(10_000, 8, made)
    for i in range(8 * KEPT):
        assert column[i] == i
    assert len(made.spans) == KEPT
    assert [column[8 * KEPT], column[1], column[9]] == [8 * KEPT, 1, 9]
    assert made.spans[KEPT:] == [(8 * KEPT, 8 * KEPT + 8), (0, 8), (8, 16)]


def test_memory_does_not_grow_with_the_contacts_of_deep_columns():
    draws = deep(1_000_000)
    tracemalloc.start()
    for k in range(1, 6):
        column = draws.values("accept_delay", LAW, k)
        for contact in range(0, 1_000_000, 997):
            column[contact]
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < 1_000_000


def test_forecast_handle_times_scale_a_deep_column_too():
    scale = np.linspace(0.5, 2.0, 1000)
    plain, scaled = (deep(scale=s).values("handle_time", LAW, 7) for s in (None, scale.copy()))
    np.testing.assert_array_equal(scaled.tolist(), scale * plain.tolist())
    elsewhere = deep(scale=scale.copy()).values("handle_time", LAW, 7, scaled=False)
    assert elsewhere.tolist() == plain.tolist()


def test_what_is_written_holds_however_deep(world):
    place = {"channel": "web", "queue": "general"}
    rows = [{"at": 0, **place, "accept": [None] * 9 + [0.5]}, {"at": 1, **place}]
    draws = by_hand(world(), rows).streams[0].draws
    assert draws.uniforms("accept", 9)[0] == 0.5
    assert 0 < draws.uniforms("accept", 9)[1] < 1
    assert len(draws.uniforms("accept", 10).tolist()) == 2


def test_equal_laws_share_their_column():
    draws = deep()
    one, other = (draws.values("wrap_up", Exponential(mean=20)) for _ in range(2))
    assert one is other
    assert draws.values("wrap_up", Exponential(mean=21)) is not one


def test_deep_columns_are_left_behind_when_draws_travel():
    draws = deep()
    first = draws.uniforms("accept", 8)[3]
    assert pickle.loads(pickle.dumps(draws)).uniforms("accept", 8)[3] == first


@pytest.mark.parametrize("size", [20, 21, 27])
def test_a_column_that_is_made_in_pieces_has_every_number(size, monkeypatch):
    monkeypatch.setattr("sim.workload.draws.CHUNK", 7)
    expected = -60 * np.log1p(-whole(size, "patience", 0))
    assert deep(size).values("patience", LAW, 0).tolist() == pytest.approx(expected.tolist(), rel=1e-15)
