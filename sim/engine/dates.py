"""A calendar on an engine: its open dates apart, each on its own clock from midnight."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.records import Recorder, Records
from sim.records.dated import DatedRecords

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.workload import Workload

OneDay = Callable[["Scenario", "Workload", Recorder], Records]


def simulate_dates(
    scenario: "Scenario", workload: "Workload", recorder: Recorder | None, one: OneDay
) -> DatedRecords:
    """Simulate each open date of a scenario's calendar by `one`, and return the records of all of them."""
    recorder = Recorder(scenario) if recorder is None else recorder
    days = [
        one(date.scenario, customers, Recorder(date.scenario, recorder.tables))
        for date, customers in zip(scenario.days, workload.days, strict=True)
    ]
    return DatedRecords(scenario, recorder, workload.replication, days)
