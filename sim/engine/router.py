"""The router: parks requests, offers them to agents, and looks again when something changes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sim.engine.conversation import Participant
from sim.engine.desk import Desk
from sim.engine.held_back import HeldBack
from sim.engine.offers import NAMED, Offers
from sim.engine.ranks import STEP_OPENS
from sim.engine.request import ENDED, QUEUED, RINGING, Request, TimesToLive
from sim.engine.selection import Selection

if TYPE_CHECKING:
    from sim.engine.context import Context
    from sim.engine.queue import WaitingQueue


class Router:
    """Brings requests and agents together.

    It acts on events alone: a request is placed, a step opens, an agent may take one more. There is no polling.
    """

    def __init__(self, context: "Context", selection: Selection) -> None:
        scenario = context.scenario
        self._clock = context.clock
        self._log = context.log
        self._record = context.recorder.requests
        self._queues = context.queues
        self._selection = selection
        self.offers = Offers(context, self, selection)
        self._ttls = TimesToLive(scenario)
        self.just_freed: list[Desk] = []  # those with a free slot who have not looked at their queues yet
        self.parts: set[Participant] = set()
        self.when_no_part_is_left: Callable[[], None] = _nothing
        self.held = HeldBack(context, self, selection) if selection.may_hold_back else None
        self.knows_agents = scenario.routing.last_agent
        self.requests = self.tasks = 0  # numbered so far
        self.last_work_s = 0.0  # the last accept, end of a task or of a request
        self._tickets = 0

    # A request comes in.

    def place(self, request: Request) -> None:
        """Start the search: queue the request, or ring the agent it names."""
        request.placed_at = self._clock.now
        queue, conversation = request.queue, request.conversation
        conversation.pending = request
        # Counted before the request queues, as the agent who reads the dropdown sees it (R4.1). A first request has
        # no agent to leave out, so no set is built for it.
        known = conversation.parts or request.requester is not None
        request.shown = queue.available(request.unseen() if known else ())
        if self._log is not None:
            self._log.request(
                "request_placed", request, kind=request.kind, priority=request.priority, note=request.note
            )
        if request.kind == NAMED:
            self.offers.ring_named(request)
        elif queue.pull is not None:
            queue.pull.publish(request)
        elif self.knows_agents and self.offers.ring_last_agent(request):
            pass
        elif queue.attendance is not None and queue.attendance.turns_away(request):
            request.task_id = self.tasks = self.tasks + 1
            request.enqueued_at = request.placed_at
            self.no_agent(request)
        else:
            self.enqueue(request, request.priority)
            if request.state == QUEUED and (queue.closed or queue.is_limited):
                self._turn_away(request)
        # After the search has begun: most requests are accepted at once and need no timers.
        if request.state != ENDED:
            ttls = self._ttls
            request.start_clocks(ttls.of(request) if ttls.any_own else ttls.by_channel[conversation.channel])

    def _turn_away(self, request: Request) -> None:
        reason = request.queue.overfull() if request.kind == "inbound" else None
        if reason is not None:
            self.leave_queue(request)
            request.state = ENDED
            request.conversation.pending = None
            request.conversation.block(reason)
        elif request.queue.closed:
            self.disconnect(request)

    # Waiting.

    def enqueue(self, request: Request, priority: int) -> None:
        """Queue a request at its first step and look for an agent at once."""
        queue = request.queue
        request.priority = priority
        request.enqueued_at = self._clock.now
        request.task_id = self.tasks = self.tasks + 1
        request.ticket = self._tickets = self._tickets + 1
        request.level = queue.first_level
        if request.ring_outs and queue.steps_go_on:
            request.level = queue.level_after(self._clock.now - request.placed_at)
        request.state = QUEUED
        queue.waiting += 1
        if queue.watch is not None:
            queue.watch.on_queued(request)
        if not self.dispatch(request):
            self.keep(request)

    def keep(self, request: Request) -> None:
        """Keep a request among those for which the same steps are open, and time the next step."""
        queue = request.queue
        queue.levels[request.level].push(self._selection.request_key(request), request)
        if request.level < queue.last_level:
            self._time_step(request)

    def leave_queue(self, request: Request) -> None:
        """Take a request out of the queue or off the list in which it waits."""
        queue = request.queue
        if request.ticket:
            queue.waiting -= 1
            request.ticket = request.step_token = 0
            if queue.watch is not None:
                queue.watch.on_change()
            if request._timers is not None:
                request.stop_timers()
        elif queue.pull is not None:
            queue.pull.remove(request)

    def _time_step(self, request: Request) -> None:
        lasts = request.queue.steps[request.level].for_
        if lasts is not None:
            at = self._clock.now + lasts
            if request.queue.steps_go_on:
                at = request.placed_at + request.queue.opens_after[request.level + 1]
            request.step_token = self._clock.schedule_due(at, STEP_OPENS, request)

    def open_next_step(self, request: Request) -> None:
        """Widen the search of a waiting request by one step, and by all that last no time."""
        if request.state != QUEUED:
            return
        request.level += 1
        if self._log is not None:
            self._log.request("step_opened", request, step=request.level + 1)
        if not self.dispatch(request):
            self.keep(request)

    def dispatch(self, request: Request, is_kept: bool = False) -> bool:
        """Offer a request to an agent; return whether it is offered, or kept among those that wait."""
        desk = self._selection.desk_for(request)
        # A request that comes first has the claim on an agent freed at this instant, who has not looked yet.
        if desk is not None and self.just_freed:
            desk = self._selection.unclaimed(request, desk, self.just_freed)
        if desk is None:
            return is_kept
        if self.held is None or not self.held.lets_another_go(request, desk, is_kept):
            self.offers.offer(request, desk)
        return True

    def on_log_in(self, desk: Desk) -> None:
        """Look at the queues and lists of an agent who has become present."""
        self.seek(desk)
        if desk.pool is not None:
            for pull in desk.pool.lists:
                pull.on_member_logged_in(desk)

    def on_slot_free(self, desk: Desk) -> None:
        """Send home an agent who has closed a task and is to go, else look at their queues and lists."""
        if self.just_freed and desk in self.just_freed:
            self.just_freed.remove(desk)
        agent = desk.agent
        # Most agents are there for long: the two questions save two calls for each task.
        head_count = agent.team.head_count
        if not agent.present or (head_count is not None and head_count.leaving):
            agent.on_freed()
        if desk.available:
            self.seek(desk)
        for pull in () if desk.pool is None else desk.pool.lists:
            pull.on_slot_free(desk)
        for other in desk.interrupts:
            self.seek(other)  # another medium may have kept the agent from these

    def seek(self, desk: Desk) -> None:
        """Look through all queues of an agent who may take more (R2.8)."""
        if desk.pool is None:
            return
        # Several slots may be free, so one look is not enough.
        while desk.available:
            request = self._selection.request_for(desk)
            if request is None:
                if self.held is not None:
                    self.held.on_change()
                return
            self.offers.offer(request, desk)

    # The end of a search without an agent.

    def on_ttl_expired(self, request: Request) -> None:
        """End the search; an offer that rings is not cut short."""
        if request.state == RINGING:
            request.expired = True
            request.conversation.on_ttl_while_ringing()
            if self._log is not None:
                self._log.request("ttl_expired", request)
        elif request.state == QUEUED:
            self.no_agent(request)

    def no_agent(self, request: Request, disposition: str = "NO_AGENT_AVAILABLE") -> None:
        """End the search because no agent was available."""
        if self._log is not None:
            self._log.request("no_agent", request)
        self.close(request, "no_agent", disposition)
        request.conversation.on_no_agent(request)

    def disconnect(self, request: Request) -> None:
        """Send away a request that waits when the queues are cleared."""
        if self._log is not None:
            self._log.request("disconnected", request)
        self.close(request, "disconnected", "FORCE_CLOSED")
        request.conversation.on_no_agent(request)

    def withdraw(self, request: Request, outcome: str) -> None:
        """End a search because it is no longer wanted; an offer that rings is revoked."""
        # Asked before `close` ends the request.
        desk = request.desk if request.state == RINGING else None
        if self._log is not None:
            self._log.request("request_abandoned" if outcome == "abandoned" else "request_cancelled", request)
        self.close(request, outcome, "CANCELLED")
        if desk is not None:
            desk.withdraw()
            if request.queue.limit is not None:
                request.queue.limit.remove(desk.agent)
            self.on_slot_free(desk)

    def close(self, request: Request, outcome: str, disposition: str, at: float | None = None) -> None:
        """End a search that no agent has accepted; its wait ended now, or `at` an earlier instant."""
        self.leave_queue(request)
        request.outcome = outcome
        request.task_row(disposition)
        request.state = ENDED
        request.offer_token = request.ttl_token = request.limit_token = 0
        if request._timers is not None:
            request.stop_timers()
        request.conversation.pending = None
        self.last_work_s = self._clock.now
        if request.queue.watch is not None:
            request.queue.watch.on_ended(request, self._clock.now)
        self.write(request, at)

    def clear_queues(self, queues: "Sequence[WaitingQueue]") -> None:
        """Send away all who wait in these queues, and from now on all who would have to wait there."""
        for queue in queues:
            queue.closed = True
        for queue in queues:
            for request in queue.requests():
                # An agent whom the clearing has freed may have taken one of them meanwhile.
                if request.state == QUEUED:
                    self.disconnect(request)

    def write(self, request: Request, at: float | None = None) -> None:
        """Record a search that has ended or is open at the end of the run, and resume those that wait for it."""
        if self._record is not None:
            self._record(request.row(self._clock.now if at is None else at))
        if request._callbacks is not None and request.state == ENDED:
            request.resume_waiting()

    def on_task_closed(self, part: Participant) -> None:
        """Note that an agent has closed their task."""
        self.parts.remove(part)
        self.last_work_s = self._clock.now
        if not self.parts:
            self.when_no_part_is_left()


def _nothing() -> None:
    """Do nothing."""
