"""Simulate how a contact centre routes conversations to agents, queues and transfers.

    import sim
    day = sim.load("scenarios/support_day.yaml")
    result = sim.run(day, replications=30)
    result.figures

Names are fetched on first use, so that `import sim` costs nothing and a command imports only what it needs.
"""

from typing import TYPE_CHECKING

from sim.errors import NotSimulatedError as NotSimulatedError
from sim.errors import ScenarioError as ScenarioError
from sim.errors import SimError as SimError
from sim.interpreter import lazy

if TYPE_CHECKING:
    from sim.engine import simulate as simulate
    from sim.experiments.comparison import Comparison as Comparison
    from sim.experiments.comparison import compare as compare
    from sim.experiments.erlang.asking import erlang as erlang
    from sim.experiments.replications import run as run
    from sim.experiments.result import Result as Result
    from sim.experiments.selection import Selection as Selection
    from sim.experiments.selection import best as best
    from sim.experiments.sweep_result import Sweep as Sweep
    from sim.experiments.sweeps import sweep as sweep
    from sim.gate.checking import check as check
    from sim.gate.result import CheckResult as CheckResult
    from sim.logs.backtesting import backtest as backtest
    from sim.logs.calibrating import calibrate as calibrate
    from sim.logs.estimates import Calibration as Calibration
    from sim.logs.exporting import export as export
    from sim.logs.prediction import Backtest as Backtest
    from sim.metrics import measure as measure
    from sim.opening import open as open  # noqa: A004 - it is `sim.open`
    from sim.records import EVERYTHING as EVERYTHING
    from sim.records import Recorder as Recorder
    from sim.records import Records as Records
    from sim.scenario import Scenario as Scenario
    from sim.scenario import dump as dump
    from sim.scenario import load as load
    from sim.scenario import loads as loads
    from sim.scenario import schema as schema
    from sim.staffing.calendar_plan import CalendarPlan as CalendarPlan
    from sim.staffing.calendar_plan import staff_dates as staff_dates
    from sim.staffing.plan import Plan as Plan
    from sim.staffing.solving import staff as staff
    from sim.version import __version__ as __version__
    from sim.workload import Workload as Workload
    from sim.workload import by_hand as by_hand
    from sim.workload import draw as draw

_HOMES = {
    "__version__": "sim.version",
    "Scenario": "sim.scenario",
    "load": "sim.scenario",
    "loads": "sim.scenario",
    "dump": "sim.scenario",
    "schema": "sim.scenario",
    "Workload": "sim.workload",
    "draw": "sim.workload",
    "by_hand": "sim.workload",
    "EVERYTHING": "sim.records",
    "Recorder": "sim.records",
    "Records": "sim.records",
    "simulate": "sim.engine",
    "measure": "sim.metrics",
    "Result": "sim.experiments.result",
    "run": "sim.experiments.replications",
    "Comparison": "sim.experiments.comparison",
    "compare": "sim.experiments.comparison",
    "Selection": "sim.experiments.selection",
    "best": "sim.experiments.selection",
    "Sweep": "sim.experiments.sweep_result",
    "sweep": "sim.experiments.sweeps",
    "erlang": "sim.experiments.erlang.asking",
    "CheckResult": "sim.gate.result",
    "check": "sim.gate.checking",
    "CalendarPlan": "sim.staffing.calendar_plan",
    "staff_dates": "sim.staffing.calendar_plan",
    "Plan": "sim.staffing.plan",
    "staff": "sim.staffing.solving",
    "Calibration": "sim.logs.estimates",
    "calibrate": "sim.logs.calibrating",
    "Backtest": "sim.logs.prediction",
    "backtest": "sim.logs.backtesting",
    "export": "sim.logs.exporting",
    "open": "sim.opening",
}

__all__ = [
    "NotSimulatedError",
    "ScenarioError",
    "SimError",
    *_HOMES,
]


if not TYPE_CHECKING:  # a type checker knows the names above and no others
    __getattr__ = lazy(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
