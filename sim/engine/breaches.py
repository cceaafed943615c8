"""Breaches of what must hold in every run: what is said of them, and the run that is held to it (`--paranoid`)."""

from collections import deque
from typing import TYPE_CHECKING, Any

from sim.errors import SimError
from sim.records import WITHOUT_EVENTS, Recorder, Records
from sim.records.audit import audit
from sim.records.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.records.recorder import Append
    from sim.scenario import Scenario

SHOWN = 20
"""How many events are shown before a breach."""

BREACHES = {
    "time": "time runs back",
    "arrival": "conversation {conversation} arrives twice",
    "outcome": "conversation {conversation} has an end that it cannot have: it is not open, or a search for it is",
    "search": "conversation {conversation} has a search beside one that is open, or one that was never placed",
    "offer": "conversation {conversation}: {agent} is offered or takes a request that does not wait for them",
    "state": "conversation {conversation}: {agent} is offered a request and is neither READY nor ACTIVE",
    "slots": "{agent} has other tasks than the events say, or more than their slots",
    "limit": "{agent} has more tasks of {queue} than they may",
    "member": "conversation {conversation}: {agent} is offered a request of {queue} by a step that is not open",
    "order": "conversation {conversation}: {agent} is offered a request of {queue} before one that comes first",
    "twice": "{agent} enters conversation {conversation} twice, or leaves it without being in",
    "ttl": "conversation {conversation}: a search in {queue} outlives its time-to-live by more than one ring",
    "free": "conversation {conversation} waits in {queue} while an agent who may serve it is available",
    "waiting": "in {queue} other requests wait than the events say",
    "little": "in {queue} those who wait, summed over time, are not the waits summed over requests",
    "lost": "contacts that came and contacts that ended or are open are not the same number",
}
"""By kind of breach, what is said of it; the kinds of the compiled engine bear the same names."""


class BreachError(SimError):
    """What must hold in every run does not: the engine is at fault, not the scenario."""

    exit_code = 1


def breach(now_s: float, kind: str, **names: object) -> BreachError:
    """Return the breach of a kind at an instant, with the names that its sentence asks for."""
    what = BREACHES[kind].format(**{"conversation": "?", "agent": "?", "queue": "?", **names})
    return BreachError(f"{now_s:.6f} s after opening: {what}")


class LastEvents:
    """Takes the events of a run in place of their table: counts the contacts that came, and keeps the last events.

    `append` takes them too, where their table is wanted.
    """

    def __init__(self, append: "Append | None" = None) -> None:
        self.append = append
        self.arrived = 0
        self._rows: deque[tuple[Any, ...]] = deque(maxlen=SHOWN)

    def __call__(self, row: tuple[Any, ...]) -> None:
        """Take the row of an event."""
        self._rows.append(row)
        if row[_EVENT] == "arrived":
            self.arrived += 1
        if self.append is not None:
            self.append(row)

    def __str__(self) -> str:
        return "\n".join(["the last events, in seconds from opening:", *map(_told, self._rows)])


def held(scenario: "Scenario", recorder: Recorder | None, one: "Callable[[Recorder], Records]") -> Records:
    """Return the records of a run by `one`, which holds the invariants, with the tables that `recorder` wants.

    Raises BreachError with the last events before a breach, or with what is wrong with the tables.
    """
    wanted = Recorder(scenario) if recorder is None else recorder
    watched = Recorder(scenario, {*WITHOUT_EVENTS, *wanted.tables})
    watched.events = last = LastEvents(watched.events)
    try:
        records = one(watched)
    except BreachError as found:
        raise BreachError(f"{found}\n{last}") from None
    wrong = audit(records, last.arrived)
    if wrong:
        raise BreachError(f"after the run: {wrong}\n{last}")
    wanted.tables |= {name: watched.tables[name] for name in wanted.tables}
    return Records(scenario, wanted, records.replication, records.ending)


_COLUMNS = [column.name for column in TABLES["events"]]
_EVENT = _COLUMNS.index("event")


def _told(row: tuple[Any, ...]) -> str:
    """Return the line of an event, without what it does not have."""
    event = dict(zip(_COLUMNS, row, strict=True))
    words = [
        f"{event['at']:14.3f} {event['event']}",
        f"conversation {event['conversation_id']}",
        f"request {event['request_id']}" if event["request_id"] else "",
        event["agent"] or "",
        event["queue"] or "",
        ", ".join(f"{key} {value}" for key, value in event["detail"].items()),
    ]
    return "  ".join(["", *filter(None, words)])
