"""Erlang C: one queue, endless patience."""

import math
from dataclasses import dataclass

from sim.experiments.theory.erlang_b import erlang_b
from sim.experiments.theory.numbers import at_least, positive, share


@dataclass(frozen=True, slots=True)
class ErlangC:
    """M/M/c: Poisson arrivals, exponential handling, `servers` agents, endless patience, in order of arrival.

    Rates are per unit of time, waits come in that unit. With a load of `servers` or more the queue grows
    without end: everybody waits, and the mean wait is infinite.
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
    def occupancy(self) -> float:
        """Share of the agents' time that is busy: load / servers, at most 1."""
        return min(1.0, self.load / self.servers)

    @property
    def delay_probability(self) -> float:
        """Share of contacts that wait: C = B / (1 - occupancy * (1 - B)) with B of Erlang B."""
        blocked = erlang_b(self.servers, self.load)
        return blocked / (1.0 - self.occupancy * (1.0 - blocked))

    @property
    def _spare_rate(self) -> float:
        return self.servers * self.service_rate - self.arrival_rate

    @property
    def mean_wait(self) -> float:
        """Mean wait of all contacts: C / (c mu - lambda)."""
        return self.delay_probability / self._spare_rate if self._spare_rate > 0 else math.inf

    @property
    def queue_length(self) -> float:
        """Mean number waiting: lambda times the mean wait (Little 1961)."""
        return self.arrival_rate * self.mean_wait

    def waits_within(self, within: float) -> float:
        """Return P(W <= within) = 1 - C exp(-(c mu - lambda) within), the service level."""
        at_least(0, within=within)
        return 1.0 - self.delay_probability * math.exp(-max(0.0, self._spare_rate) * within)

    def wait_percentile(self, portion: float) -> float:
        """Return the wait that the share `portion` of contacts does not exceed.

        Raises:
            SimError: a portion outside 0..1.

        """
        share(portion=portion)
        waiting = self.delay_probability
        if portion <= 1.0 - waiting:
            return 0.0
        if portion == 1.0 or self._spare_rate <= 0:
            return math.inf
        return math.log(waiting / (1.0 - portion)) / self._spare_rate
