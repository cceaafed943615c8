"""Every event of the log once: what it means, what its row holds, and how stories, pictures and searches show it.

The page of events is made of this table; notifications have a table of their own in `sim.story.notifications`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

Actor = Literal["customer", "agent", "queue", "placer", "asker"]
"""Who acts in the sentence of an event. `placer` is the customer or the queue, `asker` the agent who asked."""
Activity = Literal["", "rings", "is in", "looks in", "wraps up"]
"""What an agent does for a while."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """An event: when it is written, what stands in the columns of its row, and how it is shown.

    An empty column is not filled; a meaning in brackets stands there only at times, as the brackets say.
    `opens` and `closes` are what the agent of the row begins and ends to do. `sentence` is what the `actor`
    does, with `{agent}`, `{queue}` and the words of `detail` put in; it is empty where that takes more than the
    row, which `sim.story.sentences` then words. A `marked` event has a number in the picture of its
    conversation. `found_by` are the searches of `sim trace --find` that it answers.
    """

    name: str
    when: str
    agent: str = ""
    queue: str = ""
    request: bool = False
    detail: dict[str, str] = field(default_factory=dict)
    actor: Actor = "agent"
    sentence: str = ""
    opens: Activity = ""
    closes: Activity = ""
    marked: bool = False
    found_by: tuple[str, ...] = ()
    on_desk: bool = False
    """Whether the agent of the row sees it on their desk though another acts."""

    @property
    def is_entrance(self) -> bool:
        """Whether an agent comes in, openly or silently, and can read the history from then on."""
        return self.opens in ("is in", "looks in")


_ASKED = "the one asked"
_PRIORITY = "task priority, 1 to 11"

_CONTACTS = (
    EventKind(
        "arrived", "a customer makes contact, for the first time or again", queue="the queue they will ask for",
        detail={
            "channel": "the channel",
            "customer": "their number, which stays the same when they come back",
            "label": "their label, or none",
            "identified": "whether they are known by name",
        },
        actor="customer",
    ),
    EventKind(
        "blocked", "the contact finds no free line, or no waiting place, and ends",
        detail={"reason": "`lines`, `capacity`, or the name of a waiting room"}, actor="customer",
    ),
    EventKind(
        "self_service_started", "the bot serves the customer first",
        actor="customer", sentence="is served by the bot first",
    ),
    EventKind(
        "balked", "the customer leaves at once because no agent is available", queue=_ASKED, request=True,
        actor="customer", sentence="asks for {queue}, finds nobody available and does not wait", marked=True,
    ),
    EventKind(
        "conversation_ended", "the conversation is over for the customer",
        detail={"outcome": "how, as in the [table of conversations](tables.md#conversations)"},
        actor="customer",
    ),
)  # fmt: skip
_SEARCHES = (
    EventKind(
        "request_placed", "a search for an agent begins; its time-to-live runs from here",
        queue=_ASKED, request=True,
        detail={
            "kind": "inbound, transfer, named_transfer, conference or rerouted",
            "priority": _PRIORITY,
            "note": "whether it carries a note",
        },
        actor="placer",
    ),
    EventKind(
        "request_refused", "an agent asks for a colleague while another search of the conversation is pending",
        queue=_ASKED, request=True, detail={"kind": "what the agent asked for"},
        actor="asker", marked=True,
    ),
    EventKind(
        "step_opened", "no agent was found in time, and the search widens by a step of the queue",
        queue=_ASKED, request=True, detail={"step": "which one, counted from 1"},
        actor="queue", sentence="widens the search by step {step}", marked=True,
    ),
    EventKind(
        "offered", "an agent is offered the request: it rings", "who is rung", _ASKED, True,
        sentence="is offered the conversation", opens="rings",
    ),
    EventKind(
        "accepted", "the agent accepts; on a list: joins as the first", "who accepts", _ASKED, True, closes="rings",
    ),
    EventKind(
        "rang_out", "the agent has let it ring for the ring time (RONA)", "who let it ring", _ASKED, True,
        closes="rings", marked=True, found_by=("ring-out",),
    ),
    EventKind(
        "requeued", "after that the request waits anew, from the first step on or where its steps go on",
        queue=_ASKED, request=True, detail={"priority": "its priority from now on"},
        actor="queue", sentence="keeps on looking for another agent, at priority {priority}",
    ),
    EventKind(
        "request_moved", "the search ends without an agent and goes on as another request, which is placed at once",
        "(who let it ring last, where it ended so)", _ASKED, True,
        detail={"kind": "of the request that follows", "to": "the queue that is asked"},
        actor="queue", sentence="goes on as a request for {to}", closes="rings", marked=True,
    ),
    EventKind(
        "wait_limit_reached", "the wait for the queue is over at its limit, and the search ends",
        "(who let it ring last, where it ended so)", _ASKED, True, detail={"then": "`voicemail` or `end`"},
        actor="queue", sentence="no agent within the longest wait: {then}", closes="rings", marked=True,
        found_by=("wait-limit",),
    ),
    EventKind(
        "ttl_expired", "the time-to-live is over while it rings; the ringing is not cut short",
        "who is rung", _ASKED, True,
        actor="queue", sentence="the request's time is over, but it rings on", marked=True,
    ),
    EventKind(
        "no_agent", "the search ends: no agent available", "(who let it ring last, where it ended so)", _ASKED, True,
        actor="queue", closes="rings", marked=True, found_by=("no-agent",),
    ),
    EventKind(
        "queue_emptied", "the last member of the queue has logged out, and the search ends", queue=_ASKED, request=True,
        detail={"kind": "of the request"},
        actor="queue", sentence="has nobody left who is logged in", marked=True,
    ),
    EventKind(
        "request_abandoned", "the customer leaves while they wait, in the queue or while it rings",
        "(who is rung)", _ASKED, True,
        actor="customer", closes="rings", marked=True, on_desk=True,
    ),
    EventKind(
        "request_cancelled",
        "the search is withdrawn: the conversation is over, or the colleague is not needed any more",
        "(who is rung)", _ASKED, True,
        actor="queue", sentence="cancels the request: nobody is left who asked", closes="rings", marked=True,
        on_desk=True,
    ),
    EventKind(
        "disconnected", "the centre closes, and the request is sent away", "(who is rung)", _ASKED, True,
        actor="queue", sentence="sends the request away, the centre closes", closes="rings", marked=True,
    ),
)  # fmt: skip
_INSIDE = (
    EventKind("agent_joined", "an agent enters the conversation", "who", "the queue they come from", opens="is in"),
    EventKind("agent_left", "an agent leaves it", "who", closes="is in"),
    EventKind(
        "sent_back", "the conversation goes back to its queue", "whose task it was", _ASKED,
        detail={"reason": "`shift_end`, or `interrupted` by another medium"}, marked=True, found_by=("sent-back",),
    ),
    EventKind(
        "wrap_up_started", "the agent's wrap-up begins", "whose",
        sentence="begins to wrap up", opens="wraps up",
    ),
    EventKind(
        "task_closed", "the agent's task is closed, and its slot is free", "whose",
        detail={"disposition": "how, as in the [table of tasks](tables.md#tasks)"},
        sentence="closes the task: {disposition}", closes="wraps up",
    ),
    EventKind(
        "dropdown_opened", "an agent opens the list of queues",
        "who", detail={"available": "for each queue on the list, the number of agents available"},
    ),
    EventKind(
        "transfer_placed", "an agent transfers the conversation", "who", _ASKED,
        detail={
            "kind": "transfer or named_transfer",
            "note": "whether it carries a note",
            "warm": "whether the agent holds the customer until the handover is done",
            "named": "the colleague whom the agent names, or none",
        },
        marked=True, found_by=("transfer", "named", "warm"),
    ),
    EventKind(
        "conference_placed", "an agent asks a colleague into the conversation", "who", _ASKED,
        detail={"note": "whether it carries a note"},
        marked=True, found_by=("conference",),
    ),
)  # fmt: skip
_WHISPERS = (
    EventKind(
        "whisper", "an agent or supervisor whispers to the others who are in", "who whispers",
        detail={"to": "who is in and reads it; never the customer"},
        sentence="[whisper] to {to}, unseen by the customer", found_by=("whisper",),
    ),
    EventKind(
        "whisper_refused", "a whisper is refused: its sender is not in, or is alone with the customer", "who tried",
        sentence="cannot whisper: is not in, or is alone with the customer", marked=True,
    ),
    EventKind(
        "monitor_joined", "a supervisor begins to look in, unannounced", "who",
        sentence="looks in silently; nobody is told", opens="looks in", found_by=("supervisor",),
    ),
    EventKind(
        "monitor_left", "the supervisor looks in no longer", "who",
        sentence="looks in no longer", closes="looks in",
    ),
    EventKind(
        "barged_in", "the supervisor becomes a participant", "who", "the queue that the contact asked first",
        sentence="becomes a participant", opens="is in", marked=True, found_by=("supervisor",),
    ),
)  # fmt: skip
_LISTS = (
    EventKind(
        "pull_notice", "a request is put on a list, and a member gets notice", "who", _ASKED, True,
        actor="queue", sentence="gives notice to {agent}", on_desk=True,
    ),
    EventKind(
        "dismissed", "a member looks at the list and does not join", "who", _ASKED, True,
        sentence="looks at the list and dismisses it", marked=True,
    ),
)  # fmt: skip

EVENT_KINDS = {
    "A contact": _CONTACTS,
    "A search for an agent": _SEARCHES,
    "In the conversation": _INSIDE,
    "Whispers and supervisors": _WHISPERS,
    "Lists": _LISTS,
}
"""Every event of the log, in groups."""

EVENTS: dict[str, EventKind] = {event.name: event for group in EVENT_KINDS.values() for event in group}
"""Every event of the log by name."""


Rows = Iterable[Mapping[str, Any]]


class Event(NamedTuple):
    """One thing that happened: when, what, and whom it concerns; the numbers are 0 for none."""

    at: float
    name: str
    conversation: int
    request: int
    agent: str | None
    queue: str | None
    detail: Mapping[str, Any]


def read_events(events: "pd.DataFrame | Rows") -> list[Event]:
    """Read the table of events, or its rows, in their order; what concerns no conversation is left out."""
    rows: Any = events.to_dict("records") if hasattr(events, "to_dict") else events
    return [_read(row) for row in rows if row["conversation_id"]]


def _read(row: Mapping[str, Any]) -> Event:
    return Event(
        at=float(row["at"]),
        name=row["event"],
        conversation=int(row["conversation_id"]),
        request=int(row.get("request_id") or 0),
        agent=_name(row.get("agent")),
        queue=_name(row.get("queue")),
        detail=row.get("detail") or {},
    )


def _name(value: Any) -> str | None:
    """Return a name, or None where the table has a gap."""
    return value if isinstance(value, str) else None
