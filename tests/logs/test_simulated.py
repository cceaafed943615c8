"""Simulated days and logged ones are measured by the same code."""

import pandas as pd

from sim.engine import simulate
from sim.logs.log import calls_of, figures
from sim.scenario import loads
from sim.workload import by_hand

DESK = """
name: One agent, one transfer
lasts: 1h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  calls:
    medium: voice
    handle_time: 100s
    patience: 150s
    transfer: {probability: 50%, to: {experts: 100%}}
  experts: {medium: voice, handle_time: 300s}
teams:
  desk: {agents: 1, skills: {calls: 1}, wrap_up: 10s}
  experts: {agents: 2, skills: {experts: 1}}
arrivals:
  - {channel: phone, queue: calls, per_hour: 1}
"""


def test_a_simulated_day_reads_as_a_log() -> None:
    """The first is transferred after 100 s, the second waits 110 s for the agent, the third leaves after 150 s."""
    scenario = loads(DESK)
    contacts = [
        {"at": at, "queue": "calls", "channel": "phone", "transfer": transferred}
        for at, transferred in ((0, 0.1), (0, 0.9), (10, 0.9))
    ]
    calls = calls_of(simulate(scenario, by_hand(scenario, contacts)), pd.Timestamp("2014-03-03 08:00"))
    assert calls["outcome"].tolist() == ["answered", "answered", "abandoned"]
    assert calls["transferred_at"].notna().tolist() == [True, False, False]
    row = figures(calls, within=20.0).loc["calls"]
    assert row["offered"] == 3
    assert row["asa"] == 55
    assert row["handle_time"] == 100
    assert row["transfer_rate"] == 0.5
