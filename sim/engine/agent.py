"""An agent: his presence, his desks, and his way through the day as a process."""

from typing import TYPE_CHECKING

from sim.engine import ranks
from sim.engine.clock import Clock, Due, Process
from sim.engine.desk import Desk
from sim.records import OUT, stay_of

if TYPE_CHECKING:
    from sim.engine.router import Router
    from sim.engine.team import Team
    from sim.records.recorder import Append


class Agent:
    """An agent of a team.

    He is out, or logged in; logged in he is present, or off for a reason: a break, or overtime, when his shift
    is over. Who goes off with tasks open finishes them first and gets no new offers (PENDING_NOT_READY).
    """

    __slots__ = (
        "_counts", "_waiting", "clock", "desks", "logged_in", "monitors", "name", "number", "off_reason",
        "place", "present", "rank", "record", "router", "stay", "team",
    )  # fmt: skip

    def __init__(self, team: "Team", number: int, name: str, rank: int, router: "Router") -> None:
        self.team = team
        self.number = number
        self.name = name
        self.rank = rank
        self.router = router
        self.clock: Clock = router.clock
        self.record: Append | None = router.recorder.agent_states
        self.desks: dict[str, Desk] = {}
        self.present = self.logged_in = False
        self.off_reason = ""
        self.place = router.recorder.place(rank)
        self.stay = OUT
        self.monitors = False
        self._counts: dict[str, int] = {}
        self._waiting: Process | None = None

    @property
    def idle(self) -> bool:
        """Whether he has no task and no offer on any medium."""
        return not any(desk.tasks for desk in self.desks.values())

    def come(self) -> None:
        """Log in and be present; look at the queues at once."""
        self.logged_in = self.present = True
        self.off_reason = ""
        self._waiting = None
        for desk in self.desks.values():
            if not desk.tasks:
                desk.ready_since = self.clock._now
        self._refresh()
        for desk in self.desks.values():
            self.router.comes(desk)

    def count(self, purpose: str) -> int:
        """Give the number of his draws for a purpose so far, and count one more."""
        so_far = self._counts.get(purpose, 0)
        self._counts[purpose] = so_far + 1
        return so_far

    def resume(self) -> None:
        """Be present again after a break, or because he is wanted after all."""
        self.come()

    def stop(self, reason: str) -> bool:
        """Get no new offers, for `reason`; say whether he is free already."""
        self.present = False
        self.off_reason = reason
        self._refresh()
        return self.idle

    def go(self) -> None:
        """Log out."""
        self.logged_in = self.present = False
        self.off_reason = ""
        self._refresh()

    def when_free(self, process: Process) -> None:
        """Wake `process` when his last task is closed."""
        self._waiting = process

    def freed(self) -> None:
        """Do what waited for his last task to be closed."""
        if self._waiting is not None and not self.present and self.idle:
            process, self._waiting = self._waiting, None
            self._refresh()
            process.wake("free")
        elif self.present and self.team.head_count is not None:
            self.team.head_count.one_is_idle(self)

    def unmute_later(self, desk: Desk, after_s: float) -> None:
        """Switch the medium on again after so many seconds."""
        self.clock.schedule_due(self.clock._now + after_s, ranks.ROSTER, _Unmute(desk))

    def close_books(self) -> None:
        """Record the stays that are still open at the end of the run."""
        self._enter(OUT)
        for desk in self.desks.values():
            desk.close_books()

    def _refresh(self) -> None:
        for desk in self.desks.values():
            desk.comes_or_goes()
        if not self.logged_in:
            self._enter(OUT)
        elif self.present:
            self._enter(stay_of("READY"))
        else:
            self._enter(stay_of("NOT_READY" if self.idle else "PENDING_NOT_READY", self.off_reason))

    def _enter(self, stay: int) -> None:
        if stay != self.stay and self.record is not None:
            self.stay = stay
            self.record((self.place, stay, self.clock._now))


class _Unmute(Due):
    """The end of the time that an agent takes off a medium after a ring-out."""

    __slots__ = ("desk",)

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def fire(self, token: int) -> None:
        del token
        desk = self.desk
        if desk.agent.clock._now < desk.muted_until:
            return  # another offer has rung out since
        desk.muted = False
        if not desk.tasks:
            desk.ready_since = desk.agent.clock._now
        desk.comes_or_goes()
        desk.agent.router.seek(desk)
