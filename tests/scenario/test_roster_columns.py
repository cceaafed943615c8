"""The columns of a roster that `sim init` finds, and what it says of those that it does not read."""

from pathlib import Path

import pytest

from sim.cli import main
from sim.scenario import Scenario, load
from sim.scenario.people import stays

CALLS = "Date,Time,Queue,Calls\n" + "".join(f"2026-03-02,{hour:02}:00,Service,5\n" for hour in range(8, 17))
"""Monday from 08:00 to 17:00."""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f.csv").write_text(CALLS)


def started(*lines: str) -> int:
    Path("r.csv").write_text("".join(f"{line}\n" for line in lines))
    return main(["init", "desk", "--forecast", "f.csv", "--roster", "r.csv"])


def hours(found: Scenario) -> dict[str, list[tuple[float, float]]]:
    """By person, when they come and go, in hours of the day."""
    return {
        member.name: [(8 + stay.start_s / 3600, 8 + stay.end_s / 3600) for stay in stays(found, member)]
        for team in found.teams.values()
        for member in team.members
    }


PLAIN = {"Anna": [(8.5, 16.0)], "Bo": [(9.0, 17.0)]}


@pytest.mark.parametrize(
    "lines",
    [
        ("Agent ID,Agent Name,Date,From,To", "17,Anna,2026-03-02,8:30,16:00", "18,Bo,2026-03-02,9:00,17:00"),
        ("Agent,Start Date,Start Time,End Date,End Time", "Anna,2026-03-02,08:30,2026-03-02,16:00",
         "Bo,2026-03-02,09:00,2026-03-02,17:00", "Bo,2026-03-03,11:00,2026-03-03,12:00"),
        ("Agent Group,Agent Name,Date,Start,End", "G,Anna,2026-03-02,8:30,16:00", "G,Bo,2026-03-02,9:00,17:00"),
        ("Agent Email,Agent,Date,Start,End", "a@x,Anna,2026-03-02,8:30,16:00", "b@x,Bo,2026-03-02,9:00,17:00"),
        ("Employee Type,Employee,Date,Start,End", "Full,Anna,2026-03-02,8:30,16:00", "Part,Bo,2026-03-02,9:00,17:00"),
        ("Name,Date,Shift,Start,End", "Anna,2026-03-02,Early,8:30,16:00", "Bo,2026-03-02,Late,9:00,17:00"),
        ("Name,Date,Start,End", "Anna,2026-03-02,8:30,16:00", ",2026-03-03,8:00,9:00", "Bo,2026-03-02,9:00,17:00",
         ",2026-03-03,,"),
        ("Date,Name,Start,End", "2026-03-02,Anna,8:30,16:00", ",Bo,9:00,17:00", "2026-03-03,Bo,11:00,12:00"),
        ("Agent,Date,Activity,Start,End", "Anna,2026-03-02,Open,8:30,16:00", "Bo,2026-03-02,Open,9:00,17:00"),
    ],
)  # fmt: skip
def test_persons_days_and_times_are_found(lines: tuple[str, ...]) -> None:
    assert started(*lines) == 0
    assert hours(load("desk/scenario.yaml")) == PLAIN


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(("8.30", "9.00"), ("16.00", "17.00")), (("8h30", "9h"), ("16h", "17h")), (("8:30a", "9a"), ("4p", "5:00p")),
     (("8:30 Uhr", "9 Uhr"), ("16 Uhr", "17 Uhr"))],
)  # fmt: skip
def test_clock_times_in_other_hands(begins: tuple[str, str], ends: tuple[str, str]) -> None:
    rows = zip(("Anna", "Bo"), begins, ends, ("12.15-12.45", "12.30-13.00"), strict=True)
    lines = [f"{name};2026-03-02;{first};{last};{lunch}" for name, first, last, lunch in rows]
    assert started("Name;Date;From;To;Lunch", *lines) == 0
    found = load("desk/scenario.yaml")
    assert hours(found) == PLAIN
    breaks = [
        stay.breaks for team in found.teams.values() for one in team.members for stay in stays(found, one)
    ]
    assert breaks == [((4.25 * 3600, 1800),), ((4.5 * 3600, 1800),)]


def test_quarters_of_hours_are_no_clock_times(capsys: pytest.CaptureFixture[str]) -> None:
    """8.50 may be half past eight, or ten to nine."""
    assert started("Name,Date,From,To", "Anna,2026-03-02,8.50,16.00", "Bo,2026-03-02,9.25,17.00") == 2
    assert "r.csv:2:3: From: `8.50` is not a clock time" in capsys.readouterr().err


def test_rows_without_a_shift_are_days_off(capsys: pytest.CaptureFixture[str]) -> None:
    off = [
        f"{name},2026-03-02,{text},{text}"
        for name, text in zip("CDEF", ("OFF", "", "-", "Vacation"), strict=True)
    ]
    rows = ["Anna,2026-03-02,8:30,16:00", "Bo,2026-03-02,9:00,17:00", "Bo,2026-03-02,,", *off]
    assert started("Name,Date,From,To", *rows) == 0
    found = load("desk/scenario.yaml")
    assert {name: own for name, own in hours(found).items() if own} == PLAIN
    assert main(["validate", "desk/scenario.yaml"]) == 0
    assert "2 rows without times as days off" in capsys.readouterr().err


def test_a_team_comes_before_its_site() -> None:
    rows = (
        "Anna,Leeds,Day,2026-03-02,8:30,16:00",
        ",,Day,2026-03-03,8:30,16:00",
        "Bo,Leeds,Late,2026-03-02,9:00,17:00",
    )
    assert started("Name,Site,Team,Date,From,To", *rows) == 0
    found = load("desk/scenario.yaml")
    assert {name: [one.name for one in team.members] for name, team in found.teams.items()} == {
        "Day": ["Anna"],
        "Late": ["Bo"],
    }


def test_of_two_persons_with_one_name_the_numbers_are_taken() -> None:
    rows = ("17,Anna,2026-03-02,8:30,16:00", "18,Anna,2026-03-02,9:00,17:00")
    assert started("Agent ID,Agent Name,Date,From,To", *rows) == 0
    assert [*hours(load("desk/scenario.yaml"))] == ["17", "18"]


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("Lunch (min)", "30", "`Lunch (min)` is not read: breaks need their times, such as 12:00-12:30."),
        ("Skills", "Service; Sales", "`Skills` is not read: what a person can beyond their team is a level from 0 "),
        ("Unpaid break", "0:30", "`Unpaid break` is not read: breaks need their times, such as 12:00-12:30."),
        ("Start 2", "18:00", "`Start 2` is not read: each shift of a day is a row of its own."),
        ("Grade", "B", "`Grade` is not read."),
        ("End Date", "2026-03-06", "`End Date` is not read, which is another day in 1 of its rows: a row is of"),
        ("End Date", "2026-03-02", ""),
        ("Lunch", "12:00-12:30", ""),
        ("Service", "4", ""),
    ],
)  # fmt: skip
def test_a_column_that_is_not_read_is_told(
    column: str, cell: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert started(f"Name,Date,From,To,{column}", f"Anna,2026-03-02,8:30,16:00,{cell}") == 0
    out = capsys.readouterr().out
    assert told in out
    assert ("not read" in out) == bool(told)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("Last Name,Date,From,To", "Berg,2026-03-02,8:30,17:00"), "no column looks like the person"),
        (("Name,Date,Start,Paid hours", "Anna,2026-03-02,8:30,8.5"), "give it in a column such as `To`, or write"),
        (("Date,Interval,Team,Agents", "2026-03-02,08:00,Service,5.5", "2026-03-02,09:00,Service,6"),
         "agents by interval are no roster: give a team `head_count: {file: {path: r.csv, ...}}`"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_in_one_line(
    lines: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert started(*lines) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("r.csv: no column looks like the ")
    assert told in line


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Name,Date,Start,Hours", ("Anna,{},8:30,7.5", "Bo,{},9:00,8")),
        ("Name,Date,Start,Duration", ("Anna,{},8:30,7:30", "Bo,{},9:00,8:00")),
        ("Name,Date,Start,Shift length", ("Anna,{},8:30,450", "Bo,{},9:00,480")),
    ],
)
def test_a_length_gives_the_end(
    header: str, cells: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert started(header, *(one.format("2026-03-02") for one in cells)) == 0
    assert f"`{header.split(',')[3]}` as how long a shift is" in capsys.readouterr().out
    assert hours(load("desk/scenario.yaml")) == PLAIN


def test_a_length_beside_breaks_is_a_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert started("Name,Date,Start,Hours,Break", "Anna,2026-03-02,8:30,7.5,30") == 2
    assert (
        capsys.readouterr().err
        == "r.csv:2:4: Hours: `Hours` may be with the breaks or without; give the end in a column `to`\n"
    )


@pytest.mark.parametrize("header", ["Last Name,First Name", "Name,Vorname", "Apellidos,Nombre", "Nom,Prénom"])
def test_first_and_last_names_are_one_name(header: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert started(f"{header},Date,From,To", "Berg,Anna,2026-03-02,8:30,16:00") == 0
    last, first = header.split(",")
    assert f"`{first}` and `{last}` as one name" in capsys.readouterr().out
    assert hours(load("desk/scenario.yaml")) == {"Anna Berg": PLAIN["Anna"]}


# Days.


@pytest.mark.parametrize(
    ("monday", "rest"),
    [
        ("Montag", "Dienstag"), ("lundi", "mardi"), ("lunes", "miércoles"), ("maandag", "dinsdag"),
        ("Mo", "Mi"), ("lu.", "me."), ("Mo-Fr", "Sa-So"), ("lun-vie", "sáb"), ("ma t/m vr", "za"),
        ("Mo, Mi, Fr", "Di + Do"),
        ("Mon, Wed, Fri", "Tue/Thu"), ("Mon Wed", "Tue"), ("Mon-Tue, Fri", "Wed"), ("lundi au vendredi", "samedi"),
        ("Montag und Mittwoch", "Sonnabend"), ("Mo 02.03.2026", "Di 03.03.2026"),
    ],
)  # fmt: skip
def test_weekdays_of_other_languages_and_lists_of_them(monday: str, rest: str) -> None:
    """The run is on Monday 2 March 2026; Cy works on other days."""
    rows = (f"Anna;{monday};8:30;16:00", f"Bo;{monday};9:00;17:00", f"Cy;{rest};9:00;17:00")
    assert started("Name;Tag;From;To", *rows) == 0
    assert {name: own for name, own in hours(load("desk/scenario.yaml")).items() if own} == PLAIN


def test_weekdays_of_a_list_are_each_its_own_day() -> None:
    """Anna is there on Monday, Wednesday and Friday, Bo from Tuesday to Thursday."""
    times = [f"{day};{at};5\n" for day in ("Mo", "Di", "Mi", "Do", "Fr") for at in ("8:00", "8:30")]
    Path("f.csv").write_text("Tag;Zeit;Anrufe\n" + "".join(times))
    assert started("Name;Tage;Von;Bis", "Anna;Mo, Mi, Fr;8:00;9:00", "Bo;Di-Do;8:30;9:00") == 0
    text = Path("desk/scenario.yaml").read_text()
    week = "\n".join(line for line in text.splitlines() if not line.startswith(("opens:", "lasts:")))
    Path("desk/scenario.yaml").write_text(week.replace("# calendar:", "calendar:"))
    found = load("desk/scenario.yaml")
    assert [one.scenario.arrivals[0].volume_within(0) for one in found.days] == [10] * 5
    there = [[name for name, own in hours(day.scenario).items() if own] for day in found.days]
    assert there == [["Anna"], ["Bo"], ["Anna", "Bo"], ["Bo"], ["Anna"]]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("Di", "`Di` may be Tuesday or Sunday; write the weekdays in full"),
        ("1-5", "`1-5` is no day; write 2026-03-02, Mon, Mon-Fri or Mon, Wed, Fri"),
        ("Monday to", "`Monday to` is no day; write 2026-03-02, Mon, Mon-Fri or Mon, Wed, Fri"),
    ],
)
def test_a_day_that_is_not_certain_is_refused(
    day: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert started("Name;Tag;From;To", f"Anna;{day};8:30;16:00") == 2
    assert f"r.csv:2:2: Tag: {told}" in capsys.readouterr().err
