"""Reserves and thresholds: which requests may be offered at a moment, and who is held back."""

import math
from collections.abc import Callable

from twin.people import Agent, Request
from twin.placing import Placing
from twin.ranks import Rank

GUARDS = ("reserve_for_transfers", "reserve_idle_agents", "threshold", "overflow_by_expected_wait")
KEEP, ENOUGH, TOO_LONG_S = 1, 5, 30.0
"""Agents that the reserves keep, requests that have to wait for a threshold, and the wait that opens later steps."""


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
        if self.guard == "overflow_by_expected_wait":
            return step == 1 or len(self.waiting[queue]) > TOO_LONG_S * self._closed_per_s(queue)
        medium = self.medium_of(queue)
        available = [agent for agent in self.members(queue) if self.has_room(agent, medium)]
        if self.guard == "reserve_for_transfers":
            return request.kind != "inbound" or len(available) > KEEP
        idle = sum(not agent.desks[medium].tasks for agent in available)
        own = self.scenario.queues[queue].priority
        return idle > KEEP or all(other.priority <= own for other in self.scenario.queues.values())

    def _closed_per_s(self, queue: str) -> float:
        """How many tasks a second the agents present of the first step close when all their slots are full."""
        spec, medium, found = self.scenario.queues[queue], self.medium_of(queue), 0.0
        work = spec.handle_time.mean * spec.aht_factor * self.share_of_work(queue)
        for agent in self.agents:
            if not agent.present or agent.place not in self.meeting[queue][0]:
                continue
            team, slots = self.scenario.teams[agent.team], agent.desks[medium].slots
            wrap_up = spec.wrap_up or team.wrap_up
            pace = self.scenario.media[medium].pace_of(slots)
            seconds = work / team.speed.get(queue, 1.0) / pace + (wrap_up.mean if wrap_up else 0.0)
            found += (
                min(slots, team.max_tasks_by_queue.get(queue, spec.max_tasks) or slots) / seconds
                if seconds
                else math.inf
            )
        return found

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
