"""A running centre as processes of one's own see it: its clock, queues, agents, customers and requests.

`simulate(..., processes=[watch])` calls `watch(centre)` with a `RunningCentre` and runs the generator that it
returns as a process of SimPy's on the centre's clock:

    def watch(centre):
        yield centre.at("11:00")
        centre.agents["frontline-1"].log_out()

Customers, handlings, shifts and the timers of requests are SimPy processes, requests are SimPy events: all can be
waited for, and the processes be interrupted. An interrupted customer hangs up, or does not come back; an agent whose
handling is interrupted leaves the conversation and wraps up, or closes the task at once where they wrap up already;
an interrupted shift ends as at its end, open tasks being finished first. The time of an interrupted timer comes now:
`request.timers["ttl"].interrupt()` ends the search, `["ring"]` the offer, and `["step"]` opens the next step.
"""

from collections.abc import Callable, Generator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import simpy

from sim.engine.policy_views import SeenQueue
from sim.engine.roster import opening_s

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.conversation import Participant
    from sim.engine.customer import Customer
    from sim.engine.request import Request
    from sim.engine.roster import Shifts
    from sim.engine.simulate import Centre
    from sim.scenario import Scenario


class RunningCentre:
    """A contact centre on its day, for processes of one's own."""

    def __init__(self, centre: "Centre") -> None:
        self._centre = centre
        context = centre.context
        self.env: simpy.Environment = context.clock
        """The clock, a SimPy environment; `env.now` is in seconds from opening."""
        self.scenario: Scenario = context.scenario
        """What is simulated."""
        self.queues: Mapping[str, SeenQueue] = MappingProxyType(
            {name: SeenQueue(queue, context.clock) for name, queue in context.queues.items()}
        )
        """The queues by name, with how many requests wait and how many agents are available."""
        self.agents: Mapping[str, RunningAgent] = MappingProxyType(
            {
                agent.name: RunningAgent(centre, agent)
                for team in centre.teams.values()
                for agent in team.agents
            }
        )
        """The agents by name, as `frontline-1`."""

    def at(self, clock_time: str) -> simpy.Event:
        """Return the event of a clock time of the first day, as `11:00` or `11:00:30`."""
        parts = [float(part) for part in clock_time.split(":")]
        seconds = sum(part * unit for part, unit in zip(parts, (3600.0, 60.0, 1.0), strict=False))
        return self.env.timeout(seconds - opening_s(self.scenario) - self.env.now)

    @property
    def customers(self) -> "list[Customer]":
        """The customers who are in a conversation or wait for one, in order of their contact."""
        return [conversation.customer for conversation in self._centre.conversations()]

    @property
    def requests(self) -> "list[Request]":
        """The open searches for an agent, in order of their contact; each is the event of its end."""
        pending = (conversation.pending for conversation in self._centre.conversations())
        return [request for request in pending if request is not None]


class RunningAgent:
    """An agent on their day. What the roster does to them goes on: they come and go at its next entry."""

    def __init__(self, centre: "Centre", agent: "Agent") -> None:
        self._centre = centre
        self._agent = agent
        self.name = agent.name
        """Their name, as `frontline-1`."""
        self.team = agent.team.name
        """The team whose requests they are offered."""

    @property
    def present(self) -> bool:
        """Whether they are logged in and neither in a break nor about to go."""
        return self._agent.present

    @property
    def tasks(self) -> int:
        """How many tasks they hold or are being offered, over all media."""
        return sum(desk.tasks for desk in self._agent.desks.values())

    @property
    def shifts(self) -> "Shifts | None":
        """The process of their shifts; None where a head-count calls and sends them."""
        return self._agent.shifts

    @property
    def handlings(self) -> "list[Participant]":
        """The processes of their open tasks, in order of conversation."""
        mine = (part for part in self._centre.router.parts if part.agent is self._agent)
        return sorted(mine, key=lambda part: (part.conversation.id, part.order))

    def log_out(self) -> None:
        """Log out; an agent with open tasks gets no new offers, finishes them and logs out then.

        Nothing changes for an agent who is finishing tasks before a break or before going home.
        """
        agent = self._agent
        if not agent.logged_in or not (agent.present or agent.idle):
            return
        if agent.stop("break"):
            agent.log_out()
        else:
            agent.log_out_when_free()

    def log_in(self) -> None:
        """Log in, or stay after all; an agent who is there already goes on."""
        if not self._agent.present:
            self._agent.call_back()

    def move_to(self, team: str) -> None:
        """Join `team`: get its offers by its skills and on its media, and look at its queues at once.

        Their own pace, accepting and wrap-up go with them, and records and figures count them in their own team.
        """
        self._agent.move_to(self._centre.teams[team])
        self.team = team


OwnProcess = Callable[[RunningCentre], Generator[simpy.Event, Any, Any]]
"""A process of one's own: a function of the running centre that returns a SimPy generator."""
