"""Days of a small centre with processes of the test's own on its clock."""

from collections.abc import Generator
from typing import Any

import simpy

from engine.worlds import Contact, Told, centre
from sim.engine import simulate
from sim.engine.running import OwnProcess
from sim.records import EVERYTHING, Recorder
from sim.scenario import Scenario
from sim.workload import by_hand

ONE_DESK = """
opens: 2026-03-02 09:00
queues: {calls: {medium: chat, handle_time: 60s, patience: 1h}}
teams: {desk: {agents: 1, skills: {calls: 1}, wrap_up: 10s}}
"""

Steps = Generator[simpy.Event, Any, Any]


def day(scenario: Scenario, contacts: dict[str, Contact], *processes: OwnProcess) -> Told:
    """Simulate a day with contacts for the first queue and processes of one's own."""
    queue = next(iter(scenario.queues))
    placed = [{"queue": queue, "channel": "web", **contact} for contact in contacts.values()]
    recorder = Recorder(scenario, EVERYTHING)
    records = simulate(scenario, by_hand(scenario, placed), recorder, processes=processes)
    return Told(records, list(contacts))


def desk(*processes: OwnProcess, **contacts: Contact) -> Told:
    """Simulate a day of one agent."""
    return day(centre(ONE_DESK), contacts, *processes)
