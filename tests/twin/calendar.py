"""The heap of what is still to happen."""

import heapq
import math
from collections.abc import Callable
from itertools import count

from twin.ranks import Rank


class Entry:
    """Something that happens at a time unless it is called off."""

    __slots__ = ("happen", "number", "rank", "when")

    def __init__(self, when: float, rank: Rank, number: int, happen: Callable[[], None]) -> None:
        self.when, self.rank, self.number = when, rank, number
        self.happen: Callable[[], None] | None = happen

    def __lt__(self, other: "Entry") -> bool:
        return (self.when, self.rank, self.number) < (other.when, other.rank, other.number)

    def call_off(self) -> None:
        self.happen = None


class Calendar:
    """Entries by time, rank and order of their making."""

    def __init__(self) -> None:
        self.now = 0.0
        self._heap: list[Entry] = []
        self._numbers = count()

    def at(self, when: float, rank: Rank, happen: Callable[[], None]) -> Entry:
        entry = Entry(when, rank, next(self._numbers), happen)
        if when < math.inf:
            heapq.heappush(self._heap, entry)
        return entry

    def next(self) -> Entry | None:
        """Take out what comes next; None where nothing does."""
        while self._heap:
            entry = heapq.heappop(self._heap)
            if entry.happen is not None:
                return entry
        return None
