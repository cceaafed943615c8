"""The names of the routing policies: those built in and those that other packages add by entry point."""

from collections.abc import Callable
from typing import Any

from sim.scenario.nearest import did_you_mean, shown

AGENT_SELECTIONS = (
    "fewest_tasks",
    "most_tasks",
    "longest_available",
    "most_skilled",
    "round_robin",
    "random",
)
REQUEST_SELECTIONS = ("priority", "longest_waiting", "priority_with_ageing")


def policy_name(group: str, built_in: tuple[str, ...]) -> Callable[[Any], str]:
    """Return a reader of policy names of one entry-point group; it looks names up but loads nothing."""

    def read(given: Any) -> str:
        if isinstance(given, str) and (given in built_in or given in _installed(group)):
            return given
        raise ValueError(
            f"unknown policy {shown(given)}; {did_you_mean(given, (*built_in, *_installed(group)))}"
        )

    return read


def _installed(group: str) -> tuple[str, ...]:
    from importlib.metadata import entry_points  # only where a name is not built in

    return tuple(entry_points(group=group).names)
