"""The rich model written by hand in SimPy, as its guides teach it.

A process for each activity (a customer, an offer, a handling, a wrap-up), `any_of` for the first of several
events, an interrupt for a cancelled one. Agents and queues are plain objects that a function looks through.
"""

from collections.abc import Generator
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

import simpy

TALK_S = {"voice": 240.0, "chat": 600.0}
PATIENCE_S = {"voice": 180.0, "chat": 300.0}
SLOTS = {"voice": 1, "chat": 3}
GAP_S = (1 / 0.045, 1 / 0.045, 1 / 0.045, 1 / 0.05, 1 / 0.05, 1 / 0.05)
ACCEPTS, REACTION_S, RING_S, PAUSE_S, TTL_S = 0.92, 3.0, 15.0, 30.0, 20.0
TRANSFERS, CONFERS, JOINT_S = 0.12, 0.06, 60.0
INBOUND, ON_PRIORITY, AFTER_RING_OUT = 1, 10, 11

Life = Generator[simpy.Event, Any, Any]


class Search(NamedTuple):
    """A request that is over, with its outcome."""

    kind: str
    placed_at: float
    wait: float
    outcome: str
    ring_outs: int


@dataclass(eq=False)
class Desk:
    """An agent on one medium."""

    agent: int
    medium: str
    queues: tuple[int, ...]
    wrap_up_s: float
    tasks: int = 0
    idle_since: float = 0.0
    paused: bool = False

    @property
    def is_free(self) -> bool:
        return self.tasks < SLOTS[self.medium] and not self.paused


@dataclass(eq=False)
class Request:
    """A search for an agent."""

    kind: str
    queue: int
    priority: int
    placed_at: float
    answered: simpy.Event
    given_up: simpy.Event
    requester: int | None = None
    queued_at: float = 0.0
    expired: bool = False
    ring_outs: int = 0
    offer: simpy.Process | None = None
    desk: Desk | None = None


class Centre:
    """The contact centre; `done` holds every search that is over, `handled` counts the customers served to the end."""

    def __init__(self, seed: int) -> None:
        self.env = simpy.Environment()
        self.random = Random(seed)
        self.desks = staff()
        self.members = [[d for d in self.desks if queue in d.queues] for queue in range(6)]
        self.waiting: list[list[Request]] = [[] for _ in range(6)]
        self.done: list[Search] = []
        self.handled = 0

    def run(self, until: float) -> None:
        for queue in range(6):
            self.env.process(self.arrivals(queue, until))
        self.env.run()

    def draw(self, mean_s: float) -> float:
        return self.random.expovariate(1 / mean_s)

    # Customers.

    def arrivals(self, queue: int, until: float) -> Life:
        while True:
            yield self.env.timeout(self.draw(GAP_S[queue]))
            if self.env.now >= until:
                return
            self.env.process(self.customer(queue))

    def customer(self, queue: int) -> Life:
        request: Request | None = self.request("inbound", queue, INBOUND)
        while request is not None:
            desk = yield from self.search(request, self.draw(PATIENCE_S[medium_of(request.queue)]))
            if desk is None:
                return
            request = yield from self.handling(desk, request.queue)
        self.handled += 1

    # The search for an agent.

    def request(self, kind: str, queue: int, priority: int, requester: int | None = None) -> Request:
        env = self.env
        request = Request(kind, queue, priority, env.now, env.event(), env.event(), requester)
        self.place(request, priority)
        return request

    def place(self, request: Request, priority: int) -> None:
        request.priority = priority
        request.queued_at = self.env.now
        free = [d for d in self.members[request.queue] if d.is_free and d.agent != request.requester]
        if free:
            self.ring(min(free, key=lambda d: (d.tasks, d.idle_since)), request)
        else:
            self.waiting[request.queue].append(request)

    def search(self, request: Request, patience_s: float | None = None) -> Life:
        """Wait for an answer, or the end of patience or time-to-live; a ringing offer outlives the latter."""
        env = self.env
        ttl = env.timeout(TTL_S)
        ends = [request.answered, ttl]
        if patience_s is not None:
            ends.append(env.timeout(patience_s))
        yield env.any_of(ends)
        if ttl.processed and request.offer is not None:
            request.expired = True
            yield env.any_of([request.answered, request.given_up, *ends[2:]])
        if request.answered.triggered:
            return self.over(request, "answered")
        self.withdraw(request)
        return self.over(request, "abandoned" if ends[-1] is not ttl and ends[-1].processed else "no_agent")

    def withdraw(self, request: Request) -> None:
        if request.offer is not None:
            request.offer.interrupt()
        elif request in self.waiting[request.queue]:
            self.waiting[request.queue].remove(request)

    def over(self, request: Request, outcome: str) -> Desk | None:
        wait = self.env.now - request.placed_at
        self.done.append(Search(request.kind, request.placed_at, wait, outcome, request.ring_outs))
        return request.desk if outcome == "answered" else None

    # Agents.

    def ring(self, desk: Desk, request: Request) -> None:
        desk.tasks += 1
        request.desk = desk
        request.offer = self.env.process(self.ringing(desk, request))

    def ringing(self, desk: Desk, request: Request) -> Life:
        reaction = self.draw(REACTION_S) if self.random.random() < ACCEPTS else RING_S + 1
        try:
            yield self.env.timeout(min(reaction, RING_S))
        except simpy.Interrupt:
            self.free(desk)
            return
        request.offer = None
        if reaction <= RING_S:
            request.answered.succeed()
            return
        request.ring_outs += 1
        desk.paused = True
        self.env.process(self.pause(desk))
        self.free(desk)
        if request.expired:
            request.given_up.succeed()
        else:
            self.place(request, AFTER_RING_OUT)

    def pause(self, desk: Desk) -> Life:
        yield self.env.timeout(PAUSE_S)
        desk.paused = False
        if desk.tasks == 0:
            desk.idle_since = self.env.now
        self.look(desk)

    def free(self, desk: Desk) -> None:
        desk.tasks -= 1
        if desk.tasks == 0:
            desk.idle_since = self.env.now
        self.look(desk)

    def look(self, desk: Desk) -> None:
        """Offer an agent the best request that waits in their queues."""
        while desk.is_free:
            waiting = [r for queue in desk.queues for r in self.waiting[queue] if r.requester != desk.agent]
            if not waiting:
                return
            first = min(waiting, key=lambda r: (-r.priority, r.queued_at))
            self.waiting[first.queue].remove(first)
            self.ring(desk, first)

    def handling(self, desk: Desk, queue: int) -> Life:
        """Serve a customer, perhaps with a colleague; return the request of a transfer, if any."""
        env = self.env
        work_s = self.draw(TALK_S[desk.medium])
        may_transfer = True
        if self.random.random() < CONFERS:
            yield env.timeout(work_s / 2)
            may_transfer = yield from self.conference(desk, queue, work_s / 2)
        else:
            yield env.timeout(work_s)
        onward = None
        if self.random.random() < TRANSFERS and may_transfer:
            onward = self.request("transfer", self.other_queue(queue), ON_PRIORITY, desk.agent)
        env.process(self.wrap_up(desk))
        return onward

    def conference(self, desk: Desk, queue: int, left_s: float) -> Life:
        """Work on while a colleague is called; return False where the work was done before the search had ended."""
        env = self.env
        began_at = env.now
        call = env.process(self.calling(self.request("conference", queue, ON_PRIORITY, desk.agent)))
        work = env.timeout(left_s)
        yield env.any_of([call, work])
        if not call.triggered:
            call.interrupt()
            return False
        if call.value is None:
            yield work
            return True
        left_s -= env.now - began_at
        yield env.timeout(self.draw(JOINT_S))
        env.process(self.wrap_up(call.value))
        yield env.timeout(left_s)
        return True

    def calling(self, request: Request) -> Life:
        try:
            return (yield from self.search(request))
        except simpy.Interrupt:
            self.withdraw(request)
            self.over(request, "cancelled")
            return None

    def wrap_up(self, desk: Desk) -> Life:
        yield self.env.timeout(self.draw(desk.wrap_up_s))
        self.free(desk)

    def other_queue(self, queue: int) -> int:
        return self.random.choice([other for other in QUEUES_OF[medium_of(queue)] if other != queue])


QUEUES_OF = {"voice": (0, 1, 2, 3), "chat": (4, 5)}


def medium_of(queue: int) -> str:
    return "voice" if queue < 4 else "chat"


def staff() -> list[Desk]:
    """Return agents: 0-59 for two neighbouring voice queues, 60-89 for both chats, a third of these for queue 3 too."""
    voice = [Desk(a, "voice", (a % 4, (a + 1) % 4), 20.0) for a in range(60)]
    chat = [Desk(a, "chat", (4, 5), 10.0) for a in range(60, 90)]
    both = [Desk(a, "voice", (3,), 10.0) for a in range(60, 90, 3)]
    return voice + chat + both
