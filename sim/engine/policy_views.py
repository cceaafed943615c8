"""What the engine shows a policy of its requests, agents, queues and teams: all of it read-only."""

from collections import deque
from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.engine.clock import Clock
    from sim.engine.desk import Desk
    from sim.engine.queue import WaitingQueue
    from sim.engine.request import Request
    from sim.engine.roster import Team

RECENT_S = 1800.0
"""How far back a queue's recent service reaches."""

COUNTED = {"answered", "abandoned", "no_agent", "disconnected", "voicemail", "wait_limit"}
"""The ends of a request by which the service of its queue is judged."""


class Watch:
    """What is remembered of a queue for policies: who was placed first of those who wait, and the recent service."""

    __slots__ = ("_ended", "_in_time", "_waiting", "_within", "on_change")

    def __init__(self, queue: "WaitingQueue") -> None:
        level = queue.spec.service_level
        self._within = None if level is None else level.within
        self._waiting: list[tuple[float, int, Request]] = []
        self._ended: deque[tuple[float, bool]] = deque()
        self._in_time = 0
        self.on_change: Callable[[], None] = _nothing

    def on_queued(self, request: "Request") -> None:
        """Note a request that begins to wait, with its ticket."""
        heappush(self._waiting, (request.placed_at, request.ticket, request))
        self.on_change()

    def on_ended(self, request: "Request", now: float) -> None:
        """Note the end of a request."""
        if self._within is not None and request.outcome in COUNTED:
            in_time = request.outcome == "answered" and now - request.placed_at <= self._within
            self._ended.append((now, in_time))
            self._in_time += in_time
            self._forget(now)

    def longest_wait_s(self, now: float) -> float:
        """Return how long the one has waited who was placed first."""
        waiting = self._waiting
        while waiting and waiting[0][1] != waiting[0][2].ticket:
            heappop(waiting)
        return now - waiting[0][0] if waiting else 0.0

    def in_time_share(self, now: float) -> float:
        """Return the share answered in time of the requests that ended recently. Raises LookupError."""
        if self._within is None:
            raise LookupError("the queue has no service_level")
        self._forget(now)
        return self._in_time / len(self._ended) if self._ended else 1.0

    def _forget(self, now: float) -> None:
        ended = self._ended
        while ended and ended[0][0] <= now - RECENT_S:
            self._in_time -= ended.popleft()[1]


def _nothing() -> None:
    """Do nothing."""


class SeenCentre:
    """The centre, as it is at the moment of asking."""

    __slots__ = ("_clock", "queues", "teams")

    def __init__(self, clock: "Clock", queues: "Mapping[str, WaitingQueue]") -> None:
        self._clock = clock
        self.queues: Mapping[str, SeenQueue] = MappingProxyType(
            {name: SeenQueue(queue, clock) for name, queue in queues.items()}
        )
        self.teams: Mapping[str, SeenTeam] = MappingProxyType({})

    def staff(self, teams: "Mapping[str, Team]") -> None:
        """Show the teams, which are put together after the queues."""
        self.teams = MappingProxyType({name: SeenTeam(team) for name, team in teams.items()})

    @property
    def now_s(self) -> float:
        """The time, in seconds from opening."""
        return self._clock.now


class SeenTeam:
    """A team, as it is at the moment of asking."""

    __slots__ = ("_team",)

    def __init__(self, team: "Team") -> None:
        self._team = team

    @property
    def name(self) -> str:
        """Its name."""
        return self._team.name

    @property
    def busy_share(self) -> float:
        """Share of its present agents who have a task or an offer; 1 where nobody is present."""
        team = self._team
        idle = [agent.idle for agent in team.agents if agent.present and agent.team is team]
        return 1.0 - sum(idle) / len(idle) if idle else 1.0


class SeenQueue:
    """A queue, as it is at the moment of asking."""

    __slots__ = ("_clock", "_queue")

    def __init__(self, queue: "WaitingQueue", clock: "Clock") -> None:
        self._queue = queue
        self._clock = clock

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
    def idle(self) -> int:
        """How many of the available agents have no task of its medium, open or ringing."""
        return sum(len(pool.idle) for pool in self._queue.members if pool.idle is not None)

    @property
    def longest_wait_s(self) -> float:
        """How long the one has waited who was placed first of all that wait in it; 0 where nobody waits."""
        queue, now = self._queue, self._clock.now
        if queue.pull is not None:
            return now - queue.pull.waiting()[0].placed_at if queue.waiting else 0.0
        assert queue.watch is not None
        return queue.watch.longest_wait_s(now)

    @property
    def in_time_share(self) -> float:
        """Share of the last 30 minutes' requests that were answered within the service level's threshold."""
        assert self._queue.watch is not None
        return self._queue.watch.in_time_share(self._clock.now)

    @property
    def capacity_per_s(self) -> float:
        """How many tasks a second the present agents of the first step close with all their slots full."""
        capacity = 0.0
        for pool in self._queue.opened[0][0]:
            present = [desk for desk in pool.desks if desk.agent.present and desk.is_taken]
            if present:
                capacity += len(present) * service_rate(self._queue, present[0].agent.team, present[0])
        return capacity


def service_rate(queue: "WaitingQueue", team: "Team", desk: "Desk") -> float:
    """Return a desk's tasks a second: each slot is held for the handling, at the pace of all, and the wrap-up."""
    pace = desk.pace[desk.max_tasks] if desk.pace else 1.0
    law = queue.draws.handle_time.law or queue.spec.handle_time
    handling = law.mean / (team.speeds.get(queue.name, 1.0) * pace)
    held = handling + (queue.spec.wrap_up or team.spec.wrap_up).mean
    most = queue.limit.most(team.name) if queue.limit is not None else None
    slots = desk.max_tasks if most is None else min(desk.max_tasks, most)
    return slots / held if held else float("inf")


class SeenRequest:
    """A request, with the step of its queue that is being looked through, counted from 1."""

    __slots__ = ("_request", "step", "view")

    def __init__(self, request: "Request", step: int, view: SeenCentre) -> None:
        self._request = request
        self.step = step
        self.view = view

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
        return self.view.queues[self._request.queue.name]

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

    @property
    def waited_s(self) -> float:
        """How long it has waited since it was placed, in seconds."""
        return self.view.now_s - self._request.placed_at


class SeenAgent:
    """An agent on one medium."""

    __slots__ = ("_desk", "max_tasks", "name", "rank", "team_name", "view")

    def __init__(self, desk: "Desk", view: SeenCentre) -> None:
        self._desk = desk
        self.view = view
        self.name = desk.name
        self.team_name = desk.team_name
        self.rank = desk.rank
        self.max_tasks = desk.max_tasks

    @property
    def tasks(self) -> int:
        """How many tasks they hold or are being offered."""
        return self._desk.tasks

    @property
    def ready_since(self) -> float:
        """When they last became READY, in seconds from opening."""
        return self._desk.ready_since

    @property
    def offered_last(self) -> int:
        """The number of their latest offer, 0 before the first."""
        return self._desk.offered_last

    def skill(self, queue: str) -> int:
        """Their level in the attribute that bears the queue's name, 0 without."""
        return self._desk.skill(queue)
