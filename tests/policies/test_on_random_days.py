"""Guards on random days: whom they allow does not wait beside an agent who could serve them, whatever has happened."""

from collections.abc import Callable

import pytest
from engine.random_scenarios import Day, all_days
from engine.running import Run
from engine.shadow import AVAILABLE, Shadow, Waiting
from hypothesis import HealthCheck, given, settings

Allowed = Callable[[Shadow, Waiting, str, float, str], bool]
SOME = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def _free(shadow: Shadow, queue: str, now: float) -> list[str]:
    """The available members of a queue, of any step."""
    scenario = shadow.run.scenario
    steps, medium = scenario.steps_of(queue), scenario.queues[queue].medium
    return [
        agent
        for agent in shadow.agents()
        if shadow.state(agent, medium, now) in AVAILABLE
        and any(step.needs.holds(scenario.teams[agent.rpartition("-")[0]].skills) for step in steps)
    ]


def _by_reserve(shadow: Shadow, one: Waiting, _agent: str, now: float, kind: str) -> bool:
    return kind != "inbound" or len(_free(shadow, one.queue, now)) > 1


def _by_threshold(shadow: Shadow, one: Waiting, agent: str, _now: float, _kind: str) -> bool:
    scenario = shadow.run.scenario
    first = scenario.steps_of(one.queue)[0].needs.holds(scenario.teams[agent.rpartition("-")[0]].skills)
    return first or sum(other.queue == one.queue for other in shadow.waiting.values()) >= 5


def _by_idle(shadow: Shadow, one: Waiting, _agent: str, now: float, _kind: str) -> bool:
    queues = shadow.run.scenario.queues
    if queues[one.queue].priority == max(queue.priority for queue in queues.values()):
        return True
    medium = queues[one.queue].medium
    return sum(not shadow.slots[agent, medium] for agent in _free(shadow, one.queue, now)) > 1


@pytest.mark.parametrize(
    ("guard", "allowed"),
    [
        ("threshold", _by_threshold),
        pytest.param("reserve_for_transfers", _by_reserve, marks=pytest.mark.slow),
        pytest.param("reserve_idle_agents", _by_idle, marks=pytest.mark.slow),
    ],
)
def test_who_is_allowed_does_not_wait_beside_an_available_agent(guard: str, allowed: Allowed) -> None:
    @SOME
    @given(all_days())
    def property_holds(day: Day) -> None:
        routing = {**day.spec["routing"], "agent_selection": guard, "request_selection": guard}
        guarded = Day({**day.spec, "routing": routing}, day.contacts)
        shadow = Shadow(Run(guarded))
        kinds = {row["request_id"]: row["kind"] for row in shadow.run.requests}
        for now in shadow.instants():
            for one in shadow.waiting.values():
                medium = guarded.scenario.queues[one.queue].medium
                for agent in shadow.agents():
                    if shadow.state(agent, medium, now) in AVAILABLE and shadow.may_serve(agent, one):
                        assert not allowed(shadow, one, agent, now, kinds[one.request]), (now, agent, one)

    property_holds()
