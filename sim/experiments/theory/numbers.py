"""Shared checks of the numbers a formula is given."""

from sim.errors import SimError


def positive(**values: float) -> None:
    """Raise a SimError that names every value which is not above zero."""
    _refuse("be above 0", {name: value for name, value in values.items() if not value > 0})


def at_least(least: float, **values: float) -> None:
    """Raise a SimError that names every value which is below `least`."""
    _refuse(f"be at least {least:g}", {name: value for name, value in values.items() if not value >= least})


def share(**values: float) -> None:
    """Raise a SimError that names every value outside 0..1."""
    _refuse("lie between 0 and 1", {name: value for name, value in values.items() if not 0 <= value <= 1})


def _refuse(rule: str, wrong: dict[str, float]) -> None:
    if wrong:
        said = (f"{name.replace('_', ' ')} must {rule}, not {value:g}" for name, value in wrong.items())
        raise SimError("; ".join(said))
