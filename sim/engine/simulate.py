"""The engine as a function."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sim.engine.centre import Centre
from sim.policies import (
    AGENT_SELECTIONS,
    AgentSelection,
    RankedRequests,
    RequestSelection,
    request_key,
)
from sim.records import Recorder, Records
from sim.scenario import Scenario
from sim.workload import Workload


def simulate(
    scenario: Scenario,
    workload: Workload,
    recorder: Recorder | None = None,
    *,
    agent_selection: AgentSelection | None = None,
    request_selection: RequestSelection | None = None,
) -> Records:
    """Simulate one day and give its records.

    Nothing is drawn here: the same scenario and workload give the same records. The policies are those the
    scenario names, unless others are passed.
    """
    recorder = recorder if recorder is not None else Recorder(scenario)
    centre = Centre(
        scenario,
        workload,
        recorder,
        agent_selection or AGENT_SELECTIONS[scenario.routing.agent_selection],
        request_selection or _ranked(scenario),
    )
    with _no_search_for_cycles():
        horizon_s = centre.run()
    return Records(scenario, recorder, workload.replication, horizon_s)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Keep the garbage collector from searching the run's many small objects, a fifth of its time.

    What a conversation leaves behind holds no cycles, so it is freed at once all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _ranked(scenario: Scenario) -> RequestSelection:
    routing = scenario.routing
    return RankedRequests(request_key(routing.request_selection, routing.queue_priority, routing.ageing))
