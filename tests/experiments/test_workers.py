"""Work spread over processes: results in order, bounded, mended, and stopped by Ctrl-C."""

import gc
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from platform import libc_ver

import numpy as np
import pytest
from awaiting import PATIENCE_S, awaited

from sim.errors import SimError
from sim.parallel import workers as working
from sim.parallel.cores import can_fork, idle_s
from sim.parallel.processes import packed
from sim.parallel.window import LOOK_AHEAD, Window
from sim.parallel.workers import Workers


def square(number: int) -> int:
    return number * number


def unequal(number: int) -> tuple[int, int]:
    """Later items are quicker than earlier ones."""
    time.sleep(0.02 * (3 - number % 4))
    return number, os.getpid()


@pytest.mark.parametrize("jobs", [None, 1, 2])
def test_results_come_in_the_order_of_the_items(jobs: int | None) -> None:
    assert list(Workers(jobs).ordered(square, iter(range(9)))) == [n * n for n in range(9)]


class Day:
    """As the tables of a day are: its own end holds it."""

    def __init__(self) -> None:
        self.end = self.__init__  # type: ignore[misc]


days: list[weakref.ref[Day]] = []


def day_of(_number: int) -> int:
    """Leave a day behind, and return how many of those before are still there."""
    there = sum(day() is not None for day in days)
    days.append(weakref.ref(Day()))
    return there


@pytest.mark.parametrize("jobs", [None, 1, pytest.param(2, marks=pytest.mark.slow)])
def test_what_an_item_left_behind_is_cleared_away_before_the_next(jobs: int | None) -> None:
    days.clear()
    usual = gc.get_threshold()
    gc.set_threshold(250_000)  # as in a command
    try:
        assert not sum(Workers(jobs).ordered(day_of, range(8)))
    finally:
        gc.set_threshold(*usual)


@pytest.mark.slow
def test_two_jobs_are_two_processes_and_one_job_is_this_one(tmp_path: Path) -> None:
    def together(number: int) -> tuple[int, int]:
        """Wait at the first items for the other process."""
        (tmp_path / str(os.getpid())).touch()
        awaited("two processes", lambda: len(list(tmp_path.iterdir())) > 1)
        return unequal(number)

    done = list(Workers(2).ordered(together, range(12)))
    assert [number for number, _ in done] == list(range(12))
    assert len({process for _, process in done} - {os.getpid()}) == 2
    assert {process for _, process in Workers(1).ordered(unequal, range(3))} == {os.getpid()}


@pytest.mark.slow
def test_a_function_may_be_made_on_the_spot_and_hold_things() -> None:
    held = {"factor": 3}
    assert list(Workers(2).ordered(lambda n: n * held["factor"], range(4))) == [0, 3, 6, 9]


@pytest.mark.slow
def test_items_are_taken_only_a_little_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = Workers(2).ordered(square, items())
    for number in range(50):
        assert next(results) == number * number
        assert len(taken) <= number + 1 + 2 * LOOK_AHEAD
    results.close()
    assert len(taken) < 60


@pytest.mark.slow
def test_what_an_item_raises_is_raised_at_its_turn() -> None:
    def bad(number: int) -> int:
        if number == 3:
            raise SimError("the third")
        return number

    results = Workers(2).ordered(bad, range(6))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(SimError, match="the third"):
        next(results)


def kills_itself(number: int, victim: int, marks: Path, times: int) -> int:
    """Die with SIGKILL at one item, the first so many times."""
    if number == victim:
        mark = marks / str(len(list(marks.iterdir())))
        if int(mark.name) < times:
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return number


def label(number: int) -> str:
    return f"replication {number} (seed 7)"


@pytest.mark.slow
def test_an_item_whose_worker_is_killed_is_told_and_done_again(tmp_path: Path) -> None:
    told: list[str] = []
    work = Workers(2, report=told.append)
    done = work.ordered(lambda n: kills_itself(n, 5, tmp_path, 1), range(12), label)
    assert list(done) == list(range(12))
    assert len(told) == 1
    assert told[0].startswith("a worker process died (killed, or out of memory); begun again: ")
    assert "replication 5 (seed 7)" in told[0]


@pytest.mark.slow
def test_an_item_that_ends_its_worker_twice_is_named(tmp_path: Path) -> None:
    done = Workers(2).ordered(lambda n: kills_itself(n, 5, tmp_path, 2), range(12), label)
    with (
        pytest.warns(RuntimeWarning, match=r"begun again: .*replication 5 \(seed 7\)"),
        pytest.raises(SimError, match=r"^replication 5 \(seed 7\): its worker process died twice"),
    ):
        list(done)
    assert len(list(tmp_path.iterdir())) == 2


class LosesLate:
    """A pool that loses its first item at the last moment: as the one after the next is handed in."""

    size = 2

    def __init__(self) -> None:
        self.first: Future[int] = Future()
        self.begun: list[int] = []

    def submit(self, item: int, label: str) -> "Future[int]":
        self.begun.append(item)
        if self.begun == [0]:
            return self.first
        if item == 2:
            self.first.set_exception(BrokenExecutor())
        done: Future[int] = Future()
        done.set_result(item)
        return done

    def result(self, future: "Future[int]") -> int:
        return future.result()

    def notice(self) -> None:
        return None

    def stop(self, under_way: object) -> None:
        assert not under_way


def test_an_item_that_is_lost_after_the_look_is_begun_again() -> None:
    told: list[str] = []
    pool = LosesLate()
    assert list(Window(pool, iter(range(4)), label, told.append).results()) == [0, 1, 2, 3]
    assert pool.begun.count(0) == 2
    assert told == ["a worker process died (killed, or out of memory); begun again: replication 0 (seed 7)"]


@pytest.mark.slow
def test_the_neighbours_of_a_killer_are_not_blamed(tmp_path: Path) -> None:
    """Both items under way are lost, but only one of them is at fault; they are done again one by one."""
    told: list[str] = []
    marks, begun = tmp_path / "marks", tmp_path / "begun"
    marks.mkdir()

    def held_or_killing(number: int) -> int:
        """Kill beside the other one, which at first is held for ever."""
        if number == 1:
            awaited("the other item", begun.exists)
            return kills_itself(number, 1, marks, 2)
        if not begun.exists():
            begun.touch()
            time.sleep(PATIENCE_S)
        return number

    with pytest.raises(SimError, match=r"^replication 1 \(seed 7\): "):
        list(Workers(2, report=told.append).ordered(held_or_killing, range(2), label))
    assert told[0].endswith("begun again: replication 0 (seed 7), replication 1 (seed 7)")


def test_stopping_early_ends_what_is_under_way() -> None:
    results = Workers(2).ordered(
        lambda n: (time.sleep(0 if n == 0 else PATIENCE_S), os.getpid())[1], range(6)
    )
    process = next(results)
    clock = time.perf_counter()
    results.close()
    assert time.perf_counter() - clock < PATIENCE_S / 5
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


LARGE = 20_000_000


def pages_anew(_number: int) -> int:
    """Return how many pages the system has to find for what was given back just before."""
    from resource import RUSAGE_SELF, getrusage

    bytearray(LARGE)
    before = getrusage(RUSAGE_SELF).ru_minflt
    bytearray(LARGE)
    return getrusage(RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(libc_ver()[0] != "glibc", reason="only the GNU library can be told")
def test_a_worker_keeps_its_memory_for_the_next_item() -> None:
    assert max(Workers(2).ordered(pages_anew, range(2))) < LARGE / os.sysconf("SC_PAGE_SIZE") / 10


def test_nothing_large_goes_through_the_pipe(tmp_path: Path) -> None:
    """A worker that is killed half way through a pipe would be waited for for ever."""
    for value in (b"x" * 10, b"x" * 2000, b"x" * 10**6):
        parcel = packed(value, str(tmp_path))
        assert len(pickle.dumps(parcel)) < 4096
        assert parcel.opened() == parcel.taken() == value
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, 3, 50_000])
def test_arrays_come_as_they_went(tmp_path: Path, size: int) -> None:
    plain = np.arange(2.0 * size).reshape(2, size)
    went = [
        plain,
        plain.T,
        plain[0],
        plain[:, ::2],
        plain.astype(object)[0, :5],
        np.array(["a", "bc"]),
        "text",
    ]
    parcel = packed(went, str(tmp_path))
    assert bool(parcel.path) == (size > 3)
    assert len(pickle.dumps(parcel)) < 4096
    came = parcel.taken()
    assert came[-1] == "text"
    for one, other in zip(went[:-1], came[:-1], strict=True):
        assert isinstance(one, np.ndarray)
        assert (one.dtype, one.tolist()) == (other.dtype, other.tolist())
        assert other.flags.writeable


@pytest.mark.slow
def test_large_items_and_results_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    results = Workers(2).ordered(lambda item: item + item, (bytes([n]) * 10**5 for n in range(20)))
    assert next(results) == bytes(2 * 10**5)
    assert len(list(tmp_path.iterdir())) == 1
    assert [len(result) for result in results] == [2 * 10**5] * 19
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(SimError, match="No such file or directory; name another place in TMPDIR"):
        packed(b"x" * 10**6, str(tmp_path / "gone"))


def test_short_work_loads_nothing_for_processes(scenario_file: Callable[..., Path]) -> None:
    program = "import sys, sim; sim.run(sim.load(sys.argv[1]), 3); print('joblib' in sys.modules)"
    command = [sys.executable, "-c", program, str(scenario_file())]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "False\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")
def test_copies_load_nothing_for_processes_that_are_none() -> None:
    program = (
        "import sys; from sim.parallel.workers import Workers; print(list(Workers(2).ordered(abs, range(3))),"
        "*{'joblib', 'multiprocessing.resource_tracker'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[0, 1, 2]\n", "")


CTRL_C = """
import os, signal, sys, threading, time
from sim.parallel.workers import Workers

under_way = sys.argv[1]

def work(number):
    if number > 3:
        open(os.path.join(under_way, str(number)), "w").close()
        time.sleep(300)
    return number

def ctrl_c():  # as a terminal does: the whole group gets it
    while len(os.listdir(under_way)) < 2:
        time.sleep(0.01)
    os.killpg(os.getpgid(0), signal.SIGINT)

got = []
try:
    for result in Workers(2).ordered(work, range(100)):
        got.append(result)
        if result == 3:
            threading.Thread(target=ctrl_c).start()
except KeyboardInterrupt:
    print("kept", got)
"""


@pytest.mark.slow
def test_ctrl_c_in_a_terminal_stops_cleanly(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CTRL_C, str(tmp_path)],
        capture_output=True, text=True, timeout=PATIENCE_S, start_new_session=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("kept [0, 1, 2, 3]\n", "")


CTRL_C_AFTERWARDS = """
import os, signal, time
from sim.parallel.workers import Workers

print(list(Workers(2).ordered(abs, range(4))))
try:
    os.killpg(os.getpgid(0), signal.SIGINT)
    time.sleep(300)
except KeyboardInterrupt:
    print(list(Workers(2).ordered(abs, range(4))))
"""


@pytest.mark.slow
def test_ctrl_c_leaves_idle_processes_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CTRL_C_AFTERWARDS],
        capture_output=True, text=True, timeout=PATIENCE_S, start_new_session=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (2 * "[0, 1, 2, 3]\n", "")


class Idle:
    """As many idle cores as it is told."""

    def __init__(self, free: float | None) -> None:
        self.free = free

    def count(self) -> float | None:
        return self.free


def busy(number: int) -> tuple[int, int]:
    """Work for a hundredth of a second of the CPU."""
    until = time.process_time() + 0.01
    while time.process_time() < until:
        pass
    return number, os.getpid()


@pytest.mark.parametrize("forks", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_processes_are_only_started_where_they_pay(monkeypatch: pytest.MonkeyPatch, forks: bool) -> None:
    monkeypatch.setattr(working, "cores", lambda: 2)
    monkeypatch.setattr(working, "can_fork", lambda: forks)
    monkeypatch.setattr(working, "IdleCores", lambda: Idle(1.0))
    name = "FORK_S" if forks else "START_UP_S"
    monkeypatch.setattr(working, name, PATIENCE_S)  # on however slow a machine
    assert {process for _, process in Workers().ordered(busy, range(20))} == {os.getpid()}
    monkeypatch.setattr(working, "START_UP_S", 0.001)
    monkeypatch.setattr(working, name, 0.001)
    where = [process for _, process in Workers().ordered(busy, range(20))]
    assert where[0] == os.getpid()
    assert os.getpid() not in where[8:]


def test_an_item_of_several_counts_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left is counted by replications; of what is not there yet, as much as was done."""
    monkeypatch.setattr(working, "cores", lambda: 2)
    monkeypatch.setattr(working, "can_fork", lambda: True)
    monkeypatch.setattr(working, "IdleCores", lambda: Idle(1.0))
    seen: list[int] = []

    def looked(seconds: list[float], left: int, idle: Idle) -> bool:
        seen.append(left)
        return False

    monkeypatch.setattr(working, "_is_repaid", looked)
    assert list(Workers().ordered(len, [range(1), range(1, 3), range(3, 9)])) == [1, 2, 6]
    assert list(Workers().ordered(abs, range(2))) == [0, 1]
    assert list(Workers().ordered(abs, iter([5, 6]))) == [5, 6]
    assert seen == [8, 6, 0, 1, 0, 1, 2]


@pytest.mark.parametrize(
    ("seconds", "left", "free", "pays"),
    [
        ([2.0, 0.1], 20, 1.0, True),  # 2 s of the CPU are 1 s on two cores, and 0.3 s to begin
        ([2.0, 0.1], 5, 1.0, False),  # 0.5 s
        ([2.0, 0.1], 20, 0.0, False),  # others have the second core
        ([2.0, 0.1], 20, 0.1, False),  # and nearly all of it
        ([2.0, 0.1], 20, 0.5, True),  # 2 s are 1.33 s
        ([2.0, 0.1], 20, None, True),  # nobody tells: the cores there are
        ([2.0], 20, 1.0, False),  # of a first item most may have been loading
        ([4.0], 20, 7.0, True),
    ],
)
def test_processes_pay_by_cpu_time_and_idle_cores(
    monkeypatch: pytest.MonkeyPatch, seconds: list[float], left: int, free: float | None, pays: bool
) -> None:
    monkeypatch.setattr(working, "cores", lambda: 2)
    monkeypatch.setattr(working, "can_fork", lambda: True)
    assert working._is_repaid(seconds, left, Idle(free)) is pays  # type: ignore[arg-type]


def test_idle_seconds_are_those_that_the_system_counts(tmp_path: Path) -> None:
    (tmp_path / "stat").write_text("cpu  100 0 50 700 30 0 0 0 0 0\ncpu0 ...\n")
    assert idle_s(tmp_path / "stat") == 730 / os.sysconf("SC_CLK_TCK")
    assert idle_s(tmp_path / "none") is None


def test_a_process_with_other_threads_is_not_copied() -> None:
    asked: list[bool] = []
    over = threading.Event()
    thread = threading.Thread(target=lambda: (asked.append(can_fork()), over.wait(PATIENCE_S)))
    thread.start()
    awaited("the thread's answer", lambda: bool(asked))
    found = can_fork()
    over.set()
    thread.join()
    assert (asked, found) == ([False], False)


def test_one_core_never_starts_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "cores", lambda: 1)
    monkeypatch.setattr(working, "START_UP_S", 0.001)
    monkeypatch.setattr(working, "FORK_S", 0.001)
    assert {process for _, process in Workers().ordered(busy, range(8))} == {os.getpid()}


def test_it_works_from_other_threads() -> None:
    found: list[list[int]] = []
    thread = threading.Thread(target=lambda: found.append(list(Workers(2).ordered(square, range(5)))))
    thread.start()
    thread.join()
    assert found == [[0, 1, 4, 9, 16]]


@pytest.mark.parametrize(
    ("jobs", "cluster", "said"),
    [(0, None, "at least 1, not 0"), (2, "tcp://127.0.0.1:8786", "exclude each other")],
)
def test_what_makes_no_sense_is_said(jobs: int, cluster: str | None, said: str) -> None:
    with pytest.raises(SimError, match=said):
        Workers(jobs, cluster)
