"""Teams, pools, desks and rosters, as they are handed in to the compiled engine."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from sim.engine.agent import Agent
from sim.engine.compiled.layout import rows, structs
from sim.engine.compiled.world import NEVER, Array, World, whole_numbers
from sim.engine.dated_roster import OfShifts, steps_on_dates, stints_on_dates
from sim.engine.desk import Desk
from sim.engine.head_counts import Step
from sim.engine.interruptions import LinkedDesk
from sim.engine.roster import LONGEST_S, Stint, Team, absent, shift_number, stints_in, stints_of
from sim.engine.tomorrow import Tomorrow
from sim.scenario import LogOut, NotReady
from sim.workload import Workload

if TYPE_CHECKING:
    from sim.scenario.single_days import Linked


def staff_arrays(world: World) -> dict[str, Array]:
    """Return teams, pools, agents and their desks; who comes when is a matter of the day."""
    return _teams(world) | _pools(world) | _agents(world)


def _teams(world: World) -> dict[str, Array]:
    given = rows("TeamGiven", len(world.teams))
    for row, team in zip(given, world.teams, strict=True):
        row["accepts"], row["heads"], row["has_speeds"] = team.accepts, -1, bool(team.speeds)
        row["accept_delay"] = world.numbering.draw(team.accept_delay)
        row["wrap_up"] = world.numbering.draw(team.wrap_up)
        pauses = team.spec.pauses
        if pauses is not None:
            row["pause_every"] = world.numbering.agent_draw("pause_every", pauses.every)
            row["pause_for"] = world.numbering.agent_draw("pause_for", pauses.for_)
    speeds = [team.speeds.get(queue.name, NEVER) for team in world.teams for queue in world.queues]
    return {"teams": given, "speeds": np.array([*speeds, NEVER])}


def _pools(world: World) -> dict[str, Array]:
    given = rows("PoolGiven", len(world.pools))
    levels: list[int] = []
    lists: list[int] = []
    desks: list[int] = []
    desk_number = {id(desk): i for i, desk in enumerate(_desks(world))}
    level_number = {id(one): i for i, one in enumerate(chain(*(queue.levels for queue in world.queues)))}
    list_number = {id(queue.pull): i for i, queue in enumerate(world.queues) if queue.pull is not None}
    for i, (row, pool) in enumerate(zip(given, world.pools, strict=True)):
        row["medium"], row["indexed"] = world.media.index(pool.medium), pool.free is not None
        row["level_n"], row["level_first"] = len(pool.levels), len(levels)
        levels += [level_number[id(level)] for level in pool.levels]
        row["list_n"], row["list_first"] = len(pool.lists), len(lists)
        lists += [list_number[id(one)] for one in pool.lists]
        row["desk_n"], row["desk_first"] = len(pool.desks), len(desks)
        desks += [desk_number[id(desk)] for desk in pool.desks]
        row["skill_first"] = i * len(world.queues)
    skills = [pool.skills.get(queue.name, 0) for pool in world.pools for queue in world.queues]
    return {
        "pools": given,
        "pool_levels": whole_numbers(levels),
        "pool_lists": whole_numbers(lists),
        "pool_desks": whole_numbers(desks),
        "skills": whole_numbers(skills),
    }


def _desks(world: World) -> Iterator[Desk]:
    return (desk for team in world.teams for agent in team.agents for desk in _places(team, agent))


def _places(team: Team, agent: Agent) -> Iterable[Desk]:
    """Return an agent's desks in a team."""
    return (agent.seats[team.name].desks if agent.seats else agent.desks).values()


def _agents(world: World) -> dict[str, Array]:
    """Return seats and their desks, team by team: colleagues differ by place alone, persons by their skills too."""
    agents = rows("AgentGiven", len(world.agents))
    desks = rows("DeskGiven", sum(1 for _ in _desks(world)))
    paces: list[float] = []
    seat = first = 0
    for number, team in enumerate(world.teams):
        alike = [[one] for one in team.agents] if team.spec.members else [team.agents]
        for group in alike:
            places = list(_places(team, group[0])) if group else []
            here = agents[seat : seat + len(group)]
            seats = np.arange(seat, seat + len(group))
            here["team"], here["place"] = number, seats * (len(world.media) + 1)
            here["agent"] = seats if not team.spec.members else group[0].rank
            here["desk_n"], here["desk_first"] = len(places), first + len(places) * np.arange(len(group))
            for i, desk in enumerate(places):
                some = desks[first + i : first + len(places) * len(group) : len(places)]
                some["agent"] = here["agent"]
                some["place"] = here["place"] + world.media.index(desk.medium) + 1
                _desk(world, some, team, desk, paces)
            seat, first = seat + len(group), first + len(places) * len(group)
    return {"agents": agents, "desks": desks, "paces": np.array([*paces, 0.0])}


def _desk(world: World, some: Array, team: Team, desk: Desk, paces: list[float]) -> None:
    some["medium"], some["max_tasks"] = world.media.index(desk.medium), desk.max_tasks
    some["pool"] = -1 if desk.pool is None else world.pool_numbers[id(desk.pool)]
    some["pace_n"], some["pace_first"] = len(desk.pace), len(paces)
    paces += desk.pace
    some["linked"], some["interrupts"] = isinstance(desk, LinkedDesk), bool(desk.interrupts)
    some["hands_back"] = team.spec.at_shift_end.get(desk.medium) == "hand_back"
    after = team.spec.after_ring.get(desk.medium)
    if isinstance(after, NotReady):
        some["misses"], some["pause"] = after.misses, world.numbering.agent_draw("not_ready", after.not_ready)
    elif isinstance(after, LogOut):
        some["misses"], some["logs_out"] = after.misses, after.log_out


# Who comes when.

STAYS = -1
"""The seat of a stint for which the agent changes no team."""


def roster_of(world: World, workload: Workload) -> "Roster":
    """Return who comes on a day: the same ones every day, unless some may be absent."""
    if any(team.spec.absence > 0 for team in world.teams):
        return Roster(world, workload)
    if world.same_roster is None:
        world.same_roster = Roster(world, workload)
    return cast("Roster", world.same_roster)


class Roster:
    """The stints and head-counts of those who come; who is absent is drawn for the day."""

    def __init__(self, world: World, workload: Workload) -> None:
        self._world = world
        self._stints: list[tuple[float, float, int, int, bool, bool, int]] = []
        self._breaks: list[float] = []
        self._heads: list[tuple[int, int, int, int]] = []
        self._steps: list[tuple[float, int, int, int]] = []
        self._absent: list[int] = []
        self._head_agents: list[int] = []
        self._starts: list[int] = []
        lasts = world.scenario.lasts
        self._tomorrow = Tomorrow(lasts, {}) if world.scenario.has_tomorrow else None
        self._added_s = LONGEST_S if self._tomorrow is not None else 0.0
        self._linked = world.scenario.linked
        self.agents, self.teams = world.arrays["agents"].copy(), world.arrays["teams"].copy()
        for number, team in enumerate(world.teams):
            if self._linked is not None:
                self._add_on_dates(self._linked, number, team, workload)
                continue
            if team.spec.members:
                self._add_persons(team, workload)
                continue
            coming = [agent for agent in team.agents if not absent(team, agent, workload)]
            if team.spec.head_count is None:
                self._add_shifts(number, team, coming)
            elif coming:
                self.teams[number]["heads"] = len(self._heads)
                self._add_heads(team, coming)

    def _add_on_dates(self, linked: "Linked", number: int, team: Team, workload: Workload) -> None:
        spec = team.spec.head_count
        if spec is not None and team.agents:
            self.teams[number]["heads"] = len(self._heads)
            self._follow(team.agents, [*steps_on_dates(linked, workload, team, spec)])
            return
        of_shifts: OfShifts = {}
        for agent in team.agents:
            if agent.home is team:
                self._start(
                    agent, self._span(stints_on_dates(linked, workload, team, agent, of_shifts), agent)
                )

    def _add_persons(self, team: Team, workload: Workload) -> None:
        for agent in team.agents:
            if agent.home is team and (len(agent.seats) > 1 or not absent(team, agent, workload)):
                stints = stints_in(self._world.scenario, agent, workload, self._added_s)
                self._start(agent, self._span(stints, agent))

    def _add_shifts(self, number: int, team: Team, coming: list[Agent]) -> None:
        spans: dict[int | None, tuple[int, int]] = {}
        for agent in coming:
            shift = self._shift_of(number, team, agent)
            if shift not in spans:
                spans[shift] = self._span(self._world.stints[number, shift], agent)
            self._start(agent, spans[shift])

    def _shift_of(self, number: int, team: Team, agent: Agent) -> int | None:
        """Return an agent's shift, the stints of which the world then knows."""
        world = self._world
        if agent.rank not in world.shifts:
            shift = world.shifts[agent.rank] = shift_number(team.spec, agent.number)
            if (number, shift) not in world.stints:
                stints = stints_of(world.scenario, team.spec, agent.number, self._added_s)
                world.stints[number, shift] = tuple(stints)
        return world.shifts[agent.rank]

    def _start(self, agent: Agent, span: tuple[int, int]) -> None:
        self.agents[agent.rank]["stint_n"], self.agents[agent.rank]["stint_first"] = span
        self._starts.append(agent.rank)

    def _span(self, stints: Iterable[Stint], agent: Agent) -> tuple[int, int]:
        first = len(self._stints)
        for stint in stints:
            seat = self._world.seat_numbers.get((stint.team, agent.name), STAYS)
            breaks = len(stint.breaks), len(self._breaks) // 2
            self._stints.append((stint.start, stint.end, *breaks, stint.is_added, stint.begins_away, seat))
            self._breaks += chain(*stint.breaks)
        return len(self._stints) - first, first

    def _add_heads(self, team: Team, coming: list[Agent]) -> None:
        spec = team.spec.head_count
        assert spec is not None
        numbers = [agent.number for agent in coming]
        counts = tuple(bisect_right(numbers, count) for count in spec.counts)
        steps: list[Step] = [(i * spec.every, count, ()) for i, count in enumerate(counts)]
        if self._tomorrow is not None:
            steps = [step for step in steps if step[0] < self._tomorrow.lasts]
            steps += self._tomorrow.counts(counts, spec.every)
        self._follow(coming, steps)

    def _follow(self, coming: list[Agent], steps: Sequence[Step]) -> None:
        self._starts.append(-len(self._heads) - 1)
        self._heads.append((len(coming), len(self._head_agents), len(steps), len(self._steps)))
        for at, count, away in steps:
            self._steps.append((at, count, len(away), len(self._absent)))
            self._absent += [agent.rank for agent in away]
        self._head_agents += [agent.rank for agent in coming]

    @cached_property
    def handed_in(self) -> dict[str, Array]:
        """The arrays as they are handed in."""
        given: Callable[[str], Any] = structs().__getitem__
        return {
            "agents": self.agents,
            "teams": self.teams,
            "stints": np.array([*self._stints, (0.0, 0.0, 0, 0, False, False, STAYS)], given("StintGiven")),
            "heads": np.array([*self._heads, (0, 0, 0, 0)], given("HeadsGiven")),
            "head_steps": np.array([*self._steps, (0.0, 0, 0, 0)], given("HeadStep")),
            "breaks": np.array([*self._breaks, 0.0]),
            "head_agents": whole_numbers(self._head_agents),
            "head_absent": whole_numbers(self._absent),
            "starts": whole_numbers(self._starts),
        }

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many there are."""
        return {"n_heads": len(self._heads), "n_starts": len(self._starts)}
