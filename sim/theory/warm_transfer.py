"""Warm transfer: the first agent stays with the contact until a second one takes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sim.theory.birth_death import at_least, positive, share
from sim.theory.networks import long_run


class Pools(NamedTuple):
    """Contacts in first talk, held for pool 2, handed over by both agents, with pool 2 alone, and waiting."""

    talk: int
    held: int
    together: int
    alone: int
    waiting: int


@dataclass(frozen=True)
class WarmTransfer:
    """Two pools; after its talk in pool 1 a contact is handed to pool 2 with probability `transfer`.

    While pool 2 is busy the contact waits with exponential patience and its first agent with it. With a
    `handover_rate` both agents talk with the contact for an exponential time first, then the second alone;
    without one the first agent is free at once. All times are exponential, pool 2 has no arrivals of its own.
    The chain is solved exactly, pool 1's queue cut at `longest`.

    Raises:
        SimError: a rate that is not positive, an empty pool, or a share outside 0..1.

    """

    arrival_rate: float
    servers: tuple[int, int]
    service_rates: tuple[float, float]
    patience_rates: tuple[float, float]
    transfer: float
    handover_rate: float | None = None
    longest: int = 80

    def __post_init__(self) -> None:
        share(transfer=self.transfer)
        positive(arrival_rate=self.arrival_rate)
        at_least(1, first_pool=self.servers[0], second_pool=self.servers[1])
        for rate in (*self.service_rates, *self.patience_rates):
            positive(rate=rate)

    def _freed(self, state: Pools) -> Pools:
        """Return the state after an agent of pool 1 turns to the next in the queue."""
        return state._replace(talk=state.talk + 1, waiting=state.waiting - 1) if state.waiting else state

    def _met(self, state: Pools) -> Pools:
        """Return the state after pool 2 takes a contact that is out of `talk` or `held` already."""
        if self.handover_rate is not None:
            return state._replace(together=state.together + 1)
        return self._freed(state._replace(alone=state.alone + 1))

    def _moves(self, now: Pools) -> Iterable[tuple[float, Pools]]:
        if now.talk + now.held + now.together < self.servers[0]:
            yield self.arrival_rate, now._replace(talk=now.talk + 1)
        elif now.waiting < self.longest:
            yield self.arrival_rate, now._replace(waiting=now.waiting + 1)
        yield now.waiting * self.patience_rates[0], now._replace(waiting=now.waiting - 1)
        yield from self._end_of_talk(now)
        yield now.held * self.patience_rates[1], self._freed(now._replace(held=now.held - 1))
        if now.together and self.handover_rate is not None:
            handed_over = now._replace(together=now.together - 1, alone=now.alone + 1)
            yield now.together * self.handover_rate, self._freed(handed_over)
        if now.alone:
            left = now._replace(alone=now.alone - 1)
            yield (
                now.alone * self.service_rates[1],
                self._met(left._replace(held=left.held - 1)) if left.held else left,
            )

    def _end_of_talk(self, now: Pools) -> Iterable[tuple[float, Pools]]:
        if not now.talk:
            return
        ended, rate = now._replace(talk=now.talk - 1), now.talk * self.service_rates[0]
        yield rate * (1.0 - self.transfer), self._freed(ended)
        room = now.together + now.alone < self.servers[1]
        yield rate * self.transfer, self._met(ended) if room else ended._replace(held=ended.held + 1)

    @cached_property
    def _law(self) -> dict[Pools, float]:
        return long_run(Pools(0, 0, 0, 0, 0), self._moves)

    def _mean(self, of: Callable[[Pools], float]) -> float:
        return sum(p * of(state) for state, p in self._law.items())

    @property
    def delay_probability(self) -> float:
        """Share of new contacts that wait: every agent of pool 1 is taken."""
        return self._mean(lambda now: now.talk + now.held + now.together == self.servers[0])

    @property
    def mean_wait(self) -> float:
        """Mean wait of new contacts, however it ends."""
        return self._mean(lambda now: now.waiting) / self.arrival_rate

    @property
    def abandoned(self) -> float:
        """Share of new contacts that give up in pool 1's queue."""
        return self.mean_wait * self.patience_rates[0]

    @property
    def talking(self) -> float:
        """Share of pool 1's time in first talks."""
        return self._mean(lambda now: now.talk) / self.servers[0]

    @property
    def holding(self) -> float:
        """Share of pool 1's time held beside a contact that waits for pool 2."""
        return self._mean(lambda now: now.held) / self.servers[0]

    @property
    def handing_over(self) -> float:
        """Share of pool 1's time together with a second agent."""
        return self._mean(lambda now: now.together) / self.servers[0]

    @property
    def occupancy(self) -> float:
        """Share of pool 1's time that is taken."""
        return self.talking + self.holding + self.handing_over

    @property
    def transfer_rate(self) -> float:
        """Transfers asked for, per unit of time."""
        return self.transfer * self.service_rates[0] * self.talking * self.servers[0]

    @property
    def transfer_wait(self) -> float:
        """Mean wait of a transferred contact for pool 2."""
        return self.holding * self.servers[0] / self.transfer_rate

    @property
    def transfer_abandoned(self) -> float:
        """Share of transferred contacts that give up."""
        return self.transfer_wait * self.patience_rates[1]

    @property
    def second_occupancy(self) -> float:
        """Share of pool 2's time that is taken."""
        return self._mean(lambda now: now.together + now.alone) / self.servers[1]
