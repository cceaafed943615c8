"""What awaits a contact that finds a given number of others in a station with exponential times."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from sim.experiments.theory.birth_death import FloatArray
from sim.experiments.theory.numbers import at_least, positive


@dataclass(frozen=True)
class Station:
    """M/M/c/c+K+M: Poisson arrivals, exponential handling, exponential patience, first come first served.

    Rates are per unit of time. `patience_rate` 0 means endless patience; `levels` is the highest number of
    contacts present: where the station is `full` there it is exact, else it has to be high enough.

    With q contacts ahead of him in the queue a contact's turn comes after V, the sum over k = 0..q of
    independent exponentials of rates c mu + k theta. As exp(-theta * Exp(theta (a + k))) is Beta(a + k, 1),
    exp(-theta V) is Beta(a, q + 1) with a = c mu / theta: every figure below is an incomplete beta function.
    Without abandonment V is Erlang(q + 1). Source of the model: C. Palm 1957; A. Mandelbaum & S. Zeltyn,
    Service engineering in action: the Palm/Erlang-A queue, 2007.

    Raises:
        SimError: a rate that is not positive, fewer than one server, levels below the servers.

    """

    arrival_rate: float
    service_rate: float
    servers: int
    levels: int
    patience_rate: float = 0.0
    full: bool = False

    def __post_init__(self) -> None:
        positive(arrival_rate=self.arrival_rate, service_rate=self.service_rate)
        at_least(0, patience_rate=self.patience_rate)
        at_least(1, servers=self.servers)
        at_least(self.servers, levels=self.levels)

    @property
    def births(self) -> FloatArray:
        """Rates up from the levels 0..levels-1."""
        return np.full(self.levels, self.arrival_rate)

    @property
    def deaths(self) -> FloatArray:
        """Rates down from the levels 1..levels: min(n, c) mu + (n - c)+ theta."""
        present = np.arange(1, self.levels + 1, dtype=float)
        waiting = np.maximum(present - self.servers, 0)
        rates: FloatArray = (
            np.minimum(present, self.servers) * self.service_rate + waiting * self.patience_rate
        )
        return rates

    @cached_property
    def present(self) -> FloatArray:
        """The levels themselves: 0, 1, … contacts found in the station."""
        return np.arange(self.levels + 1, dtype=float)

    @cached_property
    def admitted(self) -> FloatArray:
        """1 for the levels that let a further contact in; where the station is full at the top, 0 there."""
        return (self.present < self.levels).astype(float) if self.full else np.ones(self.levels + 1)

    @cached_property
    def must_wait(self) -> FloatArray:
        """1 for the levels at which all servers are busy and a contact is let in."""
        return self.admitted * (self.present >= self.servers)

    @cached_property
    def _turn(self) -> FloatArray:
        """The number of exponential stages before the turn of one who waits: q + 1 (1 where nobody waits)."""
        return np.maximum(self.present - self.servers + 1, 1.0)

    @property
    def _order(self) -> float:
        return self.servers * self.service_rate / self.patience_rate

    def answered(self) -> FloatArray:
        """Probability of being answered at all, by level found: a / (a + q + 1) for one who waits."""
        waits = self._order / (self._order + self._turn) if self.patience_rate else 1.0
        return self.admitted - self.must_wait * (1.0 - waits)

    def answered_within(self, within: float) -> FloatArray:
        """Probability of being answered after a wait of at most `within`."""
        at_least(0, within=within)
        return self.admitted - self.must_wait * (1.0 - self._turn_within(within))

    def _turn_within(self, within: float) -> FloatArray:
        """Probability that the turn of one who waits comes within the time, and before his patience ends."""
        if not self.patience_rate:
            comes = special.gammainc(self._turn, self.servers * self.service_rate * within)
            return comes.astype(np.float64)
        left = np.exp(-self.patience_rate * within)
        comes = special.betaincc(self._order + 1, self._turn, left).astype(np.float64)
        return comes * self._order / (self._order + self._turn)

    def longer_than(self, wait: float) -> FloatArray:
        """Probability that neither his turn nor the end of his patience comes within `wait`."""
        at_least(0, wait=wait)
        if not self.patience_rate:
            later = special.gammaincc(self._turn, self.servers * self.service_rate * wait)
            return self.must_wait * later.astype(np.float64)
        left = float(np.exp(-self.patience_rate * wait))
        patient: FloatArray = special.betainc(self._order, self._turn, left)
        return self.must_wait * left * patient

    def wait(self) -> FloatArray:
        """Mean wait, however it ends: P(abandon) / theta, or (q + 1) / (c mu) with endless patience."""
        if not self.patience_rate:
            return self.must_wait * self._turn / (self.servers * self.service_rate)
        return self.must_wait * self._turn / (self._order + self._turn) / self.patience_rate

    def wait_of_answered(self) -> FloatArray:
        """Mean of wait times [answered]: a / (a + q + 1) (psi(a + q + 2) - psi(a + 1)) / theta."""
        if not self.patience_rate:
            return self.wait()
        order, turn = self._order, self._turn
        until = (special.digamma(order + turn + 1) - special.digamma(order + 1)) / self.patience_rate
        return self.must_wait * until * order / (order + turn)
