"""Transfers and conferences: what is asked for, and what follows."""

from typing import Any

from sim.workload import Choice
from twin.leaving import Leaving
from twin.people import Agent, Conversation, Request, Seat
from twin.work import AS_RECORDED


class HandingOn(Leaving):
    """R4 and R5."""

    def act(self, seat: Seat, what: object) -> None:
        if what == "conference":
            self._ask_in(seat)
        elif not self.is_spent(seat):
            self._hand_on(seat, as_recorded=what == AS_RECORDED)

    # The list of queues

    def _choose(self, seat: Seat, spec: Any, purpose: str) -> str:
        """R4.2: by the shares of all, of those with most agents, or of those with any."""
        talk = seat.conversation
        numbers = {queue: self._seen(queue, talk) for queue in spec.to}
        names = list(spec.to)
        if spec.choose == "most_available":
            names = [queue for queue in names if spec.to[queue] > 0]
            most = max(numbers[queue] for queue in names)
            names = [queue for queue in names if numbers[queue] == most]
        elif spec.choose == "avoid_empty":
            names = [queue for queue in names if numbers[queue] and spec.to[queue] > 0] or names
        total = sum(spec.to[queue] for queue in names)
        shares = tuple(spec.to[queue] / total for queue in names)
        return Choice(tuple(names), shares).pick(self.uniform(purpose, talk, seat.leg))

    def _seen(self, queue: str, talk: Conversation) -> int:
        medium, inside = self.medium_of(queue), {seat.agent for seat in talk.seats}
        return sum(self.has_room(a, medium) for a in self.members(queue) if a not in inside)

    def _opens_list(self, seat: Seat) -> None:
        """R4.1: the agent sees every queue with its number of agents available."""
        seen = {queue: self._seen(queue, seat.conversation) for queue in self.scenario.queues}
        self.tell("dropdown_opened", seat.conversation, seat.agent, available=seen)

    def _is_refused(self, seat: Seat, kind: str, queue: str) -> bool:
        talk = seat.conversation
        if talk.request is None:
            return False
        self.tell("request_refused", talk, queue=queue, kind=kind)
        return True

    # Transfer

    def is_spent(self, seat: Seat) -> bool:
        """Whether the conversation was transferred as often as it may be."""
        spec = self.scenario.queues[seat.queue].transfer
        return spec is not None and spec.at_most is not None and seat.conversation.transfers >= spec.at_most

    def _hand_on(self, seat: Seat, *, as_recorded: bool) -> None:
        spec, talk = self.scenario.queues[seat.queue].transfer, seat.conversation
        recorded = talk.customer.recorded if as_recorded else None
        queue = recorded.transfer_to if recorded else self._choose(seat, spec, "transfer_to")
        assert queue is not None
        is_named = spec is not None and not recorded and self.uniform("named", talk, seat.leg) < spec.named
        kind = "named_transfer" if is_named else "transfer"
        self._opens_list(seat)
        if self._is_refused(seat, kind, queue):
            return
        warm = spec is not None and self.uniform("warm", talk, seat.leg) < spec.warm
        note = spec is not None and self.uniform("transfer_note", talk, seat.leg) < spec.note
        request = Request(
            talk, kind, queue, self.scenario.routing.transfer_priority, self.now, seat, warm, note
        )
        request.left_queue, request.as_recorded = seat.queue, as_recorded
        if spec is not None:
            request.factor = spec.handle_time_factor.warm if warm else spec.handle_time_factor.cold
        if spec is not None and is_named:
            request.named = self._name(seat, queue, spec.choose)
        named = request.named.name if request.named else None
        self.tell("transfer_placed", talk, seat.agent, queue, kind=kind, note=note, warm=warm, named=named)
        self._transfer(seat, request)

    def _transfer(self, seat: Seat, request: Request) -> None:
        talk = seat.conversation
        talk.transfers += 1
        if request.warm:
            seat.holds, seat.waits_for = True, request
            self.halt(seat)
            seat.is_placing = True
            self.place(request)
            seat.is_placing = False
            if seat.is_relieved:
                self._relieve(seat)
            return
        self.leave(seat, "TRANSFERRED", asks=True)
        self.place(request)
        self.looks_after_leaving(seat)

    def _name(self, seat: Seat, queue: str, choose: str) -> Agent | None:
        """R4.17: one of the members who are logged in, or available, and not in the conversation."""
        inside = {other.agent for other in seat.conversation.seats}
        medium = self.medium_of(queue)
        members = [
            agent
            for agent in self.members_by_step(queue)
            if agent.logged_in and agent not in inside and (choose == "fixed" or self.has_room(agent, medium))
        ]
        if not members:
            return None
        return members[int(self.uniform("named_agent", seat.conversation, seat.leg) * len(members))]

    def hand_over(self, receiver: Seat, requester: Seat) -> None:
        """R4.23: both are in for the handover time, at the receiver's pace."""
        requester.waits_for = None
        spec = self.scenario.queues[requester.queue].transfer
        law = spec.handover_time if spec is not None else None
        if law is None and requester.is_placing:
            requester.is_relieved = True
            self.begin_own_work(receiver)
            return
        if law is None:
            self._handed_over(receiver, requester)
            return
        seconds = self.value("handover_time", law, requester.conversation, requester.leg)
        self._be_together(receiver, requester, "handover", seconds)

    def _handed_over(self, receiver: Seat, requester: Seat) -> None:
        receiver.left = self.own_work(receiver)  # as a second agent finds it whom the leaving sets free
        self._relieve(requester)
        self.begin_own_work(receiver)

    def _relieve(self, requester: Seat) -> None:
        requester.holds = False
        self.leave(requester, "TRANSFERRED")
        self.looks_after_leaving(requester)

    def _be_together(self, guest: Seat, host: Seat, how: str, seconds: float) -> None:
        self.halt(host)
        host.holds, host.guest = True, guest
        guest.host, guest.together = host, how
        self.start_piece(guest, seconds, lambda: self._together_over(guest))

    def _together_over(self, guest: Seat) -> None:
        host = guest.host
        assert host is not None
        how, guest.together, guest.host = guest.together, "", None
        if not host.in_it:  # who has gone back leaves what they had to do to the guest
            self.plan(guest, host.left)
            self.work_on(guest)
            return
        host.guest, host.holds = None, False
        if how == "handover":
            self._handed_over(guest, host)
        else:
            self._joint_time_over(guest, host)

    # Conference

    def _ask_in(self, seat: Seat) -> None:
        spec, talk = self.scenario.queues[seat.queue].conference, seat.conversation
        assert spec is not None
        queue = self._choose(seat, spec, "conference_to")
        self._opens_list(seat)
        if self._is_refused(seat, "conference", queue):
            return
        note = self.uniform("conference_note", talk, seat.leg) < spec.note
        self.tell("conference_placed", talk, seat.agent, queue, note=note)
        priority = self.scenario.routing.conference_priority
        request = Request(talk, "conference", queue, priority, self.now, seat, note=note)
        request.left_queue, seat.waits_for = seat.queue, request
        talk.talk_rate = spec.whispers_per_minute
        seat.holds = spec.while_waiting == "holds" or seat.left <= 0
        self.place(request)

    def guest_joins(self, guest: Seat, requester: Seat) -> None:
        """R5.1: the joint time passes at the guest's pace, and the requester's own work stands still."""
        requester.waits_for = None
        spec = self.scenario.queues[requester.queue].conference
        assert spec is not None
        seconds = self.value("joint_time", spec.joint_time, requester.conversation, requester.leg)
        self._be_together(guest, requester, "joint", seconds)

    def _joint_time_over(self, guest: Seat, requester: Seat) -> None:
        spec, talk = self.scenario.queues[requester.queue].conference, guest.conversation
        assert spec is not None
        then = spec.then
        shares = {"requester": then.requester_leaves, "guest": then.guest_leaves, "nobody": then.both_stay}
        leaves = Choice(tuple(shares), tuple(shares.values())).pick(self.uniform("then", talk, requester.leg))
        if leaves == "guest":
            self.work_on(requester)
            self.leave(guest)
            self.looks_after_leaving(guest)
        elif leaves == "requester":
            work = self.own_work(guest)
            if spec.guest_time is not None:
                work = self.value("guest_time", spec.guest_time, talk, guest.leg) / self.speed(guest)
            guest.left = work  # as a second agent finds it whom the leaving sets free
            self.leave(requester)
            self.looks_after_leaving(requester)
            self.plan(guest, work)
            self.work_on(guest)
        else:
            self.plan(guest, requester.left)
            self.work_on(requester)
            self.work_on(guest)

    def no_guest(self, requester: Seat, request: Request) -> None:
        """Where no colleague joins the requester goes on alone, or transfers to the queue that was asked."""
        spec, talk = self.scenario.queues[requester.queue].conference, requester.conversation
        assert spec is not None
        self.halt(requester)
        requester.holds = False
        if spec.if_nobody == "transfers" and not self.is_spent(requester):
            self._transfer_instead(requester, request)
            return
        if spec.extra_time is not None:
            requester.left += self.value("extra_time", spec.extra_time, talk, requester.leg)
        self.work_on(requester)

    def _transfer_instead(self, seat: Seat, asked: Request) -> None:
        talk, transfer = seat.conversation, self.scenario.queues[seat.queue].transfer
        self._opens_list(seat)
        priority = self.scenario.routing.transfer_priority
        conference = self.scenario.queues[seat.queue].conference
        assert conference is not None
        note = self.uniform("transfer_note", talk, seat.leg) < conference.note
        request = Request(talk, "transfer", asked.queue, priority, self.now, seat, note=note)
        request.left_queue = seat.queue
        if transfer is not None:
            request.factor = transfer.handle_time_factor.cold
        self.tell(
            "transfer_placed",
            talk,
            seat.agent,
            asked.queue,
            kind="transfer",
            note=note,
            warm=False,
            named=None,
        )
        self._transfer(seat, request)
