"""Erlang's formulas for a calendar: each date as it is alone, and all of them together."""

import json
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.experiments.erlang.comparison import ErlangDates
from sim.scenario import Scenario, loads
from sim.scenario.single_days import only_on

WEEK = """\
name: Two days
calendar: {from: 2026-03-27, days: 3, open: {fri: "08:00-12:00", sat: "09:00-11:00"}}
replications: 2
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  calls:
    medium: voice
    handle_time: {exponential: {mean: 3m}}
    patience: {exponential: {mean: 5m}}
    service_level: {within: 20s, target: 80%}
teams:
  desk: {skills: {calls: 5}, head_count: {every: 1h, agents: {fri: [20, 20, 20, 20], sat: [14, 14]}}}
arrivals: [{channel: phone, queue: calls, per_hour: {fri: 200, sat: 100}}]
"""


@pytest.fixture(scope="module")
def week() -> Scenario:
    return loads(WEEK)


@pytest.fixture(scope="module")
def found(week: Scenario) -> ErlangDates:
    found = sim.erlang(week, jobs=1)
    assert isinstance(found, ErlangDates)
    return found


def test_needed_hours_are_those_of_the_published_example(found: ErlangDates) -> None:
    """200 calls an hour of 3 minutes, 80 % in 20 s: 14 agents by pyworkforce's README, here for four hours.

    On Saturday 5 Erlang, for which 8 agents are needed, as 7 reach 74.0 % and 8 reach 88.0 %. By hand: B(5, 7) =
    0.1205, C = 0.3241, 1 - C e^(-2/9) = 0.740; B(5, 8) = 0.0700, C = 0.1673, 1 - C e^(-3/9) = 0.880.
    """
    friday, saturday = (one.sheet.staff_hours("calls") for one in found.dates)
    assert (friday.there, friday.needed_c) == pytest.approx((80, 56))
    assert (saturday.there, saturday.needed_c) == pytest.approx((28, 16))
    of_friday = found.rows[found.rows["day"] == "2026-03-27"]
    assert of_friday["offered"].sum() == pytest.approx(800)
    assert list(of_friday["interval"])[:2] == ["08:00", "08:30"]


def test_the_total_is_the_mean_over_contacts(found: ErlangDates) -> None:
    """800 contacts on Friday, 200 on Saturday: 80 % and 20 % of the weight; agents by 4 and 2 hours."""
    total, friday, saturday = found.total("calls"), *(one.sheet.day("calls") for one in found.dates)
    assert total.volume == pytest.approx(1000)
    assert total.in_time_c == pytest.approx(0.8 * friday.in_time_c + 0.2 * saturday.in_time_c)
    assert total.agents == pytest.approx((20 * 4 + 14 * 2) / 6)
    assert saturday.in_time_c > friday.in_time_c


def test_a_date_is_as_it_is_alone(week: Scenario, found: ErlangDates) -> None:
    alone = sim.erlang(only_on(week, "fri", None, None), jobs=1)
    row = found.figures[found.figures["day"] == "2026-03-27"].drop(columns="day").reset_index(drop=True)
    same = alone.figures[alone.figures["interval"] == ""].drop(columns="interval").reset_index(drop=True)
    pd.testing.assert_frame_equal(row, same, check_exact=True)
    of_day = found.rows[found.rows["day"] == "2026-03-27"].drop(columns="day").reset_index(drop=True)
    pd.testing.assert_frame_equal(of_day, alone.rows, check_exact=True)
    whole = found.figures[found.figures["day"] == ""].iloc[0]
    level = found.result.figure("service_level", queue="calls", kind="inbound").value
    assert whole["in_time_simulated"] == level


def test_the_hours_before_opening_are_no_reason(found: ErlangDates) -> None:
    """A date's clock begins at midnight; 200 contacts an hour all day are no reason why a formula fails."""
    assert "hours" not in {one.topic for one in found.reasons}


def test_the_table_has_a_line_a_date_and_the_sum(
    week: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "week.yaml"
    path.write_text(WEEK)
    assert main(["erlang", str(path), "--jobs", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    sums = [line.split() for line in lines if line.startswith("all dates")]
    assert sums[0][2:7] == ["1,000.0", "180.0", "50.0", "108.0", "72.0"]
    assert [line.split()[1] for line in lines if line.startswith("Sat")] == ["2026-03-28"] * 2
    assert main(["erlang", str(path), "--jobs", "1", "--format", "json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert [row["day"] for row in figures] == ["", "2026-03-27", "2026-03-28"]


def test_dates_that_hang_together_are_refused(week: Scenario) -> None:
    carrying = week.set({"queues.calls.carry_over": True})
    with pytest.raises(sim.SimError, match=r"by queues\.calls\.carry_over one day goes on into the next"):
        sim.erlang(carrying)
