"""The context of a run: what each of its objects may need, put together once and handed to all of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.engine.clock import Clock
    from sim.engine.event_log import Log
    from sim.engine.queue import WaitingQueue
    from sim.engine.supervision import SupervisorTeam
    from sim.records import Recorder
    from sim.scenario import Scenario
    from sim.workload import AgentDraws


@dataclass(frozen=True, slots=True)
class Context:
    """What does not change while a day runs.

    An object that reads the clock or a table for each contact binds it in a slot of its own when it is made.
    """

    scenario: "Scenario"
    """What is simulated."""

    clock: "Clock"
    """The SimPy environment."""

    log: "Log | None"
    """Where events are written; None where nothing reads them, so that nothing is put together for it."""

    recorder: "Recorder"
    """Where rows are written; a table that was not asked for is None."""

    agent_draws: "AgentDraws"
    """What is drawn for agents, by team and number."""

    queues: "dict[str, WaitingQueue]"
    """The queues by name, in order of declaration."""

    supervisors: "SupervisorTeam | None"
    """Those who look into conversations, where the scenario has supervision."""
