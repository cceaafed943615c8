"""The figures of a station, for any mix of the levels that arrivals find."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.errors import SimError
from sim.experiments.theory.birth_death import FloatArray
from sim.experiments.theory.numbers import at_least, share
from sim.experiments.theory.station import Station

Variant = Literal["answered_only", "exclude_abandoned_within", "credit_abandoned_within", "offered"]


@dataclass(frozen=True)
class Waits:
    """What contacts go through who find `found[n]` the probability of n others in `station`.

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
        """Mean wait of those who gave up; 0 where nobody does."""
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
        """Share of arrivals answered after at most `within`."""
        return self._mean(self.station.answered_within(within))

    def abandoned_within(self, within: float) -> float:
        """Share of arrivals who gave up after at most `within`."""
        stayed = self.station.longer_than(within) + self.station.answered_within(within)
        return self._mean(self.station.admitted - stayed)

    def waits_within(self, within: float) -> float:
        """Share of those let in whose wait, however it ended, was at most `within`."""
        return 1.0 - self._mean(self.station.longer_than(within)) / (1.0 - self.blocked)

    def service_level(self, within: float, variant: Variant = "offered") -> float:
        """Return the share in time by one of four definitions; blocked contacts count as offered to none.

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
