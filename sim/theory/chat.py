"""A chat team whose agents hold several chats at once, each slowed down by the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sim.theory.birth_death import at_least, positive
from sim.theory.networks import long_run

Team = tuple[tuple[int, ...], int]
"""Chats held by each agent, in rising order, and the number of chats waiting."""


@dataclass(frozen=True)
class ChatTeam:
    """Agents with up to len(paces) chats each; work per chat is exponential with mean 1.

    An agent who holds k chats serves each of them at rate `paces[k-1]`, re-paced whenever k changes. A chat
    goes to the agent with the fewest (`spread`) or the most chats among those with room. If all are full it
    waits, first come first served, with exponential patience. The chain of (chats by agent, queue) is solved
    exactly, the queue cut at `longest`.

    Raises:
        SimError: no agents, or a rate or pace that is not positive.

    """

    agents: int
    arrival_rate: float
    patience_rate: float
    paces: tuple[float, ...]
    spread: bool = True
    longest: int = 120

    def __post_init__(self) -> None:
        at_least(1, agents=self.agents, longest=self.longest)
        positive(arrival_rate=self.arrival_rate, patience_rate=self.patience_rate)
        for pace in self.paces:
            positive(pace=pace)

    def _moves(self, state: Team) -> Iterable[tuple[float, Team]]:
        held, waiting = state
        open_to = [chats for chats in held if chats < len(self.paces)]
        if open_to:
            chosen = min(open_to) if self.spread else max(open_to)
            yield self.arrival_rate, (_exchange(held, chosen, chosen + 1), 0)
        elif waiting < self.longest:
            yield self.arrival_rate, (held, waiting + 1)
        yield waiting * self.patience_rate, (held, waiting - 1)
        for chats in held:
            if chats:
                left = (held, waiting - 1) if waiting else (_exchange(held, chats, chats - 1), 0)
                yield chats * self.paces[chats - 1], left

    @cached_property
    def _law(self) -> dict[Team, float]:
        return long_run(((0,) * self.agents, 0), self._moves)

    @property
    def delay_probability(self) -> float:
        """Share of chats that wait: the share of time in which every slot is taken."""
        full = len(self.paces) * self.agents
        return sum(p for (held, _), p in self._law.items() if sum(held) == full)

    @property
    def queue_length(self) -> float:
        """Mean number of chats waiting."""
        return sum(p * waiting for (_, waiting), p in self._law.items())

    @property
    def mean_wait(self) -> float:
        """Mean wait of all chats, by Little's law."""
        return self.queue_length / self.arrival_rate

    @property
    def abandoned(self) -> float:
        """Share of chats that give up."""
        return self.mean_wait * self.patience_rate

    @property
    def in_service(self) -> float:
        """Mean number of chats being handled."""
        return sum(p * sum(held) for (held, _), p in self._law.items())

    @property
    def slot_use(self) -> float:
        """Share of all slots that is taken."""
        return self.in_service / (self.agents * len(self.paces))

    @property
    def busy(self) -> float:
        """Share of the agents' time with at least one chat."""
        return sum(p * sum(chats > 0 for chats in held) for (held, _), p in self._law.items()) / self.agents

    @property
    def handle_time(self) -> float:
        """Mean time from answer to end, by Little's law."""
        return self.in_service / (self.arrival_rate * (1.0 - self.abandoned))

    @property
    def concurrency(self) -> float:
        """Mean number of chats that a busy agent holds."""
        return self.in_service / (self.agents * self.busy)


def _exchange(held: tuple[int, ...], old: int, new: int) -> tuple[int, ...]:
    """Return the team after one agent goes from `old` to `new` chats; agents are alike, so sorted."""
    rest = list(held)
    rest.remove(old)
    return tuple(sorted([*rest, new]))
