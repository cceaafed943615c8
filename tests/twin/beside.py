"""A plugin of pytest: each world that a test runs on both engines goes to the second simulation as well.

    python -m pytest -p twin.beside tests/engine tests/user_guide

A test fails where the three differ. Left out is what the second simulation does not know.
"""

from engine import worlds
from engine.compiled.both_engines import on_both

from sim.records import Records
from sim.scenario import Scenario
from sim.workload import Workload
from twin.comparison import events_of, first_difference
from twin.event_list import EventList


def on_all_three(scenario: Scenario, workload: Workload) -> Records:
    """Return what the engines record, which the second simulation has to tell as well."""
    records = on_both(scenario, workload)
    if knows(scenario):
        assert first_difference(EventList(scenario, workload).run().events, events_of(records)) == ""
    return records


def knows(scenario: Scenario) -> bool:
    """Whether the second simulation knows all that a scenario asks for: no dates of a calendar."""
    return not scenario.is_dated


worlds.on_both = on_all_three
