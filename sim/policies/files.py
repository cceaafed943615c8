"""Policies of one's own from a Python file that the command line names; a scenario file never names code."""

import importlib.util
import inspect
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.errors import SimError, did_you_mean, quoted

SELECTIONS = {3: "agent_selection", 2: "request_selection"}
"""Which selection a class is, by what its method `choose` takes."""
FORM = "write --policy FILE.py:CLASS"


def policies_of(named: Sequence[str]) -> dict[str, Any]:
    """Return an instance of each named class, by the selection that it is: `agent_selection`, `request_selection`.

    Each name is FILE.py:CLASS. The file is run as a module. A rule, with a method `allows`, guards both. Raises
    SimError where the file cannot be run, the class is not there or is no policy, and where two are of one kind.
    """
    found: dict[str, Any] = {}
    for name in named:
        path, separator, class_name = name.rpartition(":")
        if not separator or not path:
            raise SimError(f"--policy {quoted(name)} names no class; {FORM}")
        for kind, policy in _halves(_instance(_module(Path(path)), path, class_name), name):
            if kind in found:
                raise SimError(
                    f"--policy {quoted(name)} is a second {kind.replace('_', ' ')}; give one of each"
                )
            found[kind] = policy
    return found


def _halves(policy: Any, name: str) -> list[tuple[str, Any]]:
    """Return a selection with its kind; of a rule, which says what it allows, both selections that it guards."""
    if callable(getattr(policy, "allows", None)):
        from sim.policies.guarded import GuardedAgents, GuardedRequests

        guards = {3: GuardedAgents(policy), 2: GuardedRequests(policy)}
        return [(SELECTIONS[taken], guard) for taken, guard in guards.items()]
    return [(_kind(policy, name), policy)]


def _module(path: Path) -> ModuleType:
    name = f"policy_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if path.suffix != ".py" or not path.is_file() or spec is None or spec.loader is None:
        raise SimError(f"--policy {path}: there is no such Python file; {FORM}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever the user's file raises is their mistake, told in a line
        raise SimError(f"--policy {path}: cannot be run: {type(error).__name__}: {error}") from error
    # Worker processes cannot import it by its name.
    from cloudpickle import register_pickle_by_value

    register_pickle_by_value(module)
    return module


def _instance(module: ModuleType, path: str, name: str) -> Any:
    classes = [
        key for key, one in vars(module).items() if inspect.isclass(one) and one.__module__ == module.__name__
    ]
    if name not in classes:
        raise SimError(f"--policy {path}: there is no class {quoted(name)}; {did_you_mean(name, classes)}")
    try:
        return getattr(module, name)()
    except Exception as error:  # as above
        raise SimError(f"--policy {path}:{name}: cannot be made: {type(error).__name__}: {error}") from error


def _kind(policy: Any, name: str) -> str:
    choose = getattr(policy, "choose", None)
    taken = len(inspect.signature(choose).parameters) if callable(choose) else 0
    if taken not in SELECTIONS:
        forms = (
            "choose(request, candidates, uniform) for agents, choose(agent, waiting) for requests "
            "or allows(request) for both"
        )
        raise SimError(f"--policy {quoted(name)} is no policy; it needs the method {forms}")
    return SELECTIONS[taken]
