"""An agent: their presence, their desks and their states."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.engine.clock import Clock, Due, Process
from sim.engine.ranks import COMES, HANDLING_ENDS
from sim.records import OUT, stay_of

if TYPE_CHECKING:
    from sim.engine.context import Context
    from sim.engine.participant import Participant
    from sim.engine.queue import Pool
    from sim.engine.roster import Shifts, Team
    from sim.engine.router import Router
    from sim.records.recorder import Append


# A desk: one agent's place on one medium, with its slots, its state and the pace of its work.

_STAYS = ((stay_of("RESERVED"), stay_of("BUSY")), (stay_of("READY"), stay_of("ACTIVE")))
"""By whether a slot is free, and whether something is held."""


class Desk:
    """An agent on a medium.

    `held` tasks are accepted and not closed yet (wrap-up holds the slot), `ringing` ones are offers in flight;
    both use slots. An agent's work on all held tasks goes on side by side at the medium's pace for `held`.
    They are `on` while present and not switched off by a ring-out, and `available` for an offer while also a slot
    is free: READY or ACTIVE.
    """

    __slots__ = (
        "agent", "available", "clock", "held", "max_tasks", "medium", "muted", "muted_until",
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
        self.rank = agent.rank
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
        # The pool's skills, which are the team's unless the agent was moved to another one.
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
        if self.record is not None:  # as many slots are used as before: the pool's order stays
            self._note()

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
        self.agent.unmute_later(self, for_s)
        self.on_presence_changed()

    # State.

    def on_presence_changed(self) -> None:
        """Follow the agent's presence, and whether a ring-out has switched them off."""
        self.on = self.agent.present and not self.muted
        if self.pool is not None and self.pool.there is not None:
            self.pool.there.set(self, self.agent.logged_in)
        self.changed()

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
                pool.push(self)
            if available is not self.available:
                pool.available += 1 if available else -1
                if pool.free is not None:
                    pool.free.set(self, available)
        self.available = available
        if self.record is not None:
            self._note()

    def _note(self) -> None:
        """Record the agent's state if it is another one than before."""
        stay = _STAYS[self.available][self.held > 0] if self.on else self._off()
        if stay != self.stay and self.record is not None:
            self.stay = stay
            self.record((self.place, stay, self.clock.now))

    def _off(self) -> int:
        if not self.agent.logged_in:
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


class Agent:
    """An agent of a team.

    They are out, or logged in; logged in they are present, or off for a reason: a break, or overtime, when their shift
    is over. Who goes off with tasks open finishes them first and gets no new offers (PENDING_NOT_READY).
    """

    __slots__ = (
        "_counts", "_waiting", "clock", "desks", "logged_in", "monitors", "name", "number", "off_reason",
        "place", "present", "rank", "record", "router", "shifts", "stay", "team",
    )  # fmt: skip

    def __init__(
        self, context: "Context", router: "Router", team: "Team", number: int, name: str, rank: int
    ) -> None:
        self.team = team
        self.number = number
        self.name = name
        self.rank = rank
        self.router = router
        self.clock: Clock = context.clock
        self.record: Append | None = context.recorder.agent_states
        self.desks: dict[str, Desk] = {}
        self.present = self.logged_in = False
        self.off_reason = ""
        self.place = context.recorder.place(rank)
        self.stay = OUT
        self.monitors = False
        self._counts: dict[str, int] = {}
        self._waiting: Process | None = None
        self.shifts: Shifts | None = None

    @property
    def idle(self) -> bool:
        """Whether they have no task and no offer on any medium, and monitor no conversation."""
        return not self.monitors and not any(desk.tasks for desk in self.desks.values())

    def log_in(self) -> None:
        """Log in and be present, or be present again; look at the queues at once."""
        was_logged_in = self.logged_in
        self.logged_in = self.present = True
        self.off_reason = ""
        self._waiting = None
        for desk in self.desks.values():
            if not desk.tasks:
                desk.ready_since = self.clock.now
        # All media first: what one desk takes must find the others in their new state.
        self._refresh()
        for desk in self.desks.values():
            # Lists ask for no state (R3.3): who was logged in has had notice of all that is open.
            if was_logged_in:
                self.router.seek(desk)
            else:
                self.router.on_log_in(desk)

    def count(self, purpose: str) -> int:
        """Return the number of their draws for a purpose so far, and count one more."""
        so_far = self._counts.get(purpose, 0)
        self._counts[purpose] = so_far + 1
        return so_far

    def resume(self) -> None:
        """Return to work after a break, or because they are needed after all."""
        self.log_in()

    def stop(self, reason: str) -> bool:
        """Stop new offers, for `reason`; return whether the agent is free already."""
        self.present = False
        self.off_reason = reason
        self._refresh()
        return self.idle

    def log_out(self) -> None:
        """Log out."""
        self.logged_in = self.present = False
        self.off_reason = ""
        self._refresh()

    def when_free(self, process: Process) -> None:
        """Wake `process` when their last task is closed."""
        self._waiting = process

    def log_out_when_free(self) -> None:
        """Log out as soon as their last task is closed."""
        leaving = _Leaving(self)
        leaving.start(leaving.life())
        self.when_free(leaving)

    def call_back(self) -> None:
        """Log in, whatever they were about to do; a shift that was ending is over all the same."""
        process, self._waiting = self._waiting, None
        if process is not None:
            process.wake("free")
        self.log_in()

    def move_to(self, team: "Team") -> None:
        """Serve what `team` serves, with their own pace."""
        for medium, desk in self.desks.items():
            desk.move_to(team.pools.get(medium))
        for desk in self.desks.values():
            self.router.on_log_in(desk)

    def on_freed(self) -> None:
        """Resume what waited for the agent's last task to be closed."""
        if self._waiting is not None and not self.present and self.idle:
            # Forgotten before it is woken: the process may wait anew.
            process, self._waiting = self._waiting, None
            self._refresh()
            process.wake("free")
        elif self.present and self.team.head_count is not None:
            self.team.head_count.on_agent_idle(self)

    def unmute_later(self, desk: Desk, after_s: float) -> None:
        """Switch the medium on again after so many seconds."""
        self.clock.schedule_due(self.clock.now + after_s, COMES, _Unmute(desk))

    def close_books(self) -> None:
        """Record the stays that are still open at the end of the run."""
        self._enter(OUT)
        for desk in self.desks.values():
            desk.close_books()

    def _refresh(self) -> None:
        for desk in self.desks.values():
            desk.on_presence_changed()
        if not self.logged_in:
            self._enter(OUT)
        elif self.present:
            self._enter(stay_of("READY"))
        else:
            self._enter(stay_of("NOT_READY" if self.idle else "PENDING_NOT_READY", self.off_reason))

    def _enter(self, stay: int) -> None:
        if stay != self.stay and self.record is not None:
            self.stay = stay
            self.record((self.place, stay, self.clock.now))


class _Leaving(Process):
    """The way out of an agent who has open tasks."""

    __slots__ = ("agent",)

    def __init__(self, agent: Agent) -> None:
        super().__init__(agent.clock)
        self.agent = agent

    def life(self) -> Generator[None, Any, None]:
        """Wait for the last task to be closed, then log out."""
        yield
        self.agent.log_out()


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
