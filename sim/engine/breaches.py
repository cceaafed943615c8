"""Breaches of what must hold in every run: what is said of them, and the run that is held to it (`--paranoid`)."""

from typing import TYPE_CHECKING

from sim.errors import SimError
from sim.records import EVERYTHING, Recorder, Records
from sim.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Callable

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


def held(scenario: "Scenario", recorder: Recorder | None, one: "Callable[[Recorder], Records]") -> Records:
    """Return the records of a run by `one`, which holds the invariants, with the tables that `recorder` wants.

    Raises BreachError with the last events before a breach, or with what is wrong with the tables.
    """
    everything = Recorder(scenario, EVERYTHING)
    try:
        records = one(everything)
    except BreachError as found:
        raise BreachError(f"{found}\n{_last_events(everything)}") from None
    wrong = audit(records)
    if wrong:
        raise BreachError(f"after the run: {wrong}\n{_last_events(everything)}")
    wanted = Recorder(scenario) if recorder is None else recorder
    wanted.tables |= {name: everything.tables[name] for name in wanted.tables}
    return Records(scenario, wanted, records.replication, records.ending)


def _last_events(recorder: Recorder) -> str:
    columns = recorder.tables["events"].as_columns()
    agents, queues = columns.names("agent"), columns.names("queue")
    lines = ["the last events, in seconds from opening:"]
    for row in range(max(0, len(columns) - SHOWN), len(columns)):
        agent, queue = columns["agent"][row], columns["queue"][row]
        words = [
            f"{columns['at'][row]:14.3f} {columns['event'][row]}",
            f"conversation {columns['conversation_id'][row]}",
            f"request {columns['request_id'][row]}" if columns["request_id"][row] else "",
            agents[agent] if agent >= 0 else "",
            queues[queue] if queue >= 0 else "",
            ", ".join(f"{key} {value}" for key, value in columns["detail"][row].items()),
        ]
        lines.append("  ".join(filter(None, words)))
    return "\n".join(lines)
