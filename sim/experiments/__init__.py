"""HOW SURE: a scenario run over and over, and what that says."""

from typing import TYPE_CHECKING

from sim.lazy import lazy

if TYPE_CHECKING:
    from sim.experiments.choosing import best as best
    from sim.experiments.comparing import compare as compare
    from sim.experiments.comparison import Comparison as Comparison
    from sim.experiments.replicate import run as run
    from sim.experiments.result import Result as Result
    from sim.experiments.selection import Selection as Selection
    from sim.experiments.steady import WarmUp as WarmUp
    from sim.experiments.steady import warm_up as warm_up
    from sim.experiments.store import check_folder as check_folder
    from sim.experiments.store import check_results as check_results
    from sim.experiments.sweeping import sweep as sweep
    from sim.experiments.swept import Sweep as Sweep
    from sim.experiments.targets import check_targets as check_targets

_HOMES = {
    "Comparison": "sim.experiments.comparison",
    "Result": "sim.experiments.result",
    "Selection": "sim.experiments.selection",
    "Sweep": "sim.experiments.swept",
    "WarmUp": "sim.experiments.steady",
    "best": "sim.experiments.choosing",
    "check_folder": "sim.experiments.store",
    "check_results": "sim.experiments.store",
    "check_targets": "sim.experiments.targets",
    "compare": "sim.experiments.comparing",
    "run": "sim.experiments.replicate",
    "sweep": "sim.experiments.sweeping",
    "warm_up": "sim.experiments.steady",
}

__all__ = list(_HOMES)

__getattr__ = lazy(__name__, _HOMES)
