"""The week that is written beside a fitted scenario: each weekday with its own contacts and head-counts."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.logs.nights import closed_edges
from sim.logs.notes import WEEK
from sim.logs.opening_hours import alike_weekdays, ordinary_days
from sim.logs.writing import write
from sim.report.calibration import calibration_text
from sim.scenario import Scenario

pytestmark = pytest.mark.slow

LOG = Path(__file__).parents[2] / "notebooks" / "synthetic_log.csv.gz"


@pytest.fixture(scope="module")
def fitted() -> "sim.Calibration":
    return sim.calibrate(LOG)


@pytest.fixture(scope="module")
def week(fitted: "sim.Calibration", tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("week") / "fitted"
    write(fitted, folder)
    return sim.load(folder / WEEK)


def expected(scenario: Scenario) -> Mapping[str, float]:
    """By weekday, the contacts that are given for its opening hours."""
    return {
        date.weekday: sum(piece.volume for stream in date.scenario.arrivals for piece in stream.pieces)
        for date in scenario.days
    }


def test_a_weekday_has_the_mean_contacts_of_its_days(week: Scenario) -> None:
    """They are counted in the log itself, of which every day is an ordinary one."""
    offered = pd.to_datetime(pd.read_csv(LOG)["offered_at"])
    daily = offered.groupby(offered.dt.normalize()).size()
    by_weekday = daily.groupby(pd.DatetimeIndex(daily.index).strftime("%a").str.lower()).mean()
    assert expected(week) == pytest.approx(by_weekday.to_dict(), rel=1e-5)
    assert [one.weekday for one in week.days] == ["mon", "tue", "wed", "thu", "fri"]
    assert not np.allclose(by_weekday, by_weekday.mean())


def test_a_weekday_has_its_own_head_counts(fitted: "sim.Calibration", week: Scenario) -> None:
    (team,) = fitted.people.teams
    for number, date in enumerate(week.days):
        counts = date.scenario.teams[team.name].head_count.counts
        assert tuple(counts)[-len(team.heads) :] == team.weekdays[number]
    assert len({team.weekdays[number] for number in range(5)}) > 1


def test_a_weekday_without_contacts_is_closed(fitted: "sim.Calibration", tmp_path: Path) -> None:
    """And of a team of whom the log has nobody on a weekday nobody is there."""
    (queue,), (team,) = fitted.queues, fitted.people.teams
    open_on = (0, 1, 3, 4)
    changed = replace(
        fitted,
        hours=replace(fitted.hours, weekdays=open_on),
        queues=(replace(queue, weekdays={number: queue.weekdays[number] for number in open_on}),),
        people=replace(fitted.people, teams=(replace(team, weekdays={4: team.weekdays[4]}),)),
    )
    write(changed, tmp_path / "fitted")
    week = sim.load(tmp_path / "fitted" / WEEK)
    given = {
        day: sum(queue.weekdays[number])
        for day, number in zip(("mon", "tue", "thu", "fri"), open_on, strict=True)
    }
    assert expected(week) == pytest.approx(given, rel=1e-5)
    there = [sum(date.scenario.teams[team.name].head_count.counts) > 0 for date in week.days]
    assert there == [False, False, False, True]


def test_the_week_is_tested_on_dates_that_it_is_moved_to(week: Scenario) -> None:
    """As the day that is beside it is, by the contacts and head-counts of each weekday."""
    assert week.origin is not None
    assert week.origin.folder is not None
    later = week.set({"calendar.from": "2026-03-09", "calendar.days": 5})
    one = sim.load(week.origin.folder / "scenario.yaml")
    by_week, by_day = (sim.backtest(each, LOG, from_="2026-03-09", same_period=True, replications=2, jobs=1)
                       for each in (later, one))  # fmt: skip
    assert by_week.days == by_day.days
    assert by_week.changed == ()
    assert by_week.observed.sum() == pytest.approx(by_day.observed[: len(by_week.days)].sum())


WEEK_OF_HOURS = """\
calendar: {from: 2026-03-02, days: 21, open: {mon-fri: "08:00-20:00", sat: "09:00-14:00"}}
seed: 5
replications: 1
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  hotline:
    medium: voice
    service_level: {within: 20s, target: 80%}
    handle_time: {gamma: {mean: 3m, sd: 90s}}
    patience: {exponential: {mean: 5m}}
teams:
  desk:
    skills: {hotline: 1}
    head_count: {every: 1h, agents: {mon-fri: [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8], sat: [5, 5, 9, 9, 9]}}
arrivals:
  - {channel: phone, queue: hotline, per_hour: {mon-fri: 100, sat: 120}}
"""


def test_shorter_hours_of_a_weekday_come_back(tmp_path: Path) -> None:
    """Six days a week of three weeks, from a calendar that is closed on Saturdays from 14:00 on."""
    result = sim.run(sim.loads(WEEK_OF_HOURS), keep_tables="all", jobs=1)
    log = sim.export(result, "csv", tmp_path)[0]
    sim.calibrate(log, out=tmp_path / "fitted")
    week = sim.load(tmp_path / "fitted" / WEEK)
    found = {date.weekday: (date.opens_s / 3600, date.closes_s / 3600) for date in week.days}
    assert found == {**dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (8.0, 20.0)), "sat": (9.0, 14.0)}
    # 15 days of 1,200 and 3 of 600, within three standard errors of Poisson counts.
    given = expected(week)
    assert given["sat"] == pytest.approx(600, abs=3 * (600 / 3) ** 0.5)
    assert given["mon"] == pytest.approx(1200, abs=3 * (1200 / 3) ** 0.5)
    heads = next(iter(week.days[5].scenario.teams.values())).head_count
    halves = np.repeat(heads.counts, round(heads.every / 1800))[: 14 * 2]
    assert not halves[: 9 * 2].any()
    assert halves[9 * 2 : 11 * 2].max() <= 6
    assert halves[11 * 2 :].min() >= 8


def test_a_short_saturday_is_no_part_of_the_mean_day(tmp_path: Path) -> None:
    """Not even a sixth: the mean day has the 1,200 contacts and the 8 agents of the other weekdays."""
    result = sim.run(sim.loads(WEEK_OF_HOURS), keep_tables="all", jobs=1)
    log = sim.export(result, "csv", tmp_path)[0]
    found = sim.calibrate(log, out=tmp_path / "fitted")
    assert found.hours.of_mean == (0, 1, 2, 3, 4)
    assert found.expected == pytest.approx(1200, abs=3 * (1200 / 15) ** 0.5)
    assert found.people.agent_hours == pytest.approx(8 * 12, rel=0.02)
    day = sim.load(tmp_path / "fitted" / "scenario.yaml")
    assert sum(day.arrivals[0].per_hour) / 2 == pytest.approx(found.expected, rel=1e-2)
    text = (tmp_path / "fitted" / "scenario.yaml").read_text().replace("\n#   ", " ")
    assert "this file has the mean of mon, tue, wed, thu, fri. Not in it: sat, open shorter" in text
    assert "opens: 2026-03-02 " in text
    shown = calibration_text(found, None, 200)
    assert "The mean day, of mon, tue, wed, thu, fri, has 1,2" in shown
    assert (
        "The mean day is without sat, of other hours or far other volumes. `week.yaml` has each weekday"
        in shown
    )
    assert sim.open(tmp_path / "fitted").hours == found.hours
    tested = sim.backtest(day, log, same_period=True, replications=2, jobs=1)
    saturdays = tested.rows.query("day == '2026-03-07' and metric == 'offered' and demand == 'modelled'")
    whole = saturdays[(saturdays["interval"] == "") & (saturdays["queue"] == "")]
    assert whole["simulated"].item() == pytest.approx(600, abs=4 * (600 / 2) ** 0.5)


def test_a_quiet_end_of_a_weekday_is_no_closed_one() -> None:
    """A tenth of 30 beside it is 3 in each interval: in two 6 are expected, and none comes with 0.2 %."""
    assert closed_edges(np.array([0, 0, 30, 30, 30, 30])) == (2, 6)
    assert closed_edges(np.array([30, 30, 30, 30, 0, 0])) == (0, 4)
    assert closed_edges(np.array([0, 30, 30, 30, 30, 30])) == (0, 6)  # of 3 none comes with 5 %
    assert closed_edges(np.array([1, 1, 30, 30, 30, 30])) == (0, 6)  # more than 2 % of the fullest
    assert closed_edges(np.array([30, 0, 0, 0, 30, 30])) == (0, 6)
    assert closed_edges(np.zeros(6, dtype=np.int64)) == (0, 6)


@pytest.mark.parametrize(
    ("usual", "shorter", "alike"),
    [
        ([100, 90, 80, 80, 70], [], [0, 1, 2, 3, 4]),
        ([100, 90, 80, 80, 70, 35], [], [0, 1, 2, 3, 4]),  # a quiet Saturday: the middle is 80
        ([100, 90, 80, 80, 70, 75], [5], [0, 1, 2, 3, 4]),
        ([50, 50, 50, 50, 120, 130, 50], [], [0, 1, 2, 3, 6]),
        ([50, 60], [0, 1], [0, 1]),  # all are shorter: their mean
        ([10, 100], [], [1]),
    ],
)
def test_weekdays_alike_by_hand(usual: list[float], shorter: list[int], alike: list[int]) -> None:
    assert alike_weekdays(pd.Series(usual, dtype="float64"), shorter) == tuple(alike)


@pytest.mark.parametrize(("last", "closes_on_friday", "alike"), [(12, 17.5, True), (80, 17.5, False)])
def test_a_weekday_that_misses_little_is_alike(last: int, closes_on_friday: float, alike: bool) -> None:
    """Half hours of 40 from 8:00 to 17:30, and one more but on Fridays: 12 are 1.6 % of a day, 80 are 10 %."""
    dates = [
        pd.Timestamp("2026-03-02") + pd.Timedelta(days=7 * week + day) for week in (0, 1) for day in range(5)
    ]
    came = [
        (date + pd.Timedelta(minutes=480 + 30 * slot), "inbound")
        for date in dates
        for slot in range(20)
        for _ in range(40 if slot < 19 else last * (date.weekday() < 4))
    ]
    late = [(date + pd.Timedelta(hours=18, minutes=10), "transfer") for date in dates]
    found = ordinary_days(pd.DataFrame(came + late, columns=["offered_at", "kind"]))
    assert found.hours.closes == 18 * 3600  # who is handed on after closing came before it
    assert found.holds(pd.DataFrame(came + late, columns=["offered_at", "kind"])).all()
    assert found.hours.shorter == ((4, 8 * 3600, closes_on_friday * 3600),)
    assert found.hours.of_mean == ((0, 1, 2, 3, 4) if alike else (0, 1, 2, 3))
