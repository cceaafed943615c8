"""Rolls of desks that are free, or there at all, in order of declaration: any of them is found by number."""

from bisect import bisect_left, insort
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.desk import Desk


class DeskIndex:
    """Desks by rank. To find one by number takes no look at all of them."""

    __slots__ = ("_desks", "_ranks")

    def __init__(self) -> None:
        self._ranks: list[int] = []
        self._desks: dict[int, Desk] = {}

    def set(self, desk: "Desk", on: bool) -> None:
        """Put a desk on the roll, or take it off; where it is so already nothing happens."""
        if on is (desk.rank in self._desks):
            return
        if on:
            self._desks[desk.rank] = desk
            insort(self._ranks, desk.rank)
        else:
            del self._desks[desk.rank]
            del self._ranks[bisect_left(self._ranks, desk.rank)]

    def without(self, barred: "Collection[Agent]") -> "Remaining":
        """Return those whose agent is not `barred`."""
        return Remaining(self, sorted(agent.rank for agent in barred if agent.rank in self._desks))

    def __len__(self) -> int:
        return len(self._ranks)

    def __getitem__(self, number: int) -> "Desk":
        return self._desks[self._ranks[number]]

    def place(self, rank: int) -> int:
        """Return the number of the desk with that rank."""
        return bisect_left(self._ranks, rank)


class Remaining:
    """A roll without some of its desks, given by their ranks."""

    __slots__ = ("_gaps", "_roll")

    def __init__(self, roll: DeskIndex, left_out: Sequence[int]) -> None:
        self._roll = roll
        self._gaps = [roll.place(rank) for rank in left_out]

    def __len__(self) -> int:
        return len(self._roll) - len(self._gaps)

    def __getitem__(self, number: int) -> "Desk":
        for gap in self._gaps:
            number += gap <= number
        return self._roll[number]


def draw_one(rolls: "Sequence[Remaining]", uniform: float) -> "Desk | None":
    """Draw one desk of all the rolls, each as likely as any; None where there is none."""
    number = int(uniform * sum(map(len, rolls)))
    for roll in rolls:
        if number < len(roll):
            return roll[number]
        number -= len(roll)
    return None
