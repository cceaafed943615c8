"""An agent: their presence and their states."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.engine.clock import Clock, Process
from sim.records import OUT, stay_of

if TYPE_CHECKING:
    from sim.engine.context import Context
    from sim.engine.desk import Desk
    from sim.engine.pauses import AgentPauses
    from sim.engine.roster import Shifts, Team
    from sim.engine.router import Router
    from sim.records.recorder import Append


@dataclass(frozen=True, slots=True)
class Seat:
    """What is an agent's in a team: their desks, and the place and word by which tables tell it from other teams."""

    team: "Team"
    desks: "dict[str, Desk]"
    place: int
    word: str
    pauses: "AgentPauses | None"


_GOING = ("overtime", "ring")
"""The reasons of being off after which an agent does not come back."""


class Agent:
    """An agent of a team.

    They are out, or logged in; logged in they are present, or off for a reason: a break, or overtime, when their shift
    is over. Who goes off with tasks open finishes them first and gets no new offers (PENDING_NOT_READY).
    """

    __slots__ = (
        "_counts", "_waiting", "address", "clock", "desks", "home", "logged_in", "monitors", "name", "number",
        "off_reason", "pauses", "place", "present", "rank", "record", "router", "seats", "shifts", "stay", "team",
        "word",
    )  # fmt: skip

    def __init__(
        self, context: "Context", router: "Router", team: "Team", number: int, name: str, rank: int
    ) -> None:
        self.team = self.home = team  # who is in several teams has the first of them as home
        self.number = number
        self.name = self.word = name
        self.address = team.name, number  # of their draws
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
        self._waiting: Process | AgentPauses | None = None
        self.pauses: AgentPauses | None = None
        self.shifts: Shifts | None = None
        self.seats: dict[str, Seat] = {}  # of who is in several teams

    def sit_down(self, team: str) -> None:
        """Be in that team from now on, while logged out."""
        seat = self.seats.get(team)
        if seat is not None:
            self.team, self.desks, self.place = seat.team, seat.desks, seat.place
            self.word, self.pauses = seat.word, seat.pauses

    @property
    def idle(self) -> bool:
        """Whether they have no task and no offer on any medium, and monitor no conversation."""
        return not self.monitors and not any(desk.tasks for desk in self.desks.values())

    @property
    def on_duty(self) -> bool:
        """Whether they are logged in and not about to go: breaks and pauses do not count."""
        return self.logged_in and self.off_reason not in _GOING

    def log_in(self) -> None:
        """Log in and be present, or be present again; look at the queues at once."""
        was_logged_in = self.logged_in
        self.logged_in = self.present = True
        self.off_reason = ""
        if self.pauses is not None and (not was_logged_in or self._waiting is self.pauses):
            self.pauses.start()
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

    def log_in_away(self, reason: str) -> None:
        """Log in and be away at once, for `reason`; lists give notice all the same."""
        self.logged_in = True
        self._waiting = None
        if self.pauses is not None:
            self.pauses.start()
        for desk in self.desks.values():
            desk.ready_since = self.clock.now
        self.stop(reason)
        for desk in self.desks.values():
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
        was_on_duty = self.on_duty
        self.present = False
        self.off_reason = reason
        self._refresh()
        if was_on_duty and not self.on_duty:
            self._tell_queues()
        self._let_go()
        return self.idle

    def log_out(self) -> None:
        """Log out."""
        if self.pauses is not None:
            self.pauses.stop()
        was_on_duty = self.on_duty
        self.logged_in = self.present = False
        self.off_reason = ""
        self._waiting = None
        self._refresh()
        if was_on_duty:
            self._tell_queues()
        self._let_go()

    def send_home(self) -> None:
        """Log out before their time; what is open is finished first."""
        if self.on_duty and self.shifts is not None:
            self.shifts.send_home()
        elif self.on_duty and self.team.head_count is not None:
            self.team.head_count.send_home(self)

    def when_free(self, process: "Process | AgentPauses | None") -> None:
        """Wake `process` when their last task is closed, in place of what has waited for it."""
        if self.pauses is not None and self._waiting is self.pauses:
            self.pauses.start()  # what comes now takes the place of the pause
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

    def _tell_queues(self) -> None:
        """Tell the queues that count their members that one is not there any more."""
        for desk in self.desks.values():
            for attendance in () if desk.pool is None else desk.pool.attended:
                attendance.on_gone()

    def _let_go(self) -> None:
        """Look again at who is held back: who is away may let somebody go to others."""
        if self.router.held is not None:
            self.router.held.on_change()

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
