"""CPU times to be compared: interleaved rounds, each with the same state of the garbage collector."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import TypeVar

Result = TypeVar("Result")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Lap:
    """One run: its CPU seconds, and the contacts that were simulated in them."""

    seconds: float
    contacts: int

    @property
    def cost_us(self) -> float:
        """Microseconds a contact."""
        return 1e6 * self.seconds / self.contacts


@dataclass(frozen=True)
class Contestant:
    """A function to be timed; `lap` receives the number of the round as a seed."""

    name: str
    lap: Callable[[int], Lap]


@dataclass(frozen=True)
class Race:
    """The cost per contact of each contestant in each round, in microseconds."""

    costs: dict[str, list[float]]

    def cost_us(self, name: str) -> float:
        """Return the median over the rounds."""
        return median(self.costs[name])

    def ratio(self, slower: str, faster: str) -> float:
        """Return the cost of `slower` over that of `faster`: the median of the rounds' ratios."""
        return median(a / b for a, b in zip(self.costs[slower], self.costs[faster], strict=True))


def clocked(function: Callable[[], Result]) -> tuple[float, Result]:
    """Run without the garbage collector's search for cycles; return the CPU seconds and the result."""
    gc.collect()
    gc.disable()
    try:
        start = process_time()
        result = function()
        return process_time() - start, result
    finally:
        gc.enable()


def interleaved(contestants: Sequence[Contestant], rounds: int, say: Say) -> Race:
    """Run each contestant once in each round, so that a busy minute of the machine falls on all alike.

    The order rotates from round to round, as each finds the caches as the one before left them.
    """
    costs: dict[str, list[float]] = {one.name: [] for one in contestants}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        start = number % len(contestants)
        for one in (*contestants[start:], *contestants[:start]):
            costs[one.name].append(one.lap(number).cost_us)
    return Race(costs)
