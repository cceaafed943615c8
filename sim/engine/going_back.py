"""Conversations that go back to their queue: handed back at the end of a shift, or interrupted by another medium.

The agent's task is closed without wrap-up, and at the end of the instant the conversation asks its queue for an agent
anew: at a priority above all others, with a fresh time-to-live and the rest of the work. Where others are in, they go
on without the agent, and nothing is asked for.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simpy import Interrupt

from sim.engine.clock import Due
from sim.engine.conversation import CustomerLeft, Participant
from sim.engine.ranks import GOES_BACK
from sim.engine.request import Request

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.desk import Desk
    from sim.engine.handling import Handling
    from sim.engine.queue import WaitingQueue
    from sim.engine.router import Router

REROUTED = "rerouted"
PRIORITY = 11
SHIFT_END, INTERRUPTED = "shift_end", "interrupted"
_DISPOSITIONS = {SHIFT_END: "AGENT_LOGOUT", INTERRUPTED: "REROUTE"}


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left to do of a conversation: seconds of work at normal speed, and what comes on the way in its queue."""

    work_s: float
    queue: "WaitingQueue"
    acts: tuple[tuple[float, Any], ...]


@dataclass(frozen=True, slots=True)
class SentBack:
    """The cause of an interrupt by which a conversation goes back, with the work that is left."""

    reason: str
    left: float

    def together_with(self, host: "Handling") -> "SentBack":
        """Return the cause for a guest: where the host went back, the host's work is left, not the time together."""
        return SentBack(self.reason, host.left) if host.went_back else self


def hand_back(agent: "Agent") -> None:
    """Give back what is open of the media that the agent's team hands back at the end of a shift."""
    spec = agent.team.spec.at_shift_end
    for medium, desk in agent.desks.items():
        if spec.get(medium) == "hand_back":
            agent.when_free(None)
            send_all_back(agent.router, desk, SHIFT_END)


def send_all_back(router: "Router", desk: "Desk", reason: str) -> None:
    """Send back every conversation at a desk; wrap-ups are finished."""
    mine = [part for part in router.parts if part.desk is desk and part.may_go_back]
    for part in sorted(mine, key=lambda part: part.order):
        send_back_if_open(part, reason)


def send_back_if_open(part: Participant, reason: str) -> None:
    """Send back a conversation, unless the agent has left it."""
    if part.may_go_back and part in part.conversation.parts:
        part.throw(Interrupt(SentBack(reason, part.work_left())))


def gives_back(desk: "Desk") -> bool:
    """Whether an agent whose shift is over gives back what they have open at a desk."""
    agent = desk.agent
    return agent.off_reason == "overtime" and agent.team.spec.at_shift_end.get(desk.medium) == "hand_back"


def on_accepted(part: Participant) -> None:
    """Treat a conversation that was accepted by an agent who takes no more as those that they had open already."""
    desk = part.desk
    if gives_back(desk):
        send_back_if_open(part, SHIFT_END)
    elif desk.reroutes:
        send_back_if_open(part, INTERRUPTED)


def leave(part: "Handling", why: SentBack, acts: list[tuple[float, Any]]) -> None:
    """Take an agent out of their conversation, close their task, and let the conversation go back where it has to."""
    part.break_off()
    part.left = why.left
    part.went_back = True
    onward = _request(part, acts)
    conversation, context = part.conversation, part.context
    if onward is not None and context.log is not None:
        context.log.conversation(
            "sent_back", conversation, part.agent.name, queue=part.queue.name, reason=why.reason
        )
    conversation.leave(part, onward)
    part.wrap_up_at = context.clock.now
    part.close(_DISPOSITIONS[why.reason])
    if onward is not None:
        context.clock.schedule_due(context.clock.now, GOES_BACK, _Placing(onward))
    part.router.on_slot_free(part.desk)
    part.router.on_task_closed(part)


def _request(part: "Handling", acts: list[tuple[float, Any]]) -> Request | None:
    """Return the request by which the conversation goes back; None where others go on with it."""
    conversation = part.conversation
    for guest in [other for other in conversation.parts if other.takes_over_from(part)]:
        guest.tell(CustomerLeft())  # who has not taken over yet is taken out
    if len(conversation.parts) > 1:
        return None
    pending = conversation.pending
    if pending is not None:
        if pending.kind != "conference" and pending.host is not part:
            return None  # a transfer that another agent has asked for takes the customer over
        part.router.withdraw(pending, "cancelled")
        conversation.customer.token = 0  # a patience that ran begins anew with the request, or is for ever
    speed = part.at_own_speed(1.0)
    request = Request(conversation, part.queue, REROUTED, PRIORITY)
    request.direction = part.request.direction
    rest = tuple((left / speed, act) for left, act in acts)
    request.rest = Rest(max(part.left, 0.0) / speed, part.queue, rest)
    return request


class _Placing(Due):
    """The placing of a conversation that went back, once all that ends at the instant has ended."""

    __slots__ = ("_request",)

    def __init__(self, request: Request) -> None:
        self._request = request

    def fire(self, token: int) -> None:
        del token
        self._request.router.place(self._request)
