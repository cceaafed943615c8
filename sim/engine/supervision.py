"""Supervision: silent monitoring, whispering, barging in (DOMAIN R5.11, R5.12)."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.engine.clock import HANDLING_ENDS, Process
from sim.engine.draws import Draw
from sim.engine.participant import NEVER, Participant
from sim.scenario import Supervision

if TYPE_CHECKING:
    from sim.engine.agent import Desk, Team
    from sim.engine.conversation import Conversation
    from sim.engine.router import Router

BARGE_IN_AFTER = 0.5
"""The share of his stay after which a supervisor barges in: it needs silent monitoring first (R5.12)."""


class SupervisorTeam:
    """The supervisors, each of whom looks into one conversation at a time."""

    __slots__ = ("_after", "_router", "_spec", "_team", "lasts")

    def __init__(self, router: "Router", spec: Supervision, team: "Team") -> None:
        self._router = router
        self._spec = spec
        self._team = team
        self._after = Draw("supervised_after", "supervision", spec.after)
        self.lasts = Draw("supervised_for", "supervision", spec.lasts)

    def on_first_answer(self, conversation: "Conversation") -> None:
        """Decide whether somebody will look into a conversation that an agent has just answered."""
        spec = self._spec
        customer = conversation.customer
        if conversation.queue in spec.queues and customer.uniform("supervised", 0) < spec.probability:
            after = customer.drawn(self._after, 0)
            visit = Visit(self._router, conversation, spec, self)
            visit.start(visit.life(after))

    @property
    def whispers_per_minute(self) -> float:
        """How often whispers are sent while a supervisor is in."""
        return self._spec.whispers_per_minute

    def is_in(self, conversation: "Conversation") -> bool:
        """Whether a supervisor watches or has barged in."""
        return bool(conversation.monitors) or any(
            part.agent.team is self._team for part in conversation.parts
        )

    def free_desk(self, conversation: "Conversation") -> "Desk | None":
        """Return the desk of a supervisor who is there and looks into nothing else."""
        medium = self._router.queues[conversation.queue].spec.medium
        for agent in self._team.agents:
            if agent.present and not agent.monitors and medium in agent.desks:
                return agent.desks[medium]
        return None


class Visit(Process):
    """A supervisor's look into one conversation."""

    __slots__ = ("_conversation", "_router", "_spec", "_supervisors")

    def __init__(
        self, router: "Router", conversation: "Conversation", spec: Supervision, supervisors: SupervisorTeam
    ) -> None:
        super().__init__(router.clock)
        self._router = router
        self._conversation = conversation
        self._spec = spec
        self._supervisors = supervisors

    def life(self, after: float) -> Generator[None, Any, None]:
        """Wait, watch, perhaps barge in, leave; the visit ends when no agent is left to be watched."""
        self.until(self.clock._now + after, HANDLING_ENDS)
        yield
        conversation = self._conversation
        desk = self._supervisors.free_desk(conversation) if conversation.parts else None
        if desk is None:
            return
        customer = conversation.customer
        lasts = customer.drawn(self._supervisors.lasts, 0)
        barges_in = self._spec.barge_in > 0 and customer.uniform("barge_in", 0) < self._spec.barge_in
        came_at = self.clock._now
        conversation.add_monitor(desk.agent, self)
        self.until(came_at + (lasts * BARGE_IN_AFTER if barges_in else lasts), HANDLING_ENDS)
        yield
        conversation.remove_monitor(desk.agent, self)
        if not barges_in or not conversation.parts or desk.tasks >= desk.max_tasks:
            self._write(desk, came_at)
            return
        self._write(desk, came_at)
        bargain = BargedIn(self._router, conversation, self._router.queues[conversation.queue], desk)
        bargain.begin(lasts * (1.0 - BARGE_IN_AFTER))

    def _write(self, desk: "Desk", came_at: float) -> None:
        """Record the watching as a task that used no slot."""
        write_supervision(
            self._router, self._conversation, desk, "SILENT_MONITOR", came_at, self.clock._now, "DONE"
        )


class BargedIn(Participant):
    """The part of a supervisor who has barged in: he has all rights, and uses a slot."""

    __slots__ = ()

    def begin(self, lasts: float) -> None:
        """Become a participant for so many seconds."""
        self.router.parts.add(self)
        self.desk.take()
        self.conversation.admit(self, "barged_in")
        self.start(self.life(lasts))

    def life(self, lasts: float) -> Generator[None, Any, None]:
        """Stay, then leave."""
        yield from self.work_through(lasts)
        self.conversation.leave(self)
        if self.router.log.on:
            self.router.log.conversation(
                "task_closed", self.conversation, self.agent.name, disposition="DONE"
            )
        self.write("DONE", self.clock._now)
        self.desk.release()
        self.router.on_slot_free(self.desk)
        self.router.on_task_closed(self)

    def write(self, disposition: str, ended_at: float) -> None:
        """Record the task."""
        write_supervision(
            self.router, self.conversation, self.desk, "BARGE_IN", self.answered_at, ended_at, disposition
        )


def write_supervision(
    router: "Router", conversation: "Conversation", desk: "Desk", direction: str, came_at: float, ended_at: float,
    disposition: str,
) -> None:  # fmt: skip
    """Record a supervisor's stay as a task; nothing was queued and nothing rang."""
    record = router.recorder.tasks
    if record is not None:
        router.tasks += 1
        record(
            (
                router.tasks, conversation.id, 0, desk.agent.name, conversation.queue,
                conversation.channel, direction, "AGENT", "PUSH", 0, NEVER, NEVER, came_at, ended_at, ended_at,
                disposition,
            )
        )  # fmt: skip
