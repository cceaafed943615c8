"""The available agents of one team on one medium, kept in the order of the selection rule."""

from collections.abc import Collection
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

from sim.engine.desk import Desk
from sim.engine.roll import Roll
from sim.policies import RankedSelection

if TYPE_CHECKING:
    from sim.engine.pull import PullList
    from sim.engine.queue import Level

Ranked = tuple[Any, int, int, Desk]

_SLACK = 64


class Pool:
    """Agents of a team have the same skills, so a step of a queue takes all of a pool or none of it.

    The heap holds an entry `(key, rank, version, desk)` for each change that left a desk available; only the
    entry of the desk's present version counts. Finding the best agent so costs the same for ten agents as
    for ten thousand. Where an agent may be drawn by lot, the rolls of those who are free and of those who are
    logged in are kept too.
    """

    __slots__ = (
        "_key", "_most", "available", "desks", "free", "heap", "levels", "lists", "medium", "skills",
        "there",
    )  # fmt: skip

    def __init__(self, medium: str, skills: dict[str, int], selection: Any, by_lot: bool) -> None:
        self.medium = medium
        self.skills = skills
        self.desks: list[Desk] = []
        self.levels: list[Level] = []  # what a freed agent of this pool looks through
        self.lists: list[PullList] = []
        self.available = 0
        self._key = selection.key if isinstance(selection, RankedSelection) else _unordered
        self.heap: list[Ranked] = []
        self._most = _SLACK
        self.free = Roll() if by_lot else None
        self.there = Roll() if by_lot else None

    def add(self, desk: Desk) -> None:
        """Make a desk a member."""
        self.desks.append(desk)
        self._most += 4

    def push(self, desk: Desk) -> None:
        """Put a desk that is available in its place."""
        heap, key = self.heap, self._key
        heappush(heap, (key(desk), desk.rank, desk.version, desk))
        if len(heap) > self._most:
            self._sweep()

    def best(self, barred: Collection[object]) -> Ranked | None:
        """Give the entry of the best available desk whose agent is not `barred`."""
        heap = self.heap
        while heap:
            first = heap[0]
            desk = first[3]
            if first[2] != desk.version:
                heappop(heap)
            elif barred and desk.agent in barred:
                return self._best_beyond(barred)
            else:
                return first
        return None

    def _best_beyond(self, barred: Collection[object]) -> Ranked | None:
        passed: list[Ranked] = []
        found = self.best(())
        while found is not None and found[3].agent in barred:
            passed.append(heappop(self.heap))
            found = self.best(())
        for entry in passed:
            heappush(self.heap, entry)
        return found

    def all_available(self, barred: Collection[object]) -> list[Desk]:
        """Give every available desk whose agent is not `barred`, by declaration."""
        return [desk for desk in self.desks if desk.available and desk.agent not in barred]

    def _sweep(self) -> None:
        self.heap = [entry for entry in self.heap if entry[2] == entry[3].version]
        heapify(self.heap)


def _unordered(desk: Desk) -> tuple[float, ...]:
    del desk
    return ()
