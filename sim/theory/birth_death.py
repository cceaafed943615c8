"""Birth-death chains, a station's waits and abandonments by them, Erlang A and finite queues."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.errors import SimError

FloatArray = npt.NDArray[np.float64]


def stationary(births: FloatArray, deaths: FloatArray) -> FloatArray:
    """Return the long-run probabilities of the levels 0..n of a birth-death chain.

    `births[i]` is the rate from level i to i+1, `deaths[i]` the rate back. Detailed balance in logarithms, so
    that a thousand agents neither overflow nor vanish.
    """
    weights = np.concatenate(([0.0], np.cumsum(np.log(births) - np.log(deaths))))
    probabilities = np.exp(weights - weights.max())
    total: FloatArray = probabilities / probabilities.sum()
    return total


def over_time(births: FloatArray, deaths: FloatArray, lasts: float) -> tuple[FloatArray, FloatArray]:
    """Return the time-averaged and the final probabilities of a chain that starts in level 0.

    The chain runs for `lasts`. Uniformisation (Jensen 1953): with R above every rate out of a level and
    P = I + Q/R, p(t) = sum_k Poisson(k; Rt) p(0) P^k, and its integral over time is
    sum_k P(Poisson(Rt) > k)/R p(0) P^k. Nothing is subtracted, so every digit holds.
    """
    up = np.concatenate((births, [0.0]))
    down = np.concatenate(([0.0], deaths))
    pace = float((up + down).max())
    steps = int(pace * lasts + 12 * np.sqrt(pace * lasts) + 40)
    tails = special.gammainc(np.arange(1.0, steps + 1), pace * lasts).astype(np.float64)
    hits: FloatArray = np.concatenate(([np.exp(-pace * lasts)], tails[:-1])) - np.concatenate(
        ([0.0], tails[1:])
    )
    return _mixed(up / pace, down / pace, tails / (pace * lasts), hits)


def _mixed(up: FloatArray, down: FloatArray, *weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    now = np.zeros(up.size)
    now[0] = 1.0
    sums = [np.zeros(up.size) for _ in weights]
    for step in range(weights[0].size):
        for total, weight in zip(sums, weights, strict=True):
            total += weight[step] * now
        moved = now * (1.0 - up - down)
        moved[1:] += now[:-1] * up[:-1]
        moved[:-1] += now[1:] * down[1:]
        now = moved
    return sums[0], sums[1]


# Checks of arguments.


def positive(**values: float) -> None:
    """Raise a SimError that names every value which is not above zero."""
    _refuse("be above 0", {name: value for name, value in values.items() if not value > 0})


def at_least(least: float, **values: float) -> None:
    """Raise a SimError that names every value which is below `least`."""
    _refuse(f"be at least {least:g}", {name: value for name, value in values.items() if not value >= least})


def share(**values: float) -> None:
    """Raise a SimError that names every value outside 0..1."""
    _refuse("lie between 0 and 1", {name: value for name, value in values.items() if not 0 <= value <= 1})


def _refuse(rule: str, wrong: dict[str, float]) -> None:
    if wrong:
        said = (f"{name.replace('_', ' ')} must {rule}, not {value:g}" for name, value in wrong.items())
        raise SimError("; ".join(said))


# A station, by the number of contacts that an arrival finds.


@dataclass(frozen=True)
class Station:
    """M/M/c/c+K+M: Poisson arrivals, exponential handling, exponential patience, first come first served.

    Rates are per unit of time. `patience_rate` 0 means endless patience; `levels` is the highest number of
    contacts present: where the station is `full` there it is exact, else it has to be high enough.

    With q contacts ahead of it in the queue a contact's turn comes after V, the sum over k = 0..q of
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
        """The number of exponential stages before the turn of a waiting contact: q + 1 (1 on an empty queue)."""
        return np.maximum(self.present - self.servers + 1, 1.0)

    @property
    def _order(self) -> float:
        return self.servers * self.service_rate / self.patience_rate

    def answered(self) -> FloatArray:
        """Probability of being answered at all, by level found: a / (a + q + 1) for a contact that waits."""
        waits = self._order / (self._order + self._turn) if self.patience_rate else 1.0
        return self.admitted - self.must_wait * (1.0 - waits)

    def answered_within(self, within: float) -> FloatArray:
        """Return the probability of being answered after a wait of at most `within`."""
        at_least(0, within=within)
        return self.admitted - self.must_wait * (1.0 - self._turn_within(within))

    def _turn_within(self, within: float) -> FloatArray:
        """Return the probability that a waiting contact's turn comes within the time and before patience ends."""
        if not self.patience_rate:
            comes = special.gammainc(self._turn, self.servers * self.service_rate * within)
            return comes.astype(np.float64)
        left = np.exp(-self.patience_rate * within)
        comes = special.betaincc(self._order + 1, self._turn, left).astype(np.float64)
        return comes * self._order / (self._order + self._turn)

    def longer_than(self, wait: float) -> FloatArray:
        """Return the probability that neither the turn nor the end of patience comes within `wait`."""
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


# Figures, for any mix of the levels that arrivals find.

Variant = Literal["answered_only", "exclude_abandoned_within", "credit_abandoned_within", "offered"]


@dataclass(frozen=True)
class Waits:
    """Waits and outcomes of contacts that find n others in `station` with probability `found[n]`.

    Poisson arrivals see time averages (Wolff 1982), so `found` is the long-run law for a steady state and the
    time-averaged law for a day. Shares are of all arrivals unless said otherwise; times are in the unit of
    the station's rates.
    """

    station: Station
    found: FloatArray

    def _mean(self, by_level: FloatArray) -> float:
        return float(self.found @ by_level)

    @property
    def blocked(self) -> float:
        """Share of arrivals that find every waiting place taken."""
        return self._mean(1.0 - self.station.admitted)

    @property
    def answered(self) -> float:
        """Share of arrivals that are answered."""
        return self._mean(self.station.answered())

    @property
    def abandoned(self) -> float:
        """Share of arrivals that give up."""
        return self._mean(self.station.admitted - self.station.answered())

    @property
    def delay_probability(self) -> float:
        """Share of those let in that are not answered at once."""
        return self._mean(self.station.must_wait) / (1.0 - self.blocked)

    @property
    def mean_wait(self) -> float:
        """Mean wait of those let in, answered or not."""
        return self._mean(self.station.wait()) / (1.0 - self.blocked)

    @property
    def asa(self) -> float:
        """Mean wait of the answered."""
        return self._mean(self.station.wait_of_answered()) / self.answered

    @property
    def abandon_wait(self) -> float:
        """Mean wait of those who gave up; 0 where there are none."""
        lost = self._mean(self.station.wait()) - self._mean(self.station.wait_of_answered())
        return lost / self.abandoned if self.station.patience_rate else 0.0

    @property
    def queue_length(self) -> float:
        """Mean number waiting."""
        return self._mean(np.maximum(self.station.present - self.station.servers, 0))

    @property
    def occupancy(self) -> float:
        """Share of the servers' time that is busy."""
        busy = np.minimum(self.station.present, self.station.servers)
        return self._mean(busy) / self.station.servers

    def answered_within(self, within: float) -> float:
        """Return the share of arrivals answered after at most `within`."""
        return self._mean(self.station.answered_within(within))

    def abandoned_within(self, within: float) -> float:
        """Return the share of arrivals who gave up after at most `within`."""
        stayed = self.station.longer_than(within) + self.station.answered_within(within)
        return self._mean(self.station.admitted - stayed)

    def waits_within(self, within: float) -> float:
        """Return the share of those let in whose wait, however it ended, was at most `within`."""
        return 1.0 - self._mean(self.station.longer_than(within)) / (1.0 - self.blocked)

    def service_level(self, within: float, variant: Variant = "offered") -> float:
        """Return the share in time by one of four definitions; blocked contacts count as offered in none.

        answered_only: in time / answered; exclude_abandoned_within: in time / (offered - abandoned in time);
        credit_abandoned_within: (in time + abandoned in time) / offered; offered: in time / offered.
        """
        in_time, gone, offered = (
            self.answered_within(within),
            self.abandoned_within(within),
            1.0 - self.blocked,
        )
        if variant == "answered_only":
            return in_time / self.answered
        if variant == "exclude_abandoned_within":
            return in_time / (offered - gone)
        return (in_time + (gone if variant == "credit_abandoned_within" else 0.0)) / offered

    def wait_percentile(self, portion: float) -> float:
        """Return the wait that the share `portion` of those let in does not exceed, by bisection to 1e-12.

        Raises:
            SimError: a portion outside 0..1, or of 1, which no wait reaches.

        """
        share(portion=portion)
        at_least(0, portion=portion)
        if portion == 1:
            raise SimError("no wait is longer than every other: ask for a portion below 1")
        low, high = 0.0, 1.0 / self.station.service_rate
        if self.waits_within(0.0) >= portion:
            return 0.0
        while self.waits_within(high) < portion:
            low, high = high, 2.0 * high
        while high - low > 1e-12 * high:
            middle = (low + high) / 2.0
            low, high = (middle, high) if self.waits_within(middle) < portion else (low, middle)
        return high


# Long-run figures: Erlang A and finite queues.

NEGLIGIBLE = 1e-18
MOST_LEVELS = 1 << 22
"""Contacts present, at most: 34 MB for each law over them."""


def erlang_a(arrival_rate: float, service_rate: float, servers: int, patience_rate: float) -> Waits:
    """Return the long-run figures of M/M/c+M: exponential patience of mean 1 / `patience_rate`.

    Exact up to a tail of 1e-18. Source: C. Palm 1957; O. Garnett, A. Mandelbaum & M. Reiman 2002.

    Raises:
        SimError: a rate that is not positive, less than one server, or more contacts waiting than can be counted.

    """
    positive(patience_rate=patience_rate)
    levels = 2 * servers + 64
    while True:
        station = Station(arrival_rate, service_rate, servers, levels, patience_rate)
        found = stationary(station.births, station.deaths)
        if found[-1] < NEGLIGIBLE:
            return Waits(station, found)
        levels *= 2
        if levels > MOST_LEVELS:
            raise SimError(
                f"of such patient customers more than {MOST_LEVELS // 2:,} would be there at once, too many for "
                "Erlang A; give a shorter patience, or none"
            )


def finite_queue(
    arrival_rate: float, service_rate: float, servers: int, places: int, patience_rate: float = 0.0
) -> Waits:
    """Return the long-run figures of M/M/c/c+places, with abandonment where `patience_rate` is above 0.

    Raises:
        SimError: a rate that is not positive, a negative number of places, or less than one server.

    """
    at_least(0, places=places)
    station = Station(arrival_rate, service_rate, servers, servers + places, patience_rate, full=True)
    return Waits(station, stationary(station.births, station.deaths))
