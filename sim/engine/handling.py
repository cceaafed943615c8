"""An agent's handling of a conversation, from their accepting to the end of their wrap-up, as a process."""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from simpy import Interrupt

from sim.engine.conference import assist, conference, respond
from sim.engine.conversation import NEVER, Departure, Joined, Nobody, Participant
from sim.engine.going_back import SentBack
from sim.engine.going_back import leave as go_back
from sim.engine.ranks import WRAP_UP_ENDS
from sim.engine.transfer import may_transfer, take_over, transfer, transfer_as_recorded
from sim.workload.draws import Draw

if TYPE_CHECKING:
    from sim.engine.desk import Desk
    from sim.engine.request import Request

DONE = Departure("DONE")
TRANSFERS = ("transfer", "named_transfer")
_NONE: list[Any] = []

Act = Callable[["Handling"], Generator[None, Any, Departure | None]]


class Handling(Participant):
    """One agent's handling: their work, what they do on the way, their wrap-up.

    `leg` counts the agents whom the customer has met; `wrap_up_at` is when the wrap-up began. `first` is the
    part of the agent whom a second one joins from a list, to work on what that one has left.
    """

    __slots__ = ("first", "leg", "request", "task_id", "went_back")

    def __init__(self, request: "Request", desk: "Desk", first: Participant | None = None) -> None:
        # `Participant.__init__`, written out: a call less for each task.
        self.conversation = conversation = request.conversation
        self.context = context = conversation.context
        self.router = conversation.router
        self.clock = clock = context.clock
        self.queue = request.queue
        self.agent = desk.agent
        self.answered_at = clock.now
        self.left = self.goal = self.since = 0.0
        self.wrap_up_at = NEVER
        self.token = 0
        self._callbacks = self._mail = None
        self._hearing = self.went_back = False
        self.request = request
        self.task_id = request.task_id
        self.first = first
        customer = conversation.customer
        self.leg = customer.legs
        customer.legs += 1
        customer.last_desk = self.desk = desk

    def begin(self) -> None:
        """Enter the conversation and start to work."""
        self.router.parts.add(self)
        self.conversation.admit(self)
        if self.desk.interrupts:
            self.desk.cut_in()
        # After `admit`: the host who goes on now must find the guest in the conversation.
        host = self.request.host
        if host is not None and self.first is None:
            host.tell(Joined())
        self.start(self.life())

    def life(self) -> Generator[None, Any, None]:
        """Work, do on the way what was drawn, leave, wrap up."""
        acts: list[tuple[float, Act]] = _NONE
        try:
            if self.request.host is None and self.first is None:
                departure = None
                self.left = self.handle_time()
            else:
                departure = yield from self._join()
            if departure is None:
                if self.request.rest is not None or self.conversation.customer.recorded is not None:
                    acts = self._acts_known()
                elif self.queue.acts:
                    acts = self._acts()
                    if acts:
                        acts = self._in_order(acts)
            while departure is None:
                self.goal = acts[-1][0] if acts else 0.0
                # `work`, written out: a generator within a generator for each task is felt in the whole run.
                signal = self._mail
                if signal is None:
                    self.desk.begin(self)
                    self._hearing = True
                    signal = yield
                    self._hearing = False
                    # Undisturbed work at an even pace needs no account of what was done.
                    if signal is not None or self.desk.pace:
                        self.desk.stop(self)
                if signal is not None:
                    self._mail = None
                    departure = yield from respond(self, signal)
                    continue
                self.left = self.goal
                if acts:
                    departure = yield from acts[-1][1](self)
                    acts.pop()  # only now: what is broken off is still to do
                else:
                    departure = DONE
        except Interrupt as interrupt:
            if isinstance(interrupt.cause, SentBack):
                go_back(self, interrupt.cause, acts)
                return
            departure = self.break_off()
        self.conversation.leave(self, departure.onward)
        wrap_up = self.conversation.customer.drawn(
            self.queue.draws.wrap_up or self.agent.team.wrap_up, self.leg
        )
        self.wrap_up_at = self.clock.now
        if wrap_up > 0:
            if self.context.log is not None:
                self.context.log.conversation("wrap_up_started", self.conversation, self.agent.name)
            self.until(self.clock.now + wrap_up, WRAP_UP_ENDS)
            # While the wrap-up still holds the slot: it is no slot for the request to find.
            if departure.onward is not None:
                self.router.place(departure.onward)
            if self.conversation.pending is not None:
                # An agent who has left may be offered what was barred to them while they were in.
                self.router.seek(self.desk)
            try:
                yield
            except Interrupt:
                self.token = 0  # close the task now
            self.close(departure.disposition)
        else:
            self.close(departure.disposition)
            if departure.onward is not None:
                # The slot is free already and this agent has not looked at their queues: the router must know.
                self.router.just_freed.append(self.desk)
                self.router.place(departure.onward)
        self.router.on_slot_free(self.desk)
        self.router.on_task_closed(self)

    def _join(self) -> Generator[None, Any, Departure | None]:
        """Work together with the colleague who had asked, or join a first agent on what they have left."""
        host = self.request.host
        if host is not None and self.first is None:
            try:
                return (yield from (assist if self.request.kind == "conference" else take_over)(self, host))
            except Interrupt as interrupt:
                # Else the host would wait for ever for the time together to end.
                host.tell(Nobody(self.request))
                if isinstance(interrupt.cause, SentBack):
                    raise Interrupt(interrupt.cause.together_with(host)) from None
                return self.break_off()
        assert self.first is not None
        self.left = self.first.work_left()
        return None

    def close(self, disposition: str) -> None:
        """Close the task, which frees the slot."""
        if self.context.log is not None:
            self.context.log.conversation(
                "task_closed", self.conversation, self.agent.name, disposition=disposition
            )
        if self.context.recorder.tasks is not None:
            self.write(disposition, self.clock.now)
        if self.queue.limit is not None:
            self.queue.limit.remove(self.agent)
        self.desk.release()

    def drawn(self, draw: Draw) -> float:
        """Return the customer's value of what is drawn for this agent's leg."""
        return self.conversation.customer.drawn(draw, self.leg)

    def uniform(self, purpose: str) -> float:
        """Return the customer's uniform number of `purpose` for this agent's leg."""
        return self.conversation.customer.uniform(purpose, self.leg)

    def handle_time(self) -> float:
        """Draw the work: the queue's handle time at the agent's speed, less what the note saves; in seconds.

        After a transfer it is the factor of the queue transferred from that counts.
        """
        request = self.request
        if request.rest is not None:
            return self.at_own_speed(request.rest.work_s)
        work = self.conversation.customer.drawn(self.queue.draws.handle_time, self.leg)
        if request.from_queue is not None:
            return self._transferred(work)
        return self.at_own_speed(work) if self.agent.team.speeds else work

    def _transferred(self, work: float) -> float:
        """Return the handle time after a transfer, or of a guest, from the work that was drawn; both in seconds."""
        request = self.request
        spec = self.context.queues[request.from_queue or ""].spec.transfer
        if spec is None:  # a conference that no agent joined, and that went on as a transfer
            return self.at_own_speed(work)
        if request.kind in TRANSFERS:
            work *= spec.handle_time_factor.warm if request.warm else spec.handle_time_factor.cold
        work = self.at_own_speed(work)
        return max(0.0, work - spec.note_saves) if request.note and request.kind != "conference" else work

    def at_own_speed(self, work: float) -> float:
        """Return the time that work of so many seconds takes the agent in this queue."""
        speed = self.agent.team.speeds.get(self.queue.name)
        return work if speed is None else work / speed

    def _acts(self) -> list[tuple[float, Act]]:
        """Draw what the agent does on the way, each with the work left by then."""
        acts: list[tuple[float, Act]] = _NONE
        customer, leg = self.conversation.customer, self.leg
        for name, probability, left in self.queue.acts:
            if customer.uniform(name, leg) < probability:
                acts = [*acts, (self.left * left, _ACTS[name])]
        return acts

    def _in_order(self, acts: list[tuple[float, Act]]) -> list[tuple[float, Act]]:
        """Return acts with the first one last, and the work of setting up a transfer among them."""
        acts.sort(key=_work_left)
        return acts if self.queue.draws.set_up_time is None else _with_set_up(self, acts)

    def _acts_known(self) -> list[tuple[float, Act]]:
        """Return the acts that a conversation sent back still had, or those drawn with the transfer recorded."""
        rest = self.request.rest
        if rest is not None and self.first is None:
            return [(self.at_own_speed(left), act) for left, act in rest.acts if rest.queue is self.queue]
        onward = self._recorded_transfer()  # before the others are drawn: it may make the work longer
        acts = self._acts()
        if onward is not None:  # what was recorded stands in place of what is drawn
            acts = [onward, *(act for act in acts if act[1] is not transfer)]
        return self._in_order(acts)

    def _recorded_transfer(self) -> tuple[float, Act] | None:
        """Return the first agent's recorded transfer, with the work left by then: they work at least so long."""
        recorded = self.conversation.customer.recorded
        if recorded is None or recorded.transfer_to is None or self.leg:
            return None
        if recorded.after_s is None:
            spec = self.queue.spec.transfer
            return self.left * (1.0 - spec.after) if spec is not None else 0.0, transfer_as_recorded
        after = self.at_own_speed(recorded.after_s)
        self.left = max(self.left, after)
        return self.left - after, transfer_as_recorded

    @property
    def may_go_back(self) -> bool:
        """Whether their conversation may go back to its queue: they have not left it."""
        return self.wrap_up_at != self.wrap_up_at  # NaN until they leave

    @property
    def order(self) -> int:
        """Their place among the parts of an agent: that of their task."""
        return self.task_id

    def takes_over_from(self, host: Participant) -> bool:
        """Whether they are in for a warm transfer that is not done yet."""
        return self.request.host is host and self.request.warm

    def write(self, disposition: str, ended_at: float) -> None:
        """Record the task."""
        record = self.context.recorder.tasks
        if record is None:
            return
        request = self.request
        listed = self.queue.pull is not None and request.listed
        record(
            (
                self.task_id, self.conversation.id, request.id, self.agent.word, self.queue.name,
                self.conversation.channel, request.direction,
                "AGENT" if request.kind == "named_transfer" else "QUEUE", "PULL" if listed else "PUSH",
                request.priority, NEVER if listed else request.enqueued_at,
                NEVER if listed else request.reserved_at, self.answered_at, self.wrap_up_at, ended_at, disposition,
            )
        )  # fmt: skip


_ACTS: dict[str, Act] = {"transfer": transfer, "conference": conference}


def _work_left(act: tuple[float, Act]) -> float:
    return act[0]


def _with_set_up(part: Handling, acts: list[tuple[float, Act]]) -> list[tuple[float, Act]]:
    """Add the work of setting up a transfer before it, and so to what is left until all earlier acts.

    A moment that was recorded comes after that work.
    """
    recorded = part.conversation.customer.recorded
    has_moment = recorded is not None and recorded.after_s is not None
    set_up = (transfer,) if has_moment else (transfer, transfer_as_recorded)
    place = next((i for i, (_, act) in enumerate(acts) if act in set_up), None)
    if place is None or not may_transfer(part):
        return acts
    draw = part.queue.draws.set_up_time
    assert draw is not None
    more = part.drawn(draw)
    part.left += more
    return [*acts[: place + 1], *((left + more, act) for left, act in acts[place + 1 :])]
