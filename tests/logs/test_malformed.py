"""Logs with something wrong: a clear line, or a right reading with what is left out counted by kind and line."""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from sim.errors import SimError
from sim.logs import patience, pieces
from sim.logs.log import wait_s
from sim.logs.patience import Waits
from sim.logs.reading import Log, read_log

SAMPLES = Path(__file__).parents[2] / "scenarios" / "logs"
HEADER = "call_id,queue,start,answered,end,agent\n"
TEXTS = {
    "columns": "contacts.csv", "asterisk": "queue_log", "genesys-cloud": "genesys_cloud.jsonl",
    "amazon-connect": "amazon_connect.jsonl", "twilio-taskrouter": "twilio_taskrouter.jsonl",
    "expertflow": "agent_task.csv", "anonymous-bank": "anonymous_bank.tsv", "freeswitch": "freeswitch.csv",
}  # fmt: skip
EVERY = pytest.mark.parametrize("name", sorted(TEXTS))


def changed(folder: Path, data: bytes, format_: str = "columns", name: str = "log.csv") -> Log:
    (folder / name).write_bytes(data)
    return read_log(folder / name, format_)


def sample(name: str) -> bytes:
    return (SAMPLES / TEXTS[name]).read_bytes()


@EVERY
def test_packed_as_it_is_and_cut_off(tmp_path: Path, name: str) -> None:
    packed = gzip.compress(sample(name))
    whole = read_log(SAMPLES / TEXTS[name], name).calls
    pd.testing.assert_frame_equal(changed(tmp_path, packed, name, f"{TEXTS[name]}.gz").calls, whole)
    with pytest.raises(SimError, match="it is cut off: the packed data have no end; copy the file again"):
        changed(tmp_path, packed[: len(packed) // 2], name, f"{TEXTS[name]}.gz")


@EVERY
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("cp1252", r"not text in UTF-8 \(in line \d+: a byte is 0x(e9|c9)\); save it as UTF-8"),
        ("utf-16", "text in UTF-16"),
    ],
)
def test_another_encoding_is_named_with_its_line(tmp_path: Path, name: str, encoding: str, said: str) -> None:
    data = sample(name).decode().replace("sellers-1", "René").replace("SA", "SÉ").encode(encoding)
    with pytest.raises(SimError, match=said) as mistake:
        changed(tmp_path, data, name, TEXTS[name])
    assert "\n" not in str(mistake.value)


@EVERY
def test_a_nul_is_named_with_its_line(tmp_path: Path, name: str) -> None:
    lines = sample(name).split(b"\n")
    lines[3] = lines[3][:9] + b"\0" + lines[3][9:]
    with pytest.raises(SimError, match="line 4 holds a NUL character"):
        changed(tmp_path, b"\n".join(lines), name, TEXTS[name])


@pytest.mark.parametrize("name", ["columns", "expertflow", "anonymous-bank", "freeswitch"])
def test_columns_in_another_order_are_the_same(tmp_path: Path, name: str) -> None:
    mark = "\t" if name == "anonymous-bank" else ","
    rows = [line.split(mark)[::-1] for line in sample(name).decode().splitlines()]
    data = "\n".join(mark.join(row) for row in rows).encode()
    found = changed(tmp_path, data, name, TEXTS[name])
    pd.testing.assert_frame_equal(found.calls, read_log(SAMPLES / TEXTS[name], name).calls)


def test_the_realtime_table_in_another_order_and_with_dates(tmp_path: Path) -> None:
    head = ["time", "callid", "queuename", "agent", "event", "data1", "data2", "data3", "data4", "data5"]
    rows = [head]
    for line in sample("asterisk").decode().splitlines():
        time, *parts = line.split("|")
        rows.append([str(pd.Timestamp(float(time), unit="s").round("ms")), *parts, *[""] * (9 - len(parts))])
    data = "\n".join(",".join(f'"{cell}"' for cell in [*row[::-1], "7"]) for row in rows).encode()
    found = changed(tmp_path, data.replace(b'"time","7"', b'"time","id"'), "asterisk", "table.csv")
    pd.testing.assert_frame_equal(found.calls, read_log(SAMPLES / "queue_log", "asterisk").calls)
    assert found.readings == ("dates that name no distance from UTC are read as the clocks that they show",)
    with pytest.raises(SimError, match="columns are missing: `event`; did you mean `events`"):
        changed(tmp_path, data.replace(b'"event"', b'"events"'), "asterisk", "table.csv")


def test_dates_of_three_kinds_are_counted_but_those_of_the_first(tmp_path: Path) -> None:
    rows = [f"{i},A,2026-03-02 09:{i:02d}:00,,2026-03-02 09:{i:02d}:30,\n" for i in range(1, 8)]
    rows += ["8,A,02/03/2026 09:10,,02/03/2026 09:11,\n", "9,A,Mar 2 2026 9am,,Mar 2 2026 9:01am,\n"]
    found = changed(tmp_path, (HEADER + "".join(rows)).encode())
    assert wait_s(found.calls).tolist() == [30] * 7
    assert found.problems.counts == {
        "`start` cannot be read": 2, "`end` cannot be read": 2, "no time of arrival": 2
    }  # fmt: skip
    assert found.problems.lines["`start` cannot be read"] == [9, 10]


def test_dates_of_three_kinds_in_thirds_are_named_with_the_remedy(tmp_path: Path) -> None:
    times = ("2026-03-02 09:00", "16/03/2026 09:10", "Mar 2 2026 9am")
    rows = "".join(f"{number},A,{time},,{time},\n" for number, time in enumerate(times * 3))
    said = "in several forms.*`2026-03-02 09:00` is %Y-%m-%d %H:%M, `16/03/2026 09:10` is not; write times"
    with pytest.raises(SimError, match=said):
        changed(tmp_path, (HEADER + rows).encode())


def test_a_column_may_have_fractions_of_a_second_where_the_first_has_none(tmp_path: Path) -> None:
    rows = "1,A,2026-03-02 09:00:00,2026-03-02 09:00:02.250,2026-03-02T09:00:30,b\n"
    rows += "2,A,2026-03-02 09:01:00,,2026-03-02 09:01,\n"
    found = changed(tmp_path, (HEADER + rows).encode())
    assert wait_s(found.calls).tolist() == [2.25, 0]
    assert not found.problems


def test_a_file_that_ends_within_a_row_is_told(tmp_path: Path) -> None:
    rows = "1,A,2026-03-02 09:00:00,,2026-03-02 09:00:30,\n2,A,2026-03-02 09:01:00,,2026-03-02 09:01:30"
    whole, cut = (changed(tmp_path, (HEADER + rows + end).encode()) for end in (",", ""))
    assert len(whole.calls) == len(cut.calls) == 2
    assert not whole.readings
    assert "the file seems to be cut off" in cut.readings[0]


def test_a_quotation_mark_that_stays_open_is_named_with_its_line(tmp_path: Path) -> None:
    rows = '1,A,2026-03-02 09:00:00,,2026-03-02 09:00:30,\n2,"A,2026-03-02 09:01:00,,2026-03-02 09:01:30,\n'
    with pytest.raises(SimError, match="a quotation mark in line 3 is never closed"):
        changed(tmp_path, (HEADER + rows).encode())


def test_rows_that_do_not_say_whose_they_are_are_counted(tmp_path: Path) -> None:
    """FreeSWITCH has rows of the agents' side too; a row without a side was left out like those, without a word."""
    lines = sample("freeswitch").decode().splitlines(keepends=True)
    lines[3] = lines[3].replace("member", "")
    lines[4] = lines[4].replace("member", "agent")
    found = changed(tmp_path, "".join(lines).encode(), "freeswitch")
    assert found.problems.counts == {"no `cc_side`": 1}
    assert found.problems.lines == {"no `cc_side`": [4]}


def test_a_queue_log_that_goes_back_is_told(tmp_path: Path) -> None:
    """As two files that were put together in the wrong order are; calls that go over the seam are counted."""
    lines = sample("asterisk").splitlines(keepends=True)
    found = changed(tmp_path, b"".join(lines[100:] + lines[:100]), "asterisk", "queue_log")
    assert any(one.startswith("1 line is earlier than the one before") for one in found.readings)
    assert found.problems


def test_a_queue_log_without_an_end_says_so(tmp_path: Path) -> None:
    with pytest.raises(SimError, match=r"no contact.*1 row \(line 1\): a contact without an end in the log"):
        changed(tmp_path, sample("asterisk").split(b"\n")[0] + b"\n", "asterisk", "queue_log")


def test_a_change_of_the_offset_in_the_middle(tmp_path: Path) -> None:
    """In Berlin the clock goes from 02:00 to 03:00 on 29 March 2026: 01:59:50 and 03:00:10 are 20 s apart."""
    rows = (
        "1,A,2026-03-29T01:58:00+01:00,,2026-03-29T01:58:30+01:00,\n"
        "2,A,2026-03-29T01:59:50+01:00,,2026-03-29T03:00:10+02:00,\n"
        "3,A,2026-03-29T09:00:00+02:00,,2026-03-29T09:00:30+02:00,\n"
    )
    (tmp_path / "log.csv").write_text(HEADER + rows)
    written = read_log(tmp_path / "log.csv").calls
    assert wait_s(written).tolist() == [30, 3620, 30]  # the clock times that are written
    there = read_log(tmp_path / "log.csv", time_zone="Asia/Kolkata").calls
    assert wait_s(there).tolist() == [30, 20, 30]
    assert str(there["offered_at"].iloc[2]) == "2026-03-29 12:30:00"


def test_cells_without_a_time_name_no_distance_from_utc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def row(minute: int, answered: str = "", offset: str = "+01:00") -> str:
        at = f"2026-03-02T09:{minute:02d}"
        return f"{minute},A,{at}:00{offset},{answered and at + answered},{at}:30+01:00,ann\n"

    rows = "".join(row(minute, ":10+01:00" if minute % 2 else "") for minute in range(8))
    (tmp_path / "log.csv").write_text(HEADER + rows)
    monkeypatch.setattr(pieces, "PIECE", 4)
    assert not any("distances" in told for told in read_log(tmp_path / "log.csv").readings)
    (tmp_path / "log.csv").write_text(HEADER + rows + row(9, offset=""))
    assert "different distances from UTC (+01:00, none)" in read_log(tmp_path / "log.csv").readings[0]


def test_clocks_that_go_back_are_counted(tmp_path: Path) -> None:
    rows = (
        "1,A,2026-10-25 02:59:00,,2026-10-25 02:01:00,\n"
        "2,A,2026-10-25 09:00:00,,2026-10-25 09:00:30,\n"
    )  # fmt: skip
    found = changed(tmp_path, (HEADER + rows).encode())
    assert found.problems.counts == {"the times run backwards": 1}
    assert found.problems.lines["the times run backwards"] == [2]


@EVERY
def test_what_comes_twice_counts_once(tmp_path: Path, name: str) -> None:
    """A log appended to itself says what it said; what repeats is counted."""
    lines = sample(name).splitlines(keepends=True)
    head = 0 if name in ("asterisk", "genesys-cloud", "amazon-connect", "twilio-taskrouter") else 1
    found = changed(tmp_path, b"".join([*lines, *lines[head:]]), name, TEXTS[name])
    whole = read_log(SAMPLES / TEXTS[name], name).calls
    assert found.problems
    if name != "asterisk":  # its lines are in the order of time: a second part is of other calls, or of none
        pd.testing.assert_frame_equal(found.calls, whole)
    twice = [line for line in lines[head:] for _ in range(2)]
    found = changed(tmp_path, b"".join([*lines[:head], *twice]), name, TEXTS[name])
    pd.testing.assert_frame_equal(found.calls, whole, check_dtype=False)
    assert sum(found.problems.counts.values()) >= len(whole)


def test_durations_below_0_are_counted(tmp_path: Path) -> None:
    text = "queue,start,wait,talk,agent\nA,2026-03-02 09:00:00,-5,60,ann\nA,2026-03-02 09:01:00,5,60,ann\n"
    found = changed(tmp_path, text.encode())
    assert found.problems.counts["`wait` is below 0"] == 1
    assert found.problems.lines["`wait` is below 0"] == [2]
    assert wait_s(found.calls).tolist() == [5]


@pytest.mark.parametrize("name", ["genesys-cloud", "amazon-connect", "twilio-taskrouter"])
def test_lines_that_are_no_json_are_counted(tmp_path: Path, name: str) -> None:
    lines = sample(name).split(b"\n")
    whole = read_log(SAMPLES / TEXTS[name], name)
    data = b"\n".join([lines[0], b'{"cut": ', b"7", b"{}", *lines[1:]])
    found = changed(tmp_path, data, name, TEXTS[name])
    pd.testing.assert_frame_equal(found.calls, whole.calls)
    assert found.problems.lines["no JSON"] == [2]
    assert found.problems.lines["no JSON object"] == [3]
    assert sum(found.problems.counts.values()) == 3
    cut = changed(tmp_path, sample(name)[:-200], name, TEXTS[name])
    assert cut.problems.counts["no JSON"] == 1


def test_json_in_any_arrangement_is_the_same(tmp_path: Path) -> None:
    """A record a line, one after the other, a list, and pages that are written over many lines."""
    records = [json.loads(line) for line in sample("genesys-cloud").splitlines()]
    whole = read_log(SAMPLES / "genesys_cloud.jsonl", "genesys-cloud").calls
    pages = "".join(
        json.dumps({"totalHits": 1, "conversations": records[i : i + 9]}, indent=2)
        for i in range(0, len(records), 9)
    )
    for text in ("".join(map(json.dumps, records)), json.dumps(records, indent=1), pages):
        found = changed(tmp_path, text.encode(), "genesys-cloud", "log.json")
        pd.testing.assert_frame_equal(found.calls, whole)


def test_the_same_table_in_each_kind_of_file(tmp_path: Path) -> None:
    """CSV, JSON lines, Parquet with typed columns, and Excel."""
    pytest.importorskip("pyarrow")
    from scenario.workbooks import workbook

    table = pd.read_csv(SAMPLES / "contacts.csv")
    whole = read_log(SAMPLES / "contacts.csv").calls
    text = table.astype("object").where(table.notna(), None)
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in text.to_dict("records")))
    typed = table.copy()
    for name in ("offered_at", "answered_at", "ended_at", "transferred_at"):
        typed[name] = pd.to_datetime(typed[name])
    typed.to_parquet(tmp_path / "log.parquet")
    rows = [list(table.columns), *text.fillna("").to_numpy().tolist()]
    workbook(tmp_path / "log.xlsx", {"Log": rows})
    for name in ("log.jsonl", "log.parquet", "log.xlsx"):
        found = read_log(tmp_path / name)
        assert not found.problems
        pd.testing.assert_frame_equal(found.calls, whole, check_dtype=False)
    packed = (tmp_path / "log.parquet").read_bytes()
    for name, data in (("log.parquet", packed[:-99]), ("log.xlsx", b"PK\x03\x04"), ("log.xlsx", b"hello")):
        with pytest.raises(SimError, match=r"can be read|not an Excel file"):
            changed(tmp_path, data, name=name)


def test_waits_by_tenths_give_the_same_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many rows waits are counted by tenths of a second: the law moves by less than half a per cent."""
    calls = read_log(SAMPLES / "contacts.csv").calls
    whole, mean = Waits.of(calls), []
    for many in (patience.MANY, 1):
        monkeypatch.setattr(patience, "MANY", many)
        waits = Waits.of(calls)
        assert (waits.left.sum(), waits.served.sum()) == (whole.left.sum(), whole.served.sum())
        mean.append((waits.at * (waits.left + waits.served)).sum() / waits.left.sum())
    assert mean[1] == pytest.approx(mean[0], rel=0.005)
    assert (
        (10 * waits.at).round(6).tolist()
        == (10 * waits.at).round().tolist()
        != (10 * whole.at).round(6).tolist()
    )
