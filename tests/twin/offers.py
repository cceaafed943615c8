"""An offer: it rings, is accepted, or rings out; and a search that ends without an agent."""

from twin.people import Agent, Desk, Request, Seat
from twin.ranks import Rank
from twin.search import Search

EVENT_OF = {
    "no_agent": "no_agent",
    "abandoned": "request_abandoned",
    "cancelled": "request_cancelled",
    "disconnected": "disconnected",
}
"""What is told of the end of a search; nothing of who is open still as a day ends."""


class Offers(Search):
    """R2.21 to R2.31."""

    def offer(self, request: Request, agent: Agent) -> None:
        if request.state == "waiting":
            self.waiting[request.queue].remove(request)
        self.stop_steps(request)
        desk, talk = agent.desks[self.medium_of(request.queue)], request.conversation
        self.occupies(desk)
        desk.ringing.append(request)
        desk.latest_offer = next(self.offer_numbers)
        request.state, request.agent = "ringing", agent
        request.first_offer_at = request.first_offer_at if request.offers else self.now
        request.offers += 1
        nth = talk.customer.offers
        talk.customer.offers += 1
        self.tell_of("offered", request, agent)
        accept = self.scenario.teams[agent.team].accept
        rings = self.scenario.ring_time_of(request.queue)
        delay = self.value("accept_delay", accept.delay, talk, nth)
        if self.uniform("accept", talk, nth) >= accept.probability or delay > rings:
            request.answer = self.after(rings, Rank.RING_TIMEOUT, lambda: self._ring_out(request, agent))
        elif delay == 0:
            self._accept(request, agent)
        else:
            request.answer = self.after(delay, Rank.ACCEPT, lambda: self._accept(request, agent))

    def _accept(self, request: Request, agent: Agent) -> None:
        agent.desks[self.medium_of(request.queue)].ringing.remove(request)
        seat = self.answer(request, agent)
        self.now_held(seat)
        self.begin(seat, request)
        self.sent_back_at_once(seat)

    def answer(self, request: Request, agent: Agent) -> Seat:
        """An agent takes a request: an offer accepted, or one that they have joined from a list."""
        talk, medium = request.conversation, self.medium_of(request.queue)
        desk = agent.desks[medium]
        request.agent = agent
        self.shut(request, "answered")
        self.tell_of("accepted", request, agent)
        desk.misses = 0
        seat = Seat(agent, talk, request, request.queue, medium, talk.customer.met, self.now, request.turn)
        self.take_seat(seat)
        return seat

    def ring_named(self, request: Request) -> None:
        named = request.named
        if named is None or not self.is_available(named, request):
            self._named_is_not_there(request, None)
        else:
            self.offer(request, named)

    def _named_is_not_there(self, request: Request, rang: Agent | None) -> None:
        assert request.left_queue is not None
        transfer = self.scenario.queues[request.left_queue].transfer
        is_over = request.late or request.queue in self.cleared
        if transfer is not None and transfer.named_falls_back and not is_over:
            self.move(request, "transfer", request.queue, self.scenario.routing.transfer_priority, rang)
        else:
            self.end_search(request, "no_agent", rang)

    def _ring_out(self, request: Request, agent: Agent) -> None:
        medium = self.medium_of(request.queue)
        request.ring_outs += 1
        request.rang.add(agent.place)
        request.answer = None
        self.unring(agent, request)
        self.tell_of("rang_out", request, agent)
        self.missed(agent, medium)
        request.state = "new"
        if request.late:
            self.end_search(request, "no_agent", agent)
        elif request.kind == "named_transfer":
            self._named_is_not_there(request, agent)
        elif request.queue in self.cleared:
            self.end_search(request, "disconnected", agent)
        elif request.waited_enough:
            self.end_by_limit(request, agent)
        else:
            self.enqueue_anew(request)
            self.look_for_nobody(request.queue)
            self.search(request)
        self.freed(agent, medium)

    def unring(self, agent: Agent, request: Request) -> None:
        """Take an offer back; its slot is free."""
        if request.answer is not None:
            request.answer.call_off()
        desk = agent.desks[self.medium_of(request.queue)]
        desk.ringing.remove(request)
        self.about_to_look.append(agent)
        self.note_idle(agent, desk.medium)

    def note_idle(self, agent: Agent, medium: str) -> None:
        desk = agent.desks[medium]
        if desk.tasks == 0:
            desk.ready_since, desk.busy_from = self.now, -1

    def occupies(self, desk: Desk) -> None:
        if desk.tasks == 0 and desk.busy_from < 0:
            desk.busy_from = next(self.turns)

    def end_search(
        self, request: Request, outcome: str, rang: Agent | None = None, *, told: bool = False
    ) -> None:
        """A search ends without an agent."""
        rung = self.take_out(request)
        self.shut(request, outcome)
        if not told and outcome in EVENT_OF:
            self.tell_of(EVENT_OF[outcome], request, rung or rang)
        if rung is not None:
            self.freed(rung, self.medium_of(request.queue))
        self.nobody_came(request, outcome)

    # After a ring-out, and with a free slot

    def missed(self, agent: Agent, medium: str) -> None:
        """R3.9: so many ring-outs in a row pause the agent on this medium, or log them out."""
        desk = agent.desks[medium]
        spec = self.scenario.teams[agent.team].after_ring.get(medium, "ready")
        if isinstance(spec, str):
            return
        desk.misses += 1
        if desk.misses < spec.misses:
            return
        desk.misses = 0
        if not hasattr(spec, "log_out"):
            self._pause_desk(agent, medium, self.of_agent(agent, "not_ready", spec.not_ready))
        elif spec.log_out:
            self.log_out(agent)

    def _pause_desk(self, agent: Agent, medium: str, seconds: float) -> None:
        desk, until = agent.desks[medium], self.now + seconds
        if until <= desk.paused_until:
            return
        desk.paused += 1
        desk.paused_until, number = until, desk.paused

        def over() -> None:
            if desk.paused == number:
                desk.paused_until = -1.0
                if agent.desks[medium] is desk:  # a person may be in another team
                    self.note_idle(agent, medium)
                    self.look(agent, medium)

        self.at(until, Rank.COMES, over)

    def goes_if_free(self, agent: Agent) -> None:
        """Whoever is to go goes as soon as nothing is open."""
        if agent.busy:
            return
        if agent.when_free is not None:
            agent.when_free()
        elif agent.head_count is not None:
            agent.head_count.freed(agent)

    def freed(self, agent: Agent, medium: str) -> None:
        """An agent has a slot free on a medium: they go if they are to, or look for the next."""
        while agent in self.about_to_look:
            self.about_to_look.remove(agent)
        self.goes_if_free(agent)
        self.look(agent, medium)
        self.look_at_left(agent, medium)
        for other in self.scenario.media:
            if medium in self.scenario.media[other].interrupted_by:
                self.look(agent, other)
