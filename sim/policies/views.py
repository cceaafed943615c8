"""Read-only views of requests, agents, queues and teams, as a policy sees them."""

from collections.abc import Mapping
from typing import Protocol


class QueueView(Protocol):
    """A queue as a policy sees it."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def priority(self) -> int:
        """Its own priority."""

    @property
    def waiting(self) -> int:
        """How many requests wait in it, the one being decided about included."""

    @property
    def available(self) -> int:
        """How many agents of any of its steps may be offered one more task: READY or ACTIVE."""

    @property
    def idle(self) -> int:
        """How many of the available agents have no task of its medium, open or ringing."""

    @property
    def longest_wait_s(self) -> float:
        """How long the one has waited who was placed first of all that wait in it, in seconds; 0 where nobody waits."""

    @property
    def in_time_share(self) -> float:
        """Share of the last 30 minutes' requests that were answered within the threshold of its service level.

        Of those that ended answered, abandoned, without an agent, sent away or at the wait limit; 1 where none has.
        Raises LookupError where the queue has no service level.
        """

    @property
    def capacity_per_s(self) -> float:
        """How many tasks a second the agents present of its first step close when all their slots are full."""


class TeamView(Protocol):
    """A team as a policy sees it."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def busy_share(self) -> float:
        """Share of its present agents who have a task or an offer, on any medium; 1 where nobody is present."""


class PolicyView(Protocol):
    """The centre at the moment of a decision."""

    @property
    def now_s(self) -> float:
        """The time, in seconds from opening."""

    @property
    def queues(self) -> Mapping[str, QueueView]:
        """The queues by name, in order of declaration."""

    @property
    def teams(self) -> Mapping[str, TeamView]:
        """The teams by name, in order of declaration."""


class RequestFacts(Protocol):
    """What does not change about a request while it waits; times in seconds from opening."""

    @property
    def id(self) -> int:
        """The number of the request."""

    @property
    def kind(self) -> str:
        """Inbound, transfer, named_transfer or conference."""

    @property
    def queue_name(self) -> str:
        """The queue it waits in."""

    @property
    def priority(self) -> int:
        """Its task priority: 1 to 10, 11 after a ring-out."""

    @property
    def queue_priority(self) -> int:
        """The priority of its queue."""

    @property
    def placed_at(self) -> float:
        """When it was placed."""

    @property
    def enqueued_at(self) -> float:
        """When it was queued last: a ring-out queues it anew."""


class RequestView(RequestFacts, Protocol):
    """A request as a policy sees it at the moment of its decision."""

    @property
    def queue(self) -> QueueView:
        """The queue it waits in, in its present state."""

    @property
    def waited_s(self) -> float:
        """How long it has waited since it was placed, over ring-outs as well, in seconds."""

    @property
    def view(self) -> PolicyView:
        """The whole centre at this moment."""

    @property
    def step(self) -> int:
        """The step of the queue that is being looked through, counted from 1; an agent's own first one."""


class AgentFacts(Protocol):
    """An agent on the medium of a request, by what they have and had to do there."""

    @property
    def name(self) -> str:
        """The name: team and number."""

    @property
    def team_name(self) -> str:
        """The team."""

    @property
    def rank(self) -> int:
        """The place in the order of declaration: the last tie-break."""

    @property
    def tasks(self) -> int:
        """How many tasks of this medium the agent holds or is being offered."""

    @property
    def max_tasks(self) -> int:
        """How many tasks of this medium the agent may have."""

    @property
    def ready_since(self) -> float:
        """When the agent last became READY on this medium, in seconds from opening."""

    @property
    def offered_last(self) -> int:
        """The number of the latest offer among all offers, 0 before the first."""

    def skill(self, queue: str) -> int:
        """Return the level in the attribute that bears the queue's name, 0 without."""


class AgentView(AgentFacts, Protocol):
    """An agent on the medium of a request, as a policy sees them."""

    @property
    def view(self) -> PolicyView:
        """The whole centre at this moment."""
