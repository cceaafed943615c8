"""Media that interrupt each other, and conversations that go back to their queues."""

from typing import NamedTuple

from twin.people import Agent, Conversation, Request, Seat
from twin.ranks import Rank
from twin.whispers import Whispers
from twin.work import AS_RECORDED


class Rest(NamedTuple):
    """What was left to do of a conversation that goes back, at the speed of the agent who left it."""

    left: float
    acts: list[tuple[float, str]]
    speed: float
    queue: str


class Interruptions(Whispers):
    """R3.10 and going back."""

    def _interrupting(self, agent: Agent, medium: str) -> list[str]:
        """The media whose tasks keep an agent from this one, the one that came first left alone."""
        desk, found = agent.desks[medium], []
        for other in self.scenario.media[medium].interrupted_by:
            theirs = agent.desks[other]
            mutual = medium in self.scenario.media[other].interrupted_by
            was_first = desk.tasks and desk.busy_from < theirs.busy_from
            if theirs.tasks and not (mutual and was_first):
                found.append(other)
        return found

    def is_interrupted(self, agent: Agent, medium: str) -> bool:
        return bool(self._interrupting(agent, medium))

    def stands_still(self, agent: Agent, medium: str) -> bool:
        return self._is_held_off(agent, medium, "holds")

    def _is_held_off(self, agent: Agent, medium: str, how: str) -> bool:
        by = self.scenario.media[medium].interrupted_by
        return any(by[one] == how and agent.desks[one].held for one in self._interrupting(agent, medium))

    def now_held(self, seat: Seat) -> None:
        """A task has just been accepted: what it does to those of other media."""
        agent = seat.agent
        for medium in agent.desks:
            if medium != seat.medium and self._is_held_off(agent, medium, "rerouted"):
                self._send_all_back(agent, medium, "REROUTE")
        self.repace(agent)

    def sent_back_at_once(self, seat: Seat) -> None:
        """An offer that rang on as the others went back is treated like them; lists may be joined all the same."""
        agent = seat.agent
        if seat.in_it and self._is_held_off(agent, seat.medium, "rerouted"):
            self.send_back(seat, "REROUTE")
        if seat.in_it and self.gives_back(agent, seat.medium):
            self.send_back(seat, "AGENT_LOGOUT")

    def gives_back(self, agent: Agent, medium: str) -> bool:
        """Whether an agent whose shift is over gives back what they have open of a medium."""
        return agent.hands_back and self.scenario.teams[agent.team].at_shift_end.get(medium) == "hand_back"

    def hand_back_all(self, agent: Agent) -> None:
        """The end of a shift: what is open goes back where the team hands back."""
        agent.hands_back = True
        for medium in agent.desks:
            if self.gives_back(agent, medium):
                self._send_all_back(agent, medium, "AGENT_LOGOUT")

    def _send_all_back(self, agent: Agent, medium: str, disposition: str) -> None:
        """In the order in which their tasks began."""
        for seat in sorted(agent.desks[medium].held, key=lambda seat: seat.turn):
            if seat.in_it and not seat.barged:
                self.send_back(seat, disposition)

    # Going back

    def send_back(self, seat: Seat, disposition: str) -> None:
        """The agent leaves at once; alone with the customer, the conversation goes back to its queue."""
        talk, asked = seat.conversation, seat.waits_for
        held = seat.holds
        self.halt(seat)
        seat.disposition = disposition
        self._part(seat)
        alone = len(talk.seats) == 1
        if alone and asked is not None and asked.is_open:
            if held:  # what is broken off is still to do
                again = "conference" if asked.kind == "conference" else _transfer_of(asked)
                seat.acts.append((seat.left, again))
            self.end_search(asked, "cancelled")
            self._stop_patience(talk)
        seat.waits_for = None
        if alone and talk.request is not None and talk.request.kind == "conference":
            self.end_search(talk.request, "cancelled")  # of one who has left
        if alone and talk.request is None:
            reason = "shift_end" if disposition == "AGENT_LOGOUT" else "interrupted"
            self.tell("sent_back", talk, seat.agent, seat.queue, reason=reason)
            talk.goes_back = True
        self.leave(seat, disposition, wraps_up=False)
        if talk.goes_back:
            rest = Rest(max(seat.left, 0.0), list(seat.acts), self.speed(seat), seat.queue)
            self.at(self.now, Rank.GOES_BACK, lambda: self._go_back(talk, seat, rest))
        self.looks_after_leaving(seat)

    def _part(self, seat: Seat) -> None:
        """Undo a joint time or a handover that the seat takes part in; who is taken out looks at their queues first."""
        if seat.host is not None:
            host, seat.host, seat.together = seat.host, None, ""
            if not host.in_it:  # it is their work that is left, not the joint time
                seat.left, seat.acts = host.left, []
                return
            host.guest, host.holds = None, False
            self.work_on(host)
            return
        guest, seat.guest = seat.guest, None
        if guest is None or guest.together == "joint":  # a joint time goes on to its end
            return
        guest.host, guest.together = None, ""
        seat.acts.append((seat.left, _transfer_of(guest.request)))
        for one in [one for one in seat.conversation.seats if one.request is guest.request]:
            self.leave(one)
            self.looks_after_leaving(one)

    def _go_back(self, talk: Conversation, seat: Seat, rest: "Rest") -> None:
        talk.goes_back = False
        request = Request(talk, "rerouted", seat.queue, 11, self.now, left_queue=None)
        request.rest = rest
        self.place(request)

    def take_up_rest(self, seat: Seat, rest: "Rest") -> None:
        """At one's own speed; in another queue without what was still to come in the first."""
        own = self.speed(seat)
        seat.left = rest.left / (1 / rest.speed) / own
        if seat.queue == rest.queue:
            seat.acts = [(left / (1 / rest.speed) / own, act) for left, act in rest.acts]
        self.work_on(seat)


def _transfer_of(request: Request) -> str:
    """The act by which a transfer that is broken off is asked for anew."""
    return AS_RECORDED if request.as_recorded else "transfer"
