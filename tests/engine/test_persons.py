"""A roster by person at work: who is there when, in which team, under which name, and drawn as before."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from engine.compiled.both_engines import on_both
from sim.engine import simulate
from sim.errors import ScenarioError
from sim.experiments.demand_and_staffing import agents_on_duty
from sim.records import Records
from sim.scenario import Scenario, loads
from sim.workload import by_hand, draw

HEAD = """\
opens: 2026-03-02 08:00
lasts: {lasts}
seed: 5
media: {{voice: {{max_tasks: 1}}}}
channels: {{phone: {{medium: voice}}}}
queues:
  sales: {{medium: voice, handle_time: {{exponential: {{mean: 240s}}}}, patience: {{exponential: {{mean: 3m}}}}}}
  help: {{medium: voice, handle_time: {{exponential: {{mean: 300s}}}}, patience: {{exponential: {{mean: 3m}}}}}}
arrivals:
  - {{channel: phone, queue: sales, per_hour: {calls}}}
  - {{channel: phone, queue: help, per_hour: {calls}}}
"""
TEAMS = """\
teams:
  one: {skills: {sales: 3}, wrap_up: 20s}
  two: {skills: {help: 2}}
roster: r.csv
"""
PEOPLE = """\
person,team,date,from,to,activity,help
Anna Berg,one,2026-03-02,07:00,10:00,,
Anna Berg,one,2026-03-02,09:15,09:45,Lunch,
Anna Berg,two,2026-03-02,10:00,12:00,,
Bo,one,2026-03-01,22:00,09:15,,1
Bo,one,2026-03-02,08:20,08:30,Break,
1047,two,2026-03-02,11:30,02:00,,
"""


def people(
    folder: Path, rows: str = PEOPLE, teams: str = TEAMS, lasts: str = "4h", calls: int = 0
) -> Scenario:
    (folder / "r.csv").write_text(rows)
    return loads(HEAD.format(lasts=lasts, calls=calls) + teams, "day.yaml", folder)


def run(scenario: Scenario, replication: int = 0) -> Records:
    return on_both(scenario, draw(scenario, replication))


def presence(records: Records) -> pd.DataFrame:
    states = records.agent_states
    return states[(states["medium"] == "") & (states["state"] == "READY")]


def present_by_half_hour(records: Records, team: str, hours: float) -> list[float]:
    there = presence(records)
    there = there[there["team"] == team]
    edges = np.arange(0, hours * 3600 + 1, 1800.0)
    inside = [
        (np.minimum(there["ended_at"], end) - np.maximum(there["started_at"], begin)).clip(lower=0).sum()
        for begin, end in pairwise(edges)
    ]
    return [round(float(seconds) / 1800, 4) for seconds in inside]


ONE = [2 - 10 / 30, 2, 1.5 - 15 / 30, 1 - 15 / 30, 0, 0, 0, 0]
"""Anna from opening to 10:00 without 09:15 to 09:45; Bo to 09:15 without 08:20 to 08:30."""
TWO = [0, 0, 0, 0, 1, 1, 1, 2]


def test_agents_present_by_half_hour_are_those_counted_by_hand(tmp_path: Path) -> None:
    day = people(tmp_path)
    records = run(day)
    assert present_by_half_hour(records, "one", 4) == pytest.approx(ONE, abs=1e-4)
    assert present_by_half_hour(records, "two", 4) == TWO
    edges = np.arange(0, 4 * 3600 + 1, 1800.0)
    assert agents_on_duty(day, day.teams["one"], edges) == pytest.approx(ONE)
    assert agents_on_duty(day, day.teams["two"], edges) == pytest.approx(TWO)


def test_one_person_of_several_teams_is_one_agent_under_their_own_name(tmp_path: Path) -> None:
    records = run(people(tmp_path, calls=40))
    tables = records.tasks["agent_id"], records.requests["agent"], records.agent_states["agent"]
    for column in tables:
        assert [*column.cat.categories] == ["Anna Berg", "Bo", "1047"]
    tasks = records.tasks[records.tasks["agent_id"] == "Anna Berg"]
    by_team = tasks.groupby("team", observed=True)
    assert set(by_team.groups) == {"one", "two"}
    last_in_one = by_team.get_group("one")["task_end_time"].max()
    assert by_team.get_group("two")["task_reserved_time"].min() >= max(7200, last_in_one)
    assert set(by_team.get_group("one")["queue_id"]) == {"sales"}
    assert set(by_team.get_group("two")["queue_id"]) == {"help"}


def test_what_is_open_is_finished_before_the_next_stint_begins(tmp_path: Path) -> None:
    rows = "person,team,date,from,to\nAnna,one,2026-03-02,08:00,09:00\nAnna,two,2026-03-02,09:00,12:00\n"
    day = people(tmp_path, rows).set(
        {"arrivals.0.per_hour": [30, 0, 0, 0], "arrivals.0.every": "1h", "queues.sales.handle_time": "90m"}
    )
    records = run(day)
    (task,) = records.tasks[records.tasks["task_answered_time"].notna()].itertuples()
    there = presence(records)
    assert task.task_end_time == pytest.approx(task.task_answered_time + 90 * 60 + 20)
    assert 5400 < task.task_end_time < 4 * 3600
    assert [*there["team"]] == ["one", "two"]
    assert there.iloc[1]["started_at"] == task.task_end_time


def test_levels_of_the_file_come_before_the_teams(tmp_path: Path) -> None:
    """Bo helps too, at level 1; a queue that asks for 2 has nobody of team one."""
    day = people(tmp_path, calls=40)
    assert [dict(one.skills) for one in day.teams["one"].members] == [{"sales": 3}, {"sales": 3, "help": 1}]
    tasks = run(day).tasks
    assert set(tasks[tasks["agent_id"] == "Bo"]["queue_id"]) == {"sales", "help"}
    picky = day.set("queues.help.steps", [{"needs": "help >= 2"}])
    tasks = run(picky).tasks
    assert set(tasks[tasks["agent_id"] == "Bo"]["queue_id"]) == {"sales"}


def test_who_begins_with_a_meeting_takes_no_call_before(tmp_path: Path) -> None:
    rows = "person,date,from,to,activity\nAnna,2026-03-02,08:00,12:00,\nAnna,2026-03-02,08:00,08:30,Meeting\n"
    teams = "teams: {one: {skills: {sales: 3, help: 1}, roster: r.csv}}\n"
    records = run(people(tmp_path, rows, teams, calls=60))
    states = records.agent_states[records.agent_states["medium"] == ""]
    assert states.iloc[0][["state", "reason", "started_at", "ended_at"]].tolist() == [
        "NOT_READY",
        "break",
        0,
        1800,
    ]
    assert records.tasks["task_answered_time"].min() == 1800


def test_an_ordinary_shift_that_begins_with_a_break_takes_no_call_before(tmp_path: Path) -> None:
    shift = '{from: "08:30", to: "12:00", agents: 1, breaks: [{at: "08:30", for: 30m}]}'
    teams = f"teams: {{one: {{skills: {{sales: 3, help: 1}}, shifts: [{shift}]}}}}\n"
    assert run(people(tmp_path, teams=teams, calls=60)).tasks["task_answered_time"].min() == 3600


UNSURE = """\
teams:
  one: {skills: {sales: 3}, accept: {probability: 60%}, after_ring: {voice: {not_ready: {exponential: {mean: 2m}}}},
        pauses: {every: {exponential: {mean: 40m}}, for: {exponential: {mean: 5m}}}}
  two: {skills: {help: 2}}
roster: r.csv
"""


def pauses_of(records: Records) -> dict[str, list[tuple[float, float]]]:
    states = records.agent_states[records.agent_states["reason"] == "pause"]
    return {
        str(name): [*zip(own["started_at"], own["ended_at"], strict=True)]
        for name, own in states[states["medium"] == ""].groupby("agent", observed=True)
    }


def test_a_row_inserted_redraws_nobody_else(tmp_path: Path) -> None:
    before = pauses_of(run(people(tmp_path, teams=UNSURE)))
    assert before["Bo"]
    assert before["Anna Berg"]
    head, *rest = PEOPLE.splitlines(keepends=True)
    more = pauses_of(
        run(people(tmp_path, head + "Zoe,one,2026-03-02,08:00,12:00,,\n" + "".join(rest), UNSURE))
    )
    assert {name: more[name] for name in before} == before
    assert more["Zoe"] not in before.values()


BOTH = """\
person,team,date,from,to,activity
Ann,two,2026-03-02,08:00,10:00,
Ann,,2026-03-02,08:00,08:10,Meeting
Ann,one,2026-03-02,10:00,12:00,
"""


def test_who_begins_in_a_team_named_later_begins_once(tmp_path: Path) -> None:
    """Their pauses are drawn once for each, so they are the same whichever team the scenario names first."""
    habits = "pauses: {every: {exponential: {mean: 20m}}, for: {exponential: {mean: 5m}}}"
    one, two = f"one: {{skills: {{sales: 3}}, {habits}}}", f"two: {{skills: {{help: 2}}, {habits}}}"
    found = [
        pauses_of(run(people(tmp_path, BOTH, f"teams:\n  {first}\n  {then}\nroster: r.csv\n")))
        for first, then in ((one, two), (two, one))
    ]
    assert found[0] == found[1]
    assert len(found[0]["Ann"]) > 3


def test_who_has_left_a_team_is_not_away_there(tmp_path: Path) -> None:
    """Ann misses a call in team one and is NOT_READY there until after 10:00; until 11:30 they are in two."""
    rows = "person,team,from,to\nAnn,one,08:00,10:00\nAnn,two,10:00,11:30\nAnn,one,11:30,12:00\n"
    one = "{skills: {sales: 3}, accept: {probability: 1%}, after_ring: {voice: {not_ready: 118m}}}"
    day = people(
        tmp_path, rows, f"teams: {{one: {one}, two: {{skills: {{help: 2}}}}}}\nroster: r.csv\n", calls=20
    )
    states = run(day).agent_states
    in_one = states[states["team"] == "one"]
    assert in_one[in_one["reason"] == "ring"].iloc[0]["ended_at"] == 7200
    began = in_one["started_at"]
    assert not ((began > 7200) & (began < 12600)).any()


PLAIN = """\
teams:
  one: {skills: {sales: 3}, accept: {probability: 60%}, after_ring: {voice: {not_ready: {exponential: {mean: 2m}}}}ONE}
  two: {skills: {help: 2, sales: 1}, pauses: {every: {exponential: {mean: 40m}}, for: {exponential: {mean: 5m}}}TWO}
"""
LATE = '{from: "09:00", to: "12:00", agents: 1}'
NIGHT = '{from: "22:00", to: "30:00", agents: 1, breaks: [{at: "26:00", for: 20m}]}'


def tables_of(records: Records) -> dict[str, pd.DataFrame]:
    return {name: getattr(records, name) for name in ("requests", "tasks", "conversations", "agent_states")}


@pytest.mark.slow
@pytest.mark.parametrize(("second", "lasts"), [(LATE, "4h"), (NIGHT, "40h")])
def test_a_roster_written_and_read_again_gives_the_same_run(second: str, lasts: str, tmp_path: Path) -> None:
    first = '{from: "08:00", to: "11:00", agents: 2, breaks: [{at: "09:00", for: 10m}]}'
    one, two = f", shifts: [{first}, {second}]", ', shifts: [{from: "08:30", to: "11:30", agents: 2}]'
    teams = PLAIN.replace("ONE", one).replace("TWO", two)
    shifts = loads(HEAD.format(lasts=lasts, calls=30) + teams, "day.yaml", tmp_path)
    (file,) = sim.export(sim.run(shifts, 1, jobs=1), "roster", tmp_path / "out")
    without = PLAIN.replace("ONE", "").replace("TWO", "") + "roster: r.csv\n"
    again = people(tmp_path, file.read_text(), without, lasts, calls=30)
    before, after = tables_of(run(shifts)), tables_of(run(again))
    assert len(before["tasks"]) > 50
    for name, table in before.items():
        pd.testing.assert_frame_equal(after[name], table)
    (file,) = sim.export(sim.run(again, 1, jobs=1), "roster", tmp_path / "twice")
    assert file.read_text() == (tmp_path / "r.csv").read_text()


def test_a_roster_with_levels_and_two_teams_comes_back_too(tmp_path: Path) -> None:
    day = people(tmp_path, calls=40)
    (file,) = sim.export(sim.run(day, 1, jobs=1), "roster", tmp_path / "out")
    (tmp_path / "other").mkdir()
    again = people(tmp_path / "other", file.read_text(), calls=40)
    after = tables_of(run(again))
    for name, table in tables_of(run(day)).items():
        pd.testing.assert_frame_equal(after[name], table)
    assert again.hash == day.hash


WEEK = """\
calendar: {from: 2026-03-27, days: 4, time_zone: Europe/Berlin, open: {mon-sun: "08:00-18:00", sat: "09:00-12:00"},
           holidays: [2026-03-30]}
seed: 5
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {sales: {medium: voice, handle_time: 4m}}
teams: {one: {skills: {sales: 3}}}
roster: r.csv
arrivals: [{channel: phone, queue: sales, per_hour: 0}]
"""
WEEK_ROWS = """\
person,date,from,to,activity
Ann,fri-sun,08:00,16:00,
Ann,fri-sun,12:00,12:30,Lunch
Ann,2026-03-28,09:00,12:00,
Bo,Friday,09:00,18:00,
Bo,Sunday,01:00,10:00,
Cem,2026-03-29,08:00,18:00,
Cem,2026-03-29,,,Sick
"""


def test_dates_and_weekdays_of_a_calendar_with_a_clock_change_and_a_holiday(tmp_path: Path) -> None:
    """Sunday has no hour from 2 to 3: Bo, from 1 to 10 by the clock, is there 8 hours; Monday is closed."""
    (tmp_path / "r.csv").write_text(WEEK_ROWS)
    week = loads(WEEK, "week.yaml", tmp_path)
    hours: dict[tuple[str, str], float] = {}
    for day in week.days:
        states = simulate(day.scenario, draw(day.scenario)).agent_states
        there = states[(states["medium"] == "") & (states["state"] == "READY")]
        for name, own in there.groupby("agent", observed=True):
            hours[day.name, str(name)] = float((own["ended_at"] - own["started_at"]).sum()) / 3600
    assert hours == pytest.approx(
        {
            ("2026-03-27", "Ann"): 7.5, ("2026-03-27", "Bo"): 9.0, ("2026-03-28", "Ann"): 3.0,
            ("2026-03-29", "Ann"): 7.5, ("2026-03-29", "Bo"): 8.0,
        }
    )  # fmt: skip


def test_a_roster_of_one_team_alone(tmp_path: Path) -> None:
    own = "teams: {one: {skills: {sales: 3, help: 1}, roster: {file: r.csv, team: team}}}\n"
    rows = "person,team,from,to\nAnna,one,08:00,12:00\n"
    assert present_by_half_hour(run(people(tmp_path, rows, own, calls=10)), "one", 4) == [1.0] * 8


def test_a_person_may_serve_other_media_in_one_team_than_in_the_next(tmp_path: Path) -> None:
    """Held while it runs: on each medium their states tile the time in the teams that serve it."""
    (tmp_path / "r.csv").write_text(
        "person,team,from,to\nEva Sand,one,08:00,10:00\nEva Sand,two,10:00,12:00\n"
    )
    scenario = loads(
        HEAD.format(lasts="4h", calls=6) + TEAMS, "day.yaml", tmp_path,
        {"media.chat": {"max_tasks": 2}, "channels.web": {"medium": "chat"}, "queues.help.medium": "chat",
         "arrivals.1.channel": "web"},
    )  # fmt: skip
    states = simulate(scenario, draw(scenario), paranoid=True).agent_states
    served = states[["team", "medium"]].drop_duplicates().to_numpy().tolist()
    assert sorted(served) == [["one", ""], ["one", "voice"], ["two", ""], ["two", "chat"]]


WATCHED = """\
teams:
  one: {skills: {sales: 3}}
  two: {skills: {help: 2}}
  watch: {role: supervisor}
supervision: {team: watch, queues: [sales], probability: 100%, after: 10s, lasts: 20s}
roster: r.csv
"""


def test_of_supervisors_the_first_of_their_own_team_looks_in(tmp_path: Path) -> None:
    """Ann is the first agent of all, being of team one as well; in the watch they are the second."""
    rows = (
        "person,team,from,to\nZed,watch,08:00,12:00\nAnn,one,08:00,08:10\nAnn,watch,08:10,12:00\n"
        "Bo,one,08:00,12:00\nCem,two,08:00,12:00\n"
    )
    scenario = people(tmp_path, rows, WATCHED)
    call = {"at": 1200, "channel": "phone", "queue": "sales", "handle_time": 60}
    events = on_both(scenario, by_hand(scenario, [call])).events
    assert events[events["event"] == "monitor_joined"]["agent"].tolist() == ["Zed"]


def test_a_person_may_be_absent_for_a_day(tmp_path: Path) -> None:
    """Bo, of one team with half of it absent, is there on some days; 1047, of the other, on all of them."""
    day = people(tmp_path, teams=TEAMS.replace("wrap_up: 20s", "wrap_up: 20s, absence: 50%"))
    there = [set(run(day, replication).agent_states["agent"]) for replication in range(8)]
    assert 0 < sum("Bo" in one for one in there) < 8
    assert all("1047" in one for one in there)


def test_on_a_date_apart_nobody_comes_whose_shift_begins_after_closing(tmp_path: Path) -> None:
    """On Friday it closes at 18:00, when Bo still works: the second who called at 17:00 is left."""
    (tmp_path / "r.csv").write_text("person,date,from,to\nBo,fri,17:30,18:30\nAnn,fri,18:00,23:00\n")
    week = loads(WEEK, "week.yaml", tmp_path, {"queues.sales.handle_time": "2h"})
    calls = [{"at": 17 * 3600, "channel": "phone", "queue": "sales"} for _ in range(2)]
    friday = week.days[0].scenario
    requests = on_both(friday, by_hand(week, calls).days[0]).requests
    assert requests["outcome"].tolist() == ["answered", "unfinished"]


CAME_BACK = {
    "queues.sales.transfer": {"probability": 0.5, "to": {"help": 1}}, "channels.phone.request_ttl": 70,
    "routing.last_agent": True, "customers.after_no_agent": {"ask_again": 1, "after": "2h"},
}  # fmt: skip


def test_r2_35_the_last_agent_is_asked_first_also_in_another_team(tmp_path: Path) -> None:
    """Pat is handed on, finds nobody and asks again two hours later, when Ann is of team two, and Bo idle in one."""
    rows = "person,team,from,to\nAnn,one,08:00,09:00\nAnn,two,09:30,12:00\nBo,one,08:00,12:00\n"
    scenario = people(tmp_path, rows).set(CAME_BACK)
    pat = {"at": 0, "channel": "phone", "queue": "sales", "handle_time": 60, "transfer": [0.0, 0.9]}
    events = on_both(scenario, by_hand(scenario, [pat])).events
    assert events[events["event"] == "accepted"]["agent"].tolist() == ["Ann", "Ann"]
    rows += "Cem,three,11:30,12:00\n"  # so that somebody serves the other queue
    three = TEAMS.replace("roster", "  three: {skills: {help: 1}}\nroster").replace(
        "{skills: {help: 2}}", "{role: supervisor}"
    )
    supervises = people(tmp_path, rows, three).set(CAME_BACK)
    events = on_both(supervises, by_hand(supervises, [pat])).events
    assert events[events["event"] == "accepted"]["agent"].tolist() == ["Ann", "Bo"]


def test_recorded_contacts_name_a_person(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(
        "contact_id,channel,queue,offered_at,handle_time_s,agent\n1,phone,sales,08:10,60,Bo\n"
    )
    rows = "person,team,from,to\nAnn,one,08:00,12:00\nBo,one,08:00,12:00\nCem,two,08:00,12:00\n"
    scenario = people(tmp_path, rows).set("arrivals", [{"replay": "d.csv"}])
    assert simulate(scenario, draw(scenario)).requests["agent"].tolist() == ["Bo"]
    (tmp_path / "d.csv").write_text((tmp_path / "d.csv").read_text().replace("Bo", "one-2"))
    with pytest.raises(ScenarioError, match="has the agent `one-2`, whom no team has; "):
        people(tmp_path, rows).set("arrivals", [{"replay": "d.csv"}])


def test_recorded_contacts_name_a_person_who_is_called_as_if_of_another_team(tmp_path: Path) -> None:
    log = "contact_id,channel,queue,offered_at,handle_time_s,agent\n1,phone,sales,08:10,60,three-2\n"
    (tmp_path / "d.csv").write_text(log)
    rows = "person,team,from,to\nAnn,one,08:00,12:00\nthree-2,one,08:00,12:00\nCem,two,08:00,12:00\n"
    scenario = people(
        tmp_path, rows, TEAMS.replace("roster", "  three: {agents: 1, skills: {help: 1}}\nroster")
    )
    scenario = scenario.set("arrivals", [{"replay": "d.csv"}])
    assert simulate(scenario, draw(scenario)).requests["agent"].tolist() == ["three-2"]
