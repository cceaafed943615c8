"""A second simulation of the basic rules: one heap of events, plain objects, nothing shared with the engine.

It knows arrivals, push queues with steps, labels and priorities, patience, TTL, offers that are accepted or ring
out, queue transfers, wrap-up, several tasks at once, shifts, breaks, head-counts and pauses, balking, waiting places
and rooms, customers who return, and queues that are weighed against each other. It draws from the same workload, so it
must come to the same waits as the engine, to the last digit.
"""

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sim.scenario import Scenario
from sim.workload import Choice, Workload
from twin import rosters
from twin.ranks import Rank


@dataclass(eq=False)
class Agent:
    team: str
    number: int
    place: int
    most: dict[str, int]
    tasks: dict[str, int] = field(default_factory=dict)
    ready_since: dict[str, float] = field(default_factory=dict)

    present: bool = False
    on_duty: bool = False
    of_queue: dict[str, int] = field(default_factory=dict)
    when_free: Callable[[], None] | None = None
    head_count: rosters.HeadCount | None = None
    pauses: rosters.Pauses | None = None

    @property
    def busy(self) -> bool:
        return any(self.tasks.values())

    def has_room(self, medium: str) -> bool:
        return self.tasks.get(medium, 0) < self.most[medium]


@dataclass(eq=False)
class Customer:
    stream: int
    index: int
    label_priority: int
    queue: str
    leg: int = -1
    offers: int = 0
    attempt: int = 0
    patience_of: int | None = None
    returns: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Conversation:
    number: int
    channel: str
    customer: Customer


@dataclass(eq=False)
class Request:
    conversation: Conversation
    kind: str
    queue: str
    priority: int
    placed_at: float
    requester: Agent | None
    enqueued_at: float = 0.0
    turn: int = 0
    step: int = 0
    enqueueings: int = 0
    state: str = "waiting"
    agent: Agent | None = None
    late: bool = False
    waited_enough: bool = False
    rang: set[int] = field(default_factory=set)
    offers: int = 0
    ring_outs: int = 0
    first_offer_at: float = math.nan
    ended_at: float = math.nan
    outcome: str = ""


@dataclass(frozen=True)
class Task:
    conversation: int
    team: str
    number: int
    answered_at: float
    wrap_up_at: float
    ended_at: float


class EventList:
    """Runs one workload through one scenario; `requests` and `tasks` are what came of it."""

    def __init__(self, scenario: Scenario, workload: Workload) -> None:
        self.scenario, self.workload = scenario, workload
        self.now = 0.0
        self.heap: list[tuple[float, int, int, Callable[[], None], int]] = []
        self.live = 0
        self.made, self.turns, self.opened = count(), count(), count()
        self.agents = self._agents()
        self.searched = {queue: self._searched(queue) for queue in scenario.queues}
        self.waiting: dict[str, list[Request]] = {queue: [] for queue in scenario.queues}
        self.requests: list[Request] = []
        self.tasks: list[Task] = []

    def _agents(self) -> list[Agent]:
        found: list[Agent] = []
        for name, team in self.scenario.teams.items():
            most = {medium: self.scenario.max_tasks_of(name, medium) for medium in self.scenario.media}
            numbers = range(1, team.agents + 1) if team.role == "agent" else ()
            found += [Agent(name, number, len(found) + number - 1, most) for number in numbers]
        return found

    def _searched(self, queue: str) -> list[set[int]]:
        """For each step of a queue, the places of all agents who meet its criteria."""
        return [
            {a.place for a in self.agents if step.needs.holds(self.scenario.teams[a.team].skills)}
            for step in self.scenario.steps_of(queue)
        ]

    def run(self) -> "EventList":
        """Run until nothing is left to happen."""
        rosters.start(self, self.scenario)
        times, streams, contacts = self.workload.order()
        self._next_arrival(iter(list(zip(times, streams, contacts, strict=True))))
        # Pauses follow each other for ever: they alone are no reason to go on.
        while self.heap and (self.live or any(self.waiting.values())):
            self.now, _, _, happen, counts = heapq.heappop(self.heap)
            self.live -= counts
            happen()
        for request in self.requests:
            request.outcome = request.outcome or "unfinished"
        return self

    def _next_arrival(self, coming: Iterator[tuple[float, int, int]]) -> None:
        """Put the next contact into the calendar; when it comes, the one after it is put there before all else."""

        contact = next(coming, None)
        if contact is None:
            return
        at, stream, index = contact

        def arrive() -> None:
            self._next_arrival(coming)
            self._arrive(stream, index)

        self.at(at, Rank.ARRIVAL, arrive)

    def at(self, when: float, rank: Rank, happen: Callable[[], None], *, counts: bool = True) -> None:
        if when < math.inf:
            heapq.heappush(self.heap, (when, rank, next(self.made), happen, int(counts)))
            self.live += counts

    def _value(self, purpose: str, law: object, conversation: Conversation, k: int) -> float:
        customer = conversation.customer
        return self.workload.streams[customer.stream].draws.values(purpose, law, k)[customer.index]

    def _uniform(self, purpose: str, conversation: Conversation, k: int) -> float:
        customer = conversation.customer
        return self.workload.streams[customer.stream].draws.uniforms(purpose, k)[customer.index]

    # Requests: placed, enqueued, widened, given up

    def _arrive(self, stream: int, index: int) -> None:
        source = self.workload.streams[stream]
        label = source.labels[index]
        priority = self.scenario.labels[label].priority if label else 1
        shares = source.queue_shares or {source.queue: 1.0}
        uniform = self.workload.streams[stream].draws.uniforms("queue", 0)[index]
        queue = Choice(tuple(shares), tuple(shares.values())).pick(uniform)
        self._contact(Customer(stream, index, priority, queue))

    def _contact(self, customer: Customer) -> None:
        """Open a contact, the first or another one, and ask for an agent."""
        channel = self.workload.streams[customer.stream].channel
        talk = Conversation(next(self.opened), channel, customer)
        request = Request(talk, "inbound", customer.queue, customer.label_priority, self.now, None)
        spec = self.scenario.queues[customer.queue]
        balk, attempt = spec.balking, customer.attempt
        if balk.share and not self._finds_somebody(request, balk.when):
            balks = self._uniform("balk", talk, attempt) < balk.share
            if balks:
                self.requests.append(request)
                self._close(request, "abandoned")
                return
        kept = attempt if customer.patience_of is None else customer.patience_of
        self._place(request, self._value("patience", spec.patience, talk, kept))
        self._search(request)
        if request.state == "waiting" and self._is_one_too_many(request.queue):
            self.waiting[request.queue].remove(request)
            self.requests.remove(request)
            request.state = "blocked"

    def _finds_somebody(self, request: Request, when: str) -> bool:
        steps = self.scenario.steps_of(request.queue)
        members = self.searched[request.queue]
        if when == "nobody_free":
            first = next((n for n, step in enumerate(steps[:-1]) if step.for_ != 0), len(steps) - 1)
            members = members[: first + 1]
        medium = self._medium(request)
        there = [a for a in self.agents if a.present and a.has_room(medium)]
        return any(agent.place in step for agent in there for step in members)

    def _is_one_too_many(self, queue: str) -> bool:
        most = self.scenario.queues[queue].capacity
        if most is not None and len(self.waiting[queue]) > most:
            return True
        rooms = [room for room in self.scenario.waiting_rooms.values() if queue in room.queues]
        return any(sum(len(self.waiting[name]) for name in room.queues) > room.capacity for room in rooms)

    def _is_over(self, request: Request) -> None:
        """Let a customer who was not served come back, or not."""
        customer, again = request.conversation.customer, self.scenario.customers
        if request.outcome not in ("abandoned", "no_agent"):
            return
        spec: Any = again.after_abandon if request.outcome == "abandoned" else again.after_no_agent
        if spec is None:
            return
        purpose = "come_back" if request.outcome == "abandoned" else "ask_again"
        attempt, share = customer.attempt, getattr(spec, purpose)
        if customer.returns.count(purpose) >= spec.at_most:
            return
        if self._uniform(purpose, request.conversation, attempt) >= share:
            return
        customer.returns.append(purpose)
        back = self.now + self._value(f"{purpose}_after", spec.after, request.conversation, attempt)
        same = purpose == "come_back" and spec.patience == "same"
        if not same:
            customer.patience_of = None
        elif customer.patience_of is None:
            customer.patience_of = attempt
        customer.attempt += 1
        if back < self.scenario.lasts or not spec.only_while_open:
            self.at(back, Rank.ARRIVAL, lambda: self._contact(customer))

    def _place(self, request: Request, patience: float) -> None:
        self.requests.append(request)
        self.at(self.now + patience, Rank.CUSTOMER_LEAVES, lambda: self._leave(request))
        ttl = self.scenario.channels[request.conversation.channel].request_ttl
        if ttl is not None:
            self.at(self.now + ttl, Rank.REQUEST_TTL, lambda: self._ttl(request))
        if self._turns_away(request):
            self._close(request, "no_agent")
            self._is_over(request)
            return
        limit = self.scenario.queues[request.queue].wait_limit
        if limit is not None:
            self.at(self.now + limit.after, Rank.REQUEST_TTL, lambda: self._limit(request))
        self._enqueue(request)

    # Who is there, and how long one waits at most

    def _members(self, queue: str) -> list[Agent]:
        return [agent for agent in self.agents if any(agent.place in step for step in self.searched[queue])]

    def _turns_away(self, request: Request) -> bool:
        own = self.scenario.queues[request.queue].require_available_agent
        required = own or self.scenario.routing.require_available_agent
        others = [agent for agent in self._members(request.queue) if agent is not request.requester]
        if required == "logged_in":
            return not any(agent.on_duty for agent in others)
        free = any(agent.present and agent.has_room(self._medium(request)) for agent in others)
        return required == "available" and not free

    def gone(self, agent: Agent) -> None:
        """An agent is not there any more: look at their queues once the log-ins of the instant are done."""
        agent.on_duty = False
        for queue in self.waiting:
            if agent in self._members(queue):
                self._look_for_nobody(queue)

    def _look_for_nobody(self, queue: str) -> None:
        own = self.scenario.queues[queue].leave_when_empty
        if self.scenario.routing.leave_when_empty if own is None else own:
            self.at(self.now, Rank.EMPTIES, lambda: self._empty(queue))

    def _empty(self, queue: str) -> None:
        if any(agent.on_duty for agent in self._members(queue)):
            return
        for request in sorted(self.waiting[queue], key=lambda r: (r.step, *self._in_order(r))):
            self._give_up(request, "no_agent")

    def _limit(self, request: Request) -> None:
        request.waited_enough = True
        if request.state == "waiting":
            self._give_up(request, self._after_limit(request))

    def _after_limit(self, request: Request) -> str:
        limit = self.scenario.queues[request.queue].wait_limit
        assert limit is not None
        return "voicemail" if limit.then == "voicemail" else "wait_limit"

    def _is_full(self, agent: Agent, queue: str) -> bool:
        by_team = self.scenario.teams[agent.team].max_tasks_by_queue
        most = by_team.get(queue, self.scenario.queues[queue].max_tasks)
        return most is not None and agent.of_queue.get(queue, 0) >= most

    def _enqueue(self, request: Request) -> None:
        request.state, request.agent, request.step = "waiting", None, 0
        request.enqueued_at, request.turn = self.now, next(self.turns)
        request.enqueueings += 1
        self.waiting[request.queue].append(request)
        self._time_step(request, request.enqueueings)

    def _time_step(self, request: Request, enqueueing: int) -> None:
        """Open the steps that need no waiting for, and set the timer of the first that does."""
        steps = self.scenario.steps_of(request.queue)
        while request.step < len(steps) - 1 and steps[request.step].for_ == 0:
            request.step += 1
        if request.step < len(steps) - 1:
            opens = self.now + steps[request.step].for_
            self.at(opens, Rank.STEP_OPENS, lambda: self._widen(request, enqueueing))

    def _widen(self, request: Request, enqueueing: int) -> None:
        if request.state == "waiting" and request.enqueueings == enqueueing:
            request.step += 1
            self._time_step(request, enqueueing)
            self._search(request)

    def _leave(self, request: Request) -> None:
        if request.state in ("waiting", "ringing"):
            self._give_up(request, "abandoned")

    def _ttl(self, request: Request) -> None:
        if request.state == "waiting":
            self._give_up(request, "no_agent")
        request.late = True

    def _give_up(self, request: Request, outcome: str) -> None:
        agent = request.agent
        if request.state == "waiting":
            self.waiting[request.queue].remove(request)
        self._close(request, outcome)
        if agent is not None:
            request.agent = None
            self._free(agent, request)
            self._look_again(agent, self._medium(request))
        self._is_over(request)

    def _close(self, request: Request, outcome: str) -> None:
        request.state, request.outcome, request.ended_at = "closed", outcome, self.now

    # Offers: the agent, and the answer

    def _medium(self, request: Request) -> str:
        return self.scenario.queues[request.queue].medium

    def _may(self, agent: Agent, request: Request) -> bool:
        open_to = any(agent.place in members for members in self.searched[request.queue][: request.step + 1])
        barred = self.scenario.routing.exclude_requester and agent is request.requester
        return open_to and not barred and not self._forgets(agent, request)

    def _forgets(self, agent: Agent, request: Request) -> bool:
        return self.scenario.routing.ring_memory == "exclude" and agent.place in request.rang

    def _chosen(self, request: Request, freed: Agent | None = None) -> Agent | None:
        """The agent of the topmost open step that has a free one: who let it ring last, fewest tasks, longest.

        An agent who was freed at this very instant is left to those who have a better claim on them.
        """
        for members in self.searched[request.queue][: request.step + 1]:
            free = [
                agent
                for agent in self.agents
                if agent.place in members
                and self._takes(agent, request)
                and (agent is not freed or self._first_for(agent, self._medium(request)) is request)
            ]
            if free:
                return min(free, key=lambda agent: self._rank(agent, request))
        return None

    def _takes(self, agent: Agent, request: Request) -> bool:
        room = agent.has_room(self._medium(request)) and not self._is_full(agent, request.queue)
        return agent.present and room and self._may(agent, request)

    def _rank(self, agent: Agent, request: Request) -> tuple[bool, int, float, int]:
        medium, ranked = self._medium(request), self.scenario.routing.ring_memory == "rank_last"
        let_it_ring = ranked and agent.place in request.rang
        return let_it_ring, agent.tasks.get(medium, 0), agent.ready_since.get(medium, -1.0), agent.place

    def _search(self, request: Request, freed: Agent | None = None) -> None:
        if request.state == "waiting":
            agent = self._chosen(request, freed)
            if agent is not None:
                self._offer(request, agent)

    def _first_for(self, agent: Agent, medium: str) -> Request | None:
        """Return the best request in an agent's queues that they may take: by priority, then longest waiting."""
        open_to = [
            request
            for queue, waiting in self.waiting.items()
            if self.scenario.queues[queue].medium == medium
            for request in waiting
            if self._takes(agent, request)
        ]
        rule = self.scenario.routing.request_selection
        if rule not in ("weighted_wait", "queue_ratio"):
            return min(open_to, key=self._in_order, default=None)
        firsts: dict[str, Request] = {}
        for request in sorted(open_to, key=self._in_order):
            firsts.setdefault(request.queue, request)

        def weight(first: Request) -> float:
            size = self.now - first.placed_at if rule == "weighted_wait" else len(self.waiting[first.queue])
            return size * self.scenario.queues[first.queue].priority

        return min(firsts.values(), key=lambda r: (-weight(r), *self._in_order(r)), default=None)

    @staticmethod
    def _in_order(request: Request) -> tuple[float, ...]:
        return -request.priority, request.enqueued_at, request.turn

    def come(self, agent: Agent) -> None:
        """Let an agent be there, and look at the queues of each medium."""
        agent.present, agent.on_duty, agent.when_free = True, True, None
        if agent.pauses is not None:
            agent.pauses.on_come()
        for medium in agent.most:
            if not agent.tasks.get(medium):
                agent.ready_since[medium] = self.now
        for medium in agent.most:
            self._look(agent, medium)

    def _look(self, agent: Agent, medium: str) -> None:
        """Offer an agent with room the first request of all their queues, and the next, until there is no room."""
        while (first := self._first_for(agent, medium)) is not None:
            self._offer(first, self._chosen(first) or agent)

    def _look_again(self, agent: Agent, medium: str) -> None:
        """Go, if they are to go and are free, else look for the next."""
        if not agent.busy:
            if agent.when_free is not None:
                agent.when_free()
            elif agent.head_count is not None:
                agent.head_count.freed(agent)
        self._look(agent, medium)

    def _offer(self, request: Request, agent: Agent) -> None:
        self.waiting[request.queue].remove(request)
        medium, talk = self._medium(request), request.conversation
        agent.tasks[medium] = agent.tasks.get(medium, 0) + 1
        agent.of_queue[request.queue] = agent.of_queue.get(request.queue, 0) + 1
        request.state, request.agent = "ringing", agent
        request.first_offer_at = self.now if not request.offers else request.first_offer_at
        request.offers += 1
        nth = talk.customer.offers
        talk.customer.offers += 1
        accept = self.scenario.teams[agent.team].accept
        rings = self.scenario.ring_time_of(request.queue)
        delay = self._value("accept_delay", accept.delay, talk, nth)
        if self._uniform("accept", talk, nth) >= accept.probability or delay > rings:
            self.at(self.now + rings, Rank.RING_TIMEOUT, lambda: self._ring_out(request, agent, nth))
        elif delay == 0:
            self._accept(request, agent, nth)
        else:
            self.at(self.now + delay, Rank.ACCEPT, lambda: self._accept(request, agent, nth))

    def _ring_out(self, request: Request, agent: Agent, nth: int) -> None:
        if not self._still_rings(request, agent, nth):
            return
        medium = self._medium(request)
        request.ring_outs += 1
        request.rang.add(agent.place)
        self._free(agent, request)
        if request.late or request.waited_enough:
            request.agent = None
            self._close(request, "no_agent" if request.late else self._after_limit(request))
            self._is_over(request)
        else:
            request.priority = self.scenario.routing.requeue_priority
            self._enqueue(request)
            self._look_for_nobody(request.queue)
        self._search(request, agent)
        self._look_again(agent, medium)

    def _still_rings(self, request: Request, agent: Agent, nth: int) -> bool:
        same_offer = request.agent is agent and request.conversation.customer.offers == nth + 1
        return request.state == "ringing" and same_offer

    # Handling: talk, transfer, wrap-up

    def _accept(self, request: Request, agent: Agent, nth: int) -> None:
        if not self._still_rings(request, agent, nth):
            return
        self._close(request, "answered")
        talk, queue = request.conversation, self.scenario.queues[request.queue]
        talk.customer.leg += 1
        leg = talk.customer.leg
        speed = self.scenario.teams[agent.team].speed.get(request.queue, 1.0)
        handling = self._value("handle_time", queue.handle_time, talk, leg) / speed
        transfer = queue.transfer
        passes_on = transfer is not None and self._uniform("transfer", talk, leg) < transfer.probability
        if transfer is not None and passes_on:
            handling *= transfer.after
        started = self.now

        def end() -> None:
            self._end(request, agent, leg, started, passes_on)

        self.at(self.now + handling, Rank.HANDLING_ENDS, end)

    def _end(self, request: Request, agent: Agent, leg: int, started: float, passes_on: bool) -> None:
        talk, medium, ended = request.conversation, self._medium(request), self.now
        wrap_up = self._value("wrap_up", self.scenario.teams[agent.team].wrap_up, talk, leg)
        self.tasks.append(Task(talk.number, agent.team, agent.number, started, ended, ended + wrap_up))
        if wrap_up == 0:
            self._free(agent, request)
        if passes_on:
            self._search(self._transfer(request, agent, leg), agent)
        if wrap_up == 0:
            self._look_again(agent, medium)
        else:
            self.at(ended + wrap_up, Rank.WRAP_UP_ENDS, lambda: self._wrapped_up(agent, request))

    def _wrapped_up(self, agent: Agent, request: Request) -> None:
        self._free(agent, request)
        self._look_again(agent, self._medium(request))

    def _transfer(self, left: Request, requester: Agent, leg: int) -> Request:
        talk, transfer = left.conversation, self.scenario.queues[left.queue].transfer
        assert transfer is not None
        names, shares = tuple(transfer.to), tuple(transfer.to.values())
        queue = Choice(names, shares).pick(self._uniform("transfer_to", talk, leg))
        law = transfer.patience or self.scenario.queues[queue].patience
        patience = self._value("transfer_patience", law, talk, leg)
        priority = self.scenario.routing.transfer_priority
        request = Request(talk, "transfer", queue, priority, self.now, requester)
        self._place(request, patience)
        return request

    def _free(self, agent: Agent, request: Request) -> None:
        medium = self._medium(request)
        agent.of_queue[request.queue] -= 1
        agent.tasks[medium] -= 1
        if agent.tasks[medium] == 0:
            agent.ready_since[medium] = self.now
