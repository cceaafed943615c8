"""Conference: an agent calls a colleague into the conversation."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.engine.conversation import CustomerLeft, Departure, Joined, Nobody, Signal, TogetherOver
from sim.engine.request import ENDED
from sim.engine.transfer import ask, hand_on, may_transfer

if TYPE_CHECKING:
    from sim.engine.handling import Handling


def conference(part: "Handling") -> Generator[None, Any, Departure | None]:
    """Ask for a colleague; go on working meanwhile, or hold until they have joined or the search has ended.

    An agent who asks when all their work is done waits for the answer: they would not have asked otherwise.
    """
    spec = part.queue.spec.conference
    assert spec is not None
    request = ask(part, "conference", spec)
    if request.state == ENDED:
        return None
    request.direction = "DIRECT_CONFERENCE"
    request.host = part
    part.conversation.conferences += 1
    part.conversation.set_talk_rate(spec.whispers_per_minute)
    if part.context.log is not None:
        part.context.log.conversation(
            "conference_placed",
            part.conversation,
            part.agent.name,
            queue=request.queue.name,
            note=request.note,
        )
    part.router.place(request)
    if spec.while_waiting == "works" and part.left > 0:
        return None
    return (yield from respond(part, (yield from part.hear())))


def respond(part: "Handling", signal: Signal) -> Generator[None, Any, Departure | None]:
    """Do what follows from the end of the search, as the agent who had asked."""
    if isinstance(signal, CustomerLeft):
        return Departure("DONE")
    if isinstance(signal, Nobody):
        return _alone(part, signal)
    assert isinstance(signal, Joined)
    over = yield from part.hear()
    if isinstance(over, CustomerLeft) or (isinstance(over, TogetherOver) and over.host_leaves):
        return Departure("DONE")
    return None


def _alone(part: "Handling", signal: Nobody) -> Departure | None:
    """Continue without the colleague, which costs extra time, or transfer to the queue that was asked."""
    spec = part.queue.spec.conference
    assert spec is not None
    if spec.if_nobody == "transfers" and may_transfer(part):
        onward = ask(part, "transfer", spec, signal.request.queue)
        return None if onward.state == ENDED else hand_on(part, onward)
    if part.queue.draws.extra_time is not None:
        part.left += part.drawn(part.queue.draws.extra_time)
    return None


def assist(part: "Handling", host: "Handling") -> Generator[None, Any, Departure | None]:
    """Work together with the agent who had asked, for the joint time; then one of them leaves, or neither.

    The joint time passes at the guest's pace. Where the requester leaves, the guest's own work begins; where
    both stay, each has the work to do that the requester has left.
    """
    joint_time = host.queue.draws.joint_time
    assert joint_time is not None
    if (yield from part.work_through(host.drawn(joint_time))) is not None:
        return Departure("DONE")
    if host.went_back:
        part.left = host.left  # somebody has to go on
        return None
    then = host.queue.then.pick(host.uniform("then"))
    if then == "requester_leaves":
        part.left = _guest_time(part, host)
    elif then == "both_stay":
        part.left = host.left
    host.tell(TogetherOver(host_leaves=then == "requester_leaves"))
    return Departure("DONE") if then == "guest_leaves" else None


def _guest_time(part: "Handling", host: "Handling") -> float:
    guest_time = host.queue.draws.guest_time
    if guest_time is None:
        return part.handle_time()
    return part.at_own_speed(part.drawn(guest_time))
