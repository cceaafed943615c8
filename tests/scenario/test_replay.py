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
    assert tuple(one.told for one in day.arrivals[0].contacts) == (
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


# Further columns.

WIDE = f"{HEADER},patience_s,waited_s,outcome,handle_time_s,wrap_up_s,transfer_to,transfer_after_s,agent"


def test_further_columns_are_read(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        f"{WIDE}\n"
        "a1,web,sales,1,,30,answered,90,15,help,40,crew-1\n"
        "a2,web,sales,2,,45,abandoned,,,,,\n"
        "a3,web,sales,3,50,30,answered,,,-,,\n"
    )
    one, two, three = loads(TEXT, folder=tmp_path).arrivals[0].contacts
    assert (one.patience_s, one.waited_s, one.wrap_up_s) == (None, 30, 15)
    assert (one.transfer_to, one.transfer_after_s, one.agent, one.is_handed_on) == (
        "help",
        40,
        "crew-1",
        True,
    )
    assert (two.patience_s, two.waited_s) == (45, None)
    assert (three.patience_s, three.waited_s, three.transfer_to, three.is_handed_on) == (50, None, "-", False)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (",30,,,,,,", "log.csv:2:6: waited_s: goes with outcome, which this row lacks"),
        (",,answered,,,,,", "log.csv:2:7: outcome: goes with waited_s, which this row lacks"),
        (",30,handled,,,,,", "log.csv:2:7: outcome: unknown outcome `handled`; write answered or abandoned"),
        ("20,30,answered,,,,,",
         "log.csv:2:5: patience_s: `20` is less than the `30` s that they waited for their answer"),
        ("20,30,abandoned,,,,,", "log.csv:2:5: patience_s: `20` is not the `30` s after which they left"),
        (",-5,answered,,,,,", "log.csv:2:6: waited_s: `-5` has to be a number of at least 0"),
        (",,,,,,30,", "log.csv:2:11: transfer_after_s: needs a queue in transfer_to"),
        (",,,,,-,30,", "log.csv:2:11: transfer_after_s: needs a queue in transfer_to"),
        (",,,20,,help,30,", "log.csv:2:11: transfer_after_s: `30` is above the handle time of 20 s"),
        (",,,,,halp,,", "log.csv:2:10: transfer_to: unknown queue `halp`; did you mean `help`?"),
        (",,,,,calls,,",
         "log.csv:2:10: transfer_to: queue `calls` is of medium `voice`, queue `sales` of `chat`"),
        (",,,,many,,,", "log.csv:2:9: wrap_up_s: `many` is not a number"),
        (",,,,,,,crew-9",
         "day.yaml:12:21: arrivals.0.replay: contact `a` has the agent `crew-9`, whom no team has; "),
    ],
)  # fmt: skip
def test_mistakes_in_further_columns(tmp_path: Path, cells: str, expected: str) -> None:
    [line] = wrong(tmp_path, f"{WIDE}\na,web,sales,1,{cells}\n")
    assert line.startswith(expected)


def test_a_sum_is_no_patience_beyond_a_recorded_wait(tmp_path: Path) -> None:
    law = "patience: {sum: [1m, {exponential: {mean: 2m}}]}"
    text = TEXT.replace("sales: {", "sales: {" + law + ", ", 1)
    assert law in text
    [line] = wrong(tmp_path, f"{WIDE}\na,web,sales,1,,30,answered,,,,,\n", text)
    assert "queues.sales.patience: a sum cannot be drawn beyond a wait that was recorded (waited_s)" in line


def test_a_queue_that_contacts_are_only_handed_on_to_has_to_be_served(tmp_path: Path) -> None:
    text = text_with(
        arrivals="arrivals: [{replay: log.csv}]", teams="teams:\n  crew: {agents: 1, skills: {sales: 1}}"
    )
    [line] = wrong(tmp_path, f"{WIDE}\na,web,sales,1,,,,,,help,,\n", text)
    assert "queues.help: nobody can serve this queue" in line


def test_the_hash_of_a_recorded_day_is_that_of_its_columns(tmp_path: Path) -> None:
    found = []
    for line in (
        f"{HEADER}\na,web,sales,1\n",
        f"{WIDE}\na,web,sales,1,,,,,,,,\n",
        f"{WIDE}\na,web,sales,1,,,,,9,,,\n",
    ):
        (tmp_path / "log.csv").write_text(line)
        found.append(loads(TEXT, folder=tmp_path).hash)
    assert found[0] == found[1] != found[2]
