"""Offers: a request rings at an agent, who accepts it or lets it ring out (RONA: redirection on no answer).

An offer reserves a slot of the agent. It ends in one of three ways: the agent accepts and the search is over; it
rings out and the request queues anew, is disconnected or ends in no agent; or the request is withdrawn meanwhile
(`Router.withdraw`). Whether an agent accepts, and after how long, is drawn for the customer.
"""

from typing import TYPE_CHECKING

from sim.engine.going_back import on_accepted
from sim.engine.handling import Handling
from sim.engine.ranks import ACCEPT, RING_TIMEOUT
from sim.engine.request import ENDED, PASSED, QUEUED, RINGING
from sim.scenario import LogOut, NotReady

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.context import Context
    from sim.engine.conversation import Participant
    from sim.engine.desk import Desk
    from sim.engine.request import Request
    from sim.engine.router import Router
    from sim.engine.selection import Selection
    from sim.scenario import Distribution

NAMED = "named_transfer"


class Offers:
    """The offers of all queues."""

    __slots__ = (
        "_agent_draws", "_clock", "_log", "_missed", "_number", "_queues", "_record", "_requeue_priority", "_router",
        "_selection", "_serves_last_agent", "_transfer_priority",
    )  # fmt: skip

    def __init__(self, context: "Context", router: "Router", selection: "Selection") -> None:
        self._router = router
        self._selection = selection
        self._serves_last_agent = context.scenario.routing.last_agent
        self._clock = context.clock
        self._log = context.log
        self._queues = context.queues
        self._agent_draws = context.agent_draws
        self._record = context.recorder.requests
        self._requeue_priority = context.scenario.routing.requeue_priority
        self._transfer_priority = context.scenario.routing.transfer_priority
        self._number = 0  # of the latest offer
        self._missed: dict[Desk, int] = {}  # ring-outs in a row

    def ring_named(self, request: "Request") -> None:
        """Ring the agent whom a direct transfer names; where they may not get it the search is over."""
        request.task_id = self._router.tasks = self._router.tasks + 1
        request.enqueued_at = request.placed_at
        desk = request.named
        if desk is None or not request.may_ring(desk) or desk.agent in request.barred():
            self._end_named(request, "NO_AGENT_AVAILABLE")
        else:
            self.offer(request, desk)

    def _end_named(self, request: "Request", disposition: str) -> None:
        """End the search for a named agent, who does not take it; where the queue says so its queue is asked."""
        spec = self._queues[request.from_queue or ""].spec.transfer
        if spec is None or not spec.named_falls_back or request.expired or request.queue.closed:
            self._router.no_agent(request, disposition)
        else:
            onward = request.going_on(request.queue, "transfer", self._transfer_priority)
            self._move(request, onward, disposition)

    def _move(self, request: "Request", onward: "Request", disposition: str) -> None:
        if self._log is not None:
            self._log.request("request_moved", request, kind=onward.kind, to=onward.queue.name)
        self._router.close(request, "moved", disposition)
        self._router.place(onward)

    def on_wait_limit(self, request: "Request") -> None:
        """End the wait for a queue at its limit; an offer that rings is not cut short."""
        if request.state == RINGING:
            request.limit_token = PASSED
        elif request.state == QUEUED:
            self._leave_by_limit(request)

    def _leave_by_limit(self, request: "Request") -> None:
        """Do what the queue says: voice mail, the end, or another queue; with an agent in there is nobody to find."""
        limit, conversation = request.queue.wait_limit, request.conversation
        assert limit is not None
        if conversation.parts:
            self._router.no_agent(request)
        elif isinstance(limit.then, str):
            outcome = "wait_limit" if limit.then == "end" else limit.then
            if self._log is not None:
                self._log.request("wait_limit_reached", request, then=limit.then)
            self._router.close(request, outcome, "NO_AGENT_AVAILABLE")
            conversation.end(outcome)
        else:
            onward = request.going_on(self._queues[limit.then.queue], request.kind, request.placed_priority)
            self._move(request, onward, "NO_AGENT_AVAILABLE")

    def finds_somebody(self, request: "Request") -> bool:
        """Whether a customer who is about to ask finds somebody, as their queue has it: available, or free for them."""
        queue = request.queue
        if not queue.balks_unless_free or queue.pull is not None:
            return queue.available() > 0
        desk = self._asked_first(request)
        return (desk is not None and request.may_ring(desk)) or self._selection.finds_somebody(request)

    def ring_last_agent(self, request: "Request") -> bool:
        """Offer a customer to their last agent, or the one recorded, first, where that one is available (R2.35)."""
        desk = self._asked_first(request)
        if request.kind != "inbound" or desk is None or not request.may_ring(desk):
            return False
        request.task_id = self._router.tasks = self._router.tasks + 1
        request.enqueued_at = request.placed_at
        self.offer(request, desk)
        return True

    def _asked_first(self, request: "Request") -> "Desk | None":
        """Return where the agent who is asked before all others is now: a person may be in another team."""
        customer = request.conversation.customer
        desk = customer.last_desk if self._serves_last_agent else customer.asks_for
        now = None if desk is None else desk.agent.desks.get(desk.medium)
        return None if now is None or now.pool is None else now  # supervisors are offered nothing

    def offer(self, request: "Request", desk: "Desk") -> None:
        """Ring an agent, or let them accept at once where they take no time for it."""
        now, queue = self._clock.now, request.queue
        # `Router.leave_queue`, written out: most requests are offered as soon as they queue.
        if request.ticket:
            queue.waiting -= 1
            request.ticket = request.step_token = 0
            if queue.watch is not None:
                queue.watch.on_change()
            if request._timers is not None:
                request.stop_timers()
        accepts, delay = request.conversation.customer.answer_of(desk.agent.team)
        request.state = RINGING
        request.desk = desk
        request.reserved_at = now
        if not request.offers:
            request.first_offer_at = now
        request.offers += 1
        desk.offered_last = self._number = self._number + 1
        if queue.limit is not None:
            queue.limit.add(desk.agent)
        # Decided when it begins to ring, so that one end of the offer stands in the calendar. An accept at the very end
        # of the ring time still counts.
        request.will_accept = accepts and delay <= queue.ring_time
        if self._log is not None:
            self._log.request("offered", request)
        if request.will_accept and delay <= 0.0:
            # Never rang: a reservation of no length would be written to the agent's states and undone.
            desk.take()
            self.answer(request, desk).begin()
            return
        desk.reserve()
        lasts, rank = (delay, ACCEPT) if request.will_accept else (queue.ring_time, RING_TIMEOUT)
        request.offer_token = self._clock.schedule_due(now + lasts, rank, request)

    def on_offer_ended(self, request: "Request") -> None:
        """End the ringing: the agent accepts, or it has rung out."""
        desk = request.desk
        assert desk is not None
        if request.will_accept:
            desk.accept()
            part = self.answer(request, desk)
            part.begin()
            if not desk.on:
                on_accepted(part)
        else:
            self._ring_out(request, desk)

    def answer(self, request: "Request", desk: "Desk") -> Handling:
        """End the search with an agent, and return their handling."""
        if self._missed:
            self._missed.pop(desk, None)
        request.answered_at = now = self._clock.now
        request.state = ENDED
        request.ttl_token = request.limit_token = 0
        if request._timers is not None:
            request.stop_timers()
        request.outcome = "answered"
        request.conversation.pending = None
        if self._log is not None:
            self._log.request("accepted", request)
        self._router.last_work_s = now
        if request.queue.watch is not None:
            request.queue.watch.on_ended(request, now)
        # `Router.write`, written out: a call less for each request.
        record = self._record
        if record is not None:
            record(request.row(now))
        if request._callbacks is not None:
            request.resume_waiting()
        return Handling(request, desk)

    def join(self, request: "Request", desk: "Desk", first: "Participant | None") -> Handling:
        """Return the part of a second agent who joins from a list."""
        request.task_id = self._router.tasks = self._router.tasks + 1
        return Handling(request, desk, first)

    def _ring_out(self, request: "Request", desk: "Desk") -> None:
        """Take the offer back; the request queues anew unless its time is over (R2.24 to R2.29)."""
        request.ring_outs += 1
        self._router.last_work_s = self._clock.now
        if desk.agent not in request.rung:
            request.rung = (*request.rung, desk.agent)
        if self._log is not None:
            self._log.request("rang_out", request)
        # Here RONA is decided. The time-to-live cuts no offer short (R2.29), so it may have ended while this one rang;
        # a named agent has no substitute; and nothing queues anew once the queues are cleared.
        over = (
            request.expired or request.limit_token == PASSED or request.kind == NAMED or request.queue.closed
        )
        if not over:
            request.task_row("RONA")
        # The last row of a search that is over names the agent; one that goes on has none.
        request.desk = None if not over else desk
        desk.withdraw()
        if request.queue.limit is not None:
            request.queue.limit.remove(desk.agent)
        # Switched off before the request queues anew, else the same agent could get it back at once.
        after = desk.agent.team.spec.after_ring.get(desk.medium)
        if isinstance(after, NotReady | LogOut):
            self._react(desk, after)
        self._router.just_freed.append(desk)
        if over:
            self._give_up(request)
        else:
            if self._log is not None:
                self._log.request("requeued", request, priority=self._requeue_priority)
            self._router.enqueue(request, self._requeue_priority)
            if request.queue.attendance is not None:
                request.queue.attendance.on_gone()
        self._router.on_slot_free(desk)

    def _react(self, desk: "Desk", after: NotReady | LogOut) -> None:
        """Pause an agent or log them out, after so many ring-outs in a row."""
        missed = self._missed.pop(desk, 0) + 1
        if missed < after.misses:
            self._missed[desk] = missed
        elif isinstance(after, NotReady):
            desk.mute(self._not_ready_s(desk.agent, after.not_ready))
        elif after.log_out:
            desk.agent.send_home()

    def _not_ready_s(self, agent: "Agent", law: "Distribution") -> float:
        k = agent.count("not_ready")
        return self._agent_draws.value(*agent.address, "not_ready", law, k)

    def _give_up(self, request: "Request") -> None:
        if request.queue.closed and not request.expired and request.named is None:
            self._router.disconnect(request)
        elif request.kind == NAMED:
            self._end_named(request, "RONA")
        elif request.limit_token == PASSED and not request.expired:
            self._leave_by_limit(request)
        else:
            self._router.no_agent(request)
