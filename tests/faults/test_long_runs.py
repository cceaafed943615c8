"""Long runs: a year in one process with flat memory, and a sweep of 500 points that is interrupted five times."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from awaiting import awaited

from faults.commands import Command
from sim.experiments.journal import DONE

ROOT = Path(__file__).parents[2]
YEAR = """
import resource, sys
import sim

day = sim.load(sys.argv[1])
for days in (30, 365):
    result = sim.run(day, days, jobs=1, keep_tables="none")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, result.replications)
"""
SMALL = """
name: small
lasts: 1h
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat, request_ttl: 5m}}
queues: {calls: {medium: chat, handle_time: {exponential: {mean: 3m}}, patience: 2m}}
teams: {desk: {agents: 5, skills: {calls: 1}}}
arrivals: [{channel: web, queue: calls, per_hour: 40}]
"""
POINTS, REPLICATIONS, INTERRUPTIONS = 500, 2, 5


@pytest.mark.slow
def test_a_year_takes_no_more_memory_than_a_month() -> None:
    scenario = ROOT / "scenarios" / "support_day.yaml"
    done = subprocess.run(
        [sys.executable, "-c", YEAR, str(scenario)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    (month, _), (year, days) = (map(int, line.split()) for line in done.stdout.splitlines())
    assert days == 365
    assert year <= 1.1 * month


def sweep(file: Path, out: Path) -> list[str | Path]:
    return [
        "sweep", file, "--vary", "teams.desk.agents=1..25", "--vary", "arrivals.0.per_hour=10..48:2",
        "--metric", "asa", "--metric", "no_agent", "--replications", str(REPLICATIONS), "--jobs", "2", "--out", out,
    ]  # fmt: skip


def kept(out: Path) -> int:
    return (out / DONE).read_bytes().count(b"\n") if (out / DONE).exists() else 0


def await_kept(out: Path, wanted: int, running: Command) -> None:
    awaited("the next part of the sweep", lambda: kept(out) >= wanted or running.process.poll() is not None)


@pytest.mark.slow
def test_a_sweep_of_500_points_interrupted_five_times_is_that_of_one_piece(tmp_path: Path) -> None:
    file, out, whole = tmp_path / "small.yaml", tmp_path / "torn", tmp_path / "whole"
    file.write_text(SMALL)
    for number in range(INTERRUPTIONS):
        running = Command(sweep(file, out), tmp_path / "temporary")
        running.await_start()
        wanted = (number + 1) * POINTS * REPLICATIONS // (INTERRUPTIONS + 2)
        await_kept(out, wanted, running)
        running.send((signal.SIGTERM, signal.SIGINT)[number % 2], to_all=number % 2 == 1)
        _, error = running.process.communicate()
        assert running.process.returncode == (143, 130)[number % 2], error
        assert wanted <= kept(out) < POINTS * REPLICATIONS
        assert not (out / "figures.csv").exists()
    for folder in (out, whole):
        last = Command(sweep(file, folder), tmp_path / "temporary")
        _, error = last.process.communicate()
        assert last.process.returncode == 0, error
    assert kept(out) == kept(whole) == POINTS * REPLICATIONS
    for name in ("figures.csv", "steps.csv"):
        assert (out / name).read_bytes() == (whole / name).read_bytes()
