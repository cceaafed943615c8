"""A request: placed, queued, widened step by step, and ended without an agent."""

import math

from twin.contacts import Contacts
from twin.people import Agent, Request
from twin.ranks import Rank


class Placing(Contacts):
    """R2.1: the first case that applies decides."""

    def place(self, request: Request) -> None:
        talk = request.conversation
        talk.request, request.turn = request, next(self.turns)
        request.placed_priority = request.priority
        self.requests.append(request)
        self.tell_of(
            "request_placed", request, kind=request.kind, priority=request.priority, note=request.note
        )
        if request.ttl_at is None:
            request.ttl_at = self.now + self._ttl_of(request)
        self._where_it_goes(request)
        if request.is_open:
            self._time(request)

    def _where_it_goes(self, request: Request) -> None:
        spec = self.scenario.queues[request.queue]
        if request.kind == "named_transfer":
            self.ring_named(request)
        elif spec.mode == "pull":
            self.publish(request)
        elif self._goes_to_last_agent(request):
            first = self._asked_first(request)
            assert first is not None
            self.offer(request, first)
        elif self._turns_away(request):
            self.end_search(request, "no_agent")
        else:
            self.enqueue(request)
            self.search(request)
            if request.state == "waiting":
                self._has_to_wait(request)

    def _goes_to_last_agent(self, request: Request) -> bool:
        first = self._asked_first(request)
        return request.kind == "inbound" and first is not None and self.is_available(first, request)

    def _asked_first(self, request: Request) -> Agent | None:
        """R2.35: who served the customer last, else who is recorded while they have met nobody."""
        customer = request.conversation.customer
        last = customer.last_agent if self.scenario.routing.last_agent else None
        first = last if last is not None or customer.met else customer.asks_for
        medium = self.medium_of(request.queue)
        own = (queue for queue in self.waiting if self.medium_of(queue) == medium)
        return first if any(first in self.members(queue) for queue in own) else None

    def _has_to_wait(self, request: Request) -> None:
        if request.kind == "inbound" and (reason := self._too_many(request.queue)):
            self.waiting[request.queue].remove(request)
            self._stop(request)
            self.requests.remove(request)
            request.state, request.conversation.request = "closed", None
            self.tell("blocked", request.conversation, reason=reason)
            self.end(request.conversation, "blocked")
        elif request.queue in self.cleared:
            self.end_search(request, "disconnected")

    def _too_many(self, queue: str) -> str:
        """What there is no place in any more; empty where the queue and all its rooms have places."""
        most = self.scenario.queues[queue].capacity
        if most is not None and len(self.waiting[queue]) > most:
            return "capacity"
        for name, room in self.scenario.waiting_rooms.items():
            if queue in room.queues and sum(len(self.waiting[one]) for one in room.queues) > room.capacity:
                return name
        return ""

    def _ttl_of(self, request: Request) -> float:
        spec = self.scenario.queues[request.queue]
        left = self.scenario.queues[request.left_queue] if request.left_queue else None
        by_kind = None
        if left is not None:
            asks = left.conference if request.kind == "conference" else left.transfer
            by_kind = asks.request_ttl if asks is not None else None
        channel = self.scenario.channels[request.conversation.channel].request_ttl
        return next((ttl for ttl in (by_kind, spec.request_ttl, channel) if ttl is not None), math.inf)

    def _time(self, request: Request) -> None:
        assert request.ttl_at is not None
        ttl = self.at(max(request.ttl_at, self.now), Rank.REQUEST_TTL, lambda: self._ttl_over(request))
        request.timers.append(ttl)
        limit = self.scenario.queues[request.queue].wait_limit
        if limit is not None and request.kind != "named_transfer":
            timer = self.at(request.placed_at + limit.after, Rank.REQUEST_TTL, lambda: self._waited(request))
            request.timers.append(timer)
        self.look_at_patience(request.conversation)

    def _ttl_over(self, request: Request) -> None:
        if request.state == "ringing":
            request.late = True
            self.tell_of("ttl_expired", request, request.agent)
        else:
            self.end_search(request, "no_agent")

    def _waited(self, request: Request) -> None:
        request.waited_enough = True
        if request.state != "ringing":
            self.end_by_limit(request)

    # Who is there

    def _turns_away(self, request: Request) -> bool:
        own = self.scenario.queues[request.queue].require_available_agent
        required = own or self.scenario.routing.require_available_agent
        if request.kind == "rerouted" or required == "off":
            return False
        if required == "logged_in":
            inside = {seat.agent for seat in request.conversation.seats} | {request.asker}
            return not any(a.on_duty for a in self.members(request.queue) if a not in inside)
        return not self.number_available(request.queue, request)

    def look_for_nobody(self, queue: str) -> None:
        own = self.scenario.queues[queue].leave_when_empty
        leaves = self.scenario.routing.leave_when_empty if own is None else own
        if leaves and queue not in self.about_to_empty:
            self.about_to_empty.add(queue)
            self.at(self.now, Rank.EMPTIES, lambda: self._empty(queue))

    def _empty(self, queue: str) -> None:
        self.about_to_empty.remove(queue)
        if any(agent.on_duty for agent in self.members(queue)):
            return
        for request in self._all_of(queue):
            if request.state in ("waiting", "listed"):
                self.tell_of("queue_emptied", request, kind=request.kind)
                self.end_search(request, "no_agent")

    def _all_of(self, queue: str) -> list[Request]:
        """All who wait, in the order of waiting; on a list as they were put there."""
        waiting = sorted(self.waiting[queue], key=lambda request: self.in_order(None, request))
        return waiting + list(self.listed[queue])

    def is_gone(self, agent: Agent) -> None:
        """An agent is not on duty any more: look at their queues once the log-ins of the instant are done."""
        agent.on_duty = False
        for queue in self.waiting:
            if agent in self.members(queue):
                self.look_for_nobody(queue)

    def close(self) -> None:
        """Closing time."""
        if self.scenario.closing == "clear_queues":
            self.clear([queue for queue in self.waiting if not self.scenario.queues[queue].carry_over])

    def clear(self, queues: list[str]) -> None:
        """Send away who waits, and from now on all who would have to."""
        self.cleared |= set(queues)
        for queue in queues:
            self.end_all(queue, "disconnected")

    def end_all(self, queue: str, outcome: str) -> None:
        for request in self._all_of(queue):
            if request.state in ("waiting", "listed"):
                self.end_search(request, outcome)

    def at_night(self, what: str, queue: str) -> None:
        """R12.13: a queue is cleared, opens again, or leaves open who waits still."""
        if what == "cleared":
            self.clear([queue])
        elif what == "opens":
            self.cleared.discard(queue)
        else:
            self.end_all(queue, "unfinished")

    # Waiting and its steps

    def enqueue(self, request: Request) -> None:
        request.state, request.agent = "waiting", None
        request.enqueued_at, request.turn = self.now, next(self.turns)
        self.waiting[request.queue].append(request)
        request.step = 0
        self._time_step(request, self.now)

    def enqueue_anew(self, request: Request) -> None:
        """After a ring-out: from the first step on, or where the steps would be by the time since the placing."""
        request.priority = self.scenario.routing.requeue_priority
        self.enqueue(request)
        if self._goes_on(request.queue):
            if request.step_timer is not None:
                request.step_timer.call_off()
            request.step = 0
            self._open_those_due(request)
        self.tell_of("requeued", request, priority=request.priority)

    def _goes_on(self, queue: str) -> bool:
        own = self.scenario.queues[queue].steps_after_ring_out
        return (own or self.scenario.routing.steps_after_ring_out) == "go_on"

    def _open_those_due(self, request: Request) -> None:
        steps, due = self.scenario.steps_of(request.queue), request.placed_at
        for step in steps[:-1]:
            due += step.for_ or 0.0
            if due > self.now:
                request.step_timer = self.at(due, Rank.STEP_OPENS, lambda: self._widen(request))
                return
            request.step += 1

    def _time_step(self, request: Request, since: float) -> None:
        """Open the leading steps that need no waiting for, and set the timer of the first that does."""
        steps = self.scenario.steps_of(request.queue)
        while request.step < len(steps) - 1 and steps[request.step].for_ == 0:
            request.step += 1
        self._time_next(request, since)

    def _time_next(self, request: Request, since: float) -> None:
        steps = self.scenario.steps_of(request.queue)
        if request.step < len(steps) - 1:
            opens = since + (steps[request.step].for_ or 0.0)
            request.step_timer = self.at(opens, Rank.STEP_OPENS, lambda: self._widen(request))

    def _widen(self, request: Request) -> None:
        request.step += 1
        self.tell_of("step_opened", request, step=request.step + 1)
        self._time_next(request, self.now)
        self.search(request)

    # The end of a search

    def _stop(self, request: Request) -> None:
        for timer in (*request.timers, request.step_timer, request.answer):
            if timer is not None:
                timer.call_off()

    def take_out(self, request: Request) -> Agent | None:
        """Take a request out of where it waits, rings or is listed; who was rung is free again, and returned."""
        self.stop_steps(request)
        rung = None
        if request.state == "waiting":
            self.waiting[request.queue].remove(request)
        elif request.state == "listed":
            self.listed[request.queue].remove(request)
        elif request.state == "ringing":
            rung = request.agent
            assert rung is not None
            self.unring(rung, request)
        return rung

    def stop_steps(self, request: Request) -> None:
        if request.step_timer is not None:
            request.step_timer.call_off()
            request.step_timer = None

    def shut(self, request: Request, outcome: str) -> None:
        self._stop(request)
        request.state, request.outcome, request.ended_at = "closed", outcome, self.now
        if request.conversation.request is request:
            request.conversation.request = None

    def end_by_limit(self, request: Request, rang: Agent | None = None) -> None:
        """The longest wait is over: leave for voicemail, for good, or for another queue."""
        limit = self.scenario.queues[request.queue].wait_limit
        assert limit is not None
        then = limit.then
        if request.conversation.seats:
            self.end_search(request, "no_agent", rang)
        elif isinstance(then, str):
            self.tell_of("wait_limit_reached", request, rang, then=then)
            self.end_search(request, "voicemail" if then == "voicemail" else "wait_limit", rang, told=True)
        else:
            self.move(request, request.kind, then.queue, request.placed_priority, rang)

    def move(self, request: Request, kind: str, queue: str, priority: int, rang: Agent | None = None) -> None:
        """End the search, and go on as another request: TTL and patience run on."""
        self.tell_of("request_moved", request, rang, kind=kind, to=queue)
        self.take_out(request)
        self.shut(request, "moved")
        other = Request(request.conversation, kind, queue, priority, self.now, request.requester)
        other.warm, other.note, other.left_queue = request.warm, request.note, request.left_queue
        other.factor, other.rest, other.ttl_at = request.factor, request.rest, request.ttl_at
        other.rang = set(request.rang)
        if other.requester is not None and other.requester.waits_for is request:
            other.requester.waits_for = other
        self.place(other)
