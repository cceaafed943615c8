"""Runs over several processes: the same files from any number of them, nothing lost with a dead one, Ctrl-C."""

import gc
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.metrics import Measures

Write = Callable[..., Path]


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a saved result but the manifest, which holds the wall clock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}


def run_of(replications: int, file: Path, out: Path) -> list[str]:
    """The command of a run on two processes."""
    how = ["--replications", str(replications), "--jobs", "2", "--out", str(out)]
    return [sys.executable, "-m", "sim", "run", str(file), *how]


def workers_of(process: int) -> list[int]:
    """The worker processes that a process has started."""
    children = subprocess.run(
        ["pgrep", "-P", str(process), "-f", "popen_loky"], capture_output=True, text=True
    )
    return [int(word) for word in children.stdout.split()]


def test_the_same_files_from_1_2_and_8_workers(
    scenario_file: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = scenario_file()
    written = {}
    for jobs in ("1", "2", "8"):
        out = tmp_path / jobs
        command = ["run", str(path), "--replications", "10", "--tables", "all", "--events", "--jobs", jobs]
        assert main([*command, "--format", "json", "--out", str(out)]) == 0
        written[jobs] = {**files_of(out), "printed": capsys.readouterr().out.encode()}
    assert set(written["1"]) > {"figures.csv", "requests.csv.gz", "events.csv.gz", "printed"}
    assert written["2"] == written["1"]
    assert written["8"] == written["1"]


def test_a_killed_worker_is_told_of_and_loses_nothing(scenario_file: Write, tmp_path: Path) -> None:
    running = subprocess.Popen(
        run_of(40, scenario_file(), tmp_path / "mended"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.kill(workers_at_work(running.pid)[0], signal.SIGKILL)
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0
    assert out.startswith("Small desk: means of 40 replications")
    begun_again = (
        r"a worker process died \(killed, or out of memory\); begun again:( replication \d+ \(seed 3\),?)+\n"
    )
    assert re.fullmatch(begun_again, err), err
    whole = sim.run(sim.load(scenario_file()), 40, jobs=1).save(tmp_path / "whole")
    assert files_of(tmp_path / "mended") == files_of(whole)


def workers_at_work(process: int) -> list[int]:
    """Wait until the workers have started and simulate."""
    for _ in range(1200):
        busy = [worker for worker in workers_of(process) if cpu_seconds(worker) > 1.0]
        if busy:
            return busy
        time.sleep(0.05)
    raise TimeoutError("no worker got to work")


def cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_ctrl_c_keeps_the_finished_replications(scenario_file: Write, tmp_path: Path) -> None:
    running = subprocess.Popen(
        run_of(100000, scenario_file(), tmp_path / "kept"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    workers = workers_at_work(running.pid)
    time.sleep(0.5)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    found = re.fullmatch(r"interrupted: kept the (\d+) of 100000 replications that were finished\n", err)
    assert found, err
    assert out.startswith(f"Small desk: means of {found[1]} replications")
    kept = int(found[1])
    alone = sim.run(sim.load(scenario_file("again.yaml")), kept, jobs=1).save(tmp_path / "alone")
    assert files_of(tmp_path / "kept")["figures.csv"] == files_of(alone)["figures.csv"]
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def test_memory_does_not_grow_with_the_replications(small_text: str) -> None:
    """Figures are folded in as they come, and the records of a replication go with it."""
    alive: dict[int, int] = {}

    def count(done: int, _of: int) -> None:
        if done in (2, 12):
            things = gc.get_objects()
            alive[done] = sum(isinstance(thing, sim.Records | Measures) for thing in things)

    result = sim.run(sim.loads(small_text), 12, keep_tables="none", on_progress=count, jobs=1)
    assert alive[12] == alive[2]
    assert result.kept == ()
    assert len(sim.run(sim.loads(small_text), 3, keep_tables="all").kept) == 3
