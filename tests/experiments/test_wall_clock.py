"""The wall clock beside the seconds in the tables of a run."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

import sim

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
