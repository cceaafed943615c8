"""Transfer: an agent hands the conversation on to a queue or a named colleague (DOMAIN 4.1 to 4.3).

A transfer is placed on priority and its agent is out at once, whatever comes of it. In a warm transfer he
stays until a colleague has accepted and the handover is done; where nobody comes he keeps the conversation.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.engine.asking import ask
from sim.engine.request import ENDED, Request
from sim.engine.roll import by_lot
from sim.engine.signals import Departure, Joined, Nobody, TogetherOver
from sim.scenario import Transfer

if TYPE_CHECKING:
    from sim.engine.desk import Desk
    from sim.engine.handling import Handling


def transfer(part: "Handling") -> Generator[None, Any, Departure | None]:
    """Transfer the conversation; None where the agent stays in it."""
    spec = part.queue.spec.transfer
    assert spec is not None
    named = spec.named > 0 and part.lot("named") < spec.named
    request = ask(part, "named_transfer" if named else "transfer", spec)
    if request.state == ENDED:
        return None
    if named:
        request.named = _named_desk(part, request, spec)
    if spec.warm > 0 and part.lot("warm") < spec.warm:
        return (yield from _warm(part, request))
    return hand_on(part, request)


def hand_on(part: "Handling", request: Request) -> Departure:
    """Leave, with the request by which the conversation goes on."""
    request.direction = "DIRECT_TRANSFER"
    part.conversation.transfers += 1
    _tell(part, request)
    return Departure("TRANSFERRED", request)


def _warm(part: "Handling", request: Request) -> Generator[None, Any, Departure | None]:
    """Hold the conversation until a colleague has taken it over; keep it where nobody comes."""
    request.direction = "CONSULT_TRANSFER"
    request.warm = True
    request.host = part
    part.conversation.transfers += 1
    _tell(part, request)
    part.router.place(request)
    signal = yield from part.hear()
    if isinstance(signal, Joined):
        signal = yield from part.hear()
    if isinstance(signal, Nobody):
        return None
    return Departure("TRANSFERRED" if isinstance(signal, TogetherOver) else "DONE")


def take_over(part: "Handling", host: "Handling") -> Generator[None, Any, Departure | None]:
    """Take over from the colleague who waits: both are in until the handover is done."""
    handover_time = host.queue.draws.handover_time
    if handover_time is not None and (yield from part.work_through(host.drawn(handover_time))) is not None:
        return Departure("DONE")
    part.left = part.handle_time()
    host.tell(TogetherOver(host_leaves=True))
    return None


def _tell(part: "Handling", request: Request) -> None:
    log = part.router.log
    if log.on:
        named = request.named.agent.name if request.named is not None else None
        log.conversation(
            "transfer_placed", part.conversation, part.agent.name, queue=request.queue.name,
            kind=request.kind, note=request.note, warm=request.warm, named=named,
        )  # fmt: skip


def _named_desk(part: "Handling", request: Request, spec: Transfer) -> "Desk | None":
    """Name a colleague of the queue, by lot among those logged in.

    An agent who reads the dropdown's counts (`most_available`, `avoid_empty`) names one who is available.
    """
    barred = request.barred()
    rolls = [pool.there if spec.choose == "fixed" else pool.free for pool in request.queue.members]
    return by_lot([roll.without(barred) for roll in rolls if roll], part.lot("named_agent"))
