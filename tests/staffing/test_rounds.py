"""How far a round goes, when rounds end, and how many exchanges are tried."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.metrics.columns import IntArray
from sim.staffing import search as searching
from sim.staffing.search import Search, Tried


def tried(x: IntArray, cost: float, room: float = 0.0) -> Tried:
    return Tried(x, cost, 0.0, np.array([room]), np.zeros(1))


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Local models that always find another staffing; the list has the radius that each was asked for."""
    radii: list[int] = []

    def cheapest(radius: int, **_how: object) -> IntArray:
        radii.append(radius)
        return np.array([len(radii)])

    monkeypatch.setattr(searching, "LocalModel", lambda *_: SimpleNamespace(cheapest=cheapest))
    monkeypatch.setattr(searching, "replace", lambda model, **_: model)
    return radii


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Search:
    """A search whose choices and days are not asked: an agent of an average interval costs 10."""
    choices: Any = SimpleNamespace(
        heads=lambda x: x, wages=lambda: np.array([10.0]), are_shifts=False, items=range(9)
    )
    days: Any = SimpleNamespace(effort=SimpleNamespace(days=0))
    monkeypatch.setattr(Search, "_slopes", lambda *_: None)
    return Search(choices, SimpleNamespace(rows=[0]), days, lambda *_: None)  # type: ignore[arg-type]


def costing(costs: Iterator[float]) -> Callable[[Search, IntArray], Tried]:
    return lambda _self, x: tried(x, next(costs))


@pytest.mark.parametrize(
    ("costs", "patience", "radii"),
    [
        ([1000, 900, 800, 700, 700, 700, 700], 3, [2, 2, 2, 2, 1, 1]),
        ([1000, 900, 899.2, 898.0, 898.0, 898.0, 898.0], 3, [2, 2, 1, 1, 1, 1]),
        ([1000, 1000.0, 999.5], 2, [2, 1]),
        ([1000, 1100, 900, 900, 900], 2, [2, 1, 1, 1]),
        ([1000, *range(990, 850, -10)], 1, [2] * 10),
    ],
    ids=[
        "three in a row bring nothing",
        "less than a thousandth is nothing",
        "patience",
        "worse first",
        "ten rounds",
    ],
)
def test_rounds_go_two_agents_far_until_one_brings_nothing(
    costs: list[float], patience: int, radii: list[int], models: list[int], search: Search,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """From then on they go one agent far, and end when so many in a row have brought less than a thousandth."""
    left = iter(costs)
    monkeypatch.setattr(Search, "tried", costing(left))
    monkeypatch.setattr(Search, "glimpsed", costing(left))
    search.descend(np.array([0]), "a", patience)
    assert models == radii
    assert [one.cost for one in search.path] == costs[: len(radii) + 1]
    assert search.best is not None
    assert search.best.cost == min(costs[: len(radii) + 1])


@pytest.mark.parametrize(
    "answers", [[None], [[7], [7]]], ids=["bounds leave none", "the same, one agent far"]
)
def test_rounds_end_where_the_model_has_nothing_else(
    answers: list[Any], search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same staffing two agents far may still be another one with one agent far."""
    left = [None if one is None else np.array(one) for one in answers]
    model = SimpleNamespace(cheapest=lambda *_, **__: left.pop(0))
    monkeypatch.setattr(searching, "LocalModel", lambda *_: model)
    monkeypatch.setattr(searching, "replace", lambda model, **_: model)
    for name in ("tried", "glimpsed"):
        monkeypatch.setattr(Search, name, lambda _self, x: tried(x, 100.0))
    search.descend(np.array([7]), "a")
    assert left == []
    assert len(search.path) == len(answers)


def test_a_round_aims_higher_by_half_of_what_the_one_before_lacked(
    models: list[int], search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that lacks 4 is aimed at 2 above 0, then, lacking none, at 1.4, and where it lacks 0.01 at 0.05 more."""
    aimed: list[float] = []

    def changed(model: Any, *, room: Any) -> Any:
        aimed.append(float(room[0]))
        return model

    monkeypatch.setattr(searching, "replace", changed)
    rooms = iter([1.0, -4.0, 3.0, -0.01, 0.0])
    for name in ("tried", "glimpsed"):
        monkeypatch.setattr(Search, name, lambda _self, x: tried(x, 100.0, next(rooms)))
    monkeypatch.setattr(searching, "ROUNDS", 4)
    search.descend(np.array([0]), "a", patience=9)
    assert aimed == pytest.approx([1.0, -4.0 - 2.0, 3.0 - 1.4, -0.01 - 1.45])


def test_who_costs_as_much_as_the_best_is_not_mended(search: Search) -> None:
    for cost in (100.0, 101.0):
        search.best, search.nearest = tried(np.array([0]), 100.0), tried(np.array([0]), cost, -1.0)
        search.mend("a")
    assert search.path == []


def test_the_nearest_costs_least_with_what_mends_it(search: Search) -> None:
    """A missing contact is mended by three agents at 10: 100 with one is worth 130, as much as 130 with none."""
    for cost, room, nearest in (
        (140.0, 0.0, 140.0),
        (100.0, -1.0, 100.0),
        (120.0, -1.0, 100.0),
        (130.0, 0.0, 100.0),
    ):
        search.note("a", tried(np.array([0]), cost, room))
        assert search.nearest is not None
        assert search.nearest.cost == nearest


def test_the_nearest_is_mended_until_nothing_is_missed(
    models: list[int], search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    search.nearest = tried(np.array([0]), 90.0, -2.0)
    left = iter([tried(np.array([1]), 95.0, -1.0), tried(np.array([2]), 99.0)])
    monkeypatch.setattr(Search, "glimpsed", lambda *_: next(left))
    search.mend("a")
    assert models == [1, 1]
    assert [(one.stage, one.cost, one.missed) for one in search.path] == [
        ("a, mended", 95.0, 1), ("a, mended", 99.0, 0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("best", "holds", "asked"),
    [
        (100.0, [], [0, 1, 2, 3, 4, 5]),
        (100.0, [2], [0, 1, 2, 0, 1, 2]),
        (100.0, [0, 1], [0, 0, 0, 1, 2, 3]),
        (None, [], []),
    ],
    ids=["six in all", "anew from what holds", "twice", "from nothing"],
)
def test_of_many_exchanges_the_six_most_promising_are_tried(
    best: float | None, holds: list[int], asked: list[int], models: list[int], search: Search,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """`holds` are the tries, counted from 0, after which the staffing is kept."""
    search.best = None if best is None else tried(np.array([0]), best)
    found: list[int] = []

    def kept(_self: Search, x: IntArray, _start: Tried, _stage: str) -> bool:
        found.append(int(x[0]))
        return len(found) - 1 in holds

    monkeypatch.setattr(Search, "_promising", lambda *_: iter(np.arange(20)[:, None]))
    monkeypatch.setattr(Search, "_holds", kept)
    search.exchange("exchanges")
    assert found == asked
    assert models == []
