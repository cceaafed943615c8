"""Asking for a colleague: what transfer and conference have in common."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.engine.request import ENDED, Request
from sim.policies import choose_queue
from sim.scenario import Conference, Transfer
from sim.workload import Choice

if TYPE_CHECKING:
    from sim.engine.handling import Handling
    from sim.engine.queue import WaitingQueue


def ask(
    part: "Handling", kind: str, spec: Transfer | Conference, queue: "WaitingQueue | None" = None
) -> Request:
    """Make the request an agent places from the dropdown, with its note; it is not placed yet.

    The second request while one is pending is refused and recorded (DOMAIN R4.11): it comes back ended. Raises
    SimError where the conversation goes round without time passing.
    """
    router = part.router
    conversation = part.conversation
    conversation.asks()
    routing = router.routing
    if router.log.on:
        _show_dropdown(part)
    target = queue if queue is not None else _chosen_queue(part, kind, spec)
    priority = routing.conference_priority if kind == "conference" else routing.transfer_priority
    request = Request(router, conversation, target, kind, priority)
    request.requester = part.agent
    request.from_queue = part.queue.name
    purpose = "conference" if kind == "conference" else "transfer"
    request.note = bool(spec.note) and part.lot(f"{purpose}_note") < spec.note
    if conversation.pending is not None:
        refuse(request)
    return request


def refuse(request: Request) -> None:
    """Refuse a second request; the first and the conversation are untouched."""
    router = request.router
    request.placed_at = router.clock._now
    request.state = ENDED
    request.outcome = "refused"
    if router.log.on:
        router.log.request("request_refused", request, kind=request.kind)
    router.write(request)


def _show_dropdown(part: "Handling") -> None:
    """Tell what the agent sees: every queue with its number of agents available (DOMAIN R4.1)."""
    inside = [other.agent for other in part.conversation.parts]
    counts = {name: queue.available(inside) for name, queue in part.router.queues.items()}
    part.router.log.conversation("dropdown_opened", part.conversation, part.agent.name, available=counts)


def _chosen_queue(part: "Handling", kind: str, spec: Transfer | Conference) -> "WaitingQueue":
    """Choose from the dropdown: each queue with its agents available, without those in the conversation."""
    queues = part.router.queues
    inside = [other.agent for other in part.conversation.parts]
    lot = part.lot("conference_to" if kind == "conference" else "transfer_to")

    def draw(names: Sequence[str]) -> str:
        shares = [spec.to[name] for name in names]
        return Choice(tuple(names), tuple(share / sum(shares) for share in shares)).pick(lot)

    if spec.choose == "fixed":
        return queues[part.queue.choices[kind == "conference"].pick(lot)]
    available = {name: queues[name].available(inside) for name in spec.to}
    return queues[choose_queue(spec.choose, available, draw)]
