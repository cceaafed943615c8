"""Checks across the parts of a scenario."""

from typing import TYPE_CHECKING

from sim.scenario.surroundings import Finding, Surroundings

if TYPE_CHECKING:
    from sim.scenario.model import Scenario


def check(scenario: "Scenario", around: Surroundings) -> list[Finding]:
    """Return all that does not fit together."""
    return []
