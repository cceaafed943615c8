from pathlib import Path

import pytest

from sim.scenario import Empirical, dump, loads

from .small import mistakes, text_with

STREAM = "arrivals: [{channel: web, queue: sales, file: forecast.csv}]"
ROSTER = "teams:\n  crew: {skills: {sales: 5, help: 5, calls: 5}, head_count: {file: roster.csv}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name in messages is short."""
    return tmp_path


def wrong(folder: Path, name: str, content: str, text: str) -> list[str]:
    """The mistakes of a text beside a file of this content, without the folder in their paths."""
    (folder / name).write_text(content, encoding="utf-8")
    return [line.replace(f"{folder}/", "") for line in mistakes(text, folder=folder)]


@pytest.mark.parametrize(
    "start", ["2026-03-02 08:00|2026-03-02T09:00", "08:00|09:00", "0|3600", "0.0|3600.0"]
)
def test_a_forecast_says_when_in_three_ways(folder: Path, start: str) -> None:
    first, second = start.split("|")
    (folder / "forecast.csv").write_text(f"interval_start,volume,aht_s\n{first},12.5,\n{second},20,300\n")
    (stream,) = loads(text_with(arrivals=STREAM), folder=folder).arrivals
    assert stream.forecast == ((0, 12.5, None), (3600, 20, 300))
    assert stream.every == 3600
    assert stream.forecast[1].aht_s == 300


def test_a_table_may_have_a_byte_order_mark_empty_lines_and_its_columns_in_any_order(folder: Path) -> None:
    (folder / "forecast.csv").write_text(
        "\ufeffvolume, interval_start\r\n1,08:00\r\n\r\n2,09:00\r\n", encoding="utf-8"
    )
    (stream,) = loads(text_with(arrivals=STREAM), folder=folder).arrivals
    assert [row.volume for row in stream.forecast] == [1, 2]


def test_a_head_count_file_stands_for_every_and_agents(folder: Path) -> None:
    (folder / "roster.csv").write_text("interval_start,agents\n08:00,1\n08:40,3\n09:20,0\n")
    crew = loads(text_with(teams=ROSTER), folder=folder).teams["crew"]
    assert crew.head_count is not None
    assert (crew.head_count.every, crew.head_count.agents, crew.agents) == (2400, (1, 3, 0), 3)


def test_a_head_count_of_a_file_is_held_to_the_bound_of_agents(folder: Path) -> None:
    found = wrong(
        folder, "roster.csv", "interval_start,agents\n08:00,1e11\n08:30,2\n", text_with(teams=ROSTER)
    )
    assert found == [
        "roster.csv:2:2: agents: `1e11` is too much; at most 100000 (the largest centres have some ten thousand agents)"
    ]


def test_seen_values_are_a_column_of_a_file(folder: Path) -> None:
    (folder / "log.csv").write_text("id,wait_s\n1,10\n2,40\n")
    queues = "queues:\n  sales: {medium: chat, handle_time: {empirical: {file: log.csv, column: wait_s}}}"
    arrivals = "arrivals: [{channel: web, queue: sales, per_hour: 1}]"
    day = loads(text_with(queues=queues, arrivals=arrivals), folder=folder)
    assert day.queues["sales"].handle_time == Empirical((10, 40), "log.csv", "wait_s")


def test_the_content_of_files_counts_and_their_name_is_written_back(folder: Path) -> None:
    text = text_with(arrivals=STREAM, teams=ROSTER)
    (folder / "forecast.csv").write_text("interval_start,volume\n0,1\n3600,2\n")
    (folder / "roster.csv").write_text("interval_start,agents\n0,1\n3600,2\n")
    day = loads(text, folder=folder)
    assert "file: forecast.csv" in dump(day)
    assert "head_count: {file: roster.csv}" in dump(day)
    assert loads(dump(day), folder=folder) == day
    for name, content in (("forecast", "volume\n0,1\n3600,3\n"), ("roster", "agents\n0,1\n3600,1\n")):
        (folder / f"{name}.csv").write_text(f"interval_start,{content}")
        other = loads(text, folder=folder)
        assert other != day
        assert other.hash != day.hash
        day = other


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ["forecast.csv: the file is empty; it needs a header"]),
        ("interval_start,volume\n", ["forecast.csv: there are no rows below the header"]),
        ("interval_start,volum\n0,1\n",
         ["forecast.csv:1:1: volume: this column is missing; did you mean `volum`?; "
          "name the column that holds it with `file: {path: forecast.csv, volume: ...}`"]),
        ("interval_start,volume,volume\n0,1,2\n", ["forecast.csv:1:3: volume: this column is there twice"]),
        ("interval_start,volume\n0,few\n3600,\n",
         ["forecast.csv:2:2: volume: `few` is not a number", "forecast.csv:3:2: volume: the cell is empty"]),
        ("interval_start,volume,aht_s\n0,-1,0\n3600,inf,x\n",
         ["forecast.csv:2:2: volume: `-1` has to be a number of at least 0",
          "forecast.csv:2:3: aht_s: `0` has to be above 0",
          "forecast.csv:3:2: volume: `inf` is not a number",
          "forecast.csv:3:3: aht_s: `x` is not a number"]),
        ("interval_start,volume\n0,1\n3600,1,1\n",
         ["forecast.csv:3:1: this row has 3 cells, the header has 2; "
          "a comma within a cell needs quotes around the cell"]),
        ("interval_start,volume\n08:00,1\nnoon,1\n2026-03-32 09:00,1\n8.5e,1\n",
         [f"forecast.csv:{line}:1: interval_start: `{text}` is not a time; write 08:30, 2026-03-02 08:30 "
          "or seconds from opening" for line, text in ((3, "noon"), (4, "2026-03-32 09:00"), (5, "8.5e"))]),
        ("interval_start,volume\n08:30,1\n09:00,1\n09:30,1\n",
         ["forecast.csv:2:1: interval_start: 1 row is missing above this one (08:00), with intervals of 30m"]),
        ("interval_start,volume\n08:00,1\n08:30,1\n09:00,1\n",
         ["forecast.csv:4:1: interval_start: 1 row is missing below this one (09:30), with intervals of 30m"]),
        ("interval_start,volume\n08:00,1\n08:15,1\n09:30,1\n",
         ["forecast.csv:4:1: interval_start: 4 rows are missing above this one (08:30 to 09:15), "
          "with intervals of 15m",
          "forecast.csv:4:1: interval_start: 1 row is missing below this one (09:45), with intervals of 15m"]),
        ("interval_start,volume\n08:00,1\n09:00,1\n09:30,1\n",
         ["forecast.csv:3:1: interval_start: 1 row is missing above this one (08:30), with intervals of 30m"]),
        ("interval_start,volume\n08:00,1\n08:07,1\n",
         ["forecast.csv:3:1: interval_start: 16 rows are missing below this one (08:14 to 09:59), "
          "with intervals of 7m"]),
        ("interval_start,volume\n08:00,1\n08:07,1\n09:00,1\n",
         ["forecast.csv:4:1: interval_start: `09:00` does not keep to intervals of 7m from 08:00 on; "
          "write the length of an interval as `every`"]),
        ("interval_start,volume\n08:00,1\n09:00,1\n09:00,1\n",
         ["forecast.csv:4:1: interval_start: `09:00` is there twice, first in line 3; "
          "one row an interval is read"]),
        ("interval_start,volume\n06:00,1\n07:00,1\n",
         ["forecast.csv:2:1: interval_start: all 2 rows are outside the run of 2h from 2026-03-02 08:00: "
          "`06:00` to `07:00`; where one day stands for each write `repeats: daily`"]),
    ],
)  # fmt: skip
def test_mistakes_in_a_forecast_name_row_and_column(folder: Path, content: str, expected: list[str]) -> None:
    assert wrong(folder, "forecast.csv", content, text_with(arrivals=STREAM)) == expected


def test_mistakes_in_a_head_count_too(folder: Path) -> None:
    content = "interval_start,agents\n08:00,1.5\n09:00,two\n10:00,1e11\n"
    assert wrong(folder, "roster.csv", content, text_with(teams=ROSTER)) == [
        "roster.csv:2:2: agents: `1.5` is not a whole number",
        "roster.csv:3:2: agents: `two` is not a number",
        "roster.csv:4:2: agents: `1e11` is too much; at most 100000 (the largest centres have some ten thousand "
        "agents)",
    ]


def test_very_many_mistakes_are_shortened(folder: Path) -> None:
    content = "interval_start,volume\n" + "".join(f"{i * 60},x\n" for i in range(120))
    lines = wrong(folder, "forecast.csv", content, text_with(arrivals=STREAM))
    assert len(lines) == 21
    assert lines[-1] == "forecast.csv: and 100 more mistakes"


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret.csv", "sub/../../secret.csv", "link.csv"])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.csv").write_text("interval_start,volume\n0,1\n")
    folder = tmp_path / "inner"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    text = text_with(arrivals=f"arrivals: [{{channel: web, queue: sales, file: {name}}}]")
    assert mistakes(text, folder=folder) == [
        f"day.yaml:12:47: arrivals.0.file: `{name}` is outside the scenario's folder; only files in it are read"
    ]


def test_a_file_in_a_folder_below_is_read(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "f.csv").write_text("interval_start,volume\n0,1\n3600,1\n")
    text = text_with(arrivals="arrivals: [{channel: web, queue: sales, file: data/f.csv}]")
    assert len(loads(text, folder=folder).arrivals[0].forecast) == 2


def test_what_cannot_be_read_as_a_table(folder: Path) -> None:
    text = text_with(arrivals=STREAM)
    place = "day.yaml:12:47: arrivals.0.file:"
    (folder / "forecast.csv").mkdir()
    assert mistakes(text, folder=folder) == [f"{place} `{folder}/forecast.csv` is a folder, not a file"]
    (folder / "forecast.csv").rmdir()
    (folder / "forecast.csv").write_bytes(b"\xff\xfe")
    assert mistakes(text, folder=folder) == [f"{folder}/forecast.csv: the file is empty; it needs a header"]
    (folder / "forecast.csv").write_text('interval_start,volume\n"0,1\n')
    assert mistakes(text, folder=folder) == [
        f"{place} `{folder}/forecast.csv` is not valid CSV: unexpected end of data"
    ]


def test_dates_need_to_know_when_the_day_opens(folder: Path) -> None:
    text = text_with(arrivals=STREAM).replace("opens: 2026-03-02 08:00\n", "")
    assert wrong(folder, "forecast.csv", "interval_start,volume\n2026-03-02 08:00,1\n", text) == [
        "forecast.csv:2:1: interval_start: `2026-03-02 08:00` is a date and time, "
        "but the scenario does not say when it opens"
    ]


def test_an_interval_does_not_go_with_a_file(folder: Path) -> None:
    text = text_with(arrivals=STREAM.replace("file:", "every: 30m, file:"))
    assert wrong(folder, "forecast.csv", "", text) == [
        "day.yaml:12:48: arrivals.0.every: does not go with file"
    ]


def test_a_forecast_of_handle_times_needs_one_to_scale(folder: Path) -> None:
    content = "interval_start,volume,aht_s\n0,1,60\n3600,1,\n"
    text = text_with(arrivals=STREAM).replace("handle_time: 5m", "handle_time: 0s")
    assert wrong(folder, "forecast.csv", content, text) == [
        "day.yaml:12:47: arrivals.0.file: its aht_s scales the handle time of queue `sales`, but that is always 0s"
    ]
