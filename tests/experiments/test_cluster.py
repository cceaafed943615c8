"""A real scheduler and two real worker processes on this machine do the same work to the same bytes."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest
from awaiting import PATIENCE_S, awaited

import sim
from sim.cli import main
from sim.parallel import cluster
from sim.parallel.workers import Workers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("distributed") is None, reason="the extra [cluster] is not installed"),
]


@dataclass
class Cluster:
    """The processes of a cluster, and the address of its scheduler."""

    address: str
    log: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> None:
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self.log)]
        self.workers.append(process("worker", self.address, *options, log=self.log))

    def kill_a_worker(self) -> None:
        self.workers[0].kill()
        self.workers.pop(0).wait()

    def restore(self) -> None:
        """Start what is missing, and wait until the scheduler knows just these two."""
        from distributed import Client

        while len(self.workers) < 2:
            self.start_worker()
        ours = {worker.pid for worker in self.workers}
        with Client(self.address, timeout=PATIENCE_S, set_as_default=False) as client:
            awaited("two workers", lambda: {*client.run(os.getpid, on_error="ignore").values()} == ours)


def process(what: str, *options: str, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}  # for what the tests send
    with (log / f"{what}.log").open("ab") as file:
        return subprocess.Popen(command, stdout=file, stderr=file, env=env)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """`dask scheduler` and two `dask worker`, as one would start them by hand."""
    folder = tmp_path_factory.mktemp("cluster")
    place = folder / "scheduler.json"
    scheduler = process(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place),
        log=folder,
    )  # fmt: skip
    awaited("the scheduler", lambda: place.exists() and place.read_text().rstrip().endswith("}"))
    found = Cluster(json.loads(place.read_text())["address"], folder)
    found.restore()
    yield found
    for one in (*found.workers, scheduler):
        one.kill()
        one.wait()


def label(number: int) -> str:
    return f"replication {number} (seed 7)"


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a saved result but the manifest, which holds the wall clock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}


def test_the_work_is_done_by_the_processes_of_the_cluster(running: Cluster, tmp_path: Path) -> None:
    running.restore()

    def where(number: int) -> tuple[int, int]:
        """Wait for the other process, so that none of them does it all."""
        (tmp_path / str(os.getpid())).touch()
        awaited("two processes", lambda: len(list(tmp_path.iterdir())) > 1)
        return number, os.getpid()

    done = list(Workers(cluster=running.address).ordered(where, range(6), label))
    assert [number for number, _ in done] == list(range(6))
    assert {process for _, process in done} == {worker.pid for worker in running.workers}


def test_the_same_bytes_as_here(running: Cluster, small_text: str, tmp_path: Path) -> None:
    running.restore()
    small = sim.loads(small_text)
    here = sim.run(small, 6, keep_tables="all", events=True, jobs=1).save(tmp_path / "here")
    there = sim.run(small, 6, keep_tables="all", events=True, cluster=running.address)
    assert there.replications == 6
    assert files_of(there.save(tmp_path / "there")) == files_of(here)


def test_the_command_line_and_a_precision(
    running: Cluster, scenario_file: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running.restore()
    command = ["run", str(scenario_file()), "--precision", "service_level=±6%", "--format", "csv"]
    assert main([*command, "--jobs", "1", "--out", str(tmp_path / "here")]) == 0
    here = capsys.readouterr()
    assert main([*command, "--cluster", running.address, "--out", str(tmp_path / "there")]) == 0
    assert capsys.readouterr() == here
    assert files_of(tmp_path / "there") == files_of(tmp_path / "here")


def test_a_killed_worker_loses_nothing(running: Cluster, small_text: str, tmp_path: Path) -> None:
    running.restore()
    small = sim.loads(small_text)
    here = sim.run(small, 30, jobs=1).save(tmp_path / "here")
    told: list[str] = []

    def kill_one(done: int, _of: int) -> None:
        if done == 5:
            running.kill_a_worker()

    there = sim.run(small, 30, cluster=running.address, on_progress=kill_one, on_loss=told.append)
    assert there.replications == 30
    assert files_of(there.save(tmp_path / "there")) == files_of(here)
    assert len(told) == 1
    assert told[0].startswith("the worker tcp://127.0.0.1:")
    assert "of the cluster died" in told[0]


def test_who_died_with_what_is_said(running: Cluster, tmp_path: Path) -> None:
    running.restore()
    told: list[str] = []
    victim, begun = running.workers[0].pid, tmp_path / "begun"

    def hold(number: int) -> int:
        """Keep the worker that is going to die busy with the item that it first got."""
        if os.getpid() == victim:
            begun.touch()
            time.sleep(PATIENCE_S)
        awaited("the item of the other one", begun.exists)
        return number

    def kill_it_then() -> None:
        awaited("an item of the worker that dies", begun.exists)
        running.kill_a_worker()

    threading.Thread(target=kill_it_then, daemon=True).start()
    done = Workers(cluster=running.address, report=told.append).ordered(hold, range(30), label)
    assert list(done) == list(range(30))
    assert len(told) == 1
    assert "of the cluster died; begun again elsewhere: replication " in told[0]
    assert "(seed 7)" in told[0]


def test_what_an_item_raises_there_is_raised_here(running: Cluster) -> None:
    running.restore()

    def bad(number: int) -> int:
        raise sim.SimError(f"no {number}")

    with pytest.raises(sim.SimError, match=r"^no 0$"):
        list(Workers(cluster=running.address).ordered(bad, range(4), label))


def test_workers_with_another_version_are_refused(running: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    running.restore()
    monkeypatch.setattr(cluster, "SAME", ("cloudpickle",))
    monkeypatch.setattr(cluster, "_version_of", lambda _package: lambda: "0.0.1")
    with pytest.raises(sim.SimError, match=r"this worker has cloudpickle 0\.0\.1, here it is \d.*; install"):
        list(Workers(cluster=running.address).ordered(str, range(2)))


def test_where_no_cluster_is_that_is_said(
    monkeypatch: pytest.MonkeyPatch, scenario_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "ANSWER_S", 0.3)
    assert main(["run", str(scenario_file()), "--cluster", "tcp://127.0.0.1:9"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("tcp://127.0.0.1:9: no scheduler of a Dask cluster answers there")
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (
            "foo",
            "foo: is no address of a Dask scheduler (missing port number in address 'foo'); write tcp://HOST:PORT",
        ),
        ("tcp://here:there", "invalid literal"),
        ("http://here:80", "unknown address scheme"),
        ("tls://127.0.0.1:9", "tls://127.0.0.1:9: needs certificates"),
    ],
)
def test_what_is_no_address_is_one_line_and_nothing_comes_after_it(
    address: str, why: str, scenario_file: Callable[..., Path]
) -> None:
    command = [sys.executable, "-m", "sim", "run", str(scenario_file()), "--cluster", address]
    done = subprocess.run(command, capture_output=True, text=True, cwd=scenario_file().parent, check=False)
    assert done.returncode == 2
    assert why in done.stderr
    assert done.stderr.count("\n") == 1
