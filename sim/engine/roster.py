"""Who is there when: the teams with their agents, and the shifts and breaks of those."""

from bisect import bisect_left, bisect_right
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from simpy import Interrupt

from sim.engine.agent import Agent, Seat
from sim.engine.clock import Process
from sim.engine.context import Context
from sim.engine.desk import Desk
from sim.engine.going_back import hand_back
from sim.engine.head_counts import HeadCount
from sim.engine.interruptions import LinkedDesk, link_desks
from sim.engine.pauses import AgentPauses
from sim.engine.queue import Pool
from sim.engine.ranks import COMES, GOES
from sim.engine.router import Router
from sim.policies import AgentSelection, RandomSelection
from sim.scenario import Medium, Scenario
from sim.scenario import Team as TeamSpec
from sim.scenario.calendar import DAY_S
from sim.scenario.people import Member, stays
from sim.scenario.teams import days_of_shifts, seats_of
from sim.scenario.wall_clock import WallClock
from sim.workload import Workload
from sim.workload.draws import Draw

if TYPE_CHECKING:
    from sim.engine.tomorrow import Tomorrow

LONGEST_S = 30 * DAY_S
"""A run that would never end, as no agent ever accepts and no customer gives up, stops a month after closing."""


# A team at work: agents with the same skills.


class Team:
    """The agents of a team, and the pool of those with the same skills on each medium they serve."""

    __slots__ = (
        "accept_delay", "accepts", "agents", "crews", "head_count", "members", "name", "slots", "spec", "speeds",
        "wrap_up",
    )  # fmt: skip

    def __init__(self, name: str, spec: TeamSpec) -> None:
        self.name = name
        self.spec = spec
        self.members = spec.members
        self.slots: dict[str, tuple[int, tuple[float, ...]]] = {}
        self.agents: list[Agent] = []
        self.crews: dict[Skills, dict[str, Pool]] = {_skills(spec.skills): {}}
        self.head_count: HeadCount | None = None
        self.speeds = dict(spec.speed)
        self.accepts = spec.accept.probability
        self.accept_delay = Draw("accept_delay", name, spec.accept.delay)
        self.wrap_up = Draw("wrap_up", name, spec.wrap_up)

    @property
    def pools(self) -> dict[str, Pool]:
        """The pools of those with the team's own skills, by medium."""
        return self.crews[_skills(self.spec.skills)]


Skills = tuple[tuple[str, int], ...]


def _skills(skills: Mapping[str, int]) -> Skills:
    return tuple(sorted(skills.items()))


# Shifts.


@dataclass(frozen=True, slots=True)
class Stint:
    """A shift of one agent on one day; seconds from opening, breaks as (start, length).

    `is_added` is whether it begins after the run's own days, for those who wait still, `begins_away` whether it
    does with a break. `team` is that of a person of a roster.
    """

    start: float
    end: float
    breaks: tuple[tuple[float, float], ...]
    is_added: bool = False
    begins_away: bool = False
    team: str = ""


def stints_of(scenario: Scenario, team: TeamSpec, number: int, added_s: float = 0.0) -> Iterator[Stint]:
    """Return the stints of agent `number`, after the run's own days those of the next `added_s` seconds.

    A team without shifts is logged in for the whole run.
    """
    if team.members:
        yield from _rostered(scenario, team.members[number - 1], added_s)
        return
    if not team.shifts:
        yield Stint(0.0, float("inf"), ())
        return
    place = shift_number(team, number)
    if place is None:
        return
    shift = team.shifts[place]
    midnight = -opening_s(scenario)
    length = shift.to - shift.from_
    if length <= 0:
        return  # the clock skips it
    for day in days_of_shifts(scenario, midnight, added_s):
        start = midnight + day * DAY_S + shift.from_
        begin = max(start, 0.0)
        breaks = breaks_from(
            begin, sorted((start + (b.at - shift.from_) % DAY_S, b.for_) for b in shift.breaks)
        )
        if start + length > 0 and start < scenario.lasts + added_s:
            yield Stint(begin, start + length, breaks, start >= scenario.lasts, is_away(begin, breaks))


def _rostered(scenario: Scenario, member: Member, added_s: float, team: str = "") -> Iterator[Stint]:
    """Return the stints of a person in a team; of one that has begun before opening what is left of it."""
    for stay in stays(scenario, member, added_s):
        start = max(stay.start_s, 0.0)
        breaks = breaks_from(start, stay.breaks)
        yield Stint(start, stay.end_s, breaks, stay.start_s >= scenario.lasts, is_away(start, breaks), team)


def breaks_from(start: float, breaks: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return what is left of breaks from that moment on: one that is over by then is not taken."""
    ends = [(max(at, start), at + length) for at, length in breaks]
    return tuple((at, end - at) for at, end in ends if end > start)


def is_away(start: float, breaks: tuple[tuple[float, float], ...]) -> bool:
    """Return whether who begins then begins with a break."""
    return bool(breaks) and breaks[0][0] <= start


def opening_s(scenario: Scenario) -> float:
    """Return the clock time of t = 0, in seconds from midnight."""
    return scenario.opens_at


def shift_number(team: TeamSpec, number: int) -> int | None:
    """Return the place of the shift that agent `number` works in; None where there is none."""
    if not team.shifts:
        return None
    place = bisect_left(tuple(accumulate(team.shift_sizes())), number)
    return place if place < len(team.shifts) else None


RANG_OUT = "too many offers rang out"
"""Why an agent is sent home before the end of their shift."""


class Shifts(Process):
    """The way of one agent through their stints."""

    __slots__ = ("_works", "agent", "stints", "tomorrow")

    def __init__(self, agent: "Agent", stints: Iterable[Stint], tomorrow: "Tomorrow | None" = None) -> None:
        super().__init__(agent.clock)
        self.agent = agent
        self.stints = stints
        self._works = False
        self.tomorrow = tomorrow

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f"the shift of {self.agent.name}"

    def life(self) -> Generator[None, Any, None]:
        """Come, take the breaks, stop at the end of the shift, go when the open tasks are done."""
        agent = self.agent
        for stint in self.stints:
            if stint.end <= self.clock.now:
                continue  # the one before has lasted so long
            if stint.start > 0 or self.clock.now > 0:
                self.until(max(stint.start, self.clock.now), COMES)
                yield
            agent.sit_down(stint.team)
            if stint.is_added and self.tomorrow is not None and not self.tomorrow.adds(agent):
                continue
            if stint.begins_away:
                agent.log_in_away("break")
            else:
                agent.log_in()
            reason = "overtime"
            self._works = True
            try:
                for at, length in stint.breaks:
                    yield from self._stay_until(at)
                    if self.clock.now < stint.end:
                        yield from self._pause(stint, length)
                yield from self._stay_until(stint.end)
            except Interrupt as sent_home:
                self.token = 0  # go home now: the time set for the end of the shift no longer counts
                if sent_home.cause is RANG_OUT:
                    reason = "ring"
            self._works = False
            yield from self._close(agent, reason)

    def send_home(self) -> None:
        """End the stint before its time, as the agent's offers rang out."""
        if self._works:
            self.throw(Interrupt(RANG_OUT))

    def _stay_until(self, at: float) -> Generator[None, Any, None]:
        """Stay until then; an agent who comes from a break into the next thing due does not come back for no time."""
        if at <= self.clock.now:
            return
        if not self.agent.present:
            self.agent.resume()
        if at < float("inf"):
            self.until(at, GOES)
        yield

    def _pause(self, stint: Stint, length: float) -> Generator[None, Any, None]:
        """Take a break of its full length, once the open tasks are done; it never outlasts the shift."""
        if not self.agent.stop("break"):
            self.agent.when_free(self)
            self.until(stint.end, GOES)
            if (yield) is None:
                return
        back_at = self.clock.now + length
        # Who would come back at the end of the shift goes.
        self.until(min(back_at, stint.end), COMES if back_at < stint.end else GOES)
        yield

    def _close(self, agent: "Agent", reason: str) -> Generator[None, Any, None]:
        idle = agent.stop(reason)
        if reason == "overtime" and agent.team.spec.at_shift_end:
            hand_back(agent)
            idle = agent.idle
        if not idle:
            agent.when_free(self)
            yield
        agent.log_out()


# Puts the staff together: teams, agents, their desks and pools, and who comes when.


def staff(context: Context, router: Router, selection: AgentSelection) -> dict[str, Team]:
    """Make the teams and let each queue take up those who meet its steps' criteria."""
    scenario, queues = context.scenario, context.queues
    teams = {name: Team(name, spec) for name, spec in scenario.teams.items()}
    known: dict[str, Agent] = {}
    for place, seat in enumerate(seats_of(scenario)):
        team = teams[seat.team]
        agent = known.get(seat.name) if seat.again else None
        if agent is None:
            agent = known[seat.name] = Agent(context, router, team, len(team.agents) + 1, seat.name, place)
            agent.address = seat.address
        team.agents.append(agent)
        _seat(context, team, agent, (place, seat.word), selection)
    crews = [crew for team in teams.values() for crew in team.crews.values()]
    for pool in (pool for crew in crews for pool in crew.values()):
        pool.desks.sort(
            key=lambda desk: desk.rank
        )  # who sits in an earlier team too has come to this one late
    for queue in queues.values():
        medium = queue.spec.medium
        queue.staff([crew[medium] for crew in crews if medium in crew])
    return teams


def _seat(context: Context, team: Team, agent: Agent, of: tuple[int, str], selection: AgentSelection) -> None:
    """Give an agent their desks in a team, and let them sit there where it is their first one."""
    spec, (place, word) = team.spec, of
    skills = team.members[len(team.agents) - 1].skills if team.members else spec.skills
    crew = team.crews.get(_skills(skills)) or {}
    if not crew and spec.role == "agent":
        crew = _pools(context, team, skills, selection)
    team.crews[_skills(skills)] = crew
    pauses = None if spec.pauses is None else AgentPauses(agent, spec.pauses, context.agent_draws)
    seat = Seat(team, {}, context.recorder.place(place), word, pauses)
    _give_desks(agent, seat, crew, context, place)
    if team.members:
        agent.seats[team.name] = seat
    if agent.team is team:
        agent.desks, agent.pauses = seat.desks, pauses


def _pools(
    context: Context, team: Team, skills: Mapping[str, int], selection: AgentSelection
) -> dict[str, Pool]:
    """Make a pool for each medium on which those with these skills serve a queue."""
    scenario, queues = context.scenario, context.queues.values()
    served = {queue.spec.medium for queue in queues if any(step.needs.holds(skills) for step in queue.steps)}
    draw_one = isinstance(selection, RandomSelection) or any(
        queue.transfer is not None and queue.transfer.named > 0 for queue in scenario.queues.values()
    )
    return {
        medium: Pool(medium, dict(skills), selection, draw_one)
        for medium in scenario.media
        if medium in served and scenario.max_tasks_of(team.name, medium) > 0
    }


def _give_desks(agent: Agent, seat: Seat, crew: dict[str, Pool], context: Context, place: int) -> None:
    """Make a desk on each medium that the agent serves in a team; supervisors look into all media."""
    scenario, team = context.scenario, seat.team
    is_agent = team.spec.role == "agent"
    linked = is_agent and any(one.interrupted_by for one in scenario.media.values())
    kind = LinkedDesk if linked else Desk
    for medium in crew if is_agent else scenario.media:
        most, paces = team.slots.get(medium) or _slots(scenario, team, medium)
        if most > 0:
            desk = kind(agent, medium, most, paces, context.recorder.place(place, medium))
            seat.desks[medium] = desk
            if medium in crew:
                desk.pool = crew[medium]
                crew[medium].add(desk)
    if linked:
        link_desks(scenario, seat.desks)


def _slots(scenario: Scenario, team: Team, medium: str) -> tuple[int, tuple[float, ...]]:
    """Return how many tasks each of a team holds at most on a medium, and their paces, worked out once."""
    most = scenario.max_tasks_of(team.name, medium)
    found = team.slots[medium] = most, _paces(scenario.media[medium], most)
    return found


def _paces(medium: Medium, most: int) -> tuple[float, ...]:
    """Return the pace by number of held tasks from 0 on; empty where no number of them slows the work."""
    paces = (1.0, *(medium.pace_of(n) for n in range(1, most + 1)))
    # Work that may stand still is known by its desk, as that whose pace changes.
    return () if set(paces) == {1.0} and "holds" not in medium.interrupted_by.values() else paces


def start_rosters(
    scenario: Scenario, workload: Workload, teams: dict[str, Team], tomorrow: "Tomorrow | None" = None
) -> None:
    """Start the shifts and head-counts of all who come."""
    if scenario.linked is not None:
        from sim.engine.dated_roster import start_dated

        start_dated(scenario, scenario.linked, workload, teams, tomorrow)
        return
    added_s = LONGEST_S if tomorrow is not None else 0.0
    for team in teams.values():
        if team.spec.head_count is not None:
            coming = [a for a in team.agents if not absent(team, a, workload)]
            if coming:
                _follow_head_count(team, coming, WallClock.of(scenario), tomorrow)
            continue
        for agent in team.agents:
            if agent.home is team and (len(agent.seats) > 1 or not absent(team, agent, workload)):
                stints = stints_in(scenario, agent, workload, added_s)
                agent.shifts = shifts = Shifts(agent, stints, tomorrow)
                shifts.start(shifts.life())


def stints_in(scenario: Scenario, agent: Agent, workload: Workload | None, added_s: float) -> Iterable[Stint]:
    """Return the stints of an agent; of a person of several teams in all of them, in order of time.

    Without the workload of a date nobody is absent.
    """
    if len(agent.seats) < 2:
        return stints_of(scenario, agent.team.spec, agent.number, added_s)
    found = [
        stint
        for name, seat in agent.seats.items() if workload is None or not absent(seat.team, agent, workload)
        for member in seat.team.spec.members if member.name == agent.name
        for stint in _rostered(scenario, member, added_s, name)
    ]  # fmt: skip
    return sorted(found, key=lambda stint: stint.start)


def _follow_head_count(team: Team, coming: list[Agent], wall: WallClock, tomorrow: "Tomorrow | None") -> None:
    spec = team.spec.head_count
    assert spec is not None
    numbers = [agent.number for agent in coming]
    counts = tuple(bisect_right(numbers, count) for count in spec.counts)
    team.head_count = HeadCount(coming, counts, spec.every, wall, tomorrow)
    team.head_count.start(team.head_count.life())


def absent(team: Team, agent: Agent, workload: Workload) -> bool:
    """Return whether an agent does not come at all that day."""
    share = team.spec.absence
    return share > 0 and workload.agents.uniform(*agent.address, "absence") < share
