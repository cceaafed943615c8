"""Puts the staff together: teams, agents, their desks and pools, and who comes when."""

from collections.abc import Iterable

from sim.engine.agent import Agent
from sim.engine.desk import Desk
from sim.engine.pool import Pool
from sim.engine.queue import WaitingQueue
from sim.engine.roster import HeadCount, Shifts, stints_of
from sim.engine.router import Router
from sim.engine.team import Team
from sim.policies import AgentSelection, RandomSelection
from sim.records import agent_name
from sim.scenario import Medium, Scenario
from sim.workload import Workload


def staff(scenario: Scenario, router: Router, selection: AgentSelection) -> dict[str, Team]:
    """Make the teams and let each queue take up those who meet its steps' criteria."""
    teams: dict[str, Team] = {}
    rank = 0
    for name, spec in scenario.teams.items():
        team = teams[name] = Team(name, spec)
        if spec.role == "agent":
            team.pools = _pools(scenario, team, selection, router.queues.values())
        places = _places(scenario, team)
        for number in range(1, spec.agents + 1):
            agent = Agent(team, number, agent_name(name, number), rank, router)
            _give_desks(agent, places)
            team.agents.append(agent)
            rank += 1
    for queue in router.queues.values():
        medium = queue.spec.medium
        queue.staff([team.pools[medium] for team in teams.values() if medium in team.pools])
    return teams


def _pools(
    scenario: Scenario, team: Team, selection: AgentSelection, queues: Iterable[WaitingQueue]
) -> dict[str, Pool]:
    """Make a pool for each medium on which the team serves a queue."""
    skills = dict(team.spec.skills)
    served = {queue.spec.medium for queue in queues if any(step.needs.holds(skills) for step in queue.steps)}
    by_lot = isinstance(selection, RandomSelection) or any(
        queue.transfer is not None and queue.transfer.named > 0 for queue in scenario.queues.values()
    )
    return {
        medium: Pool(medium, skills, selection, by_lot)
        for medium in scenario.media
        if medium in served and scenario.max_tasks_of(team.name, medium) > 0
    }


def _places(scenario: Scenario, team: Team) -> list[tuple[str, int, tuple[float, ...]]]:
    """Give the media on which an agent of the team has a desk, with his slots and paces there."""
    media = tuple(team.pools) if team.spec.role == "agent" else tuple(scenario.media)
    slots = {medium: scenario.max_tasks_of(team.name, medium) for medium in media}
    return [
        (medium, most, _paces(scenario.media[medium], most)) for medium, most in slots.items() if most > 0
    ]


def _give_desks(agent: Agent, places: list[tuple[str, int, tuple[float, ...]]]) -> None:
    for medium, most, paces in places:
        desk = agent.desks[medium] = Desk(agent, medium, most, paces)
        pool = agent.team.pools.get(medium)
        if pool is not None:
            desk.pool = pool
            pool.add(desk)


def _paces(medium: Medium, most: int) -> tuple[float, ...]:
    """Give the pace by number of held tasks from 0 on; empty where no number of them slows the work."""
    paces = (1.0, *(medium.pace_of(n) for n in range(1, most + 1)))
    return () if set(paces) == {1.0} else paces


def start_rosters(scenario: Scenario, workload: Workload, teams: dict[str, Team]) -> None:
    """Let everybody come who comes."""
    for team in teams.values():
        coming = [a for a in team.agents if not _absent(team, a, workload)]
        if team.spec.head_count is not None:
            if coming:
                _follow_head_count(team, coming)
        else:
            for agent in coming:
                shifts = Shifts(agent, stints_of(scenario, team.spec, agent.number))
                shifts.start(shifts.life())


def _follow_head_count(team: Team, coming: list[Agent]) -> None:
    spec = team.spec.head_count
    assert spec is not None
    counts = tuple(sum(agent.number <= count for agent in coming) for count in spec.agents)
    team.head_count = HeadCount(coming, counts, spec.every)
    team.head_count.start(team.head_count.life())


def _absent(team: Team, agent: Agent, workload: Workload) -> bool:
    share = team.spec.absence
    return share > 0 and workload.agents.uniform(team.name, agent.number, "absence") < share
