"""The engine as a function."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sim.engine.centre import Centre
from sim.policies import AgentSelection, RequestSelection
from sim.policies import agent_selection as named_agents
from sim.policies import request_selection as named_requests
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

    Raises PolicyError where a policy of one's own raises, answers with what it was not shown or is not
    deterministic.
    """
    routing = scenario.routing
    if agent_selection is None:
        agent_selection = named_agents(routing.agent_selection)
    if request_selection is None:
        request_selection = named_requests(routing.request_selection, routing.queue_priority, routing.ageing)
    recorder = recorder if recorder is not None else Recorder(scenario)
    centre = Centre(scenario, workload, recorder, agent_selection, request_selection)
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
