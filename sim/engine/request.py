"""A request: one search for an agent, from its placing to its end, over all offers."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from simpy.events import PENDING

from sim.engine.clock import Awaitable, Clock

if TYPE_CHECKING:
    from sim.engine.agent import Agent, Desk
    from sim.engine.conversation import Conversation
    from sim.engine.handling import Handling
    from sim.engine.participant import Participant
    from sim.engine.queue import WaitingQueue

_NEVER, _FOREVER = float("nan"), float("inf")
NOT_PLACED, QUEUED, RINGING, ENDED = range(4)


class Request(Awaitable):
    """A search for an agent.

    `host` is the part of the agent who asked for it and stays in the conversation: in a conference or a warm
    transfer. `named` is the desk of the agent that a direct transfer names. `wants_second` is the part of the
    agent who has joined from a list, while a second one is welcome.
    """

    __slots__ = (
        "answered_at", "balked", "conversation", "desk", "direction", "enqueued_at", "expired",
        "expires_at", "first_offer_at", "from_queue", "host", "id", "kind", "level", "named", "note",
        "offer_token", "offers", "outcome", "placed_at", "placed_priority", "priority", "queue",
        "requester", "reserved_at", "ring_outs", "router", "rung", "shown", "state", "step_token",
        "task_id", "ticket", "ttl_token", "wants_second", "warm", "will_accept",
    )  # fmt: skip
    # Set when it is placed, queued or offered, before anybody asks:
    placed_at: float
    enqueued_at: float
    reserved_at: float
    level: int
    task_id: int
    will_accept: bool

    def __init__(self, conversation: "Conversation", queue: "WaitingQueue", kind: str, priority: int) -> None:
        self.router = router = conversation.router
        self.conversation = conversation
        self.queue = queue
        self.kind = kind
        self.priority = self.placed_priority = priority
        self.id = router.requests = router.requests + 1
        self.state = NOT_PLACED
        self._callbacks = None
        self.outcome = "unfinished"
        self.direction = "INBOUND"
        self.expires_at = _FOREVER
        self.first_offer_at = self.answered_at = _NEVER
        self.ticket = self.offers = self.ring_outs = self.shown = 0
        self.offer_token = self.ttl_token = self.step_token = 0
        self.expired = self.note = self.balked = self.warm = False
        self.rung: tuple[Agent, ...] = ()
        self.desk: Desk | None = None
        self.named: Desk | None = None
        self.requester: Agent | None = None
        self.from_queue: str | None = None
        self.host: Handling | None = None
        self.wants_second: Participant | None = None

    # What a policy may look at.

    @property
    def queue_name(self) -> str:
        """The queue it waits in."""
        return self.queue.name

    @property
    def queue_priority(self) -> int:
        """The priority of its queue."""
        return self.queue.priority

    # As other SimPy code sees it.

    @property
    # No slot: it is asked for only by those who wait, and set for each request otherwise.
    def clock(self) -> Clock:  # type: ignore[override]
        """The clock."""
        return self.conversation.context.clock

    @property
    def _value(self) -> Any:
        """PENDING until the search ends, then its outcome."""
        return self.outcome if self.state == ENDED else PENDING

    # What the calendar says: the timers of the queue, each with the token that counts.

    def fire(self, token: int) -> None:
        """Do what was due: the end of an offer, the time-to-live, or the next step."""
        # The token says which timer it was; one that was set anew or stopped matches none and does nothing.
        if token == self.offer_token:
            self.offer_token = 0
            self.router.offers.on_offer_ended(self)
        elif token == self.step_token:
            self.router.open_next_step(self)
        elif token == self.ttl_token:
            self.router.on_ttl_expired(self)

    @property
    def listed(self) -> bool:
        """Whether it stands on a list, on which nothing is queued or reserved; a named one rings instead."""
        return self.queue.pull is not None and self.kind != "named_transfer"

    def bars(self, agent: "Agent") -> bool:
        """Whether `agent` may not get it."""
        # Asked for each entry that is passed in a queue, and nearly always answered here without building the set.
        if self.requester is None and not self.rung and not self.conversation.parts:
            return False
        return agent in self.barred()

    def unseen(self) -> "Collection[Agent]":
        """Return those whom the dropdown leaves out: who is in the conversation, and who is asking."""
        unseen = {part.agent for part in self.conversation.parts}
        if self.requester is not None:
            unseen.add(self.requester)
        return unseen

    def barred(self) -> "set[Agent]":
        """Return those who may not get it: who is in the conversation, and who is excluded by the policy."""
        barred = {part.agent for part in self.conversation.parts}
        routing = self.conversation.context.scenario.routing
        if self.requester is not None and routing.exclude_requester:
            barred.add(self.requester)
        if routing.ring_memory == "exclude":
            barred.update(self.rung)
        return barred

    def row(self, now: float) -> tuple[object, ...]:
        """Return its row in the table of requests; one that is still open has no end."""
        conversation = self.conversation
        answered = self.outcome == "answered"
        agent = self.desk.agent if answered and self.desk is not None else None
        open_still = self.outcome == "unfinished"
        return (
            self.id, conversation.id, self.kind, self.queue.name, conversation.channel,
            conversation.customer.label, self.placed_priority, self.placed_at, self.first_offer_at,
            self.answered_at, _NEVER if open_still else now, self.outcome, now - self.placed_at, self.offers,
            self.ring_outs, agent.name if agent is not None else None,
            self.requester.name if self.requester is not None else None, self.from_queue, self.warm, self.note,
            self.shown, self.balked,
        )  # fmt: skip
