"""A customer: arrives, asks, waits, is served, and perhaps comes back, as a process."""

from collections.abc import Generator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from simpy import Interrupt

from sim.engine.clock import Due, Process
from sim.engine.conversation import Conversation
from sim.engine.ranks import ARRIVAL, CUSTOMER_LEAVES
from sim.engine.request import Request
from sim.scenario import Scenario, SelfService
from sim.workload import Stream, Workload
from sim.workload.draws import Draw, StreamDraws

if TYPE_CHECKING:
    from sim.engine.desk import Desk
    from sim.engine.roster import Team
    from sim.engine.simulate import Centre
    from sim.workload.workload import Recorded


FOREVER = float("inf")


class Customer(Process):
    """One customer, with the draws that are theirs whatever the staffing and the policy."""

    __slots__ = (
        "_asleep", "_draws", "_patient_until", "_returns", "centre", "contact", "label", "last_desk", "legs", "number",
        "offers", "patience_of", "recorded", "stream",
    )  # fmt: skip

    def __init__(self, centre: "Centre", stream: "Source", contact: int, number: int) -> None:
        # `Process.__init__`, written out: a call less for each customer.
        self.clock = centre.clock
        self.centre = centre
        self.stream = stream
        self.contact = contact
        self.number = number
        self.label = stream.labels[contact]
        self._draws = stream.draws
        self.token = self.legs = self.offers = 0
        self._callbacks = None
        self.recorded: Recorded | None = None
        self.last_desk: Desk | None = None
        if stream.recorded:
            self.recorded = recorded = stream.recorded[contact]
            if recorded is not None and recorded.agent is not None:
                self.last_desk = centre.desk_of(recorded.agent, stream.channel)
        self._returns: tuple[str, ...] = ()
        self.patience_of: int | None = (
            None  # the attempt whose patience goes on, None for that of each attempt
        )
        self._asleep = False

    @property
    def identified(self) -> bool:
        """Whether they are known by name."""
        share = self.stream.identified
        return share > 0 and self.uniform("identified", 0) < share

    @property
    def asks_for(self) -> "Desk | None":
        """The desk of the agent who is recorded to have answered them, before they have met anybody."""
        return self.last_desk if self.recorded is not None and not self.legs else None

    @property
    def name(self) -> str:
        """What they are called in messages."""
        return f"customer {self.number}"

    def uniform(self, purpose: str, k: int) -> float:
        """Return their k-th uniform number for a purpose."""
        try:
            # Tried first, asked later: the column is missing once and there for all other contacts.
            return self._draws.uniforms[purpose][k][self.contact]
        except KeyError:
            return self._draws.uniform_column(purpose, k)[self.contact]

    def drawn(self, draw: Draw, k: int) -> float:
        """Return their k-th value of what is drawn."""
        draws = self._draws
        if draw.constant is not None and draws.certain:
            return draw.constant
        try:
            return draws.values[draw][k][self.contact]
        except KeyError:
            return draws.value_column(draw, k)[self.contact]

    def life(self) -> Generator[None, Any, None]:
        """Make contact until they do not come back."""
        attempt = 0
        while True:
            conversation = self.centre.open_conversation(self, attempt)
            if conversation.outcome is None and self.stream.self_service is not None:
                yield from self._serve_themselves(conversation, attempt)
            if conversation.outcome is None:
                self._ask(conversation, attempt)
            while conversation.outcome is None:
                self._asleep = True
                try:
                    patience_is_over = (yield) is None
                except Interrupt:
                    patience_is_over = True  # an interrupted customer hangs up
                self._asleep = False
                if patience_is_over:
                    conversation.on_customer_leaves()
            back_in = self.centre.on_conversation_over(self, conversation)
            if back_in is None:
                return
            attempt += 1
            self.until(self.clock.now + back_in, ARRIVAL)
            try:
                yield
            except Interrupt:
                self.centre.on_customer_gone()
                return

    def _serve_themselves(self, conversation: Conversation, attempt: int) -> Generator[None, Any, None]:
        bot = self.stream.self_service
        assert bot is not None
        if self.centre.context.log is not None:
            self.centre.context.log.conversation("self_service_started", conversation)
        lasts = self.drawn(self.stream.self_service_time, attempt)
        self.until(self.clock.now + lasts, ARRIVAL)
        try:
            yield
        except Interrupt:
            conversation.end("abandoned")
            return
        if bot.contained and self.uniform("contained", attempt) < bot.contained:
            conversation.end("contained")

    def _ask(self, conversation: Conversation, attempt: int) -> None:
        """Ask for an agent: the request is parked in the queue of the contact."""
        router = self.centre.router
        queue = self.centre.context.queues[conversation.queue]
        conversation.requested_at = self.clock.now
        request = Request(conversation, queue, "inbound", self.stream.priorities[self.label])
        balk = queue.balk
        if balk and not router.offers.finds_somebody(request) and self.uniform("balk", attempt) < balk:
            request.balked = True
            self._refuse_to_wait(request)
            return
        router.place(request)

    def _refuse_to_wait(self, request: Request) -> None:
        """Leave at once, with a request that is recorded as abandoned."""
        router, log = self.centre.router, self.centre.context.log
        request.placed_at = request.enqueued_at = self.clock.now
        request.task_id = router.tasks = router.tasks + 1
        if log is not None:
            log.request("balked", request)
        router.close(request, "abandoned", "CANCELLED")
        request.conversation.end("balked")

    def wait_for(self, request: Request) -> None:
        """Set the instant at which their patience for `request` is over, unless its time-to-live ends before."""
        if request.kind == "inbound":
            draw = request.queue.draws.patience
            k = request.conversation.attempt if self.patience_of is None else self.patience_of
        else:
            draw, k = self._patience_when_transferred(request), self.legs - 1
        self._patient_until = until = self.clock.now + self.drawn(draw, k)
        # A patience that outlasts the time-to-live gets no entry in the calendar, unless the request still rings then.
        # At the same instant the customer leaves first, as the ranks say.
        if until < FOREVER and (until <= request.expires_at or request.expired):
            self.until(until, CUSTOMER_LEAVES)

    def on_ttl_while_ringing(self) -> None:
        """Wait beyond the time-to-live, as their request rings: only now does the end of their patience count."""
        if self._patient_until < FOREVER:
            self.until(self._patient_until, CUSTOMER_LEAVES)

    def _patience_when_transferred(self, request: Request) -> Draw:
        if request.from_queue is not None:
            leaving = self.centre.context.queues[request.from_queue].draws.leaving_patience
            if leaving is not None:
                return leaving
        return request.queue.draws.transfer_patience

    def answer_of(self, team: "Team") -> tuple[bool, float]:
        """Return whether an agent of `team` accepts the next offer of this customer's, and after how many seconds."""
        k = self.offers
        self.offers = k + 1
        share = team.accepts
        if share < 1 and (not share or self.uniform("accept", k) >= share):
            return False, 0.0
        return True, self.drawn(team.accept_delay, k)

    def tries_again(
        self, purpose: str, share: float, after: Draw, at_most: int, attempt: int
    ) -> float | None:
        """Return the seconds after which they try again, None where they do not.

        Each purpose has a bound of its own: who came back after abandoning has not asked again yet.
        """
        if self._returns.count(purpose) >= at_most or self.uniform(purpose, attempt) >= share:
            return None
        self._returns = (*self._returns, purpose)
        return self.drawn(after, attempt)

    def on_conversation_ended(self) -> None:
        """Go on after the conversation."""
        if self._asleep:
            self._asleep = False
            self.wake("over")


# Where customers come from: the arrival streams of a workload on the clock.

PACK_EVERY = 4096
"""Contacts after which the rows recorded so far are packed."""


class Source:
    """One arrival stream at work: its name, channel and queues, and what is drawn for its contacts at birth."""

    def __init__(self, stream: Stream, scenario: Scenario, self_service: SelfService | None) -> None:
        self.name = stream.name
        self.channel = stream.channel
        self.draws = StreamDraws(stream)
        self.self_service = self_service
        if self_service is not None:
            self.self_service_time = Draw("self_service", stream.name, self_service.time)
        self.priorities: dict[str | None, int] = {None: 1} | {
            name: label.priority for name, label in scenario.labels.items()
        }
        self.recorded = stream.recorded
        self.identified = scenario.channels[stream.channel].identified

    # A name for each contact, which the compiled engine does without where all have the same.

    @cached_property
    def queues(self) -> Sequence[str]:
        """Each contact's queue."""
        return self.draws.stream.queues

    @cached_property
    def labels(self) -> Sequence[str | None]:
        """Each contact's label, None without one."""
        return self.draws.stream.labels


class Arrivals(Due):
    """The arrivals of a workload, each contact at its time."""

    __slots__ = ("_centre", "_clock", "_contacts", "_count", "_next", "_sources", "_streams", "_times")

    def __init__(self, centre: "Centre", workload: Workload) -> None:
        self._centre = centre
        self._clock = centre.clock
        self._times, self._streams, self._contacts = workload.order()
        self._count = len(self._times)
        self._sources = centre.sources()
        self._next = 0

    def schedule(self) -> None:
        """Put the first arrival into the calendar."""
        if self._count:
            self._clock.schedule_due(self._times[0], ARRIVAL, self)

    def fire(self, token: int) -> None:
        """Start the next contact."""
        del token
        i = self._next
        self._next = following = i + 1
        # The next arrival before this one does anything: at the same instant, a new contact comes before one who
        # comes again.
        if following < self._count:
            self._clock.schedule_due(self._times[following], ARRIVAL, self)
        # In portions: packed only at the end, the rows of a long run would fill the memory as Python objects.
        if not i % PACK_EVERY:
            self._centre.context.recorder.pack()
        self._centre.on_arrival(self._sources[self._streams[i]], self._contacts[i], following)
