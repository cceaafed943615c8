"""Whisper: agents of one conversation write to each other behind the customer's back.

Whispering takes two who are in: agents in a conference or a pull conversation, or an agent and a supervisor.
Every agent of the conversation sees all whispers, also those sent before they came; no customer ever does.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.engine.clock import Process
from sim.engine.ranks import HANDLING_ENDS
from sim.scenario import Exponential
from sim.workload.draws import Draw

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.context import Context
    from sim.engine.conversation import Conversation

MINUTE_S = 60.0


class Whispers:
    """The whispers of one conversation, with all who could read them."""

    __slots__ = ("_context", "_conversation", "_said", "_talk")

    def __init__(self, conversation: "Conversation") -> None:
        self._context = conversation.context
        self._conversation = conversation
        self._said: list[tuple[float, str, list[str]]] = []
        self._talk = _Talk(conversation.context, self)

    def __len__(self) -> int:
        return len(self._said)

    @property
    def conversation(self) -> "Conversation":
        """The conversation they belong to."""
        return self._conversation

    def insiders(self) -> "list[Agent]":
        """Return the agents and supervisors who are in, in the order of their coming."""
        return [
            *(part.agent for part in self._conversation.parts),
            *(visit.supervisor for visit in self._conversation.visits),
        ]

    def allowed(self, sender: "Agent") -> bool:
        """Whether `sender` may whisper now: they are in, and not alone with the customer."""
        inside = self.insiders()
        return sender in inside and len(inside) > 1

    def send(self, sender: "Agent") -> bool:
        """Send a whisper to all others who are in; False where it is not allowed, which is recorded."""
        log = self._context.log
        if not self.allowed(sender):
            if log is not None:
                log.conversation("whisper_refused", self._conversation, sender.name)
            return False
        readers = [agent.name for agent in self.insiders()]
        self._said.append((self._context.clock.now, sender.name, readers))
        if log is not None:
            to = ", ".join(name for name in readers if name != sender.name)
            log.conversation("whisper", self._conversation, sender.name, to=to)
        return True

    def on_joined(self, agent: "Agent") -> None:
        """Show an agent who comes in what was said before."""
        for _, _, readers in self._said:
            if agent.name not in readers:
                readers.append(agent.name)

    def rate_per_minute(self) -> float:
        """Return how often they whisper now, all together; 0 while no one may."""
        if len(self.insiders()) < 2:
            return 0.0
        return self._conversation.whispers_per_minute()

    def on_insiders_changed(self) -> None:
        """Begin or end the talk as agents come and go."""
        self._talk.adjust()

    def close(self) -> None:
        """End the talk for good."""
        self._talk.end()
        del self._talk  # the two know each other; let go, both are freed at once

    def write(self) -> None:
        """Record all whispers."""
        record = self._context.recorder.whispers
        if record is not None:
            for at, sender, readers in self._said:
                record((self._conversation.id, at, sender, ", ".join(readers)))


class _Talk(Process):
    """The flow of whispers: a Poisson process at the rate of the moment."""

    __slots__ = ("_count", "_rate", "_whispers")

    def __init__(self, context: "Context", whispers: Whispers) -> None:
        super().__init__(context.clock)
        self._whispers = whispers
        self._count = 0
        self._rate = 0.0
        self.start(self._life())

    def adjust(self) -> None:
        """Draw the next whisper anew where the rate has changed: the gaps have no memory."""
        rate = self._whispers.rate_per_minute()
        if rate != self._rate:
            self._rate = rate
            self.token = 0
            self._time_next()

    def _life(self) -> Generator[None, Any, None]:
        while True:
            yield
            whispers = self._whispers
            inside = whispers.insiders()
            uniform = whispers.conversation.customer.uniform("whisper_sender", self._count)
            whispers.send(inside[int(uniform * len(inside))])
            self._time_next()

    def _time_next(self) -> None:
        if self._rate <= 0:
            return
        self._count += 1
        customer = self._whispers.conversation.customer
        gap = customer.drawn(GAP, self._count) / self._rate
        self.until(self.clock.now + gap, HANDLING_ENDS)


GAP = Draw("whisper_gap", "", Exponential(MINUTE_S))
