"""A desk: one agent's place on one medium, with its slots, its state and the pace of its work."""

from heapq import heappush
from typing import TYPE_CHECKING

from sim.engine.clock import Due
from sim.engine.ranks import COMES, HANDLING_ENDS
from sim.records import OUT, stay_of

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.conversation import Participant
    from sim.engine.interruptions import LinkedDesk
    from sim.engine.queue import Pool

_READY, _ACTIVE, _RESERVED, _BUSY = map(stay_of, ("READY", "ACTIVE", "RESERVED", "BUSY"))
"""With a free slot and without, where nothing is held or something is."""


class Desk:
    """An agent on a medium.

    `held` tasks are accepted and not closed yet (wrap-up holds the slot), `ringing` ones are offers in flight;
    both use slots. An agent's work on all held tasks goes on side by side at the medium's pace for `held`.
    They are `on` while present and not switched off by a ring-out, and `available` for an offer while also a slot
    is free: READY or ACTIVE.
    """

    __slots__ = (
        "agent", "available", "clock", "held", "interrupts", "max_tasks", "medium", "muted", "muted_until",
        "offered_last", "on", "pace", "place", "pool", "rank", "rate", "ready_since", "record", "ringing",
        "stay", "tasks", "version", "works",
    )  # fmt: skip

    def __init__(
        self, agent: "Agent", medium: str, max_tasks: int, pace: tuple[float, ...], place: int
    ) -> None:
        self.agent = agent
        self.medium = medium
        self.max_tasks = max_tasks
        self.pace = pace  # by number of held tasks from 0 on; empty where the work is never slowed
        self.rank: int = agent.rank
        self.pool: Pool | None = None
        self.held = self.ringing = self.tasks = 0
        self.muted = self.on = self.available = False
        self.muted_until = 0.0
        self.ready_since = 0.0
        self.offered_last = 0
        self.version = 0
        self.rate = 1.0
        self.works: list[Participant] = []
        self.clock = agent.clock
        self.record = agent.record
        self.place = place
        self.stay = OUT
        self.interrupts: tuple[LinkedDesk, ...] = ()  # the agent's desks on media that a task here interrupts

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
        """Their level in the attribute that bears the queue's name, 0 without."""
        # The pool's skills: the agent's own, or those of the team they were moved to.
        skills = self.agent.team.spec.skills if self.pool is None else self.pool.skills
        return skills.get(queue, 0)

    # Slots.

    def reserve(self) -> None:
        """Reserve a slot for an offer that rings."""
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
        self._note()  # as many slots are used as before: the pool's order stays

    def withdraw(self) -> None:
        """End an offer that was not accepted."""
        self.ringing -= 1
        self.tasks -= 1
        if not self.tasks:
            self.ready_since = self.clock.now
        self.changed()

    def release(self) -> None:
        """Close a held task."""
        self.held -= 1
        self.tasks -= 1
        if self.pace:
            self._repace()
        if not self.tasks:
            self.ready_since = self.clock.now
        self.changed()

    def mute(self, for_s: float) -> None:
        """Make the agent NOT_READY on this medium for so many seconds after a ring-out."""
        self.muted = True
        self.muted_until = max(self.muted_until, self.clock.now + for_s)
        self.clock.schedule_due(self.clock.now + for_s, COMES, _Unmute(self))
        self.on_presence_changed()

    @property
    def reroutes(self) -> bool:
        """Whether what is open goes back to its queue."""
        return False

    def cut_in(self) -> None:
        """Send back what is open on the media that a task accepted here reroutes."""

    # State.

    def on_presence_changed(self) -> None:
        """Follow the agent's presence, and whether a ring-out has switched them off."""
        self.on = self._is_on()
        if self.pool is not None and self.pool.there is not None:
            self.pool.there.set(self, self.agent.logged_in and self.is_taken)
        self.changed()

    def _is_on(self) -> bool:
        return self.agent.present and not self.muted and self.is_taken

    @property
    def is_taken(self) -> bool:
        """Whether it is that of the team in which the agent is now; who is in several teams has desks in each."""
        return self.agent.desks.get(self.medium) is self

    def move_to(self, pool: "Pool | None") -> None:
        """Leave the pool for another one, or for none where the new team does not serve this medium."""
        old = self.pool
        if old is not None:
            old.remove(self)
        self.pool = pool
        self.available = False  # not counted in the new pool yet
        if pool is not None:
            pool.add(self)
        self.on_presence_changed()

    def changed(self) -> None:
        """Keep the pool's order and the state's record after any change of slots or presence."""
        # The entries that the pool's heap holds for this desk no longer count; they are not searched for.
        self.version += 1
        available = self.on and self.tasks < self.max_tasks
        pool = self.pool
        if pool is not None:
            if available:
                heap, key = pool.heap, pool.key
                heappush(heap, (key(self), self.rank, self.version, self))
                # Entries that no longer count leave at the top alone; swept, they cannot outgrow the desks.
                if len(heap) > pool.most:
                    pool.sweep()
            if pool.is_watched:
                pool.follow(self, available)
            if available is not self.available:
                pool.available += 1 if available else -1
        self.available = available
        # `_note`, written out: slots change with each task, and a call for each would count. A function that is kept in
        # a slot is called through a local, here as elsewhere: called as an attribute it is looked up anew each time.
        record = self.record
        if record is not None:
            if not self.on:
                stay = self._off()
            elif available:
                stay = _ACTIVE if self.held else _READY
            else:
                stay = _BUSY if self.held else _RESERVED
            if stay != self.stay:
                self.stay = stay
                record((self.place, stay, self.clock.now))

    def _note(self) -> None:
        """Record the agent's state if it is another one than before."""
        record = self.record
        if record is None:
            return
        if not self.on:
            stay = self._off()
        elif self.available:
            stay = _ACTIVE if self.held else _READY
        else:
            stay = _BUSY if self.held else _RESERVED
        if stay != self.stay:
            self.stay = stay
            record((self.place, stay, self.clock.now))

    def _off(self) -> int:
        if not (self.agent.logged_in and self.is_taken):
            return OUT
        return stay_of("PENDING_NOT_READY" if self.tasks else "NOT_READY", self.agent.off_reason or "ring")

    def close_books(self) -> None:
        """Record the stay that is still open at the end of the run."""
        if self.record is not None and self.stay != OUT:
            self.record((self.place, OUT, self.clock.now))

    # Work.

    def begin(self, work: "Participant") -> None:
        """Start on the work that is left; the process goes on when no more than `work.goal` is left of it."""
        now = self.clock.now
        work.since = now
        # Only where the number of tasks changes the pace must the works be known by the desk.
        if self.pace:
            self.works.append(work)
        work.until(now + (work.left - work.goal) / self.rate, HANDLING_ENDS)

    def stop(self, work: "Participant") -> None:
        """Stop working, and take what was done off the work that is left."""
        work.left -= (self.clock.now - work.since) * self.rate
        if self.pace:
            self.works.remove(work)

    def _repace(self) -> None:
        rate = self.pace[self.held]
        if rate == self.rate:
            return
        now = self.clock.now
        for work in self.works:
            work.left -= (now - work.since) * self.rate
            work.since = now
            work.until(now + (work.left - work.goal) / rate, HANDLING_ENDS)
        self.rate = rate


class TaskLimit:
    """How many tasks of one queue each agent may have open, by team, and who has that many: `full`."""

    __slots__ = ("_by_team", "_most", "_open", "full")

    def __init__(self, most: int | None, by_team: dict[str, int]) -> None:
        self._most = most
        self._by_team = by_team
        self._open: dict[Agent, int] = {}
        self.full: set[Agent] = set()

    def most(self, team: str) -> int | None:
        """Return how many an agent of a team may have open, None where there is no limit."""
        return self._by_team.get(team, self._most)

    def of(self, agent: "Agent") -> float:
        """Return how many an agent may have open."""
        most = self.most(agent.team.name)
        return float("inf") if most is None else most

    def add(self, agent: "Agent") -> None:
        """Count a task, offered or joined."""
        tasks = self._open[agent] = self._open.get(agent, 0) + 1
        if tasks >= self.of(agent):
            self.full.add(agent)

    def remove(self, agent: "Agent") -> None:
        """Count a task that was closed or not accepted."""
        self._open[agent] -= 1
        if self._open[agent] < self.of(agent):
            self.full.discard(agent)


class _Unmute(Due):
    """The end of the time that an agent takes off a medium after a ring-out."""

    __slots__ = ("desk",)

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def fire(self, token: int) -> None:
        del token
        desk = self.desk
        if desk.agent.clock.now < desk.muted_until:
            return  # another offer has rung out since
        desk.muted = False
        if not desk.tasks:
            desk.ready_since = desk.agent.clock.now
        desk.on_presence_changed()
        desk.agent.router.seek(desk)
