"""Work: pieces that pass at an agent's pace, and what is asked for on the way."""

import math

from twin.calendar import Entry
from twin.offers import Offers
from twin.people import Agent, Request, Seat
from twin.ranks import Rank


class Piece:
    """Work in seconds at full pace that is being done, and what follows it."""

    def __init__(self, left: float, since: float, then: object, *, own: bool) -> None:
        self.left, self.since, self.then, self.own = left, since, then, own
        self.rate = math.nan
        self.timer: Entry | None = None


class Works(Offers):
    """Handle time, pace, and the acts on the way."""

    # Pace

    def start_piece(self, seat: Seat, seconds: float, then: object, *, own: bool) -> None:
        seat.piece = Piece(seconds, self.now, then, own=own)
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
        self._settle(piece)
        piece.rate = rate
        if piece.timer is not None:
            piece.timer.call_off()
        if rate:
            piece.timer = self.after(piece.left / rate, Rank.HANDLING_ENDS, lambda: self._done(seat))

    def _settle(self, piece: Piece) -> None:
        if not math.isnan(piece.rate):
            piece.left = max(0.0, piece.left - (self.now - piece.since) * piece.rate)
        piece.since = self.now

    def _done(self, seat: Seat) -> None:
        piece, seat.piece = seat.piece, None
        if piece.own:
            seat.plan.pop(0)
        piece.then()

    def repace(self, agent: Agent) -> None:
        """After a change of what an agent holds: whatever has another pace now is timed anew."""
        for desk in agent.desks.values():
            for seat in desk.held:
                if seat.piece is not None:
                    self._retime(seat)

    def halt(self, seat: Seat) -> float:
        """Let a seat do nothing; what was left of its piece is returned, and kept where it is its own work."""
        piece, seat.piece = seat.piece, None
        if piece is None:
            return 0.0
        self._settle(piece)
        if piece.timer is not None:
            piece.timer.call_off()
        if piece.own:
            seat.plan[0] = piece.left
        return piece.left

    # An agent's own work

    def plan_of(self, seat: Seat, work: float) -> list[object]:
        """Work, with the acts on the way: transfer and conference, each after its share of it."""
        spec, talk = self.scenario.queues[seat.queue], seat.conversation
        acts = []
        if spec.conference and self.uniform("conference", talk, seat.leg) < spec.conference.probability:
            acts.append((spec.conference.after, "conference"))
        hands_on = spec.transfer and self.uniform("transfer", talk, seat.leg) < spec.transfer.probability
        if spec.transfer and hands_on:
            acts.append((spec.transfer.after, "transfer"))
        plan: list[object] = []
        done = 0.0
        for share, act in sorted(acts, key=lambda one: one[0] * work):  # no work: all of them at once
            until = (share - done) * work
            plan += [until + self._set_up(seat) if act == "transfer" else until, act]
            done = share
        return [*plan, (1 - done) * work]

    def add_work(self, seat: Seat, seconds: float) -> None:
        """Let an agent have more to do before whatever is still to come."""
        if seat.plan and isinstance(seat.plan[0], float):
            seat.plan[0] += seconds
        else:
            seat.plan.insert(0, seconds)

    def _set_up(self, seat: Seat) -> float:
        transfer = self.scenario.queues[seat.queue].transfer
        law = transfer.set_up_time if transfer is not None and not self.is_spent(seat) else None
        return 0.0 if law is None else self.value("set_up_time", law, seat.conversation, seat.leg)

    def work_on(self, seat: Seat) -> None:
        """Go on with an agent's own work, to the next act or to its end; no work left ends at the same instant."""
        while seat.in_it and not seat.holds and seat.piece is None:
            if not seat.plan:
                self.work_is_done(seat)
            elif isinstance(seat.plan[0], float):
                self.start_piece(seat, seat.plan[0], lambda: self.work_on(seat), own=True)
            else:
                self.act(seat, seat.plan.pop(0))

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
        seat.plan = self.plan_of(seat, self.own_work(seat))
        self.work_on(seat)
