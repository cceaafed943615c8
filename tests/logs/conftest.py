"""A frame of calls written by hand, and the real log where it is at hand."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import sim
from benchmarks.logs.formats import WRITERS
from scenarios.hotline_march import HOURS
from sim.logs.log import COLUMNS, regular_queues
from sim.logs.reading import read_log

ROOT = Path(__file__).parents[2]
LOG = ROOT.parent / "shared" / "data" / "vanad_calls_2014_03.csv.gz"

Frame = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def frame() -> Frame:
    """Builds calls from rows (queue, offered, answered, ended, agent[, consult, transferred]); None = never.

    Times are clock times of Monday, 2014-03-03, or full dates with a time.
    """
    return _frame


def _frame(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    names = ["queue", "offered_at", "answered_at", "ended_at", "agent", "consult_at", "transferred_at"]
    calls = pd.DataFrame([(*row, None, None)[: len(names)] for row in rows], columns=names)
    for name in (each for each in names if each.endswith("_at")):
        calls[name] = pd.to_datetime([_moment(text) for text in calls[name]])
    calls["contact_id"] = calls.index
    calls["outcome"] = calls["answered_at"].notna().map({True: "answered", False: "abandoned"})
    return calls.reindex(columns=list(COLUMNS))


def _moment(text: str | None) -> str | None:
    if text is None or pd.isna(text):
        return None
    return text if " " in text else f"2014-03-03 {text}"


@pytest.fixture(scope="session")
def log_file() -> Path:
    if not LOG.exists():
        pytest.skip("the real log is not part of the project: ../shared/data is not here")
    return LOG


@pytest.fixture(scope="session")
def log(log_file: Path) -> pd.DataFrame:
    return read_log(log_file, "vanad").calls


@pytest.fixture(scope="session")
def weekdays(log: pd.DataFrame) -> pd.DataFrame:
    """What the scenario stands for: the regular queues' calls on weekdays within the opening hours."""
    return regular_queues(HOURS.select(log))


@pytest.fixture
def log_file_of_vanad() -> Callable[[], Path]:
    """Gives the place of the real log; the test is skipped where it is not."""

    def place() -> Path:
        if not LOG.exists():
            pytest.skip("the real log is not part of the project: ../shared/data is not here")
        return LOG

    return place


def exported(result: sim.Result, format_: str, folder: Path) -> tuple[Path, str]:
    """Write the contacts of a run in a format; return the file, and the name by which it is read."""
    if format_ == "expertflow":
        return sim.export(result, "agent-task", folder)[0], format_
    if format_ == "parquet":
        pytest.importorskip("pyarrow")
        return sim.export(result, "parquet", folder)[0], "columns"
    contacts = sim.export(result, "csv", folder)[0]
    if format_ == "columns":
        return contacts, format_
    name, lines = WRITERS[format_]
    (folder / name).write_text("".join(f"{line}\n" for line in lines(pd.read_csv(contacts))))
    return folder / name, format_
