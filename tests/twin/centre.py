"""The centre of the second simulation: who is there, what is drawn, what is told, and the clock."""

import math
from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple
from zlib import crc32

from sim.scenario import Scenario
from sim.scenario.expected import handle_law
from sim.workload import Workload
from twin.calendar import Calendar, Entry
from twin.people import Agent, Conversation, Desk, Request, Sitting
from twin.ranks import Rank
from twin.stays import MONTH_S, OneRun


class Told(NamedTuple):
    """One event, as docs/reference/events.md has it."""

    conversation: int
    at: float
    event: str
    agent: str
    queue: str
    detail: tuple[tuple[str, Any], ...]


class Centre:
    """What all chapters share."""

    def __init__(self, scenario: Scenario, workload: Workload, times: Any = OneRun) -> None:
        self.scenario, self.workload = scenario, workload
        self.times = times(scenario, self.is_absent)
        self.calendar = Calendar()
        self.turns, self.opened, self.offer_numbers = count(), count(), count()
        self.live = 0
        self.about_to_look: list[Agent] = []
        self.about_to_empty: set[str] = set()
        self.let_go = 0
        self.looks_at_held_back = False
        self.cleared: set[str] = set()
        self.events: list[Told] = []
        self.requests: list[Request] = []
        self.conversations: list[Conversation] = []
        self.agents = self._everybody()
        self.waiting: dict[str, list[Request]] = {queue: [] for queue in scenario.queues}
        self.listed: dict[str, list[Request]] = {queue: [] for queue in scenario.queues}
        self.lines: dict[str, int] = dict.fromkeys(scenario.channels, 0)
        self.meeting = {queue: self._who_meets(queue) for queue in scenario.queues}

    # People

    def _everybody(self) -> list[Agent]:
        found: dict[str, Agent] = {}
        place = 0
        for name, team in self.scenario.teams.items():
            numbered = [(f"{name}-{n}", team.skills) for n in range(1, team.agents + 1)]
            people = [(one.name, one.skills) for one in team.members] or numbered
            for number, (person, skills) in enumerate(people, 1):
                desks = {m: Desk(m, self.scenario.max_tasks_of(name, m)) for m in self.scenario.media}
                sitting = Sitting(name, number, skills, team.role == "supervisor", desks)
                if person not in found:
                    address = self._address(person) if team.members else (name, number)
                    found[person] = Agent(person, place, address, {}, sitting)
                found[person].sittings[name] = sitting
                place += 1
        return list(found.values())

    def _address(self, person: str) -> tuple[str, int]:
        """R12.12: a person's draws have their name for an address, or that of a numbered agent of the name."""
        team, _, number = person.rpartition("-")
        if team in self.scenario.teams and number.isdigit() and number[0] != "0":
            return team, int(number)
        return "", crc32(person.encode())

    def is_absent(self, agent: Agent, team: str, date: int) -> bool:
        """Whether an agent does not come for a team, for the whole run or on that of its open dates."""
        draws = self.workload.days[date].agents if self.workload.days else self.workload.agents
        return bool(draws.uniform(*agent.address, "absence", 0) < self.scenario.teams[team].absence)

    def sit_down(self, agent: Agent, team: str) -> None:
        """Let an agent who is logged out be in a team from now on."""
        if agent.team != team:
            agent.sitting = agent.sittings[team]
            self.meeting = {queue: self._who_meets(queue) for queue in self.scenario.queues}

    def _who_meets(self, queue: str) -> list[set[int]]:
        """For each step of a queue, the places of all agents who meet its expression in the team they are in."""
        medium = self.medium_of(queue)
        able = [a for a in self.agents if not a.is_supervisor and a.desks[medium].slots]
        steps = self.scenario.steps_of(queue)
        return [{a.place for a in able if step.needs.holds(a.skills)} for step in steps]

    def members(self, queue: str) -> list[Agent]:
        """The members of a queue in the order of declaration."""
        places = set().union(*self.meeting[queue])
        return [agent for agent in self.agents if agent.place in places]

    def members_by_step(self, queue: str) -> list[Agent]:
        """The members of a queue in the order of its steps, then as they are counted."""
        places = {place: None for step in self.meeting[queue] for place in self._as_counted(step)}
        by_place = {agent.place: agent for agent in self.agents}
        return [by_place[place] for place in places]

    def counted(self, agents: list[Agent]) -> list[Agent]:
        """Agents as they are counted: by team, those of the same skills together, then by declaration."""
        teams = list(self.scenario.teams)

        def order(agent: Agent) -> tuple[int, int, int]:
            team = self.scenario.teams[agent.team]
            skill_sets = [dict(team.skills), *(dict(one.skills) for one in team.members)]
            return teams.index(agent.team), skill_sets.index(dict(agent.skills)), agent.place

        return sorted(agents, key=order)

    def _as_counted(self, places: set[int]) -> list[int]:
        return [one.place for one in self.counted([one for one in self.agents if one.place in places])]

    def medium_of(self, queue: str) -> str:
        return self.scenario.queues[queue].medium

    # The clock

    @property
    def now(self) -> float:
        return self.calendar.now

    def at(self, when: float, rank: Rank, happen: Callable[[], None]) -> Entry:
        return self.calendar.at(when, rank, happen)

    def after(self, seconds: float, rank: Rank, happen: Callable[[], None]) -> Entry:
        return self.calendar.at(self.now + seconds, rank, happen)

    def run_out(self) -> None:
        """Let everything happen that happens before the run ends."""
        drain = self.scenario.drain
        end = self.times.lasts + (MONTH_S if drain is None else drain)
        while self.live and (entry := self.calendar.next()) is not None:
            if entry.when > end:
                break
            self.calendar.now = entry.when
            happen, entry.happen = entry.happen, None
            assert happen is not None
            happen()
            if entry.rank != Rank.HELD_BACK:
                self.after_each_event()
            else:
                self.looks_at_held_back = False

    def after_each_event(self) -> None:
        """See to what follows from anything."""

    # Draws

    def value(self, purpose: str, law: object, conversation: Conversation, k: int) -> float:
        """The k-th duration of a purpose for this customer; without a law it never comes."""
        customer = conversation.customer
        draws = self.workload.streams[customer.stream].draws
        return draws.values(purpose, law, k, scaled=False)[customer.index]  # type: ignore[arg-type]

    def uniform(self, purpose: str, conversation: Conversation, k: int) -> float:
        customer = conversation.customer
        return self.workload.streams[customer.stream].draws.uniforms(purpose, k)[customer.index]

    def handle_time(self, queue: str, conversation: Conversation, leg: int) -> float:
        """The work in seconds at full pace, before the agent's speed: in its last digit as the workload has it."""
        spec, customer = self.scenario.queues[queue], conversation.customer
        draws, own = self.workload.streams[customer.stream].draws, queue == customer.queue
        law = handle_law(self.scenario, queue)
        found = draws.values("handle_time", law, leg, scaled=own)[customer.index]
        given = draws.given.get("handle_time", ())
        if leg < len(given) and not math.isnan(given[leg][customer.index]):
            return found
        drawn = self.value("handle_time", spec.handle_time, conversation, leg)
        scale = 1.0 if not own or draws.handle_scale is None else float(draws.handle_scale[customer.index])
        expected = drawn * scale * spec.aht_factor * self.share_of_work(queue)
        assert math.isclose(found, expected, rel_tol=1e-9), (queue, found, expected)
        return found

    def share_of_work(self, queue: str) -> float:
        """The work in a handle time that was measured with so many tasks open on average."""
        tasks = self.scenario.queues[queue].handle_time_at_tasks
        pace = self.scenario.media[self.medium_of(queue)].pace_of
        below = math.floor(tasks)
        at_once = below * pace(below)
        if tasks > below:
            at_once += (tasks - below) * ((below + 1) * pace(below + 1) - at_once)
        return at_once / tasks

    def of_agent(self, agent: Agent, purpose: str, law: object = None) -> float:
        """The agent's next draw of a purpose: a duration, or a uniform number where there is no law."""
        k = agent.drawn.get(purpose, 0)
        agent.drawn[purpose] = k + 1
        draws = self.workload.agents
        if law is None:
            return draws.uniform(*agent.address, purpose, k)
        return draws.value(*agent.address, purpose, law, k)  # type: ignore[arg-type]

    # What is told

    def tell(
        self,
        event: str,
        conversation: Conversation,
        agent: Agent | None = None,
        queue: str = "",
        **detail: Any,
    ) -> None:
        name = agent.name if agent else ""
        self.events.append(
            Told(conversation.number, self.now, event, name, queue, tuple(sorted(detail.items())))
        )

    def tell_of(self, event: str, request: Request, agent: Agent | None = None, **detail: Any) -> None:
        self.tell(event, request.conversation, agent, request.queue, **detail)
