"""Whether anybody is there for a queue: what a request needs to be placed, and who leaves when the last has gone."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sim.engine.clock import Due
from sim.engine.ranks import EMPTIES
from sim.engine.request import QUEUED

if TYPE_CHECKING:
    from sim.engine.context import Context
    from sim.engine.queue import WaitingQueue
    from sim.engine.request import Request
    from sim.engine.router import Router


class Attendance(Due):
    """The members of one queue who are there, from their log-in to the end of their shift.

    Breaks and pauses do not end it. Who finishes open work after the end of the shift is not there any more.
    """

    __slots__ = ("_clock", "_leave", "_log", "_looks_at", "_queue", "_required", "_router")

    def __init__(self, context: "Context", router: "Router", queue: "WaitingQueue") -> None:
        self._clock = context.clock
        self._log = context.log
        self._router = router
        self._queue = queue
        self._required = queue.requires
        self._leave = queue.empties
        self._looks_at = -1.0

    def turns_away(self, request: "Request") -> bool:
        """Whether a request may not be placed, as the agents whom it needs are not there."""
        if request.rest is not None:
            return False  # the customer has been served before
        if self._required == "available":
            return not request.shown
        return self._required == "logged_in" and not self._is_anybody_there(request.unseen())

    def on_gone(self) -> None:
        """Look, at the end of this instant, whether anybody is there still."""
        if self._leave and self._looks_at != self._clock.now:
            self._looks_at = self._clock.now
            self._clock.schedule_due(self._clock.now, EMPTIES, self)

    def fire(self, token: int) -> None:
        """Send away all who wait where nobody is there; what rings rings on."""
        del token
        self._looks_at = -1.0
        if self._is_anybody_there():
            return
        for request in self._queue.requests():
            # An agent whom an earlier one has set free may have taken it meanwhile.
            if request.state == QUEUED:
                if self._log is not None:
                    self._log.request("queue_emptied", request, kind=request.kind)
                self._router.no_agent(request)

    def _is_anybody_there(self, without: Collection[Any] = ()) -> bool:
        return any(
            desk.agent.on_duty and desk.is_taken and desk.agent not in without
            for pool in self._queue.members
            for desk in pool.desks
        )
