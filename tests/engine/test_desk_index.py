"""A roll finds by number what a look through all of its desks would find."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.engine import simulate
from sim.engine.queue import Pool
from sim.engine.roll import DeskIndex, draw_one
from sim.policies import RandomSelection
from sim.records import Recorder
from sim.workload import draw

ROOT = Path(__file__).parents[2]
RANKS = st.sets(st.integers(0, 12))


@dataclass(frozen=True)
class Named:
    """What a roll knows of a desk, and of its agent."""

    rank: int


def rolls_of(*ranks: set[int]) -> list[DeskIndex]:
    rolls = [DeskIndex() for _ in ranks]
    for roll, some in zip(rolls, ranks, strict=True):
        for rank in some:
            roll.set(Named(rank), True)  # type: ignore[arg-type]
    return rolls


def test_who_leaves_a_pool_is_drawn_no_more() -> None:
    pool: Any = Pool("chat", {"calls": 5}, RandomSelection(), True)
    desks = [Mock(rank=rank, available=True) for rank in (1, 2)]
    for desk in desks:
        pool.add(desk)
        pool.free.set(desk, True)
        pool.there.set(desk, True)
    pool.remove(desks[0])
    for index in (pool.free, pool.there):
        assert {draw_one([index.without(())], uniform) for uniform in (0.0, 0.5, 0.9)} == {desks[1]}


@settings(deadline=None)
@given(RANKS, RANKS, RANKS, st.floats(0, 1, exclude_max=True))
def test_a_lot_finds_what_a_look_at_all_of_them_finds(
    one: set[int], other: set[int], barred: set[int], uniform: float
) -> None:
    other = {rank + 20 for rank in other}
    barred |= {rank + 20 for rank in barred if rank % 2}
    left = [*sorted(one - barred), *sorted(other - barred)]
    some: Any = {Named(rank) for rank in barred}
    found = draw_one([roll.without(some) for roll in rolls_of(one, other)], uniform)
    assert (None if found is None else found.rank) == (left[int(uniform * len(left))] if left else None)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans())))
def test_a_desk_is_on_the_roll_as_it_was_last_set(changes: list[tuple[int, bool]]) -> None:
    roll, on = rolls_of(set())[0], set()
    for rank, wanted in changes:
        roll.set(Named(rank), wanted)  # type: ignore[arg-type]
        (on.add if wanted else on.discard)(rank)
    assert [roll[number].rank for number in range(len(roll))] == sorted(on)


class ShownToAll:
    """The same choice as RandomSelection's, made from all candidates."""

    def choose(self, request: Any, candidates: Any, uniform: float) -> Any:
        return RandomSelection().choose(request, candidates, uniform)


def test_the_random_rule_needs_no_look_at_all_candidates() -> None:
    day = sim.load(ROOT / "scenarios" / "escalation.yaml").set("routing.agent_selection", "random")
    tables = [
        simulate(day, draw(day, 1), Recorder(day, ("events",)), agent_selection=policy).events.drop(
            columns="detail"
        )
        for policy in (None, ShownToAll())
    ]
    assert len(tables[0]) > 500
    assert tables[0].equals(tables[1])
