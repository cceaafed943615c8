"""Pictures of results: functions that take a run, or one of its tables, and return matplotlib's axes.

    from sim.report import plots
    plots.service_level(result, "billing")
    result.plot.service_level("billing")     # the same

matplotlib is imported when the first picture is asked for.
"""

from typing import TYPE_CHECKING

from sim.interpreter import lazy

if TYPE_CHECKING:
    from sim.report.plots.accessor import Plots as Plots
    from sim.report.plots.bands import ranks as ranks
    from sim.report.plots.bands import validation as validation
    from sim.report.plots.comparison import differences as differences
    from sim.report.plots.fits import arrivals as arrivals
    from sim.report.plots.fits import durations as durations
    from sim.report.plots.fits import heads as heads
    from sim.report.plots.fits import patience as patience
    from sim.report.plots.fits import spread_of_counts as spread_of_counts
    from sim.report.plots.intervals import by_interval as by_interval
    from sim.report.plots.intervals import no_agent_rate as no_agent_rate
    from sim.report.plots.intervals import queue_lengths as queue_lengths
    from sim.report.plots.intervals import service_level as service_level
    from sim.report.plots.intervals import volumes as volumes
    from sim.report.plots.panels import each_queue as each_queue
    from sim.report.plots.plan import demand as demand
    from sim.report.plots.plan import staffing as staffing
    from sim.report.plots.plan import waiting as waiting
    from sim.report.plots.required import requirement as requirement
    from sim.report.plots.source import NothingToDrawError as NothingToDrawError
    from sim.report.plots.story import conversation as conversation
    from sim.report.plots.sweep import sweep_curve as sweep_curve
    from sim.report.plots.teams import agent_states as agent_states
    from sim.report.plots.teams import concurrency as concurrency
    from sim.report.plots.teams import occupancy as occupancy
    from sim.report.plots.transfers import transfer_flow as transfer_flow
    from sim.report.plots.waiting_times import answered_within as answered_within
    from sim.report.plots.waiting_times import waits as waits
    from sim.report.plots.warm_up import welch as welch

_HOMES = {
    "NothingToDrawError": "source",
    "Plots": "accessor",
    "agent_states": "teams",
    "answered_within": "waiting_times",
    "arrivals": "fits",
    "by_interval": "intervals",
    "concurrency": "teams",
    "conversation": "story",
    "demand": "plan",
    "differences": "comparison",
    "durations": "fits",
    "each_queue": "panels",
    "heads": "fits",
    "no_agent_rate": "intervals",
    "occupancy": "teams",
    "patience": "fits",
    "queue_lengths": "intervals",
    "ranks": "bands",
    "requirement": "required",
    "service_level": "intervals",
    "spread_of_counts": "fits",
    "staffing": "plan",
    "sweep_curve": "sweep",
    "transfer_flow": "transfers",
    "validation": "bands",
    "volumes": "intervals",
    "waiting": "plan",
    "waits": "waiting_times",
    "welch": "warm_up",
}

__all__ = list(_HOMES)

if not TYPE_CHECKING:  # a type checker knows the names above and no others
    __getattr__ = lazy(__name__, {name: f"{__name__}.{home}" for name, home in _HOMES.items()})


def __dir__() -> list[str]:
    return __all__
