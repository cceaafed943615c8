"""A queue: its steps, who may serve at which of them, and who waits."""

from collections.abc import Collection
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from sim.engine.draws import QueueDraws
from sim.engine.pool import Pool
from sim.scenario import Conference, Queue, Scenario, Transfer
from sim.workload import Choice

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.pull import PullList
    from sim.engine.request import Request

Entry = tuple[Any, int, "Request"]


class Level:
    """The requests of a queue for which the same steps are open, in order of selection."""

    __slots__ = ("heap",)

    def __init__(self) -> None:
        self.heap: list[Entry] = []

    def push(self, key: Any, request: "Request") -> None:
        """Let a request wait here."""
        heappush(self.heap, (key, request.ticket, request))

    def first(self, agent: "Agent") -> Entry | None:
        """Give the entry of the first waiting request that may be offered to `agent`."""
        heap = self.heap
        while heap:
            first = heap[0]
            if first[1] != first[2].ticket:
                heappop(heap)
            elif first[2].bars(agent):
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

    def waiting(self) -> "list[Request]":
        """Give all that wait here, in order of selection."""
        return [request for _, ticket, request in sorted(self.heap) if ticket == request.ticket]


def _destinations(spec: Transfer | Conference | None) -> Choice[str]:
    """Prepare the draw of a queue to transfer to, or to ask a colleague in from."""
    shares = spec.to if spec is not None else {"": 1.0}
    return Choice(tuple(shares), tuple(shares.values()))


def _then(spec: Conference | None) -> Choice[str]:
    """Prepare the draw of who leaves when the time together is over."""
    shares = spec.then.model_dump() if spec is not None else {"": 1.0}
    return Choice(tuple(shares), tuple(shares.values()))


def _acts(spec: Queue) -> tuple[tuple[str, float, float], ...]:
    """Give what an agent may do on the way: its name, how likely, and the share of the work left by then."""
    both = (("transfer", spec.transfer), ("conference", spec.conference))
    return tuple((name, act.probability, 1.0 - act.after) for name, act in both if act is not None)


class WaitingQueue:
    """A queue at work.

    `opened[level]` are the pools to search for a request that has reached that level, step by step from the
    topmost; the steps widen cumulatively (DOMAIN R2.12). `members` are the pools of any step. Where it
    `needs_somebody`, a request is cancelled at once while nobody is available.
    """

    __slots__ = (
        "acts", "balk", "capacity", "choices", "draws", "first_level", "last_level", "levels", "members",
        "name", "needs_somebody", "opened", "priority", "pull", "ring_time", "spec", "steps", "then",
        "waiting",
    )  # fmt: skip

    def __init__(self, scenario: Scenario, name: str) -> None:
        spec = scenario.queues[name]
        self.name = name
        self.spec = spec
        self.steps = steps = scenario.steps_of(name)
        self.priority = spec.priority
        self.ring_time = scenario.ring_time_of(name)
        own = spec.require_available_agent
        self.needs_somebody = scenario.routing.require_available_agent if own is None else own
        self.levels = [Level() for _ in steps]
        self.last_level = len(steps) - 1
        opened = (n for n, step in enumerate(steps[:-1]) if step.for_ != 0)
        self.first_level = next(opened, self.last_level)
        self.opened: list[tuple[tuple[Pool, ...], ...]] = []
        self.members: tuple[Pool, ...] = ()
        self.waiting = 0
        self.choices = (_destinations(spec.transfer), _destinations(spec.conference))
        self.draws = QueueDraws(name, spec)
        self.then = _then(spec.conference)
        self.balk = spec.balk
        self.capacity = spec.capacity
        self.acts = _acts(spec)
        self.pull: PullList | None = None

    def staff(self, pools: list[Pool]) -> None:
        """Take up, step by step, the pools whose skills meet the step's criteria."""
        by_step = [tuple(p for p in pools if step.needs.holds(p.skills)) for step in self.steps]
        self.opened = [tuple(by_step[: level + 1]) for level in range(len(by_step))]
        self.members = tuple(dict.fromkeys(pool for step in by_step for pool in step))
        for pool in self.members:
            first = next(i for i, step in enumerate(by_step) if pool in step)
            if self.pull is None:
                pool.levels.extend(self.levels[first:])
            else:
                pool.lists.append(self.pull)

    def available(self, barred: Collection[Any] = ()) -> int:
        """Count the agents the dropdown shows: READY or ACTIVE members, without those `barred` (R4.1)."""
        count = 0
        for pool in self.members:
            count += pool.available
        for agent in barred:
            desk = agent.desks.get(self.spec.medium)
            count -= desk is not None and desk.pool in self.members and desk.available
        return count
