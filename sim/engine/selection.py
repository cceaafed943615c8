"""The two decisions at work: which agent for this request, which request for this agent."""

from collections.abc import Callable, Collection, Mapping, Sequence
from heapq import heappop
from typing import TYPE_CHECKING, Any

from sim.engine.consulting import Consulting, is_known, own_step
from sim.engine.desk import Desk
from sim.engine.queue import Entry, LevelByKind, Pool, Ranked
from sim.engine.request import Request
from sim.engine.roll import draw_one
from sim.policies import (
    AgentSelection,
    GuardedAgents,
    GuardedRequests,
    RandomSelection,
    RankedRequests,
    RankedSelection,
    RequestSelection,
    Rule,
)

if TYPE_CHECKING:
    from sim.engine.context import Context
    from sim.engine.roster import Team

Pick = Callable[[tuple[Pool, ...], Request, Collection[Any]], Desk | None]


class Selection:
    """Asks the policies; those that rank by a key are answered from ordered heaps, others by showing them all."""

    def __init__(
        self, agents: AgentSelection, requests: RequestSelection, order: RankedRequests, context: "Context"
    ) -> None:
        self.ranking = _innermost(agents)
        ranks_agents = isinstance(agents, RankedSelection | RandomSelection)
        self.ranks_requests = isinstance(requests, RankedRequests)
        shown = not (ranks_agents and self.ranks_requests)
        self._consulting = Consulting(agents, requests, context) if shown else None
        # A policy for both decisions may keep a request waiting beside an idle agent.
        self.may_hold_back = not (ranks_agents or self.ranks_requests)
        self._rule = _plain_guard(requests)
        order = _order_of(requests, order)
        if shown:
            for queue in context.queues.values():
                queue.be_shown(heads=not self.ranks_requests)
        self._by_own_level = order.by_own_level
        self._ranks_alike = self.ranks_requests and not order.by_own_level  # for all agents
        self._rank_last = context.scenario.routing.ring_memory == "rank_last"
        self._pick = self._picking(agents)
        self.request_key = order.key

    @property
    def is_asked(self) -> bool:
        """Whether a policy decides that may keep a request waiting beside an available agent."""
        return self._consulting is not None

    def know(self, teams: "Mapping[str, Team]") -> None:
        """Let policies see the teams."""
        if self._consulting is not None:
            self._consulting.know(teams)

    def _picking(self, agents: AgentSelection) -> "Pick":
        if isinstance(agents, GuardedAgents):
            return self._guarded(agents.rule, self._picking(agents.then))
        if isinstance(agents, RandomSelection):
            return self._draw_one
        if not isinstance(agents, RankedSelection):
            return self._shown_all
        return self._most_skilled if agents.by_skill else _first_ranked

    def _guarded(self, rule: Rule, pick: "Pick") -> "Pick":
        """Pick as the policy under the guard does, where the rule allows the request."""

        def guarded(step: tuple[Pool, ...], request: Request, barred: Collection[Any]) -> Desk | None:
            desk = pick(step, request, barred)
            assert self._consulting is not None
            allowed = desk is not None and self._consulting.allows(rule, request, _number(step, request))
            return desk if allowed else None

        return guarded

    def desk_for(self, request: Request, without: Sequence[Desk] = ()) -> Desk | None:
        """Find the agent: the topmost open step with an available agent decides (R2.12)."""
        barred: Collection[Any] = ()
        queue, pick = request.queue, self._pick
        if request.rung or request.requester is not None or request.conversation.parts:
            barred = request.barred()
        if without:
            barred = {*barred, *(desk.agent for desk in without)}
        if queue.limit is not None:
            barred = {*barred, *queue.limit.full}
        if request.rung and self._rank_last:
            if queue.steps_go_on:
                # Whoever let it ring comes after the agents of all open steps, not of their own alone.
                desk = self._topmost(request, {*barred, *request.rung})
                if desk is not None:
                    return desk
            pick = self._in_step
        for step in queue.opened[request.level]:
            desk = pick(step, request, barred)
            if desk is not None:
                return desk
        return None

    def finds_somebody(self, request: Request) -> bool:
        """Whether a request that is not placed yet would be offered at once."""
        queue = request.queue
        request.placed_at = request.enqueued_at = request.conversation.context.clock.now
        request.level = queue.first_level
        queue.waiting += 1  # as a policy would see it
        found = self.desk_for(request) is not None
        queue.waiting -= 1
        return found

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

    def before(self, request: Request, desk: Desk) -> Request | None:
        """Return the waiting request that comes before this one for an agent, None where there is none."""
        if not self.ranks_requests:
            chosen = self._shown_waiting(desk, beside=request)
            return None if chosen is request else chosen
        other = self.request_for(desk)
        return other if other is not None and self.comes_before(other, request, desk) else None

    def unclaimed(self, request: Request, desk: Desk, freed: Collection[Desk]) -> Desk | None:
        """Return the first desk on which no other request has the first claim, `desk` if it is that.

        `freed` are those that are free and have not looked at their queues yet.
        """
        claimed: list[Desk] = []
        found: Desk | None = desk
        while found is not None and found in freed and self.before(request, found) is not None:
            claimed.append(found)
            found = self.desk_for(request, without=claimed)
        return found

    def comes_before(self, one: Request, other: Request, desk: Desk) -> bool:
        """Return whether one request is selected before another one for an agent, where requests are ranked."""
        if self._by_own_level:
            levels = desk.skill(one.queue.name), desk.skill(other.queue.name)
            if levels[0] != levels[1]:
                return levels[0] > levels[1]
        return (self.request_key(one), one.ticket) < (self.request_key(other), other.ticket)

    def request_for(self, desk: Desk) -> Request | None:
        """Find the request a freed agent is offered, over all their queues (R2.8)."""
        if not self._ranks_alike:
            return _of_highest_level(desk) if self.ranks_requests else self._shown_waiting(desk)
        best = None
        levels = () if desk.pool is None else desk.pool.levels
        for level in levels:
            # Asked here, as most levels are empty and a call for each would count.
            if level.heap:
                entry = level.first(desk.agent)
                if entry is not None and (best is None or entry < best):
                    best = entry
        return None if best is None else best[2]

    def _shown_waiting(self, desk: Desk, beside: Request | None = None) -> Request | None:
        """Show the policy the heads of the agent's queues: however many wait, it decides about a few."""
        assert desk.pool is not None
        entries: list[Entry] = []
        for level in desk.pool.levels:
            assert isinstance(level, LevelByKind)
            level.add_heads(desk.agent, entries)
        if beside is not None:
            entries.append((self.request_key(beside), beside.ticket, beside))
        if not entries:
            return None
        if self._rule is not None:
            return self._guarded_waiting(self._rule, desk, entries)
        heads: dict[tuple[str, str], Entry] = {}
        for entry in entries:  # of the levels of a queue the first alone
            place = entry[2].queue.name, entry[2].kind
            if place not in heads or entry < heads[place]:
                heads[place] = entry
        waiting = sorted(heads.values(), key=_by_ticket)
        assert self._consulting is not None
        return self._consulting.request(desk, [entry[2] for entry in waiting])

    def _guarded_waiting(self, rule: Rule, desk: Desk, entries: list[Entry]) -> Request | None:
        """Answer as the guard would, without showing it all heads: the first that its rule allows."""
        assert self._consulting is not None
        entries.sort()
        for _, _, request in entries:
            if self._consulting.allows(rule, request, own_step(desk, request)):
                return request
        return None


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


def _by_ticket(entry: Entry) -> int:
    return entry[1]


def _order_of(requests: RequestSelection, order: RankedRequests) -> RankedRequests:
    """Return the order within a queue: that of the policy itself, or of what is under it, else the scenario's."""
    if isinstance(requests, RankedRequests):
        return requests
    under = getattr(requests, "then", None)
    return order if under is None else _order_of(under, order)


def _plain_guard(requests: RequestSelection) -> Rule | None:
    """Return the rule of a guard that comes with the package, over an order by a key; None for anything else."""
    if not (isinstance(requests, GuardedRequests) and is_known(requests)):
        return None
    order = requests.order
    return requests.rule if isinstance(order, RankedRequests) and not order.by_own_level else None


def _innermost(agents: AgentSelection) -> AgentSelection:
    """Return the selection under all guards."""
    return _innermost(agents.then) if isinstance(agents, GuardedAgents) else agents


def _number(step: tuple[Pool, ...], request: Request) -> int:
    """Count the step that is being looked through, from 1."""
    number = 1
    for pools in request.queue.opened[request.level]:
        if pools is step:
            break
        number += 1
    return number


def _uniform(request: Request) -> float:
    """Return the number by which an agent is drawn: a customer's offers use one each, whatever they ask for."""
    customer = request.conversation.customer
    return customer.uniform("selection", customer.offers)
