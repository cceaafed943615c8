"""Reading text: limits, encodings and control characters, each answered in one line and in time."""

import gzip
import io
import tracemalloc
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.cli import main
from sim.errors import ScenarioError, SimError
from sim.scenario import csv_files, load, loads
from sim.scenario.csv_files import table_from
from sim.scenario.numbers import decimal
from sim.scenario.text_files import CSV, LONGEST_LINE, SCENARIO, read_text

from .small import SMALL, mistakes, text_with

FORECAST = "interval_start,volume\n0,10\n3600,20\n"
BY_FILE = text_with(arrivals="arrivals: [{channel: web, queue: sales, file: f.csv.gz}]")


def refused(path: Path) -> str:
    begun = process_time()
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert process_time() - begun < 10
    assert len(caught.value.mistakes) <= 51
    return str(caught.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "day.yaml"
    path.write_text(SMALL + "# nothing but a comment\n" * 2_100_000)
    assert refused(path).endswith("it has more than 2 MB; put long lists into CSV files beside the scenario")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no such device")
def test_a_device_without_end_is_refused() -> None:
    assert "NUL characters" in refused(Path("/dev/zero"))


@pytest.mark.slow
def test_a_hundred_thousand_keys_are_refused_in_time(tmp_path: Path) -> None:
    path = tmp_path / "day.yaml"
    path.write_text("{" + ",".join(f"k{i}: 1" for i in range(100_000)) + "}")
    assert "there are more than 50,000 keys and values" in refused(path)
    path.write_text("\n".join(f"k{i}: 1" for i in range(100_000)))
    assert "it has 100,000 lines; at most 50,000 are read" in refused(path)


def test_at_most_fifty_mistakes_are_told() -> None:
    found = mistakes(SMALL + "".join(f"unknown_{i}: 1\n" for i in range(300)))
    assert len(found) == 51
    assert found[-1] == "day.yaml: and 250 more mistakes"
    assert found[0].startswith("day.yaml:16:1: unknown_0: unknown key `unknown_0`; there is ")
    assert all("; there is " in one for one in found[:50])


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (SMALL.encode("utf-16"), "this is text in UTF-16, not in UTF-8; save it as UTF-8"),
        (b"name: B\xfcro\n", "this is not text in UTF-8 (byte 8 is 0xfc); save it as UTF-8"),
        (b"name: \x00\n", "it holds NUL characters; this is no text file in UTF-8"),
    ],
)
def test_other_encodings_have_a_remedy(data: bytes, what: str, tmp_path: Path) -> None:
    (tmp_path / "day.yaml").write_bytes(data)
    assert refused(tmp_path / "day.yaml") == f"{tmp_path}/day.yaml: {what}"


def test_a_packed_forecast_is_read(tmp_path: Path) -> None:
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(FORECAST.encode()))
    assert len(loads(BY_FILE, "day.yaml", tmp_path).arrivals[0].forecast) == 2


def test_a_packed_file_that_is_cut_or_foreign_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(FORECAST.encode())
    for data, what in ((whole[:-9], "is cut off"), (b"plain", "is not packed by gzip"), (b"", "is cut off")):
        (tmp_path / "f.csv.gz").write_bytes(data)
        assert what in mistakes(BY_FILE, folder=tmp_path)[0]


def test_a_small_packed_file_cannot_become_a_huge_one(tmp_path: Path) -> None:
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(b"#" * 101_000_000, 1))
    with pytest.raises(ValueError, match="more than 100 MB"):
        read_text(tmp_path / "f.csv.gz", CSV)


@pytest.mark.parametrize("letter", ["\\e", "\\x07", "\\u202e", "\\ud800", "\\x9b", "\\L"])
def test_titles_hold_no_control_characters(letter: str) -> None:
    found = mistakes(SMALL + f'name: "a{letter}b"\n')
    assert "holds the control character" in found[0] or "not valid YAML" in found[0]
    assert found[0].isprintable()


def test_a_cell_with_an_escape_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("interval_start,volume\n0,\x1b[31m1\n")
    text = BY_FILE.replace("f.csv.gz", "f.csv")
    assert "line 2 holds the control character U+001B; take it out" in mistakes(text, folder=tmp_path)[0]


def test_nothing_that_was_typed_reaches_the_terminal_raw(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["run", "\x1b[31m.yaml"], ["run", "x", "--\x1b[31m"], ["\x1b[31m"]):
        assert main(arguments) == 2
        assert "\x1b" not in capsys.readouterr().err


@given(st.text(max_size=2000))
@settings(deadline=1000, max_examples=60, derandomize=True)
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (loads, lambda given: table_from("x.csv", given, ("interval_start",))):
        with suppress(SimError, ValueError):
            read(text)


@given(st.lists(st.sampled_from(["a", '"', ",", "\r", "\n", "\r\n", "\u2028", ""]), max_size=40).map("".join))
@settings(deadline=None, max_examples=80, derandomize=True)
def test_a_text_has_the_same_lines_in_pieces(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_files, "PIECE", 3)
        assert [*csv_files.lines_of(text)] == [*io.StringIO(text, newline="")]


def test_a_line_that_is_no_row_is_refused_before_it_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.scenario.text_files.LONGEST_LINE", 1_000)
    head = "interval_start,volume\n08:00,1\n"
    told = "line 3 has more than 1,000 characters; this is no table of rows"
    for rest in ("x" * 1_001, "," * 1_001):
        with pytest.raises(ValueError, match=told):
            table_from("f.csv", head + rest, ("interval_start",))
    for end in ("\n", "\r\n", "\r"):
        within = table_from("f.csv", head + end.join(["09:00,2"] * 1_000), ("interval_start",))
        assert len(within.rows) == 1_001


def test_a_table_of_short_rows_keeps_no_object_a_cell() -> None:
    """A row of two short cells takes some 300 bytes, and took 860 with an object for each cell and a dictionary."""
    text = "s,t\n" + "1000,2000\n" * 20_000
    tracemalloc.start()
    try:
        assert len(table_from("f.csv", text, ("s",)).rows) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 400 * 20_000
    finally:
        tracemalloc.stop()


def test_of_very_many_mistakes_no_more_are_looked_for() -> None:
    wrong = table_from("f.csv", "s,t\n" + "1\n" * 5_000, ("s",))
    assert wrong.shortened()[-1].what == "and at least 980 more mistakes"
    few = table_from("f.csv", "s,t\n" + "1\n" * 500, ("s",))
    assert few.shortened()[-1].what == "and 480 more mistakes"
    cells = table_from("f.csv", "s\n" + "x\n" * 5_000, ("s",))
    assert cells.read_column("s", decimal, cells.rows) == [None] * 5_000
    assert len(cells.mistakes) == 1_000
    assert cells.mistakes[999].line == 1_001


def test_each_text_of_a_column_is_read_once_and_each_mistake_told() -> None:
    table = table_from("f.csv", "s\n1\n2\n1\nx\n2\nx\n", ("s",))
    asked: list[str] = []

    def read(text: str) -> float:
        asked.append(text)
        return decimal(text)

    assert table.read_column("s", read, table.rows) == [1, 2, 1, None, 2, None]
    assert asked == ["1", "2", "x", "x"]
    assert [one.line for one in table.mistakes] == [5, 7]
    assert [(one.text, one.line) for one in table.distinct("s")] == [("1", 2), ("2", 3), ("x", 5)]


def test_limits_are_those_of_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8")
    for number in (
        SCENARIO.bytes // 10**6,
        f"{SCENARIO.lines:,}",
        CSV.bytes // 10**6,
        f"{CSV.lines:,}",
        f"{LONGEST_LINE:,}",
    ):
        assert f"{number}" in page
