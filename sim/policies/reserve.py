"""Reserve for transfers: customers already served once find somebody, new ones wait a little longer."""

from dataclasses import dataclass

from sim.policies.guard import GuardedAgents, GuardedRequests
from sim.policies.views import RequestView


@dataclass(frozen=True, slots=True)
class ReserveForTransfers:
    """Keeps `keep` agents of every queue available for requests that other agents place.

    A customer's own request is offered only while more than `keep` agents of its queue are available. Source
    of the idea: trunk reservation in call centres, Gans, Koole and Mandelbaum (2003), Telephone Call
    Centers, section 5.1; it protects one class at the price of the others and of some idleness.
    """

    keep: int = 1

    def allows(self, request: RequestView) -> bool:
        """Whether enough agents stay available for transfers and conferences."""
        return request.kind != "inbound" or request.queue.available > self.keep


RESERVE_AGENTS = GuardedAgents(ReserveForTransfers())
"""`routing.agent_selection: reserve_for_transfers`: one agent of every queue is kept available."""

RESERVE_REQUESTS = GuardedRequests(ReserveForTransfers())
"""`routing.request_selection: reserve_for_transfers`: its other half, for agents who become free."""
