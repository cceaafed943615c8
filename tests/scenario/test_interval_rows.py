"""Which rows of an interval file are those of the queue, the day and the run."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import loads, notes

from .interval_desk import DAY, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_several_queues_in_one_file_are_told_apart_by_a_column(desk: Desk) -> None:
    content = "interval_start,queue,volume\n09:00,q,31\n09:00,r,12\n09:30,q,29\n09:30,r,11\n"
    assert desk.refused(content) == [
        "x.csv:3:1: interval_start: `09:00` is there twice, first in line 2, and so are 1 more; the rows differ in "
        "`queue` (`q`, `r`): write `file: {path: x.csv, where: {queue: q}}`"
    ]
    assert [row[1] for row in desk.read(content, "{path: x.csv, where: {queue: r}}")] == [12, 11]
    assert desk.refused(content, "{path: x.csv, where: {queue: s}}") == [
        "x.csv:2:2: queue: no row has `s`; there is `q`, `r`"
    ]
    (line,) = desk.refused(content, "{path: x.csv, where: {Queue: q}}")
    assert line == "x.csv:1:1: Queue: this column is missing; did you mean `queue`?"


def test_queues_one_below_the_other_are_no_second_day(desk: Desk) -> None:
    hours = [f"{hour:02}:00" for hour in range(24)]
    content = "interval_start,queue,volume\n" + "".join(f"{at},{queue},1\n" for queue in "qr" for at in hours)
    (line,) = desk.refused(content, opens="2026-03-02 00:00", lasts="1d")
    assert "`00:00` is there twice, first in line 2, and so are 23 more; the rows differ in `queue`" in line


def test_rows_outside_the_run_are_told_once_with_their_sum(desk: Desk) -> None:
    rows = "".join(f"2026-03-0{day} {hour:02}:00,{hour}\n" for day in (1, 2, 3) for hour in range(24))
    day = desk.scenario("interval_start,volume\n" + rows, lasts="9h")
    assert [row.volume for row in day.arrivals[0].forecast] == [*range(9, 18)]
    assert [one for one in notes(day) if "x.csv" in one] == [
        f"`x.csv` was read with 63 rows outside the run left out, {3 * 276 - sum(range(9, 18))} in all"
    ]


@pytest.mark.parametrize(
    ("day", "volumes"), [("Mon", [5, 6]), ("monday", [5, 6]), ("2026-03-02", [5, 6]), ("2/3/2026", [5, 6])]
)  # fmt: skip
def test_the_day_may_stand_in_a_column_of_its_own(desk: Desk, day: str, volumes: list[float]) -> None:
    content = f"when,clock,volume\n{day},9:00,5\n{day},9:30,6\n"
    read = desk.read(content, "{path: x.csv, day: when, start: clock}")
    assert [row[1] for row in read] == volumes


def test_one_day_stands_for_each_and_one_week_for_each(desk: Desk) -> None:
    content = "interval_start,volume\n" + "".join(f"{hour:02}:00,{hour}\n" for hour in range(24))
    read = desk.read(content, "{path: x.csv, repeats: daily}", lasts="2d")
    assert [row[1] for row in read] == [*range(9, 24), *range(24), *range(9)]
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    week = "day,interval_start,volume\n" + "".join(
        f"{day},{hour:02}:00,{number}\n" for number, day in enumerate(days) for hour in range(24)
    )
    read = desk.read(week, "{path: x.csv, day: day}", opens="2026-03-06 00:00", lasts="4d")
    assert [row[1] for row in read[::24]] == [4, 5, 6, 0]  # Friday to Monday
    (line,) = desk.refused(week, "{path: x.csv, day: day, repeats: daily, where: {}}", lasts="1h")
    assert "there twice" in line


def test_a_night_goes_on_over_midnight(desk: Desk) -> None:
    content = "interval_start,volume\n22:00,1\n23:00,2\n00:00,3\n01:00,4\n"
    read = desk.read(content, opens="2026-03-02 22:00", lasts="4h")
    assert [row[:2] for row in read] == [(0, 1), (3600, 2), (7200, 3), (10800, 4)]


def test_too_many_rows_are_refused_before_their_times_are_read(desk: Desk) -> None:
    assert desk.refused("interval_start,volume\n" + "x,1\n" * 200_001) == [
        "x.csv:2:1: interval_start: 200,001 rows would be read; at most 200,000"
    ]


def test_levels_of_a_head_count_hold_until_the_next(desk: Desk) -> None:
    (desk.folder / "h.csv").write_text("interval_start,agents\n00:00,2\n06:00,10\n22:00,3\n")
    content = "interval_start,volume\n" + "".join(f"{hour:02}:00,1\n" for hour in range(24))
    (desk.folder / "x.csv").write_text(content)
    text = DAY.format(opens="2026-03-02 00:00", lasts="1d", file="x.csv")
    levels = text.replace("agents: 12", "head_count: {file: {path: h.csv, levels: on}}")
    count = loads(levels, "day.yaml", desk.folder).teams["t"].head_count
    assert count is not None
    assert (count.every, count.agents) == (7200, (2,) * 3 + (10,) * 8 + (3,))
    with pytest.raises(ScenarioError) as caught:
        loads(text.replace("agents: 12", "head_count: {file: h.csv}"), "day.yaml", desk.folder)
    assert (
        str(caught.value)
        .splitlines()[0]
        .endswith(
            "5 rows are missing above this one (01:00 to 05:00), with intervals of 1h; where each row holds until the "
            "next write `levels: on`"
        )
    )
    late = levels.replace("00:00\nlasts: 1d", "05:30\nlasts: 2h")
    count = loads(late.replace("file: x.csv", "per_hour: 1"), "day.yaml", desk.folder).teams["t"].head_count
    assert count is not None
    assert (count.every, count.agents) == (1800, (2, 10, 10, 10))


def told(desk: Desk, content: str, file: str) -> list[str]:
    return [one for one in notes(desk.scenario(content, file)) if "was read with" in one]


MERGED = "Date,Queue,Time,Calls\n2026-03-02,q,09:00,62\n,,09:30,78\n,r,09:00,5\n,,09:30,6\nTotal,,,151\n"


def test_cells_below_merged_ones_have_their_text(desk: Desk) -> None:
    """A spreadsheet leaves all cells of a merged area empty but the first."""
    file = "{path: x.csv, day: Date, start: Time, volume: Calls, where: {Queue: %s}}"
    assert [row[1] for row in desk.read(MERGED, file % "q")] == [62, 78]
    assert [row[1] for row in desk.read(MERGED, file % "r")] == [5, 6]
    (line,) = told(desk, MERGED, file % "r")
    assert "empty cells of `Date`, from line 3 on, as the cell above" in line
    assert "empty cells of `Queue`, from line 3 on, as the cell above" in line


@pytest.mark.parametrize(
    ("rows", "left_out"),
    [
        (["q,09:00,62", "q,09:30,78", ",09:00,5"], 1),  # the queue is named in each row
        (["q,09:00,62", ",09:00,5", ",09:30,6", "q,09:30,78"], 2),  # of one time there would be two rows
    ],
)
def test_rows_that_name_no_queue_are_left_out_and_counted(rows: list[str], left_out: int, desk: Desk) -> None:
    content = "\n".join(["Queue,Time,Calls", *rows, ""])
    file = "{path: x.csv, start: Time, volume: Calls, where: {Queue: q}}"
    assert [row[1] for row in desk.read(content, file)] == [62, 78]
    (line,) = told(desk, content, file)
    assert f"{left_out} row{'s' if left_out > 1 else ''} without `Queue` left out" in line


def test_handle_times_that_grow_with_the_contacts_are_told(desk: Desk) -> None:
    """62 contacts of 245 s and 78 of 248 s, by the sums and by the means."""
    file = "{path: x.csv, start: Time, volume: Calls, aht: Handle time}"
    (line,) = told(desk, "Time,Calls,Handle time\n09:00,62,15190\n09:30,78,19344\n", file)
    assert "`Handle time` as the mean of one contact, though it grows with them as a sum does" in line
    assert told(desk, "Time,Calls,Handle time\n09:00,62,245\n09:30,78,248\n", file) == []
    named = (
        "Time,Calls,AHT\n09:00,62,200\n09:30,78,260\n"  # long where there are many, and a mean by its name
    )
    assert told(desk, named, file.replace("Handle time", "AHT")) == []
