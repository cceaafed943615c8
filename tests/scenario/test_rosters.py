"""Rosters by person as planning tools export them: read right, or refused by row with what helps."""

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario, dump, loads, notes
from sim.scenario.numbers import clock_text
from sim.scenario.people import stays

from .workbooks import workbook

DAY = """\
opens: {opens}
lasts: {lasts}
media: {{voice: {{max_tasks: 1}}}}
channels: {{phone: {{medium: voice}}}}
queues: {{sales: {{medium: voice, handle_time: 4m}}, help: {{medium: voice, handle_time: 4m}}}}
{teams}
arrivals: [{{channel: phone, queue: sales, per_hour: 1}}, {{channel: phone, queue: help, per_hour: 1}}]
"""
TWO_TEAMS = "teams: {{one: {{skills: {{sales: 3}}}}, two: {{skills: {{help: 2}}}}}}\nroster: {file}"
ONE_TEAM = "teams: {{all: {{skills: {{sales: 3, help: 2}}}}}}\nroster: {file}"

Hours = dict[str, list[str]]


class Desk:
    """A folder with one roster, and the scenario that reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def scenario(
        self, content: str, file: str = "r.csv", teams: str = ONE_TEAM, opens: str = "2026-03-02 08:00",
        lasts: str = "10h", name: str = "r.csv",
    ) -> Scenario:  # fmt: skip
        if content:
            (self.folder / name).write_text(content)
        text = DAY.format(opens=opens, lasts=lasts, teams=teams.format(file=file))
        return loads(text, "day.yaml", self.folder)

    def hours(self, content: str, *parts: Any, **options: Any) -> Hours:
        """When each person is there, by the clock of the first day, breaks in brackets."""
        scenario = self.scenario(content, *parts, **options)
        return {
            member.name: [_text(scenario, stay) for stay in stays(scenario, member)]
            for team in scenario.teams.values()
            for member in team.members
        }

    def refused(self, content: str, *parts: Any, **options: Any) -> list[str]:
        with pytest.raises(ScenarioError) as caught:
            self.scenario(content, *parts, **options)
        return [str(one).replace(f"{self.folder}/", "") for one in caught.value.mistakes]


def _text(scenario: Scenario, stay: Any) -> str:
    def at(seconds: float) -> str:
        seconds += scenario.opens_at
        return clock_text(seconds) if seconds >= 0 else f"-{clock_text(86400 + seconds)}"

    breaks = "".join(f" ({at(begins)}-{at(begins + length)})" for begins, length in stay.breaks)
    return f"{at(stay.start_s)}-{at(stay.end_s)}{breaks}"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


PLAIN = {"Anna Berg": ["08:00-16:00 (12:00-12:30)"], "1047": ["10:00-14:00"]}


@pytest.mark.parametrize(
    ("content", "file"),
    [
        # As `sim export --to roster` writes it: a row a shift, and one a break.
        ("person,date,from,to,activity\nAnna Berg,2026-03-02,08:00,16:00,work\n"
         "Anna Berg,2026-03-02,12:00,12:30,break\n1047,2026-03-02,10:00,14:00,work\n", "r.csv"),
        # Semicolons, other names, a break column.
        ("Mitarbeiter;Datum;Beginn;Ende;Pause\nAnna Berg;02.03.2026;8:00;16:00;12:00-12:30\n"
         "1047;02.03.2026;10:00;14:00;\n",
         "{file: r.csv, person: Mitarbeiter, date: Datum, from: Beginn, to: Ende, breaks: [Pause]}"),
        # Breaks in two columns, their beginnings and their ends.
        ("Agent,Date,From,To,Lunch Start,Lunch End\nAnna Berg,2026-03-02,08:00,16:00,12:00,12:30\n"
         "1047,2026-03-02,10:00 AM,2:00 PM,,\n",
         "{file: r.csv, person: Agent, date: Date, from: From, to: To, breaks: [Lunch Start, Lunch End]}"),
        # Activities that tile the day, as NICE and Verint export schedules: times with dates, half a day's clock.
        ("Agent Name|Activity|Start|End\nAnna Berg|Phone|3/2/2026 8:00 AM|3/2/2026 12:00 PM\n"
         "Anna Berg|Lunch|3/2/2026 12:00 PM|3/2/2026 12:30 PM\nAnna Berg|Chat|3/2/2026 12:30 PM|3/2/2026 4:00 PM\n"
         "1047|Phone|3/2/2026 10:00 AM|3/2/2026 2:00 PM\n",
         "{file: r.csv, person: Agent Name, activity: Activity, from: Start, to: End}"),
        # Weekdays and a range of hours in one cell; titles above, a row of totals below.
        ("Roster of March\n\nname,day,shift,pause\nAnna Berg,Mon,08:00-16:00,12:00 - 12:30\n"
         "1047,mon-fri,10:00-14:00,\nTotal,,,\n",
         "{file: r.csv, person: name, date: day, from: shift, breaks: [pause]}"),
        # A date beats a weekday beats a range beats every day.
        ("person,date,from,to,activity\nAnna Berg,daily,06:00,07:00,\nAnna Berg,Mon - Sun,07:00,08:00,\n"
         "Anna Berg,Monday,09:00,10:00,\nAnna Berg,2026-03-02,08:00,16:00,\nAnna Berg,2026-03-02,12:00,12:30,Meeting\n"
         "1047,mon-fri,10:00,14:00,\n", "r.csv"),
        # Numbers as clocks, every day.
        ("person,from,to,breaks\nAnna Berg,0800,1600,12:00-12:30\n1047,1000,1400,\n", "r.csv"),
    ],
)  # fmt: skip
def test_a_roster_is_read_as_it_was_exported(content: str, file: str, desk: Desk) -> None:
    assert desk.hours(content, file) == PLAIN


def test_rows_below_merged_cells_are_read(desk: Desk) -> None:
    content = (
        "Site,Name,Date,From,To\nLeeds,Anna Berg,2026-03-02,08:00,16:00\n,,2026-03-03,08:00,16:00\n"
        ",1047,2026-03-02,10:00,14:00\nYork,Cy,2026-03-02,10:00,14:00\n"
    )
    file = "{file: r.csv, person: Name, date: Date, from: From, to: To, where: {Site: Leeds}}"
    assert desk.hours(content, file) == {"Anna Berg": ["08:00-16:00"], "1047": ["10:00-14:00"]}


def test_an_excel_file_is_read_alike(desk: Desk) -> None:
    pytest.importorskip("python_calamine")
    monday = 46083  # 2 March 2026 as Excel counts days
    rows = [
        ["person", "date", "from", "to"],
        ["Anna Berg", (monday, 1), (8 / 24, 2), (16 / 24, 2)],
        [1047, (monday, 1), (10 / 24, 2), (14 / 24, 2)],
    ]
    workbook(desk.folder / "r.xlsx", {"Plan": rows})
    assert desk.hours("", "r.xlsx") == {"Anna Berg": ["08:00-16:00"], "1047": ["10:00-14:00"]}


def test_shifts_over_midnight_and_before_opening_with_their_breaks(desk: Desk) -> None:
    content = """\
person,date,from,to,activity
Nora,2026-03-01,22:00,06:00,
Nora,2026-03-01,02:00,02:30,Lunch
Nora,2026-03-02,22:00,06:00,
Nora,2026-03-03,02:00,02:30,Lunch
Early,2026-03-02,05:30,09:00,
"""
    found = desk.hours(content, opens="2026-03-02 04:00", lasts="24h")
    assert found == {
        "Nora": ["-22:00-06:00 (02:00-02:30)", "22:00-30:00 (26:00-26:30)"],
        "Early": ["05:30-09:00"],
    }


def test_a_shift_that_is_written_behind_midnight_is_there(desk: Desk) -> None:
    """25:00 of the last date is on a day that no row names."""
    content = "person,date,from,to\nAnn,2026-03-02,25:00,33:00\nBob,2026-03-02,22:00,30:00\n"
    found = desk.hours(content, opens="2026-03-02 08:00", lasts="30h")
    assert found == {"Ann": ["25:00-33:00"], "Bob": ["22:00-30:00"]}


def test_days_off_and_hours_off(desk: Desk) -> None:
    content = """\
person,date,from,to,activity
Ann,mon-fri,08:00,16:00,
Ann,2026-03-03,,,Vacation
Bob,2026-03-02,08:00,16:00,
Bob,2026-03-02,12:00,16:00,Sick
Bob,2026-03-03,08:00,16:00,
Bob,2026-03-03,,,Day off
"""
    assert desk.hours(content, lasts="34h") == {"Ann": ["08:00-16:00"], "Bob": ["08:00-12:00"]}
    assert any("1 shift on days off left out" in note for note in notes(desk.scenario(content, lasts="34h")))


def test_a_person_in_several_teams_and_levels_of_their_own(desk: Desk) -> None:
    content = "person,team,from,to,sales,help\nAnn,one,08:00,12:00,5,\nAnn,two,12:00,16:00,,\nBob,two,08:00,16:00,1,7\n"
    day = desk.scenario(content, teams=TWO_TEAMS)
    members = {(team, one.name): dict(one.skills) for team, own in day.teams.items() for one in own.members}
    assert members == {
        ("one", "Ann"): {"sales": 5},
        ("two", "Ann"): {"help": 2},
        ("two", "Bob"): {"help": 7, "sales": 1},
    }
    assert [day.teams[name].agents for name in ("one", "two")] == [1, 2]


def test_a_file_of_one_team_reads_the_rows_of_that_team(desk: Desk) -> None:
    teams = (
        "teams: {{one: {{skills: {{sales: 3}}, roster: {file}}}, two: {{agents: 1, skills: {{help: 2}}}}}}"
    )
    content = "person,team,from,to\nAnn,one,08:00,12:00\nBob,two,08:00,16:00\n"
    assert desk.hours(content, teams=teams) == {"Ann": ["08:00-12:00"]}
    assert desk.hours(content.replace("team", "site"), teams=teams) == {
        "Ann": ["08:00-12:00"],
        "Bob": ["08:00-16:00"],
    }


def test_what_is_wrong_is_told_by_row_all_at_once(desk: Desk) -> None:
    content = """\
person,team,date,from,to,activity,sales
Ann,one,2026-03-02,08:00,12:00,,5
Ann,one,2026-03-02,08:00,12:00,,5
Ann,one,2026-03-02,11:00,14:00,,4
Bob,tow,2026-03-02,08:00,12:00,,11
Bob,two,2026-03-02,09:00,09:00,,
Cem,two,2026-03-32,8,12:00,,
Cem,two,2026-03-02,08:00,,Sabbatical,
Dee,two,2026-03-02,13:00,13:30,Lunch,
,two,2026-03-02,13:00,14:00,,
"""
    assert desk.refused(content, teams=TWO_TEAMS) == [
        "r.csv:3:4: from: `Ann` has this row in line 2 too",
        "r.csv:4:1: person: `Ann` has other levels in this row than above (sales 5)",
        "r.csv:4:4: from: `Ann`: 11:00 to 14:00 overlaps 08:00 to 12:00 in line 2",
        "r.csv:5:2: team: unknown team `tow`; did you mean `two`?",
        "r.csv:5:7: sales: `11` is no level; levels are whole numbers from 0 to 10",
        "r.csv:6:4: from: the row does not end after it begins",
        "r.csv:7:3: date: `2026-03-32` is no day; write 2026-03-02, Mon, Mon-Fri or Mon, Wed, Fri",
        "r.csv:7:4: from: `8` is not a clock time; write it as 08:00 or 4:30 PM",
        "r.csv:8:6: activity: `Sabbatical` may be work, a break or a day off; "
        "write `activities: {Sabbatical: work}`, `break` or `off`",
        "r.csv:9:4: from: `Dee` has no shift that 13:00 to 13:30 is a part of",
        "r.csv:10:1: person: the cell is empty; it names the person",
    ]


def test_what_does_not_go_together_across_rows_and_files(desk: Desk) -> None:
    content = """\
person,team,date,from,to
Ann,one,2026-03-01,22:00,10:00
Ann,two,2026-03-02,09:00,12:00
two-1,one,2026-03-02,08:00,12:00
"""
    assert desk.refused(content, teams=TWO_TEAMS) == [
        "r.csv:3:4: from: `Ann`: 09:00 to 12:00 overlaps 22:00 to 34:00 in line 2"
    ]
    teams = TWO_TEAMS.replace("{{help: 2}}", "{{help: 2}}, agents: 3").replace(
        "{{sales: 3}}", "{{sales: 3}}, shrinkage: 30%"
    )
    alone = content.replace("Ann,two,2026-03-02,09:00,12:00\n", "")
    assert desk.refused(alone, teams=teams) == [
        "day.yaml:6:14: teams.one: the person `two-1` has the name of an agent of team `two`",
        "day.yaml:6:35: teams.one.shrinkage: does not go with a roster by person, whose absences are known: "
        "days off are rows of it",
    ]
    endless = teams.replace("agents: 3", f"agents: {100_000}")
    for name, is_theirs in (
        ("two-100000", True),
        ("two-100001", False),
        ("two-01", False),
        ("two-+1", False),
    ):
        found = desk.refused(alone.replace("two-1", name), teams=endless)
        assert any(f"the person `{name}` has the name of an agent" in line for line in found) == is_theirs
    assert desk.refused(content.replace("two-1", "Zoe").replace("Ann,two", "Bob,two"), teams=teams) == [
        "day.yaml:6:35: teams.one.shrinkage: does not go with a roster by person, whose absences are known: "
        "days off are rows of it",
        "day.yaml:6:77: teams.two.agents: does not go with a roster by person, which says who is there when",
    ]
    others = (
        "two-0",
        "two-4",
        "two-01",
        "three-1",
        "two",
    )  # no agent of team two, which has three, is called so
    for name in others:
        told = desk.refused(alone.replace("two-1", name), teams=teams)
        assert not any("has the name of" in line for line in told), told
    assert desk.refused(alone.replace("two-1", "Zoe"), teams=TWO_TEAMS) == [
        "day.yaml:6:41: teams.two: no row of `roster` is of this team; write `agents: 0` where nobody is in it"
    ]


@pytest.mark.parametrize(
    ("content", "file", "told"),
    [
        ("name,from,to\nAnn,08:00,12:00\n", "r.csv",
         "r.csv:1:1: person: this column is missing; there is `name`, `from`, `to`; name the column that holds it with "
         "`roster: {file: r.csv, person: ...}`"),
        ("person,date,from,to\nAnn,2026-04-02,08:00,12:00\n", "r.csv",
         "r.csv:2:3: from: no row is of the run, 2026-03-02"),
        ("person,date,from,to\nAnn,02/03/2026,08:00,12:00\nAnn,03/04/2026,08:00,12:00\n",
         "{file: r.csv, dates: month_first}", "r.csv:2:3: from: no row is of the run, 2026-03-02"),
        ("person,from,to,activity\nAnn,08:00,12:00,Telefonie\n", "r.csv",
         "r.csv:2:4: activity: `Telefonie` may be work, a break or a day off; write `activities: {Telefonie: work}`, "
         "`break` or `off`"),
        ("person,from,to,activity\nAnn,08:00,12:00,work\n", "{file: r.csv, activities: {Chat: work}}",
         "r.csv:2:4: activity: no row has the activity `Chat`; there is `work`"),
        ("person,from,to,breaks\nAnn,08:00,12:00,noon\n", "r.csv",
         "r.csv:2:4: breaks: `noon` is no time of a break; write 12:00-12:30"),
        ("person,from,to,breaks\nAnn,08:00,12:00,14:00-14:30\n", "r.csv",
         "r.csv:2:4: breaks: `Ann` has no shift that 14:00 to 14:30 is a part of"),
        ("person,from,to\nAnn,2026-03-02 08:00,2026-03-04 12:00\n", "r.csv",
         "r.csv:2:2: from: the row lasts more than 24 hours"),
        ("person,from,to\nAnn,25:00,13:00\n", "r.csv",
         "r.csv:2:2: from: the row does not end after it begins: 25:00 is 01:00 of the day after; write the end as"
         " 37:00"),
        ("person,from\nAnn,08:00\n", "r.csv",
         "r.csv:2:2: from: there is no end; name its column with `to`, or write 08:00-16:30"),
        ("person,date,from,to\nAnn,noon,08:00,12:00\n", "r.csv",
         "r.csv:2:2: date: `noon` is no day; write 2026-03-02, Mon, Mon-Fri or Mon, Wed, Fri"),
    ],
)  # fmt: skip
def test_what_is_refused_names_the_row_and_the_remedy(content: str, file: str, told: str, desk: Desk) -> None:
    assert desk.refused(content, file) == [told]


def test_the_name_of_a_file_that_is_not_there_and_a_key_that_is_none(desk: Desk) -> None:
    (told,) = desk.refused("", "r.csv")
    assert told == "day.yaml:7:9: roster: there is no file `r.csv`"
    (told,) = desk.refused("person,from,to\nAnn,08:00,12:00\n", "{file: r.csv, name: person}")
    assert told.startswith("day.yaml:7:23: roster.name: unknown key `name`")
    (told,) = desk.refused("person,from,to\nAnn,08:00,12:00\n", "5")
    assert told == "day.yaml:7:9: roster: `5` is neither the name of a file nor {file: FILE, ...}"


def test_rows_outside_the_run_are_one_note(desk: Desk) -> None:
    rows = "".join(f"Ann,{date(2026, 3, day)},08:00,12:00\n" for day in range(1, 9))
    day = desk.scenario("person,date,from,to\n" + rows)
    assert [note for note in notes(day) if "r.csv" in note] == [
        "`r.csv` was read with 7 rows outside the run left out"
    ]


def test_words_of_activities_and_columns_can_be_named(desk: Desk) -> None:
    content = "who,from,to,what\nAnn,08:00,12:00,Telefonie\nAnn,09:00,09:15,Kaffee\nAnn,12:00,13:00,Daheim\n"
    file = "{file: r.csv, person: who, activity: what, activities: {Telefonie: work, Kaffee: break, Daheim: work}}"
    assert desk.hours(content, file) == {"Ann": ["08:00-13:00 (09:00-09:15)"]}


def test_a_scenario_with_a_roster_is_a_value(desk: Desk) -> None:
    """Its hash knows what is in the file, not where it is; written and read it is equal."""
    content = "person,from,to\nAnn,08:00,12:00\n"
    day = desk.scenario(content)
    assert "roster: r.csv" in dump(day)
    assert "agents" not in dump(day)
    assert loads(dump(day), "day.yaml", desk.folder) == day
    changed = desk.scenario(content.replace("12:00", "12:30"))
    assert changed.hash != day.hash
    (desk.folder / "sub").mkdir()
    assert Desk(desk.folder / "sub").scenario(content).hash == day.hash
    (desk.folder / "r.csv").unlink()
    assert day.set("lasts", "5h").teams["all"].agents == 1


@pytest.mark.parametrize(
    "content",
    [
        "person,Mon,Tue\nAnn,9-17,OFF\nBo,08:00-16:30,10-14\nTotal,16.5,4\n",
        "person;Montag;Dienstag\nAnn;9.00-17.00;frei\nBo;0800-1630;10:00-14:00\n",
        "Plan\nperson;Mo;Di\n;02.03.2026;03.03.2026\nAnn;9:00-17;\nBo;8-16:30;10:00 - 14:00\n",
        "person,2026-03-02,2026-03-03\nAnn,9:00 AM - 5:00 PM,-\nBo,8:00 AM - 4:30 PM,10:00 AM - 2:00 PM\n",
    ],
)
def test_a_row_a_person_and_a_column_a_day_is_read(content: str, desk: Desk) -> None:
    assert desk.hours(content) == {"Ann": ["09:00-17:00"], "Bo": ["08:00-16:30"]}
    assert desk.hours(content, opens="2026-03-03 08:00") == {"Ann": [], "Bo": ["10:00-14:00"]}


def test_a_grid_has_split_shifts_nights_teams_and_levels(desk: Desk) -> None:
    """On Tuesday from 00:00: Ann's Monday night until 06:00; Bo's two shifts of two teams' rows."""
    content = "person,team,help,Mon,Tue\nAnn,one,,22-6,off\nBo,two,7,,08:00-10:00 / 11:00-12:00\n"
    run = {"opens": "2026-03-03 00:00", "lasts": "24h", "teams": TWO_TEAMS}
    assert desk.hours(content, **run) == {"Ann": ["-22:00-06:00"], "Bo": ["08:00-10:00", "11:00-12:00"]}
    (bo,) = desk.scenario(content, **run).teams["two"].members
    assert bo.skills["help"] == 7


def test_codes_and_short_hours_of_a_grid_are_refused_by_name(desk: Desk) -> None:
    told = desk.refused("person,Mon,Tue,Wed\nAnn,F1,U,8-12\nBo,F1,U,9-5\n")
    assert told == [
        "r.csv:2:2: Mon: `F1` is neither a shift nor a day off, and so is 1 more cell; write its times as "
        "09:00-17:30, or off",
        "r.csv:2:3: Tue: `U` is neither a shift nor a day off, and so is 1 more cell; write its times as "
        "09:00-17:30, or off",
        "r.csv:3:4: Wed: `9-5` may end in the afternoon or the next morning; write its times as 09:00-17:30, or off",
    ]


def test_names_in_two_columns_and_lengths_are_read_without_a_key(desk: Desk) -> None:
    """Ann has 7.5 hours from 09:00 on; Bo's night of 8 hours ends at 04:00."""
    content = "first name,last name,from,hours\nAnn,Berg,09:00,7.5\nBo,Berg,20:00,8\n"
    found = desk.hours(content, opens="2026-03-02 08:00", lasts="22h")
    assert found == {"Ann Berg": ["09:00-16:30"], "Bo Berg": ["20:00-28:00"]}
    told = desk.refused("first name,last name,from,hours\nAnn,Berg,09:00,30\nBo,Berg,09:00,8\n")
    assert told == ["r.csv:2:4: hours: `30` is no length of a shift; write 8, 7.5 or 7:30"]
    content = "Vorname;Nachname;Mo;Di\nAnn;Berg;9-17;frei\n"
    assert desk.hours(content) == {"Ann Berg": ["09:00-17:00"]}
    assert desk.refused(content + "Bo\n") == ["r.csv:3:1: this row has 1 cells, the header has 4"]


@pytest.mark.parametrize("cell", ["9" + " " * 50_000 + "x", "9-" + " " * 50_000 + "17", "mo " * 20_000])
def test_a_cell_of_any_length_is_refused_at_once(cell: str, desk: Desk) -> None:
    began = time.process_time()
    (told,) = desk.refused(f"person,Mon,Tue\nAnn,{cell},9-17\n")
    assert "is neither a shift nor a day off" in told
    assert time.process_time() - began < 1
