"""Any text, put in the place of anything that is read, is read or refused within a second and 200 MB."""

import gzip
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.errors import SimError
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.journal import Journal
from sim.experiments.result import Result
from sim.experiments.storage import JOURNAL
from sim.experiments.variants import variants
from sim.experiments.varied_keys import axes_of
from sim.gate.baseline import Stored
from sim.logs.reading import read_log
from sim.scenario import load, loads
from sim.scenario.expressions import Criteria
from sim.scenario.numbers import clock, duration, moment, quantity
from sim.staffing.head_files import read_heads
from sim.staffing.shift_files import with_shifts

from .mutators import NASTY
from .sources import DAY, FILES, RESULT_DAY

SECONDS = 1.0
MEMORY = 200_000_000
Read = Callable[[str], object]

LOG = Path(__file__).parents[2] / "notebooks" / "synthetic_log.csv.gz"
WORDS = [
    *NASTY, ": ", "\n", "\n  ", "- ", ",", '"', "'", "{", "}", "[", "]", "&a ", "*a", "<<: *a", "0..99999999:0.001",
    "queues", "teams.crew.agents", "interval_start,volume", "08:00", "NULL", "lognormal", "?" * 50, "\r", "#", "\\",
    "e", "9" * 50, "\u2028", "\ufeff", "|", "and ", "not ", "(", ")", ">= ", "=", "%",
]  # fmt: skip
PARTS = st.one_of(
    st.tuples(st.text(max_size=500).map(lambda text: [text]), st.just(1)),
    st.tuples(st.lists(st.sampled_from(WORDS), max_size=60), st.just(1)),
    st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.sampled_from([100, 2_000])),
)
"""Pieces of a text, and how often they are repeated."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("any")
    for name, text in {**FILES, "day.yaml": DAY}.items():
        (home / name).write_text(text)
    sim.run(loads(RESULT_DAY, "day.yaml"), jobs=1).save(home / "run")
    sim.calibrate(LOG, out=home / "fitted", to="2026-03-10")
    fitted = sim.load(home / "fitted" / "scenario.yaml")
    sim.backtest(fitted, LOG, from_="2026-03-13", replications=2, jobs=1).save(home / "tested")
    return home


def in_file(path: Path, read: Callable[[], object]) -> Read:
    """Return a reader of a text that is put into a file, in the place of what is there."""
    before = path.read_bytes() if path.exists() else b""

    def put_and_read(text: str) -> object:
        data = text.encode("utf-8", "surrogatepass")
        path.write_bytes(gzip.compress(data, 1) if path.suffix == ".gz" else data)
        try:
            return read()
        finally:
            path.write_bytes(before)

    return put_and_read


def opened(folder: Path) -> object:
    found = sim.open(folder)
    assert isinstance(found, Result)
    return found.figures, found.table("requests")


@pytest.fixture(scope="module")
def readers(folder: Path) -> dict[str, Read]:
    day = load(folder / "day.yaml")
    (folder / "swept").mkdir(exist_ok=True)
    scenario = partial(load, folder / "day.yaml")
    baseline, log = folder / "base.json", folder / "calls.csv"
    saved = partial(opened, folder / "run")
    return {
        "scenario": in_file(folder / "day.yaml", scenario),
        **{name: in_file(folder / name, scenario) for name in FILES},
        "call log": in_file(log, lambda: read_log(log)),
        "given head-counts": in_file(folder / "given.csv", lambda: read_heads(folder / "given.csv", day)),
        "shifts": in_file(folder / "shifts.yaml", lambda: with_shifts(day, folder / "shifts.yaml")),
        "queue log": in_file(log, lambda: read_log(log, "asterisk")),
        **{
            name: in_file(folder / f"calls.{name}", partial(read_log, folder / f"calls.{name}", name))
            for name in VENDORS
        },
        "map": in_file(
            folder / "map.yaml", lambda: read_log(folder / "seen.csv", f"columns:{folder / 'map.yaml'}")
        ),
        "journal": in_file(folder / "swept" / JOURNAL, Journal(folder / "swept", {}).done),
        "baseline": in_file(baseline, lambda: Stored.load(baseline)),
        "manifest": in_file(folder / "run" / "manifest.json", saved),
        "figures": in_file(folder / "run" / "figures.csv", saved),
        "table": in_file(folder / "run" / "requests.csv.gz", saved),
        "fits": in_file(folder / "fitted" / "fits.json", lambda: sim.open(folder / "fitted")),
        "counts": in_file(folder / "tested" / "counts.csv.gz", lambda: sim.open(folder / "tested")),
        "--set": lambda text: load(folder / "day.yaml", [f"teams.crew.agents={text}"]),
        "--set, key": lambda text: load(folder / "day.yaml", [text]),
        "--vary": lambda text: axes_of([f"teams.crew.agents={text}"]),
        "--candidate": lambda text: variants(day, texts=[f"name: teams.crew.agents={text}"]),
        "--metric": FigureSelector.parse,
        "expression": Criteria.parse,
        "duration": duration,
        "clock": clock,
        "moment": moment,
        "quantity": quantity,
    }


VENDORS = ("genesys-cloud", "amazon-connect", "twilio-taskrouter", "expertflow", "anonymous-bank")
NAMES = (
    "scenario", *FILES, "call log", "queue log", "map", "given head-counts", "shifts", "journal", "baseline",
    "manifest", "figures", "table", "--set", "--set, key", "--vary", "--candidate", "--metric", "expression",
    "duration", "clock", "moment", "quantity", *VENDORS,
)  # fmt: skip


def took(read: Read, text: str) -> float:
    """Read or refuse a text, and return the seconds of this process; any other error is raised."""
    started = time.process_time()
    told = "read"
    try:
        read(text)
    except (SimError, ValueError) as error:
        told = str(error)
    assert 0 < len(told) < 100_000
    return time.process_time() - started


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@given(parts=PARTS)
@settings(
    deadline=None,
    max_examples=12,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_text_is_read_or_refused_in_a_second_and_200_mb(
    name: str, parts: tuple[list[str], int], readers: dict[str, Read]
) -> None:
    read, text = readers[name], "".join(parts[0]) * parts[1]
    if took(read, text) > SECONDS:  # the first use of a reader loads what it needs
        assert took(read, text) < SECONDS
    tracemalloc.start()
    try:
        took(read, text)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


def test_a_reader_that_grows_is_found_by_this_test() -> None:
    tracemalloc.start()
    try:
        took(lambda text: [text] * 30_000_000, "x")
        assert tracemalloc.get_traced_memory()[1] > MEMORY
    finally:
        tracemalloc.stop()
