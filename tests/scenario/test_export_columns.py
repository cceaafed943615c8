"""Columns of exports that are easily taken for others, and rows that are easily left out or counted twice."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from sim.cli import main
from sim.scenario import Scenario, load

HALF_HOURS = (("09:00", 62, 245), ("09:30", 78, 248), ("10:00", 84, 251), ("10:30", 80, 254))
"""304 contacts: 62, 78, 84 and 80, with their mean handle times in seconds."""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def started(*lines: str) -> Scenario:
    """The scenario that `sim init` makes of a forecast."""
    Path("f.csv").write_text("".join(f"{line}\n" for line in lines))
    assert main(["init", "desk", "--forecast", "f.csv"]) == 0
    return load("desk/scenario.yaml")


def read(found: Scenario) -> dict[str, list[tuple[float, float | None]]]:
    """By queue, the contacts and the handle time of each interval, as they are in the run."""
    return {
        str(stream.queue): [(row.volume * stream.volume_factor, row.aht_s) for row in stream.forecast]
        for stream in found.arrivals
    }


RIGHT: list[tuple[float, float | None]] = [(calls, aht) for _, calls, aht in HALF_HOURS]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Date,Time,Queue,Forecast Agents,Forecast Calls,Forecast AHT", "{at},Hotline,12,{n},{aht}"),
        ("Date,Time,Queue,Forecast FTE,Volume,AHT", "{at},Hotline,12.5,{n},{aht}"),
        ("Date,Time,Queue,Expected wait,Forecast SL,Volume,AHT", "{at},Hotline,12,80,{n},{aht}"),
        ("Date,Time,Queue,Forecast accuracy,Calls offered,AHT", "{at},Hotline,97,{n},{aht}"),
        ("Date,Time,Queue,Calls per hour,Number of calls,AHT", "{at},Hotline,999,{n},{aht}"),
        ("Date,Time,Queue,Calls abandoned,Calls,AHT", "{at},Hotline,3,{n},{aht}"),
        ("Date,Time,Queue,Actual Calls Offered,Forecast Calls Offered,Actual AHT,Forecast AHT",
         "{at},Hotline,0,{n},0,{aht}"),
        ("Date,Time,Queue,Actual volume,Forecast AHT,Actual AHT,Forecast volume", "{at},Hotline,9,{aht},8,{n}"),
        ("Date,Time,Queue,Forecast AHT,Actual AHT,Actual calls", "{at},Hotline,100,{aht},{n}"),
        ("Date,Time,Queue,Target AHT,AHT,Volume", "{at},Hotline,200,{aht},{n}"),
        ("Date,Time,Queue,Avg talk time,Avg handle time,Calls", "{at},Hotline,200,{aht},{n}"),
        ("Date,Time,Queue,Total handle time,AHT,Calls", "{at},Hotline,9999,{aht},{n}"),
        ("Date,Time,Queue,Callbacks offered,Transferred calls,Outbound calls,Inbound calls,AHT",
         "{at},Hotline,1,2,3,{n},{aht}"),
        ("Date,Time,Queue,Volume LY,Volume,AHT LY,AHT", "{at},Hotline,1,{n},100,{aht}"),
        ("Date,Time,Queue,Forecast variance,Calls cumulative,Calls,AHT deviation,AHT", "{at},Hotline,1,2,{n},9,{aht}"),
        ("Date,Time,Queue,Calls,AHT,ACW %", "{at},Hotline,{n},{aht},18"),
        ("Date,Time,Queue Id,Queue Name,Calls,AHT", "{at},abc-1,Hotline,{n},{aht}"),
        ("Date,Time,Call Skills,CSQ Name,Calls,AHT", "{at},sk(7),Hotline,{n},{aht}"),
        ("Date,Time,Queue,Calls (000),AHT", "{at},Hotline,{k},{aht}"),
    ],
)  # fmt: skip
def test_a_column_is_not_taken_for_its_neighbour(header: str, cells: str) -> None:
    rows = [
        cells.format(at=f"2026-03-02,{at}", n=calls, k=calls / 1000, aht=aht) for at, calls, aht in HALF_HOURS
    ]
    (found,) = read(started(header, *rows)).items()
    assert found[0] == "Hotline"
    assert [aht for _, aht in found[1]] == [aht for _, aht in RIGHT]
    assert [calls for calls, _ in found[1]] == pytest.approx([calls for calls, _ in RIGHT])


def test_what_is_chosen_between_two_columns_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    started("Time,Actual calls,Forecast calls", "09:00,3,5", "09:30,4,6")
    told = "`Forecast calls` is read, `Actual calls` not."
    assert told in capsys.readouterr().out
    assert f"# Note: {told}\n" in Path("desk/scenario.yaml").read_text()


@pytest.mark.parametrize("header", ["Calls,Chats", "Voice volume,Chat volume"])
def test_contacts_of_another_medium_in_a_column_of_their_own_are_told(
    header: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(started(f"Time,{header}", "09:00,31,5", "09:30,29,6")) == {
        "phone contacts": [(31, None), (29, None)]
    }
    first, second = header.split(",")
    assert f"`{first}` is read, `{second}` not: give each its own stream." in capsys.readouterr().out


def test_contacts_that_were_answered_are_told_to_be_that(capsys: pytest.CaptureFixture[str]) -> None:
    started("Time,ACD Calls,Aban Calls", "09:00,31,2", "09:30,29,1")
    told = "`ACD Calls` counts those who were answered; those who gave up have to be added."
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Time,Calls per hour\n09:00,124\n09:30,156\n", "write `volume_factor: 0.5` beside `file` where the intervals"),
        ("Date,Calls\n2026-03-02,200\n2026-03-03,300\n", "a row a day is too long: give one for each interval"),
        ("Date,Interval End,Calls\n2026-03-02,09:30,62\n2026-03-02,10:00,63\n",
         "`Interval End` says when they end: give their beginnings"),
        ("Queue,Mon,Tue\nSales,62,63\nHelp,78,79\n", "no column looks like the beginning of each interval"),
        ("Interval,Hotline,Occupancy\n09:00,62,63\n09:30,78,79\n", "no column looks like the contacts"),
    ],
)  # fmt: skip
def test_a_table_of_another_form_is_told_how_it_has_to_be(
    content: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("f.csv").write_text(content)
    assert main(["init", "desk", "--forecast", "f.csv"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("f.csv: no column looks like the ")
    assert told in line


# Handle times.


def test_handle_times_without_wrap_up_keep_it_apart() -> None:
    """Avaya's Avg ACD Time beside Avg ACW Time, and Teleopti's task time beside its after-task work."""
    for header in (
        "Time;ACD Calls;Avg ACD Time;Avg ACW Time",
        "Start;Volume;Average task time;After task work",
    ):
        Path("desk/scenario.yaml").unlink(missing_ok=True)
        Path("desk/f.csv").unlink(missing_ok=True)
        found = started(header, "09:00;60;3:20;0:40", "09:30;20;3:24;1:00")
        (stream,) = found.arrivals
        assert [row.aht_s for row in stream.forecast] == [200, 204]
        assert stream.file is not None
        assert stream.file.aht_includes_wrap_up is False
        (team,) = found.teams.values()
        assert team.wrap_up.mean == 45  # (60 x 40 + 20 x 60) / 80
        # 60 calls of 200 + 45 s in 1800 s are 8.17 erlangs: at 80 % that is 11 agents, and one more.
        assert team.agents == 12


def test_a_wrap_up_beside_handle_times_that_have_it_is_taken_off() -> None:
    found = started("Time,Calls,AHT,Avg ACW", "09:00,60,240,40", "09:30,20,200,60")
    (stream,), (team,) = found.arrivals, found.teams.values()
    assert stream.file is not None
    assert stream.file.aht_includes_wrap_up is True
    assert team.wrap_up.mean == 45


def test_a_wrap_up_of_all_contacts_together_is_none_of_one() -> None:
    rows = [f"{at},{calls},{aht},{45 * calls}" for at, calls, aht in HALF_HOURS]
    (team,) = started("Time,Calls,AHT,ACW Time", *rows).teams.values()
    assert team.wrap_up.mean == 30  # assumed


@pytest.mark.parametrize("header", ["Handle Time", "Total handle time", "Bearbeitungszeit gesamt"])
def test_the_time_of_all_contacts_together_is_not_that_of_one(
    header: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = started(f"Time,Offered,{header}", *(f"{at},{n},{n * aht}" for at, n, aht in HALF_HOURS))
    assert f"`{header}` is the time of all contacts of an interval together" in capsys.readouterr().out
    assert read(found) == {"phone contacts": [(calls, None) for calls, _ in RIGHT]}
    # (62 x 245 + 78 x 248 + 84 x 251 + 80 x 254) / 304 = 249.8, of which 30 are assumed to be wrap-up.
    (queue,), (team,) = found.queues.values(), found.teams.values()
    assert (queue.handle_time.mean, team.wrap_up.mean) == (220, 30)
    # 84 calls of 251 s in 1800 s are 11.7 erlangs: at 80 % that is 15 agents, and one more.
    assert team.agents == 16


def test_the_time_of_as_many_contacts_in_each_interval_is_decided_by_its_length() -> None:
    for seconds, is_sum in ((7440, True), (240, False)):
        Path("desk/scenario.yaml").unlink(missing_ok=True)
        Path("desk/f.csv").unlink(missing_ok=True)
        found = started("Time,Calls,Handle Time", f"09:00,31,{seconds}", f"09:30,31,{seconds}")
        assert [aht for _, aht in read(found)["phone contacts"]] == [None if is_sum else 240] * 2


# Days.


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (("03022026", "03032026"), "2026-03-02"),  # Monday and Tuesday, not 3 February and 3 March
        (("02032026", "03032026"), "2026-03-02"),  # not 3 February and 3 March either
        (("03302026", "03312026"), "2026-03-30"),  # there is no month 30
        (("20032026", "21032026"), "2026-03-20"),  # no year 2003 with a month 20
        (("20260302", "20260303"), "2026-03-02"),
    ],
)
def test_days_of_digits_alone_are_days(days: tuple[str, str], first: str) -> None:
    """NICE IEX writes month, day and year together; the second day has one contact more."""
    rows = [
        f"{day}|{at}|q|{calls}" for day, calls in zip(days, (5, 6), strict=True) for at in ("0900", "0930")
    ]
    found = started("date|period|ctName|contactsReceived", *rows)
    assert found.opens is not None
    assert found.opens.date() == date.fromisoformat(first) + timedelta(days=1)  # the busiest
    assert read(found) == {"q": [(6, None), (6, None)]}
    text = Path("desk/scenario.yaml").read_text()
    assert f"# calendar: {{from: {first}, days: 2, " in text
    assert "dates:" not in text


def test_a_night_without_days_goes_on_over_midnight() -> None:
    calls = (("22:00", 5), ("23:00", 6), ("00:00", 7), ("01:00", 8))
    for rows in (calls, calls[:1]):
        Path("desk/scenario.yaml").unlink(missing_ok=True)
        Path("desk/f.csv").unlink(missing_ok=True)
        found = started("Time,Queue,Calls", *(f"{at},{queue},{n}" for queue in "AB" for at, n in rows))
        assert (f"{found.opens:%H:%M}", found.lasts) == ("22:00", 3600 * len(rows))
        assert read(found) == {queue: [(n, None) for _, n in rows] for queue in "AB"}
    Path("desk/scenario.yaml").unlink()
    Path("desk/f.csv").unlink()
    found = started("Time,Calls", "09:30,5", "09:00,6", "10:00,7")  # in no order, and of one day
    assert (f"{found.opens:%H:%M}", found.lasts) == ("09:00", 5400)


@pytest.mark.parametrize("header", ["Start Date,Start Time", "Report Date,Interval", "Date (local),Time"])
def test_days_beside_times_are_found(header: str) -> None:
    rows = [f"2026-03-0{day},{at},{day}" for day in (2, 3) for at in ("09:00", "09:30")]
    found = started(f"{header},Calls", *rows)
    assert f"{found.opens:%d %H:%M}" == "03 09:00"
    assert read(found) == {"phone contacts": [(3, None), (3, None)]}


@pytest.mark.parametrize(
    ("header", "times"),
    [("Uhrzeit", ("8.00", "8.30")), ("Tranche horaire", ("8h-8h30", "8h30-9h")), ("Time", ("8a", "8:30a")),
     ("Tijdvak", ("8.00-8.30", "8.30-9.00"))],
)  # fmt: skip
def test_clock_times_in_other_hands(header: str, times: tuple[str, str]) -> None:
    found = started(f"Datum;{header};Anrufe", *(f"02.03.2026;{at};5" for at in times))
    assert f"{found.opens:%H:%M}" == "08:00"
    assert found.arrivals[0].every == 1800
    assert read(found) == {"phone contacts": [(5, None), (5, None)]}


def test_a_day_of_digits_that_may_be_two_is_a_question() -> None:
    text = "date|period|calls\n03022026|0900|5\n03022026|0930|6\n"
    found = started(*text.splitlines())
    assert f"{found.opens:%Y-%m-%d}" == "2026-02-03"
    assert "dates: day_first           # assumed; or month_first" in Path("desk/scenario.yaml").read_text()


# Rows.


def test_the_rows_below_merged_cells_are_read() -> None:
    rows = [f",{at},,{calls},{aht}" for at, calls, aht in HALF_HOURS]
    rows[0] = "2026-03-02,09:00,Hotline,62,245"
    assert read(started("Date,Time,Queue,Calls,AHT", *rows)) == {"Hotline": RIGHT}


def test_queues_with_names_like_totals_are_queues(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("Max Mobile", "Total Care", "Mean Green", "Sales")
    rows = [f"2026-03-02,{at},{name},{calls},{aht}" for at, calls, aht in HALF_HOURS for name in names]
    found = started("Date,Time,Queue,Calls,AHT", *rows, "2026-03-02,Total,,1216,250", "Average,,,76,250")
    assert read(found) == dict.fromkeys(names, RIGHT)
    assert "all others together" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["All queues", "Total", "Gesamt", "Total inbound", "Front desk"])
def test_a_queue_that_is_all_others_together_is_not_counted_twice(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        f"2026-03-02,{at},{queue},{calls * times},{aht}"
        for at, calls, aht in HALF_HOURS
        for queue, times in (("A", 1), ("B", 2), (name, 3))
    ]
    found = read(started("Date,Time,Queue,Calls,AHT", *rows))
    assert found == {"A": RIGHT, "B": [(2 * calls, aht) for _, calls, aht in HALF_HOURS]}
    assert f"queue `{name}` is taken for all others together and left out" in capsys.readouterr().out


def test_a_total_by_its_name_is_left_out_though_it_counts_more() -> None:
    rows = [
        f"{at},{name},{calls},{aht}" for at, calls, aht in HALF_HOURS for name in ("A", "B", "Grand Total")
    ]
    assert read(started("Time,Queue,Calls,AHT", *rows)) == {"A": RIGHT, "B": RIGHT}


def test_two_queues_of_the_same_contacts_are_two() -> None:
    rows = [f"{at},{name},{calls},{aht}" for at, calls, aht in HALF_HOURS for name in ("A", "Total Care")]
    assert read(started("Time,Queue,Calls,AHT", *rows)) == {"A": RIGHT, "Total Care": RIGHT}


def test_a_grid_of_days_makes_its_busiest(capsys: pytest.CaptureFixture[str]) -> None:
    found = read(started("Interval,Mon,Tue,Total", "09:00,62,63,125", "09:30,70,79,149"))
    assert found == {"phone contacts": [(63, None), (79, None)]}
    assert "columns `Mon` to `Tue` as days, a row a time." in capsys.readouterr().out
    written = Path("desk/scenario.yaml").read_text()
    assert "opens: 2026-03-03 09:00" in written
    assert '# calendar: {from: 2026-03-02, days: 2, open: {mon-tue: "09:00-10:00"}}' in written


def test_a_grid_of_times_has_its_queues_below_each_other() -> None:
    rows = ("Hotline,2026-03-02,31,29", ",2026-03-03,41,39", "Web chat,2026-03-02,3,4", ",2026-03-03,6,7")
    found = read(started("Queue,Date,09:00,09:30", *rows))
    assert found == {"Hotline": [(41, None), (39, None)], "Web chat": [(6, None), (7, None)]}


def test_a_column_a_queue_is_a_stream_each(capsys: pytest.CaptureFixture[str]) -> None:
    found = read(started("Interval,Hotline,Web chat,Total", "09:00,31,3,34", "09:30,29,4,33"))
    assert found == {"Hotline": [(31, None), (29, None)], "Web chat": [(3, None), (4, None)]}
    assert "`Hotline` and `Web chat` are taken for queues with their contacts." in capsys.readouterr().out


def test_a_grid_of_which_two_readings_fit_is_a_question(capsys: pytest.CaptureFixture[str]) -> None:
    Path("f.csv").write_text("Interval,Mon,Tue\n23:30,62,63\n00:00,78,79\n")
    assert main(["init", "desk", "--forecast", "f.csv"]) == 2
    assert "f.csv:3:1: Interval: `00:00` after `23:30` may be of the night before" in capsys.readouterr().err
