"""A queue: its steps, who may serve at which of them, and who waits."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from sim.engine.desk import Desk, TaskLimit
from sim.engine.policy_views import Watch
from sim.engine.roll import DeskIndex
from sim.policies import RankedSelection
from sim.scenario import Balk, Conference, Queue, Scenario, Transfer
from sim.scenario.expected import handle_law
from sim.workload import Choice
from sim.workload.draws import QueueDraws

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.attendance import Attendance
    from sim.engine.pull import PullList
    from sim.engine.request import Request
    from sim.engine.simulate import Room


# The available agents of one team on one medium, kept in the order of the selection rule.

Ranked = tuple[Any, int, int, "Desk"]

_SLACK = 64


class Pool:
    """Agents of a team have the same skills, so a step of a queue takes all of a pool or none of it.

    The heap holds an entry `(key, rank, version, desk)` for each change that left a desk available, put there by
    `Desk.changed`; only the entry of the desk's present version counts. Finding the best agent so costs the same
    for ten agents as for ten thousand. Where an agent may be drawn at random, the indexes of those who are free and
    of those who are logged in are kept too.
    """

    __slots__ = (
        "attended", "available", "desks", "free", "heap", "idle", "is_watched", "key", "levels", "lists",
        "medium", "most", "skills", "there",
    )  # fmt: skip

    def __init__(self, medium: str, skills: dict[str, int], selection: Any, draw_one: bool) -> None:
        self.medium = medium
        self.skills = skills
        self.desks: list[Desk] = []
        self.levels: list[Level] = []  # what a freed agent of this pool looks through
        self.lists: list[PullList] = []
        self.attended: list[Attendance] = []  # who counts its members
        self.available = 0
        self.key = selection.key if isinstance(selection, RankedSelection) else _unordered
        self.heap: list[Ranked] = []
        self.most = _SLACK
        self.free = DeskIndex() if draw_one else None
        self.there = DeskIndex() if draw_one else None
        self.idle: set[Desk] | None = None
        self.is_watched = draw_one  # whether who is free or idle is kept

    def add(self, desk: Desk) -> None:
        """Make a desk a member."""
        self.desks.append(desk)
        self.most += 4

    def remove(self, desk: Desk) -> None:
        """Remove a desk; its entries in the heap no longer count once its version changes."""
        self.desks.remove(desk)
        self.available -= desk.available
        if self.free is not None and self.there is not None:
            self.free.set(desk, False)
            self.there.set(desk, False)
        if self.idle is not None:
            self.idle.discard(desk)

    def best(self, barred: Collection[object]) -> Ranked | None:
        """Return the entry of the best available desk whose agent is not `barred`."""
        heap = self.heap
        while heap:
            first = heap[0]
            desk = first[3]
            # Out of date: dropped here, which is cheaper than to find it in the heap when it became so.
            if first[2] != desk.version:
                heappop(heap)
            elif barred and desk.agent in barred:
                return self._best_beyond(barred)
            else:
                return first
        return None

    def _best_beyond(self, barred: Collection[object]) -> Ranked | None:
        passed: list[Ranked] = []
        found = self.best(())
        while found is not None and found[3].agent in barred:
            passed.append(heappop(self.heap))
            found = self.best(())
        # Put back: they are barred to this request alone.
        for entry in passed:
            heappush(self.heap, entry)
        return found

    def all_available(self, barred: Collection[object]) -> list[Desk]:
        """Return every available desk whose agent is not `barred`, by declaration."""
        return [desk for desk in self.desks if desk.available and desk.agent not in barred]

    def watch(self) -> None:
        """Keep who is available without any task, for policies that ask."""
        self.idle, self.is_watched = set(), True

    def follow(self, desk: Desk, available: bool) -> None:
        """Keep who is free and who is idle."""
        if self.free is not None:
            self.free.set(desk, available)
        if self.idle is not None:
            (self.idle.discard if desk.tasks or not available else self.idle.add)(desk)

    def sweep(self) -> None:
        """Drop the entries that no longer count."""
        self.heap = [entry for entry in self.heap if entry[2] == entry[3].version]
        heapify(self.heap)


def _unordered(desk: Desk) -> tuple[float, ...]:
    del desk
    return ()


Entry = tuple[Any, int, "Request"]


class Level:
    """The requests of a queue for which the same steps are open, in order of selection."""

    __slots__ = ("full", "heap")

    def __init__(self, full: "Collection[Agent]" = ()) -> None:
        self.heap: list[Entry] = []
        self.full = full  # who has as many tasks of the queue as they may

    def push(self, key: Any, request: "Request") -> None:
        """Add a request that waits here."""
        heappush(self.heap, (key, request.ticket, request))

    def first(self, agent: "Agent | None") -> Entry | None:
        """Return the entry of the first waiting request that may be offered to `agent`, of all where it is None."""
        if self.full and agent in self.full:
            return None
        heap = self.heap
        while heap:
            first = heap[0]
            # The request has left or queued anew, with another ticket.
            if first[1] != first[2].ticket:
                heappop(heap)
            elif agent is not None and first[2].bars(agent):
                return self._first_beyond(agent)
            else:
                return first
        return None

    def _first_beyond(self, agent: "Agent") -> Entry | None:
        heap = self.heap
        passed: list[Entry] = []
        found = None
        while heap and found is None:
            if heap[0][1] != heap[0][2].ticket:
                heappop(heap)
            elif heap[0][2].bars(agent):
                passed.append(heappop(heap))
            else:
                found = heap[0]
        for entry in passed:
            heappush(heap, entry)
        return found

    def entries(self) -> "list[Entry]":
        """Return the entries of all that wait here."""
        return [entry for entry in self.heap if entry[1] == entry[2].ticket]


class LevelByKind(Level):
    """The same, kept apart by the kind of request, so that the head of each kind is found without a look at all."""

    __slots__ = ("_kinds",)

    def __init__(self, full: "Collection[Agent]" = ()) -> None:
        super().__init__(full)
        self._kinds: dict[str, Level] = {}

    def push(self, key: Any, request: "Request") -> None:
        """Add a request that waits here."""
        self._kinds.setdefault(request.kind, Level(self.full)).push(key, request)

    def add_heads(self, agent: "Agent | None", found: list[Entry]) -> None:
        """Add the entries of the first of each kind that may be offered to `agent`; of all where it is None."""
        for level in self._kinds.values():
            if level.heap:
                first = level.first(agent)
                if first is not None:
                    found.append(first)

    def entries(self) -> list[Entry]:
        """Return the entries of all that wait here."""
        return [entry for level in self._kinds.values() for entry in level.entries()]


def _destinations(spec: Transfer | Conference | None) -> Choice[str]:
    """Prepare the draw of a queue to transfer to, or to ask a colleague in from."""
    shares = spec.to if spec is not None else {"": 1.0}
    return Choice(tuple(shares), tuple(shares.values()))


def _then(spec: Conference | None) -> Choice[str]:
    """Prepare the draw of who leaves when the time together is over."""
    shares = spec.then.model_dump() if spec is not None else {"": 1.0}
    return Choice(tuple(shares), tuple(shares.values()))


def _acts(spec: Queue) -> tuple[tuple[str, float, float], ...]:
    """Return what an agent may do on the way: its name, how likely, and the share of the work left by then."""
    both = (("transfer", spec.transfer), ("conference", spec.conference))
    return tuple((name, act.probability, 1.0 - act.after) for name, act in both if act is not None)


def _limit(scenario: Scenario, name: str) -> TaskLimit | None:
    """Return the limit of an agent's tasks of a queue, None where there is none."""
    most = scenario.queues[name].max_tasks
    own = {team: spec.max_tasks_by_queue.get(name) for team, spec in scenario.teams.items()}
    by_team = {team: tasks for team, tasks in own.items() if tasks is not None}
    return None if most is None and not by_team else TaskLimit(most, by_team)


class WaitingQueue:
    """A queue at work.

    `opened[level]` are the pools to search for a request that has reached that level, step by step from the
    topmost; the steps widen cumulatively (R2.12). `members` are the pools of any step. `attendance` is set where
    it counts who is there.
    """

    __slots__ = (
        "acts", "attendance", "balk", "balks_unless_free", "capacity", "choices", "closed", "draws", "empties",
        "first_level", "is_limited", "last_level", "levels", "limit", "members", "name", "opened", "opens_after",
        "priority", "pull", "requires", "ring_time", "rooms", "spec", "steps", "steps_go_on", "then", "wait_limit",
        "waiting", "watch",
    )  # fmt: skip

    def __init__(self, scenario: Scenario, name: str) -> None:
        spec = scenario.queues[name]
        self.name = name
        self.spec = spec
        self.steps = steps = scenario.steps_of(name)
        self.priority = spec.priority
        self.ring_time = scenario.ring_time_of(name)
        self.requires = spec.require_available_agent or scenario.routing.require_available_agent
        leave = spec.leave_when_empty
        self.empties = scenario.routing.leave_when_empty if leave is None else leave
        self.attendance: Attendance | None = None
        self.limit = _limit(scenario, name)
        self.levels: Sequence[Level] = [Level(self.full) for _ in steps]
        self.watch: Watch | None = None
        self.last_level = len(steps) - 1
        # Steps that last no time are open from the start.
        opened = (n for n, step in enumerate(steps[:-1]) if step.for_ != 0)
        self.first_level = next(opened, self.last_level)
        self.opens_after = tuple(accumulate((step.for_ or 0.0 for step in steps[:-1]), initial=0.0))
        after = scenario.routing.steps_after_ring_out
        self.steps_go_on = (spec.steps_after_ring_out or after) == "go_on"
        self.opened: list[tuple[tuple[Pool, ...], ...]] = []
        self.members: tuple[Pool, ...] = ()
        self.waiting = 0
        self.closed = False
        self.choices = (_destinations(spec.transfer), _destinations(spec.conference))
        self.draws = QueueDraws(name, spec, handle_law(scenario, name))
        self.then = _then(spec.conference)
        balk = spec.balk
        self.balk = balk.share if isinstance(balk, Balk) else balk
        self.balks_unless_free = isinstance(balk, Balk) and balk.when == "nobody_free"
        self.capacity = spec.capacity
        self.rooms: tuple[Room, ...] = ()
        self.is_limited = spec.capacity is not None
        self.acts = _acts(spec)
        self.wait_limit = spec.wait_limit
        self.pull: PullList | None = None

    def overfull(self) -> str | None:
        """Return which of its limits is exceeded by those who wait: `capacity`, or the name of a waiting room."""
        if self.capacity is not None and self.waiting > self.capacity:
            return "capacity"
        return next((room.name for room in self.rooms if room.waiting > room.capacity), None)

    def be_shown(self, heads: bool) -> None:
        """Keep what policies are shown: the longest wait, the recent service, who is idle; the heads of each kind."""
        self.watch = Watch(self)
        if heads:
            self.levels = [LevelByKind(self.full) for _ in self.steps]

    def staff(self, pools: list[Pool]) -> None:
        """Take up, step by step, the pools whose skills meet the step's criteria."""
        by_step = [tuple(p for p in pools if step.needs.holds(p.skills)) for step in self.steps]
        self.opened = [tuple(by_step[: level + 1]) for level in range(len(by_step))]
        self.members = tuple(dict.fromkeys(pool for step in by_step for pool in step))
        for pool in self.members:
            first = next(i for i, step in enumerate(by_step) if pool in step)
            if self.attendance is not None:
                pool.attended.append(self.attendance)
            if self.watch is not None:
                pool.watch()
            if self.pull is None:
                pool.levels.extend(self.levels[first:])
            else:
                pool.lists.append(self.pull)

    @property
    def full(self) -> "Collection[Agent]":
        """Those who have as many tasks of this queue as they may."""
        return () if self.limit is None else self.limit.full

    def level_after(self, waited_s: float) -> int:
        """Return the last step that is open after so many seconds from the placing; one that is due is open."""
        return bisect_right(self.opens_after, waited_s) - 1

    def requests(self) -> "Iterator[Request]":
        """Return all that wait, in order of selection, then those on the list."""
        # One whose search has widened is found at each level that it has come through.
        entries = {entry[1]: entry for level in self.levels for entry in level.entries()}
        yield from (request for _, _, request in sorted(entries.values()))
        if self.pull is not None:
            yield from self.pull.waiting()

    def available(self, barred: Collection[Any] = ()) -> int:
        """Count the agents the dropdown shows: READY or ACTIVE members, without those `barred` (R4.1)."""
        count = 0
        for pool in self.members:
            count += pool.available
        for agent in barred:
            desk = agent.desks.get(self.spec.medium)
            count -= desk is not None and desk.pool in self.members and desk.available
        return count
