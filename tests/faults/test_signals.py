"""A command that is ended from outside: what is finished is kept, nobody works on, nothing is left lying about."""

import json
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from awaiting import PATIENCE_S, awaited, is_gone
from watched import Watch

from faults.commands import Command

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def run_of(file: Path, out: Path, jobs: int) -> list[str | Path]:
    return ["run", file, "--replications", "100000", "--budget", "none", "--jobs", str(jobs), "--out", out]


def at_work(command: Command, watch: Watch, jobs: int) -> None:
    """Wait until every process is in the middle, and the first that are measured together are done."""

    def is_in_the_middle() -> bool:
        assert command.process.poll() is None, command.process.communicate()
        return len(watch.told()) >= 40 and len(set(watch.told())) == jobs

    awaited("processes that work", is_in_the_middle)


def is_read(out: Path, watch: Watch) -> None:
    """`sim report`, which opens it by `sim.open`, makes its page."""
    page = Command(["report", out], out.parent / "temporary", watch.environment)
    assert (page.process.communicate(timeout=PATIENCE_S)[1], page.process.returncode) == ("", 0)
    assert (out / "report.html").stat().st_size > 10_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "jobs", "to_all"),
    [
        (signal.SIGINT, 1, False),
        (signal.SIGINT, 2, True),
        (signal.SIGTERM, 1, False),
        (signal.SIGTERM, 2, True),
        (signal.SIGHUP, 2, False),
    ],
)
def test_what_is_finished_is_kept(
    number: signal.Signals, jobs: int, to_all: bool, watch: Watch, watched_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = Command(run_of(watched_file, out, jobs), tmp_path / "temporary", watch.environment)
    at_work(command, watch, jobs)
    command.send(number, to_all=to_all)
    printed, told = command.process.communicate(timeout=PATIENCE_S)
    assert command.process.returncode == CODES[number], told
    found = re.fullmatch(r"interrupted: kept the (\d+) of 100000 replications that were finished\n", told)
    assert found, told
    assert printed.startswith(f"Small desk: means of {found[1]} replications")
    kept = json.loads((out / "manifest.json").read_text())
    assert (kept["replications"], kept["interrupted"]) == (int(found[1]), True)
    if number == signal.SIGTERM:
        is_read(out, watch)
    assert list(command.temporary.iterdir()) == []
    for worker in set(watch.told()):
        awaited("the end of a worker", lambda worker=worker: is_gone(worker))


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_nobody_works_on_for_a_command_that_was_killed(
    jobs: int, watch: Watch, watched_file: Path, tmp_path: Path
) -> None:
    """The workers are held in the middle of a replication, so that they end for no other reason."""
    watch.hold.write_text("400")
    command = Command(run_of(watched_file, tmp_path / "out", jobs), tmp_path / "temporary", watch.environment)
    awaited("workers that are held", lambda: watch.held.exists() and len(set(watch.told())) == jobs)
    command.send(signal.SIGKILL)
    command.process.communicate(timeout=PATIENCE_S)  # returns when no process holds the pipe any more
    assert command.process.returncode == -signal.SIGKILL
    for worker in set(watch.told()):
        awaited("the end of a worker", lambda worker=worker: is_gone(worker))
    assert command.left() == []
    watch.hold.unlink()
    again = ["run", watched_file, "--replications", "2", "--jobs", "1", "--out", tmp_path / "out"]
    after = Command(again, command.temporary, watch.environment)
    assert (after.process.communicate(timeout=PATIENCE_S)[1], after.process.returncode) == ("", 0)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_at_any_moment_nothing_is_half_done(
    number: signal.Signals, jobs: int, watch: Watch, watched_file: Path, tmp_path: Path
) -> None:
    """Moments are drawn, from the first import on; whatever the machine's speed, the same must hold at each."""
    lot = random.Random(f"{number} {jobs}")
    for moment in range(4):
        out = tmp_path / f"out-{moment}"
        command = Command(run_of(watched_file, out, jobs), tmp_path / "temporary", watch.environment)
        command.await_start()
        time.sleep(lot.uniform(0.0, 2.5))  # no wait for anything: a moment at random
        command.send(number, to_all=moment % 2 == 0)
        _, told = command.process.communicate(timeout=PATIENCE_S)
        assert command.process.returncode == CODES[number], told
        assert re.fullmatch(r"interrupted(: kept the \d+ of 100000 replications that were finished)?\n", told)
        assert out.exists() == ("kept" in told)
        if out.exists():
            assert {"manifest.json", "figures.csv", "scenario.yaml"} <= {one.name for one in out.iterdir()}
        assert list(command.temporary.iterdir()) == []
        assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_signal_that_meets_the_end_of_an_object_is_not_lost() -> None:
    """What is raised there is passed over by Python, so that the signal has to come again."""
    text = """
import os, signal, time
from sim.cli import signals

class Ending:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        sum(range(1000))

signals.listen()
try:
    ending = Ending()
    del ending
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted by", signals.came)
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=PATIENCE_S)
    assert (done.stdout, done.stderr) == (f"interrupted by [{signal.SIGTERM.value}]\n", "")
