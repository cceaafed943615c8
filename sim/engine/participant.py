"""A part in a conversation: what handling and barging in have in common."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.engine.clock import Process

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.context import Context
    from sim.engine.conversation import Conversation
    from sim.engine.desk import Desk
    from sim.engine.queue import WaitingQueue
    from sim.engine.request import Request
    from sim.engine.router import Router


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


NEVER = float("nan")


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
