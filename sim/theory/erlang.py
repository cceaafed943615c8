"""Erlang B and C, the smallest team that reaches a target, and square-root staffing."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import special

from sim.errors import SimError
from sim.theory.birth_death import at_least, positive, share

ROUNDING = 1e-9
"""A load this close to the number of servers, relatively, is that number: 200/h times 3 min is 10 Erlang."""


def erlang_b(servers: int, load: float) -> float:
    """Return the share of contacts blocked by `servers` lines without waiting places.

    `load` is arrival rate times mean holding time (Erlang). Holds for every law of the holding time.

    B(0, a) = 1;  1/B(c, a) = 1 + c/a * 1/B(c-1, a)   (A. K. Erlang 1917; the recursion in its inverse form
    neither overflows nor cancels).

    Raises:
        SimError: a negative load or number of servers.

    """
    at_least(0, servers=servers, load=load)
    if load == 0:
        return 0.0 if servers else 1.0
    inverse = 1.0
    for count in range(1, servers + 1):
        inverse = 1.0 + inverse * count / load
    return 1.0 / inverse


@dataclass(frozen=True, slots=True)
class ErlangC:
    """M/M/c: Poisson arrivals, exponential handling, `servers` agents, endless patience, in order of arrival.

    Rates are per unit of time, waits come in that unit. With a load of `servers` or more the queue grows
    without end: all contacts wait, and the mean wait is infinite.
    Source: A. K. Erlang 1917; R. B. Cooper, Introduction to Queueing Theory, 1981, section 3.4.

    Raises:
        SimError: a rate that is not positive, or less than one server.

    """

    arrival_rate: float
    service_rate: float
    servers: int

    def __post_init__(self) -> None:
        positive(arrival_rate=self.arrival_rate, service_rate=self.service_rate)
        at_least(1, servers=self.servers)

    @property
    def load(self) -> float:
        """Arrival rate times mean handle time, in Erlang."""
        return self.arrival_rate / self.service_rate

    @property
    def is_stable(self) -> bool:
        """Whether the queue has a steady state: a load below the number of servers, rounding apart."""
        return self.load < self.servers * (1.0 - ROUNDING)

    @property
    def occupancy(self) -> float:
        """Share of the agents' time that is busy: load / servers, at most 1."""
        return min(1.0, self.load / self.servers)

    @property
    def delay_probability(self) -> float:
        """Share of contacts that wait: C = B / (1 - occupancy * (1 - B)) with B of Erlang B."""
        if not self.is_stable:
            return 1.0
        blocked = erlang_b(self.servers, self.load)
        return blocked / (1.0 - self.occupancy * (1.0 - blocked))

    @property
    def _spare_rate(self) -> float:
        return self.servers * self.service_rate - self.arrival_rate if self.is_stable else 0.0

    @property
    def mean_wait(self) -> float:
        """Mean wait of all contacts: C / (c mu - lambda)."""
        return self.delay_probability / self._spare_rate if self.is_stable else math.inf

    @property
    def queue_length(self) -> float:
        """Mean number waiting: lambda times the mean wait (Little 1961)."""
        return self.arrival_rate * self.mean_wait

    def waits_within(self, within: float) -> float:
        """Return P(W <= within) = 1 - C exp(-(c mu - lambda) within), the service level."""
        at_least(0, within=within)
        return 1.0 - self.delay_probability * math.exp(-self._spare_rate * within)

    def wait_percentile(self, portion: float) -> float:
        """Return the wait that the share `portion` of contacts does not exceed.

        Raises:
            SimError: a portion outside 0..1.

        """
        share(portion=portion)
        waiting = self.delay_probability
        if portion <= 1.0 - waiting:
            return 0.0
        if portion == 1.0 or not self.is_stable:
            return math.inf
        return math.log(waiting / (1.0 - portion)) / self._spare_rate


def least_agents(keeps: Callable[[int], bool], start: int = 1, at_most: int = 1_000_000) -> int:
    """Return the smallest number of agents from `start` on for which `keeps` is true.

    `keeps` must stay true once it is; doubling, then bisection.

    Raises:
        SimError: `keeps` is false even for `at_most` agents.

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


# Square-root staffing: the load plus a safety margin that grows with its root.


def _hazard(x: float) -> float:
    """Return the hazard rate of the standard normal law, phi(x) / (1 - Phi(x)), stable in the far tail."""
    return math.sqrt(2 / math.pi) / float(special.erfcx(x / math.sqrt(2)))


def halfin_whitt(beta: float) -> float:
    """Return the share of contacts that wait with safety factor `beta` and endless patience, for large teams.

    1 / (1 + beta / h(-beta)), h the hazard rate of the normal law (S. Halfin & W. Whitt 1981).

    Raises:
        SimError: a beta that is not positive (the queue would grow without end).

    """
    positive(beta=beta)
    return 1.0 / (1.0 + beta / _hazard(-beta))


def garnett(beta: float, patience_ratio: float) -> float:
    """Return the share of contacts that wait with safety factor `beta` and exponential patience, large teams.

    `patience_ratio` is mean patience / mean handle time (mu / theta); beta may be negative.
    1 / (1 + sqrt(theta/mu) h(beta sqrt(mu/theta)) / h(-beta))  (O. Garnett, A. Mandelbaum & M. Reiman 2002).

    Raises:
        SimError: a ratio that is not positive.

    """
    positive(patience_ratio=patience_ratio)
    root = math.sqrt(patience_ratio)
    return 1.0 / (1.0 + _hazard(beta * root) / root / _hazard(-beta))


def square_root_staffing(load: float, beta: float) -> int:
    """Return the agents that the square-root rule asks for: load + beta sqrt(load), rounded up.

    Raises:
        SimError: a load that is not positive.

    """
    positive(load=load)
    return max(1, math.ceil(load + beta * math.sqrt(load)))


def safety_factor(waiting: float) -> float:
    """Return the beta with which the share `waiting` of contacts waits (endless patience), by bisection.

    Raises:
        SimError: a share outside 0..1.

    """
    share(waiting=waiting)
    low, high = 1e-12, 40.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if halfin_whitt(middle) > waiting else (low, middle)
    return high
