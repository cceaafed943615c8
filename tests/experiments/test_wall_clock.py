"""The wall clock beside the seconds in the tables of a run."""

import gzip
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

import sim
from sim.logs.export import tables
from sim.logs.export.happenings import happenings
from sim.report.plots.axes import clock_of
from sim.scenario import wall_clock
from sim.scenario.single_days import together
from sim.scenario.wall_clock import WallClock
from sim.story.tracing import trace

DAY = """
name: One agent, two callers
opens: 2026-03-29 08:59:30
lasts: 1h
media: {voice: {max_tasks: 1}}
routing: {ring_time: 10s}
channels: {phone: {medium: voice, request_ttl: 30s}}
queues: {line: {medium: voice, handle_time: 2m, service_level: {within: 20s, target: 80%}}}
teams: {people: {agents: 1, skills: {line: 5}}}
arrivals: [{replay: contacts.csv}]
"""
CONTACTS = "contact_id,channel,queue,offered_at\n1,phone,line,2026-03-29T09:00:00\n2,phone,line,2026-03-29T09:00:10.5\n"
"""The second caller finds the one agent busy, and is sent away after 30 s."""


@pytest.fixture
def result(tmp_path: Path) -> sim.Result:
    (tmp_path / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    return sim.run(sim.loads(DAY, "day.yaml", tmp_path), events=True)


def test_each_instant_has_its_clock_beside_it(result: sim.Result) -> None:
    calls = result.requests
    assert calls["placed_at"].tolist() == [30.0, 40.5]
    assert calls["placed_clock"].tolist() == [
        pd.Timestamp("2026-03-29 09:00:00"),
        pd.Timestamp("2026-03-29 09:00:10.5"),
    ]
    assert calls["answered_clock"][0] == pd.Timestamp("2026-03-29 09:00:00")
    assert pd.isna(calls["answered_clock"][1])
    assert calls["ended_clock"][1] == pd.Timestamp("2026-03-29 09:00:40.5")
    names = list(calls)
    assert names.index("placed_clock") == names.index("placed_at") + 1
    assert [name for name in names if name.endswith("clock")] == [
        "placed_clock", "first_offer_clock", "answered_clock", "ended_clock"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "clocks"),
    [
        (
            "tasks",
            "task_queue_clock task_reserved_clock task_answered_clock task_wrap_up_clock task_end_clock",
        ),
        ("conversations", "arrived_clock requested_clock answered_clock ended_clock"),
        ("agent_states", "started_clock ended_clock"),
        ("whispers", "clock"),
        ("events", "clock"),
    ],
)
def test_every_table_has_them(result: sim.Result, table: str, clocks: str) -> None:
    frame = getattr(result, table)
    assert [name for name in frame if name.endswith("clock")] == clocks.split()
    assert all(frame[name].dtype == "datetime64[us]" for name in clocks.split())


def test_files_keep_the_seconds_and_an_opened_run_has_the_clock(result: sim.Result, tmp_path: Path) -> None:
    folder = result.save(tmp_path / "run")
    header = gzip.decompress((folder / "requests.csv.gz").read_bytes()).decode().splitlines()[0]
    assert "clock" not in header
    opened = sim.open(folder)
    assert isinstance(opened, sim.Result)
    for name in ("requests", "events"):
        pd.testing.assert_frame_equal(opened.table(name), result.table(name))


def test_without_a_date_there_is_none(result: sim.Result, tmp_path: Path) -> None:
    text = DAY.replace("opens: 2026-03-29 08:59:30\n", "").replace("[{replay: contacts.csv}]", "[]")
    assert not [name for name in sim.run(sim.loads(text)).requests if "clock" in name]


WEEKEND = """
calendar: {from: FROM, days: 3, time_zone: Europe/Berlin, open: {mon-sun: "00:00-HOURS"}}
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {line: {medium: voice, handle_time: 2m}}
teams: {people: {agents: 1, skills: {line: 5}}}
arrivals: [{replay: contacts.csv}]
"""
SPRING = ["2026-03-28 08:00", "2026-03-29 01:30", "2026-03-29 08:00", "2026-03-30 08:00"]
AUTUMN = ["2026-10-24 08:00", "2026-10-25 01:30", "2026-10-25 08:00", "2026-10-26 08:00"]


@pytest.mark.parametrize("hours", ["23:00", "24:00"])
@pytest.mark.parametrize("called", [SPRING, AUTUMN])
def test_a_changed_clock_shows_what_the_file_of_calls_has(
    called: list[str], hours: str, tmp_path: Path
) -> None:
    """Dates that are simulated apart, and on one clock; in the tables, an export, a story and a picture."""
    rows = [f"{number},phone,line,{at}:00" for number, at in enumerate(called)]
    text = "\n".join(["contact_id,channel,queue,offered_at", *rows])
    (tmp_path / "contacts.csv").write_text(text, encoding="utf-8")
    changes = WEEKEND.replace("FROM", called[0][:10]).replace("HOURS", hours)
    result = sim.run(sim.loads(changes, "days.yaml", tmp_path), events=True, jobs=1)
    expected = [pd.Timestamp(at) for at in called]
    for table, column in (("requests", "placed_clock"), ("conversations", "arrived_clock")):
        assert getattr(result, table)[column].tolist() == expected
    assert tables.contacts(result)["offered_at"].tolist() == [f"{at}:00.000" for at in called]
    started = [one.at for one in happenings(result) if one.activity == "contact"]
    assert started == expected
    told = trace(result.scenario, conversation=4).splitlines()
    assert next(line.split("  ")[0] for line in told if "comes in" in line) == "+2d 08:00:00"
    assert clock_of(result.requests["placed_at"].iloc[3], result) == "+2d 08:00:00"


@pytest.mark.parametrize(
    "zone", ["America/Santiago", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin"]
)
def test_the_clock_of_a_year_is_that_of_the_zone(zone: str) -> None:
    """Hour by hour as the standard library has it; Santiago's clock skips midnight, Lord Howe's half an hour."""
    calendar = f'calendar: {{from: 2026-01-01, days: 366, time_zone: {zone}, open: {{mon: "08:00-09:00"}}}}'
    text = WEEKEND.replace("arrivals: [{replay: contacts.csv}]", "").splitlines()[2:]
    clock = WallClock.of(sim.loads("\n".join([calendar, *text])))
    first = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))
    hours = np.arange(365 * 24) * 3600.0 + 1
    begins = first.timestamp()
    expected = [
        (
            datetime.fromtimestamp(begins + at, ZoneInfo(zone)).replace(tzinfo=None)
            - first.replace(tzinfo=None)
        )
        for at in hours
    ]
    assert clock.shown(hours).tolist() == [one.total_seconds() for one in expected]


def test_a_date_has_its_own_clock_also_alone_and_on_one_with_others() -> None:
    """On 29 March 3 hours after midnight it is 4 o'clock; 24 hours after that of the 28th and 3 more the same."""
    text = WEEKEND.replace("arrivals: [{replay: contacts.csv}]", "").replace("FROM", "2026-03-28")
    days = sim.loads(text.replace("HOURS", "23:00"))
    assert wall_clock.clock_of(days.days[1].scenario)(3 * 3600) == 4 * 3600
    assert wall_clock.clock_of(together(days))(27 * 3600) == wall_clock.clock_of(days)(27 * 3600) == 28 * 3600


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Europe/Berlin", "2026-03-27"), ("Europe/Berlin", "2026-10-23"),
        ("Africa/Cairo", "2026-04-22"), ("Africa/Cairo", "2026-10-28"),  # set at midnight itself
    ],
)  # fmt: skip
def test_the_next_midnight_is_when_the_next_date_begins(zone: str, first: str) -> None:
    week = {"FROM, days: 3": f"{first}, days: 5", "Europe/Berlin": zone, "HOURS": "24:00"}
    text = WEEKEND.partition("arrivals:")[0]
    for before, after in week.items():
        text = text.replace(before, after)
    scenario = together(sim.loads(text))
    calendar, wall = scenario.linked.days[0].calendar, WallClock.of(scenario)  # type: ignore[union-attr]
    begins = [calendar.midnight_s(day) for day in calendar.dates]
    assert sorted({after - before for before, after in pairwise(begins)}) in ([82800, 86400], [86400, 90000])
    for before, after in pairwise(begins):
        for now in (before, before + 1, before + 7200, after - 3600, after - 1):
            assert wall.next_midnight(now) == after
