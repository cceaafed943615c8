"""What is allowed in a scenario but may surprise its author."""

from collections.abc import Iterator

from sim.errors import quoted
from sim.scenario.checks.service import is_skilled, requested_queues, serves
from sim.scenario.model import Scenario
from sim.scenario.queues import Queue
from sim.scenario.teams import Team, derived_agents


def notes(scenario: Scenario) -> list[str]:
    """Return one sentence for each thing that is harmless but may surprise, in the order of the file."""
    return [
        *_of_routing(scenario),
        *_of_names(scenario),
        *(note for name, queue in scenario.queues.items() for note in _of_queue(scenario, name, queue)),
        *(note for name, team in scenario.teams.items() for note in _of_team(scenario, name, team)),
    ]


def _of_routing(scenario: Scenario) -> Iterator[str]:
    routing = scenario.routing
    if routing.ageing and routing.request_selection != "priority_with_ageing":
        yield "routing.ageing is not used; it needs routing.request_selection: priority_with_ageing"
    priorities = {queue.priority for queue in scenario.queues.values()}
    if priorities != {1} and not routing.queue_priority:
        yield "the priorities of queues are not used, since routing.queue_priority is off"


def _of_names(scenario: Scenario) -> Iterator[str]:
    if not scenario.arrivals:
        yield "there are no arrivals, so nothing will happen"
    used = {one.channel for one in scenario.arrivals} | {
        contact.channel for one in scenario.arrivals for contact in one.contacts
    }
    for name in scenario.channels:
        if name not in used:
            yield f"nobody arrives by channel {quoted(name)}"
    labels = {label for one in scenario.arrivals for label in one.labels} | {
        contact.label for one in scenario.arrivals for contact in one.contacts
    }
    for name in scenario.labels:
        if name not in labels:
            yield f"no customer has the label {quoted(name)}"


def _of_queue(scenario: Scenario, name: str, queue: Queue) -> Iterator[str]:
    if name not in requested_queues(scenario):
        yield f"queue {quoted(name)} is not used: no contact arrives in it and nobody hands on to it"
    for step in queue.steps:
        if step.needs.mixes_and_or:
            yield (
                f"queue {quoted(name)}: {quoted(step.needs)} is read from left to right, "
                f"as {quoted(step.needs.grouped)}"
            )
    teams = [team for team in scenario.teams if serves(scenario, team, name)]
    if not any(scenario.teams[team].agents for team in teams):
        yield f"queue {quoted(name)}: there are no agents who can serve it"


def _of_team(scenario: Scenario, name: str, team: Team) -> Iterator[str]:
    yield from _of_size(name, team)
    if team.role == "supervisor":
        if scenario.supervision is None or scenario.supervision.team != name:
            yield f"team {quoted(name)} has nothing to do: it is no team of agents and does not supervise"
        return
    if not any(is_skilled(scenario, name, queue) for queue in scenario.queues):
        yield f"team {quoted(name)} has nothing to do: it has the skills for no queue"
    asked = {
        skill
        for queue in scenario.queues
        for step in scenario.steps_of(queue)
        for skill in step.needs.attributes
    }
    for skill in team.skills:
        if skill not in asked:
            yield f"team {quoted(name)}: no queue asks for the skill {quoted(skill)}"


def _of_size(name: str, team: Team) -> Iterator[str]:
    implied = derived_agents(team.shifts, team.head_count)
    if implied is None or team.agents == implied:
        return
    if team.head_count is not None:
        idle = team.agents - implied
        yield f"team {quoted(name)}: {idle} of {team.agents} agents never log in, the largest head-count is {implied}"
        return
    sizes = ", ".join(str(size) for size in team.shift_sizes())
    given = ", ".join(str(shift.agents) for shift in team.shifts)
    spread = f"are shared out over its shifts as {sizes}, in proportion to {given}"
    yield f"team {quoted(name)}: its {team.agents} agents {spread}"
