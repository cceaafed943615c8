"""A week of dates: each is the day that it is alone, and together they are the week."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from engine.compiled.both_engines import needs_the_library

import sim
from sim.cli import main
from sim.engine import simulate
from sim.engine.compiled import simulation
from sim.engine.engines import EngineName
from sim.errors import SimError
from sim.metrics import measure
from sim.metrics.metric import PLACE_COLUMNS
from sim.scenario import Scenario, loads
from sim.scenario.budget import cap_of
from sim.scenario.single_days import only_on
from sim.workload import by_hand, draw

HOUR = 3600.0
WEEK = """\
name: Week
calendar:
  from: 2026-03-27
  days: 11
  time_zone: Europe/Berlin
  open: {mon-fri: "08:00-12:00", sat: "09:00-11:00", sun: "10:00-12:00"}
  holidays: [2026-04-03]
seed: 5
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  hotline:
    medium: voice
    handle_time: {exponential: {mean: 4m}}
    patience: {exponential: {mean: 3m}}
    service_level: {within: 20s, target: 80%}
  mail: {medium: voice, handle_time: 5m}
teams:
  desk:
    skills: {hotline: 5, mail: 1}
    absence: 10%
    accept: {probability: 95%, delay: {exponential: {mean: 4s}}}
    wrap_up: 20s
    cost_per_hour: 20
    shifts:
      - {days: mon-fri, from: "07:30", to: "10:00", agents: 3}
      - {days: mon-fri, from: "09:00", to: "12:00", agents: 4, breaks: [{at: "10:30", for: 15m}]}
      - {days: sat, from: "09:00", to: "11:00", agents: 2}
      - {days: sun, from: "10:00", to: "12:00", agents: 1}
  spare: {agents: 1, skills: {mail: 3}}
arrivals:
  - channel: phone
    queue: hotline
    per_hour: {mon-fri: [40, 60, 80, 60], sat: [20, 30], sun: 12}
    busyness: {sd: 20%, interval_sd: 10%}
  - {channel: phone, queue: mail, per_hour: 6}
busyness: {sd: 10%}
"""


@pytest.fixture(scope="module")
def week() -> Scenario:
    return loads(WEEK)


@pytest.fixture(scope="module")
def result(week: Scenario) -> sim.Result:
    return sim.run(week, 6, jobs=1)


def rows_of(figures: pd.DataFrame, day: str) -> pd.DataFrame:
    return figures[figures["day"] == day].reset_index(drop=True)


@pytest.mark.parametrize("day", ["2026-03-27", "2026-03-28", "2026-03-29", "2026-04-06"])
def test_the_rows_of_a_day_are_those_of_the_day_alone(week: Scenario, result: sim.Result, day: str) -> None:
    alone = sim.run(only_on(week, day, None, None), 6, jobs=1)
    pd.testing.assert_frame_equal(rows_of(result.figures, day), rows_of(alone.figures, day), check_exact=True)
    # And of a day alone all its rows are its whole.
    whole = rows_of(alone.figures, "").merge(
        rows_of(alone.figures, day), on=["metric", *PLACE_COLUMNS[:6], "interval"]
    )
    assert len(whole) > 300
    assert (whole["value_x"] == whole["value_y"]).all()


def test_a_day_has_the_same_customers_and_agents_alone_and_in_its_week(week: Scenario) -> None:
    alone = only_on(week, "2026-03-31", None, None)
    together = simulate(week, draw(week, 3))
    single = simulate(alone, draw(alone, 3))
    at = next(i for i, one in enumerate(week.days) if one.name == "2026-03-31")
    for name in ("requests", "tasks", "conversations", "agent_states"):
        found = getattr(together.days[at], name)
        pd.testing.assert_frame_equal(found, getattr(single.days[0], name), check_exact=True)


@pytest.mark.parametrize("engine", ["simpy", pytest.param("compiled", marks=needs_the_library)])
def test_a_week_takes_the_events_of_its_days_and_no_more(week: Scenario, engine: EngineName) -> None:
    """Counted by the budget, as entries of the calendar of each date: 10 open dates, and those dates alone."""

    def entries(scenario: Scenario) -> float:
        cap = cap_of([scenario], 1, "1e9")
        assert cap is not None
        simulate(scenario, draw(scenario, 3), cap=cap, engine=engine)
        return cap.spent

    alone = [entries(only_on(week, day.name, None, None)) for day in week.days]
    assert len(alone) == 10
    assert entries(week) == sum(alone) > 10 * 100


def test_two_mondays_have_customers_of_their_own(week: Scenario) -> None:
    workload = draw(week, 0)
    first, second = (workload.days[at].streams[0].times for at in (3, 9))
    assert [week.days[at].name for at in (3, 9)] == ["2026-03-30", "2026-04-06"]
    assert not np.array_equal(first[:10], second[:10])


def test_the_week_is_the_sum_of_its_days(week: Scenario, result: sim.Result) -> None:
    dates = [one.name for one in week.days]
    assert dates[6] == "2026-04-02"
    assert "2026-04-03" not in dates
    for metric in ("offered", "answered", "abandoned", "cost", "overtime", "conversations"):
        days = [result.figure(metric, day=date).value for date in dates]
        assert result.figure(metric).value == pytest.approx(sum(days))
    within = [result.figure("answered_within", day=date).value for date in dates]
    assert result.figure("answered_within").value == pytest.approx(sum(within))
    most = [result.figure("queue_length_max", day=date) for date in dates]
    assert result.figure("queue_length_max").max == max(one.max for one in most)


def test_waits_of_the_week_are_ranked_together(week: Scenario) -> None:
    records = simulate(week, draw(week, 0))
    found = measure(records, week)
    waits = records.requests.query("outcome == 'answered'")["wait"]
    assert found.value("wait_p90") == pytest.approx(np.percentile(waits, 90))
    assert found.value("wait_max") == waits.max()
    monday = records.requests[(records.requests["placed_at"] // (24 * HOUR)).isin([2, 3, 9, 10])]
    clock = (monday["placed_at"] + HOUR) % (24 * HOUR)  # after the change of 29 March
    nine = monday[(clock >= 9 * HOUR) & (clock < 9.5 * HOUR) & (monday["outcome"] == "answered")]
    of_mondays = nine[nine["placed_at"] // (24 * HOUR) != 9.5]
    assert found.value("asa", day="2026-03-30", interval="09:00") == pytest.approx(
        of_mondays[of_mondays["placed_at"] < 5 * 24 * HOUR]["wait"].mean()
    )


def test_repeated_weekdays_have_the_mean_of_their_days(result: sim.Result) -> None:
    mondays = [
        result.figure("offered", day=day, interval="09:00").value for day in ("2026-03-30", "2026-04-06")
    ]
    assert result.figure("offered", day="mon", interval="09:00").value == pytest.approx(np.mean(mondays))
    assert result.figure("offered", day="tue").value == result.figure("offered", day="2026-03-31").value
    with pytest.raises(SimError, match=r"no day `sunday`; did you mean `sun`\?"):
        result.figure("offered", day="sunday")


@pytest.mark.slow
def test_hand_counted_agents_and_costs(week: Scenario) -> None:
    # Nobody is absent and nobody calls: 07:30-10:00 three, 09:00-12:00 four (15 min of them on a break).
    quiet = week.set({"teams.desk.absence": 0, "arrivals.0.per_hour": 0, "arrivals.1.per_hour": 0})
    found = sim.run(quiet, 1, jobs=1)
    assert found.figure("cost", team="desk", day="2026-03-31").value == 20 * (3 * 2.5 + 4 * 3)
    assert found.figure("cost", team="desk", day="2026-03-28").value == 20 * 2 * 2
    # Fri 27, Mon 30 to Thu 2, Mon 6: six working days; two Saturdays and two Sundays.
    assert found.figure("cost").value == 20 * (6 * 19.5 + 2 * 4 + 2 * 2)
    there = {at: found.figure("agents_there", team="desk", day="2026-03-31", interval=at).value
             for at in ("07:00", "07:30", "09:00", "10:00", "10:30", "11:30")}  # fmt: skip
    assert there == pytest.approx({"07:00": 0, "07:30": 3, "09:00": 7, "10:00": 4, "10:30": 2, "11:30": 4})


def test_tables_are_on_the_clock_of_the_calendar_and_numbered_through(week: Scenario) -> None:
    records = simulate(week, draw(week, 0))
    requests, conversations = records.requests, records.conversations
    assert requests["conversation_id"].is_unique
    midnights = [day.midnight_s for day in week.days]
    by_day = conversations.groupby(np.searchsorted(midnights, conversations["arrived_at"]))
    numbers = by_day["conversation_id"].agg(["min", "max"])
    assert (numbers["min"].to_numpy()[1:] == numbers["max"].to_numpy()[:-1] + 1).all()
    assert set(requests["conversation_id"]) <= set(conversations["conversation_id"])
    first = [
        conversations["arrived_at"][conversations["arrived_at"] >= day.midnight_s].min() for day in week.days
    ]
    for day, at in zip(week.days, first, strict=True):
        assert day.opens_s <= at - day.midnight_s < day.closes_s
    # Sunday 29 March opens at 10:00, nine hours after midnight; the day after begins 71 hours after Friday's.
    assert (week.days[2].opens_s, week.days[3].midnight_s) == (9 * HOUR, 71 * HOUR)
    stays = records.agent_states
    assert (stays["ended_at"] > stays["started_at"]).all()


def test_contacts_by_hand_have_times_from_the_first_midnight(week: Scenario) -> None:
    contacts: list[Mapping[str, Any]] = [
        {"at": 8 * HOUR, "channel": "phone", "queue": "hotline", "handle_time": 60},
        {"at": 71 * HOUR + 9 * HOUR, "channel": "phone", "queue": "hotline", "handle_time": 90},
    ]
    records = simulate(week, by_hand(week, contacts))
    assert records.requests["placed_at"].tolist() == [8 * HOUR, 80 * HOUR]
    with pytest.raises(SimError, match=r"contact 0: at 75600\.0 s it is closed"):
        by_hand(week, [{"at": 21 * HOUR, "channel": "phone", "queue": "hotline"}])
    with pytest.raises(SimError, match=r"contact 0: at -1\.0 s it is closed"):
        by_hand(week, [{"channel": "phone", "queue": "hotline"}])


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_both_engines_agree(week: Scenario, engine: str) -> None:
    from sim.engine.engines import built

    if built().name != "compiled":
        pytest.skip("the compiled engine is not built")
    base = simulate(week, draw(week, 1), engine="simpy")
    other = simulate(week, draw(week, 1), engine=engine)  # type: ignore[arg-type]
    for name in ("requests", "tasks", "conversations", "agent_states"):
        pd.testing.assert_frame_equal(getattr(base, name), getattr(other, name), check_exact=True)


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_a_saved_week_is_told_by_day(
    week: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "week.yaml").write_text(WEEK, encoding="utf-8")
    folder = tmp_path / "out"
    command = ["run", str(tmp_path / "week.yaml"), "--replications", "2", "--jobs", "1", "--out", str(folder)]
    assert main([*command, "--by", "day", "--by", "interval"]) == 0
    shown = capsys.readouterr()
    assert "Sun 2026-03-29" in shown.out
    assert "By interval, hotline, Mon 2026-03-30" in shown.out
    assert "2026-03-29 has 23 hours, as the clock goes forward" in shown.err
    again = sim.open(folder)
    figures = sim.run(week, 2, jobs=1).figures
    assert again.figure("offered", day="2026-03-28").value == figures[
        (figures["metric"] == "offered") & (figures["day"] == "2026-03-28")
        & (figures[[*PLACE_COLUMNS[:6], "interval"]] == "").all(axis=1)
    ]["value"].item()  # fmt: skip
    by = again.by("interval")
    assert {"queue", "day", "interval"} <= {*by}
    page = again.report(tmp_path / "week.html").read_text(encoding="utf-8")
    assert "Friday 27 March 2026 to Monday 6 April 2026, 10 of 11 days open" in page


def test_one_day_is_run_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "week.yaml").write_text(WEEK, encoding="utf-8")
    command = ["run", str(tmp_path / "week.yaml"), "--replications", "1", "--jobs", "1"]
    assert main([*command, "--day", "sat", "--out", str(tmp_path / "a")]) == 2
    assert "open days of the calendar are 2026-03-28 and 2026-04-04; name the date" in capsys.readouterr().err
    assert main([*command, "--day", "tue", "--out", str(tmp_path / "b")]) == 0
    assert {*sim.open(tmp_path / "b").figures["day"]} == {"", "2026-03-31"}
    dates = ["--from", "2026-03-28", "--to", "2026-03-30", "--out", str(tmp_path / "c")]
    assert main([*command, *dates]) == 0
    assert {*sim.open(tmp_path / "c").figures["day"]} == {"", "2026-03-28", "2026-03-29", "2026-03-30"}


def test_a_comparison_is_on_the_same_week(week: Scenario) -> None:
    compared = sim.compare(week, week.set("teams.spare.agents", 2), replications=2, jobs=1)
    assert {row.same_customers for row in compared.differences} == {True}


@needs_the_library
def test_what_is_kept_of_a_date_serves_every_replication(monkeypatch: pytest.MonkeyPatch) -> None:
    """So a week costs no more than its days: nothing of a date is put together twice."""
    week, made = loads(WEEK), list[str]()

    class Counted(simulation.World):
        def __init__(self, scenario: Scenario, centre: Any) -> None:
            made.append(scenario.opens.isoformat())
            super().__init__(scenario, centre)

    monkeypatch.setattr(simulation, "World", Counted)
    for replication in range(3):
        simulate(week, draw(week, replication), engine="compiled")
    assert len(made) == len(week.days)


def test_the_formulas_of_one_date_stand_beside_its_own_figures(week: Scenario) -> None:
    """From its opening on; the agents needed are those of an ordinary day of the same half hours."""
    saturday = only_on(week, "2026-03-28", None, None)
    found = sim.erlang(saturday, replications=3, jobs=1)
    rows = [row for row in found.rows.itertuples() if row.queue == "hotline"]
    assert [row.interval for row in rows] == ["09:00", "09:30", "10:00", "10:30"]
    alone = sim.run(saturday, 3, jobs=1)
    simulated = found.result.figure("service_level", queue="hotline")
    assert simulated.value == alone.figure("service_level", queue="hotline").value


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_what_is_for_one_day_says_so(week: Scenario, engine: str) -> None:
    del engine
    with pytest.raises(SimError, match="the calendar has 10 open dates, and this is about one; choose it"):
        sim.staff(week)
    with pytest.raises(SimError, match="batches are parts of one long run"):
        sim.run(week, batches=4)


RETURNS = (
    WEEK
    + """\
customers: {after_abandon: {come_back: 100%, after: 13h, at_most: 1}}
"""
)


def test_a_return_on_another_day_is_not_followed_and_counted() -> None:
    # Patience is 0: whoever calls before eleven is back on the same day, thirteen hours later; the others are not.
    week = loads(RETURNS).set(
        {"calendar.days": 1, "calendar.from": "2026-03-31", "queues.hotline.patience": 0, "arrivals.1.per_hour": 0,
         "teams.desk.accept.probability": 1, "teams.desk.accept.delay": "5s"}
    )  # fmt: skip
    (day,) = week.days
    contacts = [{"at": at * HOUR, "channel": "phone", "queue": "hotline"} for at in (8, 10, 10.5, 11, 11.5)]
    for engine in ("simpy", "compiled"):
        records = simulate(week, by_hand(week, contacts), engine=engine)  # type: ignore[arg-type]
        assert records.days[0].ending.returns_elsewhere == 2
        assert len(records.conversations) == 5 + 3
        assert measure(records, week).value("returns_another_day") == 2
        assert measure(records, week).value("returns_another_day", day=day.name) == 2


@pytest.mark.slow
def test_targets_of_a_week_are_decided_with_what_is_open(week: Scenario) -> None:
    """Mail comes and nobody reads it: it is open when each day's work is done, and every day may miss its target."""
    target = {"metric": "no_agent_rate", "queue": "mail", "each": "day", "at_most": "1%"}
    late = week.set(
        {"teams.spare.skills": {"mail": 1}, "teams.spare.absence": "99%", "teams.desk.skills": {"hotline": 5},
         "arrivals.1.per_hour": 30, "targets": [target]}
    )  # fmt: skip
    found = sim.run(late, 3, jobs=1)
    assert found.figure("unfinished", queue="mail", day="2026-03-29").value > 0
    assert found.extremes is not None
    answered, never = (
        one[
            (one["metric"] == "no_agent_rate")
            & (one["queue"] == "mail")
            & (one[["kind", "interval"]] == "").all(axis=1)
        ]
        for one in found.extremes
    )
    dates = [one.name for one in late.days]
    days = [one.set_index("day")["value"].reindex(dates) for one in (answered, never)]
    assert (days[0] == 0).all()
    assert (days[1] > 0.5).any()
