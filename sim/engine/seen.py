"""What the engine shows a policy of its requests, agents and queues: all of it read-only."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.engine.desk import Desk
    from sim.engine.queue import WaitingQueue
    from sim.engine.request import Request


class SeenQueue:
    """A queue, as it is at the moment of asking."""

    __slots__ = ("_queue",)

    def __init__(self, queue: "WaitingQueue") -> None:
        self._queue = queue

    @property
    def name(self) -> str:
        """Its name."""
        return self._queue.name

    @property
    def priority(self) -> int:
        """Its own priority."""
        return self._queue.priority

    @property
    def waiting(self) -> int:
        """How many requests wait in it, the one being decided about included."""
        return self._queue.waiting

    @property
    def available(self) -> int:
        """How many agents of any step may be offered one more task."""
        return self._queue.available()

    @property
    def capacity_per_s(self) -> float:
        """How many tasks a second the present agents of the first step close with all their slots full."""
        first = self._queue.opened[0][0]
        return sum(self._rate(desk) for pool in first for desk in pool.desks if desk.agent.present)

    def _rate(self, desk: "Desk") -> float:
        """Tasks a second of one agent: each slot is held for the handling, at the pace of all, and the wrap-up."""
        team = desk.agent.team
        pace = desk.pace[desk.max_tasks] if desk.pace else 1.0
        handling = self._queue.spec.handle_time.mean / (team.speeds.get(self.name, 1.0) * pace)
        held = handling + team.spec.wrap_up.mean
        return desk.max_tasks / held if held else float("inf")


class SeenRequest:
    """A request, with the step of its queue that is being looked through, counted from 1."""

    __slots__ = ("_request", "step")

    def __init__(self, request: "Request", step: int) -> None:
        self._request = request
        self.step = step

    @property
    def id(self) -> int:
        """Its number."""
        return self._request.id

    @property
    def kind(self) -> str:
        """Inbound, transfer, named_transfer or conference."""
        return self._request.kind

    @property
    def queue_name(self) -> str:
        """The queue it waits in."""
        return self._request.queue.name

    @property
    def queue(self) -> SeenQueue:
        """The queue it waits in, with what goes on in it."""
        return SeenQueue(self._request.queue)

    @property
    def priority(self) -> int:
        """Its task priority."""
        return self._request.priority

    @property
    def queue_priority(self) -> int:
        """The priority of its queue."""
        return self._request.queue.priority

    @property
    def placed_at(self) -> float:
        """When it was placed, in seconds from opening."""
        return self._request.placed_at

    @property
    def enqueued_at(self) -> float:
        """When it was queued last, in seconds from opening."""
        return self._request.enqueued_at


class SeenAgent:
    """An agent on one medium."""

    __slots__ = ("_desk", "max_tasks", "name", "rank", "team_name")

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.name = desk.name
        self.team_name = desk.team_name
        self.rank = desk.rank
        self.max_tasks = desk.max_tasks

    @property
    def tasks(self) -> int:
        """How many tasks he holds or is being offered."""
        return self._desk.tasks

    @property
    def ready_since(self) -> float:
        """When he last became READY, in seconds from opening."""
        return self._desk.ready_since

    @property
    def offered_last(self) -> int:
        """The number of his latest offer, 0 before the first."""
        return self._desk.offered_last

    def skill(self, queue: str) -> int:
        """His level in the attribute that bears the queue's name, 0 without."""
        return self._desk.skill(queue)
