"""Who is there when on the dates of a calendar: nights, clock changes, absences and closings, in exact events."""

from typing import Any

import pytest

from engine.compiled.both_engines import on_both
from sim.scenario import Scenario, loads
from sim.scenario.single_days import joined_of
from sim.workload import by_hand

HOUR = 3600.0
CENTRE = """
calendar: {from: 2026-03-29, time_zone: Europe/Berlin, days: 1, open: "00:00-06:00"}
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {calls: {medium: voice, handle_time: 100s, patience: 30m}}
teams: {desk: {skills: {calls: 1}, shifts: [{from: "02:00", to: "02:30", agents: 1}]}}
"""


def read(**changes: Any) -> Scenario:
    """The centre with keys changed, `__` for a point."""
    return loads(CENTRE, overrides={key.replace("__", "."): value for key, value in changes.items()})


def told(scenario: Scenario, *contacts: float | dict[str, Any]) -> list[str]:
    """What comes of contacts at these times on the first date, or on all on one clock: answers and ends."""
    said = [one if isinstance(one, dict) else {"at": one} for one in contacts]
    workload = by_hand(scenario, [{"channel": "phone", "queue": "calls"} | one for one in said])
    joined = joined_of(scenario)
    if joined is not None:
        events = on_both(joined, workload).events
    else:
        events = on_both(scenario.days[0].scenario, workload.days[0]).events
    kept = events[events["event"].isin(["accepted", "request_abandoned", "disconnected"])]
    return [f"{row.at:g} {row.agent if row.event == 'accepted' else row.event}" for row in kept.itertuples()]


def test_r12_10_a_shift_of_which_the_clock_skips_all_is_none() -> None:
    """On that Sunday the clock goes from 2 to 3."""
    assert told(read(), 2 * HOUR, 3 * HOUR) == ["9000 request_abandoned", "12600 request_abandoned"]


def test_r12_10_a_night_shift_over_a_clock_change_ends_by_the_clock() -> None:
    """From 20:00 to 5:00 it is eight hours, as two in the morning is three: 28 hours after midnight."""
    night = {"from": "20:00", "to": "29:00", "agents": 1}
    week = read(calendar__from="2026-03-28", calendar__open="20:00-30:00", teams__desk__shifts=[night])
    assert told(week, 28 * HOUR - 1, 28 * HOUR) == ["100799 desk-1", "102600 request_abandoned"]
    week = week.set("calendar.from", "2026-10-24")
    assert told(week, 30 * HOUR - 1, 30 * HOUR) == ["107999 desk-1", "109800 request_abandoned"]


def test_r12_13_of_the_night_shift_before_what_is_left_of_its_breaks_is_taken() -> None:
    night = {"from": "22:00", "to": "30:00", "agents": 1, "breaks": [{"at": "22:00", "for": "30m"}]}
    week = read(calendar__open="00:00-24:00", teams__desk__shifts=[night], calendar__from="2026-03-06")
    assert told(week, 0) == ["0 desk-1"]
    into = week.set("teams.desk.shifts.0.breaks", [{"at": "23:50", "for": "15m"}])
    assert told(into, 0) == ["300 desk-1"]


def test_r12_13_who_goes_from_the_night_shift_into_one_from_midnight_on_comes_after_who_leaves() -> None:
    """The break ends with the shift at 2:00, and so does the customer's patience."""
    shifts = [
        {
            "days": "thu",
            "from": "22:00",
            "to": "26:00",
            "agents": 1,
            "breaks": [{"at": "25:30", "for": "30m"}],
        },
        {"days": "fri", "from": "00:00", "to": "10:00", "agents": 1},
    ]
    week = read(calendar__open="00:00-24:00", teams__desk__shifts=shifts, calendar__from="2026-03-06")
    found = told(week, {"at": 7000, "patience": 200}, 7201)
    assert found == ["7200 request_abandoned", "7201 desk-1"]


def test_r12_13_who_is_absent_is_not_called_for_a_head_count() -> None:
    """On Friday the first of two is absent, so the second is there alone; on Saturday both come."""
    week = read(
        calendar__from="2026-03-06", calendar__days=2, calendar__open="08:00-09:00", seed=21,
        queues__calls__carry_over="on", teams__desk={
            "skills": {"calls": 1}, "absence": 0.5, "head_count": {"every": "1h", "agents": [2]},
        },
    )  # fmt: skip
    days = by_hand(week, []).days
    away = [[day.agents.uniform("desk", n, "absence", 0) < 0.5 for n in (1, 2)] for day in days]
    assert away == [[True, False], [False, False]]
    found = told(week, 8 * HOUR, 32 * HOUR, 32 * HOUR)
    assert found == ["28800 desk-2", "115200 desk-1", "115200 desk-2"]


def test_r12_13_a_head_count_ends_as_that_of_the_next_date_begins() -> None:
    """Friday is open until 2:00, and Saturday from 0:00 on: two are there until 1:00, and then nobody."""
    counts = {"fri": [1] * 6, "sat": [2] + [0] * 23}
    week = read(
        calendar__from="2026-03-06", calendar__days=2, calendar__open={"fri": "20:00-26:00", "sat": "00:00-24:00"},
        teams__desk={"skills": {"calls": 1}, "head_count": {"every": "1h", "agents": counts}},
    )  # fmt: skip
    found = told(week, 23 * HOUR, 23 * HOUR, 24.5 * HOUR, 24.5 * HOUR, 25.5 * HOUR)
    assert found == [
        "82800 desk-1",
        "82900 desk-1",
        "88200 desk-1",
        "88200 desk-2",
        "93600 request_abandoned",
    ]


def test_r12_11_a_date_of_25_hours_has_no_tomorrow() -> None:
    """Its last head-count holds on, so that both are served who call in the last minute."""
    desk = {"skills": {"calls": 1}, "head_count": {"every": "1h", "agents": [1, 1, 1, 1]}}
    week = read(calendar__from="2026-10-25", calendar__open="20:00-24:00", teams__desk=desk)
    assert told(week, 25 * HOUR - 60, 25 * HOUR - 60) == ["89940 desk-1", "90040 desk-1"]


def test_r12_9_the_list_of_a_date_that_a_queue_alone_opens_begins_with_the_queue() -> None:
    """Nine in the morning is ten hours after midnight on that Sunday."""
    week = read(
        calendar__from="2026-10-25", calendar__open={"mon-sun": "08:00-12:00", "2026-10-25": "closed"},
        queues__calls__open={"mon-sun": "09:00-12:00"},
        teams__desk={"skills": {"calls": 1}, "head_count": {"every": "1h", "agents": [1, 1, 1, 1]}},
    )  # fmt: skip
    assert told(week, 10 * HOUR) == ["36000 desk-1"]


@pytest.mark.parametrize("opened", [None, {"mon-sun": "08:00-12:00"}])
def test_r12_11_each_queue_is_cleared_at_its_own_closing(opened: Any) -> None:
    """Whether it has hours of its own or those of the calendar: the centre is open on for another queue."""
    late = {"medium": "voice", "handle_time": "100s", "open": {"mon-sun": "08:00-20:00"}}
    week = read(
        calendar__from="2026-03-06", calendar__open="08:00-12:00", closing="clear_queues", queues__late=late,
        teams__desk={"skills": {"calls": 1, "late": 1}, "shifts": [{"from": "13:00", "to": "20:00", "agents": 1}]},
    )  # fmt: skip
    week = week.set("queues.calls.patience", "9h")
    week = week if opened is None else week.set("queues.calls.open", opened)
    assert told(week, 11 * HOUR) == ["43200 disconnected"]


LETS_IT_RING = {
    "skills": {"calls": 1}, "accept": {"probability": 0.5}, "after_ring": {"voice": {"log_out": "on"}},
    "head_count": {"every": "1h", "agents": [1] * 8},
}  # fmt: skip


@pytest.mark.parametrize(("date", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-03-01", 24)])
def test_r3_9_who_is_left_out_until_midnight_comes_back_by_the_clock(date: str, hours: int) -> None:
    """The one agent lets it ring at nine in the evening; the caller waits on, and is answered at midnight."""
    week = read(
        calendar__from=date, calendar__days=2, calendar__open="20:00-28:00", routing__ring_time="20s",
        queues__calls__patience="6h", teams__desk=LETS_IT_RING,
    )  # fmt: skip
    assert joined_of(week) is not None
    assert told(week, {"at": (hours - 3) * HOUR, "accept": [0.9, 0.1]}) == [f"{hours * HOUR:g} desk-1"]


def test_r3_9_on_a_date_of_25_hours_who_is_left_out_is_not_back_at_eleven() -> None:
    week = read(
        calendar__from="2026-10-25", calendar__open="20:00-24:00", routing__ring_time="20s",
        queues__calls__patience="150m", teams__desk=LETS_IT_RING,
    )  # fmt: skip
    assert joined_of(week) is None
    found = told(week, {"at": 22 * HOUR, "accept": [0.9, 0.1]})
    assert found == [f"{24.5 * HOUR:g} request_abandoned"]
