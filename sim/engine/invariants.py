"""What holds at every moment of a run, held while it runs: `--paranoid`.

An account of its own is kept of who waits, rings, is in and holds a task, from the events alone, and compared with
what the engine says of its queues and desks once all that falls on an instant is done. The first breach ends the run.
What can only be seen when a run is over is held by `sim.records.audit`.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sim.engine.breaches import BreachError, breach
from sim.engine.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.engine.conversation import Conversation
    from sim.engine.queue import WaitingQueue
    from sim.engine.request import Request
    from sim.engine.selection import Selection
    from sim.engine.simulate import Centre

NAMED = "named_transfer"
ENDS = (
    "no_agent", "disconnected", "request_abandoned", "request_cancelled", "request_moved", "wait_limit_reached",
)  # fmt: skip
LOOKED_AT = 200
"""How many of those who wait are compared with the one who is offered: of very long queues the first."""
CLOSE = 1e-6


class OpenTasks:
    """What each agent holds or is being offered, counted by the events."""

    def __init__(self, fail: "Callable[..., BreachError]") -> None:
        self._fail = fail
        self.slots: defaultdict[Desk, int] = defaultdict(int)
        self._held: defaultdict[tuple[str, int], list[tuple[Desk, WaitingQueue]]] = defaultdict(list)
        self._of_queue: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._touched: dict[Desk, None] = {}

    def take(self, desk: Desk, queue: "WaitingQueue", conversation: int) -> None:
        """Count a task of an agent in a conversation."""
        agent = desk.agent.name
        self.slots[desk] += 1
        self._held[agent, conversation].append((desk, queue))
        self._touched[desk] = None
        self._of_queue[agent, queue.name] += 1
        if queue.limit is not None and self._of_queue[agent, queue.name] > queue.limit.of(desk.agent):
            raise self._fail("limit", agent=agent, queue=queue.name)

    def free(self, agent: str, conversation: int, which: int) -> None:
        """Free the slot of an agent's first task in a conversation, or of the latest, -1, which rings."""
        held = self._held.get((agent, conversation))
        if not held:
            raise self._fail("slots", agent=agent)
        desk, queue = held.pop(which)
        if not held:
            del self._held[agent, conversation]
        self.slots[desk] -= 1
        self._of_queue[agent, queue.name] -= 1
        self._touched[desk] = None

    def compare(self) -> None:
        """Compare with what the desks say that have changed."""
        for desk in self._touched:
            slots = self.slots[desk]
            if not (desk.tasks == desk.held + desk.ringing == slots and 0 <= slots <= desk.max_tasks):
                raise self._fail("slots", agent=desk.agent.name)
        self._touched.clear()


class Invariants:
    """Keeps account of a run and raises BreachError at the first thing that must not be."""

    def __init__(self, centre: "Centre", selection: "Selection") -> None:
        self._centre = centre
        self._selection = selection
        self._clock = centre.context.clock
        self._last_at = 0.0
        self._open: set[int] = set()
        self._arrived = self._ended = 0
        self._searches: dict[int, Request] = {}  # by conversation
        self._since: dict[int, float] = {}  # by request that waits, since when
        self._ringing: dict[int, Desk] = {}
        self._tasks = OpenTasks(self._fail)
        self._inside: defaultdict[int, list[str]] = defaultdict(list)
        self._accepted: tuple[str, int] | None = None
        queues = centre.context.queues
        self._waiting = dict.fromkeys(queues, 0)
        self._waited = dict.fromkeys(queues, 0.0)
        self._area = dict.fromkeys(queues, 0.0)
        self._counted = dict.fromkeys(queues, (0.0, 0))  # since when so many wait, as the queue says
        self._queues_touched: dict[str, None] = {}

    def _fail(self, kind: str, **names: object) -> BreachError:
        return breach(self._clock.now, kind, **names)

    def _tick(self) -> None:
        now = self._clock.now
        if now < self._last_at:
            raise self._fail("time")
        self._last_at = now

    # Searches.

    def on_request(self, event: str, request: "Request") -> None:
        """Account for an event of a request, before anything follows from it."""
        self._tick()
        if event == "request_placed":
            self._on_placed(request)
        elif event == "offered":
            self._on_offered(request)
        elif event == "accepted":
            self._on_accepted(request)
        elif event == "rang_out":
            self._stop_ringing(request)
        elif event == "requeued":
            self._begin_waiting(request)
        elif event in ENDS:
            self._end_search(request)

    def _on_placed(self, request: "Request") -> None:
        number = request.conversation.id
        if number not in self._open or number in self._searches:
            raise self._fail("search", conversation=number)
        self._searches[number] = request
        self._begin_waiting(request)

    def _begin_waiting(self, request: "Request") -> None:
        if request.kind != NAMED:
            name = request.queue.name
            self._since[request.id] = self._clock.now
            self._waiting[name] += 1
            self._queues_touched[name] = None

    def _stop_waiting(self, request: "Request") -> None:
        since = self._since.pop(request.id, None)
        if since is not None:
            name = request.queue.name
            self._waiting[name] -= 1
            self._waited[name] += self._clock.now - since
            self._queues_touched[name] = None

    def _on_offered(self, request: "Request") -> None:
        desk, number = request.desk, request.conversation.id
        assert desk is not None
        agent, queue = desk.agent, request.queue
        names = {"conversation": number, "agent": agent.name, "queue": queue.name}
        known = self._searches.get(number) is request and request.id not in self._ringing
        if not known or (request.kind != NAMED and request.id not in self._since):
            raise self._fail("offer", **names)
        if not (agent.logged_in and agent.present and desk.is_taken) or desk.muted:
            raise self._fail("state", **names)
        if desk.tasks >= desk.max_tasks or self._tasks.slots[desk] >= desk.max_tasks:
            raise self._fail("state", **names)
        if agent.name in self._inside[number]:
            raise self._fail("twice", **names)
        sought = request.kind == NAMED or (request.kind == "inbound" and self._centre.router.knows_agents)
        if not sought:
            if not any(desk.pool in step for step in queue.opened[request.level]):
                raise self._fail("member", **names)
            self._require_first(request, desk, names)
        self._stop_waiting(request)
        self._ringing[request.id] = desk
        self._tasks.take(desk, queue, number)

    def _require_first(self, request: "Request", desk: Desk, names: dict[str, Any]) -> None:
        """Raise where another request that this agent might have been offered comes before this one."""
        selection = self._selection
        if not selection.ranks_requests or desk.pool is None:
            return
        for level in desk.pool.levels:
            for _, ticket, other in level.heap[:LOOKED_AT]:
                waits = ticket == other.ticket and other is not request
                # This very offer is counted already, so their own queue may be full by it.
                full = other.queue is not request.queue and desk.agent in other.queue.full
                may_be_theirs = waits and not full and not other.bars(desk.agent)
                if may_be_theirs and selection.comes_before(other, request, desk):
                    raise self._fail("order", **names)

    def _stop_ringing(self, request: "Request") -> None:
        desk = self._ringing.pop(request.id, None)
        if desk is not None:
            self._tasks.free(desk.agent.name, request.conversation.id, -1)

    def _on_accepted(self, request: "Request") -> None:
        desk, number = request.desk, request.conversation.id
        assert desk is not None
        if self._searches.get(number) is not request:
            raise self._fail("offer", conversation=number, agent=desk.agent.name)
        if request.id in self._since:  # on a list nothing rings
            if request.queue.pull is None:
                raise self._fail("offer", conversation=number, agent=desk.agent.name)
            self._tasks.take(desk, request.queue, number)
        elif self._ringing.pop(request.id, None) is not desk:
            raise self._fail("offer", conversation=number, agent=desk.agent.name)
        self._close_search(request)
        self._accepted = desk.agent.name, number

    def _end_search(self, request: "Request") -> None:
        if self._searches.get(request.conversation.id) is not request:
            raise self._fail("search", conversation=request.conversation.id)
        self._stop_ringing(request)
        self._close_search(request)

    def _close_search(self, request: "Request") -> None:
        self._stop_waiting(request)
        del self._searches[request.conversation.id]
        if self._clock.now > request.expires_at + request.queue.ring_time + CLOSE:
            raise self._fail("ttl", conversation=request.conversation.id, queue=request.queue.name)

    # Contacts.

    def on_conversation(self, event: str, conversation: "Conversation", agent: str | None) -> None:
        """Account for an event of a conversation."""
        self._tick()
        number = conversation.id
        if event == "arrived":
            if number != self._arrived + 1:
                raise self._fail("arrival", conversation=number)
            self._arrived = number
            self._open.add(number)
        elif event == "conversation_ended":
            self._on_ended(conversation)
        elif event == "blocked":
            self._drop(number)
        elif agent is not None:
            self._on_agent(event, conversation, agent)

    def _drop(self, number: int) -> None:
        request = self._searches.get(number)
        if request is not None:
            self._close_search(request)

    def _on_ended(self, conversation: "Conversation") -> None:
        number = conversation.id
        if conversation.outcome == "unfinished":  # its day is over, and it is told as open
            self._drop(number)
        if number not in self._open or number in self._searches:
            raise self._fail("outcome", conversation=number)
        self._open.discard(number)
        self._ended += 1

    def _on_agent(self, event: str, conversation: "Conversation", agent: str) -> None:
        number = conversation.id
        if event in ("agent_joined", "barged_in"):
            inside = self._inside[number]
            if agent in inside:
                raise self._fail("twice", agent=agent, conversation=number)
            inside.append(agent)
            if self._accepted != (agent, number):  # a second one from a list, or a supervisor: nothing rang
                part = conversation.parts[-1]
                self._tasks.take(part.desk, part.queue, number)
            self._accepted = None
        elif event == "agent_left":
            inside = self._inside[number]
            if agent not in inside:
                raise self._fail("twice", agent=agent, conversation=number)
            inside.remove(agent)
            if not inside:
                del self._inside[number]
        elif event == "task_closed":
            self._tasks.free(agent, number, 0)

    # The end of an instant, and of the run.

    def at_rest(self) -> None:
        """Compare the account with the engine's own once all that is due at an instant has happened."""
        self._tasks.compare()
        now = self._clock.now
        for name in self._queues_touched:
            queue = self._centre.context.queues[name]
            since, count = self._counted[name]
            self._area[name] += count * (now - since)
            self._counted[name] = now, queue.waiting
            if queue.waiting != self._waiting[name]:
                raise self._fail("waiting", queue=name)
        self._queues_touched.clear()
        if not self._selection.is_asked:
            self._require_nobody_free()

    def _require_nobody_free(self) -> None:
        for queue in self._centre.context.queues.values():
            if queue.waiting and queue.pull is None and queue.available():
                for level in queue.levels:
                    for _, ticket, request in level.heap[:LOOKED_AT]:
                        if ticket == request.ticket and self._somebody_is_free(request):
                            raise self._fail("free", conversation=request.conversation.id, queue=queue.name)

    @staticmethod
    def _somebody_is_free(request: "Request") -> bool:
        barred = request.barred() | set(request.queue.full)
        for step in request.queue.opened[request.level]:
            for pool in step:
                held_off = sum(
                    any(desk.pool is pool and desk.available for desk in agent.desks.values())
                    for agent in barred
                )
                if pool.available > held_off:
                    return True
        return False

    def at_end(self, horizon_s: float) -> None:
        """Hold what concerns the run as a whole: nobody is lost, and Little's law on each queue's path."""
        if self._arrived != self._ended + len(self._open) or self._open != {
            conversation.id for conversation in self._centre.conversations()
        }:
            raise self._fail("lost")
        horizon_s = max(horizon_s, self._last_at)
        for request in self._searches.values():
            since = self._since.get(request.id)
            if since is not None:
                self._waited[request.queue.name] += max(0.0, horizon_s - since)
        for name, (since, count) in self._counted.items():
            area = self._area[name] + count * max(0.0, horizon_s - since)
            if abs(area - self._waited[name]) > CLOSE * max(1.0, area):
                raise self._fail("little", queue=name)
