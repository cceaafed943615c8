"""Asking policies of one's own: they are shown views, held to what they were shown, and asked twice."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sim.policies import (
    AgentSelection,
    PolicyError,
    RankedRequests,
    RankedSelection,
    RequestSelection,
    name_of,
)

if TYPE_CHECKING:
    from sim.engine.agent import Desk
    from sim.engine.queue import WaitingQueue
    from sim.engine.request import Request


# What the engine shows a policy of its requests, agents and queues: all of it read-only.


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
        held = handling + (self._queue.spec.wrap_up or team.spec.wrap_up).mean
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


class Consulting:
    """Puts the two decisions to policies that do not rank by a key.

    Raises PolicyError, with the moment and the request, where a policy raises, answers with something that it
    was not shown, or answers otherwise when it is asked the same again.
    """

    def __init__(self, agents: AgentSelection, requests: RequestSelection) -> None:
        self._agents = agents
        self._requests = requests
        self._times_agents = _times(agents)
        self._times_requests = _times(requests)
        self._seen: dict[Desk, SeenAgent] = {}

    def agent(
        self, request: "Request", step: int, candidates: Sequence["Desk"], uniform: float
    ) -> "Desk | None":
        """Ask the policy to choose among the candidates of a step, counted from 1."""
        view, agents = SeenRequest(request, step), tuple(self._view(desk) for desk in candidates)
        chosen = _asked(
            lambda: self._agents.choose(view, agents, uniform), agents, self._times_agents,
            lambda: _about(request, "agent selection", self._agents),
        )  # fmt: skip
        return None if chosen is None else candidates[chosen]

    def request(self, desk: "Desk", waiting: Sequence["Request"]) -> "Request | None":
        """Ask the policy to choose among the requests that an agent may take."""
        agent = self._view(desk)
        views = tuple(SeenRequest(request, _own_step(desk, request)) for request in waiting)
        chosen = _asked(
            lambda: self._requests.choose(agent, views), views, self._times_requests,
            lambda: _about(waiting[0], "request selection", self._requests) + f", for {desk.name}",
        )  # fmt: skip
        return None if chosen is None else waiting[chosen]

    def _view(self, desk: "Desk") -> SeenAgent:
        if desk not in self._seen:
            self._seen[desk] = SeenAgent(desk)
        return self._seen[desk]


def _times(policy: object) -> int:
    """How often it is asked: those built in are known to give the same answer again."""
    return 1 if isinstance(policy, RankedSelection | RankedRequests) else 2


def _own_step(desk: "Desk", request: "Request") -> int:
    """Return the first step of the request's queue that an agent belongs to, counted from 1."""
    steps = request.queue.opened[-1]
    return next(number for number, pools in enumerate(steps, 1) if desk.pool in pools)


def _asked(
    ask: Callable[[], object], quoted: Sequence[object], times: int, about: Callable[[], str]
) -> int | None:
    """Ask and return the place of the answer among what was shown."""
    try:
        answers = [ask() for _ in range(times)]
    except Exception as error:
        raise PolicyError(f"{about()}: raised {type(error).__name__}: {error}") from error
    places = [_place(quoted, answer) for answer in answers]
    for place, answer in zip(places, answers, strict=True):
        if place is None and answer is not None:
            raise PolicyError(f"{about()}: answered {_words(answer)}, none of {_all_words(quoted)}")
    if places[0] != places[-1]:
        first, second = _words(answers[0]), _words(answers[-1])
        raise PolicyError(f"{about()}: is not deterministic: answered {first}, and {second} when asked again")
    return places[0]


def _place(quoted: Sequence[object], one: object) -> int | None:
    """Find the very thing, by identity."""
    return next((place for place, other in enumerate(quoted) if other is one), None)


def _about(request: "Request", decision: str, policy: object) -> str:
    now = request.clock.now
    what = f"{request.kind} request {request.id} to {request.queue.name}"
    return f"{now:.1f} s after opening, {what}: {decision} {name_of(policy)}"


def _words(answer: object) -> str:
    if isinstance(answer, SeenAgent):
        return answer.name
    if isinstance(answer, SeenRequest):
        return f"request {answer.id}"
    return "nobody" if answer is None else repr(answer)[:60]


def _all_words(quoted: Sequence[object]) -> str:
    names = [_words(one) for one in quoted]
    return ", ".join([*names[:8], *(["..."] if len(names) > 8 else [])])
