"""What Python code hands over: the mistakes that a type checker would have named, each in a line with its remedy."""

from operator import index
from pathlib import Path

from sim.errors import SimError, quoted
from sim.scenario.model import Scenario


def require_scenarios(*given: object) -> None:
    """Raise SimError for the first that is no scenario, and say how to get one."""
    wrong = next((one for one in given if not isinstance(one, Scenario)), None)
    if isinstance(wrong, str | Path):
        name = str(wrong)
        remedy = "sim.loads(...)" if "\n" in name else f'sim.load("{name}")'
        raise SimError(f"{quoted(name)} is text and no scenario yet; read it with {remedy}")
    if wrong is not None or None in given:
        raise SimError(
            f"{_kind(wrong)} is no scenario; sim.load(...) reads one from a file, sim.loads(...) from text"
        )


def require_path(given: object) -> None:
    """Raise SimError for what is no path of a file."""
    if not isinstance(given, str | Path):
        remedy = "" if not isinstance(given, dict) else "; sim.Scenario.model_validate(...) takes its content"
        raise SimError(f"sim.load takes the path of a scenario file, not {_kind(given)}{remedy}")


def require_whole(**given: object) -> None:
    """Raise SimError for the first of these, by its name, that is neither a whole number nor left out."""
    for name, value in given.items():
        if value is not None and not _is_whole(value):
            written = repr(value) if isinstance(value, str) else str(value)
            raise SimError(f"{name} must be a whole number, not {written}")


def _is_whole(value: object) -> bool:
    try:
        index(value)  # type: ignore[arg-type]  # that is the question
    except TypeError:
        return False
    return True


def _kind(value: object) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"
