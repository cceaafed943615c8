"""Which exchange of shifts is kept, and what the two stages of a search are asked for."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.staffing import search as searching
from sim.staffing import solving
from sim.staffing.search import Search, Tried
from sim.staffing.solving import Solution


def tried(cost: float, room: float) -> Tried:
    return Tried(np.array([1]), cost, 0.0, np.array([room]), np.zeros(1))


@pytest.mark.parametrize(
    ("best", "cost", "room", "is_kept"),
    [
        (100.0, 99.0, 0.5, True),
        (100.0, 99.0, -0.5, False),
        (100.0, 100.0, 0.5, False),
        (100.0, 101.0, 0.5, False),
        (None, 101.0, 0.5, True),
    ],
    ids=["cheaper", "misses a row", "costs as much", "costs more", "the first one"],
)
def test_an_exchange_is_kept_that_holds_and_is_cheaper(
    best: float | None, cost: float, room: float, is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = SimpleNamespace(parts=lambda *_: [np.zeros((1, 2, 1))])
    choices: Any = SimpleNamespace(rosters=lambda x: x, are_shifts=True, items=[1])
    search = Search(choices, None, parts, lambda *_: None)  # type: ignore[arg-type]
    search.best = None if best is None else tried(best, 0.0)
    noted: list[float] = []
    monkeypatch.setattr(Search, "tried", lambda *_: tried(cost, room))
    monkeypatch.setattr(Search, "note", lambda _self, _stage, one: noted.append(one.cost))
    assert search._holds(np.array([1]), tried(100.0, 0.0), "exchanges") is is_kept
    assert noted == [cost] * is_kept


@pytest.mark.parametrize(("days", "stages"), [(25, ["first days", "all days"]), (24, ["all days"])])
def test_only_the_stage_on_all_days_exchanges_and_is_cautious(
    days: int, stages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def searched(search: Search, _x: object, stage: str, **how: object) -> None:
        asked.append((stage, search.first, search.caution, how.get("exchanges", True), how["patience"]))

    monkeypatch.setattr(solving, "searched", searched)
    task: Any = SimpleNamespace(
        choices=None, goals=None, days=SimpleNamespace(numbers=range(days)), court=None
    )
    Solution(task, lambda *_: None)._descended(np.array([1]), is_new=True)
    expected = {"first days": ("first days", 24, 0.0, False, 2), "all days": ("all days", None, 0.5, True, 2)}
    assert asked == [expected[stage] for stage in stages]


def test_a_search_mends_and_exchanges_unless_it_is_told_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    one: Any = SimpleNamespace(
        descend=lambda _x, stage, patience: done.append(f"{stage} {patience}"),
        mend=lambda stage: done.append(f"mend {stage}"), exchange=done.append,
    )  # fmt: skip
    searching.searched(one, np.array([1]), "a")
    assert done == ["a 3", "mend a", "a, exchanges"]
    done.clear()
    searching.searched(one, np.array([1]), "b", exchanges=False)
    assert done == ["b 3"]
