"""The names of queues, teams and kinds that a picture is asked for."""

from collections.abc import Mapping
from typing import Any

from sim.errors import SimError, did_you_mean, shown
from sim.metrics.cells import Axes as Dimensions
from sim.scenario import Scenario


def require_names(given: Mapping[str, Any]) -> None:
    """Raise SimError, with the nearest name, for a queue, team or kind of which the scenario knows nothing.

    `given` are the arguments of a picture, its source among them; of a bare table nobody knows the names.
    """
    scenario = getattr(given.get("source"), "scenario", None)
    if not isinstance(scenario, Scenario):
        return
    dimensions = Dimensions.of(scenario)
    for dimension in ("queue", "team", "kind"):
        known = dimensions.names(dimension)
        wanted = given.get(dimension) or ()
        for name in (wanted,) if isinstance(wanted, str) else wanted:
            if name and name not in known:
                raise SimError(f"no {dimension} {shown(name)}; {did_you_mean(name, known)}")
