"""Work: pieces that pass at an agent's pace, and what is asked for on the way."""

import math
from collections.abc import Callable

from sim.workload.workload import Recorded
from twin.calendar import Entry
from twin.offers import Offers
from twin.people import Agent, Request, Seat
from twin.ranks import Rank

AS_RECORDED = "transfer as recorded"


class Piece:
    """Work in seconds at full pace that is being done until no more than `goal` is left of it, and what follows it."""

    def __init__(
        self, turn: int, left: float, goal: float, since: float, then: Callable[[], None], *, own: bool
    ) -> None:
        self.left, self.goal, self.since, self.then, self.own = left, goal, since, then, own
        self.rate, self.turn = math.nan, turn
        self.timer: Entry | None = None

    def left_at(self, now: float) -> float:
        """The work that is left now."""
        return self.left if math.isnan(self.rate) else self.left - (now - self.since) * self.rate


class Works(Offers):
    """Handle time, pace, and the acts on the way."""

    # Pace

    def start_piece(self, seat: Seat, seconds: float, then: Callable[[], None]) -> None:
        """Let a seat work on something besides its own work."""
        seat.piece = Piece(next(self.turns), seconds, 0.0, self.now, then, own=False)
        self._retime(seat)

    def _rate(self, agent: Agent, medium: str) -> float:
        if self.stands_still(agent, medium):
            return 0.0
        held = agent.desks[medium].held
        return self.scenario.media[medium].pace_of(max(1, len(held)))

    def _retime(self, seat: Seat) -> None:
        piece, rate = seat.piece, self._rate(seat.agent, seat.medium)
        if rate == piece.rate:
            return
        piece.left, piece.since = piece.left_at(self.now), self.now
        piece.rate = rate
        if piece.timer is not None:
            piece.timer.call_off()
        if rate:
            ends = (piece.left - piece.goal) / rate
            piece.timer = self.after(ends, Rank.HANDLING_ENDS, lambda: self._done(seat))

    def _done(self, seat: Seat) -> None:
        piece, seat.piece = seat.piece, None
        if piece.own:
            seat.left = piece.goal
        piece.then()

    def repace(self, agent: Agent) -> None:
        """After a change of what an agent holds: whatever has another pace now is timed anew."""
        for desk in agent.desks.values():
            worked_on = [seat for seat in desk.held if seat.piece is not None]
            for seat in sorted(worked_on, key=lambda seat: seat.piece.turn):
                self._retime(seat)

    def halt(self, seat: Seat) -> None:
        """Let a seat do nothing; what was left of its own work is kept."""
        piece, seat.piece = seat.piece, None
        if piece is None:
            return
        if piece.timer is not None:
            piece.timer.call_off()
        if piece.own:
            seat.left = piece.left_at(self.now)

    def left_of(self, seat: Seat) -> float:
        """What is left of the work that a seat is at."""
        return seat.left if seat.piece is None else seat.piece.left_at(self.now)

    # An agent's own work

    def plan(self, seat: Seat, work: float) -> None:
        """Plan work with the acts on the way, each when its share is done; the set-up is work before its transfer."""
        spec, talk = self.scenario.queues[seat.queue], seat.conversation
        acts: list[tuple[float, str]] = []
        hands_on, set_up = self._hands_on(seat), self._set_up(seat)
        recorded = self._recorded_of(seat)
        if recorded is not None and recorded.after_s is not None:
            after, set_up = recorded.after_s / self.speed(seat), 0.0
            work = max(work, after)
            acts.append((work - after, AS_RECORDED))
        elif hands_on:
            left = work * (1 - spec.transfer.after) if spec.transfer else 0.0
            acts.append((left, AS_RECORDED if recorded else "transfer"))
        if spec.conference and self.uniform("conference", talk, seat.leg) < spec.conference.probability:
            acts.append((work * (1 - spec.conference.after), "conference"))
        acts.sort(key=lambda one: one[0])
        if hands_on:
            first = next(n for n, (_, act) in enumerate(acts, 1) if act != "conference")
            acts[first:] = [(left + set_up, act) for left, act in acts[first:]]
            work += set_up
        seat.left, seat.acts = work, acts

    def _recorded_of(self, seat: Seat) -> Recorded | None:
        """What is recorded of this agent's handing on: of the first whom the customer has met."""
        recorded = seat.conversation.customer.recorded
        return recorded if recorded and recorded.transfer_to is not None and seat.leg == 0 else None

    def _hands_on(self, seat: Seat) -> bool:
        spec = self.scenario.queues[seat.queue].transfer
        drawn = spec and self.uniform("transfer", seat.conversation, seat.leg) < spec.probability
        return bool(drawn) or self._recorded_of(seat) is not None

    def _set_up(self, seat: Seat) -> float:
        transfer = self.scenario.queues[seat.queue].transfer
        law = transfer.set_up_time if transfer is not None and not self.is_spent(seat) else None
        return 0.0 if law is None else self.value("set_up_time", law, seat.conversation, seat.leg)

    def work_on(self, seat: Seat) -> None:
        """Go on with an agent's own work, to the next act or to its end; no work left ends at the same instant."""
        if seat.in_it and not seat.holds and seat.piece is None:
            goal = seat.acts[-1][0] if seat.acts else 0.0
            seat.piece = Piece(
                next(self.turns), seat.left, goal, self.now, lambda: self._reached(seat), own=True
            )
            self._retime(seat)

    def _reached(self, seat: Seat) -> None:
        if not seat.acts:
            self.work_is_done(seat)
            return
        self.act(seat, seat.acts.pop()[1])
        self.work_on(seat)

    def own_work(self, seat: Seat) -> float:
        """The work that a request brings to the agent who takes it."""
        request, talk = seat.request, seat.conversation
        speed = self.speed(seat)
        work = self.handle_time(seat.queue, talk, seat.leg) * (request.factor if request else 1.0) / speed
        if request is not None and request.note and request.kind in ("transfer", "named_transfer"):
            assert request.left_queue is not None
            transfer = self.scenario.queues[request.left_queue].transfer
            work = max(0.0, work - transfer.note_saves) if transfer is not None else work
        return work

    def speed(self, seat: Seat) -> float:
        return self.scenario.teams[seat.agent.team].speed.get(seat.queue, 1.0)

    def begin(self, seat: Seat, request: Request) -> None:
        """What an agent does who has just joined, by the kind of request that brought them."""
        requester = request.requester
        there = requester is not None and requester.in_it and requester.waits_for is request
        if request.rest is not None:
            self.take_up_rest(seat, request.rest)
        elif request.kind == "conference" and there:
            assert requester is not None
            self.guest_joins(seat, requester)
        elif request.warm and there:
            assert requester is not None
            self.hand_over(seat, requester)
        else:
            self.begin_own_work(seat)

    def begin_own_work(self, seat: Seat) -> None:
        self.plan(seat, self.own_work(seat))
        self.work_on(seat)
