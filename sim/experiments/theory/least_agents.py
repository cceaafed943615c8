"""The smallest team that keeps a promise."""

from collections.abc import Callable

from sim.errors import SimError
from sim.experiments.theory.numbers import at_least


def least_agents(keeps: Callable[[int], bool], start: int = 1, at_most: int = 1_000_000) -> int:
    """Return the smallest number of agents from `start` on for which `keeps` is true.

    `keeps` must stay true once it is; doubling, then bisection.

    Raises:
        SimError: even `at_most` agents do not keep the promise.

    """
    at_least(1, start=start)
    low, high = start - 1, start
    while not keeps(high):
        if high >= at_most:
            raise SimError(f"even {at_most} agents do not reach this target")
        low, high = high, min(2 * high, at_most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return high
