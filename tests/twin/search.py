"""Which agent for a request, and which request for an agent."""

from twin.guards import Guards
from twin.people import Agent, Desk, Request


class Search(Guards):
    """R2.8 and R2.16."""

    # Available

    def is_available(self, agent: Agent, request: Request) -> bool:
        return self.has_room(agent, self.medium_of(request.queue)) and not self.is_at_bound(
            agent, request.queue
        )

    def has_room(self, agent: Agent, medium: str) -> bool:
        """R2.17: present, not paused on this medium, not interrupted, and with a free slot."""
        desk = agent.desks[medium]
        ready = agent.present and desk.paused_until < 0 and not self.is_interrupted(agent, medium)
        return ready and desk.tasks < desk.slots and not agent.is_supervisor

    def is_at_bound(self, agent: Agent, queue: str) -> bool:
        """Whether the agent has as many tasks of the queue open as they may."""
        by_team = self.scenario.teams[agent.team].max_tasks_by_queue
        most = by_team.get(queue, self.scenario.queues[queue].max_tasks)
        if most is None:
            return False
        desk = agent.desks[self.medium_of(queue)]
        ringing = sum(request.queue == queue for request in desk.ringing)
        return ringing + sum(seat.queue == queue and not seat.barged for seat in desk.held) >= most

    def number_available(self, queue: str, request: Request | None, asker: Agent | None = None) -> int:
        """R4.2: agents, not slots, without those in the conversation and the requester."""
        inside = {asker} if request is None else {request.asker}
        if request is not None:
            inside |= {seat.agent for seat in request.conversation.seats}
        medium = self.medium_of(queue)
        return sum(self.has_room(a, medium) for a in self.members(queue) if a not in inside)

    def is_barred(self, agent: Agent, request: Request) -> bool:
        if any(seat.agent is agent for seat in request.conversation.seats):
            return True
        if self.scenario.routing.exclude_requester and agent is request.asker:
            return True
        return self.scenario.routing.ring_memory == "exclude" and agent.place in request.rang

    def finds_nobody(self, request: Request, when: str) -> bool:
        """Whether a customer who asks now finds nobody, as balking means it."""
        medium, spec = self.medium_of(request.queue), self.scenario.queues[request.queue]
        if when == "nobody_available" or spec.mode == "pull":
            return not any(self.has_room(agent, medium) for agent in self.members(request.queue))
        if self._goes_to_last_agent(request):
            return False
        if self.guard:
            return self.would_be_held_back(request)
        steps = self.scenario.steps_of(request.queue)
        first = next((n for n, step in enumerate(steps[:-1]) if step.for_ != 0), len(steps) - 1)
        places = set().union(*self.meeting[request.queue][: first + 1])
        return not any(self.is_available(a, request) for a in self.agents if a.place in places)

    # An agent for a request

    def search(self, request: Request) -> None:
        """Offer a request to the best agent; who has just been freed is left to who has a better claim on them."""
        if request.state != "waiting":
            return
        claimed: list[Agent] = []
        agent = self.chosen(request, claimed)
        while agent is not None and agent in self.about_to_look and self._has_better(agent, request):
            claimed.append(agent)
            agent = self.chosen(request, claimed)
        if agent is None:
            return
        other = self.first_for(agent, self.medium_of(request.queue)) if self.guard else None
        if other is not None and other is not request:
            self.offer(other, agent)  # it was held back, and comes before
            self.search(request)
        else:
            self.offer(request, agent)

    def _has_better(self, agent: Agent, request: Request) -> bool:
        return self.first_for(agent, self.medium_of(request.queue)) is not request

    def chosen(self, request: Request, but: list[Agent]) -> Agent | None:
        """The agent of the topmost open step that has candidates."""
        open_steps = self.meeting[request.queue][: request.step + 1]
        if self.guard:
            open_steps = [p if self.allows(request, n) else set() for n, p in enumerate(open_steps, 1)]
        found = [self._candidates(places, request, but) for places in open_steps]
        ranked = self.scenario.routing.ring_memory == "rank_last"
        if ranked and self._goes_on(request.queue):
            found = [[a for a in some if a.place not in request.rang] for some in found] + found
        for candidates in found:
            if ranked and any(agent.place not in request.rang for agent in candidates):
                candidates = [agent for agent in candidates if agent.place not in request.rang]
            if candidates:
                return self._best(candidates, request)
        return None

    def _candidates(self, places: set[int], request: Request, but: list[Agent]) -> list[Agent]:
        return [
            agent
            for agent in self.agents
            if agent.place in places
            and agent not in but
            and self.is_available(agent, request)
            and not self.is_barred(agent, request)
        ]

    def _best(self, candidates: list[Agent], request: Request) -> Agent:
        medium = self.medium_of(request.queue)
        rule = "fewest_tasks" if self.guard else self.scenario.routing.agent_selection
        if rule == "random":
            customer = request.conversation.customer
            return self.counted(candidates)[
                int(self.uniform("selection", request.conversation, customer.offers) * len(candidates))
            ]

        def rank(agent: Agent) -> tuple[float, ...]:
            desk: Desk = agent.desks[medium]
            first = {
                "fewest_tasks": (desk.tasks, desk.ready_since),
                "most_tasks": (-desk.tasks, desk.ready_since),
                "longest_available": (desk.ready_since,),
                "most_skilled": (-agent.skills.get(request.queue, 0), desk.ready_since),
                "round_robin": (desk.latest_offer,),
            }[rule]
            return (*first, agent.place)

        return min(candidates, key=rank)

    # A request for an agent

    def look(self, agent: Agent, medium: str) -> None:
        """Offer an agent with room the first request of all their queues, and the next, until there is no room."""
        while (first := self.first_for(agent, medium)) is not None:
            self.offer(first, agent)

    def first_for(self, agent: Agent, medium: str) -> Request | None:
        may = [
            request
            for queue, waiting in self.waiting.items()
            if self.medium_of(queue) == medium
            for request in waiting
            if self._may_take(agent, request)
        ]
        rule = self.scenario.routing.request_selection
        if rule not in ("weighted_wait", "queue_ratio"):
            return min(may, key=lambda request: self.in_order(agent, request), default=None)
        firsts: dict[str, Request] = {}
        for request in sorted(may, key=lambda request: self.in_order(agent, request)):
            firsts.setdefault(request.queue, request)

        def weight(first: Request) -> float:
            size = self.now - first.placed_at if rule == "weighted_wait" else len(self.waiting[first.queue])
            return size * self.scenario.queues[first.queue].priority

        return min(firsts.values(), key=lambda r: (-weight(r), *self.in_order(agent, r)), default=None)

    def _may_take(self, agent: Agent, request: Request) -> bool:
        open_to = any(agent.place in places for places in self.meeting[request.queue][: request.step + 1])
        if not open_to or not self.is_available(agent, request) or self.is_barred(agent, request):
            return False
        steps = enumerate(self.meeting[request.queue], 1)
        return not self.guard or self.allows(request, next(n for n, p in steps if agent.place in p))

    def in_order(self, agent: Agent | None, request: Request) -> tuple[float, ...]:
        """R2.7 and R2.8: the lower comes first."""
        routing = self.scenario.routing
        of_queue = -self.scenario.queues[request.queue].priority if routing.queue_priority else 0
        since = (request.enqueued_at, request.turn)
        ages = routing.ageing and routing.request_selection != "longest_waiting"
        if routing.request_selection == "longest_waiting":
            return (of_queue, *since)
        if ages:
            return (of_queue, request.enqueued_at / routing.ageing - request.priority, *since)
        own = routing.request_selection == "own_level" and agent is not None
        level = -agent.skills.get(request.queue, 0) if own and agent is not None else 0
        return (level, of_queue, -request.priority, *since)
