"""A folder has one writer, and what is in it is whole: two at once, a full disk, a place that is gone or read-only."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from awaiting import PATIENCE_S, awaited
from watched import Watch

import sim
from faults.commands import Command
from sim.cli import main

pytestmark = pytest.mark.slow

Write = Callable[..., Path]


def sweep_of(file: Path, out: Path) -> list[str | Path]:
    return [
        "sweep",
        file,
        "--vary",
        "teams.desk.agents=3,4",
        "--replications",
        "6",
        "--jobs",
        "1",
        "--out",
        out,
    ]


def test_the_second_of_two_sweeps_does_nothing_twice(
    watch: Watch, watched_file: Path, tmp_path: Path
) -> None:
    watch.hold.write_text("300")
    first = Command(sweep_of(watched_file, tmp_path / "out"), tmp_path / "temporary", watch.environment)
    awaited("a sweep under way", lambda: watch.held.exists() or first.process.poll() is not None)
    second = Command(sweep_of(watched_file, tmp_path / "out"), tmp_path / "temporary", watch.environment)
    printed, told = second.process.communicate(timeout=PATIENCE_S)
    assert (second.process.returncode, printed) == (2, "")
    assert "another command is about to write its result there" in told
    assert set(watch.told()) == {first.process.pid}
    watch.hold.unlink()
    _, told = first.process.communicate(timeout=PATIENCE_S)
    assert (first.process.returncode, told) == (0, "")
    assert len((tmp_path / "out" / "done.jsonl").read_text().splitlines()) == 12
    assert list(first.temporary.iterdir()) == []


def test_four_runs_at_once_get_a_default_folder_each(
    scenario_file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = scenario_file()
    monkeypatch.chdir(tmp_path)
    runs = [Command(["run", file, "--replications", "2"], tmp_path / "temporary") for _ in range(4)]
    assert [(one.process.communicate(timeout=PATIENCE_S)[1], one.process.returncode) for one in runs] == [
        ("", 0)
    ] * 4
    folders = list((tmp_path / "results" / "small_desk").iterdir())
    assert len(folders) == 4
    for folder in folders:
        result = sim.open(folder)
        assert isinstance(result, sim.Result)
        assert result.replications == 2


# A full disk: no file may grow beyond some bytes, which Linux answers as it answers a disk without room.

SMALL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from sim.cli import main
sys.argv = ["sim", *sys.argv[2:]]
sys.exit(main())
"""


def on_small_disk(room: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    # -B: Python 3.11 would keep the half of a module's bytecode for which there was room, and fail on it ever after.
    words = [sys.executable, "-B", "-c", SMALL_DISK, str(room), *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_S)


def test_a_full_disk_leaves_the_earlier_page(scenario_file: Write, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["run", str(scenario_file()), "--replications", "2", "--out", str(out)]) == 0
    before = sorted(out.iterdir())
    done = on_small_disk(2000, "report", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{out / 'report.html'}: cannot be written: File too large; name another place\n"
    assert sorted(out.iterdir()) == before
    (out / "report.html").write_text("the page of yesterday")
    assert on_small_disk(2000, "report", out).returncode == 2
    assert (out / "report.html").read_text() == "the page of yesterday"


def test_a_full_disk_leaves_no_half_of_a_run(scenario_file: Write, tmp_path: Path) -> None:
    file, out = scenario_file(), tmp_path / "out"
    before = sorted(tmp_path.iterdir())
    done = on_small_disk(2000, "run", file, "--replications", "2", "--out", out)
    assert (done.returncode, done.stderr) == (
        2,
        f"{out}: the result cannot be written: File too large; name another place\n",
    )
    assert done.stdout.startswith("Small desk: means of 2 replications")
    assert sorted(tmp_path.iterdir()) == before


def test_a_sweep_goes_on_when_the_disk_has_room_again(scenario_file: Write, tmp_path: Path) -> None:
    file, out = scenario_file(), tmp_path / "out"
    done = on_small_disk(2000, *sweep_of(file, out))
    assert (done.returncode, done.stdout) == (2, "")
    assert "File too large" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not [one.name for one in out.iterdir() if "new" in one.name]
    assert main([*map(str, sweep_of(file, out))]) == 0
    whole = sim.sweep(sim.load(file), {"teams.desk.agents": [3, 4]}, replications=6, jobs=1)
    kept = sim.open(out)
    assert isinstance(kept, sim.Sweep)
    assert (kept.tops == whole.tops).all()
    assert kept.figures.equals(whole.figures)


# Places that are read-only or gone.


DROP, MAY_WRITE_ANYWHERE = 24, 1
"""PR_CAPBSET_DROP and CAP_DAC_OVERRIDE of Linux: without it permissions bind root as they bind anybody."""


def bound() -> None:
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(DROP, MAY_WRITE_ANYWHERE, 0, 0, 0)


def test_a_read_only_folder_is_named_before_anything_is_simulated(
    scenario_file: Write, tmp_path: Path
) -> None:
    file = scenario_file()
    results = tmp_path / "results"
    results.mkdir()
    results.chmod(0o555)
    try:
        for more in ([], ["--out", "results/mine"]):
            done = subprocess.run(
                [sys.executable, "-m", "sim", "run", str(file), *more],
                capture_output=True, text=True, timeout=PATIENCE_S, cwd=tmp_path, preexec_fn=bound,
            )  # fmt: skip
            assert (done.returncode, done.stdout) == (2, ""), done
            assert done.stderr.endswith("cannot be written: Permission denied; name another place\n")
            assert len(done.stderr.splitlines()) == 1
        assert list(results.iterdir()) == []
    finally:
        results.chmod(0o755)


def test_a_results_folder_that_vanishes_is_made_again(
    watch: Watch, watched_file: Path, tmp_path: Path
) -> None:
    watch.hold.write_text("300")
    out = tmp_path / "deep" / "out"
    arguments = ["run", watched_file, "--replications", "15", "--jobs", "1", "--out", out]
    command = Command(arguments, tmp_path / "temporary", watch.environment)
    awaited("a run under way", lambda: watch.held.exists() or command.process.poll() is not None)
    shutil.rmtree(out.parent, ignore_errors=True)
    watch.hold.unlink()
    assert (command.process.communicate(timeout=PATIENCE_S)[1], command.process.returncode) == ("", 0)
    assert (out / "manifest.json").is_file()


def test_a_killed_run_leaves_the_earlier_result(watch: Watch, watched_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["run", watched_file, "--replications", "15", "--jobs", "1", "--out", out]
    first = Command(arguments, tmp_path / "temporary", watch.environment)
    assert (first.process.communicate(timeout=PATIENCE_S)[1], first.process.returncode) == ("", 0)
    before = {one.name: one.read_bytes() for one in out.iterdir()}
    watch.hold.write_text("300")
    watch.held.unlink(missing_ok=True)
    second = Command(arguments, tmp_path / "temporary", watch.environment)
    awaited("a run under way", lambda: watch.held.exists() or second.process.poll() is not None)
    second.send(signal.SIGKILL)
    second.process.communicate(timeout=PATIENCE_S)
    assert {one.name: one.read_bytes() for one in out.iterdir()} == before
