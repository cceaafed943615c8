"""Who is in a conversation: taking a seat, leaving it, wrap-up, and what becomes of the customer."""

from twin.people import Conversation, Request, Seat
from twin.ranks import Rank
from twin.work import Works


class Leaving(Works):
    """R2.41, R4.22, R5.5 to R5.8, R8.1 and R8.2, and patience."""

    def take_seat(self, seat: Seat) -> None:
        talk = seat.conversation
        self.occupies(seat.agent.desks[seat.medium])
        seat.agent.desks[seat.medium].held.append(seat)
        if not seat.barged:
            talk.customer.met += 1
            talk.customer.last_agent = seat.agent
        talk.seats.append(seat)
        if not seat.barged:
            self.tell("agent_joined", talk, seat.agent, seat.queue)
        if talk.patience is not None:
            talk.patience.call_off()
            talk.patience = None
        self.repace(seat.agent)
        self.number_in_changed(talk)
        if not talk.answered:
            talk.answered = True
            self.may_be_looked_into(talk)

    def leave(
        self, seat: Seat, disposition: str = "DONE", *, wraps_up: bool = True, asks: bool = False
    ) -> None:
        """An agent leaves the conversation; it ends where nobody is in, unless the agent has asked for another."""
        talk, agent = seat.conversation, seat.agent
        self.halt(seat)
        seat.in_it, seat.left_at, seat.disposition = False, self.now, disposition
        talk.seats.remove(seat)
        self.tell("agent_left", talk, agent)
        self.number_in_changed(talk)
        if not talk.seats:
            self.nobody_is_in(talk)
        if not asks:
            self._someone_left(talk)
        wrap_up = self._wrap_up(seat) if wraps_up else 0.0
        if wrap_up:
            self.tell("wrap_up_started", talk, agent)
            self.live += 1
            self.after(wrap_up, Rank.WRAP_UP_ENDS, lambda: self._wrapped_up(seat))
        else:
            self._shut_task(seat)

    def _wrap_up(self, seat: Seat) -> float:
        law = self.scenario.queues[seat.queue].wrap_up
        if law is None:
            law = self.scenario.teams[seat.agent.team].wrap_up
        return self.value("wrap_up", law, seat.conversation, seat.leg)

    def _shut_task(self, seat: Seat) -> None:
        agent = seat.agent
        seat.closed_at = self.now
        agent.desks[seat.medium].held.remove(seat)
        self.about_to_look.append(agent)
        self.note_idle(agent, seat.medium)
        self.tell("task_closed", seat.conversation, agent, disposition=seat.disposition)
        self.repace(agent)

    def _wrapped_up(self, seat: Seat) -> None:
        self.live -= 1
        self._shut_task(seat)
        self.freed(seat.agent, seat.medium)

    def looks_after_leaving(self, seat: Seat) -> None:
        """Whoever has left looks at their queues: with a slot free, or at a request that barred them while in."""
        if seat.closed_at == self.now:
            self.freed(seat.agent, seat.medium)
        else:
            self.look(seat.agent, seat.medium)

    def work_is_done(self, seat: Seat) -> None:
        """An agent has nothing left to do, and leaves."""
        self.leave(seat)
        self.looks_after_leaving(seat)

    def _someone_left(self, talk: Conversation) -> None:
        """After a leaving: the conversation ends where nobody is in and nothing is asked for."""
        if not talk.is_open:
            return
        if talk.seats:
            self.look_at_patience(talk)
            return
        if talk.request is not None and talk.request.kind == "conference":
            self.end_search(talk.request, "cancelled")
        if talk.request is None and not talk.goes_back:
            self.end(talk, "handled")
        else:
            self.look_at_patience(talk)

    def nobody_came(self, request: Request, outcome: str) -> None:
        """A search has ended without an agent: what becomes of who asked, and of the customer."""
        talk, requester = request.conversation, request.requester
        if outcome == "cancelled":
            return
        if outcome == "abandoned":
            gone = list(talk.seats)
            self.end(talk, "abandoned")
            for seat in gone:
                self.leave(seat)
            for seat in gone:
                self.looks_after_leaving(seat)
        elif requester is not None and requester.in_it and requester.waits_for is request:
            requester.waits_for = None
            if request.kind == "conference":
                self.no_guest(requester, request)
            else:
                requester.holds = False
                self._stop_patience(talk)
                self.work_on(requester)
        elif not talk.seats and not talk.goes_back:
            self.end(talk, outcome)

    # Patience

    def look_at_patience(self, talk: Conversation) -> None:
        """Start the customer's patience where they wait and it does not run yet."""
        request = talk.request
        if request is None or not request.is_open or not talk.is_open or talk.patience is not None:
            return
        holder = request.requester if request.warm else None
        if any(seat is not holder for seat in talk.seats) or request.kind == "conference":
            return
        seconds = self._patience(talk, request)
        talk.patience = self.after(seconds, Rank.CUSTOMER_LEAVES, lambda: self._customer_leaves(talk))

    def _patience(self, talk: Conversation, request: Request) -> float:
        spec, customer = self.scenario.queues[request.queue], talk.customer
        if request.kind == "inbound":
            kept = talk.attempt if customer.patience_of is None else customer.patience_of
            return self.value("patience", spec.patience, talk, kept)
        law = spec.patience
        if request.kind != "rerouted" and request.left_queue is not None:
            transfer = self.scenario.queues[request.left_queue].transfer
            law = (transfer.patience if transfer else None) or law
        return self.value("transfer_patience", law, talk, customer.met - 1)

    def _stop_patience(self, talk: Conversation) -> None:
        if talk.patience is not None:
            talk.patience.call_off()
            talk.patience = None

    def _customer_leaves(self, talk: Conversation) -> None:
        talk.patience = None
        request = talk.request
        assert request is not None
        self.end_search(request, "abandoned")
