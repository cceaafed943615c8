"""Who is held back: requests that a policy keeps waiting beside an available agent, looked at again on any change."""

from typing import TYPE_CHECKING

from sim.engine.clock import Due
from sim.engine.queue import LevelByKind
from sim.engine.ranks import HELD_BACK

if TYPE_CHECKING:
    from sim.engine.context import Context
    from sim.engine.desk import Desk
    from sim.engine.queue import Entry
    from sim.engine.request import Request
    from sim.engine.router import Router
    from sim.engine.selection import Selection


class HeldBack(Due):
    """Looks at the heads of the queues once more at the end of an instant in which something has changed.

    A policy for both decisions may let go of a request because another one has come or gone, and nobody would ask it
    otherwise: whoever is free already does not look at their queues again.
    """

    __slots__ = ("_clock", "_is_due", "_queues", "_router", "_selection")

    def __init__(self, context: "Context", router: "Router", selection: "Selection") -> None:
        self._clock = context.clock
        self._queues = tuple(queue for queue in context.queues.values() if queue.spec.mode == "push")
        self._router = router
        self._selection = selection
        self._is_due = False
        for queue in context.queues.values():
            if queue.watch is not None:
                queue.watch.on_change = self.on_change

    def on_change(self) -> None:
        """Look again at the end of this instant, where anybody waits beside an available agent."""
        if not self._is_due:
            for queue in self._queues:
                if queue.waiting and queue.available():
                    self._is_due = True
                    self._clock.schedule_due(self._clock.now, HELD_BACK, self)
                    return

    def lets_another_go(self, request: "Request", desk: "Desk", is_kept: bool) -> bool:
        """Offer `desk` another request that was held back and comes before this one, for which they were found.

        This one waits meanwhile, for whoever is freed by that offer as well; then its search goes on.
        """
        other = self._selection.before(request, desk)
        if other is None:
            return False
        ticket = request.ticket
        if not is_kept:
            self._router.keep(request)
        self._router.offers.offer(other, desk)
        if request.ticket == ticket:  # it still waits
            self._router.dispatch(request, is_kept=True)
        return True

    def fire(self, token: int) -> None:
        """Offer until nobody is let go any more."""
        del token
        while self._offer_one():
            pass
        self._is_due = False

    def _offer_one(self) -> bool:
        heads = self._heads()
        heads.sort()
        for _, _, request in heads:
            desk = self._selection.desk_for(request)
            chosen = None if desk is None else self._selection.request_for(desk)
            if desk is not None and chosen is not None:
                self._router.offers.offer(chosen, desk)
                return True
        return False

    def _heads(self) -> "list[Entry]":
        found: list[Entry] = []
        for queue in self._queues:
            if queue.waiting and queue.available():
                for level in queue.levels:
                    assert isinstance(level, LevelByKind)
                    level.add_heads(None, found)
        return found
