"""A result as one HTML file that needs nothing else."""

from typing import TYPE_CHECKING

from sim.lazy import lazy

if TYPE_CHECKING:
    from sim.report.html.rendering import report as report
    from sim.report.html.rendering import write_report as write_report

_HOMES = {
    "report": "sim.report.html.rendering",
    "write_report": "sim.report.html.rendering",
}

__all__ = list(_HOMES)

__getattr__ = lazy(__name__, _HOMES)
