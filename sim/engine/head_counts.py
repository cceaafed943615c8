"""Head-counts: how many agents of a team are there, interval by interval, and who comes and goes for it."""

from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from sim.engine.agent import Agent
from sim.engine.clock import Due, Process
from sim.engine.going_back import hand_back
from sim.engine.pauses import PAUSE
from sim.engine.ranks import COMES, GOES

if TYPE_CHECKING:
    from sim.engine.tomorrow import Tomorrow
    from sim.scenario.wall_clock import WallClock

Step = tuple[float, int, tuple[Agent, ...]]
"""When a head-count changes, in seconds from opening, to what, and who is absent from then on."""


class HeadCount(Process):
    """A team's head-count over the day.

    When the count falls, idle agents go first; of the busy ones as many as are too many get no new offers,
    and the first to be idle goes in their stead: no agent starts a task while too many are there.
    """

    __slots__ = (
        "_absent",
        "_back_at",
        "_count",
        "_steps",
        "_wall",
        "agents",
        "counts",
        "every_s",
        "leaving",
        "tomorrow",
    )

    def __init__(
        self,
        agents: "list[Agent]",
        counts: tuple[int, ...],
        every_s: float,
        wall: "WallClock",
        tomorrow: "Tomorrow | None" = None,
        steps: Iterable[Step] | None = None,
    ) -> None:
        super().__init__(agents[0].clock)
        self.tomorrow = tomorrow
        self.agents = agents
        self.leaving: list[Agent] = []  # who are to go, once one of the team is idle
        self.counts = counts
        self.every_s = every_s
        self._wall = wall
        self._steps = steps
        self._count = 0
        self._absent: tuple[Agent, ...] = ()  # on the date of the latest step
        self._back_at: dict[Agent, float] = {}  # who was sent home, and is not called before the next day

    def life(self) -> Generator[None, Any, None]:
        """Follow the counts, interval by interval; the last one holds on, or the days go on as the last was."""
        own: Iterator[Step] = (
            (interval * self.every_s, count, ()) for interval, count in enumerate(self.counts)
        )
        tomorrow = self.tomorrow
        if self._steps is not None:
            own = iter(self._steps)
        elif tomorrow is not None:
            own = chain(
                (step for step in own if step[0] < tomorrow.lasts), tomorrow.counts(self.counts, self.every_s)
            )
        for at, count, absent in own:
            if at > 0:
                self.until(at, GOES)
                yield
                self._count = count
                self._send_away(count)
                # Who comes is late. Waited for also where nobody does: so the teams keep their order of creation.
                self.until(self.clock.now, COMES)
                yield
            self._count = count
            self._absent = absent
            self.fill_up()

    def fill_up(self) -> None:
        """Call as many agents as are missing."""
        self._call(self._count - self._present())

    def send_home(self, agent: "Agent") -> None:
        """Log an agent out until the next day, and call another one at the end of this instant."""
        now = self.clock.now
        self._back_at[agent] = next_day = self._wall.next_midnight(now)
        if agent.stop("ring"):
            agent.log_out()
        else:
            agent.log_out_when_free()
        for at in (now, next_day):
            self.clock.schedule_due(at, COMES, _FillUp(self))

    def on_agent_idle(self, agent: "Agent") -> None:
        """Send home an agent who has just become idle, where another one is still to leave."""
        if self.leaving and agent.idle:
            stays = self.leaving.pop(0)
            agent.log_out()
            stays.resume()

    def on_slot_free(self, agent: "Agent") -> None:
        """Send home an agent who was to leave and has finished."""
        self.leaving.remove(agent)
        agent.log_out()

    def _present(self) -> int:
        # A bare loop: each team is counted twice an interval, and a `sum` over three agents takes twice as long.
        present = 0
        for agent in self.agents:
            if agent.present or agent.off_reason == PAUSE:  # who is away for a pause of their own is there
                present += 1
        return present

    def _call(self, missing: int) -> None:
        if missing <= 0:
            return
        back, self.leaving = self.leaving[:missing], self.leaving[missing:]
        new = [a for a in self.agents if not a.logged_in and self._may_come(a)][: missing - len(back)]
        for agent in back:
            agent.resume()
        if new and self.tomorrow is not None and self.clock.now >= self.tomorrow.lasts:
            new = [agent for agent in new if self.tomorrow.adds(agent)]
        for agent in new:
            agent.log_in()

    def _may_come(self, agent: "Agent") -> bool:
        return self._back_at.get(agent, 0.0) <= self.clock.now and agent not in self._absent

    def _send_away(self, count: int) -> None:
        surplus = self._present() - count
        if surplus <= 0:
            return
        last_first = [a for a in reversed(self.agents) if a.present or a.off_reason == PAUSE]
        # The last of the team go first, so that the same agents stay however often the count changes.
        idle = [a for a in last_first if a.idle][:surplus]
        busy = [a for a in last_first if not a.idle][: surplus - len(idle)]
        for agent in idle:
            agent.log_out()
        self.leaving = sorted([*self.leaving, *busy], key=lambda agent: agent.rank)
        for agent in busy:
            agent.stop("overtime")
        # Once all are stopped: what one hands back may free another, who must not go in the stead of the first.
        for agent in busy:
            if agent in self.leaving:
                hand_back(agent)
            if agent not in self.leaving:
                continue  # one who stays became idle and has gone in their stead
            if agent.idle:
                self.on_slot_free(agent)
            else:
                agent.when_free(_Leaver(agent, self))


class _Leaver(Process):
    """Sends a busy agent home once they are free, unless they are called back before."""

    def __init__(self, agent: "Agent", head_count: HeadCount) -> None:
        super().__init__(agent.clock)
        self._agent = agent
        self._head_count = head_count

    def wake(self, message: Any) -> None:
        """Go home."""
        del message
        self._head_count.on_slot_free(self._agent)


class _FillUp(Due):
    """The moment at which another agent is called for one who was sent home, or that one may come again."""

    __slots__ = ("_head_count",)

    def __init__(self, head_count: HeadCount) -> None:
        self._head_count = head_count

    def fire(self, token: int) -> None:
        del token
        self._head_count.fill_up()
