"""Tables of contacts: found by their heads, by a map file, in pieces, and with every row accounted for."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from sim.errors import SimError
from sim.logs import pieces
from sim.logs.column_map import found_map, read_map, shipped
from sim.logs.log import handle_s, wait_s
from sim.logs.reading import formats, read_log
from sim.logs.times import read_times

HEADER = "call_id,queue,start,answered,end,agent\n"
ROWS = (
    "1,Sales & more,2026-03-02 09:00:00,2026-03-02 09:00:10,2026-03-02 09:05:00,Ann\n"
    "2,Sales & more,2026-03-02 09:01:00,,2026-03-02 09:02:00,\n"
)


def written(folder: Path, text: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_are_found_by_their_heads(tmp_path: Path) -> None:
    found = read_log(written(tmp_path, HEADER + ROWS))
    assert found.calls["queue"].tolist() == ["Sales more"] * 2  # as a scenario may have it
    assert wait_s(found.calls).tolist() == [10, 60]
    assert handle_s(found.calls).tolist()[0] == 290
    assert found.calls["outcome"].tolist() == ["answered", "abandoned"]
    assert str(found.first) == "2026-03-02"
    assert not found.problems


def test_durations_stand_for_moments(tmp_path: Path) -> None:
    """Waited 10 s, talked 4:50 with a minute on hold, then 30 s of wrap-up; the other left after 60 s."""
    text = (
        "Queue;Start;Wait;Talk;Hold;ACW;Agent\n"
        "A;02.03.2026 09:00;10;0:03:50;60;30;Ann\n"
        "A;02.03.2026 09:01;60;0;0;0;\n"
    )
    calls = read_log(written(tmp_path, text)).calls
    assert wait_s(calls).tolist() == [10, 60]
    assert handle_s(calls).tolist()[0] == 290
    assert calls["wrap_up_s"].tolist()[0] == 30
    assert calls["answered_at"].isna().tolist() == [False, True]


def test_durations_may_have_a_comma_of_decimals(tmp_path: Path) -> None:
    """1,200 may be twelve hundred or a little more than one: it is neither, and counted."""
    text = (
        "Queue;Start;Wait;Talk;ACW;Agent\n"
        "A;02.03.2026 09:00:00;10,5;0:03:50,25;30,0;Ann\n"
        "A;02.03.2026 09:01:00;6,0;20;1,200;Ann\n"
    )
    found = read_log(written(tmp_path, text))
    assert wait_s(found.calls).tolist() == [10.5, 6]
    assert handle_s(found.calls).tolist() == [230.25, 20]
    assert found.calls["wrap_up_s"].fillna(-1).tolist() == [30, -1]
    assert found.problems.told() == ["1 cell (line 3): `ACW` cannot be read"]


def test_ringing_may_follow_the_wait(tmp_path: Path) -> None:
    """Nine seconds in the queue and four of ringing; Cisco's table has the two apart."""
    text = (
        "RecoveryKey,SkillGroupSkillTargetID,DateTime,LocalQTime,RingTime,TalkTime,HoldTime,WorkTime,AgentSkillTargetID\n"
        "1,5001,2026-03-02 09:03:00,9,4,60,10,20,7001\n"
        "2,5001,2026-03-02 09:05:00,50,0,0,0,0,NULL\n"
    )
    calls = read_log(written(tmp_path, text), "cisco-ucce").calls
    assert wait_s(calls).tolist() == [13, 50]
    assert [f"{at:%H:%M:%S}" for at in calls["offered_at"]] == ["09:01:37", "09:04:10"]
    assert calls["ring_s"].tolist() == [4, 0]


def test_what_the_heads_do_not_say_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n1,2\n")
    with pytest.raises(SimError, match=r"`queue` is missing.*Its columns are a, b.*--as columns:MAP.yaml"):
        read_log(path)
    with pytest.raises(SimError, match=r"Its columns are a, one without a name\."):
        read_log(written(tmp_path, "a,\n1,2\n"))
    with pytest.raises(SimError, match="`queue` may be `queue` or `Queue`"):
        found_map(["queue", "Queue", "start", "answered", "end"], path)


def test_a_map_names_the_columns(tmp_path: Path) -> None:
    mapped = written(
        tmp_path,
        "columns: {queue: Abteilung, offered_at: Beginn, answered_at: Annahme, ended_at: Ende}\n"
        'missing: ["-"]\nwhere: {Richtung: ein}\nprefix: {queue: q}\n',
        "map.yaml",
    )
    text = (
        "Abteilung\tBeginn\tAnnahme\tEnde\tRichtung\n"
        "5\t2026-03-02 09:00\t-\t2026-03-02 09:02\tein\n"
        "5\t2026-03-02 09:01\t2026-03-02 09:02\t2026-03-02 09:03\taus\n"
    )
    calls = read_log(written(tmp_path, text), f"columns:{mapped}").calls
    assert calls["queue"].tolist() == ["q5"]
    assert wait_s(calls).tolist() == [120]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colums: {queue: a}\n", "unknown key `colums`; did you mean `columns`"),
        ("columns: {que: a}\n", "columns.que: is nothing that is known of a contact; did you mean `queue`"),
        ("columns: {queue: a}\n", "`offered_at` is missing"),
        ("columns: 3\n", "columns: has to be a mapping"),
        ("- queue\n", "map.yaml:1:1: write `columns:` and beneath it what each column of the log holds"),
        (
            "columns: {queue: a}\nprefix: {quee: q}\n",
            "prefix.quee: is no name that takes one; did you mean `queue`",
        ),
        ("columns: {queue: a}\ntime_zone: Europe/Berlinn\n", "`Europe/Berlinn` is no time zone"),
        ("columns: {queue: a}\nuncertain: a\n", "uncertain: has to be a list"),
        ("columns: {queue: a}\nring_in_wait: 3\n", "ring_in_wait: `3` is not a switch; write on or off"),
        (
            "columns: {queue: a, wait_s: b}\nring_in_wait: off\n",
            "ring_in_wait: is off, so `ring_s` has to be among the columns",
        ),
    ],
)
def test_mistakes_of_a_map_are_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SimError, match=said):
        read_map(written(tmp_path, text, "map.yaml"))


def test_the_maps_that_ship_are_whole() -> None:
    for name, path in shipped().items():
        assert read_map(path).columns, name
        assert name in formats()


def test_what_is_not_certain_is_told() -> None:
    assert "`anslogin`" in read_map(shipped()["avaya-ech"]).reading


def test_nothing_is_left_out_silently(tmp_path: Path) -> None:
    text = (
        HEADER + ROWS
        + "3,Sales & more,soon,,2026-03-02 09:02:00,\n"
        + "4,Sales & more,2026-03-02 09:03:00,2026-03-02 09:02:00,2026-03-02 09:04:00,Ann\n"
        + "5,,2026-03-02 09:03:00,,2026-03-02 09:04:00,\n"
        + "6,Sales & more,2026-03-02 09:05:00,,,\n"
        + "2,Sales & more,2026-03-02 09:01:00,,2026-03-02 09:02:00,\n"
        + "7,Sales & more,2026-03-02 09:05:00,,2026-03-02 09:06:00,,,too,many\n"
    )  # fmt: skip
    found = read_log(written(tmp_path, text))
    assert len(found.calls) == 2
    assert found.problems.counts == {
        "`start` cannot be read": 1,
        "no time of arrival": 1,
        "the times run backwards": 1,
        "no queue": 1,
        "no end": 1,
        "another number of cells than the header": 1,
        "the row repeats another": 1,
    }
    assert found.problems.lines["no queue"] == [6]
    assert "1 row (line 5): the times run backwards" in found.problems.told()
    assert "1 cell (line 4): `start` cannot be read" in found.problems.told()


def test_pieces_are_one_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        f"{i},q{i % 3},2026-03-02 09:{i % 60:02d}:00,2026-03-02 10:00:00,2026-03-02 10:05:00,a{i % 7}\n"
        for i in range(100)
    ]
    path = written(tmp_path, HEADER + "".join(lines))
    whole = read_log(path).calls
    monkeypatch.setattr(pieces, "PIECE", 9)
    pd.testing.assert_frame_equal(read_log(path).calls, whole, check_categorical=False)
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    pd.testing.assert_frame_equal(read_log(packed).calls, whole, check_categorical=False)


def test_json_lines_are_read_as_rows(tmp_path: Path) -> None:
    text = '{"queue": "A", "start": "2026-03-02T09:00:00", "answered": null, "end": "2026-03-02T09:01:00"}\n'
    calls = read_log(written(tmp_path, text, "log.jsonl")).calls
    assert wait_s(calls).tolist() == [60]


@pytest.mark.parametrize(
    ("start", "end", "waited"),
    [
        ("02/03/2026 09:00:00", "02/03/2026 09:00:30", None),
        ("25/03/2026 09:00:00", "25/03/2026 09:00:30", 30),
        ("03/25/2026 09:00:00", "03/25/2026 09:00:30", 30),
        ("1772442000", "1772442030", 30),
        ("1772442000000", "1772442030000", 30),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:30Z", 30),
        ("2026-03-02T09:00:00.250+01:00", "2026-03-02T09:00:30.250+01:00", 30),
    ],
)
def test_dates_are_found_or_asked_for(tmp_path: Path, start: str, end: str, waited: float | None) -> None:
    path = written(tmp_path, f"queue,start,answered,end\nA,{start},,{end}\n")
    if waited is None:
        with pytest.raises(
            SimError, match=r"may be %d/%m/%Y.* or %m/%d/%Y.*: is the day or the month first\?"
        ):
            read_log(path)
        return
    assert wait_s(read_log(path).calls).tolist() == [waited]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.csv", None, "there is no such file"),
        ("log.csv", b"", "the file is empty"),
        ("log.csv", b"\xff\xfea\x00", "UTF-8"),
        ("log.csv.gz", gzip.compress((HEADER + ROWS).encode(), mtime=0)[:-15], "cut off"),
        (
            "log.csv",
            (HEADER + "1,A,2026-03-02 09:00:00,,2026-03-02 08:00:00,\n").encode(),
            "no contact that can be read",
        ),
    ],
)
def test_what_is_no_log_is_one_line(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SimError, match=said) as mistake:
        read_log(path)
    assert "\n" not in str(mistake.value)


def test_an_unknown_format_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SimError, match="did you mean `asterisk`"):
        read_log(written(tmp_path, HEADER + ROWS), "asterix")


def test_a_part_of_the_days(tmp_path: Path) -> None:
    later = ROWS.replace("03-02", "03-04").replace("\n2,", "\n4,").replace("1,", "3,", 1)
    found = read_log(written(tmp_path, HEADER + ROWS + later))
    assert len(found.between(None, found.first).calls) == 2
    assert str(found.between(found.last, None).first) == "2026-03-04"
    with pytest.raises(SimError, match="no contact from 2027-01-01"):
        found.between(pd.Timestamp("2027-01-01").date(), None)


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["2026-03-02 08:00:00", ""], ["2026-03-02 08:00:00", None]),
        (
            ["2026-03-02T08:00:00.123", "2026-03-02 08:00:00"],
            ["2026-03-02 08:00:00.123", "2026-03-02 08:00:00"],
        ),
        (["2026-03-02 08:00:00", "2026-02-30 08:00:00"], ["2026-03-02 08:00:00", None]),
        (["2026-03-02 08:00:00", "1850-03-02 08:00:00"], ["2026-03-02 08:00:00", None]),
        (["2026-03-02 08+01:00", "2026-03-02 08:00:00"], ["2026-03-02 08:00:00", "2026-03-02 08:00:00"]),
        (["2026-03-02 08:00:00.1Z", ""], ["2026-03-02 08:00:00.1", None]),
    ],
)
def test_plain_times_are_read_in_one_go_and_others_as_they_are(
    cells: list[str], read: list[str | None]
) -> None:
    """An offset may make a time just as long as one without: its clock time counts as always."""
    found = read_times(pd.Series(cells, dtype="object"), "ISO8601")
    assert found.tolist() == [pd.Timestamp(one) if one else pd.NaT for one in read]
