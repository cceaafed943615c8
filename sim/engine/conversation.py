"""A conversation: one customer's contact, the agents in it, and the one request that may be pending for it."""

from typing import TYPE_CHECKING

from sim.engine.participant import CustomerLeft, Nobody
from sim.engine.request import RINGING, Request
from sim.engine.whisper import Whispers
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.context import Context
    from sim.engine.customer import Customer
    from sim.engine.participant import Participant
    from sim.engine.router import Router
    from sim.engine.supervision import Visit

NEVER = float("nan")

MOST_AT_ONCE = 50
"""Requests of a conversation at one instant from which on it goes round without time passing."""


def standstill(now: float, conversation: int) -> SimError:
    """Return the mistake of a conversation that goes round without time passing."""
    return SimError(
        f"{now:.1f} s after opening, conversation {conversation}: more than {MOST_AT_ONCE} transfers and"
        " conferences are asked for at one instant, and the day would not end; let the work before"
        " (`after`, `handle_time`) or the accepting (`accept.delay`) take some time"
    )


class Conversation:
    """One contact from its arrival to its end.

    `parts` are the parts of the agents who are in it; an agent in wrap-up is out. `pending` is the one request
    that may be open for it (R2.3).
    """

    __slots__ = (
        "_asked", "_asked_at", "_talk_rate", "_waiting_since", "agents", "answered_at",
        "arrived_at", "attempt", "channel", "conferences", "context", "customer", "ended_at", "id", "last_agent",
        "monitors", "outcome", "parts", "pending", "queue", "requested_at", "router", "total_wait",
        "transfers", "visits", "wait", "whispers",
    )  # fmt: skip

    def __init__(
        self, context: "Context", router: "Router", customer: "Customer", number: int, attempt: int
    ) -> None:
        self.context = context
        self.router = router
        self.customer = customer
        self.id = number
        self.attempt = attempt
        self.channel = customer.stream.channel
        self.queue = customer.stream.queues[customer.contact]
        self.arrived_at = context.clock.now
        self.requested_at = self.answered_at = self.ended_at = self.wait = NEVER
        self._waiting_since: float | None = None
        self.total_wait = self._talk_rate = 0.0
        self._asked_at = NEVER
        self._asked = 0
        self.agents = self.transfers = self.conferences = 0
        self.outcome: str | None = None
        self.last_agent: str | None = None
        self.pending: Request | None = None
        self.whispers: Whispers | None = None
        self.parts: list[Participant] = []
        self.monitors: tuple[Agent, ...] = ()
        self.visits: tuple[Visit, ...] = ()

    # The customer waits.

    def start_waiting(self, request: Request) -> None:
        """Start the customer's wait for `request`, as long as their patience lasts; they have no agent meanwhile."""
        if self._waiting_since is None:
            self._waiting_since = self.context.clock.now
        self.customer.wait_for(request)

    def on_ttl_while_ringing(self) -> None:
        """Extend a customer's wait beyond the time-to-live of the request."""
        if self._waiting_since is not None:
            self.customer.on_ttl_while_ringing()

    def _stop_waiting(self) -> None:
        if self._waiting_since is None:
            return
        self.customer.token = 0
        waited = self.context.clock.now - self._waiting_since
        self.total_wait += waited
        self._waiting_since = None
        # NaN, so the first agent is still to come: only this wait is the contact's.
        if self.wait != self.wait:
            self.wait = waited

    # Agents come and go.

    def count_request(self) -> None:
        """Count an agent's request. Raises SimError where no time passes between very many of them."""
        now = self.context.clock.now
        self._asked = self._asked + 1 if now == self._asked_at else 1
        self._asked_at = now
        if self._asked > MOST_AT_ONCE:
            raise standstill(now, self.id)

    def admit(self, part: "Participant", event: str = "agent_joined") -> None:
        """Admit an agent: all who accept have the same rights."""
        if self._waiting_since is not None:
            self._stop_waiting()
        context, agent = self.context, part.agent
        self.parts.append(part)
        self.agents += 1
        self.last_agent = agent.name
        if context.log is not None:
            context.log.conversation(event, self, agent.name, queue=part.queue.name)
        if len(self.parts) > 1 or self.whispers is not None:
            self.gather(agent)
        # Answered once: a transfer or a guest changes neither the answer nor the wait.
        if self.agents > 1:
            return
        self.answered_at = part.answered_at
        if self.wait != self.wait:
            self.wait = self.answered_at - self.requested_at
        if context.supervisors is not None:
            context.supervisors.on_first_answer(self)

    def leave(self, part: "Participant", onward: Request | None = None) -> None:
        """Release an agent; with the last one the conversation is over, unless a transfer goes on."""
        self.parts.remove(part)
        if self.pending is not None and self.pending.host is part:
            self.pending.host = None
        if self.context.log is not None:
            self.context.log.conversation("agent_left", self, part.agent.name)
        if self.whispers is not None:
            self.whispers.on_insiders_changed()
        if self.visits and not self.parts:
            for visit in self.visits:
                visit.wake("over")
        if onward is not None or self.outcome is not None:
            return
        pending = self.pending
        if self.parts:
            # The agent who asked for a warm transfer holds the customer, who has no one to talk to from now on.
            if pending is not None and pending.warm and self.parts == [pending.host]:
                self.start_waiting(pending)
            return
        if pending is None:
            self.end("handled")
        # With no agent left to join, a conference is over; a transfer takes the customer over.
        elif pending.kind == "conference":
            self.router.withdraw(pending, "cancelled")
            self.end("handled")
        else:
            self.start_waiting(pending)

    # Several who are in.

    def set_talk_rate(self, whispers_per_minute: float) -> None:
        """Set how much the agents of this conversation whisper while two or more are in."""
        self._talk_rate = whispers_per_minute

    def whispers_per_minute(self) -> float:
        """Return the rate of the agents' whispers, plus that of the supervisors where one is in."""
        rate = self._talk_rate if len(self.parts) > 1 else 0.0
        supervision = self.context.supervisors
        if supervision is not None and supervision.is_in(self):
            rate += supervision.whispers_per_minute
        return rate

    def gather(self, agent: "Agent") -> None:
        """Open the whispers to an agent or supervisor who has come in, from the second one on."""
        if self.whispers is None:
            if self.whispers_per_minute() <= 0:
                return
            self.whispers = Whispers(self)
        self.whispers.on_joined(agent)
        self.whispers.on_insiders_changed()

    def on_no_agent(self, request: Request) -> None:
        """Go on after a search that found no agent: with those who are in, or not at all."""
        if request.host is not None:
            self._stop_waiting()
            request.host.tell(Nobody(request))
        elif not self.parts:
            self.end(request.outcome)

    def block(self, reason: str) -> None:
        """End the contact before it could wait."""
        if self.context.log is not None:
            self.context.log.conversation("blocked", self, reason=reason)
        self.end("blocked")

    def on_customer_leaves(self) -> None:
        """End the contact of a customer whose patience is over; what is pending for them is withdrawn."""
        pending = self.pending
        if pending is not None:
            self.router.withdraw(pending, "abandoned")
        self.end("abandoned")
        # After `end`: the last to leave must find the outcome set. A copy, as each takes itself off the list.
        for part in tuple(self.parts):
            part.tell(CustomerLeft())

    def end(self, outcome: str) -> None:
        """Close the conversation."""
        if self._waiting_since is not None:
            self._stop_waiting()
        self.outcome = outcome
        self.ended_at = self.context.clock.now
        if self.context.log is not None:
            self.context.log.conversation("conversation_ended", self, outcome=outcome)
        # The row before the whispers are closed, as it counts them.
        if self.whispers is not None or self.context.recorder.conversations is not None:
            self.write()
        if self.whispers is not None:
            self.whispers.close()
            self.whispers = None
        self.customer.on_conversation_ended()

    # Records.

    def task_row(self, request: Request, disposition: str) -> None:
        """Record an attempt to serve that no agent accepted."""
        record = self.context.recorder.tasks
        if record is None:
            return
        now = self.context.clock.now
        desk = request.desk if request.state == RINGING else None
        reserved = request.reserved_at if desk is not None else NEVER
        record(
            (
                request.task_id, self.id, request.id,
                desk.agent.word if desk is not None else None,
                request.queue.name, self.channel, request.direction,
                "AGENT" if request.kind == "named_transfer" else "QUEUE",
                "PULL" if request.listed else "PUSH", request.priority,
                NEVER if request.listed else request.enqueued_at, reserved, NEVER, NEVER, now, disposition,
            )
        )  # fmt: skip

    def write(self) -> None:
        """Record the contact; one that is still open has no end."""
        if self.whispers is not None:
            self.whispers.write()
        record = self.context.recorder.conversations
        if record is None:
            return
        customer = self.customer
        record(
            (
                self.id, customer.number, self.attempt, customer.stream.name, self.channel, self.queue,
                customer.label, customer.identified, self.arrived_at, self.requested_at, self.answered_at,
                self.ended_at, self.outcome or "unfinished", self.wait, self.total_wait, self.agents,
                self.transfers, self.conferences, len(self.whispers or ()), self.last_agent,
            )
        )  # fmt: skip
