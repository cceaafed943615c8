"""Who is in a conversation, and who is being looked for, as its events pass by."""

from dataclasses import dataclass
from typing import Any, Literal

from sim.records.events import Event

Leaving = Literal["", "transfer", "handover"]


@dataclass(slots=True)
class Search:
    """A request as the events tell it: who asked for whom, and when.

    `requester` is the agent who placed it, None for the customer's own. `rings_since` is when the present
    offer began to ring.
    """

    kind: str
    queue: str
    placed_at: float
    note: bool = False
    warm: bool = False
    requester: str | None = None
    named: str | None = None
    rings_since: float = 0.0


class ConversationState:
    """A conversation at the instant of its latest event.

    `agents` are in it, in the order of their coming; `monitors` look in silently. `searches` are the open
    requests by number, of which the platform allows one. `entered` is the search that brought the latest
    agent, `search` the one that the latest event is about.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.channel = ""
        self.customer = 0
        self.label: str | None = None
        self.identified = False
        self.customer_is_in = False
        self.agents: list[str] = []
        self.monitors: list[str] = []
        self.searches: dict[int, Search] = {}
        self.search: Search | None = None
        self.leaving: Leaving = ""
        self.receiver: str | None = None
        self.waited: float | None = None
        self.asking: str | None = None
        self._placed: dict[str, Any] = {}
        self._entering: Search | None = None
        self._hosts: dict[str, str] = {}
        self._hands_on: str | None = None
        self._waits_since: float | None = None

    @property
    def insiders(self) -> list[str]:
        """The agents who are in, and the supervisors who look in."""
        return self.agents + self.monitors

    @property
    def waiting(self) -> bool:
        """Whether the customer has no agent to talk to and waits."""
        return self._waits_since is not None

    def take(self, event: Event) -> None:
        """Follow an event."""
        self.search = self.searches.get(event.request)
        self.leaving, self.waited = "", None
        change = getattr(self, f"_{event.name}", None)
        if change is not None:
            change(event)

    # The customer.

    def _arrived(self, event: Event) -> None:
        detail = event.detail
        self.customer_is_in = True
        self.channel = detail["channel"]
        self.customer = detail["customer"]
        self.label = detail["label"]
        self.identified = detail["identified"]

    def _conversation_ended(self, event: Event) -> None:
        self._stops_waiting(event)
        self.customer_is_in = False

    def _waits(self, event: Event) -> None:
        if self._waits_since is None:
            self._waits_since = event.at

    def _stops_waiting(self, event: Event) -> None:
        if self._waits_since is not None:
            self.waited = event.at - self._waits_since
            self._waits_since = None

    # Agents come and go.

    def _accepted(self, event: Event) -> None:
        self._entering = self.searches.pop(event.request, None)

    def _agent_joined(self, event: Event) -> None:
        self._enter(event)
        self.search, self._entering = self._entering, None
        if self.search is not None and self.search.warm and self.search.requester is not None:
            self._hosts[self.search.requester] = _whom(event)

    def _barged_in(self, event: Event) -> None:
        self._enter(event)

    def _enter(self, event: Event) -> None:
        self._stops_waiting(event)
        self.agents.append(_whom(event))

    def _agent_left(self, event: Event) -> None:
        agent = _whom(event)
        self.agents.remove(agent)
        self.receiver = self._hosts.pop(agent, None)
        if agent == self._hands_on:
            self.leaving, self._hands_on = "transfer", None
        elif self.receiver in self.agents and self.customer_is_in:
            self.leaving = "handover"
        if not self.agents and self.customer_is_in and self.searches:
            self._waits(event)

    def _monitor_joined(self, event: Event) -> None:
        self.monitors.append(_whom(event))

    def _monitor_left(self, event: Event) -> None:
        self.monitors.remove(_whom(event))

    # Searches.

    def _dropdown_opened(self, event: Event) -> None:
        self.asking = event.agent

    def _transfer_placed(self, event: Event) -> None:
        self._placed = {
            "requester": event.agent,
            "warm": event.detail["warm"],
            "named": event.detail["named"],
        }
        if not event.detail["warm"]:
            self._hands_on = event.agent

    def _conference_placed(self, event: Event) -> None:
        self._placed = {"requester": event.agent}

    def _request_placed(self, event: Event) -> None:
        detail = event.detail
        self.search = Search(detail["kind"], event.queue or "", event.at, detail["note"], **self._placed)
        self._placed = {}
        self.searches[event.request] = self.search
        if not self.agents or (self.search.warm and len(self.agents) == 1):
            self._waits(event)

    def _request_refused(self, event: Event) -> None:
        self.search = Search(event.detail["kind"], event.queue or "", event.at, requester=self.asking)

    def _offered(self, event: Event) -> None:
        if self.search is not None:
            self.search.rings_since = event.at

    def _no_agent(self, event: Event) -> None:
        self._closed(event)
        if self.agents:
            self._stops_waiting(event)  # on hold for a warm transfer: the agent is back

    def _closed(self, event: Event) -> None:
        self.searches.pop(event.request, None)

    def _request_abandoned(self, event: Event) -> None:
        self._closed(event)
        self._stops_waiting(event)

    _disconnected = _request_cancelled = _balked = _request_moved = _wait_limit_reached = _closed


def _whom(event: Event) -> str:
    assert event.agent is not None
    return event.agent
