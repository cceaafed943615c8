"""`sim init`: a first scenario from a template or from a forecast, which loads and runs as it is written."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sim.cli import main
from sim.engine import simulate
from sim.scenario import load
from sim.scenario.people import stays
from sim.workload import draw

TWO_DAYS = """\
Report;Intervals

Date;Interval;Queue;Channel;Calls offered;Calls answered;AHT (s)
02.03.2026;08:30-09:00;Sales;voice;0;0;
02.03.2026;09:00-09:30;Sales;voice;31,5;30;212
02.03.2026;09:30-10:00;Sales;voice;29;28;231
02.03.2026;09:00-09:30;Web: help;chat;12;12;512
02.03.2026;09:30-10:00;Web: help;chat;14,5;12;498
03.03.2026;08:30-09:00;Sales;voice;0;0;
03.03.2026;09:00-09:30;Sales;voice;41,5;30;212
03.03.2026;09:30-10:00;Sales;voice;39;28;231
03.03.2026;09:00-09:30;Web: help;chat;22;12;512
03.03.2026;09:30-10:00;Web: help;chat;24,5;12;498
Total;;;;214;;
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("template", ["chat", "voice", "mixed"])
def test_a_template_loads_and_runs(template: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "desk", "--from-template", template]) == 0
    assert "Wrote desk/scenario.yaml" in capsys.readouterr().out
    assert main(["validate", "desk/scenario.yaml"]) == 0
    assert capsys.readouterr().err == ""
    media = {*load("desk/scenario.yaml").media}
    assert media == {"chat": {"chat"}, "voice": {"voice"}, "mixed": {"chat", "voice"}}[template]
    assert main(["run", "desk/scenario.yaml", "--replications", "2", "--out", "result"]) == 0


def test_an_unknown_template_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "desk", "--from-template", "mail"]) == 2
    assert "mail" in capsys.readouterr().err


def test_a_forecast_becomes_a_scenario_of_its_busiest_day(capsys: pytest.CaptureFixture[str]) -> None:
    Path("calls.csv").write_text(TWO_DAYS)
    assert main(["init", "desk", "--forecast", "calls.csv"]) == 0
    assert "Wrote desk/scenario.yaml from calls.csv. Look at what is `assumed`" in capsys.readouterr().out
    assert Path("desk/calls.csv").read_text() == TWO_DAYS
    day = load("desk/scenario.yaml")
    assert (f"{day.opens}", day.lasts, day.interval) == ("2026-03-03 09:00:00", 3600, 1800)
    assert {name: queue.medium for name, queue in day.queues.items()} == {
        "Sales": "voice",
        "Web help": "chat",
    }
    assert [one.volume_within(3600) for one in day.arrivals] == [80.5, 46.5]
    assert [[row.aht_s for row in one.forecast] for one in day.arrivals] == [[212, 231], [512, 498]]
    # (41.5 x 212 + 39 x 231) / 80.5 = 221.2
    assert day.queues["Sales"].handle_time.mean == 221
    # 41.5 calls of 212 s, or 39 of 231 s, are 5 erlangs: at 80 % that is 7 agents, and one more.
    assert day.teams["team Sales"].agents == 8
    text = Path("desk/scenario.yaml").read_text()
    assert "read: the busiest of its 2 days" in text
    assert text.count("assumed") > 10
    assert main(["run", "desk/scenario.yaml", "--replications", "2", "--out", "result"]) == 0


def week_of_calls() -> str:
    """Two weeks of half hours: to 18:00, on the second Wednesday to 14:00, on Saturdays from 10:00; a holiday."""
    rows = ["Start,Queue,Calls"]
    for number in range(13):
        day = datetime(2026, 3, 2) + timedelta(days=number)
        if day.weekday() == 6 or number == 10:  # Sunday, and Thursday 12 March
            continue
        opens, closes = (10, 14) if day.weekday() == 5 else (8, 14 if number == 9 else 18)
        times = [day + timedelta(minutes=30 * half) for half in range(2 * opens, 2 * closes)]
        rows += [f"{at:%Y-%m-%d %H:%M},{name},{number + 1}" for at in times for name in ("Sales", "Help")]
    return "\n".join(rows) + "\n"


def test_all_days_of_a_forecast_are_a_calendar_in_place_of_the_busiest() -> None:
    Path("calls.csv").write_text(week_of_calls())
    assert main(["init", "desk", "--forecast", "calls.csv"]) == 0
    file = Path("desk/scenario.yaml")
    (line,) = (one for one in file.read_text().splitlines() if one.startswith("# calendar:"))
    assert line == (
        '# calendar: {from: 2026-03-02, days: 13, open: {mon-fri: "08:00-18:00", sat: "10:00-14:00", '
        '2026-03-11: "08:00-14:00"}, holidays: [2026-03-12]}'
    )
    kept = [one for one in file.read_text().splitlines() if not one.startswith(("opens:", "lasts:"))]
    file.write_text("\n".join(kept).replace("# calendar:", "calendar:"))
    week = load(file)
    offered = {day.name: sum(one.volume_within(0) for one in day.scenario.arrivals) for day in week.days}
    assert len(offered) == 11
    # Two queues of so many calls in each half hour: twenty of them, twelve on the 11th, eight on Saturdays.
    assert (offered["2026-03-02"], offered["2026-03-11"], offered["2026-03-07"]) == (40, 240, 96)
    assert sum(offered.values()) == 2 * (20 * (1 + 2 + 3 + 4 + 5 + 8 + 9 + 12) + 12 * 10 + 8 * (6 + 13))


def test_the_week_of_a_forecast_by_weekdays_is_a_calendar_too() -> None:
    Path("calls.csv").write_text("Weekday|Time|Contacts\nMon|9:00 AM|5\nTue|9:00 AM|8\nTue|10:00 AM|7\n")
    assert main(["init", "desk", "--forecast", "calls.csv"]) == 0
    text = Path("desk/scenario.yaml").read_text()
    days = '# calendar: {from: 2026-03-02, days: 2, open: {mon: "09:00-10:00", tue: "09:00-11:00"}}\n'
    assert days in text
    rest = "\n".join(one for one in text.splitlines() if not one.startswith(("opens:", "lasts:")))
    Path("desk/scenario.yaml").write_text(rest.replace("# calendar:", "calendar:"))
    week = load("desk/scenario.yaml")
    assert [one.scenario.arrivals[0].volume_within(0) for one in week.days] == [5, 15]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("interval_start,volume,aht_s\n08:00,10,100\n08:30,12,110\n", ("2026-03-02 08:00:00", 3600, 22)),
        ("Weekday|Time|Contacts\nMon|9:00 AM|5\nTue|9:00 AM|8\n", ("2026-03-03 09:00:00", 3600, 8)),
        ("StartInterval,Contacts queued\n2026-03-04T09:00:00Z,5\n2026-03-04T09:15:00Z,6\n",
         ("2026-03-04 09:00:00", 1800, 11)),
        ("Time\tACD Calls\tAvg ACD Time\n9:00AM-9:30AM\t31\t3:32\nSUMMARY\t31\t3:32\n",
         ("2026-03-02 09:00:00", 1800, 31)),
    ],
)  # fmt: skip
def test_other_forms_of_forecasts(content: str, expected: tuple[str, float, float]) -> None:
    Path("f.csv").write_text(content)
    assert main(["init", "--forecast", "f.csv"]) == 0
    day = load("scenario.yaml")
    volume = sum(stream.volume_within(day.lasts) for stream in day.arrivals)
    assert (f"{day.opens}", day.lasts, volume) == expected


def test_what_is_not_certain_is_asked_after_writing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("f.csv").write_text("Interval;Volume\n09:00;31\n09:30;1.234\n")
    assert main(["init", "desk", "--forecast", "f.csv"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "desk/scenario.yaml is written; what is left to say in it:",
        "desk/f.csv:3:2: Volume: `1.234` may be 1234 or 1.234; write `decimal: comma` for 1234, `decimal: point` for "
        "1.234",
    ]


def test_the_order_of_day_and_month_is_marked_as_assumed_where_it_is() -> None:
    Path("f.csv").write_text("Date;Time;Volume\n02/03/2026;09:00;31\n02/03/2026;09:30;12\n")
    assert main(["init", "desk", "--forecast", "f.csv"]) == 0
    assert f"{load('desk/scenario.yaml').opens}" == "2026-03-02 09:00:00"
    assert "dates: day_first           # assumed" in Path("desk/scenario.yaml").read_text()
    Path("g.csv").write_text("Date;Time;Volume\n13/03/2026;09:00;31\n13/03/2026;09:30;12\n")
    assert main(["init", "other", "--forecast", "g.csv"]) == 0
    assert "dates:" not in Path("other/scenario.yaml").read_text()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "f.csv: the file is empty; it needs a header"),
        ("a,b\n1,2\n", "f.csv: no column looks like the beginning of each interval; there is `a`, `b`; name it in a "
         "scenario with `file: {path: f.csv, start: ...}`"),
        ("Interval;Calls offered\n09:00;12\n09:30;twelve\n",
         "f.csv:3:2: Calls offered: `twelve` is no number; write 0 where there were none"),
        ("Interval,Agent\n09:00,x\n", "f.csv: no column looks like the contacts of each interval; there is `Interval`, "
         "`Agent`; name it in a scenario with `file: {path: f.csv, volume: ...}`"),
        ("Interval,Volume\n", "f.csv: there are no rows below the header"),
    ],
)  # fmt: skip
def test_what_is_no_forecast(content: str, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("f.csv").write_text(content)
    assert main(["init", "desk", "--forecast", "f.csv"]) == 2
    assert capsys.readouterr().err == what + "\n"
    assert not Path("desk").exists()


@pytest.mark.parametrize(
    "header",
    [
        "Datum;Intervall;Warteschlange;Angebotene Anrufe;Durchschnittliche Bearbeitungszeit",
        "Date;Intervalle;File d'attente;Appels présentés;DMT (s)",
        "Jour;Heure de début;Compétence;Appels entrants;Durée moyenne de traitement",
        "Fecha;Intervalo;Cola;Llamadas ofrecidas;TMO",
        "Día;Hora de inicio;Servicio;Contactos previstos;Tiempo medio de operación (s)",
        "Datum;Tijd;Wachtrij;Aangeboden gesprekken;Gemiddelde afhandeltijd",
    ],
)
def test_the_headers_of_planners_in_their_languages(header: str) -> None:
    """The same two half hours of one queue under German, French, Spanish and Dutch headers."""
    rows = "13/03/2026;09:00;Linie;31;240\n13/03/2026;09:30;Linie;12;300\n"
    Path("f.csv").write_text(f"{header}\n{rows}")
    assert main(["init", "desk", "--forecast", "f.csv"]) == 0
    day = load("desk/scenario.yaml")
    assert f"{day.opens}" == "2026-03-13 09:00:00"
    assert [tuple(row) for row in day.arrivals[0].forecast] == [(0, 31, 240), (1800, 12, 300)]
    if "Comp" not in header:
        assert list(day.queues) == ["Linie"]


@pytest.mark.parametrize(
    "header",
    [
        "Mitarbeiter;Datum;Beginn;Ende",
        "Collaborateur;Jour;Heure de début;Heure de fin",
        "Nom;Date;Début;Fin",
        "Empleado;Fecha;Entrada;Salida",
        "Nombre;Día;Hora de inicio;Hora de fin",
        "Medewerker;Datum;Van;Tot",
    ],
)
def test_rosters_of_planners_in_their_languages(header: str) -> None:
    Path("f.csv").write_text("Date,Time,Calls\n13/03/2026,09:00,31\n13/03/2026,09:30,12\n")
    Path("r.csv").write_text(f"{header}\nAnna;13/03/2026;09:00;10:00\nBo;13/03/2026;09:30;10:00\n")
    assert main(["init", "desk", "--forecast", "f.csv", "--roster", "r.csv"]) == 0
    (team,) = load("desk/scenario.yaml").teams.values()
    assert [member.name for member in team.members] == ["Anna", "Bo"]


def test_very_many_rows_that_are_wrong_are_shortened(capsys: pytest.CaptureFixture[str]) -> None:
    for content in ("Interval,Volume\n" + "09:00\n" * 60, "Interval,Volume\n09:00,5\n" + "09:00,x\n" * 60):
        Path("f.csv").write_text(content)
        assert main(["init", "desk", "--forecast", "f.csv"]) == 2
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 21
        assert lines[-1] == "f.csv: and 40 more mistakes"


def test_a_forecast_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "desk", "--forecast", "none.csv"]) == 2
    assert capsys.readouterr().err == "there is no file `none.csv`\n"


def test_names_with_odd_letters_are_text_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    rows = '"Interval","Queue: {x}","Calls # offered"\n09:00,"a: [b] # c",5\n09:00,"- ""d"" \'e\'",6\n'
    Path("f.csv").write_text(rows)
    assert main(["init", "desk", "--forecast", "f.csv"]) == 0, capsys.readouterr().err
    day = load("desk/scenario.yaml")
    assert [stream.volume_within(day.lasts) for stream in day.arrivals] == [5, 6]
    assert list(day.queues) == ["a b c", "d e"]


def test_a_forecast_of_which_no_row_can_be_read_is_told_line_by_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("f.csv").write_text("Start;Calls\n08:00;4:35\n08:30;4:36\n")
    assert main(["init", "desk", "--forecast", "f.csv"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "f.csv:2:2: Calls: `4:35` is not a number",
        "f.csv:3:2: Calls: `4:36` is not a number",
    ]
    assert not Path("desk").exists()


@pytest.mark.parametrize("row", ["08:00;4:35;7\n", "08:00\n"], ids=["no number", "no second cell"])
def test_of_very_many_rows_that_cannot_be_read_the_first_are_told(
    row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("f.csv").write_text("Start;Calls;Left\n" + 60 * row)
    assert main(["init", "desk", "--forecast", "f.csv"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert (len(told), told[0][:8], told[-1]) == (21, "f.csv:2:", "f.csv: and 40 more mistakes")


PLAN = "Date;Interval;Queue;Calls\n02/03/2026;9:00;Service;60\n02/03/2026;9:30;Service;7\n03/03/2026;9:00;Service;90\n"
PEOPLE = """\
Agent name;Team;Date;Start;End;Activity;Lunch;Service
Anna Berg;Service desk;02/03/2026;8:00;16:00;Phone;12:00-12:30;3
Bo;Others;02/03/2026;9:00;13:00;Learning by doing;;
Bo;Others;02/03/2026;13:00;17:00;Phone;;
"""


def test_a_roster_beside_a_forecast_makes_the_teams(tmp_path: Path) -> None:
    """The busiest day of which the roster has rows is chosen, and persons have their own names."""
    (tmp_path / "plan.csv").write_text(PLAN)
    (tmp_path / "people.csv").write_text(PEOPLE)
    files = ["--forecast", str(tmp_path / "plan.csv"), "--roster", str(tmp_path / "people.csv")]
    assert main(["init", str(tmp_path / "desk"), *files]) == 0
    day = load(tmp_path / "desk" / "scenario.yaml")
    assert str(day.opens) == "2026-03-02 09:00:00"
    assert {name: [one.name for one in team.members] for name, team in day.teams.items()} == {
        "Service desk": ["Anna Berg"],
        "Others": ["Bo"],
    }
    assert dict(day.teams["Service desk"].members[0].skills) == {"Service": 3}
    assert day.roster is not None
    assert dict(day.roster.activities) == {"Learning by doing": "break"}
    assert day.roster.breaks == ("Lunch",)


def test_breaks_with_their_beginnings_and_ends_are_found(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("Date,Interval,Calls\n2026-03-03,09:00,5\n2026-03-03,09:30,6\n")
    (tmp_path / "people.csv").write_text(
        "Agent,Date,Shift Start,Shift End,Break 1 Start,Break 1 End,Lunch Start,Lunch End\n"
        "Ann,2026-03-03,09:00,10:00,09:10,09:15,09:30,09:45\n"
    )
    files = ["--forecast", str(tmp_path / "calls.csv"), "--roster", str(tmp_path / "people.csv")]
    assert main(["init", str(tmp_path / "desk"), *files]) == 0
    day = load(tmp_path / "desk" / "scenario.yaml")
    ((ann,),) = (team.members for team in day.teams.values())
    assert [stay.breaks for stay in stays(day, ann)] == [((600.0, 300.0), (1800.0, 900.0))]


@pytest.mark.parametrize("header", ["Date", "Days", "Weekdays", "Day of week", "Shift days", "Working days"])
def test_the_days_of_a_roster_are_found_by_any_usual_header(header: str, tmp_path: Path) -> None:
    """Left out they would be every day, and nobody would be told."""
    (tmp_path / "calls.csv").write_text("Date,Interval,Calls\n2026-03-03,09:00,5\n2026-03-03,09:30,6\n")
    people = f"Name,Team,{header},From,To\nAnn,Desk,Mon-Fri,0900,1000\nBo,Desk,Mon,0900,1000\n"
    (tmp_path / "people.csv").write_text(people)
    files = ["--forecast", str(tmp_path / "calls.csv"), "--roster", str(tmp_path / "people.csv")]
    assert main(["init", str(tmp_path / "desk"), *files]) == 0
    day = load(tmp_path / "desk" / "scenario.yaml")
    there = simulate(day, draw(day)).agent_states["agent"]  # on a Tuesday
    assert set(there) == {"Ann"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a,b\n1,2\n", "no column looks like the person; there is `a`, `b`"),
        ("Name,When\nAnn,today\n", "no column looks like the beginning of each shift"),
        (
            "Name,Mon,Tue\nAnn,F,U\n",
            "people.csv:2:2: Mon: `F` is neither a shift nor a day off; write its times as",
        ),
    ],
)
def test_a_roster_that_is_none_is_told(
    content: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.csv").write_text(PLAN)
    (tmp_path / "people.csv").write_text(content)
    roster = ["--roster", str(tmp_path / "people.csv")]
    assert main(["init", str(tmp_path / "desk"), "--forecast", str(tmp_path / "plan.csv"), *roster]) == 2
    assert told in capsys.readouterr().err
    assert main(["init", str(tmp_path / "desk"), *roster]) == 2
    assert "give the contacts with --forecast too" in capsys.readouterr().err


def test_a_roster_with_a_column_a_day_makes_the_teams(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "calls.csv").write_text("Date,Interval,Calls\n2026-03-03,09:00,5\n2026-03-03,09:30,6\n")
    (tmp_path / "people.csv").write_text("Agent;Team;Mo;Di;Mi\nAnn;Desk;off;9-10;9-10\nBo;Desk;9-10;;9-10\n")
    files = ["--forecast", str(tmp_path / "calls.csv"), "--roster", str(tmp_path / "people.csv")]
    assert main(["init", str(tmp_path / "desk"), *files]) == 0
    assert "columns `Mo` to `Mi` as days, a row a person." in capsys.readouterr().out
    day = load(tmp_path / "desk" / "scenario.yaml")
    there = simulate(day, draw(day)).agent_states["agent"]  # on a Tuesday
    assert set(there) == {"Ann"}
