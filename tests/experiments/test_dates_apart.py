"""The dates of few replications are spread over processes, and the result is that of whole replications."""

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.experiments import dates_apart
from sim.parallel.workers import Workers
from sim.records.schema import TABLES
from sim.scenario import Scenario, loads

WEEK = """\
name: Short week
calendar: {from: 2026-03-27, days: 4, open: {mon-fri: "08:00-11:00", sat: "09:00-11:00"}}
seed: 5
replications: 1
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  hotline: {medium: voice, handle_time: {exponential: {mean: 4m}}}
teams:
  desk: {skills: {hotline: 5}, shifts: [{from: "08:00", to: "10:30", agents: 3}]}
arrivals: [{channel: phone, queue: hotline, per_hour: 40, busyness: {sd: 20%}}]
targets: [{metric: service_level, queue: hotline, at_least: 50%}]
"""


@pytest.fixture(scope="module")
def week() -> Scenario:
    return loads(WEEK)


def spread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate each date as an item of its own, in this process."""
    monkeypatch.setattr(dates_apart, "are_spread", lambda *_: True)


@pytest.mark.parametrize("kept", ["first", pytest.param("all", marks=pytest.mark.slow), "none"])
def test_the_result_is_that_of_whole_replications(
    week: Scenario, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    """Some wait still when the last agent goes, so that the bounds of the target have something to say."""
    whole = sim.run(week, 2, jobs=1, keep_tables=kept, events=True, by_team=True)
    spread(monkeypatch)
    dates = sim.run(week, 2, jobs=1, keep_tables=kept, events=True, by_team=True)
    assert whole.figure("unfinished").value > 0
    pd.testing.assert_frame_equal(dates.figures, whole.figures, check_exact=True)
    assert len(dates.kept) == len(whole.kept) == {"first": 1, "all": 2, "none": 0}[kept]
    for one, other in zip(dates.kept, whole.kept, strict=True):
        for name in TABLES:
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert dates.extremes is not None
    assert whole.extremes is not None
    for one_world, other_world in zip(dates.extremes, whole.extremes, strict=True):
        pd.testing.assert_frame_equal(one_world, other_world, check_exact=True)


def test_a_date_ends_a_run_as_a_replication_does(week: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stops before its last date leaves out the replication that it is in, and keeps those before it."""
    spread(monkeypatch)
    honest = dates_apart.simulate
    done = []

    def simulate(*given: object, **how: object) -> object:
        done.append(1)
        if len(done) == 5:  # of three open dates each
            raise KeyboardInterrupt
        return honest(*given, **how)

    monkeypatch.setattr(dates_apart, "simulate", simulate)
    result = sim.run(week, 3, jobs=1)
    assert result.interrupted
    assert result.replications == 1


def test_dates_are_spread_where_replications_are_few(week: Scenario) -> None:
    def few(replications: int, jobs: int, **keys: object) -> bool:
        return dates_apart.are_spread(week.set(keys), replications, Workers(jobs))

    assert few(1, 2)
    assert few(3, 2)
    assert not few(4, 2)
    assert not few(1, 1)
    assert not few(1, 2, **{"calendar.days": 1})
    assert not few(1, 2, **{"queues.hotline.carry_over": True})
    assert dates_apart.are_spread(week, 1, Workers(cluster="tcp://nowhere:1"))


@pytest.mark.slow
def test_the_same_bytes_from_one_process_and_from_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "week.yaml"
    path.write_text(WEEK)
    written = {}
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        how = ["--jobs", jobs, "--tables", "all", "--events", "--out", str(out), "--format", "json"]
        assert main(["run", str(path), *how]) == 0
        written[jobs] = {one.name: one.read_bytes() for one in out.iterdir() if one.name != "manifest.json"}
        written[jobs]["printed"] = capsys.readouterr().out.encode()
    assert written["1"] == written["2"]
