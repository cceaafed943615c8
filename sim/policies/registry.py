"""Policies by the names that scenarios give: built in, or registered by an installed package.

A package registers an object, or a class or function that makes one without arguments, by an entry point of
the group `sim.agent_selection` or `sim.request_selection`.
"""

from functools import lru_cache
from typing import Any

from sim.errors import SimError
from sim.policies.agent_selection import AGENT_SELECTIONS, AgentSelection
from sim.policies.request_selection import REQUEST_RULES, RankedRequests, RequestSelection, request_key


class PolicyError(SimError):
    """A policy raised, chose what it was not offered, or is not deterministic."""


AGENTS = "sim.agent_selection"
REQUESTS = "sim.request_selection"


def agent_selection(name: str) -> AgentSelection:
    """Return the agent selection of that name.

    Raises PolicyError where a registered one cannot be loaded or has no `choose`.
    """
    built_in = AGENT_SELECTIONS.get(name)
    if built_in is not None:
        return built_in
    policy: AgentSelection = _registered(AGENTS, name)
    return policy


def request_selection(name: str, queue_priority: bool, ageing_s: float) -> RequestSelection:
    """Return the request selection of that name; the switches are for those built in.

    Raises PolicyError where a registered one cannot be loaded or has no `choose`.
    """
    if name in REQUEST_RULES:
        return RankedRequests(request_key(name, queue_priority, ageing_s))
    policy: RequestSelection = _registered(REQUESTS, name)
    return policy


def name_of(policy: object) -> str:
    """Return the name of a policy in messages: as it is registered, else its class."""
    return next((name for name, one in _loaded if one is policy), type(policy).__name__)


_loaded: list[tuple[str, object]] = []
"""The registered policies in use, with their names."""


@lru_cache(maxsize=64)
def _registered(group: str, name: str) -> Any:
    from importlib.metadata import entry_points  # only where a name is not built in

    where = f"{group.removeprefix('sim.')} `{name}`"
    points = entry_points(group=group, name=name)
    if not points:
        raise PolicyError(f"{where}: no installed package registers it")
    point = next(iter(points))
    try:
        found = point.load()
        policy = found if hasattr(found, "choose") and not isinstance(found, type) else found()
    except Exception as error:
        raise PolicyError(f"{where} ({point.value}): cannot be loaded: {_words(error)}") from error
    if not callable(getattr(policy, "choose", None)):
        raise PolicyError(f"{where} ({point.value}): has no `choose`; see docs/policies.md")
    _loaded.append((name, policy))
    return policy


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
