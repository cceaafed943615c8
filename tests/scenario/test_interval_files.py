"""Interval files as planning tools export them: read right, or refused with row, column and the key that decides."""

from pathlib import Path
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario, dump, loads, notes

from .interval_desk import DAY, Desk
from .workbooks import workbook


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


TWO = [(0.0, 31.0, 212.0), (1800.0, 29.0, 231.0)]


@pytest.mark.parametrize(
    ("content", "file"),
    [
        # Genesys Cloud, interval performance of queues: milliseconds, one file for all queues.
        ('Interval Start,Interval End,Media Type,Queue Name,Offer,Answer,Avg Handle\n'
         '"3/2/26 9:00 AM","3/2/26 9:30 AM",voice,Sales,31,30,212000\n'
         '"3/2/26 9:00 AM","3/2/26 9:30 AM",voice,Help,7,7,400000\n'
         '"3/2/26 9:30 AM","3/2/26 10:00 AM",voice,Sales,29,29,231000\n'
         '"3/2/26 9:30 AM","3/2/26 10:00 AM",voice,Help,9,9,410000\n',
         "{path: x.csv, start: Interval Start, volume: Offer, aht: Avg Handle, aht_unit: ms, "
         "where: {Queue Name: Sales}}"),
        # NICE IEX, ctResults: pipes, a date and the period's beginning.
        ("date|period|TZ|ctName|contactsReceived|aht\n"
         "20260302|09:00|ET|Sales|31|212\n20260302|09:30|ET|Sales|29|231\n",
         "{path: x.csv, day: date, start: period, volume: contactsReceived, aht: aht}"),
        # Five9, ACD queue report: titles above the header, durations as h:mm:ss, a row of totals.
        ("ACD Queue Report\nGenerated,2026-03-03\n\nDATE,HALF HOUR,SKILL,CALLS,AVERAGE HANDLE TIME\n"
         "03/02/2026,09:00 - 09:30,Sales,31,00:03:32\n03/02/2026,09:30 - 10:00,Sales,29,00:03:51\n"
         "Total,,,60,00:03:41\n",
         "{path: x.csv, day: DATE, start: HALF HOUR, volume: CALLS, aht: AVERAGE HANDLE TIME}"),
        # Amazon Connect, historical metrics: ISO with offset, quoted cells.
        ('"Queue","StartInterval","EndInterval","Contacts queued","Average handle time"\n'
         '"Sales","2026-03-02T09:00:00Z","2026-03-02T09:30:00Z","31","212"\n'
         '"Sales","2026-03-02T09:30:00Z","2026-03-02T10:00:00Z","29","231"\n',
         "{path: x.csv, start: StartInterval, volume: Contacts queued, aht: Average handle time}"),
        # Avaya CMS, split interval report: tabs, ranges before noon, durations of :ss and m:ss.
        ("Time\tACD Calls\tAvg ACD Time\tAban Calls\n"
         "9:00AM-9:30AM\t31\t3:32\t1\n9:30AM-10:00AM\t29\t3:51\t0\nSUMMARY\t60\t3:41\t1\n",
         "{path: x.csv, start: Time, volume: ACD Calls, aht: Avg ACD Time}"),
        # A European spreadsheet: semicolons, decimal comma, day first, UTF-16.
        ("Intervall;Anrufe;AHT (s)\n02.03.2026 09:00;31,0;212,0\n02.03.2026 09:30;29,0;231,0\n".encode("utf-16"),
         "{path: x.csv, start: Intervall, volume: Anrufe, aht: AHT (s)}"),
    ],
)  # fmt: skip
def test_exports_are_read_as_they_are(desk: Desk, content: str | bytes, file: str) -> None:
    assert desk.read(content, file) == TWO


def test_the_example_of_pyworkforce_is_a_level_of_positions(desk: Desk) -> None:
    """Its scheduling example gives required positions by hour as a plain list; as a file it has an index from 0."""
    content = "".join(f"{hour},{agents}\n" for hour, agents in enumerate([9, 11, 17, 9, 7]))
    text = DAY.format(opens="2026-03-02 00:00", lasts="5h", file="f.csv")
    (desk.folder / "f.csv").write_text("interval_start,volume\n0,1\n3600,1\n7200,1\n10800,1\n14400,1\n")
    (desk.folder / "p.csv").write_text("place,positions\n" + content)
    with pytest.raises(ScenarioError) as caught:
        loads(_counting(text, "place"), "day.yaml", desk.folder)
    assert "missing below this one" in str(caught.value)  # 0 to 4 are seconds from opening
    for numbers in (content, content.replace(",", ":00,")):
        (desk.folder / "p.csv").write_text("hour,positions\n" + numbers)
        count = loads(_counting(text, "hour"), "day.yaml", desk.folder).teams["t"].head_count
        assert count is not None
        assert (count.agents, count.every) == ((9, 11, 17, 9, 7), 3600)
    (desk.folder / "p.csv").write_text("hour,positions\n" + content)
    head_count = loads(_counting(text, "hour"), "day.yaml", desk.folder).teams["t"].head_count
    assert head_count is not None
    assert head_count.file is not None
    assert "`0` as 00:00" in head_count.file.readings


def _counting(text: str, start: str) -> str:
    file = f"{{path: p.csv, start: {start}, volume: positions}}"
    return text.replace("agents: 12", f"head_count: {{file: {file}}}")


@pytest.mark.parametrize(
    ("starts", "read_as"),
    [
        (("9:00", "9:30"), None), (("0900", "0930"), "`0900` as 09:00"), (("900", "930"), "`900` as 09:00"),
        (("9:00 AM", "9:30 a.m."), None), (("09:00-09:30", "09:30-10:00"), None), (("9h00", "9h30"), None),
        (("2026-03-02 09:00", "2026-03-02 09:30"), None), (("2026-03-02T09:00:00", "2026-03-02T09:30:00"), None),
        (("2 Mar 2026 09:00", "2-Mar-26 9:30"), None), (("Mon 02.03.2026 09:00", "Mon 02.03.2026 09:30"), None),
        (("2026-03-02T09:00:00+01:00", "2026-03-02T09:30:00+01:00"),
         "times by the clock they show, offset +01:00 left out"),
        (("02/03/2026 09:00", "02/03/2026 09:30"), "`02/03/2026 09:00` as 2 March 2026, a day of the run"),
        (("03/02/2026 9:00 AM", "03/02/2026 9:30 AM"), "`03/02/2026 9:00 AM` as 2 March 2026, a day of the run"),
        (("0", "1800"), None), (("09:30", "09:00"), None),
    ],
)  # fmt: skip
def test_times_as_people_write_them(desk: Desk, starts: tuple[str, str], read_as: str | None) -> None:
    day = desk.scenario(f"interval_start,volume\n{starts[0]},31\n{starts[1]},31\n")
    assert [row.start_s for row in day.arrivals[0].forecast] == [0, 1800]
    assert day.arrivals[0].file is not None
    assert day.arrivals[0].file.readings == ((read_as,) if read_as else ())


def test_a_date_that_two_readings_fit_is_a_question(desk: Desk) -> None:
    rows = "interval_start,volume\n02/03/2026 09:00,1\n03/02/2026 09:00,1\n"
    (line,) = desk.refused(rows, "x.csv", lasts="60d")
    assert line == (
        "x.csv:2:1: interval_start: `02/03/2026 09:00` may be 2 March 2026 or 3 February 2026; "
        "write `dates: day_first` or `dates: month_first`"
    )
    assert "`every`" not in line
    read = desk.read("interval_start,volume\n02/03/2026 09:00,1\n", "{path: x.csv, dates: day_first}")
    assert read == [(0.0, 1.0, None)]


def test_days_that_follow_each_other_tell_the_month(desk: Desk) -> None:
    rows = "".join(f"0{day}/03/2026 {hour:02}:00,1\n" for day in (3, 4) for hour in range(24))
    read = desk.read("interval_start,volume\n" + rows, opens="2026-03-03 00:00", lasts="2d")
    assert len(read) == 48


@pytest.mark.parametrize(
    ("separator", "cells", "expected"),
    [
        (";", ("31,5", "1.234,5"), (31.5, 1234.5)), (";", ("31.5", "1,234.5"), (31.5, 1234.5)),
        (";", ("31,5", "1.234"), (31.5, 1234.0)), (",", ('"31"', '"1,234"'), (31.0, 1234.0)),
        (",", ('"31,5"', '"1.234"'), (31.5, 1234.0)), ("\t", ("1 234,5", "1'234"), (1234.5, 1234.0)),
        ("|", ("1\u00a0234", "1.234.567"), (1234.0, 1234567.0)), (",", ("1.234", "5"), (1.234, 5.0)),
        (";", ("0,123", "5"), (0.123, 5.0)),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(
    desk: Desk, separator: str, cells: tuple[str, str], expected: tuple[float, float]
) -> None:
    rows = [("interval_start", "volume"), ("09:00", cells[0]), ("09:30", cells[1])]
    content = "".join(f"{separator.join(row)}\n" for row in rows)
    assert tuple(row[1] for row in desk.read(content)) == expected


def test_a_number_that_two_readings_fit_is_a_question(desk: Desk) -> None:
    content = "interval_start;volume\n09:00;31\n09:30;1.234\n"
    assert desk.refused(content) == [
        "x.csv:3:2: volume: `1.234` may be 1234 or 1.234; write `decimal: comma` for 1234, `decimal: point` for 1.234"
    ]
    for decimal, value in (("comma", 1234.0), ("point", 1.234)):
        assert desk.read(content, f"{{path: x.csv, decimal: {decimal}}}")[1][1] == value
    (line,) = desk.refused("interval_start;volume\n09:00;31,5\n09:30;30.5\n")
    assert "`30.5` has another decimal mark than `31,5` in line 2" in line


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("AHT", ("212", "231.5"), (212, 231.5)), ("AHT", ("3:32", "1:03:51"), (212, 3831)),
        ("AHT (min)", ("3.5", "4"), (210, 240)), ("AHT ms", ("212000", "231000"), (212, 231)),
        ("AHT", (":32", "03:51"), (32, 231)), ("AHT (s)", ("9", "8"), (9, 8)),
    ],
)  # fmt: skip
def test_handle_times_as_people_write_them(
    desk: Desk, header: str, cells: tuple[str, str], expected: tuple[float, float]
) -> None:
    content = f"interval_start,volume,{header}\n09:00,1,{cells[0]}\n09:30,1,{cells[1]}\n"
    assert tuple(row[2] for row in desk.read(content, f"{{path: x.csv, aht: {header}}}")) == expected


def test_a_unit_that_two_readings_fit_is_a_question(desk: Desk) -> None:
    content = "interval_start,volume,AHT\n09:00,1,{}\n09:30,1,{}\n"
    assert desk.refused(content.format(212000, 231000), "{path: x.csv, aht: AHT}") == [
        "x.csv:2:3: AHT: `212000` may be seconds or milliseconds; write `aht_unit: s` or `aht_unit: ms`"
    ]
    assert desk.refused(content.format(4.8, 5.1), "{path: x.csv, aht: AHT}") == [
        "x.csv:2:3: AHT: `4.8` may be seconds or minutes; write `aht_unit: s` or `aht_unit: min`"
    ]
    mixed = content.format("4:10", 4.5)
    assert desk.refused(mixed, "{path: x.csv, aht: AHT}") == [
        "x.csv:3:3: AHT: `4.5` may be seconds or minutes; write `aht_unit: s` or `aht_unit: min`"
    ]
    assert [row[2] for row in desk.read(mixed, "{path: x.csv, aht: AHT, aht_unit: min}")] == [250, 270]
    assert [row[2] for row in desk.read(content.format("4:10", 270), "{path: x.csv, aht: AHT}")] == [250, 270]


def test_no_handle_time_is_needed_where_nobody_calls(desk: Desk) -> None:
    content = "interval_start,volume,aht_s\n09:00,31,212\n09:15,0,\n09:30,0,-\n09:45,33,#DIV/0!\n"
    assert desk.refused(content) == ["x.csv:5:3: aht_s: `#DIV/0!` is not a number"]
    assert [row[2] for row in desk.read(content.replace("#DIV/0!", "219"))] == [212, None, None, 219]


# Handle times with the wrap-up in them.

WITH_WRAP_UP = ", wrap_up: 30s"


def test_the_wrap_up_is_taken_off_where_the_file_includes_it(desk: Desk) -> None:
    from sim.workload import draw

    content = "interval_start,volume,aht_s\n09:00,300,230\n09:30,300,350\n"

    def day(said: str) -> Scenario:
        file = f"{{path: x.csv{said}}}"
        (desk.folder / "x.csv").write_text(content)
        text = DAY.format(opens="2026-03-02 09:00", lasts="1h", file=file)
        slow = "{skills: {q: 1}, agents: 3, wrap_up: {exponential: {mean: 60s}}}"
        teams = f"{{t: {{skills: {{q: 1}}, agents: 9, wrap_up: 20s}}, u: {slow}}}"
        return loads(text.replace("{t: {skills: {q: 1}, agents: 12}}", teams), "day.yaml", desk.folder)

    (stream,) = draw(day(", aht_includes_wrap_up: on")).streams
    halves = [bool(at < 1800) for at in stream.times]
    # Wrap-up by agents: (9 x 20 + 3 x 60) / 12 = 30 s; what is left over the law's mean of 240 s.
    assert list(stream.handle_scale or ()) == pytest.approx(
        [200 / 240 if one else 320 / 240 for one in halves]
    )
    (stream,) = draw(day(", aht_includes_wrap_up: off")).streams
    assert list(stream.handle_scale or ()) == pytest.approx(
        [230 / 240 if one else 350 / 240 for one in halves]
    )
    told = [one for one in notes(day("")) if "wrap-up" in one]
    assert told == [
        "the mean handle times in `x.csv` are read as without wrap-up, which comes on top: 5.0 hours of work in the "
        "run; where they include it write `aht_includes_wrap_up: on`, else `off`"
    ]  # 600 contacts of 30 s
    assert not [one for one in notes(day(", aht_includes_wrap_up: off")) if "wrap-up" in one]
    content = content.replace("230", "30")
    with pytest.raises(ScenarioError) as caught:
        day(", aht_includes_wrap_up: on")
    assert str(caught.value) == (
        "day.yaml:7:81: arrivals.0.file.aht_includes_wrap_up: the mean handle time of 30 s at 09:00 is not above the "
        "mean wrap-up of 30 s in queue `q`, which it is to include"
    )


# What is written back, and what is no file.


def test_the_columns_are_written_back_and_count(desk: Desk) -> None:
    content = "Start;queue;Calls\n09:00;q;1,5\n09:30;q;2\n"
    day = desk.scenario(content, "{path: x.csv, start: Start, volume: Calls, where: {queue: q}}")
    assert "file: {path: x.csv, start: Start, volume: Calls, where: {queue: q}}" in dump(day)
    assert loads(dump(day), folder=desk.folder) == day
    other = desk.scenario(
        content.replace("1,5", "2,5"), "{path: x.csv, start: Start, volume: Calls, where: {queue: q}}"
    )
    assert other.hash != day.hash
    assert "file: x.csv" in dump(desk.scenario("interval_start,volume\n09:00,1\n", "{path: x.csv}"))
    assert day.set("arrivals.0.file.every", "30m").arrivals[0].forecast == day.arrivals[0].forecast


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("5", "arrivals.0.file: `5` is neither the name of a file nor {path: FILE, ...}"),
        ("{start: x}", "arrivals.0.file.path: this key is missing"),
        ("{path: x.csv, volum: y}", "arrivals.0.file.volum: unknown key `volum`; did you mean `volume`?"),
        ("{path: x.csv, levels: on}", "arrivals.0.file.levels: levels are for head-counts; contacts arrive by the "
         "interval"),
        ("{path: none.csv, start: x}", "arrivals.0.file.path: there is no file `none.csv`"),
        ("{path: ../x.csv, start: x}", "arrivals.0.file.path: `../x.csv` is outside the scenario's folder; only files "
         "in it are read"),
        ("{path: x.csv, sheet: a}", "arrivals.0.file.path: `x.csv` is no Excel file, so it has no sheets"),
        ("{path: x.csv, decimal: dot}", "arrivals.0.file.decimal: `dot` is not allowed; allowed: `point`, `comma`"),
        ("{path: x.csv, start: ''}", 'arrivals.0.file.start: `""` is not the name of a column'),
    ],
)  # fmt: skip
def test_mistakes_in_the_mapping(desk: Desk, file: str, line: str) -> None:
    (found,) = desk.refused("interval_start,volume\n09:00,1\n", file)
    assert found.split(": ", 1)[1] == line


def test_a_roster_in_place_of_a_head_count_is_told(desk: Desk) -> None:
    (desk.folder / "x.csv").write_text("interval_start,volume\n0,1\n")
    (desk.folder / "h.csv").write_text("Agent,Date,Shift Start,Shift End\nAgent 01,03/02/2025,09:00,17:00\n")
    text = DAY.format(opens="2025-02-03 09:00", lasts="1h", file="x.csv")
    with pytest.raises(ScenarioError) as caught:
        loads(text.replace("agents: 12", "head_count: {file: h.csv}"), "day.yaml", desk.folder)
    told = "a row a person makes no head-count: give the file to `roster`, in place of `head_count`"
    assert told in str(caught.value)


# Excel.

NINE = 46083.375
"""2026-03-02 09:00 as Excel counts: days since 1899-12-30, of which 2026-01-01 is 46023."""
ROWS: list[list[Any]] = [
    ["Interval", "Calls", "AHT"],
    [(NINE, 1), 31, (212 / 86400, 2)],
    [(NINE + 1 / 48, 1), 29.5, (231 / 86400, 2)],
]


def test_an_excel_file_is_read_like_its_sheet(desk: Desk) -> None:
    pytest.importorskip("python_calamine")
    workbook(desk.folder / "x.xlsx", {"Plan": ROWS})
    file = "{path: x.xlsx, start: Interval, volume: Calls, aht: AHT}"
    assert desk.read("", file, name="unused.csv") == [(0.0, 31.0, 212.0), (1800.0, 29.5, 231.0)]
    workbook(desk.folder / "x.xlsx", {"Notes": [["nothing"]], "Plan": ROWS})
    (line,) = desk.refused("", file, name="unused.csv")
    assert line.endswith("`x.xlsx` has 2 sheets (`Notes`, `Plan`); name one with `sheet`")
    named = file.replace("start:", "sheet: Plan, start:")
    assert len(desk.read("", named, name="unused.csv")) == 2
    (line,) = desk.refused("", named.replace("Plan", "Plann"), name="unused.csv")
    assert "has no sheet `Plann`; did you mean `Plan`?" in line
    for broken in (b"", b"PK\x03\x04 no", b"text"):
        (desk.folder / "x.xlsx").write_bytes(broken)
        (line,) = desk.refused("", file, name="unused.csv")
        assert "is not an Excel file that can be read; save it anew, or as CSV" in line


def test_an_excel_file_without_its_library_has_a_remedy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    (desk.folder / "x.xlsx").write_bytes(b"")
    (line,) = desk.refused("", "x.xlsx", name="unused.csv")
    assert "pip install 'contact-routing-sim[excel]'" in line


@pytest.mark.parametrize(
    ("header", "told"), [("Calls (000)", 1), ("Anrufe in Tsd", 1), ("Calls 2026", 0), ("Line 2000", 0)]
)
def test_contacts_that_are_counted_in_thousands_by_their_name_are_told(
    desk: Desk, header: str, told: int
) -> None:
    file = f"{{path: x.csv, start: Time, volume: {header}}}"
    content = f"Time,{header}\n09:00,0.031\n09:30,0.029\n"
    lines = [
        one
        for one in notes(desk.scenario(content, file))
        if "write `volume_factor: 1000` beside `file`" in one
    ]
    assert len(lines) == told
    text = DAY.format(opens="2026-03-02 09:00", lasts="1h", file=f"{file}, volume_factor: 1000")
    assert "counts thousands" not in "".join(notes(loads(text, "day.yaml", desk.folder)))
