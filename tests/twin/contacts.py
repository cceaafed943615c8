"""A customer's way: arrival, self-service, balking, the end, and another contact."""

from collections.abc import Iterator
from typing import Any

from sim.workload import Choice
from twin.centre import Centre
from twin.people import Conversation, Customer, Request
from twin.ranks import Rank


class Contacts(Centre):
    """How customers come and go."""

    def let_them_come(self) -> None:
        times, streams, contacts = self.workload.order()
        self.live += len(times)
        self._next_arrival(iter(list(zip(times, streams, contacts, strict=True))), 0)

    def _next_arrival(self, coming: Iterator[tuple[float, int, int]], number: int) -> None:
        """Put the next contact into the calendar; when it comes, the one after it is put there before all else."""
        contact = next(coming, None)
        if contact is None:
            return
        when, stream, index = contact

        def arrive() -> None:
            self._next_arrival(coming, number + 1)
            self._arrive(stream, index, number)

        self.at(when, Rank.ARRIVAL, arrive)

    def _arrive(self, stream: int, index: int, number: int) -> None:
        source = self.workload.streams[stream]
        shares = source.queue_shares or {source.queue: 1.0}
        queue = Choice(tuple(shares), tuple(shares.values())).pick(source.draws.uniforms("queue", 0)[index])
        customer = Customer(stream, index, number, source.labels[index], queue)
        customer.recorded = source.recorded[index] if source.recorded else None
        if customer.recorded is not None and customer.recorded.agent is not None:
            asked = customer.recorded.agent
            customer.asks_for = next(agent for agent in self.agents if agent.name == asked)
        self._contact(customer)

    def _contact(self, customer: Customer) -> None:
        """Open a contact, the first or another one; whoever was to come is counted as open already."""
        source = self.workload.streams[customer.stream]
        talk = Conversation(next(self.opened), source.channel, customer, customer.attempt)
        self.conversations.append(talk)
        channel = self.scenario.channels[talk.channel]
        known = self.uniform("identified", talk, 0) < channel.identified
        told = {"channel": talk.channel, "label": customer.label, "identified": known}
        self.tell("arrived", talk, queue=customer.queue, customer=customer.number + 1, **told)
        if channel.lines is not None and self.lines[talk.channel] >= channel.lines:
            self.tell("blocked", talk, reason="lines")
            self._over(talk, "blocked")
            return
        self.lines[talk.channel] += 1
        bot = self._self_service_of(customer)
        if bot is None:
            self._ask(talk)
            return
        self.tell("self_service_started", talk)
        time = self.value("self_service", bot.time, talk, talk.attempt)
        self.after(time, Rank.ARRIVAL, lambda: self._served_by_bot(talk, bot))

    def _self_service_of(self, customer: Customer) -> Any:
        entry = self.workload.streams[customer.stream].entry
        names = self.scenario.stream_names()
        return self.scenario.arrivals[names.index(entry)].self_service if entry in names else None

    def _served_by_bot(self, talk: Conversation, bot: Any) -> None:
        if self.uniform("contained", talk, talk.attempt) < bot.contained:
            self.end(talk, "contained")
        else:
            self._ask(talk)

    def _ask(self, talk: Conversation) -> None:
        customer = talk.customer
        label = self.scenario.labels[customer.label].priority if customer.label else 1
        request = Request(talk, "inbound", customer.queue, label, self.now)
        balk = self.scenario.queues[customer.queue].balking
        may_balk = balk.share and self.finds_nobody(request, balk.when)
        if not may_balk or self.uniform("balk", talk, talk.attempt) >= balk.share:
            self.place(request)
            return
        self.requests.append(request)
        self.tell_of("balked", request)
        request.state, request.outcome, request.ended_at = "closed", "abandoned", self.now
        self.end(talk, "balked")

    def end(self, talk: Conversation, outcome: str) -> None:
        """The conversation is over for the customer."""
        self.lines[talk.channel] -= 1
        self._over(talk, outcome)

    def _over(self, talk: Conversation, outcome: str) -> None:
        talk.is_open = False
        self.live -= 1
        if talk.patience is not None:
            talk.patience.call_off()
        self.tell("conversation_ended", talk, outcome=outcome)
        self._may_return(talk, outcome)

    def _may_return(self, talk: Conversation, outcome: str) -> None:
        customer, again = talk.customer, self.scenario.customers
        if outcome not in ("abandoned", "no_agent"):
            return
        spec: Any = again.after_abandon if outcome == "abandoned" else again.after_no_agent
        purpose = "come_back" if outcome == "abandoned" else "ask_again"
        if spec is None or customer.returns.count(purpose) >= spec.at_most:
            return
        attempt = talk.attempt
        if self.uniform(purpose, talk, attempt) >= getattr(spec, purpose):
            return
        back = self.now + self.value(f"{purpose}_after", spec.after, talk, attempt)
        if spec.only_while_open and back >= self.times.lasts:
            return
        customer.returns.append(purpose)
        if back >= self.times.day_ends:
            return  # they would come on another date
        same = purpose == "come_back" and spec.patience == "same"
        if not same:
            customer.patience_of = None
        elif customer.patience_of is None:
            customer.patience_of = attempt
        customer.attempt += 1
        self.live += 1
        self.at(back, Rank.ARRIVAL, lambda: self._contact(customer))
