"""Who is put to the test: a scenario, and the policies that are passed to it as objects."""

from dataclasses import dataclass
from typing import Any

from sim.policies import AGENT_SELECTIONS, AgentSelection, RequestSelection
from sim.policies.request_selection import REQUEST_RULES
from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Contender:
    """A scenario with its policies: those that it names, unless others are given."""

    scenario: Scenario
    agent_selection: AgentSelection | None = None
    request_selection: RequestSelection | None = None

    @property
    def policies(self) -> dict[str, Any]:
        """The policies given, as `simulate` takes them."""
        return {"agent_selection": self.agent_selection, "request_selection": self.request_selection}

    @property
    def has_own_policies(self) -> bool:
        """Whether a decision is made by a policy that is not built in."""
        routing = self.scenario.routing
        return (
            self.agent_selection is not None
            or self.request_selection is not None
            or routing.agent_selection not in AGENT_SELECTIONS
            or routing.request_selection not in REQUEST_RULES
        )
