"""Commands beside `run` and `sweep` that are ended from outside: one line, no half of a result, nobody works on."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from awaiting import PATIENCE_S, awaited, is_gone
from watched import Watch

import sim
from faults.commands import Command

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
LOG = Path(__file__).parents[2] / "notebooks" / "synthetic_log.csv.gz"
JOBS = 2
MANY = ["--replications", "100000"]
GOALS = "staffing: {goals: [{metric: asa, queue: calls, at_most: 20s}], teams: {desk: {min: 1, max: 9}}}\nmedia:\n"
WATCHED = "routing: {agent_selection: watched}\n"
Words = list[str | Path]
Write = Callable[..., Path]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario calibrated from the log up to 10 March."""
    folder = tmp_path_factory.mktemp("fitted")
    sim.calibrate(LOG, out=folder, to="2026-03-10")
    return folder / "scenario.yaml"


def words_of(command: str, write: Write, fitted: Path) -> Words:
    """Let a command simulate for a long time by the policy that is watched."""
    file = write("watched.yaml", **{"media:\n": WATCHED + (GOALS if command == "staff" else "media:\n")})
    words: dict[str, Words] = {
        "compare": [file, "--candidate", "teams.desk.agents=4", *MANY, "--budget", "none"],
        "compare --best": [
            file,
            "--candidate",
            "teams.desk.agents=4",
            "--best",
            "asa",
            "--delta",
            "1s",
            *MANY,
            "--budget",
            "none",
        ],
        "check": [file, "--at-most", "100000", "--budget", "none", "--set", "targets.0.at_least=75%"],
        "staff": [file, "--days", "2000", "--budget", "none"],
        "backtest": [fitted, LOG, "--from", "2026-03-11", "--set", "routing.agent_selection=watched", *MANY],
    }
    out: Words = [] if "--best" in command else ["--out", file.parent / "out"]
    return [command.split()[0], *words[command], "--jobs", str(JOBS), *out]


def in_the_middle(command: Command, watch: Watch) -> set[int]:
    """Wait until a worker is held in the middle of a replication, and return all processes of the command."""

    def is_held() -> bool:
        assert command.process.poll() is None, command.process.communicate()
        return watch.held.exists()

    awaited("a worker that is held", is_held)
    return {*workers_of(command.process.pid)}


def ends_cleanly(command: Command, number: signal.Signals, out: Path) -> None:
    printed, told = command.process.communicate(timeout=PATIENCE_S)
    assert command.process.returncode == CODES[number], told
    assert re.fullmatch(r"interrupted(: [^\n]+)?\n", told), told
    assert not out.exists() or (" finished" in told and (out / "manifest.json").exists()), printed
    assert list(command.temporary.iterdir()) == []
    assert [one.name for one in out.parent.iterdir() if one.name.startswith(".")] == []


COMMANDS = ("compare", "compare --best", "check", "staff", "backtest")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("number", "to_all"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_a_command_ends_in_one_line(
    command: str, number: signal.Signals, to_all: bool, watch: Watch, scenario_file: Write, fitted: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    watch.hold.write_text("400")
    started = Command(words_of(command, scenario_file, fitted), tmp_path / "temporary", watch.environment)
    workers = in_the_middle(started, watch)
    assert len(workers) >= JOBS
    started.send(number, to_all=to_all)
    ends_cleanly(started, number, tmp_path / "out")
    for worker in workers:
        awaited("the end of a worker", lambda worker=worker: is_gone(worker))


@pytest.mark.parametrize("command", COMMANDS)
def test_nobody_works_on_for_a_command_that_was_killed(
    command: str, watch: Watch, scenario_file: Write, fitted: Path, tmp_path: Path
) -> None:
    watch.hold.write_text("400")
    started = Command(words_of(command, scenario_file, fitted), tmp_path / "temporary", watch.environment)
    workers = in_the_middle(started, watch)
    assert len(workers) >= JOBS
    started.send(signal.SIGKILL)
    started.process.communicate(timeout=PATIENCE_S)  # returns when no process holds the pipe any more
    for worker in workers:
        awaited("the end of a worker", lambda worker=worker: is_gone(worker))
    assert started.left() == []
    assert not (tmp_path / "out").exists()


# Where no policy of ours has a say: what the system tells of processes.

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def workers_of(process: int) -> dict[int, float]:
    """The descendants of a process that listen to it, and the seconds of the processor that each has used."""
    parents, used = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(folder.name)] = int(words[1])
        used[int(folder.name)] = (int(words[11]) + int(words[12])) / TICKS_PER_S
    found = {process}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return {one: used[one] for one in found - {process}}


def verify_at_work(command: Command) -> set[int]:
    """Wait until both workers have worked for longer than it takes to load the simulator, and return them."""

    def work() -> set[int]:
        assert command.process.poll() is None, command.process.communicate()
        busy = {one for one, used in workers_of(command.process.pid).items() if used > 3.0}
        return busy if len(busy) >= JOBS else set()

    return awaited("workers of `sim verify`", work)


@pytest.mark.parametrize(
    ("number", "to_all"), [(signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGKILL, False)]
)
def test_verify_ends_with_its_workers(number: signal.Signals, to_all: bool, tmp_path: Path) -> None:
    command = Command(["verify", "--jobs", str(JOBS)], tmp_path / "temporary")
    workers = verify_at_work(command)
    command.send(number, to_all=to_all)
    if number in CODES:
        ends_cleanly(command, number, tmp_path / "out")
    else:
        command.process.communicate(timeout=PATIENCE_S)
        assert command.left() == []
    for worker in workers:
        awaited("the end of a worker", lambda worker=worker: is_gone(worker))


@pytest.fixture(scope="session")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of a hundred times as many contacts, which takes a while to be read."""
    import gzip

    head, *rows = gzip.decompress(LOG.read_bytes()).decode().splitlines(keepends=True)
    file = tmp_path_factory.mktemp("log") / "log.csv"
    with file.open("w") as written:
        written.write(head)
        for number in range(100):
            written.writelines(f"{number}-{row}" for row in rows)
    return file


def is_reading(command: Command, file: Path) -> bool:
    """Whether a process is in the middle of a file."""
    assert command.process.poll() is None, command.process.communicate()
    home = Path(f"/proc/{command.process.pid}")
    for one in (home / "fd").iterdir():
        try:
            if one.readlink() == file:
                told = (home / "fdinfo" / one.name).read_text()
                return 0 < int(told.split()[1]) < file.stat().st_size
        except FileNotFoundError:
            continue
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_calibration_that_is_ended_leaves_nothing(
    number: signal.Signals, long_log: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = Command(["calibrate", long_log, "--out", out], tmp_path / "temporary")
    awaited("a calibration that reads", lambda: is_reading(command, long_log))
    command.send(number)
    if number in CODES:
        ends_cleanly(command, number, out)
    else:
        command.process.communicate(timeout=PATIENCE_S)
    assert not out.exists()
    assert command.left() == []
