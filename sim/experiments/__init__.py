"""HOW SURE: a scenario run over and over, and what that says."""

from typing import TYPE_CHECKING

from sim.lazy import lazy

if TYPE_CHECKING:
    from sim.experiments.replicate import run as run
    from sim.experiments.result import Result as Result
    from sim.experiments.store import check_folder as check_folder
    from sim.experiments.targets import check_targets as check_targets

_HOMES = {
    "Result": "sim.experiments.result",
    "check_folder": "sim.experiments.store",
    "check_targets": "sim.experiments.targets",
    "run": "sim.experiments.replicate",
}

__all__ = list(_HOMES)

__getattr__ = lazy(__name__, _HOMES)
