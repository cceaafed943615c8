"""A customer: arrives, asks, waits, is served, and perhaps comes back, as a process."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.engine.clock import Process, Rank
from sim.engine.conversation import Conversation
from sim.engine.request import Request
from sim.scenario import Law

if TYPE_CHECKING:
    from sim.engine.centre import Centre
    from sim.engine.desk import Desk
    from sim.engine.source import Source
    from sim.engine.team import Team

FOREVER = float("inf")


class Customer(Process):
    """One customer, with the draws that are his whatever the staffing and the policy."""

    legs = offers = 0
    last_desk: "Desk | None" = None
    _asleep = False

    def __init__(self, centre: "Centre", stream: "Source", contact: int, number: int) -> None:
        self.clock = centre.clock
        self.centre = centre
        self.stream = stream
        self.contact = contact
        self.number = number
        self.label = stream.labels[contact]
        self._draws = stream.draws

    @property
    def identified(self) -> bool:
        """Whether he is known by name."""
        return self.stream.identified(self.contact)

    def lot(self, purpose: str, k: int) -> float:
        """Give his k-th uniform number for a purpose."""
        return self._draws.uniform(purpose, k, self.contact)

    def drawn(self, purpose: str, owner: str, law: Law, k: int) -> float:
        """Give his k-th draw for a purpose from the law of `owner`."""
        column = self._draws.values.get((purpose, owner, k))
        if column is None:
            return self._draws.value(purpose, owner, law, k, self.contact)
        return column[self.contact]

    def life(self) -> Generator[None, Any, None]:
        """Make contact until he does not come back."""
        attempt = 0
        while True:
            conversation = self.centre.open_conversation(self, attempt)
            if conversation.outcome is None and self.stream.self_service is not None:
                yield from self._serve_himself(conversation, attempt)
            if conversation.outcome is None:
                self._ask(conversation, attempt)
            while conversation.outcome is None:
                self._asleep = True
                patience_is_over = (yield) is None
                self._asleep = False
                if patience_is_over:
                    conversation.customer_leaves()
            back_in = self.centre.conversation_over(self, conversation)
            if back_in is None:
                return
            attempt += 1
            self.until(self.clock._now + back_in, Rank.ARRIVAL)
            yield

    def _serve_himself(self, conversation: Conversation, attempt: int) -> Generator[None, Any, None]:
        bot = self.stream.self_service
        assert bot is not None
        if self.centre.log.on:
            self.centre.log.conversation("self_service_started", conversation)
        lasts = self.drawn("self_service", self.stream.name, bot.time, attempt)
        self.until(self.clock._now + lasts, Rank.ARRIVAL)
        yield
        if bot.contained and self.lot("contained", attempt) < bot.contained:
            conversation.end("contained")

    def _ask(self, conversation: Conversation, attempt: int) -> None:
        """Ask for an agent: the request is parked in the queue of the stream."""
        router = self.centre.router
        queue = router.queues[self.stream.queue]
        conversation.requested_at = self.clock._now
        request = Request(router, conversation, queue, "inbound", self.stream.priorities[self.label])
        balk = queue.spec.balk
        if balk and not queue.available() and self.lot("balk", attempt) < balk:
            request.balked = True
            router.refuse_to_wait(request)
            conversation.end("balked")
            return
        router.place(request)

    def wait_for(self, request: Request) -> None:
        """Set the instant at which his patience for `request` is over."""
        patience = self._patience(request)
        if patience < FOREVER:
            self.until(self.clock._now + patience, Rank.CUSTOMER_LEAVES)

    def _patience(self, request: Request) -> float:
        queue = request.queue
        law = queue.spec.patience
        if request.kind == "inbound":
            k = request.conversation.attempt
            return self.drawn("patience", queue.name, law, k) if law is not None else FOREVER
        owner = queue.name
        if request.from_queue is not None:
            spec = self.centre.router.queues[request.from_queue].spec.transfer
            if spec is not None and spec.patience is not None:
                law, owner = spec.patience, f"leaving {request.from_queue}"
        k = self.legs - 1
        return self.drawn("transfer_patience", owner, law, k) if law is not None else FOREVER

    def answer_of(self, team: "Team") -> tuple[bool, float]:
        """Tell whether an agent of `team` accepts the next offer of this customer's, and after how many seconds."""
        k = self.offers
        self.offers = k + 1
        accept = team.spec.accept
        if accept.probability < 1 and (not accept.probability or self.lot("accept", k) >= accept.probability):
            return False, 0.0
        return True, self.drawn("accept_delay", team.name, accept.delay, k)

    def tries_again(self, purpose: str, share: float, after: Law, at_most: int, attempt: int) -> float | None:
        """Give the seconds after which he tries again, None where he does not."""
        if attempt >= at_most or self.lot(purpose, attempt) >= share:
            return None
        return self.drawn(f"{purpose}_after", "customers", after, attempt)

    def conversation_is_over(self) -> None:
        """Go on after the conversation."""
        if self._asleep:
            self._asleep = False
            self.wake("over")
