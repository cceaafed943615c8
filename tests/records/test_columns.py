"""Columns as CSV, held against what pandas and Python's own reader make of the same values."""

import csv
import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.records import table as module
from sim.records.table import Columns, frame_of, pieces, put_csv

TEXTS = ("plain", 'a "quoted" one', "a, b", "two\nlines", "=1+1", "é", "")


def table(numbers: list[float], codes: list[int]) -> Columns:
    size = len(numbers)
    return Columns(
        {
            "number": np.array(numbers),
            "count": np.arange(size) - 2,
            "flag": np.arange(size) % 2 == 0,
            "name": np.array(codes, dtype=np.int8),
            "detail": np.resize(np.array([None, {"a": 1, "b": "x,y"}, "@risk", (), 2], dtype=object), size),
        },
        {"name": TEXTS},
    )


def text(columns: Columns) -> str:
    return b"".join(pieces(columns)).decode()


def test_a_small_table_letter_by_letter() -> None:
    found = table([0.1, float("nan"), float("inf"), 1e-07, 1e22], [1, -1, 4, 3, 2])
    assert text(found) == (
        "number,count,flag,name,detail\n"
        '0.1,-2,True,"a ""quoted"" one",\n'
        ",-1,False,,\"{'a': 1, 'b': 'x,y'}\"\n"
        "inf,0,True,'=1+1,'@risk\n"
        '1e-07,1,False,"two\nlines",()\n'
        '1e+22,2,True,"a, b",2\n'
    )


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.floats(), min_size=1, max_size=5))
def test_numbers_are_those_of_pandas_and_read_back_the_same(numbers: list[float]) -> None:
    found = table(numbers, [0] * len(numbers))
    assert text(found) == frame_of(found).assign(detail=guarded(found)).to_csv(index=False)
    rows = list(csv.DictReader(io.StringIO(text(found))))
    back = [float(row["number"] or "nan") for row in rows]
    np.testing.assert_array_equal(back, numbers)


def test_numbers_of_every_size_are_written_as_python_writes_them() -> None:
    dice = np.random.default_rng(1)
    ends = [np.nextafter(at, to) for at in (1e-5, 1e-4, 1e15, 1e16, 1e17) for to in (0.0, at, np.inf)]
    found = np.concatenate(
        [ends, dice.random(2000) * 10.0 ** dice.integers(-30, 30, 2000), np.arange(-9.0, 9.0)]
    )
    for numbers in (found, -found, np.round(found, 3)):
        rows = text(table(numbers.tolist(), [0] * len(numbers)))
        assert [row["number"] for row in csv.DictReader(io.StringIO(rows))] == list(
            map(repr, numbers.tolist())
        )


def guarded(found: Columns) -> list[object]:
    return [f"'{one}" if one == "@risk" else one for one in found["detail"]]


def test_chosen_rows_and_rows_in_parts_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    every = table([1.0, 2.0, 3.0, 4.0, 5.0], [0, 1, 2, 3, 4])
    lines = text(every[np.array([True, False, True, True, False])])
    monkeypatch.setattr(module, "ROWS", 2)
    assert text(every[np.array([True, False, True, True, False])]) == lines
    assert len(list(csv.reader(io.StringIO(lines)))) == 4


def test_a_packed_file_has_no_time_stamp(tmp_path: Path) -> None:
    found = table([1.0], [0])
    put_csv(tmp_path / "a.csv.gz", found)
    packed = (tmp_path / "a.csv.gz").read_bytes()
    assert packed[4:8] == bytes(4)
    assert gzip.decompress(packed).decode() == text(found)


def test_a_run_in_memory_is_written_as_its_frames_are(small_text: str) -> None:
    result = sim.run(sim.loads(small_text), 2, jobs=1, keep_tables="all", events=True)
    for name in result.tables:
        assert text(result.columns(name)) == result.recorded(name).to_csv(index=False), name
    assert isinstance(result.measured, Columns)
    assert text(result.measured) == result.figures.to_csv(index=False)
