"""What is recorded: each table's columns, declared once for memory, CSV and Parquet alike.

Times are seconds from opening, NaN where a thing never happened. A column of names is categorical over a
vocabulary that depends on the scenario alone, so that tables of several replications fit together.
"""

from dataclasses import dataclass
from typing import Literal

KINDS = ("inbound", "transfer", "named_transfer", "conference")
REQUEST_OUTCOMES = ("answered", "abandoned", "no_agent", "cancelled", "refused", "disconnected", "unfinished")
CONVERSATION_OUTCOMES = (
    "handled", "contained", "balked", "abandoned", "blocked", "no_agent", "disconnected", "unfinished",
)  # fmt: skip
AGENT_STATES = ("READY", "RESERVED", "ACTIVE", "BUSY", "NOT_READY", "PENDING_NOT_READY")
STATE_REASONS = ("", "break", "ring", "overtime")
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
