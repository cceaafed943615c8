"""Pull: requests on a list, which subscribed agents look at and join of themselves.

Nothing is reserved and nothing rings out. Every member of the list who is logged in gets notice and
looks at it after their reaction time. They join or dismiss the request; without a free slot they look again when
they have one. A second agent may join the first.
"""

from typing import TYPE_CHECKING

from sim.engine.clock import Due
from sim.engine.going_back import gives_back
from sim.engine.ranks import LOOK
from sim.engine.request import QUEUED, RINGING, Request

if TYPE_CHECKING:
    from sim.engine.agent import Agent
    from sim.engine.context import Context
    from sim.engine.desk import Desk
    from sim.engine.handling import Handling
    from sim.engine.queue import WaitingQueue
    from sim.engine.router import Router
    from sim.scenario import Pull


class PullList:
    """The open requests of a pull queue, and who still means to look at which."""

    __slots__ = ("_context", "_open", "_postponed", "_queue", "_router", "spec")

    def __init__(self, context: "Context", router: "Router", queue: "WaitingQueue", spec: "Pull") -> None:
        self._context = context
        self._router = router
        self._queue = queue
        self.spec = spec
        self._open: dict[int, Request] = {}
        self._postponed: dict[Agent, list[Request]] = {}

    def publish(self, request: Request) -> None:
        """Put a request on the list and notify every member who is logged in; send it away after closing."""
        request.task_id = self._router.tasks = self._router.tasks + 1
        request.enqueued_at = request.placed_at
        # On a list each request waits, if only for a moment.
        if self._queue.closed:
            self._router.disconnect(request)
            return
        request.state = QUEUED
        self._queue.waiting += 1
        self._open[request.id] = request
        for pool in self._queue.members:
            for desk in pool.desks:
                if desk.agent.logged_in and desk.is_taken:
                    self._notify(desk, request)

    def on_member_logged_in(self, desk: "Desk") -> None:
        """Notify an agent who has logged in of what is open."""
        for request in tuple(self._open.values()):
            self._notify(desk, request)

    def on_slot_free(self, desk: "Desk") -> None:
        """Look again at what the agent had no slot for, the oldest first."""
        postponed = self._postponed.pop(desk.agent, [])
        for request in postponed:
            self.look(desk, request)

    def waiting(self) -> list[Request]:
        """Return the open requests, the oldest first."""
        return list(self._open.values())

    def remove(self, request: Request) -> None:
        """Take a request off the list."""
        if self._open.pop(request.id, None) is not None:
            self._queue.waiting -= 1

    def _notify(self, desk: "Desk", request: Request) -> None:
        if request.bars(desk.agent):
            return
        context = self._context
        if context.log is not None:
            context.log.member("pull_notice", request, desk.agent.name)
        agent = desk.agent
        k = agent.count("reaction")
        wait = context.agent_draws.value(*agent.address, "reaction", self.spec.reaction, k)
        context.clock.schedule_due(context.clock.now + wait, LOOK, _Look(self, desk, request))

    def _would_join(self, agent: "Agent") -> bool:
        k = agent.count("join")
        return self._context.agent_draws.uniform(*agent.address, "join", k) < self.spec.join

    def look(self, desk: "Desk", request: Request) -> None:
        """Look at a request: join it, dismiss it, or come back to it when a slot is free."""
        if (
            not (desk.agent.logged_in and desk.is_taken)
            or not self._wanted(request)
            or request.bars(desk.agent)
            or _rings_at(desk.agent, request)
            or gives_back(desk)
        ):
            return
        if desk.tasks >= desk.max_tasks or desk.agent in self._queue.full:
            self._postponed.setdefault(desk.agent, []).append(request)
        elif self._would_join(desk.agent):
            self._join(desk, request)
        elif self._context.log is not None:
            self._context.log.member("dismissed", request, desk.agent.name)

    def _wanted(self, request: Request) -> bool:
        """Whether no agent has joined yet, or a second agent is welcome."""
        if request.state == QUEUED:
            return True
        first = request.wants_second
        return first is not None and first.conversation.outcome is None and first in first.conversation.parts

    def _join(self, desk: "Desk", request: Request) -> None:
        desk.take()
        if self._queue.limit is not None:
            self._queue.limit.add(desk.agent)
        is_first = request.state == QUEUED
        part = self._answer(desk, request) if is_first else self._join_first(desk, request)
        part.begin()
        if is_first and self._wants_second(part):
            request.wants_second = part

    def _answer(self, desk: "Desk", request: Request) -> "Handling":
        self.remove(request)
        request.desk = desk
        request.conversation.set_talk_rate(self.spec.whispers_per_minute)
        return self._router.offers.answer(request, desk)

    def _join_first(self, desk: "Desk", request: Request) -> "Handling":
        first, request.wants_second = request.wants_second, None
        return self._router.offers.join(request, desk, first)

    def _wants_second(self, part: "Handling") -> bool:
        share = self.spec.second_agent
        return share > 0 and part.conversation.customer.uniform("second_agent", part.leg) < share


def _rings_at(agent: "Agent", request: Request) -> bool:
    """Whether another request of the conversation rings at an agent, who then comes in by that alone."""
    pending = request.conversation.pending
    if pending is None or pending.state != RINGING or pending.desk is None:
        return False
    return pending.desk.agent is agent


class _Look(Due):
    """An agent's look at the list, after their reaction time."""

    __slots__ = ("_desk", "_list", "_request")

    def __init__(self, pull_list: PullList, desk: "Desk", request: Request) -> None:
        self._list = pull_list
        self._desk = desk
        self._request = request

    def fire(self, token: int) -> None:
        del token
        self._list.look(self._desk, self._request)
