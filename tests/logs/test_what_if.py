"""What a day of a log would have been with one agent more: worked out by hand, and told by the command."""

import json
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.logs.reading import read_log
from sim.logs.tested_days import TestedDays

LOG = """\
queue,offered_at,answered_at,ended_at,agent,wrap_up_s
q,2026-03-03 09:00:00,2026-03-03 09:00:00,2026-03-03 09:10:00,1,0
q,2026-03-03 09:01:00,,2026-03-03 09:03:00,,
q,2026-03-03 09:02:00,2026-03-03 09:10:00,2026-03-03 09:12:00,1,0
"""
DAY = """\
name: Small
opens: 2026-03-02 09:00
lasts: 1h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  q: {medium: voice, handle_time: 50s, service_level: {within: 20s, target: 80%%}, patience: 100s}
teams: {t: {%s, skills: {q: 1}}}
arrivals: [{channel: phone, queue: q, per_hour: 3}]
"""


@pytest.fixture
def day(tmp_path: Path) -> Path:
    (tmp_path / "calls.csv").write_text(LOG)
    path = tmp_path / "day.yaml"
    path.write_text(DAY % "agents: 1")
    return path


def what_if(path: Path, key: str, value: object) -> dict[str, dict[str, float]]:
    found = sim.backtest(sim.load(path).set(key, value), path.with_name("calls.csv"), replications=2, jobs=1)
    rows = found.differences.query("queue == 'q' and day == ''").set_index("metric")
    return {metric: row.to_dict() for metric, row in rows.iterrows()}


def test_the_days_replayed_as_they_were_are_those_of_the_log(day: Path) -> None:
    """One agent: 600 s, then the third, who waited 480 s, longer than the law's patience; the second left after 120."""
    found = what_if(day, "teams.t.agents", 2)
    for metric, seen in (
        ("abandon_rate", 1 / 3),
        ("service_level", 1 / 3),
        ("asa", 240.0),
        ("handle_time", 360.0),
    ):
        assert found[metric]["observed"] == pytest.approx(seen)
        assert found[metric]["replayed"] == pytest.approx(seen)


def test_with_one_agent_more_nobody_waits(day: Path) -> None:
    """The second is answered at once for the law's 50 s, the third 10 s later for their own 120 s."""
    found = what_if(day, "teams.t.agents", 2)
    changed = {metric: row["changed"] for metric, row in found.items()}
    assert changed == pytest.approx(
        {"offered": 3, "abandon_rate": 0, "service_level": 1, "asa": 0, "handle_time": (600 + 50 + 120) / 3}
    )
    assert found["abandon_rate"]["difference"] == pytest.approx(-1 / 3)
    assert found["abandon_rate"]["half_width"] == 0  # nothing is left to chance


def test_more_agents_than_the_head_count_has_are_there_all_day(day: Path) -> None:
    day.write_text(DAY % "head_count: {every: 20m, agents: [1, 1, 0]}")
    scenario = sim.load(day).set("teams.t.agents", 2)
    found = sim.backtest(scenario, day.with_name("calls.csv"), replications=2, jobs=1)
    assert found.changed == ("teams.t.agents=2 (1 more all day)",)
    row = found.differences.query("queue == '' and day == '' and metric == 'asa'").iloc[0]
    assert (row["replayed"], row["changed"]) == (240, 0)


def test_another_routing_or_law_is_a_what_if_too(day: Path) -> None:
    """With a wrap-up of 30 s of the log's own nothing changes: the log says 0; with one of the queue's neither."""
    found = what_if(day, "teams.t.wrap_up", "30s")
    assert found["asa"]["difference"] == 0
    found = what_if(day, "queues.q.service_level.within", "9m")
    assert found["service_level"]["replayed"] == found["service_level"]["changed"] == pytest.approx(2 / 3)


@pytest.mark.slow
def test_the_command_answers(day: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "asked"
    log = str(day.with_name("calls.csv"))
    asked = ["backtest", str(day), log, "--set", "teams.t.agents=2", "--replications", "2", "--jobs", "1"]
    assert main([*asked, "--out", str(out)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "2026-03-03 of calls.csv, replayed 2 times with teams.t.agents=2" in printed
    assert "Service level: 100.0 % instead of 33.3 %, +66.7 ±0.0 (observed 33.3 %)." in printed
    assert "do not have" not in printed  # replayed as it was, the day is the one observed
    opened = sim.open(out)
    assert opened.changed == ("teams.t.agents=2",)
    assert "instead of" in sim.open(out)._repr_html_()
    assert main([*asked, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["changed"] == ["teams.t.agents=2"]
    assert {"queue", "day", "metric", "observed", "replayed", "changed"} <= set(found["differences"][0])
    assert main([*asked, "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith(
        "queue,day,metric,observed,replayed,changed,difference,half_width"
    )


def test_a_queue_that_the_log_hands_on_to_is_replayed(tmp_path: Path) -> None:
    """Handed on after 60 s to another queue, whose agent is a second one: the first is free for the next."""
    (tmp_path / "calls.csv").write_text(
        "queue,offered_at,answered_at,ended_at,agent,transferred_at,transfer_to\n"
        "q,2026-03-03 09:00:00,2026-03-03 09:00:00,2026-03-03 09:10:00,1,2026-03-03 09:01:00,r\n"
        "q,2026-03-03 09:00:30,2026-03-03 09:01:00,2026-03-03 09:02:00,1,,\n"
    )
    text = (DAY % "agents: 1").replace(
        "teams: {", "  r: {medium: voice, handle_time: 9m}\nteams: {u: {agents: 1, skills: {r: 1}}, "
    )
    (tmp_path / "day.yaml").write_text(text)
    found = what_if(tmp_path / "day.yaml", "teams.t.agents", 2)
    assert (found["asa"]["replayed"], found["asa"]["changed"]) == (15, 0)
    assert found["handle_time"]["replayed"] == found["handle_time"]["observed"] == 60


def test_agents_who_never_log_in_are_no_what_if(day: Path) -> None:
    """Written in the file, agents beyond the head-count are as they are in a run: not there."""
    day.write_text(DAY % "agents: 2, head_count: {every: 20m, agents: [1, 1, 0]}")
    scenario = sim.load(day)
    assert sim.backtest(scenario, day.with_name("calls.csv"), replications=2, jobs=1).changed == ()
    tested = TestedDays(scenario, read_log(day.with_name("calls.csv")).calls, "log")
    assert tested.actual(pd.Timestamp("2026-03-03")).teams["t"].head_count.agents == (1, 1, 0)


@pytest.mark.slow
def test_a_replay_with_the_right_staff_is_the_day_that_was(tmp_path: Path) -> None:
    """Of a log that was simulated: with its true head-counts its week comes back, and laws nothing else is known of."""
    log = Path(__file__).parents[2] / "notebooks" / "two_desks.csv.gz"
    sim.calibrate(log, out=tmp_path, to="2026-02-20")
    fitted = sim.load(tmp_path / "scenario.yaml")
    right = fitted.set(
        {
            "teams.with_sales.head_count.agents": [2, 2, 3, 3, *[4] * 4, *[3] * 4, *[4] * 4, 3, 3, 2, 2],
            "teams.with_support.head_count.agents": [2, 2, 3, 3, *[4] * 4, *[3] * 10, 2, 2],
        }
    )
    (tmp_path / "right.yaml").write_text(sim.dump(right))
    asked = sim.load(tmp_path / "right.yaml").set("teams.with_sales.agents", 5)
    found = sim.backtest(asked, log, from_="2026-02-23", replications=3, jobs=1)
    whole = found.differences.query("queue == '' and day == ''").set_index("metric")
    assert found.unlike == ()
    for metric, apart in (
        ("abandon_rate", 0.005),
        ("service_level", 0.005),
        ("asa", 1.0),
        ("handle_time", 1.0),
    ):
        assert whole.loc[metric, "replayed"] == pytest.approx(whole.loc[metric, "observed"], abs=apart)
    support = found.differences.query("queue == 'support' and day == ''")
    assert (support["difference"] == 0).all()  # nobody there works for sales


def test_what_is_written_into_a_fitted_file_comes_before_its_weekdays(tmp_path: Path) -> None:
    """A head-count or a volume that the planner writes over the fitted one is that of every weekday."""
    log = Path(__file__).parents[2] / "notebooks" / "synthetic_log.csv.gz"
    sim.calibrate(log, out=tmp_path, to="2026-03-10")
    path = tmp_path / "scenario.yaml"
    text = path.read_text()
    heads = next(line for line in text.splitlines() if "head_count:" in line)
    rates = next(line for line in text.splitlines() if "per_hour:" in line)
    day, calls = pd.Timestamp("2026-03-11"), read_log(log).calls
    fitted = TestedDays(sim.load(path), calls, "log")
    by_weekday = fitted.modelled(day).arrivals[0].per_hour
    assert by_weekday != fitted.scenario.arrivals[0].per_hour  # the weekday's own
    path.write_text(
        text.replace(heads, "    head_count: {every: 8h, agents: [9]}").replace(rates, "    per_hour: 1")
    )
    written = TestedDays(sim.load(path), calls, "log").modelled(day)
    assert written.teams["common"].head_count.agents == (9,)
    assert written.arrivals[0].per_hour == 1
