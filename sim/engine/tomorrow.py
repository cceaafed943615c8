"""Tomorrow: the roster of a run of several days goes on after its end, while somebody waits whom it could serve."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.engine.agent import Agent
from sim.engine.head_counts import Step
from sim.engine.queue import WaitingQueue
from sim.engine.roster import LONGEST_S
from sim.records import Ending
from sim.scenario.calendar import DAY_S


@dataclass(slots=True)
class Tomorrow:
    """The days after the end of a run of more than 24 hours, and the log-ins that they add.

    `added` has each agent's first added log-in, `work_ended_s` the last work that ended before the first of all.
    """

    lasts: float
    queues: dict[str, WaitingQueue]
    added: dict[str, float] = field(default_factory=dict)
    work_ended_s: float = float("inf")

    def adds(self, agent: Agent) -> bool:
        """Return whether that agent logs in once more, as somebody waits whom they may serve; note it."""
        pools = {desk.pool for desk in agent.desks.values()}
        if not any(queue.waiting and not pools.isdisjoint(queue.members) for queue in self.queues.values()):
            return False
        if not self.added:
            self.work_ended_s = max(self.lasts, agent.router.last_work_s)
        self.added.setdefault(agent.name, agent.clock.now)
        return True

    def ending(self, horizon_s: float) -> Ending:
        """Return how the run ended, with what was added to it."""
        if not self.added:
            return Ending(horizon_s)
        return Ending(
            horizon_s, min(self.work_ended_s, horizon_s), min(self.added.values()), dict(self.added)
        )

    def counts(self, counts: tuple[int, ...], every_s: float) -> Iterator[Step]:
        """Return when a head-count changes after the end, and to what: as in the last 24 hours, day by day."""
        first = self.lasts - DAY_S
        inside = range(int(first // every_s) + 1, min(len(counts), int(-(-self.lasts // every_s))))
        offsets = [0.0, *(number * every_s - first for number in inside if number * every_s < self.lasts)]
        last_day = [counts[int((first + offset) // every_s)] for offset in offsets]
        for day in range(int(LONGEST_S // DAY_S) + 1):
            for offset, count in zip(offsets, last_day, strict=True):
                yield self.lasts + day * DAY_S + offset, count, ()
