"""Transfer: an agent hands the conversation on to a queue or a named colleague.

A transfer is placed on priority and its agent is out at once, whatever comes of it. In a warm transfer they
stay until a colleague has accepted and the handover is done; where no one comes they keep the conversation.
"""

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from sim.engine.conversation import Departure, Joined, Nobody, TogetherOver
from sim.engine.request import ENDED, Request
from sim.engine.roll import draw_one
from sim.policies import choose_queue
from sim.scenario import Conference, Transfer
from sim.scenario.fields import ReadOnlyDict
from sim.workload import Choice

if TYPE_CHECKING:
    from sim.engine.desk import Desk
    from sim.engine.event_log import Log
    from sim.engine.handling import Handling
    from sim.engine.queue import WaitingQueue


# Asking for a colleague: what transfer and conference have in common.


def ask(
    part: "Handling", kind: str, spec: Transfer | Conference, queue: "WaitingQueue | None" = None
) -> Request:
    """Make the request an agent places from the dropdown, with its note; it is not placed yet.

    The second request while one is pending is refused and recorded (R4.11): it comes back ended. Raises
    SimError where the conversation goes round without time passing.
    """
    context, conversation = part.context, part.conversation
    conversation.count_request()
    routing = context.scenario.routing
    if context.log is not None:
        _show_dropdown(part, context.log)
    target = queue if queue is not None else _chosen_queue(part, kind, spec)
    priority = routing.conference_priority if kind == "conference" else routing.transfer_priority
    request = Request(conversation, target, kind, priority)
    request.requester = part.agent
    request.from_queue = part.queue.name
    purpose = "conference" if kind == "conference" else "transfer"
    request.note = bool(spec.note) and part.uniform(f"{purpose}_note") < spec.note
    # All draws of the request come first: refused or not, it uses the same numbers.
    if conversation.pending is not None:
        refuse(request)
    return request


def refuse(request: Request) -> None:
    """Refuse a second request; the first and the conversation are untouched."""
    context = request.conversation.context
    request.placed_at = context.clock.now
    request.state = ENDED
    request.outcome = "refused"
    if context.log is not None:
        context.log.request("request_refused", request, kind=request.kind)
    request.router.write(request)


def _show_dropdown(part: "Handling", log: "Log") -> None:
    """Write what the agent sees: every queue with its number of agents available (R4.1)."""
    inside = [other.agent for other in part.conversation.parts]
    counts = {name: queue.available(inside) for name, queue in part.context.queues.items()}
    log.conversation("dropdown_opened", part.conversation, part.agent.name, available=counts)


def _chosen_queue(part: "Handling", kind: str, spec: Transfer | Conference) -> "WaitingQueue":
    """Choose from the dropdown: each queue with its agents available, without those in the conversation."""
    queues = part.context.queues
    inside = [other.agent for other in part.conversation.parts]
    uniform = part.uniform("conference_to" if kind == "conference" else "transfer_to")

    if spec.choose == "fixed":
        return queues[part.queue.choices[kind == "conference"].pick(uniform)]
    return queues[chosen_by_counts(spec, {name: queues[name].available(inside) for name in spec.to}, uniform)]


def chosen_by_counts(spec: Transfer | Conference, available: dict[str, int], uniform: float) -> str:
    """Choose a queue by the numbers of agents available that the dropdown shows."""

    def draw(names: Sequence[str]) -> str:
        shares = [spec.to[name] for name in names]
        return Choice(tuple(names), tuple(share / sum(shares) for share in shares)).pick(uniform)

    return choose_queue(spec.choose, available, draw)


def may_transfer(part: "Handling") -> bool:
    """Return whether the conversation may be transferred once more from the queue of an agent's part."""
    spec = part.queue.spec.transfer
    return spec is None or spec.at_most is None or part.conversation.transfers < spec.at_most


def transfer(part: "Handling") -> Generator[None, Any, Departure | None]:
    """Transfer the conversation; None where the agent stays in it."""
    spec = part.queue.spec.transfer
    assert spec is not None
    if not may_transfer(part):
        return None
    named = spec.named > 0 and part.uniform("named") < spec.named
    request = ask(part, "named_transfer" if named else "transfer", spec)
    if request.state == ENDED:
        return None
    if named:
        request.named = _named_desk(part, request, spec)
    if spec.warm > 0 and part.uniform("warm") < spec.warm:
        return (yield from _warm(part, request))
    return hand_on(part, request)


def transfer_as_recorded(part: "Handling") -> Generator[None, Any, Departure | None]:
    """Transfer the conversation to the queue that is recorded; how is for the law to say, else cold."""
    if not may_transfer(part):
        return None
    recorded, spec = part.conversation.customer.recorded, part.queue.spec.transfer
    to = recorded.transfer_to if recorded is not None else None
    assert to is not None
    request = ask(part, "transfer", spec or _COLD, part.context.queues[to])
    if request.state == ENDED:
        return None
    if spec is not None and spec.warm > 0 and part.uniform("warm") < spec.warm:
        return (yield from _warm(part, request))
    return hand_on(part, request)


_COLD = Transfer.model_construct(probability=1.0, to=ReadOnlyDict(), note=0.0)
"""A transfer of which the scenario says nothing."""


def hand_on(part: "Handling", request: Request) -> Departure:
    """Leave, with the request by which the conversation goes on."""
    request.direction = "DIRECT_TRANSFER"
    part.conversation.transfers += 1
    _tell(part, request)
    return Departure("TRANSFERRED", request)


def _warm(part: "Handling", request: Request) -> Generator[None, Any, Departure | None]:
    """Hold the conversation until a colleague has taken it over; keep it where no one comes."""
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
    log = part.context.log
    if log is not None:
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
    return draw_one([roll.without(barred) for roll in rolls if roll], part.uniform("named_agent"))
