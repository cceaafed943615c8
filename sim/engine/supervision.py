"""Supervision: silent monitoring, whispering, barging in (R5.11, R5.12)."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simpy import Interrupt

from sim.engine.clock import Process
from sim.engine.conversation import NEVER, Participant
from sim.engine.ranks import HANDLING_ENDS
from sim.scenario import Supervision
from sim.workload.draws import Draw

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.conversation import Conversation
    from sim.engine.desk import Desk
    from sim.engine.roster import Team

BARGE_IN_AFTER = 0.5
"""The share of their stay after which a supervisor barges in: it needs silent monitoring first (R5.12)."""


class SupervisorTeam:
    """The supervisors, each of whom looks into one conversation at a time."""

    __slots__ = ("_spec", "after", "lasts", "team")
    team: "Team"  # set once the teams are there, which are made after the context that names the supervisors

    def __init__(self, spec: Supervision) -> None:
        self._spec = spec
        self.after = Draw("supervised_after", "supervision", spec.after)
        self.lasts = Draw("supervised_for", "supervision", spec.lasts)

    def on_first_answer(self, conversation: "Conversation") -> None:
        """Decide whether a supervisor will look into a conversation that an agent has just answered."""
        spec = self._spec
        customer = conversation.customer
        if conversation.queue in spec.queues and customer.uniform("supervised", 0) < spec.probability:
            after = customer.drawn(self.after, 0)
            visit = Visit(conversation, spec, self)
            visit.start(visit.life(after))

    @property
    def whispers_per_minute(self) -> float:
        """How often whispers are sent while a supervisor is in."""
        return self._spec.whispers_per_minute

    def is_in(self, conversation: "Conversation") -> bool:
        """Whether a supervisor watches or has barged in."""
        return bool(conversation.visits) or any(part.agent.team is self.team for part in conversation.parts)

    def free_desk(self, conversation: "Conversation") -> "Desk | None":
        """Return the desk of a supervisor who is there, looks into nothing else and has barged in nowhere."""
        medium = conversation.context.queues[conversation.queue].spec.medium
        for agent in self.team.agents:
            if agent.present and agent.idle and medium in agent.desks and agent.team is self.team:
                return agent.desks[medium]
        return None


class Visit(Process):
    """A supervisor's look into one conversation."""

    __slots__ = ("_context", "_conversation", "_spec", "_supervisors", "supervisor")
    supervisor: "Agent"  # set when they begin to watch

    def __init__(self, conversation: "Conversation", spec: Supervision, supervisors: SupervisorTeam) -> None:
        super().__init__(conversation.context.clock)
        self._context = conversation.context
        self._conversation = conversation
        self._spec = spec
        self._supervisors = supervisors

    def life(self, after: float) -> Generator[None, Any, None]:
        """Wait, watch, perhaps barge in, leave; the visit ends when no agent is left to be watched."""
        self.until(self.clock.now + after, HANDLING_ENDS)
        yield
        conversation = self._conversation
        desk = self._supervisors.free_desk(conversation) if conversation.parts else None
        if desk is None:
            return
        customer = conversation.customer
        lasts = customer.drawn(self._supervisors.lasts, 0)
        barges_in = self._spec.barge_in > 0 and customer.uniform("barge_in", 0) < self._spec.barge_in
        came_at = self.clock.now
        self._monitor(desk.agent)
        self.until(came_at + (lasts * BARGE_IN_AFTER if barges_in else lasts), HANDLING_ENDS)
        yield
        self._stop_monitoring(desk.agent)
        self._write(desk, came_at)
        # Asked after the watching, as the conversation, the shift or the free slot may have ended meanwhile.
        if barges_in and conversation.parts and desk.agent.present and desk.tasks < desk.max_tasks:
            bargain = BargedIn(conversation, self._context.queues[conversation.queue], desk)
            bargain.begin(lasts * (1.0 - BARGE_IN_AFTER))
        else:
            # Watching holds no slot, so no desk tells that a supervisor who is to go has finished.
            desk.agent.on_freed()

    def _monitor(self, supervisor: "Agent") -> None:
        """Start watching, of which no one is told (R5.11)."""
        conversation = self._conversation
        supervisor.monitors = True
        self.supervisor = supervisor
        conversation.visits = (*conversation.visits, self)
        if self._context.log is not None:
            self._context.log.conversation("monitor_joined", conversation, supervisor.name)
        conversation.gather(supervisor)

    def _stop_monitoring(self, supervisor: "Agent") -> None:
        conversation = self._conversation
        supervisor.monitors = False
        conversation.visits = tuple(one for one in conversation.visits if one is not self)
        if self._context.log is not None:
            self._context.log.conversation("monitor_left", conversation, supervisor.name)
        conversation.on_insiders_changed()

    def _write(self, desk: "Desk", came_at: float) -> None:
        """Record the watching as a task that used no slot."""
        write_supervision(self._conversation, desk, "SILENT_MONITOR", came_at, self.clock.now, "DONE")


class BargedIn(Participant):
    """The part of a supervisor who has barged in: they have all rights, and use a slot."""

    __slots__ = ()

    def begin(self, lasts: float) -> None:
        """Become a participant for so many seconds."""
        self.router.parts.add(self)
        self.desk.take()
        self.conversation.admit(self, "barged_in")
        self.start(self.life(lasts))

    def life(self, lasts: float) -> Generator[None, Any, None]:
        """Stay, then leave."""
        try:
            yield from self.work_through(lasts)
        except Interrupt:
            self.break_off()
        self.conversation.leave(self)
        if self.context.log is not None:
            self.context.log.conversation(
                "task_closed", self.conversation, self.agent.name, disposition="DONE"
            )
        self.write("DONE", self.clock.now)
        self.desk.release()
        self.router.on_slot_free(self.desk)
        self.router.on_task_closed(self)

    def write(self, disposition: str, ended_at: float) -> None:
        """Record the task."""
        write_supervision(self.conversation, self.desk, "BARGE_IN", self.answered_at, ended_at, disposition)


def write_supervision(
    conversation: "Conversation", desk: "Desk", direction: str, came_at: float, ended_at: float,
    disposition: str,
) -> None:  # fmt: skip
    """Record a supervisor's stay as a task; nothing was queued and nothing rang."""
    router = conversation.router
    record = conversation.context.recorder.tasks
    if record is not None:
        router.tasks += 1
        record(
            (
                router.tasks, conversation.id, 0, desk.agent.word, conversation.queue,
                conversation.channel, direction, "AGENT", "PUSH", 0, NEVER, NEVER, came_at, ended_at, ended_at,
                disposition,
            )
        )  # fmt: skip
