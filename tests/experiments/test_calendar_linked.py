"""Dates that hang together: queues that carry over, hours and shifts over midnight, on one clock."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from engine.compiled.both_engines import needs_the_library, on_both

import sim
from sim.engine import dated_roster, simulate
from sim.engine.dated_roster import steps_on_dates, stints_on_dates
from sim.engine.engines import Engine, engine_for
from sim.metrics import measure
from sim.records import Records
from sim.scenario import Scenario, loads
from sim.scenario.single_days import joined_of, linked_places
from sim.workload import by_hand, draw

HOUR = 3600.0
DAY = 24 * HOUR
BASE = """\
name: Linked
calendar:
  from: 2026-03-06
  days: 4
  open: {mon-fri: "08:00-12:00", sat: "09:00-11:00"}
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  mail: {medium: voice, handle_time: 30m, carry_over: on, service_level: {within: 1h, target: 80%}}
  hotline: {medium: voice, handle_time: 10m, patience: 20h}
teams:
  desk:
    skills: {mail: 1, hotline: 1}
    cost_per_hour: 30
    shifts:
      - {days: mon-fri, from: "08:00", to: "12:00", agents: 1}
arrivals:
  - {channel: phone, queue: mail, per_hour: 0}
"""
FRIDAY, SATURDAY, MONDAY = 0.0, DAY, 3 * DAY


def contact(at: float, queue: str = "mail", **more: Any) -> dict[str, Any]:
    return {"at": at, "channel": "phone", "queue": queue, **more}


def run(scenario: Scenario, contacts: Sequence[Mapping[str, Any]]) -> Records:
    """Return the records of the SimPy engine, which the compiled one has to repeat."""
    workload = by_hand(scenario, contacts)
    joined = joined_of(scenario)
    if joined is not None:
        on_both(joined, workload)
    return simulate(scenario, workload, engine="simpy")


def test_what_hangs_together_is_found() -> None:
    assert [*linked_places(loads(BASE))] == [("queues", "mail", "carry_over")]
    apart = loads(BASE, overrides={"queues.mail.carry_over": "off"})
    assert [*linked_places(apart)] == []
    round_the_clock = apart.set("calendar.open", "00:00-24:00")
    assert [*linked_places(round_the_clock)] == [("calendar", "open")]
    assert [*linked_places(apart.set("calendar.open.sat", "20:00-26:00"))] == [("calendar", "open", "sat")]
    night = apart.set("teams.desk.shifts", [{"from": "22:00", "to": "30:00", "agents": 1}])
    assert [*linked_places(night)] == [("teams", "desk", "shifts", 0)]


@needs_the_library
def test_they_are_simulated_on_the_compiled_engine() -> None:
    assert engine_for(loads(BASE)) == Engine("compiled")
    early = {"queues.hotline.open": {"mon-fri": "09:00-10:00"}, "closing": "clear_queues"}
    assert engine_for(loads(BASE, overrides=early | {"queues.mail.carry_over": "off"})) == Engine("compiled")


def test_who_waits_at_closing_is_kept_for_the_next_open_day() -> None:
    # One agent until noon. Three mails at 11:00: two are done by noon, the third on Monday at eight (nobody works on
    # Saturday, on Sunday it is closed).
    records = run(loads(BASE), [contact(FRIDAY + 11 * HOUR) for _ in range(3)])
    assert records.requests["answered_at"].tolist() == [11 * HOUR, 11.5 * HOUR, MONDAY + 8 * HOUR]
    found = measure(records, loads(BASE))
    assert found.value("answered", day="2026-03-06") == 3
    assert found.parts("offered", day="2026-03-09") == (0, 0)
    assert found.value("unfinished") == 0
    assert found.value("service_level", queue="mail", day="2026-03-06") == pytest.approx(2 / 3)
    # The agent is paid four hours on Friday and four on Monday, as planned.
    assert found.value("cost", day="2026-03-06") == found.value("cost", day="2026-03-09") == 120


def test_who_cannot_be_served_by_midnight_is_open_where_nothing_is_carried_over() -> None:
    # Two calls at 11:55: one is served until 12:05, the other waits for an agent who has gone; patience would be 20 h.
    records = run(loads(BASE), [contact(11 * HOUR + 55 * 60, "hotline") for _ in range(2)])
    assert records.requests["outcome"].tolist() == ["answered", "unfinished"]
    # The wait ends with the day's last work, at 12:05.
    assert records.requests["wait"].tolist() == [0, 600]
    assert measure(records, loads(BASE)).value("unfinished", day="2026-03-06") == 1
    impatient = run(
        loads(BASE), [contact(11 * HOUR + 55 * 60, "hotline", patience=2 * HOUR) for _ in range(2)]
    )
    assert impatient.requests["outcome"].tolist() == ["answered", "abandoned"]


def test_cleared_queues_are_open_again_in_the_morning_and_what_is_carried_over_stays() -> None:
    day = loads(BASE, overrides={"closing": "clear_queues"})
    records = run(day, [
        contact(FRIDAY + 11 * HOUR + 50 * 60), contact(FRIDAY + 11 * HOUR + 55 * 60),
        contact(FRIDAY + 11 * HOUR + 55 * 60, "hotline"), contact(MONDAY + 9 * HOUR, "hotline"),
    ])  # fmt: skip
    found = records.requests.sort_values("placed_at", kind="stable")
    assert found[found["queue"] == "hotline"]["outcome"].tolist() == ["disconnected", "answered"]
    assert found[found["queue"] == "mail"]["answered_at"].tolist() == [11 * HOUR + 50 * 60, MONDAY + 8 * HOUR]


def test_a_run_goes_on_on_the_following_dates_of_the_calendar() -> None:
    # On Monday, the last day, three mails come at 11:30: one is done, two wait for Tuesday, which the calendar does not
    # have. It is a holiday, so they are answered on Wednesday from eight on.
    day = loads(BASE, overrides={"calendar.holidays": ["2026-03-10"]})
    records = run(day, [contact(MONDAY + 11.5 * HOUR) for _ in range(3)])
    assert records.requests["answered_at"].tolist() == [
        MONDAY + 11.5 * HOUR, MONDAY + 2 * DAY + 8 * HOUR, MONDAY + 2 * DAY + 8.5 * HOUR,
    ]  # fmt: skip
    found = measure(records, day)
    assert found.value("served_after", queue="mail") == 2
    assert found.value("hours_after") == pytest.approx(1.0)
    assert found.value("cost", day="2026-03-09") == 120


def test_hours_and_a_shift_over_midnight() -> None:
    text = BASE.replace(
        'mon-fri: "08:00-12:00", sat: "09:00-11:00"', 'fri: "20:00-26:00", mon: "08:00-12:00"'
    )
    shift = {"days": "fri", "from": "22:00", "to": "26:00", "agents": 1}
    night = loads(text, overrides={"queues.mail.carry_over": "off", "teams.desk.shifts": [shift]})
    records = run(
        night, [contact(21 * HOUR, "hotline"), contact(25 * HOUR, "hotline"), contact(25.9 * HOUR, "mail")]
    )
    assert records.requests["answered_at"].tolist() == [22 * HOUR, 25 * HOUR, 25.9 * HOUR]
    found = measure(records, night)
    # All belong to Friday: no other open day begins before Monday. The agent works from 22:00 to 26:24.
    assert found.value("answered", day="2026-03-06") == 3
    assert found.value("cost", day="2026-03-06") == pytest.approx(30 * 4.4)
    assert found.value("overtime", team="desk") == pytest.approx(24 * 60)


def test_a_night_shift_reaches_into_the_first_day() -> None:
    text = BASE.replace('open: {mon-fri: "08:00-12:00", sat: "09:00-11:00"}', 'open: "00:00-24:00"')
    night = loads(text, overrides={"teams.desk.shifts": [{"from": "22:00", "to": "30:00", "agents": 1}]})
    records = run(night, [contact(1 * HOUR), contact(7 * HOUR), contact(DAY + 1 * HOUR)])
    assert records.requests["answered_at"].tolist() == [1 * HOUR, 22 * HOUR, DAY + 1 * HOUR]


def test_head_counts_and_teams_without_hours_go_home_at_night() -> None:
    counted = loads(BASE).set("teams.desk", {
        "skills": {"mail": 1}, "cost_per_hour": 30,
        "head_count": {"every": "2h", "agents": {"mon-fri": [1, 2], "sat": [0]}},
    })  # fmt: skip
    records = run(counted, [contact(11.75 * HOUR, handle_time=1800) for _ in range(3)])
    assert records.requests["answered_at"].tolist() == [11.75 * HOUR, 11.75 * HOUR, MONDAY + 8 * HOUR]
    assert measure(records, counted).value("cost", day="2026-03-09") == 30 * (2 + 4)
    constant = loads(BASE).set("teams.desk", {"skills": {"mail": 1}, "agents": 1, "cost_per_hour": 30})
    records = run(constant, [contact(11.75 * HOUR, handle_time=1200) for _ in range(2)])
    assert records.requests["answered_at"].tolist() == [11.75 * HOUR, SATURDAY + 9 * HOUR]
    assert measure(records, constant).value("cost", day="2026-03-07") == 60


def test_a_team_of_shifts_comes_also_behind_one_of_head_counts() -> None:
    """The desk has nobody; the shift of the others takes what comes on Friday and on Saturday."""
    counts = {"every": "2h", "agents": {"mon": [1, 1], "tue-fri": [0, 0], "sat": [0]}}
    shifts = [{"days": "fri-sat", "from": "09:00", "to": "11:00", "agents": 1}]
    both = loads(BASE).set({
        "teams.desk": {"skills": {"mail": 1}, "head_count": counts},
        "teams.others": {"skills": {"mail": 1}, "shifts": shifts},
    })  # fmt: skip
    records = run(both, [contact(9 * HOUR), contact(SATURDAY + 10 * HOUR)])
    assert records.requests["answered_at"].tolist() == [9 * HOUR, SATURDAY + 10 * HOUR]


def test_a_head_count_is_less_by_those_who_are_absent_on_the_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Friday the second of four is away, on Monday the second and the fourth, who is not counted on then."""
    counts = {"every": "4h", "agents": {"mon": [3], "tue-fri": [4], "sat": [0]}}
    counted = loads(BASE).set("teams.desk", {"skills": {"mail": 1}, "head_count": counts})
    workload, linked = by_hand(counted, []), joined_of(counted)
    friday, _, monday = workload.days
    away = {id(friday): {2}, id(monday): {2, 4}}
    monkeypatch.setattr(
        dated_roster, "absent", lambda _team, one, drawn: one.number in away.get(id(drawn), ())
    )
    team: Any = SimpleNamespace(agents=[SimpleNamespace(number=number) for number in (1, 2, 3, 4)])
    assert linked is not None
    assert linked.linked is not None
    spec = counted.teams["desk"].head_count
    assert spec is not None
    steps = [
        (at, count) for at, count, _ in steps_on_dates(linked.linked, workload, team, spec) if at < 4 * DAY
    ]
    assert steps[:3] == [(0.0, 0), (8 * HOUR, 3), (12 * HOUR, 0)]
    assert steps[-2:] == [(MONDAY + 8 * HOUR, 2), (MONDAY + 12 * HOUR, 0)]


def test_who_is_absent_on_a_date_comes_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    day = loads(BASE)
    workload, joined = by_hand(day, []), joined_of(day)
    assert joined is not None
    assert joined.linked is not None
    friday, _, monday = workload.days
    team: Any = SimpleNamespace(name="desk", spec=day.teams["desk"])
    agent: Any = SimpleNamespace(number=1, seats={})
    for away, begins in ((friday, MONDAY), (monday, FRIDAY)):
        monkeypatch.setattr(dated_roster, "absent", lambda _team, _agent, drawn, away=away: drawn is away)
        stints = stints_on_dates(joined.linked, workload, team, agent, {})
        assert [one.start for one in stints if one.start < 4 * DAY] == [begins + 8 * HOUR]


def test_a_length_over_dates_counts_each_by_how_long_it_is_open() -> None:
    """On Saturday nobody is there: who waits does so in two hours of ten, as Friday and Monday have four each."""
    apart = loads(BASE, overrides={"queues.mail.carry_over": "off"})
    came = [contact(at + 9 * HOUR, "hotline") for at in (FRIDAY, SATURDAY, MONDAY)]
    measured = measure(run(apart, came), apart)
    saturday = measured.value("queue_length_mean", day="2026-03-07")
    assert saturday > 0 == measured.value("queue_length_mean", day="2026-03-06")
    assert measured.value("queue_length_mean") == pytest.approx(saturday * 2 / 10)


@pytest.mark.slow
def test_a_linked_week_adds_up_and_is_the_same_again() -> None:
    week = loads(BASE, overrides={
        "arrivals.0.per_hour": 3, "arrivals.0.busyness": {"sd": "20%"}, "teams.desk.absence": "20%",
    })  # fmt: skip
    found, again = sim.run(week, 4, jobs=1), sim.run(week, 4, jobs=1)
    pd.testing.assert_frame_equal(found.figures, again.figures, check_exact=True)
    days = ["2026-03-06", "2026-03-07", "2026-03-09"]
    for metric in ("offered", "answered", "cost", "conversations"):
        assert found.figure(metric).value == pytest.approx(
            sum(found.figure(metric, day=day).value for day in days)
        )
    # The same customers come whether they are kept or not.
    apart = week.set("queues.mail.carry_over", "off")
    times = [[day.streams[0].times.tolist() for day in draw(one, 2).days] for one in (week, apart)]
    assert times[0] == times[1]


def test_a_queue_with_hours_of_its_own_is_closed_when_the_others_are_not() -> None:
    own = {
        "queues.hotline.open": {"mon-fri": "09:00-10:00"},
        "queues.mail.carry_over": "off",
        "closing": "clear_queues",
    }
    day = loads(BASE, overrides=own)
    # Until ten the agent reads the first mail; whoever calls is sent away at ten, the other mail is served.
    contacts = [
        contact(FRIDAY + 9.75 * HOUR), contact(FRIDAY + 9.8 * HOUR, "hotline"), contact(FRIDAY + 9.9 * HOUR),
        contact(FRIDAY + 10.1 * HOUR, "hotline"),
    ]  # fmt: skip
    records = run(day, contacts)
    found = records.requests.sort_values("placed_at")
    assert found["outcome"].tolist() == ["answered", "disconnected", "answered", "disconnected"]
    assert found["ended_at"].tolist()[1] == 10 * HOUR
    # Arrivals keep to the queue's own hours.
    stream = (
        day.set("arrivals", [{"channel": "phone", "queue": "hotline", "per_hour": 12}])
        .days[0]
        .scenario.arrivals[0]
    )
    assert stream.pieces == ((9 * HOUR, 10 * HOUR, 12.0),)
