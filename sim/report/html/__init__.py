"""A saved result as one HTML file that needs nothing else."""

from typing import TYPE_CHECKING

from sim.lazy import lazy

if TYPE_CHECKING:
    from sim.report.html.saved import report as report
    from sim.report.html.saved import write_report as write_report
    from sim.report.html.saved_run import SavedRun as SavedRun

_HOMES = {
    "SavedRun": "sim.report.html.saved_run",
    "report": "sim.report.html.saved",
    "write_report": "sim.report.html.saved",
}

__all__ = list(_HOMES)

__getattr__ = lazy(__name__, _HOMES)
