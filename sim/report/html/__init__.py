"""A result as one HTML file that needs nothing else."""

from typing import TYPE_CHECKING

from sim.interpreter import lazy

if TYPE_CHECKING:
    from sim.report.html.results import report as report
    from sim.report.html.results import write_report as write_report

_HOMES = {
    "report": "sim.report.html.results",
    "write_report": "sim.report.html.results",
}

__all__ = list(_HOMES)

if not TYPE_CHECKING:  # a type checker knows the names above and no others
    __getattr__ = lazy(__name__, _HOMES)
