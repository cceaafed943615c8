"""Numbers as they are written on the command line: shares in per cent, times with their unit."""

from sim.errors import SimError, shown
from sim.experiments.wanted import Wanted
from sim.scenario.fields import duration, quantity, share


def share_of(text: str, option: str) -> float:
    """Read 95% or 0.95. Raises SimError."""
    try:
        return share(text)
    except ValueError as error:
        raise SimError(f"{option}: {error}") from None


def seconds_of(text: str, option: str) -> float:
    """Read 300, 300s, 5m or 1h. Raises SimError."""
    try:
        return duration(text)
    except ValueError as error:
        raise SimError(f"{option}: {error}") from None


def amount_of(text: str, wanted: Wanted, option: str) -> float:
    """Read an amount in the unit of a figure: 1% for a share, 5s for a time, else a plain number.

    Raises SimError where it is none, or has the unit of something else.
    """
    metric = wanted.definition
    try:
        found = quantity(text)
    except ValueError as error:
        raise SimError(f"{option}: {error}") from None
    has_unit = not text.strip()[-1:].isdigit()
    if has_unit and (text.strip().endswith("%") != metric.is_share or metric.unit not in ("share", "s")):
        example = {"share": "1%", "s": "5s"}.get(metric.unit, "2")
        raise SimError(
            f"{option}: {shown(text)} is no amount of {wanted.metric} ({metric.unit}); write {example}"
        )
    return found
