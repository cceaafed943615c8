"""Figures that were printed with the half-width of their 95 % interval."""

from sim.verification.case import Figure
from sim.verification.measures import Measure

GUIDE = "ContactCenters examples guide, 1000 days"
Z_95 = 1.959964


def printed(
    name: str,
    expected: float,
    half_width: float,
    measure: Measure,
    source: str | None = None,
    *,
    controlled: bool = True,
) -> Figure:
    """Return a figure that was printed as `expected` +- `half_width`, a 95 % interval."""
    return Figure(name, expected, measure, half_width / Z_95, source, controlled)


def interval(
    name: str,
    expected: float,
    low: float,
    high: float,
    measure: Measure,
    source: str,
    *,
    controlled: bool = True,
) -> Figure:
    """Return a figure that was printed with the ends of its 95 % interval."""
    return printed(name, expected, (high - low) / 2, measure, source, controlled=controlled)
