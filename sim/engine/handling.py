"""An agent's part in a conversation, from his accepting to the end of his wrap-up, as a process."""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from sim.engine.clock import Process, Rank
from sim.engine.conference import assist, conference, respond
from sim.engine.signals import Departure, Joined, Signal
from sim.engine.transfer import take_over, transfer

if TYPE_CHECKING:
    from sim.engine.conversation import Conversation
    from sim.engine.desk import Desk
    from sim.engine.request import Request
    from sim.engine.router import Router

NEVER = float("nan")

Act = Callable[["Handling"], Generator[None, Any, Departure | None]]


class Handling(Process):
    """One agent's part: his work, what he does on the way, his wrap-up.

    `left` is the work still to do, in seconds at full pace, and `goal` how much is left when he next does
    something else. `leg` counts the agents whom the customer has met.
    """

    __slots__ = (
        "_hearing", "_mail", "agent", "answered_at", "conversation", "desk", "goal", "left", "leg", "queue", "request",
        "router", "since", "wrap_up_at",
    )  # fmt: skip

    def __init__(
        self, router: "Router", conversation: "Conversation", request: "Request", desk: "Desk"
    ) -> None:
        super().__init__(router.clock)
        self.router = router
        self.conversation = conversation
        self.request = request
        self.desk = desk
        self.agent = desk.agent
        self.queue = request.queue
        customer = conversation.customer
        self.leg = customer.legs
        customer.legs += 1
        self.answered_at = router.clock._now
        self.wrap_up_at = NEVER
        self.left = self.goal = self.since = 0.0
        self._hearing = False
        self._mail: Signal | None = None

    def begin(self) -> None:
        """Enter the conversation and start to work."""
        self.router.parts.add(self)
        self.conversation.admit(self)
        if self.request.host is not None:
            self.request.host.tell(Joined())
        self.start(self.life())

    def life(self) -> Generator[None, Any, None]:
        """Work, do on the way what was drawn, leave, wrap up."""
        departure: Departure | None = None
        if self.request.host is not None:
            departure = yield from self._join()
        else:
            self.left = self.handle_time()
        if departure is None:
            departure = yield from self._work()
        self.conversation.leave(self, departure.onward)
        wrap_up = self._drawn("wrap_up", self.agent.team.name, self.agent.team.spec.wrap_up)
        self.wrap_up_at = self.clock._now
        if wrap_up > 0:
            if self.router.log.on:
                self.router.log.conversation("wrap_up_started", self.conversation, self.agent.name)
            self._hand_on(departure)
            self.until(self.clock._now + wrap_up, Rank.WRAP_UP_ENDS)
            yield
            self._close(departure.disposition)
        else:
            self._close(departure.disposition)
            self._hand_on(departure)
        self.agent.freed()
        self.router.seek(self.desk)
        self.router.part_is_over(self)

    def _join(self) -> Generator[None, Any, Departure | None]:
        """Be in together with the colleague who had asked, before the own work."""
        host = self.request.host
        assert host is not None
        if self.request.kind == "conference":
            return (yield from assist(self, host))
        self.left = self.handle_time()
        return (yield from take_over(self, host))

    def _work(self) -> Generator[None, Any, Departure]:
        desk = self.desk
        acts = self._acts()
        while True:
            self.goal = acts[-1][0] if acts else 0.0
            signal = self._mail
            if signal is None:
                desk.begin(self)
                self._hearing = True
                signal = yield
                self._hearing = False
                desk.stop(self)
            self._mail = None
            if signal is not None:
                departure = yield from respond(self, signal)
            else:
                self.left = self.goal
                departure = (yield from acts.pop()[1](self)) if acts else Departure("DONE")
            if departure is not None:
                return departure

    def work_through(self, amount_s: float) -> Generator[None, Any, Signal | None]:
        """Do work that nothing but the customer's leaving interrupts; give the signal that did."""
        later, self.left, self.goal = self.left, amount_s, 0.0
        self.desk.begin(self)
        self._hearing = True
        signal: Signal | None = yield
        self._hearing = False
        self.desk.stop(self)
        self.left = later
        return signal

    def hear(self) -> Generator[None, Any, Signal]:
        """Wait for a signal without working."""
        signal = self._mail
        if signal is None:
            self._hearing = True
            signal = yield
            self._hearing = False
        self._mail = None
        assert signal is not None
        return signal

    def tell(self, signal: Signal) -> None:
        """Get a signal, at once where the process waits, else as soon as it would wait."""
        if self._hearing:
            self.wake(signal)
        else:
            self._mail = signal

    def _hand_on(self, departure: Departure) -> None:
        if departure.onward is not None:
            self.router.place(departure.onward)

    def _close(self, disposition: str) -> None:
        """Close the task, which frees the slot."""
        if self.router.log.on:
            self.router.log.conversation(
                "task_closed", self.conversation, self.agent.name, disposition=disposition
            )
        self.write(disposition, self.clock._now)
        self.desk.release()

    def _drawn(self, purpose: str, owner: str, law: Any) -> float:
        return self.conversation.customer.drawn(purpose, owner, law, self.leg)

    def handle_time(self) -> float:
        """Draw the work: the queue's handle time at the agent's speed, less what the note saves; in seconds."""
        queue = self.queue
        work = self.at_his_speed(self._drawn("handle_time", queue.name, queue.spec.handle_time))
        if self.request.note and self.request.kind != "conference" and self.request.from_queue is not None:
            spec = self.router.queues[self.request.from_queue].spec.transfer
            work = max(0.0, work - spec.note_saves) if spec is not None else work
        return work

    def at_his_speed(self, work: float) -> float:
        """Give the time that work of so many seconds takes him in this queue."""
        speed = self.agent.team.speeds.get(self.queue.name)
        return work if speed is None else work / speed

    def _acts(self) -> list[tuple[float, Act]]:
        """Give what he does on the way, each with the work left by then, the first one last."""
        spec = self.queue.spec
        acts: list[tuple[float, Act]] = []
        if spec.transfer is not None and self._happens("transfer", spec.transfer.probability):
            acts.append((self.left * (1.0 - spec.transfer.after), transfer))
        if spec.conference is not None and self._happens("conference", spec.conference.probability):
            acts.append((self.left * (1.0 - spec.conference.after), conference))
        acts.sort(key=_work_left)
        return acts

    def _happens(self, purpose: str, share: float) -> bool:
        return share > 0 and self.conversation.customer.lot(purpose, self.leg) < share

    def write(self, disposition: str, ended_at: float) -> None:
        """Record the task."""
        record = self.router.recorder.tasks
        if record is None:
            return
        request = self.request
        agent = self.agent
        record(
            (
                request.task_id, self.conversation.id, request.id, agent.name, agent.team.name, self.queue.name,
                self.desk.medium, self.conversation.channel, request.direction,
                "AGENT" if request.kind == "named_transfer" else "QUEUE", "PUSH", request.priority,
                request.enqueued_at, request.reserved_at, self.answered_at, self.wrap_up_at, ended_at,
                request.reserved_at - request.enqueued_at, self.answered_at - request.reserved_at,
                disposition, self.conversation.id,
            )
        )  # fmt: skip


def _work_left(act: tuple[float, Act]) -> float:
    return act[0]
