"""A VANAD log is read with its traps cleared away, and what is no log is refused in one line."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from sim.errors import SimError
from sim.logs.log import COLUMNS, handle_s, wait_s
from sim.logs.reading import read_log

HEADER = "date_received,queue_name,agent_number,answered,consult,transfer,hangup\n"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Five calls, invented: a transfer, one twice, an abandon that rang, one that ends before it began."""
    path = tmp_path / "log.csv"
    path.write_text(
        HEADER + "2014-03-03 09:01:00,2,71,2014-03-03 09:01:02,NULL,NULL,2014-03-03 09:04:00\n"
        "2014-03-03 09:00:00,5,70,2014-03-03 09:00:10,"
        "2014-03-03 09:02:00,2014-03-03 09:03:00,2014-03-03 09:09:00\n"
        "2014-03-03 09:01:00,2,71,2014-03-03 09:01:02,NULL,NULL,2014-03-03 09:04:00\n"
        "2014-03-03 09:02:00,13,72,NULL,NULL,NULL,2014-03-03 09:02:30\n"
        "2014-03-03 09:05:00,5,70,2014-03-03 09:05:02,NULL,NULL,2014-03-03 09:04:00\n"
    )
    return path


def test_rows_come_cleaned_and_in_order(written: Path) -> None:
    calls = read_log(written, "vanad").calls
    assert tuple(calls.columns) == COLUMNS
    assert calls[["contact_id", "queue", "outcome"]].values.tolist() == [
        [0, "q5", "answered"],
        [1, "q2", "answered"],
        [2, "q13", "abandoned"],
    ]


def test_an_abandoned_call_keeps_no_agent(written: Path) -> None:
    calls = read_log(written, "vanad").calls
    assert calls["agent"].astype("object").fillna("nobody").tolist() == ["70", "71", "nobody"]


def test_handling_ends_with_the_transfer(written: Path) -> None:
    calls = read_log(written, "vanad").calls
    assert wait_s(calls).tolist() == [10.0, 2.0, 30.0]
    assert handle_s(calls).fillna(-1).tolist() == [170.0, 178.0, -1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "missing: `queue_name`, `date_received`"),
        (HEADER + "yesterday,2,71,NULL,NULL,NULL,2014-03-03 09:04:00\n", "`yesterday` is no date and time"),
        (HEADER + "2014-03-03 09:01:00,2,71,NULL,NULL,NULL,2014-03-03 08:00:00\n", "the times run backwards"),
        ("", "the file is empty"),
    ],
)
def test_what_is_no_log_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "log.csv"
    path.write_text(text)
    with pytest.raises(SimError, match=said) as mistake:
        read_log(path, "vanad")
    assert str(path) in str(mistake.value)


def test_a_log_that_is_not_there_is_a_mistake_of_the_users(tmp_path: Path) -> None:
    with pytest.raises(SimError, match="there is no such file"):
        read_log(tmp_path / "none.csv", "vanad")


def test_the_real_log_shows_its_known_traps(log: pd.DataFrame) -> None:
    assert len(log) == 134_902  # one of 134 903 rows repeats another
    assert log["agent"].nunique() == 136
    assert log.loc[log["outcome"] == "abandoned", "agent"].isna().all()
    assert (log["outcome"] == "abandoned").mean() == pytest.approx(0.052, abs=0.0005)


def test_the_real_log_bears_out_the_reading_of_transfer(log: pd.DataFrame) -> None:
    """An agent never answers the next call before the transfer of the last, but mostly before its end."""
    taken = log[log["answered_at"].notna()].sort_values(["agent", "answered_at"])
    following = taken.groupby("agent")["answered_at"].shift(-1)
    moved = taken["transferred_at"].notna() & following.notna()
    assert not (following < taken["transferred_at"])[moved].any()
    assert (following < taken["ended_at"])[moved].mean() > 0.85


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfed\x00", "this is text in UTF-16, not in UTF-8"),
        (HEADER.encode() + b"\xe9,1", "not text in UTF-8"),
        (HEADER.encode() + b"\x00", "line 2 holds a NUL character"),
        (HEADER.encode() + b"\x1b[2J,1,1,,,,\n", "is no date and time"),
        (HEADER.encode() + b"12,1,1,,,,13\n", "`12` is no date and time"),
        (HEADER.encode() + b"9999999-01-01,1,1,,,,x\n\n", "is no date and time"),
        (b"", "the file is empty"),
    ],
)
def test_a_log_that_is_none_is_one_clear_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(SimError, match=said) as raised:
        read_log(path, "vanad")
    assert "\n" not in str(raised.value)
    assert str(raised.value).isprintable()


def test_a_packed_log_is_read_and_one_that_is_cut_off_is_not(written: Path) -> None:
    packed = gzip.compress(written.read_bytes())
    whole = written.with_name("log.csv.gz")
    whole.write_bytes(packed)
    assert read_log(whole, "vanad").calls.equals(read_log(written, "vanad").calls)
    whole.write_bytes(packed[:-20])
    with pytest.raises(SimError, match="cut off"):
        read_log(whole, "vanad")
