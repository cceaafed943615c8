"""A whole day with everything on, run once."""

from pathlib import Path
from typing import NamedTuple

import pytest

from sim.engine import simulate
from sim.records import EVERYTHING, Recorder, Records
from sim.records.events import Event, read_events
from sim.scenario import Scenario, load
from sim.workload import draw

REFERENCE = Path(__file__).parents[2] / "scenarios" / "reference.yaml"
EVERYTHING_ON = (
    "queues.general.transfer.probability=40%",
    "queues.general.transfer.warm=30%",
    "queues.general.transfer.handover_time=30s",
    "queues.general.conference.probability=30%",
    "queues.general.conference.while_waiting=works",
    "queues.general.conference.after=35%",
    "queues.billing.transfer.probability=30%",
    "queues.billing.transfer.named=50%",
    "supervision.probability=20%",
    "supervision.barge_in=40%",
    "queues.technical.patience={exponential: {mean: 40s}}",
    "teams.engineers.accept.probability=60%",
    "channels.web.request_ttl=70s",
    "routing.require_available_agent=off",
)


class Day(NamedTuple):
    """A simulated day and its events."""

    scenario: Scenario
    records: Records
    events: list[Event]


@pytest.fixture(scope="session")
def day() -> Day:
    """The reference day with more transfers, conferences, ring-outs and supervisors than it usually has."""
    scenario = load(REFERENCE, EVERYTHING_ON)
    records = simulate(scenario, draw(scenario), Recorder(scenario, EVERYTHING))
    return Day(scenario, records, read_events(records.events))
