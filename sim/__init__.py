"""Simulate how a contact centre routes conversations to agents, queues and transfers.

    import sim
    day = sim.load("scenarios/support_day.yaml")
    result = sim.run(day, replications=30)
    result.figures

Names are fetched on first use, so that `import sim` costs nothing and a command imports only what it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from sim.errors import NotSimulatedError as NotSimulatedError
from sim.errors import ScenarioError as ScenarioError
from sim.errors import SimError as SimError

if TYPE_CHECKING:
    from sim.engine import simulate as simulate
    from sim.experiments import Result as Result
    from sim.experiments import run as run
    from sim.metrics import measure as measure
    from sim.records import Records as Records
    from sim.scenario import Scenario as Scenario
    from sim.scenario import dump as dump
    from sim.scenario import load as load
    from sim.scenario import loads as loads
    from sim.scenario import schema as schema
    from sim.workload import Workload as Workload
    from sim.workload import by_hand as by_hand
    from sim.workload import draw as draw

_HOMES = {
    "Scenario": "sim.scenario",
    "load": "sim.scenario",
    "loads": "sim.scenario",
    "dump": "sim.scenario",
    "schema": "sim.scenario",
    "Workload": "sim.workload",
    "draw": "sim.workload",
    "by_hand": "sim.workload",
    "Records": "sim.records",
    "simulate": "sim.engine",
    "measure": "sim.metrics",
    "Result": "sim.experiments",
    "run": "sim.experiments",
}

__all__ = [  # noqa: PLE0604 - the lazy names are added from the table that serves them
    "NotSimulatedError",
    "ScenarioError",
    "SimError",
    "__version__",
    *_HOMES,
]


def __getattr__(name: str) -> object:
    """Fetch a public name from its home and keep it."""
    if name == "__version__":
        value: object = _version()
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import version

    return version("contact-routing-sim")
