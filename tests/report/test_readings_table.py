"""The terminal shows the further readings of a service level, in a table of their own."""

import sim
from sim.report.run import terminal
from sim.scenario import loads

DAY = """
lasts: 1h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  desk: {medium: voice, handle_time: 5m, patience: 2m, service_level: {within: 20s, target: 80%, also: [{within: 60s}]}}
  side: {medium: voice, handle_time: 5m, service_level: {within: 20s, target: 80%}}
customers: {after_abandon: {come_back: 50%, after: 1m, at_most: 1}}
teams: {crew: {agents: 3, skills: {desk: 1, side: 1}}}
arrivals: [{channel: phone, queue: desk, per_hour: 40}, {channel: phone, queue: side, per_hour: 2}]
"""


def test_each_reading_has_a_row_where_it_has_a_meaning() -> None:
    result = sim.run(loads(DAY), 2, jobs=1)
    lines = terminal(result, 80).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("Service level read otherwise"))
    heads = [line.split("  ")[0] for line in lines[at + 1 : at + 6]]
    assert [head for head in heads if "," in head] == [
        "desk, within 60s",
        "desk, by customer",
        "side, by customer",
        "all queues, within 60s",
        "all queues, by customer",
    ]
    value = result.figure("service_level", variant="within 60s", queue="desk").value
    assert f"{100 * value:.1f}" in lines[at + 1]
    assert max(map(len, lines)) <= 80


def test_without_readings_there_is_no_such_table() -> None:
    plain = DAY.replace(", also: [{within: 60s}]", "").replace("customers: {after", "#customers: {after")
    assert "read otherwise" not in terminal(sim.run(loads(plain), 1, jobs=1), 80)
