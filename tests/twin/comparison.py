"""The same workload on the second simulation and on the engines: event by event, in their order."""

import math
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from engine.compiled.both_engines import differing, told

from sim.engine.compiled.library import load
from sim.engine.compiled.simulation import simulate_compiled
from sim.engine.compiled.support import unsupported
from sim.engine.simulate import simulate
from sim.records import EVERYTHING, Records
from sim.scenario import Scenario
from sim.scenario.single_days import joined_of
from sim.workload import Workload
from twin.centre import Told
from twin.dated import times_of
from twin.event_list import EventList

AROUND = 4
"""Events that are shown before the first difference, and after it."""


def centres(scenario: Scenario, workload: Workload) -> Iterator[tuple[EventList, Scenario, Workload]]:
    """What is simulated by itself, as the second simulation has it and as the engines are given it."""
    if scenario.calendar is None:
        yield EventList(scenario, workload), scenario, workload
        return
    joined = joined_of(scenario)
    found = times_of(scenario, workload)
    given = [joined] if joined is not None else [day.scenario for day in scenario.days]
    for (times, own), engine_s in zip(found, given, strict=True):
        yield EventList(scenario, own, times), engine_s, own


def compare(scenario: Scenario, workload: Workload) -> tuple[list[EventList], str]:
    """Run all that is simulated by itself; where the three first differ, empty where they agree."""
    twins = []
    for twin, own, customers in centres(scenario, workload):
        twins.append(twin.run())
        if found := difference(twin, own, customers):
            return twins, found
    return twins, ""


def difference(twin: EventList, scenario: Scenario, workload: Workload) -> str:
    """Where the three first differ; empty where they agree. The compiled engine is asked where it knows the day."""
    records = told(simulate, scenario, workload, EVERYTHING)
    if isinstance(records, str):
        return f"SimPy: {records}"
    found = first_difference(twin.events, events_of(records))
    is_recorded = any(any(stream.recorded) for stream in workload.streams)
    if found or is_recorded or load()[0] is None or unsupported(scenario) is not None:
        return found
    compiled = told(simulate_compiled, scenario, workload, EVERYTHING)
    if isinstance(compiled, str):
        return f"compiled: {compiled}"
    return "; ".join(differing(records, compiled))


def events_of(records: Records) -> list[Told]:
    """What the engine tells, with conversations numbered from 0 in the order of their opening."""
    table = records.events
    order = {number: nth for nth, number in enumerate(sorted(set(table["conversation_id"])))}
    return [
        Told(
            order[row.conversation_id],
            row.at,
            row.event,
            _name(row.agent),
            _name(row.queue),
            _told(row.detail),
        )
        for row in table.itertuples()
    ]


def _name(name: Any) -> str:
    return name if isinstance(name, str) else ""


def _told(detail: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(detail.items()))


def first_difference(ours: list[Told], theirs: list[Told]) -> str:
    """The first pair of events that differs, in its time by more than 1e-9 or in anything else, with some around."""
    pairs = enumerate(zip_longest(ours, theirs))
    at = next(
        (n for n, (one, other) in pairs if one is None or other is None or not _alike(one, other)), None
    )
    if at is None:
        return ""
    shown = slice(max(0, at - AROUND), at + AROUND)
    lines = [f"event {at} of {len(ours)} and {len(theirs)}", "twin"]
    lines += [f"  {event}" for event in ours[shown]] + ["engine"] + [f"  {event}" for event in theirs[shown]]
    return "\n".join(lines)


def _alike(one: Told, other: Told) -> bool:
    near = math.isclose(one.at, other.at, rel_tol=1e-12, abs_tol=1e-9)
    return near and one._replace(at=0.0) == other._replace(at=0.0)
