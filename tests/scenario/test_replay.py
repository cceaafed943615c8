from pathlib import Path

import pytest

from sim.scenario import dump, loads, notes

from .small import mistakes, text_with

HEADER = "contact_id,channel,queue,offered_at"
TEXT = text_with(arrivals="arrivals: [{replay: log.csv}]")


def wrong(folder: Path, content: str, text: str = TEXT) -> list[str]:
    (folder / "log.csv").write_text(content)
    return [line.replace(f"{folder}/", "") for line in mistakes(text, folder=folder)]


def test_a_recorded_day_is_read_row_by_row(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        f"{HEADER},patience_s,handle_time_s,label\n"
        "a1,web,sales,08:00:30,60,,gold\n"
        "a2,phone,calls,2026-03-02 09:00,,245.5,\n"
        "a3,web,help,7199,,,\n"
    )
    day = loads(TEXT, folder=tmp_path)
    assert day.arrivals[0].contacts == (
        ("a1", "web", "sales", 30, 60, None, "gold"),
        ("a2", "phone", "calls", 3600, None, 245.5, None),
        ("a3", "web", "help", 7199, None, None, None),
    )
    assert day.arrivals[0].contacts[1].handle_time_s == 245.5
    assert notes(day) == []
    assert loads(dump(day), folder=tmp_path) == day
    (tmp_path / "log.csv").write_text(f"{HEADER}\na1,web,sales,30\n")
    assert loads(TEXT, folder=tmp_path).hash != day.hash


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("a,wep,sales,0", ["log.csv:2:2: channel: unknown channel `wep`; did you mean `web`?"]),
        ("a,web,sails,0", ["log.csv:2:3: queue: unknown queue `sails`; did you mean `sales`?"]),
        ("a,phone,sales,0",
         ["log.csv:2:3: queue: queue `sales` is of medium `chat`, channel `phone` of `voice`"]),
        ("a,web,sales,\n,web,sales,1",
         ["log.csv:2:4: offered_at: the cell is empty", "log.csv:3:1: contact_id: the cell is empty"]),
        ("a,web,sales,1\na,web,sales,2", ["log.csv:3:1: contact_id: the contact `a` is there twice"]),
        ("a,web,sales,5\nb,web,sales,4",
         ["log.csv:3:4: offered_at: `4` is before the row above; the rows have to be in order"]),
        ("a,web,sales,-1\nb,web,sales,10:00",
         ["log.csv:2:4: offered_at: `-1` is before opening", "log.csv:3:4: offered_at: `10:00` is after the end"]),
    ],
)  # fmt: skip
def test_mistakes_in_a_recorded_day(tmp_path: Path, rows: str, expected: list[str]) -> None:
    assert wrong(tmp_path, f"{HEADER}\n{rows}\n") == expected


def test_optional_cells_are_checked_where_they_are_filled(tmp_path: Path) -> None:
    content = f"{HEADER},label,patience_s,handle_time_s\na,web,sales,0,silver,-1,long\n"
    assert wrong(tmp_path, content) == [
        "log.csv:2:5: label: unknown label `silver`; there is `gold`",
        "log.csv:2:6: patience_s: `-1` has to be a number of at least 0",
        "log.csv:2:7: handle_time_s: `long` is not a number",
    ]


def test_queues_that_are_only_in_the_recorded_day_have_to_be_served(tmp_path: Path) -> None:
    text = text_with(
        arrivals="arrivals: [{replay: log.csv}]", teams="teams:\n  crew: {agents: 1, skills: {sales: 1}}"
    )
    assert wrong(tmp_path, f"{HEADER}\na,web,help,0\n", text) == [
        "day.yaml:8:3: queues.help: nobody can serve this queue; no team has a skill `help`, there is `sales`"
    ]


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("queue: sales, ", "day.yaml:12:12: arrivals.0: queue does not go with replay, it comes from the file"),
        ("busyness: {sd: 5%}, ",
         "day.yaml:12:12: arrivals.0: busyness does not go with replay, it comes from the file"),
        ("every: 1h, ", "day.yaml:12:20: arrivals.0.every: does not go with replay"),
        ("per_hour: 3, ", "day.yaml:12:12: arrivals.0: give one of per_hour, file and replay, not per_hour and replay"),
    ],
)  # fmt: skip
def test_what_does_not_go_with_a_recorded_day(tmp_path: Path, keys: str, line: str) -> None:
    text = text_with(arrivals=f"arrivals: [{{{keys}replay: log.csv}}]")
    assert wrong(tmp_path, f"{HEADER}\na,web,sales,0\n", text) == [line]
