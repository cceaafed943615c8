"""What is expected of a stream over the dates of a calendar, by hand."""

from sim.scenario import loads
from sim.workload.arrivals import expected_rate

TWO_MORNINGS = """
calendar: {from: 2026-03-02, days: 2, open: "08:00-10:00"}
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {q: {medium: voice, handle_time: 5m, volume_factor: 2}}
teams: {t: {agents: 1, skills: {q: 1}}}
arrivals: [{channel: phone, queue: q, per_hour: [10, 30], every: 1h}]
"""
HOUR, DAY = 3600.0, 86_400.0


def test_the_rate_of_a_calendar_has_its_pieces_one_date_after_the_other() -> None:
    scenario = loads(TWO_MORNINGS)
    rate = expected_rate(scenario, scenario.arrivals[0])
    eight, nine, ten = 8 * HOUR, 9 * HOUR, 10 * HOUR
    assert rate.starts.tolist() == [eight, nine, DAY + eight, DAY + nine]
    assert rate.ends.tolist() == [nine, ten, DAY + nine, DAY + ten]
    assert rate.volumes.tolist() == [20.0, 60.0, 20.0, 60.0]
