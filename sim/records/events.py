"""What each event of the log means and what its row holds, in plain words: the page of events is made of this."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class EventKind:
    """An event: when it is written, and what stands in the columns of its row; an empty one is not filled.

    A meaning in brackets stands there only at times, as the brackets say.
    """

    name: str
    when: str
    agent: str = ""
    queue: str = ""
    request: bool = False
    detail: dict[str, str] = field(default_factory=dict)


_SEARCH = "the one asked"
_PRIORITY = "task priority, 1 to 10"

_CONTACTS = (
    EventKind(
        "arrived", "a customer makes contact, for the first time or again", queue="the queue he will ask for",
        detail={
            "channel": "the channel",
            "customer": "his number: who comes back keeps it",
            "label": "his label, or none",
            "identified": "whether he is known by name",
        },
    ),
    EventKind(
        "blocked", "the contact finds no free line, or no waiting place, and ends",
        detail={"reason": "`lines` or `capacity`"},
    ),
    EventKind("self_service_started", "the bot serves him first"),
    EventKind("balked", "he leaves at once because nobody is available", queue=_SEARCH, request=True),
    EventKind(
        "conversation_ended", "the conversation is over for the customer",
        detail={"outcome": "how, as in the [table of conversations](tables.md#conversations)"},
    ),
)  # fmt: skip
_SEARCHES = (
    EventKind(
        "request_placed", "a search for an agent begins; its time-to-live runs from here",
        queue=_SEARCH, request=True,
        detail={
            "kind": "inbound, transfer, named_transfer or conference",
            "priority": _PRIORITY,
            "note": "whether it carries a note",
        },
    ),
    EventKind(
        "request_refused", "an agent asks for a colleague while another search of the conversation is pending",
        queue=_SEARCH, request=True, detail={"kind": "what he asked for"},
    ),
    EventKind(
        "step_opened", "nobody was found in time, and the search widens by a step of the queue",
        queue=_SEARCH, request=True, detail={"step": "which one, counted from 1"},
    ),
    EventKind("offered", "an agent is offered the request: it rings", "who is rung", _SEARCH, True),
    EventKind("accepted", "he accepts; on a list: he joins", "who accepts", _SEARCH, True),
    EventKind("rang_out", "he has let it ring for the ring time (RONA)", "who let it ring", _SEARCH, True),
    EventKind(
        "requeued", "after that the request waits anew, from the first step on",
        queue=_SEARCH, request=True, detail={"priority": "its priority from now on"},
    ),
    EventKind(
        "ttl_expired", "the time-to-live is over while it rings; the ringing is not cut short",
        "who is rung", _SEARCH, True,
    ),
    EventKind(
        "no_agent", "the search ends: no agent available", "(who let it ring last, where it ended so)", _SEARCH, True
    ),
    EventKind(
        "request_abandoned", "the customer leaves while he waits, in the queue or while it rings",
        "(who is rung)", _SEARCH, True,
    ),
    EventKind(
        "request_cancelled", "the search is withdrawn: the conversation is over, or nobody needs the colleague now",
        "(who is rung)", _SEARCH, True,
    ),
    EventKind("disconnected", "the centre closes, and the request is sent away", "(who is rung)", _SEARCH, True),
)  # fmt: skip
_INSIDE = (
    EventKind("agent_joined", "an agent enters the conversation", "who", "the queue he comes from"),
    EventKind("agent_left", "an agent leaves it", "who"),
    EventKind("wrap_up_started", "his wrap-up begins", "whose"),
    EventKind(
        "task_closed", "his task is closed, and its slot is free", "whose",
        detail={"disposition": "how, as in the [table of tasks](tables.md#tasks)"},
    ),
    EventKind(
        "dropdown_opened", "an agent opens the list of queues",
        "who", detail={"available": "for each queue on the list, the number of agents available"},
    ),
    EventKind(
        "transfer_placed", "he transfers the conversation", "who", _SEARCH,
        detail={
            "kind": "transfer or named_transfer",
            "note": "whether it carries a note",
            "warm": "whether he holds the customer until the handover is done",
            "named": "the colleague he names, or none",
        },
    ),
    EventKind(
        "conference_placed", "he asks a colleague into the conversation", "who", _SEARCH,
        detail={"note": "whether it carries a note"},
    ),
)  # fmt: skip
_WHISPERS = (
    EventKind(
        "whisper", "an agent or supervisor whispers to the others who are in", "who whispers",
        detail={"to": "who is in and reads it; never the customer"},
    ),
    EventKind(
        "whisper_refused", "a whisper is refused: its sender is not in, or is alone with the customer", "who tried"
    ),
    EventKind("monitor_joined", "a supervisor begins to look in, unannounced", "who"),
    EventKind("monitor_left", "he looks in no longer", "who"),
    EventKind("barged_in", "he becomes a participant", "who", "the queue of the agent he joins"),
)  # fmt: skip
_LISTS = (
    EventKind("pull_notice", "a request is put on a list, and a member gets notice", "who", _SEARCH, True),
    EventKind("dismissed", "he looks at the list and does not join", "who", _SEARCH, True),
)

EVENT_KINDS = {
    "A contact": _CONTACTS,
    "A search for an agent": _SEARCHES,
    "In the conversation": _INSIDE,
    "Whispers and supervisors": _WHISPERS,
    "Lists": _LISTS,
}
"""Every event of the log, in groups."""


# The rows of the event log, as the reports read them.

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
