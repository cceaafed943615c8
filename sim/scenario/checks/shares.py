"""Shares that belong together sum to 100 %, or to no more than that."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.laws import SHARES_TOLERANCE
from sim.scenario.surroundings import Finding

if TYPE_CHECKING:
    from sim.scenario.model import Scenario


def shares_of_destinations(scenario: "Scenario") -> Iterator[Finding]:
    """Find transfers and conferences whose shares do not sum to 100 %."""
    for name, queue in scenario.queues.items():
        for key, part in (("transfer", queue.transfer), ("conference", queue.conference)):
            total = 1.0 if part is None else math.fsum(part.to.values())
            if abs(total - 1) > SHARES_TOLERANCE:
                what = f"the shares sum to {total * 100:.10g}%, they have to sum to 100%"
                yield Finding(("queues", name, key, "to"), what, rests_on=("to.*",))


def shares_of_labels(scenario: "Scenario") -> Iterator[Finding]:
    """Find arrivals whose labels are given to more than all customers."""
    for i, stream in enumerate(scenario.arrivals):
        total = math.fsum(stream.labels.values())
        if total > 1 + SHARES_TOLERANCE:
            what = f"the shares sum to {total * 100:.10g}%, at most 100% is possible"
            yield Finding(("arrivals", i, "labels"), what)
