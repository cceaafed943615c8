"""Head-counts: how many agents of a team are there, interval by interval, and who comes and goes for it."""

from collections.abc import Generator, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from sim.engine.agent import Agent
from sim.engine.clock import Process
from sim.engine.pauses import PAUSE
from sim.engine.ranks import COMES, GOES

if TYPE_CHECKING:
    from sim.engine.tomorrow import Tomorrow


class HeadCount(Process):
    """A team's head-count over the day.

    When the count falls, idle agents go first; of the busy ones as many as are too many get no new offers,
    and the first to be idle goes in their stead: no agent starts a task while too many are there.
    """

    __slots__ = ("agents", "counts", "every_s", "leaving", "tomorrow")

    def __init__(
        self,
        agents: "list[Agent]",
        counts: tuple[int, ...],
        every_s: float,
        tomorrow: "Tomorrow | None" = None,
    ) -> None:
        super().__init__(agents[0].clock)
        self.tomorrow = tomorrow
        self.agents = agents
        self.leaving: list[Agent] = []  # who are to go, once one of the team is idle
        self.counts = counts
        self.every_s = every_s

    def life(self) -> Generator[None, Any, None]:
        """Follow the counts, interval by interval; the last one holds on, or the days go on as the last was."""
        own: Iterator[tuple[float, int]] = (
            (interval * self.every_s, count) for interval, count in enumerate(self.counts)
        )
        tomorrow = self.tomorrow
        if tomorrow is not None:
            own = chain(
                (step for step in own if step[0] < tomorrow.lasts), tomorrow.counts(self.counts, self.every_s)
            )
        for at, count in own:
            if at > 0:
                self.until(at, GOES)
                yield
                self._send_away(count)
                # Who comes is late. Waited for also where nobody does: so the teams keep their order of creation.
                self.until(self.clock.now, COMES)
                yield
            self._call(count - self._present())

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
        new = [a for a in self.agents if not a.logged_in][: missing - len(back)]
        for agent in back:
            agent.resume()
        if new and self.tomorrow is not None and self.clock.now >= self.tomorrow.lasts:
            new = [agent for agent in new if self.tomorrow.adds(agent)]
        for agent in new:
            agent.log_in()

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
