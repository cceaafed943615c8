"""The event log: everything that happens, in the vocabulary of the domain, where a run was asked for it."""

from typing import TYPE_CHECKING, Any

from sim.engine.clock import Clock
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.engine.conversation import Conversation
    from sim.engine.invariants import Invariants
    from sim.engine.request import Request
    from sim.records.recorder import Append


class Log:
    """Writes events."""

    __slots__ = ("_append", "_clock", "_media", "_seq", "watch")

    def __init__(self, scenario: Scenario, clock: Clock, append: "Append") -> None:
        self._media = {name: channel.medium for name, channel in scenario.channels.items()}
        self._clock = clock
        self._append = append
        self._seq = 0
        self.watch: Invariants | None = None

    def request(self, event: str, request: "Request", **detail: Any) -> None:
        """Write what happened to a request."""
        if self.watch is not None:
            self.watch.on_request(event, request)
        desk = request.desk
        agent = desk.agent.name if desk is not None else None
        self._write(event, request.conversation, request.id, agent, request.queue.name, detail)

    def member(self, event: str, request: "Request", agent: str) -> None:
        """Write what a member of a list does about a request on it."""
        self._write(event, request.conversation, request.id, agent, request.queue.name, {})

    def conversation(
        self, event: str, conversation: "Conversation", agent: str | None = None, **detail: Any
    ) -> None:
        """Write what happened in a conversation."""
        if self.watch is not None:
            self.watch.on_conversation(event, conversation, agent)
        queue = detail.pop("queue", None)
        self._write(event, conversation, 0, agent, queue, detail)

    def arrival(self, conversation: "Conversation") -> None:
        """Write that a customer makes contact."""
        customer = conversation.customer
        self.conversation(
            "arrived", conversation, queue=conversation.queue, channel=conversation.channel,
            customer=customer.number, label=customer.label, identified=customer.identified,
        )  # fmt: skip

    def _write(
        self,
        event: str,
        conversation: "Conversation",
        request: int,
        agent: str | None,
        queue: str | None,
        detail: dict[str, Any],
    ) -> None:
        self._seq += 1
        medium = self._media[conversation.channel]
        self._append(
            (self._seq, self._clock.now, event, conversation.id, request, agent, queue, medium, detail)
        )
