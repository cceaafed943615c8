"""Times of a CSV file are read from bytes while they are plain, and from text where they are not."""

from pathlib import Path

import pandas as pd
import pytest

from sim.errors import SimError
from sim.logs import pieces
from sim.logs.reading import Log, read_log
from sim.logs.times import OF_TIMES, Times

HEADER = "call_id,note,queue,start,answered,end,agent\n"
PIECE = 3


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", PIECE)


def row(number: int, start: str = "", end: str = "", more: str = "") -> str:
    """Answered ten seconds after the full minute, ended half a minute later; to the millisecond, as most logs are."""
    minute = f"2026-03-02 09:{number:02d}"
    start, end = start or f"{minute}:00.000", end or f"{minute}:40.250"
    return f"{number},longer than a byte,A,{start},{minute}:10.500,{end},Ann{more}\n"


def read(folder: Path, *rows: str, zone: str = "") -> Log:
    path = folder / "log.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return read_log(path, time_zone=zone)


def starts(found: Log) -> list[str]:
    return [f"{at:%M:%S.%f}"[:-3] for at in found.calls["offered_at"]]


def test_plain_times_are_read_from_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the second piece on, as the form is found in the text of the first."""
    taken: list[int] = []
    whole = Times.read_bytes

    def counted(self: Times, cells: pd.Series) -> pd.Series | None:
        assert cells.dtype == OF_TIMES
        found = whole(self, cells)
        taken.append(0 if found is None else len(found))
        return found

    monkeypatch.setattr(Times, "read_bytes", counted)
    found = read(tmp_path, *map(row, range(8)))
    assert taken == [PIECE, PIECE, PIECE, PIECE, PIECE, 2, 2, 2]  # of the first piece its answers and ends
    assert starts(found) == [f"{number:02d}:00.000" for number in range(8)]
    assert (found.calls["ended_at"] - found.calls["offered_at"]).dt.total_seconds().tolist() == [40.25] * 8
    assert not found.problems


@pytest.mark.parametrize(
    ("start", "at"),
    [
        ("2026-03-02T09:07:00.250", "07:00.250"),
        ("2026-03-02 09:07:00", "07:00.000"),
        ("2026-03-02 09:07:00.250123", "07:00.250"),
        ("2026-03-02 09:07:00.250+01:00", "07:00.250"),
        ("2026-03-02 09:07:00.250" + 60 * " ", "07:00.250"),
        (60 * " " + "2026-03-02 09:07:00.250", "07:00.250"),
    ],
)
def test_times_that_are_written_otherwise_are_read_too(tmp_path: Path, start: str, at: str) -> None:
    found = read(tmp_path, *map(row, range(7)), row(7, start), row(8))
    assert starts(found)[6:] == ["06:00.000", at, "08:00.000"]
    assert not found.problems


@pytest.mark.parametrize(
    "start", ["soon", 24 * "é", 90 * "x", "2026-13-02 09:07:00.000", "2026-03-02 09:07:00.25é"]
)
def test_times_that_cannot_be_read_are_named_once(tmp_path: Path, start: str) -> None:
    """The header is line 1 and row 0 line 2; the row with a cell too many is of the piece before the odd one."""
    found = read(tmp_path, *map(row, range(4)), row(4, more=",x"), *map(row, (5, 6)), row(7, start), row(8))
    assert found.problems.counts == {
        "another number of cells than the header": 1,
        "`start` cannot be read": 1,
        "no time of arrival": 1,
    }
    assert found.problems.lines["another number of cells than the header"] == [6]
    assert found.problems.lines["`start` cannot be read"] == [8]
    assert starts(found) == [f"{number:02d}:00.000" for number in (0, 1, 2, 3, 5, 6, 8)]


def test_empty_times_are_none(tmp_path: Path) -> None:
    rows = [one.replace(f"2026-03-02 09:{n:02d}:10.500", "") for n, one in enumerate(map(row, range(6)))]
    found = read(tmp_path, *rows)
    assert found.calls["answered_at"].isna().all()
    assert not found.problems


def test_plain_times_have_no_use_for_a_zone(tmp_path: Path) -> None:
    with pytest.raises(SimError, match="do not say how far from UTC they are"):
        read(tmp_path, *map(row, range(7)), zone="Europe/Berlin")
    offset = [row(n, f"2026-03-02 09:{n:02d}:00.000Z", f"2026-03-02 09:{n:02d}:40.000Z") for n in range(4)]
    offset = [one.replace(":10.500", ":10.500Z") for one in offset]
    found = read(tmp_path, *offset, *map(row, range(4, 7)), zone="Europe/Berlin")
    assert [f"{at:%H:%M}" for at in found.calls["offered_at"]] == ["10:00", "10:01", "10:02", "10:03"]
    assert found.problems.lines["`start` names no distance from UTC"] == [6, 7, 8]
