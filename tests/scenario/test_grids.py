"""Grids of a day a column or a time a column: read as the rows that a long table would have, or refused with place."""

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import loads
from sim.scenario.weekday_names import NAMES

from .interval_desk import DAY, Desk
from .workbooks import workbook


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


MONDAY = [(0.0, 31.0, None), (1800.0, 29.5, None)]
"""What each of these grids has from 09:00 to 10:00 on Monday, 2 March 2026."""


@pytest.mark.parametrize(
    ("content", "file"),
    [
        ("Interval,Mon,Tue,Wed\n09:00,31,5,6\n09:30,29.5,7,8\nTotal,60.5,12,14\n", "x.csv"),
        ("Report\n\nInterval;Montag;Dienstag;Summe\n9.00;31;5;36\n9.30;29,5;7;36,5\n", "x.csv"),
        (";lundi;mardi;mercredi\n09:00-09:30;31;5;6\n09:30-10:00;29,5;7;8\n", "x.csv"),
        ("Tijd\tma\tdi\two\n0900\t31\t5\t6\n0930\t29,5\t7\t8\n", "x.csv"),
        ("hour,2026-03-02,2026-03-03\n9,60.5,5\n10,1,7\n", "{path: x.csv, every: 1h}"),
        ("Zeit;Mo;Di\n;02.03.2026;03.03.2026\n09:00;31;5\n09:30;29,5;7\n", "x.csv"),
        ("Zeit;02.03.2026;03.03.2026\n;Mo;Di\n09:00;31;5\n09:30;29,5;7\n", "x.csv"),
        ("Date,09:00,09:30\n2026-03-02,31,29.5\n2026-03-03,5,7\n", "x.csv"),
        ("Tag;Datum;9.00;9.30\nMo;02.03.2026;31;29,5\nDi;03.03.2026;5;7\n", "{path: x.csv, day: Datum}"),
        ("Día,0900,0930\nlunes,31,29.5\nmartes,5,7\n", "x.csv"),
        ("Queue,09:00-09:30,09:30-10:00\nHelp,5,7\nSales,31,29.5\n", "{path: x.csv, where: {Queue: Sales}}"),
        ("Queue,Time,Mon,Tue\nHelp,09:00,1,1\n,09:30,1,1\nSales,09:00,31,1\n,09:30,29.5,1\n",
         "{path: x.csv, start: Time, where: {Queue: Sales}}"),
    ],
)  # fmt: skip
def test_grids_as_planners_have_them(desk: Desk, content: str, file: str) -> None:
    rows = desk.read(content, file)
    assert rows == ([(0.0, 60.5, None)] if "hour" in content else MONDAY)


def test_a_grid_repeats_each_week_and_its_handle_time_is_that_of_a_row(desk: Desk) -> None:
    """From Sunday, 1 March 23:00 on, for 2 hours: Sunday's last hour and Monday's first."""
    content = "Interval,Sun,Mon,AHT\n00:00,1,2,200\n23:00,3,4,300\n"
    rows = desk.read(content, "{path: x.csv, aht: AHT, every: 1h}", opens="2026-03-01 23:00", lasts="2h")
    assert rows == [(0.0, 3.0, 300.0), (3600.0, 2.0, 200.0)]


def test_closed_cells_are_left_out_and_told(desk: Desk) -> None:
    content = "Interval,Mon,Sat,Sun\n09:00,31,-,closed\n09:30,29.5,,closed\n"
    (stream,) = desk.scenario(content).arrivals
    assert [tuple(row) for row in stream.forecast] == MONDAY
    assert stream.file is not None
    assert stream.file.readings == (
        "columns `Mon` to `Sun` as days, a row a time",
        "3 cells such as `-` left out",
    )


@pytest.mark.parametrize(
    ("content", "file", "line"),
    [
        (",02/04/2026,03/05/2026\n09:00,31,5\n09:30,29,7\n", "x.csv",
         "x.csv:2:2: 02/04/2026: `02/04/2026 09:00` may be 2 April 2026 or 4 February 2026; write `dates: "
         "day_first` or `dates: month_first`"),
        ("Time;Ma;Di\n09:00;31;5\n09:30;29;7\n", "x.csv",
         "x.csv:3:2: Ma: `Ma` may be Monday or Tuesday; write the weekdays in full"),
        ("Time,Mon,Tue\n23:00,31,5\n23:30,29,7\n00:00,1,1\n", "x.csv",
         "x.csv:4:1: Time: `00:00` after `23:30` may be of the night before or after; write 24:00 for the one after, "
         "or put it first"),
        ("Time,Mon,Tue\n09:00,31,1\n09:30,2x,1\n10:00,1,1\n10:30,1,1\n11:00,1,1\n", "x.csv",
         "x.csv:3:2: Mon: `2x` is not a number"),
        ("Time;Di;Mi\n09:00;31;5\n", "x.csv",
         "x.csv:2:2: Di: no row is of a day of the run (Monday, 2026-03-02); add its rows, or change `opens`"),
        ("day,start,volume\nwed,09:00,31\n", "{path: x.csv, day: day, start: start}",
         "x.csv:2:2: start: no row is of a day of the run (Monday, 2026-03-02); add its rows, or change `opens`"),
        ("Time,Mon,Tue,Wed\n09:00,31,elf,2\n09:30,29,7,3\n", "x.csv", "x.csv:2:3: Tue: `elf` is not a number"),
        ("Time,Mon,Tue\n09:00,31,1\n9+30,2,1\n10:00,1,1\n10:30,1,1\n11:00,1,1\n", "x.csv",
         "x.csv:3:1: Time: `9+30` is not a time; write 09:30"),
        ("Queue,09:00,09:30\nSales,31,29\nHelp,5,6\n", "x.csv",
         "x.csv:3:2: 09:00: `09:00` is there twice, first in line 2, and so are 1 more; the rows differ in "
         "`Queue` (`Sales`, `Help`): write `file: {path: x.csv, where: {Queue: Sales}}`"),
        ("Time,Mon,Tue,Mon\n09:00,1,2,3\n", "x.csv",
         "x.csv:1:1: interval_start: this column is missing; there is `Time`, `Mon`, `Tue`; name the column that holds "
         "it with `file: {path: x.csv, start: ...}`"),
        ("Von;Bis;Calls\n09:00;09:30;31\n09:30;10:00;29\n", "{path: x.csv, start: Von}",
         "x.csv:1:1: volume: this column is missing; there is `Von`, `Bis`, `Calls`; name the column that holds it "
         "with `file: {path: x.csv, volume: ...}`"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_asked(desk: Desk, content: str, file: str, line: str) -> None:
    assert line in desk.refused(content, file)


def test_a_head_count_is_read_from_a_grid_too(desk: Desk) -> None:
    text = DAY.format(opens="2026-03-03 09:00", lasts="1h", file="f.csv").replace(
        "agents: 12", "head_count: {file: heads.csv}"
    )
    (desk.folder / "f.csv").write_text("interval_start,volume\n0,1\n1800,1\n")
    (desk.folder / "heads.csv").write_text("Zeit;Montag;Dienstag\n09:00;9;11\n09:30;8;12\n")
    count = loads(text, "day.yaml", desk.folder).teams["t"].head_count
    assert count is not None
    assert (count.agents, count.every) == ((11, 12), 1800)


def test_a_calendar_without_a_day_of_the_grid_is_named(desk: Desk) -> None:
    (desk.folder / "x.csv").write_text("Time;Mo;Di\n09:00;31;5\n")
    text = DAY.format(opens="X", lasts="Y", file="x.csv").replace(
        "opens: X\nlasts: Y\n", 'calendar: {from: 2026-03-05, days: 1, open: "09:00-10:00"}\n'
    )
    with pytest.raises(ScenarioError, match=r"\(Thursday, 2026-03-05\); add its rows, or change `calendar`"):
        loads(text, "day.yaml", desk.folder)


def test_a_head_count_without_a_day_of_the_run_is_refused(desk: Desk) -> None:
    text = DAY.format(opens="2026-03-05 22:00", lasts="4h", file="f.csv").replace(
        "agents: 12", "head_count: {file: {path: heads.csv, levels: on}}"
    )
    (desk.folder / "f.csv").write_text("interval_start,volume\n0,1\n7200,1\n")
    (desk.folder / "heads.csv").write_text("Zeit;Montag;Dienstag\n09:00;9;11\n")
    with pytest.raises(
        ScenarioError, match=r"no row is of a day of the run \(Thursday, 2026-03-05 to Friday, 2026-03-06\)"
    ):
        loads(text, "day.yaml", desk.folder)


def test_a_sheet_with_a_grid_is_read_like_one(desk: Desk) -> None:
    rows = [["Interval", date(2026, 3, 2), date(2026, 3, 3)], ["09:00", 31, 5], ["09:30", 29.5, 7]]
    workbook(desk.folder / "grid.xlsx", {"Plan": rows})
    assert desk.read((desk.folder / "grid.xlsx").read_bytes(), "grid.xlsx", name="grid.xlsx") == MONDAY


FIRST = date(2026, 3, 2)


@given(
    st.lists(st.lists(st.integers(0, 999), min_size=4, max_size=4), min_size=2, max_size=7),
    st.sampled_from(["dates", *NAMES]),
    st.booleans(),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_long_table_turned_into_a_grid_reads_back(
    desk: Desk, volumes: list[list[int]], names: str, a_row_a_day: bool
) -> None:
    times = ["00:00", "06:00", "12:00", "18:00"]
    dates = [FIRST + timedelta(days=number) for number in range(len(volumes))]
    days = [f"{day}" for day in dates] if names == "dates" else [*NAMES[names][0]][: len(dates)]
    long = [
        f"{day} {time},{volume}\n"
        for day, own in zip(dates, volumes, strict=True)
        for time, volume in zip(times, own, strict=True)
    ]
    table = [[f"{volume}" for volume in own] for own in volumes]
    if a_row_a_day:
        grid = [["Day", *times], *([day, *own] for day, own in zip(days, table, strict=True))]
    else:
        grid = [
            ["Time", *days],
            *([at, *own] for at, own in zip(times, zip(*table, strict=True), strict=True)),
        ]
    run = {"opens": "2026-03-02 00:00", "lasts": f"{len(volumes)}d"}
    wanted = desk.read("interval_start,volume\n" + "".join(long), **run)
    assert desk.read("".join(",".join(row) + "\n" for row in grid), **run) == wanted


@pytest.mark.parametrize(
    "text", ["mo 0" * 16_000, "Monday," * 9_000, "".join(f"mo {i}," for i in range(4_000))]
)
def test_texts_full_of_days_are_refused_within_a_second(desk: Desk, text: str) -> None:
    began = time.process_time()
    assert desk.refused(text + "\n1\n")
    assert time.process_time() - began < 1
