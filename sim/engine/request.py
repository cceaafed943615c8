"""A request: one search for an agent, from its placing to its end, over all offers."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from simpy.events import PENDING

from sim.engine.clock import Awaitable, Clock, Process
from sim.engine.ranks import REQUEST_TTL

if TYPE_CHECKING:
    from simpy import Interrupt

    from sim.engine.agent import Agent
    from sim.engine.conversation import Conversation, Participant
    from sim.engine.desk import Desk
    from sim.engine.going_back import Rest
    from sim.engine.handling import Handling
    from sim.engine.queue import WaitingQueue
    from sim.scenario import Scenario

_NEVER, _FOREVER = float("nan"), float("inf")
NOT_PLACED, QUEUED, RINGING, ENDED = range(4)
PASSED = -1
"""The token of a wait limit that was reached while an offer rang."""


class Request(Awaitable):
    """A search for an agent.

    `host` is the part of the agent who asked for it and stays in the conversation: in a conference or a warm
    transfer. `named` is the desk of the agent that a direct transfer names. `wants_second` is the part of the
    agent who has joined from a list, while a second one is welcome.
    """

    __slots__ = (
        "_at_work", "_timers", "answered_at", "balked", "continues", "conversation", "desk", "direction",
        "enqueued_at", "expired", "expires_at", "first_offer_at", "from_queue", "host", "id", "kind", "level",
        "limit_token", "named", "note", "offer_token", "offers", "outcome", "placed_at", "placed_priority",
        "priority", "queue", "requester", "reserved_at", "rest", "ring_outs", "router", "rung", "shown", "state",
        "step_token", "task_id", "ticket", "ttl_token", "wants_second", "warm", "will_accept",
    )  # fmt: skip
    # Set when it is placed, queued or offered, before anybody asks:
    placed_at: float
    enqueued_at: float
    reserved_at: float
    level: int
    task_id: int
    will_accept: bool
    _at_work: tuple[int, str]  # the timer whose time came last, by token and name

    def __init__(self, conversation: "Conversation", queue: "WaitingQueue", kind: str, priority: int) -> None:
        self.router = router = conversation.router
        self.conversation = conversation
        self.queue = queue
        self.kind = kind
        self.priority = self.placed_priority = priority
        self.id = router.requests = router.requests + 1
        self.state = NOT_PLACED
        self._callbacks = None
        self.outcome = "unfinished"
        self.direction = "INBOUND"
        self.expires_at = _FOREVER
        self.first_offer_at = self.answered_at = _NEVER
        self.ticket = self.offers = self.ring_outs = self.shown = 0
        self.offer_token = self.ttl_token = self.step_token = self.limit_token = 0
        self._timers: dict[int, Timer] | None = None
        self.expired = self.note = self.balked = self.warm = False
        self.continues = False
        self.rung: tuple[Agent, ...] = ()
        self.desk: Desk | None = None
        self.named: Desk | None = None
        self.requester: Agent | None = None
        self.from_queue: str | None = None
        self.host: Handling | None = None
        self.wants_second: Participant | None = None
        self.rest: Rest | None = None

    def start_clocks(self, ttl: float | None) -> None:
        """Start the time-to-live, and the patience of a customer who has no agent to talk to.

        Those of a search that goes on run on.
        """
        conversation, ends = self.conversation, self.expires_at
        if ttl is not None and not self.continues:
            self.expires_at = ends = self.placed_at + ttl
        if ends < _FOREVER:
            self.ttl_token = conversation.context.clock.schedule_due(ends, REQUEST_TTL, self)
        limit = self.queue.wait_limit
        if limit is not None and self.kind != "named_transfer":
            at = self.placed_at + limit.after
            self.limit_token = conversation.context.clock.schedule_due(at, REQUEST_TTL, self)
        if not self.continues and (not conversation.parts or (self.warm and len(conversation.parts) == 1)):
            conversation.start_waiting(self)

    def going_on(self, queue: "WaitingQueue", kind: str, priority: int) -> "Request":
        """Return the request by which this search goes on in a queue: all that was asked for and has happened stays.

        Its time-to-live and the customer's patience run on.
        """
        onward = Request(self.conversation, queue, kind, priority)
        onward.direction = self.direction
        onward.requester, onward.from_queue, onward.host = self.requester, self.from_queue, self.host
        onward.warm, onward.note, onward.rung = self.warm, self.note, self.rung
        onward.continues = self.state != NOT_PLACED  # what ends as it is placed has started no clocks
        onward.expires_at = self.expires_at
        onward.rest = self.rest
        return onward

    # What a policy may look at.

    @property
    def queue_name(self) -> str:
        """The queue it waits in."""
        return self.queue.name

    @property
    def queue_priority(self) -> int:
        """The priority of its queue."""
        return self.queue.priority

    # As other SimPy code sees it.

    @property
    # No slot: it is asked for only by those who wait, and set for each request otherwise.
    def clock(self) -> Clock:  # type: ignore[override]
        """The clock."""
        return self.conversation.context.clock

    @property
    def _value(self) -> Any:
        """PENDING until the search ends, then its outcome."""
        return self.outcome if self.state == ENDED else PENDING

    # What the calendar says: the timers of the queue, each with the token that counts.

    def fire(self, token: int) -> None:
        """Do what was due: the end of an offer, the time-to-live, or the next step."""
        # The token says which timer it was; one that was set anew or stopped matches none and does nothing. It counts
        # once: an interrupted timer still stands in the calendar. None counts once the search is over.
        if self.state == ENDED:
            return
        if token == self.offer_token:
            self.offer_token = 0
            self._at_work = token, "ring"
            self.router.offers.on_offer_ended(self)
        elif token == self.step_token:
            self.step_token = 0
            self._at_work = token, "step"
            self.router.open_next_step(self)
        elif token == self.ttl_token:
            self.ttl_token = 0
            self._at_work = token, "ttl"
            self.router.on_ttl_expired(self)
        elif token == self.limit_token:
            self.limit_token = 0
            self._at_work = token, "limit"
            self.router.offers.on_wait_limit(self)
        if self._timers is not None and token in self._timers:
            self._timers.pop(token).end_with(came=True)

    @property
    def timers(self) -> "dict[str, Timer]":
        """Its running timers as processes: `ring` of an offer, `step` until the next one opens, `ttl`, `limit`."""
        running = zip(("ring", "step", "ttl", "limit"), self._tokens(), strict=True)
        return {name: self._timer(token, name) for name, token in running if token > 0}

    def _tokens(self) -> tuple[int, ...]:
        return self.offer_token, self.step_token, self.ttl_token, self.limit_token

    @property
    def process(self) -> "Timer | None":
        """The timer whose time has come."""
        at_work = getattr(self, "_at_work", None)
        return None if at_work is None else self._timer(*at_work)

    def stop_timers(self) -> None:
        """End those that no longer count; to be called where they are stopped and somebody knows them."""
        assert self._timers is not None
        at_work, _ = getattr(self, "_at_work", (0, ""))
        for token in self._timers.keys() - {*self._tokens(), at_work}:
            self._timers.pop(token).end_with(came=False)

    def _timer(self, token: int, name: str) -> "Timer":
        if self._timers is None:
            self._timers = {}
        timer = self._timers.get(token)
        if timer is None:
            timer = self._timers[token] = Timer(self, token, name)
        return timer

    @property
    def listed(self) -> bool:
        """Whether it stands on a list, on which nothing is queued or reserved; a named one rings instead."""
        return self.queue.pull is not None and self.kind != "named_transfer"

    def bars(self, agent: "Agent") -> bool:
        """Whether `agent` may not get it."""
        # Asked for each entry that is passed in a queue, and nearly always answered here without building the set.
        if self.requester is None and not self.rung and not self.conversation.parts:
            return False
        return agent in self.barred()

    def may_ring(self, desk: "Desk") -> bool:
        """Whether it may ring at a desk that was not looked for: a named agent's, or that of the last one."""
        return desk.available and desk.agent not in self.queue.full

    def unseen(self) -> "Collection[Agent]":
        """Return those whom the dropdown leaves out: who is in the conversation, and who is asking."""
        unseen = {part.agent for part in self.conversation.parts}
        if self.requester is not None:
            unseen.add(self.requester)
        return unseen

    def barred(self) -> "set[Agent]":
        """Return those who may not get it: who is in the conversation, and who is excluded by the policy."""
        barred = {part.agent for part in self.conversation.parts}
        routing = self.conversation.context.scenario.routing
        if self.requester is not None and routing.exclude_requester:
            barred.add(self.requester)
        if routing.ring_memory == "exclude":
            barred.update(self.rung)
        return barred

    def task_row(self, disposition: str) -> None:
        """Record an attempt to serve that no agent accepted."""
        conversation = self.conversation
        record = conversation.context.recorder.tasks
        if record is None:
            return
        now = conversation.context.clock.now
        desk = self.desk if self.state == RINGING else None
        reserved = self.reserved_at if desk is not None else _NEVER
        record(
            (
                self.task_id, conversation.id, self.id,
                desk.agent.word if desk is not None else None,
                self.queue.name, conversation.channel, self.direction,
                "AGENT" if self.kind == "named_transfer" else "QUEUE",
                "PULL" if self.listed else "PUSH", self.priority,
                _NEVER if self.listed else self.enqueued_at, reserved, _NEVER, _NEVER, now, disposition,
            )
        )  # fmt: skip

    def row(self, now: float) -> tuple[object, ...]:
        """Return its row in the table of requests; one that is still open has no end."""
        conversation = self.conversation
        answered = self.outcome == "answered"
        agent = self.desk.agent if answered and self.desk is not None else None
        open_still = self.outcome == "unfinished"
        return (
            self.id, conversation.id, self.kind, self.queue.name, conversation.channel,
            conversation.customer.label, self.placed_priority, self.placed_at, self.first_offer_at,
            self.answered_at, _NEVER if open_still else now, self.outcome, now - self.placed_at, self.offers,
            self.ring_outs, agent.word if agent is not None else None,
            self.requester.name if self.requester is not None else None, self.from_queue, self.warm, self.note,
            self.shown, self.balked,
        )  # fmt: skip


class TimesToLive:
    """How long the search of a request may last: by its kind, else by its queue, else by its channel."""

    __slots__ = ("_queues", "any_own", "by_channel")

    def __init__(self, scenario: "Scenario") -> None:
        self.by_channel = {name: channel.request_ttl for name, channel in scenario.channels.items()}
        self._queues = scenario.queues
        parts = [
            part for queue in self._queues.values() for part in (queue, queue.transfer, queue.conference)
        ]
        self.any_own = any(part is not None and part.request_ttl is not None for part in parts)

    def of(self, request: Request) -> float | None:
        """Return the longest search of a request in seconds, None where it has no end."""
        of_channel = self.by_channel[request.conversation.channel]
        return self._own(request, of_channel) if self.any_own else of_channel

    def _own(self, request: Request, of_channel: float | None) -> float | None:
        by_kind = None
        if request.from_queue is not None:
            spec = self._queues[request.from_queue]
            part = spec.conference if request.kind == "conference" else spec.transfer
            by_kind = None if part is None else part.request_ttl
        of_queue = request.queue.spec.request_ttl if by_kind is None else by_kind
        return of_channel if of_queue is None else of_queue


class Timer(Process):
    """A timer of a request, as a process that other code can wait for, interrupt and meet as the active one.

    Its value is whether its time came; it is stopped where the request is taken or the search is over before. Its
    time comes at once where it is interrupted.
    """

    # The calendar holds the request, not the timer: a timer is made when somebody asks for it, and few are.
    __slots__ = ("_came", "_kind", "_request")

    def __init__(self, request: Request, token: int, kind: str) -> None:
        super().__init__(request.clock)
        self.token = token
        self._request = request
        self._kind = kind
        self._came = False

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f"the timer {self._kind} of request {self._request.id}"

    @property
    def _value(self) -> Any:
        return PENDING if self.token >= 0 else self._came

    def end_with(self, *, came: bool) -> None:
        """End it, and resume those that wait for it."""
        self._came = came
        self.finish()

    def throw(self, interrupt: "Interrupt") -> None:
        """Let its time come now."""
        del interrupt
        self._request.fire(self.token)
