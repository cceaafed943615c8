"""A conversation: one customer's contact, the one request that may be pending for it, and the agents in it."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.engine.clock import Process
from sim.engine.request import Request
from sim.engine.whisper import Whispers
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.context import Context
    from sim.engine.customer import Customer
    from sim.engine.desk import Desk
    from sim.engine.queue import WaitingQueue
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
        "outcome", "parts", "pending", "queue", "requested_at", "router", "total_wait",
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
        # Answered once: a transfer or a guest changes neither the answer nor the wait.
        if self.agents > 1:
            if len(self.parts) > 1 or self.whispers is not None:
                self.gather(agent)
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
        if self.whispers is not None or len(self.parts) > 1:
            self.on_insiders_changed()
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
        if self.whispers is not None:
            self.whispers.on_joined(agent)
        self.on_insiders_changed()

    def on_insiders_changed(self) -> None:
        """Follow a coming or leaving with the rate of the whispers, which begin where there is one."""
        if self.whispers is None:
            if self.whispers_per_minute() <= 0 or self.outcome is not None:
                return
            self.whispers = Whispers(self)
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


# The signals between the agents of a conversation.


@dataclass(frozen=True, slots=True)
class Departure:
    """An agent's leaving: how their task ends, and the request by which the conversation goes on."""

    disposition: str
    onward: "Request | None" = None


@dataclass(frozen=True, slots=True)
class Joined:
    """The colleague who was called has joined."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """The search has ended without an agent."""

    request: "Request"


@dataclass(frozen=True, slots=True)
class TogetherOver:
    """The time together is over: the joint time of a conference, or the handover of a warm transfer.

    `host_leaves` says whether the agent who had asked leaves now.
    """

    host_leaves: bool


@dataclass(frozen=True, slots=True)
class CustomerLeft:
    """The customer has left."""


Signal = Joined | Nobody | TogetherOver | CustomerLeft


# Their parts: what handling and barging in have in common.


class Participant(Process):
    """An agent in a conversation, as a process that hears the signals of the others.

    `left` is the work still to do, in seconds at full pace, and `goal` how much of it is left when they next
    do something else; `since` is when they last went on with it.
    """

    __slots__ = (
        "_hearing", "_mail", "agent", "answered_at", "context", "conversation", "desk", "goal", "left", "queue",
        "router", "since", "wrap_up_at",
    )  # fmt: skip

    def __init__(self, conversation: "Conversation", queue: "WaitingQueue", desk: "Desk") -> None:
        # `Process.__init__`, written out: a call less for each task.
        self.context: Context = conversation.context
        self.router: Router = conversation.router
        self.clock = clock = self.context.clock
        self.conversation = conversation
        self.queue = queue
        self.desk = desk
        self.agent: Agent = desk.agent
        self.answered_at = clock.now
        self.left = self.goal = self.since = 0.0
        self.wrap_up_at = NEVER
        self.token = 0
        self._callbacks = None
        self._hearing = False
        self._mail: Signal | None = None

    def write(self, disposition: str, ended_at: float) -> None:
        """Record the task."""
        raise NotImplementedError

    def tell(self, signal: Signal) -> None:
        """Deliver a signal, at once where the process waits, else as soon as it would wait."""
        # The latest signal is kept until the process would wait: a customer who has left outdates what came before.
        if self._hearing:
            self.wake(signal)
        else:
            self._mail = signal

    def hear(self) -> Generator[None, Signal, Signal]:
        """Wait for a signal without working."""
        signal = self._mail
        if signal is None:
            self._hearing = True
            signal = yield
            self._hearing = False
        self._mail = None
        return signal

    def work(self, goal: float) -> Generator[None, Signal | None, Signal | None]:
        """Work until `goal` is left; return the signal that interrupted it, or None."""
        self.goal = goal
        signal = self._mail
        if signal is None:
            self.desk.begin(self)
            self._hearing = True
            signal = yield
            self._hearing = False
            self.desk.stop(self)
        self._mail = None
        if signal is None:
            self.left = goal
        return signal

    def work_through(self, amount_s: float) -> Generator[None, Signal | None, Signal | None]:
        """Work apart from what is left; return the signal that interrupted it, or None."""
        later, self.left = self.left, amount_s
        signal = yield from self.work(0.0)
        self.left = later
        return signal

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f"the task of {self.agent.name} in conversation {self.conversation.id}"

    def break_off(self) -> Departure:
        """Stop at an interrupt, whatever was being done, and return how the task ends."""
        self._hearing = False
        self._mail = None
        self.token = 0
        if self in self.desk.works:
            self.desk.stop(self)
        return Departure("DONE")

    # A conversation that goes back to its queue.

    @property
    def may_go_back(self) -> bool:
        """Whether their conversation may go back to its queue: that of an agent who has not left it."""
        return False

    @property
    def order(self) -> int:
        """Their place among the parts of an agent."""
        return 0

    def takes_over_from(self, host: "Participant") -> bool:
        """Whether they are in for a warm transfer that is not done yet."""
        del host
        return False

    def work_left(self) -> float:
        """Return the work that is left at this moment, in seconds at full pace."""
        if not self._hearing or not self.token:
            return self.left
        return self.left - (self.clock.now - self.since) * self.desk.rate
