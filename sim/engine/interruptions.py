"""Media that interrupt each other: a task on one keeps the agent from new ones on another."""

from typing import TYPE_CHECKING

from sim.engine.desk import Desk
from sim.engine.going_back import INTERRUPTED, send_all_back
from sim.engine.ranks import HANDLING_ENDS
from sim.records import stay_of

if TYPE_CHECKING:
    from sim.engine.conversation import Participant
    from sim.scenario import Scenario


class LinkedDesk(Desk):
    """A desk whose medium interrupts another one, or is interrupted.

    It `keeps` its agent while it has tasks, from the offer of the first to the end of the last, unless it was
    interrupted when that came: of two media that interrupt each other the first one keeps the agent. It is
    `interrupted` while another one keeps the agent; `still` while what is open stands still.
    """

    __slots__ = ("_by", "interrupted", "keeps", "still")

    def be_linked(self) -> None:
        """Begin with nothing that is interrupted."""
        self.interrupted = self.keeps = self.still = False
        self._by: tuple[tuple[LinkedDesk, str], ...] = ()

    def link(self, by: "LinkedDesk", how: str) -> None:
        """Let another desk of the agent interrupt this one."""
        self._by = (*self._by, (by, how))
        by.interrupts = (*by.interrupts, self)

    @property
    def reroutes(self) -> bool:
        """Whether what is open goes back, as a task that interrupts was accepted."""
        return any(how == "rerouted" and by.keeps and by.held for by, how in self._by)

    def cut_in(self) -> None:
        """Send back what is open on the media that a task accepted here reroutes."""
        for other in self.interrupts:
            if other.reroutes:
                send_all_back(self.agent.router, other, INTERRUPTED)

    # Whatever changes the number of tasks may begin or end an interruption.

    def reserve(self) -> None:
        """Reserve a slot for an offer that rings."""
        super().reserve()
        self._follow()

    def take(self) -> None:
        """Hold a task that was not reserved before."""
        super().take()
        self._follow()

    def accept(self) -> None:
        """Turn an offer that rings into a held task."""
        super().accept()
        self._follow()

    def withdraw(self) -> None:
        """End an offer that was not accepted."""
        super().withdraw()
        self._follow()

    def release(self) -> None:
        """Close a held task."""
        super().release()
        self._follow()

    def _follow(self) -> None:
        self.keeps = self.tasks > 0 and (self.keeps or not self.interrupted)
        for other in self.interrupts:
            other.on_interrupter_changed()

    def on_interrupter_changed(self) -> None:
        """Stop taking new tasks, or take them again; let what is open stand still, or go on."""
        still = any(how == "holds" and by.keeps and by.held for by, how in self._by)
        if still is not self.still:
            self.still = still
            self._repace()
        interrupted = any(by.keeps for by, _ in self._by)
        if interrupted is not self.interrupted:
            self.interrupted = interrupted
            self.on_presence_changed()
            if not interrupted and self.tasks:
                self._follow()

    def _is_on(self) -> bool:
        return super()._is_on() and not self.interrupted

    def _off(self) -> int:
        return stay_of("INTERRUPTED") if self.agent.present and self.interrupted else super()._off()

    # Work that stands still has no time at which it is done.

    def begin(self, work: "Participant") -> None:
        """Start on the work that is left, or wait until it may go on."""
        if not self.still:
            super().begin(work)
        else:
            work.since = self.clock.now
            self.works.append(work)

    def _repace(self) -> None:
        if not self.still and self.rate:
            super()._repace()
            return
        rate = 0.0 if self.still else self.pace[self.held]
        now = self.clock.now
        for work in self.works:
            work.left -= (now - work.since) * self.rate
            work.since = now
            work.token = 0
            if rate:
                work.until(now + (work.left - work.goal) / rate, HANDLING_ENDS)
        self.rate = rate


def link_desks(scenario: "Scenario", desks: "dict[str, Desk]") -> None:
    """Let the media of an agent interrupt each other as the scenario says."""
    linked = {medium: desk for medium, desk in desks.items() if isinstance(desk, LinkedDesk)}
    for desk in linked.values():
        desk.be_linked()
    for medium, desk in linked.items():
        for other, how in scenario.media[medium].interrupted_by.items():
            if other in linked:
                desk.link(linked[other], how)
