"""The rows of the event log, as the reports read them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

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
    """Give a name, or None where the table has a gap."""
    return value if isinstance(value, str) else None
