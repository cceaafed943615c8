"""The engine as a function."""

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
    return Records(scenario, recorder, workload.replication, centre.run())


def _ranked(scenario: Scenario) -> RequestSelection:
    routing = scenario.routing
    return RankedRequests(request_key(routing.request_selection, routing.queue_priority, routing.ageing))
