"""A desk: one agent's place on one medium, with its slots, its state and the pace of its work."""

from typing import TYPE_CHECKING

from sim.engine import ranks
from sim.records import OUT, stay_of

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.part import Part
    from sim.engine.pool import Pool

_STAYS = ((stay_of("RESERVED"), stay_of("BUSY")), (stay_of("READY"), stay_of("ACTIVE")))
"""By whether a slot is free, and whether something is held."""


class Desk:
    """An agent on a medium.

    `held` tasks are accepted and not closed yet (wrap-up holds the slot), `ringing` ones are offers in flight;
    both use slots. An agent's work on all held tasks goes on side by side at the medium's pace for `held`.
    He is `on` while present and not switched off by a ring-out, and `available` for an offer while also a slot
    is free: READY or ACTIVE.
    """

    __slots__ = (
        "agent", "available", "clock", "held", "max_tasks", "medium", "muted", "muted_until",
        "offered_last", "on", "pace", "place", "pool", "rank", "rate", "ready_since", "record", "ringing",
        "stay", "tasks", "version", "works",
    )  # fmt: skip

    def __init__(self, agent: "Agent", medium: str, max_tasks: int, pace: tuple[float, ...]) -> None:
        self.agent = agent
        self.medium = medium
        self.max_tasks = max_tasks
        self.pace = pace  # by number of held tasks from 0 on; empty where the work is never slowed
        self.rank = agent.rank
        self.pool: Pool | None = None
        self.held = self.ringing = self.tasks = 0
        self.muted = self.on = self.available = False
        self.muted_until = 0.0
        self.ready_since = 0.0
        self.offered_last = 0
        self.version = 0
        self.rate = 1.0
        self.works: list[Part] = []
        self.clock = agent.clock
        self.record = agent.record
        self.place = agent.router.recorder.place(agent.rank, medium)
        self.stay = OUT

    # What a policy may look at.

    @property
    def name(self) -> str:
        """The agent's name."""
        return self.agent.name

    @property
    def team_name(self) -> str:
        """The agent's team."""
        return self.agent.team.name

    def skill(self, queue: str) -> int:
        """His level in the attribute that bears the queue's name, 0 without."""
        return self.agent.team.spec.skills.get(queue, 0)

    # Slots.

    def reserve(self) -> None:
        """Let an offer ring."""
        self.ringing += 1
        self.tasks += 1
        self.changed()

    def take(self) -> None:
        """Hold a task that was not reserved before."""
        self.held += 1
        self.tasks += 1
        if self.pace:
            self._repace()
        self.changed()

    def accept(self) -> None:
        """Turn an offer that rings into a held task."""
        self.ringing -= 1
        self.held += 1
        if self.pace:
            self._repace()
        if self.record is not None:  # as many slots are used as before: the pool's order stays
            self._note()

    def withdraw(self) -> None:
        """End an offer that was not accepted."""
        self.ringing -= 1
        self.tasks -= 1
        if not self.tasks:
            self.ready_since = self.clock._now
        self.changed()

    def release(self) -> None:
        """Close a held task."""
        self.held -= 1
        self.tasks -= 1
        if self.pace:
            self._repace()
        if not self.tasks:
            self.ready_since = self.clock._now
        self.changed()

    def mute(self, for_s: float) -> None:
        """Be NOT_READY on this medium for so many seconds after a ring-out."""
        self.muted = True
        self.muted_until = max(self.muted_until, self.clock._now + for_s)
        self.agent.unmute_later(self, for_s)
        self.comes_or_goes()

    # State.

    def comes_or_goes(self) -> None:
        """Follow the agent's presence, and his being switched off after a ring-out."""
        self.on = self.agent.present and not self.muted
        if self.pool is not None and self.pool.there is not None:
            self.pool.there.set(self, self.agent.logged_in)
        self.changed()

    def changed(self) -> None:
        """Keep the pool's order and the state's record after any change of slots or presence."""
        self.version += 1
        available = self.on and self.tasks < self.max_tasks
        pool = self.pool
        if pool is not None:
            if available:
                pool.push(self)
            if available is not self.available:
                pool.available += 1 if available else -1
                if pool.free is not None:
                    pool.free.set(self, available)
        self.available = available
        if self.record is not None:
            self._note()

    def _note(self) -> None:
        """Record the state he is in, if it is another one than before."""
        stay = _STAYS[self.available][self.held > 0] if self.on else self._off()
        if stay != self.stay and self.record is not None:
            self.stay = stay
            self.record((self.place, stay, self.clock._now))

    def _off(self) -> int:
        if not self.agent.logged_in:
            return OUT
        return stay_of("PENDING_NOT_READY" if self.tasks else "NOT_READY", self.agent.off_reason or "ring")

    def close_books(self) -> None:
        """Record the stay that is still open at the end of the run."""
        if self.record is not None and self.stay != OUT:
            self.record((self.place, OUT, self.clock._now))

    # Work.

    def begin(self, work: "Part") -> None:
        """Start on the work that is left; the process goes on when no more than `work.goal` is left of it."""
        now = self.clock._now
        work.since = now
        if self.pace:
            self.works.append(work)
        work.until(now + (work.left - work.goal) / self.rate, ranks.HANDLING_ENDS)

    def stop(self, work: "Part") -> None:
        """Stop working, and take what was done off the work that is left."""
        work.left -= (self.clock._now - work.since) * self.rate
        if self.pace:
            self.works.remove(work)

    def _repace(self) -> None:
        rate = self.pace[self.held]
        if rate == self.rate:
            return
        now = self.clock._now
        for work in self.works:
            work.left -= (now - work.since) * self.rate
            work.since = now
            work.until(now + (work.left - work.goal) / rate, ranks.HANDLING_ENDS)
        self.rate = rate
