"""A backtest of a scenario with a calendar: the dates of a log, each with its own hours, contacts and people."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engine import simulate
from sim.logs.counts import OFFERED
from sim.logs.log import calls_of
from sim.scenario import Scenario, load, loads
from sim.workload import draw

WEEKEND = """\
name: Weekend
calendar:
  from: 2026-03-27
  days: 4
  time_zone: Europe/Berlin
  open: {mon-fri: "08:00-12:00", sat: "09:00-11:00", sun: "01:00-05:00"}
  holidays: [2026-03-30]
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  help: {medium: voice, handle_time: {exponential: {mean: 4m}}, patience: {exponential: {mean: 4m}},
         service_level: {within: 20s, target: 80%}}
  sales: {medium: voice, handle_time: 3m, patience: 2m, open: {mon-fri: "08:00-10:00"}}
teams:
  desk:
    skills: {help: 1, sales: 1}
    shifts:
      - {days: mon-fri, from: "08:00", to: "12:00", agents: 4}
      - {days: sat, from: "09:00", to: "11:00", agents: 3}
      - {days: sun, from: "01:00", to: "05:00", agents: 2}
arrivals:
  - {channel: phone, queue: help, per_hour: {mon-fri: [60, 50, 40, 30], sat: 40, sun: 20}}
  - {channel: phone, queue: sales, per_hour: {mon-fri: 20}}
"""
FRIDAY, SATURDAY, SUNDAY = "2026-03-27", "2026-03-28", "2026-03-29"


def log_of(scenario: Scenario) -> pd.DataFrame:
    """Return a log as the clock on the wall shows a simulated calendar; on the Sunday it skips the hour from two."""
    calls = calls_of(simulate(scenario, draw(scenario, 7, seed=99)), pd.Timestamp(FRIDAY))
    late = calls["offered_at"] >= pd.Timestamp(f"{SUNDAY} 02:00")
    for column in ("offered_at", "answered_at", "ended_at", "transferred_at"):
        calls.loc[late, column] += pd.Timedelta(hours=1)
    return calls


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("weekend")
    (made / "day.yaml").write_text(WEEKEND)
    log_of(loads(WEEKEND)).to_csv(made / "log.csv", index=False)
    return made


@pytest.mark.slow
def test_each_date_is_tested_with_its_own_hours(folder: Path) -> None:
    found = sim.backtest(load(folder / "day.yaml"), folder / "log.csv", replications=4, jobs=1)
    assert found.days == (FRIDAY, SATURDAY, SUNDAY)
    assert (found.hours.opens, found.hours.closes) == (3600.0, 12 * 3600.0)
    modelled = found.simulated["modelled"][..., OFFERED].mean(axis=0)
    seen = found.observed[..., OFFERED]
    halves = [(slot * 0.5 + 1.0) for slot in range(22)]
    for day, first, last in ((0, 8, 12), (1, 9, 11)):
        outside = [i for i, hour in enumerate(halves) if not first <= hour < last]
        assert not modelled[day][:, outside].any()
        assert not seen[day][:, outside].any()
    # The hour from two to three is skipped on Sunday, so three of the four hours are there, with 20 calls each.
    assert not modelled[2][:, 2:4].any()
    assert not seen[2][:, 2:4].any()
    assert modelled[2].sum() == pytest.approx(60, abs=4 * np.sqrt(60 / 4))
    # 180 and 2 x 20 on Friday, 80 on Saturday, where sales are closed: within four standard errors of four days.
    expected = {("help", FRIDAY): 180, ("sales", FRIDAY): 40, ("help", SATURDAY): 80, ("sales", SATURDAY): 0}
    for (queue, day), calls in expected.items():
        place = found.days.index(day), found.queues.index(queue)
        assert modelled[place].sum() == pytest.approx(calls, abs=4 * np.sqrt(calls / 4))


@pytest.mark.slow
def test_with_the_contacts_that_came_no_other_ones_come(folder: Path) -> None:
    found = sim.backtest(load(folder / "day.yaml"), folder / "log.csv", replications=2, jobs=1)
    assert (found.simulated["actual"][..., OFFERED] == found.observed[..., OFFERED]).all()
    assert found.left_out == 0


@pytest.mark.slow
def test_dates_that_are_replayed_as_they_were_are_those_of_the_log(folder: Path) -> None:
    """To the last contact answered in time, as the log is of the same scenario; the change acts on its days alone."""
    more = load(folder / "day.yaml", ["teams.desk.shifts.0.agents=6"])
    found = sim.backtest(more, folder / "log.csv", replications=2, jobs=1)
    assert found.before is not None
    np.testing.assert_allclose(found.before[0], found.observed, rtol=1e-9, atol=1e-3)
    changed = found.differences.query("metric == 'service_level' and queue == '' and day != ''").set_index(
        "day"
    )
    assert changed.loc[FRIDAY, "difference"] > 0
    assert changed.loc[[SATURDAY, SUNDAY], "difference"].tolist() == [0.0, 0.0]


def test_the_calendar_is_moved_onto_the_dates_of_a_log(folder: Path) -> None:
    other = load(folder / "day.yaml", ["calendar.from=2026-04-10"])
    remedy = "--set calendar.from=2026-03-27 --set calendar.days=3"
    with pytest.raises(sim.SimError, match=f"its dates are 2026-04-10 to 2026-04-13.*{remedy}"):
        sim.backtest(other, folder / "log.csv")


@pytest.mark.slow
def test_which_dates_they_are_makes_no_what_if(folder: Path) -> None:
    # Which dates they are changes none of them: it is a test, and no what-if.
    one = load(folder / "day.yaml", ["calendar.from=2026-03-28", "calendar.days=1"])
    found = sim.backtest(one, folder / "log.csv", replications=2, jobs=1)
    assert (found.days, found.changed) == ((SATURDAY,), ())
    assert found.left_out == len(pd.read_csv(folder / "log.csv")) - found.observed[..., OFFERED].sum()


def test_dates_that_hang_together_are_refused(folder: Path) -> None:
    linked = load(folder / "day.yaml", ["queues.help.carry_over=on"])
    with pytest.raises(sim.SimError, match=r"date by date, and by queues\.help\.carry_over one day goes on"):
        sim.backtest(linked, folder / "log.csv")


@pytest.mark.slow
def test_the_dates_of_a_backtest_are_kept(folder: Path, tmp_path: Path) -> None:
    found = sim.backtest(load(folder / "day.yaml"), folder / "log.csv", replications=2, jobs=1)
    found.save(tmp_path / "kept")
    pd.testing.assert_frame_equal(sim.open(tmp_path / "kept").rows, found.rows)
