"""Reserves and thresholds: which requests may be offered at a moment, and who is held back."""

from collections.abc import Callable

from twin.people import Agent, Request
from twin.placing import Placing
from twin.ranks import Rank

GUARDS = ("reserve_for_transfers", "reserve_idle_agents", "threshold")
KEEP, ENOUGH = 1, 5
"""Agents that the reserves keep, and requests that have to wait for a threshold."""


class Guards(Placing):
    """R2.16, held back; the rules as docs/policies.md has them."""

    first_for: Callable[[Agent, str], Request | None]
    offer: Callable[[Request, Agent], None]

    @property
    def guard(self) -> str:
        """The guard that decides both which agent and which request; empty without one."""
        rule = self.scenario.routing.agent_selection
        return rule if rule in GUARDS else ""

    def allows(self, request: Request, step: int) -> bool:
        """Whether a request may be offered now to agents of a step, counted from 1."""
        queue = request.queue
        if self.guard == "threshold":
            return step == 1 or len(self.waiting[queue]) >= ENOUGH
        medium = self.medium_of(queue)
        available = [agent for agent in self.members(queue) if self.has_room(agent, medium)]
        if self.guard == "reserve_for_transfers":
            return request.kind != "inbound" or len(available) > KEEP
        idle = sum(not agent.desks[medium].tasks for agent in available)
        own = self.scenario.queues[queue].priority
        return idle > KEEP or all(other.priority <= own for other in self.scenario.queues.values())

    def would_be_held_back(self, request: Request) -> bool:
        """Whether a request that is not placed yet would not be offered, or find nobody."""
        steps = self.scenario.steps_of(request.queue)
        request.step = next((n for n, step in enumerate(steps[:-1]) if step.for_ != 0), len(steps) - 1)
        self.waiting[request.queue].append(request)
        agent = self.chosen(request, [])
        self.waiting[request.queue].remove(request)
        request.step = 0
        return agent is None

    def after_each_event(self) -> None:
        """Look at the heads of the queues once more at the end of an instant in which anything has happened."""
        if self.guard and not self.looks_at_held_back and any(self.waiting.values()):
            self.looks_at_held_back = True
            self.at(self.now, Rank.HELD_BACK, self._let_go)

    def _let_go(self) -> None:
        while self._offer_one():
            self.let_go += 1

    def _offer_one(self) -> bool:
        heads: dict[tuple[str, str, int], Request] = {}
        everybody = [request for waiting in self.waiting.values() for request in waiting]
        for request in sorted(everybody, key=lambda one: self.in_order(None, one)):
            heads.setdefault((request.queue, request.kind, request.step), request)
        for request in heads.values():
            agent = self.chosen(request, [])
            first = None if agent is None else self.first_for(agent, self.medium_of(request.queue))
            if agent is not None and first is not None:
                self.offer(first, agent)
                return True
        return False
