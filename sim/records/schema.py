"""What is recorded: each table's columns, declared once for memory, CSV and Parquet alike.

Times are seconds from opening, NaN where a thing never happened. A column of names is categorical over a
vocabulary that depends on the scenario alone, so that tables of several replications fit together.
"""

from dataclasses import dataclass
from typing import Literal

KINDS = ("inbound", "transfer", "named_transfer", "conference", "rerouted")
REQUEST_OUTCOMES = (
    "answered", "abandoned", "no_agent", "cancelled", "refused", "disconnected", "unfinished", "moved",
    "voicemail", "wait_limit",
)  # fmt: skip
CONVERSATION_OUTCOMES = (
    "handled", "contained", "balked", "abandoned", "blocked", "no_agent", "disconnected", "unfinished",
    "voicemail", "wait_limit",
)  # fmt: skip
AGENT_STATES = ("READY", "RESERVED", "ACTIVE", "BUSY", "NOT_READY", "PENDING_NOT_READY", "INTERRUPTED")
STATE_REASONS = ("", "break", "ring", "overtime", "pause")
DIRECTIONS = (
    "INBOUND",
    "DIRECT_TRANSFER",
    "CONSULT_TRANSFER",
    "DIRECT_CONFERENCE",
    "SILENT_MONITOR",
    "BARGE_IN",
)
MODES = ("QUEUE", "AGENT")
ROUTING_MODES = ("PUSH", "PULL")
DISPOSITIONS = (
    "DONE",
    "TRANSFERRED",
    "RONA",
    "NO_AGENT_AVAILABLE",
    "CANCELLED",
    "FORCE_CLOSED",
    "UNFINISHED",
    "REROUTE",
    "AGENT_LOGOUT",
)

VOCABULARIES = {
    "kind": KINDS,
    "request_outcome": REQUEST_OUTCOMES,
    "conversation_outcome": CONVERSATION_OUTCOMES,
    "state": AGENT_STATES,
    "reason": STATE_REASONS,
    "direction": DIRECTIONS,
    "mode": MODES,
    "routing_mode": ROUTING_MODES,
    "disposition": DISPOSITIONS,
}

ColumnType = Literal["number", "count", "flag", "text", "names"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, for names the vocabulary, and whether it follows from others."""

    name: str
    type: ColumnType
    vocabulary: str = ""
    derived: bool = False


def clock_name(column: Column) -> str:
    """Name the column of the wall clock beside an instant, as `placed_clock`; empty for what is no instant."""
    if column.type != "number":
        return ""
    if column.name == "at":
        return "clock"
    stem = next((column.name.removesuffix(end) for end in ("_at", "_time") if column.name.endswith(end)), "")
    return f"{stem}_clock" if stem else ""


def _columns(text: str) -> tuple[Column, ...]:
    """Read `name:type` or `name:=vocabulary` words; a star after it marks a column that follows from others."""
    columns = []
    for word in text.split():
        name, _, kind = word.removesuffix("*").partition(":")
        derived = word.endswith("*")
        if kind.startswith("="):
            columns.append(Column(name, "names", kind[1:], derived))
        else:
            columns.append(Column(name, kind, derived=derived))  # type: ignore[arg-type]
    return tuple(columns)


TABLES: dict[str, tuple[Column, ...]] = {
    "requests": _columns(
        "request_id:count conversation_id:count kind:=kind queue:=queue channel:=channel medium:=medium*"
        " label:=label priority:count placed_at:number first_offer_at:number answered_at:number"
        " ended_at:number outcome:=request_outcome wait:number offers:count ring_outs:count agent:=agent"
        " team:=team* requester:=agent from_queue:=queue warm:flag note:flag agents_available:count balked:flag"
    ),
    "tasks": _columns(
        "agent_task_id:count conversation_id:count request_id:count agent_id:=agent team:=team*"
        " queue_id:=queue mrd_id:=medium* channel:=channel task_direction:=direction task_mode:=mode"
        " routing_mode:=routing_mode priority:count task_queue_time:number task_reserved_time:number"
        " task_answered_time:number task_wrap_up_time:number task_end_time:number"
        " task_queue_duration:number* task_alert_duration:number*"
        " task_disposition:=disposition channel_session_id:count*"
    ),
    "conversations": _columns(
        "conversation_id:count customer_id:count attempt:count stream:=stream channel:=channel queue:=queue"
        " label:=label identified:flag arrived_at:number requested_at:number"
        " answered_at:number ended_at:number outcome:=conversation_outcome wait:number total_wait:number"
        " agents:count transfers:count conferences:count whispers:count last_agent:=agent"
    ),
    "agent_states": _columns(
        "agent:=agent team:=team medium:=medium_or_all state:=state reason:=reason"
        " started_at:number ended_at:number"
    ),
    "whispers": _columns("conversation_id:count at:number sender:=agent readers:text"),
    "events": _columns(
        "seq:count at:number event:text conversation_id:count request_id:count agent:=agent queue:=queue"
        " medium:=medium_or_all detail:text"
    ),
}


COLUMNS: dict[str, dict[str, str]] = {
    "requests": {
        "request_id": "number of the search, from 1",
        "conversation_id": "the contact it is for",
        "kind": "inbound, transfer, named_transfer, conference, or rerouted: the conversation went back to its queue",
        "queue": "the queue that is asked",
        "channel": "the channel of the contact",
        "medium": "the medium of the queue",
        "label": "the customer's label",
        "priority": "task priority at placing; a ring-out changes that of its tasks alone",
        "placed_at": "when it was placed",
        "first_offer_at": "when an agent was first offered it",
        "answered_at": "when an agent accepted",
        "ended_at": "when the search ended, however it did",
        "outcome": "answered, abandoned, no_agent, cancelled, refused, disconnected, voicemail, wait_limit, moved "
        "(it goes on as another request) or unfinished",
        "wait": "from placing to the end, over all offers and ringing; of an unfinished one so far",
        "offers": "how often it was offered",
        "ring_outs": "how many of the offers rang out (RONA)",
        "agent": "who accepted",
        "team": "the team of that agent",
        "requester": "the agent who asked for it: transfers and conferences",
        "from_queue": "the queue whose conversation the requester handled",
        "warm": "whether the requester holds the customer until the handover is done",
        "note": "whether it carries a note",
        "agents_available": "the dropdown's count at placing: agents READY or ACTIVE, without those who ask or are in",
        "balked": "whether the customer left at once because no agent was available",
    },
    "tasks": {
        "agent_task_id": "number of the attempt; a request that queues anew is a new task",
        "conversation_id": "the contact",
        "request_id": "the search; 0 for a supervisor's task, which comes from no search",
        "agent_id": "the agent it was offered to; none where it ended in the queue",
        "team": "the team of that agent",
        "queue_id": "the queue",
        "mrd_id": "the medium (media routing domain)",
        "channel": "the channel of the contact",
        "task_direction": "INBOUND, DIRECT_TRANSFER, CONSULT_TRANSFER (warm), DIRECT_CONFERENCE, …",
        "task_mode": "QUEUE, or AGENT where an agent was named",
        "routing_mode": "PUSH or PULL",
        "priority": "task priority of this attempt",
        "task_queue_time": "when it was queued; never on a list",
        "task_reserved_time": "when it began to ring",
        "task_answered_time": "when the agent accepted",
        "task_wrap_up_time": "when the agent left the conversation and their wrap-up began",
        "task_end_time": "when the task was closed",
        "task_queue_duration": "from queued to reserved; 0 where it ended in the queue, as the vendor has it",
        "task_alert_duration": "from reserved to accepted or revoked; 0 where it ended in the queue",
        "task_disposition": "DONE, TRANSFERRED, RONA, NO_AGENT_AVAILABLE, CANCELLED, FORCE_CLOSED, REROUTE, "
        "AGENT_LOGOUT or UNFINISHED",
        "channel_session_id": "the channel session: one a contact here",
    },
    "conversations": {
        "conversation_id": "number of the contact, from 1",
        "customer_id": "number of the customer: who comes back keeps it",
        "attempt": "0 for the customer's first contact, then 1, 2, …",
        "stream": "the arrival stream",
        "channel": "the channel",
        "queue": "the queue first asked",
        "label": "the customer's label",
        "identified": "whether the customer is known by name",
        "arrived_at": "when the customer made contact",
        "requested_at": "when an agent was first asked for, after self-service",
        "answered_at": "when the first agent accepted",
        "ended_at": "when the conversation ended for the customer",
        "outcome": "handled, contained, balked, abandoned, blocked, no_agent, disconnected, voicemail, wait_limit or "
        "unfinished",
        "wait": "the customer's first wait",
        "total_wait": "all waits of the customer while no agent was talking to them",
        "agents": "how many joined the customer, one who comes twice counted twice",
        "transfers": "how many transfers were asked for",
        "conferences": "how many conferences were asked for",
        "whispers": "how many whispers were sent, all unseen by the customer",
        "last_agent": "who joined last",
    },
    "agent_states": {
        "agent": "the agent",
        "team": "the team of the agent",
        "medium": "the medium; empty for the agent's presence as a whole",
        "state": "READY, RESERVED, ACTIVE, BUSY, NOT_READY, PENDING_NOT_READY or INTERRUPTED",
        "reason": "why the agent is off: break, pause, ring (a pause after a ring-out) or overtime",
        "started_at": "when the stay began",
        "ended_at": "when it ended, or the run did",
    },
    "whispers": {
        "conversation_id": "the contact",
        "at": "when it was sent",
        "sender": "who sent it",
        "readers": "who could read it, who joined later included; never a customer",
    },
    "events": {
        "seq": "number of the event, from 1",
        "at": "when it happened",
        "event": "what happened, by its name",
        "conversation_id": "the contact",
        "request_id": "the search, 0 where it is about none",
        "agent": "the agent",
        "queue": "the queue",
        "medium": "the medium of the contact",
        "detail": "what else there is to say, by name",
    },
}
"""The meaning of each column, by table."""
