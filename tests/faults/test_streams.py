"""Commands in odd surroundings: closed streams, no working folder, no home, a locale of ASCII, a clock that jumps."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from awaiting import PATIENCE_S

import sim

Write = Callable[..., Path]
Done = subprocess.CompletedProcess[bytes]


def sh(script: str, *arguments: str | Path, cwd: Path, **environment: str) -> Done:
    """Run a line of the shell in which `sim` is the command, with only the means that it needs."""
    line = f'sim() {{ "{sys.executable}" -m sim "$@"; }}; {script}'
    known = {
        name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "TMPDIR") if name in os.environ
    }
    return subprocess.run(
        ["/bin/sh", "-c", line, "sh", *map(str, arguments)],
        capture_output=True, timeout=PATIENCE_S, cwd=cwd, env={**known, **environment},
    )  # fmt: skip


@pytest.mark.parametrize(
    "closed",
    [
        ">&-",
        *(pytest.param(one, marks=pytest.mark.slow) for one in ("2>&-", "<&-", ">&- 2>&-", ">&- 2>&- <&-")),
    ],
)
def test_closed_streams_lose_nothing(closed: str, scenario_file: Write, tmp_path: Path) -> None:
    """What is opened next would take the number of a closed stream, and be printed into."""
    done = sh(f'sim run "$1" --replications 2 --out out {closed}', scenario_file(), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"" if ">&-" in closed.replace("2>&-", "") else b"Small desk: means of 2")
    kept = sim.open(tmp_path / "out")
    assert isinstance(kept, sim.Result)
    assert kept.figures.equals(sim.run(sim.load(scenario_file()), 2).figures)


@pytest.mark.parametrize("closed", ["2>&-", pytest.param(">&- 2>&-", marks=pytest.mark.slow)])
def test_a_mistake_that_nobody_reads_ends_in_its_code_all_the_same(closed: str, tmp_path: Path) -> None:
    done = sh(f"sim run nothing.yaml {closed}", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


def test_a_working_folder_that_is_gone_is_said_in_a_line(scenario_file: Write, tmp_path: Path) -> None:
    gone = 'mkdir gone; cd gone; rmdir ../gone; sim run "$1" --replications 2'
    done = sh(gone, scenario_file(), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"the working folder is gone; go to one that is there\n"


@pytest.mark.slow
def test_without_a_home_nothing_is_missing(scenario_file: Write, tmp_path: Path) -> None:
    done = sh('sim run "$1" --replications 2 --out out', scenario_file(), cwd=tmp_path, HOME="/nonexistent")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
def test_an_ascii_locale_reads_and_writes_any_path(scenario_file: Write, tmp_path: Path) -> None:
    folder = tmp_path / "Zürich"
    folder.mkdir()
    file = folder / "Tag – früh.yaml"
    scenario_file().rename(file)
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = sh('sim run "$1" --replications 2 --out "$2"', file, folder / "läuft", cwd=tmp_path, **ascii_only)
    assert (done.returncode, done.stderr) == (0, b"")
    told = json.loads((folder / "läuft" / "manifest.json").read_text(encoding="utf-8"))
    assert str(file) in told["command"]
    wrong = sh('sim run "$1"', folder / "fehlt.yaml", cwd=tmp_path, **ascii_only)
    assert wrong.returncode == 2
    assert len(wrong.stderr.splitlines()) == 1
    assert b"Traceback" not in wrong.stderr


JUMPING = """
import sys, time
from datetime import datetime
from sim.cli import main
from sim.experiments import replications
shift, real = [0.0], time.time

def jumping():
    shift[0] = -1e8 - shift[0]  # three years back, and forth again
    return real() + shift[0]

class Jumping(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.fromtimestamp(jumping(), tz)

time.time, replications.datetime = jumping, Jumping
sys.argv = ["sim", *sys.argv[1:]]
sys.exit(main())
"""


@pytest.mark.slow
def test_a_clock_that_jumps_changes_no_figure(scenario_file: Write, tmp_path: Path) -> None:
    """Each look at the wall clock is years from the last."""
    file = scenario_file()
    words = ["run", str(file), "--replications", "3", "--jobs", "2", "--out", "jumped"]
    jumped = subprocess.run(
        [sys.executable, "-c", JUMPING, *words], capture_output=True, timeout=PATIENCE_S, cwd=tmp_path
    )
    steady = sh('sim run "$1" --replications 3 --jobs 1 --out steady', file, cwd=tmp_path)
    assert (jumped.returncode, jumped.stderr) == (steady.returncode, steady.stderr) == (0, b"")
    for name in ("figures.csv", "requests.csv.gz", "conversations.csv.gz"):
        assert (tmp_path / "jumped" / name).read_bytes() == (tmp_path / "steady" / name).read_bytes()
    told = json.loads((tmp_path / "jumped" / "manifest.json").read_text())
    steady_start = json.loads((tmp_path / "steady" / "manifest.json").read_text())["started"]
    assert told["started"][:4] < steady_start[:4]
    assert 0 < told["seconds"] < PATIENCE_S
