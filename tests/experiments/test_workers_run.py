"""Runs over several processes: the same files from any number of them, nothing lost with a dead one, Ctrl-C."""

import gc
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from awaiting import PATIENCE_S, awaited, is_gone
from watched import Watch

import sim
from sim.cli import main
from sim.metrics import Measures

pytestmark = pytest.mark.slow

Write = Callable[..., Path]


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a saved result but the manifest, which holds the wall clock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}


def command(file: Path, out: Path, replications: int, jobs: int = 2) -> list[str]:
    """The command of a run on so many processes."""
    how = ["--replications", str(replications), "--jobs", str(jobs), "--out", str(out)]
    return [sys.executable, "-m", "sim", "run", str(file), *how]


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


def test_a_killed_worker_is_told_of_and_loses_nothing(
    watch: Watch, watched_file: Path, tmp_path: Path
) -> None:
    """It dies in the middle of a replication that is not its first."""
    watch.fatal.touch()
    mended, whole = tmp_path / "mended", tmp_path / "whole"
    run = subprocess.run(
        command(watched_file, mended, 40), capture_output=True, text=True, env=watch.environment, check=True
    )
    assert not watch.fatal.exists()
    assert run.stdout.startswith("Small desk: means of 40 replications")
    some = r"( replications? \d+( to \d+)? \(seed 3\),?)+"
    begun_again = rf"a worker process died \(killed, or out of memory\); begun again:{some}\n"
    assert re.fullmatch(begun_again, run.stderr), run.stderr
    subprocess.run(command(watched_file, whole, 40, jobs=1), check=True, env=watch.environment)
    assert files_of(mended) == files_of(whole)


def test_ctrl_c_keeps_the_finished_replications(watch: Watch, watched_file: Path, tmp_path: Path) -> None:
    """It comes when both work and far more replications have begun than may be ahead of the one that is due."""
    kept, alone = tmp_path / "kept", tmp_path / "alone"
    running = subprocess.Popen(
        command(watched_file, kept, 100000),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=watch.environment,
    )  # fmt: skip

    def both_are_under_way() -> bool:
        assert running.poll() is None, running.communicate()
        return len(watch.told()) >= 30 and len(set(watch.told())) == 2

    awaited("two workers that work", both_are_under_way)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    out, err = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 130
    found = re.fullmatch(r"interrupted: kept the (\d+) of 100000 replications that were finished\n", err)
    assert found, err
    assert out.startswith(f"Small desk: means of {found[1]} replications")
    subprocess.run(command(watched_file, alone, int(found[1]), jobs=1), check=True, env=watch.environment)
    assert files_of(kept)["figures.csv"] == files_of(alone)["figures.csv"]
    for worker in set(watch.told()):
        awaited("the end of a worker", lambda worker=worker: is_gone(worker))


def test_memory_does_not_grow_with_the_replications(small_text: str) -> None:
    """Figures are folded in as they come, and the records of those measured together go with them."""
    alive: dict[int, int] = {}

    def count(done: int, _of: int) -> None:
        if done in (25, 41):  # the last of sixteen each
            things = gc.get_objects()
            alive[done] = sum(isinstance(thing, sim.Records | Measures) for thing in things)

    result = sim.run(sim.loads(small_text), 60, keep_tables="none", on_progress=count, jobs=1)
    assert alive[41] == alive[25]
    assert alive[41] < 50
    assert result.kept == ()
    assert len(sim.run(sim.loads(small_text), 3, keep_tables="all").kept) == 3
