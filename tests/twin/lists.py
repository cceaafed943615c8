"""Lists: notice, look, join or dismiss."""

from twin.handing_on import HandingOn
from twin.people import Agent, Request, Seat
from twin.ranks import Rank


class Lists(HandingOn):
    """R7."""

    def publish(self, request: Request) -> None:
        if request.queue in self.cleared:
            self.end_search(request, "disconnected")
            return
        request.state = "listed"
        self.listed[request.queue].append(request)
        for agent in self.members_by_step(request.queue):
            self._notice(agent, request)

    def notice_what_is_open(self, agent: Agent, medium: str) -> None:
        """Whoever logs in gets notice of what is open on their lists of a medium."""
        for queue, requests in self.listed.items():
            if self.medium_of(queue) == medium and agent in self.members(queue):
                for request in list(requests):
                    self._notice(agent, request)

    def _notice(self, agent: Agent, request: Request) -> None:
        inside = {seat.agent for seat in request.conversation.seats}
        if not agent.logged_in or agent in inside or self.is_barred(agent, request):
            return
        self.tell_of("pull_notice", request, agent)
        reaction = self.of_agent(agent, "reaction", self._pull(request.queue).reaction)
        desk = agent.desks[self.medium_of(request.queue)]

        def look() -> None:
            if agent.desks[desk.medium] is desk:  # a notice of another team is none any more
                self._look_at(agent, request)

        self.after(reaction, Rank.LOOK, look)

    def _pull(self, queue: str):
        from sim.scenario.queues import Pull

        return self.scenario.queues[queue].pull or Pull()

    def _is_there(self, request: Request) -> bool:
        """Whether a request may be joined: as the first agent, or as the second who is welcome."""
        first = request.welcome
        return request.state == "listed" or (first is not None and first.in_it)

    def _look_at(self, agent: Agent, request: Request) -> None:
        desk = agent.desks[self.medium_of(request.queue)]
        if not agent.logged_in or self.gives_back(agent, desk.medium):
            return
        if not self._is_there(request) or self.is_barred(agent, request):
            return
        asked = request.conversation.request
        if asked is not None and asked.state == "ringing" and asked.agent is agent:
            return  # they come in by that alone
        if desk.tasks >= desk.slots or self.is_at_bound(agent, request.queue):
            desk.left.append(request)
        elif self.of_agent(agent, "join") < self._pull(request.queue).join:
            self._join(agent, request)
        else:
            self.tell_of("dismissed", request, agent)

    def look_at_left(self, agent: Agent, medium: str) -> None:
        """With a slot free they look again, list by list, in the order in which they had to leave the requests."""
        desk = agent.desks[medium]
        for queue in self.listed:
            left = [request for request in desk.left if request.queue == queue]
            desk.left = [request for request in desk.left if request.queue != queue]
            for request in left:
                self._look_at(agent, request)

    def _join(self, agent: Agent, request: Request) -> None:
        talk = request.conversation
        if request.state == "listed":
            self.listed[request.queue].remove(request)
            talk.talk_rate = self._pull(request.queue).whispers_per_minute
            seat = self.answer(request, agent)
            self.now_held(seat)
            self.begin(seat, request)
            share = self._pull(request.queue).second_agent
            if seat.in_it and self.uniform("second_agent", talk, seat.leg) < share:
                request.welcome = seat
            return
        first, request.welcome = request.welcome, None
        assert first is not None
        seat = Seat(
            agent, talk, request, request.queue, first.medium, talk.customer.met, self.now, next(self.turns)
        )
        self.take_seat(seat)
        self.now_held(seat)
        self._share_work(seat, first)

    def _share_work(self, seat: Seat, first: Seat) -> None:
        """The second agent works on what the first has left, be it of the joint time or of a handover."""
        self.plan(seat, self.left_of(first))
        self.work_on(seat)
