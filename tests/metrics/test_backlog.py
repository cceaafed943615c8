"""The backlog at closing: by hand, against a drift that is known, and without false alarms."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from metrics.by_hand import NAN, figures, request, world
from sim.experiments.feasibility import points_of
from sim.experiments.growth import Growth, growing
from sim.metrics import Figure
from sim.metrics.cells import Axes
from sim.metrics.waiting import Backlog, closings_of
from sim.report.check import written
from sim.report.comparison import comparison_text
from sim.report.run import terminal
from sim.report.sweep import sweep_text
from sim.scenario.teams import Span, staffed

DAYS = {"lasts": "5d", "opens": "2026-03-02 00:00"}
HOUR, DAY = 3600.0, 86_400.0


def days(**changes: str) -> sim.Scenario:
    """A run of five days with one shift from eight to four."""
    shift = '[{agents: 2, from: "08:00", to: "16:00"}]'
    return world(**DAYS, teams__front__shifts=shift, teams__back__shifts=shift, **changes)


def test_a_closing_is_the_last_instant_at_which_somebody_is_there() -> None:
    week = days()
    spans = staffed(week, "general")
    assert spans[1:3] == [Span(8 * HOUR, 16 * HOUR), Span(DAY + 8 * HOUR, DAY + 16 * HOUR)]
    assert closings_of(week, spans) == [16 * HOUR + DAY * number for number in range(5)]
    later = days(warm_up="1d")
    assert closings_of(later, spans) == [16 * HOUR + DAY * number for number in range(1, 5)]
    always = world(lasts="3d")
    assert closings_of(always, staffed(always, "general")) == [DAY, 2 * DAY, 3 * DAY]
    hour = world()
    assert closings_of(hour, staffed(hour, "general")) == [HOUR / 2, HOUR]
    assert closings_of(hour, []) == []


def test_it_grows_by_what_the_last_closing_has_more_than_the_first() -> None:
    """Two wait on Monday at four, five on Friday: three in four days; one who goes at closing does not wait."""
    week = days()
    at = 16 * HOUR
    rows = [
        request("answered", 5 * HOUR, at=12 * HOUR), request("answered", 5 * HOUR, at=12 * HOUR),
        request("answered", 1 * HOUR, at=at - HOUR),
        *[request("unfinished", 40 * HOUR, at=4 * DAY + 10 * HOUR) for _ in range(5)],
        request("answered", 9 * HOUR, at=13 * HOUR, queue="billing"),
    ]  # fmt: skip
    found = figures(week, requests=rows)
    assert found.value("backlog_growth", queue="general") == 3 / 4
    assert found.value("backlog_growth", queue="billing") == -1 / 4
    assert found.value("backlog_kept", queue="general") == 0
    hour = figures(requests=[request("answered", 1200.0, at=900), request("answered", 1200.0, at=2700)])
    assert hour.value("backlog_growth", queue="general") == 0
    assert np.isnan(
        figures(world(teams__front__agents="0"), requests=rows).value("backlog_growth", queue="general")
    )


def test_it_is_worked_off_only_while_somebody_is_there() -> None:
    """From Wednesday's closing on somebody waits, but for a quarter of an hour on Friday, at noon or in the night."""
    week = days()
    middle = 2 * DAY + 15 * HOUR

    def kept(gap_at: float) -> float:
        first = request("answered", gap_at - middle, at=middle)
        second = request("unfinished", 20 * HOUR, at=gap_at + 900)
        return figures(week, requests=[first, second]).value("backlog_kept", queue="general")

    assert kept(4 * DAY + 12 * HOUR) == 0
    assert kept(4 * DAY + 2 * HOUR) == 1


def line(rng: np.random.Generator, load: float, of: int, lasts: float) -> pd.DataFrame:
    """The waits of an M/M/1 queue that begins empty, by Lindley's recursion; `of` requests are expected."""
    placed = np.sort(rng.uniform(0, lasts, rng.poisson(of)))
    apart = np.diff(placed, prepend=0.0)
    work = rng.exponential(load * lasts / of, len(placed))
    steps = np.concatenate(([0.0], (work[:-1] - apart[1:])))
    sums = np.cumsum(steps)
    return pd.DataFrame({"placed_at": placed, "wait": sums - np.minimum.accumulate(sums), "queue": "general"})


def told(load: float, replications: int, trials: int, of: int = 400, lasts: str = "8h") -> list[Growth]:
    """What is told in so many trials of a queue with this load."""
    rng, scenario = np.random.default_rng(7), world(lasts=lasts)
    axes, found = Axes.of(scenario), []
    for _ in range(trials):
        runs = [Backlog(line(rng, load, of, scenario.lasts), scenario, axes) for _ in range(replications)]
        found += growing(
            figure(name, np.array([getattr(run, column)[0, 0] for run in runs]))
            for name, column in (("backlog_growth", "growths"), ("backlog_kept", "kept"))
        )
    return found


def figure(metric: str, values: np.ndarray) -> Figure:
    """The mean of values with its 95 % interval."""
    from scipy.stats import t

    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    limits = (values.mean() - half, values.mean() + half)
    return Figure.of(metric, values.mean(), limits, len(values), "requests", queue="general")


@pytest.mark.parametrize("load", [*(pytest.param(one, marks=pytest.mark.slow) for one in (0.7, 0.95)), 1.0])
def test_a_backlog_that_does_not_grow_is_hardly_ever_told(load: float) -> None:
    """At most one in twenty, even with as much work as hands."""
    assert len(told(load, 5, 60, of=200)) <= 3
    assert len(told(load, 10, 30, of=600, lasts="7d")) <= 1


def test_a_drift_is_told_with_its_size() -> None:
    """Of 1,400 requests in a week with a load of 1.2 a sixth stays: 33.3 more each day."""
    found = told(1.2, 10, 10, of=1400, lasts="7d")
    assert len(found) == 10
    assert np.mean([one.slope for one in found]) == pytest.approx(200 * (1 - 1 / 1.2), rel=0.05)
    assert sum(one.low < 200 * (1 - 1 / 1.2) < one.high for one in found) >= 8
    day = told(1.3, 10, 10)
    assert len(day) == 10
    assert np.mean([one.slope for one in day]) == pytest.approx(200 * (1 - 1 / 1.3), rel=0.1)


def test_few_replications_have_to_agree_and_one_tells_nothing() -> None:
    def pair(kept: float, count: int, low: float) -> list[Figure]:
        growth = Figure.of("backlog_growth", 5.0, (low, 9.0), count, "requests", queue="q")
        return [growth, Figure.of("backlog_kept", kept, (NAN, NAN), count, "share", queue="q")]

    assert growing(pair(1.0, 2, 1.0)) == (Growth("q", 5.0, 1.0, 9.0),)
    assert growing(pair(0.5, 2, 1.0)) == ()
    assert growing(pair(1.0, 2, -0.1)) == ()
    assert growing(pair(1.0, 1, NAN)) == ()
    assert len(growing(pair(15 / 20, 20, 1.0))) == 1  # as many in 2.1 % of runs of a queue at its limit
    assert growing(pair(14 / 20, 20, 1.0)) == ()  # 5.8 %


MAILS = """
opens: 2026-03-02 00:00
lasts: 7d
warm_up: 1d
seed: 3
replications: 6
media: {mail: {max_tasks: 1}}
channels: {mail: {medium: mail}}
queues:
  mails: {medium: mail, service_level: {within: 20d, target: 95%}, handle_time: {lognormal: {mean: 10m, sd: 8m}}}
teams:
  day: {agents: 1, skills: {mails: 5}, shifts: [{from: "08:00", to: "16:00"}]}
arrivals: [{channel: mail, queue: mails, per_hour: 3}]
targets: [{metric: service_level, queue: mails, at_least: 95%}]
"""


@pytest.fixture(scope="module")
def mails() -> sim.Scenario:
    """One agent writes 480 min a day and (10 + 64 / 10) / 2 = 8.2 min beyond: 48.8 of 72 mails."""
    return sim.loads(MAILS)


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_each_place_that_judges_tells_it_and_meets_no_target(mails: sim.Scenario, tmp_path: Path) -> None:
    said = "mails: the backlog at closing grows by about"
    result = sim.run(mails, jobs=1)
    (growth,) = result.growing
    assert growth.low < 72 - (480 + 8.2) / 10 < growth.high
    assert said in terminal(result, 200)
    checked = sim.check(mails, at_most=10, jobs=1)
    (finding,) = checked.findings
    assert (checked.verdict, finding.grows, finding.value) == ("inconclusive", True, 1.0)
    assert said in written([checked], "text", 200)
    swept = sim.sweep(mails, {"teams.day.agents": [1, 2]}, jobs=1, folder=tmp_path / "s")
    for one in (swept, sim.open(tmp_path / "s")):
        assert [plan.meets_all for plan in points_of(one, ["1", "2"])] == [False, True]
        assert f"agents 1: {said}" in sweep_text(one, 200)
        assert "agents 2: mails" not in sweep_text(one, 200)
    compared = sim.compare(mails, mails.set("teams.day.agents", 2), jobs=1)
    assert (len(compared.growing(0)), len(compared.growing(1))) == (1, 0)
    assert f"base: {said}" in comparison_text(compared, 200)
    page = result.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert said in page
