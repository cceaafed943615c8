"""The two decisions at work: which agent for this request, which request for this agent."""

from collections.abc import Callable, Collection
from heapq import heappop
from typing import Any

from sim.engine.agent import Desk
from sim.engine.policy_views import Consulting
from sim.engine.queue import Level, Pool, Ranked, draw_one
from sim.engine.request import Request
from sim.policies import (
    AgentSelection,
    GuardedRequests,
    RandomSelection,
    RankedRequests,
    RankedSelection,
    RequestSelection,
)
from sim.policies.selection import RequestKey

Pick = Callable[[tuple[Pool, ...], Request, Collection[Any]], Desk | None]


class Selection:
    """Asks the policies; those that rank by a key are answered from ordered heaps, others by showing them all."""

    def __init__(self, agents: AgentSelection, requests: RequestSelection, ring_memory: str) -> None:
        rank = isinstance(agents, RankedSelection | RandomSelection) and isinstance(requests, RankedRequests)
        self._consulting = None if rank else Consulting(agents, requests)
        self._ranks_requests = isinstance(requests, RankedRequests)
        self._by_own_level = isinstance(requests, RankedRequests) and requests.by_own_level
        self._rank_last = ring_memory == "rank_last"
        self._pick = self._picking(agents)
        self.request_key = _key_of(requests)

    def _picking(self, agents: AgentSelection) -> "Pick":
        if isinstance(agents, RandomSelection):
            return self._draw_one
        if not isinstance(agents, RankedSelection):
            return self._shown_all
        return self._most_skilled if agents.by_skill else _first_ranked

    def desk_for(self, request: Request, without: Desk | None = None) -> Desk | None:
        """Find the agent: the topmost open step with an available agent decides (R2.12)."""
        barred: Collection[Any] = ()
        if request.rung or request.requester is not None or request.conversation.parts:
            barred = request.barred()
        if without is not None:
            barred = {*barred, without.agent}
        rung_last = request.rung and self._rank_last
        if rung_last and request.queue.steps_go_on:
            # Whoever let it ring comes after the agents of all open steps, not of their own alone.
            desk = self._topmost(request, {*barred, *request.rung})
            if desk is not None:
                return desk
        pick = self._in_step if rung_last else self._pick
        for step in request.queue.opened[request.level]:
            desk = pick(step, request, barred)
            if desk is not None:
                return desk
        return None

    def _topmost(self, request: Request, barred: Collection[Any]) -> Desk | None:
        desks = (self._pick(step, request, barred) for step in request.queue.opened[request.level])
        return next((desk for desk in desks if desk is not None), None)

    def _in_step(self, step: tuple[Pool, ...], request: Request, barred: Collection[Any]) -> Desk | None:
        """Prefer those who have not let this very request ring."""
        others = self._pick(step, request, {*barred, *request.rung})
        return others if others is not None else self._pick(step, request, barred)

    def _most_skilled(self, step: tuple[Pool, ...], request: Request, barred: Collection[Any]) -> Desk | None:
        queue = request.queue.name
        best: tuple[int, Ranked] | None = None
        for pool in step:
            entry = pool.best(barred) if pool.available else None
            if entry is not None:
                ranked = (-pool.skills.get(queue, 0), entry)
                best = ranked if best is None else min(best, ranked)
        return None if best is None else best[1][3]

    def _draw_one(self, step: tuple[Pool, ...], request: Request, barred: Collection[Any]) -> Desk | None:
        """Answer as RandomSelection would, without showing it all candidates."""
        free = [pool.free.without(barred) for pool in step if pool.free]
        return draw_one(free, _uniform(request)) if free else None

    def _shown_all(self, step: tuple[Pool, ...], request: Request, barred: Collection[Any]) -> Desk | None:
        candidates = [desk for pool in step for desk in pool.all_available(barred)]
        if not candidates:
            return None
        uniform = _uniform(request)
        assert self._consulting is not None
        return self._consulting.agent(request, _number(step, request), candidates, uniform)

    def comes_before(self, one: Request, other: Request, desk: Desk) -> bool:
        """Whether `one` is selected before `other` for this agent."""
        if self._by_own_level:
            levels = desk.skill(one.queue.name), desk.skill(other.queue.name)
            if levels[0] != levels[1]:
                return levels[0] > levels[1]
        return (self.request_key(one), one.ticket) < (self.request_key(other), other.ticket)

    def request_for(self, desk: Desk) -> Request | None:
        """Find the request a freed agent is offered, over all their queues (R2.8)."""
        assert desk.pool is not None
        if not self._ranks_requests:
            return self._shown_waiting(desk)
        if self._by_own_level:
            return _of_highest_level(desk)
        best = None
        for level in desk.pool.levels:
            # Asked here, as most levels are empty and a call for each would count.
            if level.heap:
                entry = level.first(desk.agent)
                if entry is not None and (best is None or entry < best):
                    best = entry
        return None if best is None else best[2]

    def _shown_waiting(self, desk: Desk) -> Request | None:
        assert desk.pool is not None
        waiting = {r.ticket: r for level in desk.pool.levels for r in _swept(level) if not r.bars(desk.agent)}
        if not waiting:
            return None
        assert self._consulting is not None
        return self._consulting.request(desk, [waiting[ticket] for ticket in sorted(waiting)])


def _of_highest_level(desk: Desk) -> Request | None:
    """Return the first of the waiting requests in whose queue the agent has the highest skill."""
    assert desk.pool is not None
    firsts = [level.first(desk.agent) for level in desk.pool.levels if level.heap]
    ranked = [(-desk.skill(entry[2].queue.name), entry) for entry in firsts if entry is not None]
    return min(ranked)[1][2] if ranked else None


def _first_ranked(step: tuple[Pool, ...], request: Request, barred: Collection[Any]) -> Desk | None:
    del request
    best: Ranked | None = None
    entry: Ranked | None
    for pool in step:
        if pool.available:
            # `Pool.best`, written out: this is the choice that nearly all requests take.
            heap = pool.heap
            entry = heap[0]
            while entry[2] != entry[3].version:  # an agent is available, so that an entry counts
                heappop(heap)
                entry = heap[0]
            if barred and entry[3].agent in barred:
                entry = pool.best(barred)
            if entry is not None and (best is None or entry < best):
                best = entry
    return None if best is None else best[3]


def _swept(level: Level) -> list[Request]:
    """Return all that wait there, and drop those who wait no more: nothing else takes from the heap here."""
    level.heap = [entry for entry in level.heap if entry[1] == entry[2].ticket]
    return [request for _, _, request in level.heap]


def _key_of(requests: RequestSelection) -> RequestKey:
    """Return the order in which requests come before each other where no single agent is asked for."""
    if isinstance(requests, GuardedRequests):
        return _key_of(requests.order)
    return requests.key if isinstance(requests, RankedRequests) else _by_queueing


def _by_queueing(request: Any) -> tuple[float, ...]:
    return (request.enqueued_at,)


def _number(step: tuple[Pool, ...], request: Request) -> int:
    """Count the step that is being looked through, from 1."""
    opened = request.queue.opened[request.level]
    return next(number for number, pools in enumerate(opened, 1) if pools is step)


def _uniform(request: Request) -> float:
    """Return the number by which an agent is drawn: a customer's offers use one each, whatever they ask for."""
    customer = request.conversation.customer
    return customer.uniform("selection", customer.offers)
