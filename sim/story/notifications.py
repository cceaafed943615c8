"""What the platform tells customers and agents: a projection of the events, made after the run.

The engine knows no texts. Each row of the table of notices that fits an event gives one notification. A whisper
never has a customer in its audience, and a supervisor who looks in silently is not announced. `TEMPLATES` is the
one table of these texts, which are the user guide's word for word, with its full stops and its lower case; what
goes beyond the guide has the texts of later versions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.records.events import Event, Rows, read_events
from sim.story.conversation import ConversationState

if TYPE_CHECKING:
    import pandas as pd


class Audience(StrEnum):
    """Who gets a notice; a supervisor who looks in silently counts as an agent who is in."""

    CUSTOMER = "the customer"
    AGENT = "the agent concerned"
    REQUESTER = "the agent who asked"
    AGENTS = "all agents in the conversation"
    OTHER_AGENTS = "all other agents in the conversation"
    OTHERS = "all other participants, the customer included"


class Kind(StrEnum):
    """Where a notice shows."""

    TOAST = "toast"
    HISTORY = "history"
    MESSAGE = "customer message"
    POP_UP = "pop-up"
    CLOSE_NOTICE = "close notice"
    ERROR = "error"
    WHISPER = "whisper"


@dataclass(frozen=True, slots=True)
class Template:
    """A row of the table.

    `number` is that of the notice: N of the platform's documented notices, U of the texts of the agent desk.
    `when` are the facts that must hold, each with the values it may have: `kind` of the request concerned,
    `warm`, `leaving` (why an agent leaves: "transfer", "handover" of a warm one, "" else). `order` is the place
    among the notices of the same instant. `text` names in braces what is put in: agent, requester, receiver,
    queue, channel, whom (the customer where they are known by name), note.
    """

    number: str
    event: str
    order: int
    audience: Audience
    kind: Kind
    text: str
    when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    source: str = ""

    def fits(self, facts: Mapping[str, Any]) -> bool:
        """Whether it is given, the facts being so."""
        return all(facts.get(name) in values for name, values in self.when.items())


TRANSFER = ("transfer",)
NAMED = ("named_transfer",)
TRANSFERS = TRANSFER + NAMED
ENTERING = ("inbound", "rerouted")
CONFERENCE = ("conference",)
COLD = {"warm": (False,)}
WARM = {"warm": (True,)}
_A, _K = Audience, Kind

TEMPLATES: tuple[Template, ...] = (
    # A transfer is placed: the agent's notices, the customer's, then the agent is out.
    Template("N1", "transfer_placed", 1, _A.REQUESTER, _K.CLOSE_NOTICE,
           "Conversation is closed due to CHAT TRANSFERRED", COLD, "guide, transfer 4"),
    Template("N14", "transfer_placed", 2, _A.REQUESTER, _K.HISTORY,
           "Agent transfer request has been placed", {"kind": NAMED, **COLD}, "version 4.5"),
    Template("N2", "transfer_placed", 3, _A.REQUESTER, _K.TOAST,
           "Transfer request placed successfully", COLD, "guide, transfer 4"),
    Template("N3", "transfer_placed", 4, _A.CUSTOMER, _K.MESSAGE,
           "Your request is being transferred to {queue}, please wait!", COLD, "guide, transfer 6"),
    Template("N4", "agent_left", 5, _A.CUSTOMER, _K.MESSAGE,
           "{agent} has left", {"leaving": ("transfer",)}, "guide, transfer 6"),
    Template("N12", "agent_left", 6, _A.OTHER_AGENTS, _K.HISTORY,
           "{agent} left the conversation", {"leaving": ("transfer",)}, "guide, conference 11"),
    Template("N17", "transfer_placed", 1, _A.REQUESTER, _K.HISTORY,
           "Queue Consult Request has been placed", {"kind": TRANSFER, **WARM}, "version 4.5.2"),
    Template("N17", "transfer_placed", 1, _A.REQUESTER, _K.HISTORY,
           "Agent Consult Request has been placed", {"kind": NAMED, **WARM}, "version 4.5.2"),
    # A conference is placed.
    Template("N8", "conference_placed", 1, _A.REQUESTER, _K.TOAST,
           "a conference request has been placed successfully.", source="guide, conference 7"),
    Template("N9", "conference_placed", 2, _A.REQUESTER, _K.HISTORY,
           "Conference request has been successfully placed", source="guide, conference 8"),
    Template("N16", "request_refused", 1, _A.REQUESTER, _K.ERROR,
           "A request is already in process", source="version 4.5.1, which gives no text"),
    # An agent is offered a conversation, or sees it on their list.
    Template("N5", "offered", 1, _A.AGENT, _K.POP_UP,
           "[{channel}] Transfer request{whom}{note} [Accept]", {"kind": TRANSFERS, **COLD},
           "guide, receiving a transfer 1"),
    Template("N10", "offered", 1, _A.AGENT, _K.POP_UP,
           "Conference Chat request from {requester}{whom}{note} [Accept]", {"kind": CONFERENCE},
           "guide, conference 9"),
    Template("U7", "offered", 1, _A.AGENT, _K.POP_UP,
           "Consult request from {requester}{whom}{note} [Accept]", {"kind": TRANSFERS, **WARM}, "agent desk"),
    Template("U8", "offered", 1, _A.AGENT, _K.POP_UP,
           "CHAT REQUESTED – Incoming chat request on push mode on {channel}{whom} [Accept]",
           {"kind": ENTERING}, "agent desk"),
    Template("U8", "pull_notice", 1, _A.AGENT, _K.POP_UP,
           "CHAT REQUESTED – Incoming chat request on pull mode on {channel}{whom} [Join] [Dismiss]",
           {"kind": ENTERING}, "after the agent desk's for push mode"),
    Template("N5", "pull_notice", 1, _A.AGENT, _K.POP_UP,
           "[{channel}] Transfer request{whom}{note} [Join] [Dismiss]", {"kind": TRANSFERS},
           "after the guide's for push mode"),
    Template("N10", "pull_notice", 1, _A.AGENT, _K.POP_UP,
           "Conference Chat request from {requester}{whom}{note} [Join] [Dismiss]", {"kind": CONFERENCE},
           "after the guide's for push mode"),
    # An agent is in. One who consults is not announced to the customer before taking over.
    Template("N6", "agent_joined", 1, _A.AGENT, _K.HISTORY,
           "You have joined the conversation", source="guide, receiving a transfer 3"),
    Template("N11", "agent_joined", 2, _A.OTHERS, _K.HISTORY,
           "{agent} has joined the conversation", COLD, "guide, conference 10; the agent desk's words"),
    Template("U5", "agent_joined", 2, _A.OTHER_AGENTS, _K.HISTORY,
           "{agent} has joined the conversation", WARM, "agent desk"),
    Template("N6", "barged_in", 1, _A.AGENT, _K.HISTORY,
           "You have joined the conversation", source="agent desk"),
    Template("N11", "barged_in", 2, _A.OTHERS, _K.HISTORY,
           "{agent} has joined the conversation", source="agent desk"),
    # An agent is out.
    Template("N12", "agent_left", 1, _A.OTHERS, _K.HISTORY,
           "{agent} left the conversation", {"leaving": ("",)}, "guide, conference 11"),
    Template("N19", "agent_left", 1, _A.AGENTS, _K.HISTORY,
           "Consult transfer request has been placed", {"leaving": ("handover",)}, "version 4.5.2"),
    Template("U5", "agent_left", 2, _A.CUSTOMER, _K.HISTORY,
           "{receiver} has joined the conversation", {"leaving": ("handover",)}, "agent desk"),
    Template("N12", "agent_left", 3, _A.OTHERS, _K.HISTORY,
           "{agent} left the conversation", {"leaving": ("handover",)}, "guide, conference 11"),
    Template("", "sent_back", 1, _A.CUSTOMER, _K.MESSAGE,
           "Another agent will be with you shortly. Please wait!", source="decision"),
    # Nobody was found.
    Template("N7", "no_agent", 1, _A.CUSTOMER, _K.MESSAGE,
           "No agents were available", {"kind": TRANSFERS, **COLD}, "guide, transfer 8"),
    Template("N13", "no_agent", 1, _A.REQUESTER, _K.HISTORY,
           "No agents were available to join the conference conversation", {"kind": CONFERENCE},
           "guide, conference: no agents available"),
    Template("N18", "no_agent", 1, _A.REQUESTER, _K.HISTORY,
           "No Agent Available", {"kind": TRANSFERS, **WARM}, "version 4.5.2"),
    Template("", "wait_limit_reached", 1, _A.CUSTOMER, _K.MESSAGE,
           "No agent is free. Please leave a message.", {"then": ("voicemail",)}, "decision"),
    Template("", "wait_limit_reached", 1, _A.CUSTOMER, _K.MESSAGE,
           "No agent is free. Please try again later.", {"then": ("end",)}, "decision"),
    Template("", "queue_emptied", 1, _A.CUSTOMER, _K.MESSAGE,
           "No agent is here any more. Please try again later.", {"kind": ENTERING}, "decision"),
    Template("N18", "disconnected", 1, _A.REQUESTER, _K.HISTORY,
           "No Agent Available", {"kind": TRANSFERS, **WARM}, "version 4.5.2"),
    Template("U4", "disconnected", 1, _A.REQUESTER, _K.HISTORY,
           "Conference request has been cancelled", {"kind": CONFERENCE}, "agent desk, queue flushed"),
    # Agents among themselves.
    Template("", "whisper", 1, _A.AGENTS, _K.WHISPER,
           "Whisper from {agent}", source="guide, whisper; what is written is not simulated"),
)  # fmt: skip
"""What is told by default: the user guide's texts in the sensible reading of its ambiguities."""


def to_the_letter() -> tuple[Template, ...]:
    """Return the table that follows one sentence of the guide to the letter, where it can hardly be meant.

    "The customer will also be notified that 'You have joined the conversation'": by default the agent who has
    accepted a transfer reads this, and the customer reads that the agent has joined.
    """
    literal = replace(
        _notice("N6", "agent_joined"), order=2, audience=Audience.CUSTOMER, when={"kind": TRANSFERS, **COLD}
    )
    to_agents = replace(
        _notice("N11", "agent_joined"), audience=Audience.OTHER_AGENTS, when={"kind": TRANSFERS, **COLD}
    )
    changed = tuple(
        replace(notice, when={**notice.when, "kind": ("inbound", *CONFERENCE, None)})
        if notice is _notice("N11", "agent_joined") else notice
        for notice in TEMPLATES
    )  # fmt: skip
    return (*changed, literal, to_agents)


def _notice(number: str, event: str) -> Template:
    return next(notice for notice in TEMPLATES if (notice.number, notice.event) == (number, event))


CUSTOMER = "customer"
"""The customer's name in an audience; agents go by their own."""


class Notification(NamedTuple):
    """One notice to one audience: `at` is in seconds from opening, `order` counts within the instant from 1."""

    at: float
    order: int
    conversation: int
    audience: tuple[str, ...]
    kind: Kind
    text: str


def notifications(events: "pd.DataFrame | Rows", table: Sequence[Template] = TEMPLATES) -> list[Notification]:
    """Return every notification that the events of a run lead to, in their order.

    `events` is the table of events or its rows. `table` holds the texts: another version's, or those of
    `to_the_letter()`.
    """
    notifiers: dict[int, Notifier] = {}
    told: list[Notification] = []
    for event in read_events(events):
        notifier = notifiers.get(event.conversation)
        if notifier is None:
            notifier = notifiers[event.conversation] = Notifier(event.conversation, table)
        told += notifier.take(event)
    return told


class Notifier:
    """Tells the notifications of one conversation, event by event."""

    def __init__(self, conversation: int, table: Sequence[Template] = TEMPLATES) -> None:
        self.state = ConversationState(conversation)
        self._by_event: dict[str, list[Template]] = {}
        for notice in sorted(table, key=lambda notice: notice.order):
            self._by_event.setdefault(notice.event, []).append(notice)
        self._at = -1.0
        self._count = 0

    def take(self, event: Event) -> list[Notification]:
        """Follow an event and give the notifications it leads to."""
        state = self.state
        state.take(event)
        if event.at != self._at:
            self._at, self._count = event.at, 0
        notices = self._by_event.get(event.name)
        if notices is None:
            return []
        facts = _facts(state, event)
        told = [self._notify(notice, event) for notice in notices if notice.fits(facts)]
        return [notification for notification in told if notification is not None]

    def _notify(self, notice: Template, event: Event) -> Notification | None:
        audience = _audience(notice.audience, self.state, event)
        if not audience:
            return None
        self._count += 1
        text = notice.text.format_map(_words(self.state, event))
        return Notification(event.at, self._count, event.conversation, audience, notice.kind, text)


def _facts(state: ConversationState, event: Event) -> dict[str, Any]:
    search = state.search
    known = {"kind": search.kind, "warm": search.warm} if search is not None else {"warm": False}
    return {**known, **event.detail, "leaving": state.leaving}


def _audience(audience: Audience, state: ConversationState, event: Event) -> tuple[str, ...]:
    customer = (CUSTOMER,) if state.customer_is_in else ()
    others = tuple(name for name in state.insiders if name != event.agent)
    match audience:
        case Audience.CUSTOMER:
            return customer
        case Audience.AGENT:
            return _one(event.agent)
        case Audience.REQUESTER:
            return _requester(state, event)
        case Audience.AGENTS:
            return tuple(dict.fromkeys((*_one(event.agent), *state.insiders)))
        case Audience.OTHER_AGENTS:
            return others
        case Audience.OTHERS:
            return (*others, *customer)


def _one(agent: str | None) -> tuple[str, ...]:
    return () if agent is None else (agent,)


def _requester(state: ConversationState, event: Event) -> tuple[str, ...]:
    """Return the agent who places a request now, or who placed it and is still in."""
    if event.name.endswith("_placed"):
        return _one(event.agent)
    search = state.search
    return _one(search.requester) if search is not None and search.requester in state.agents else ()


def _words(state: ConversationState, event: Event) -> dict[str, str]:
    """Return what is put into the texts."""
    search = state.search
    return {
        "agent": event.agent or "",
        "queue": event.queue or "",
        "channel": state.channel,
        "receiver": state.receiver or "",
        "requester": (search.requester if search is not None else None) or "",
        "whom": f" with customer {state.customer}" if state.identified else "",
        "note": ", with a note" if search is not None and search.note else "",
    }
