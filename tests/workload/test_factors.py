"""Factors on volumes and handle times, from measured to working alone, and busyness on two levels."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.experiments.demand_and_staffing import handle_time_factors, volumes
from sim.scenario import Scenario, loads, notes
from sim.scenario.distributions import KINDS, ByTime, times
from sim.scenario.expected import handle_law, shares_of, throughput
from sim.workload import draw, quantile
from sim.workload.arrivals import expected_rate

DAY = """\
opens: 2026-03-02 08:00
lasts: 10h
media: {chat: {max_tasks: 2, slowdown: 25%}}
channels: {web: {medium: chat}}
queues:
  a: {medium: chat, handle_time: {gamma: {mean: 5m, sd: 4m}}}
  b: {medium: chat, handle_time: {exponential: {mean: 8m}}}
teams: {t: {skills: {a: 1, b: 1}, agents: 30}}
arrivals:
  - {channel: web, queue: a, per_hour: [30, 60], every: 5h}
  - {name: split, channel: web, queue: {a: 60%, b: 40%}, per_hour: 50}
"""


def day(**changes: Any) -> Scenario:
    """The day with keys changed; a double underscore stands for a dot."""
    return (
        loads(DAY).set({key.replace("__", "."): value for key, value in changes.items()})
        if changes
        else loads(DAY)
    )


# Volumes.


def test_a_factor_on_a_stream_is_that_of_its_rates() -> None:
    halved = day(arrivals__0__volume_factor="50%")
    assert draw(halved) == draw(day(arrivals__0__per_hour=[15, 30]))
    assert draw(halved).streams[1] == draw(day()).streams[1]


def test_a_factor_on_a_queue_acts_on_its_part_of_each_stream() -> None:
    less = day(queues__b__volume_factor=0.5)
    # Of 50 an hour 30 ask for a and 20 for b; half of those are 10 of 40.
    assert expected_rate(less, less.arrivals[1]).volume == pytest.approx(400)
    assert shares_of(less, less.arrivals[1]) == pytest.approx({"a": 0.75, "b": 0.25})
    edges = np.array([0.0, 36000.0])
    assert {queue: float(v[0]) for queue, v in volumes(less, edges).items()} == pytest.approx(
        {"a": 750, "b": 100}
    )
    both = less.set("arrivals.1.volume_factor", 2)
    assert expected_rate(both, both.arrivals[1]).volume == pytest.approx(800)
    drawn = [draw(both, replication).streams[1] for replication in range(20)]
    asked = [stream.queues.count("b") for stream in drawn]
    assert abs(np.mean([len(stream) for stream in drawn]) - 800) < 4 * math.sqrt(800 / 20)
    assert abs(np.mean(asked) - 200) < 4 * math.sqrt(200 / 20)


def test_nothing_comes_with_a_factor_of_0() -> None:
    assert [
        len(stream) for stream in draw(day(queues__b__volume_factor=0, arrivals__0__volume_factor=0)).streams
    ] > [0]
    none = draw(day(queues__a__volume_factor=0, queues__b__volume_factor=0))
    assert [len(stream) for stream in none.streams] == [0, 0]


def test_a_factor_of_1_changes_nothing() -> None:
    same = day(arrivals__0__volume_factor="100%", queues__a__aht_factor=1, queues__a__handle_time_at_tasks=1)
    assert same == day()
    assert same.hash == day().hash
    assert draw(same) == draw(day())


@pytest.mark.slow
def test_factors_act_in_a_sweep_as_they_do_in_a_file() -> None:
    vary = {"arrivals.0.volume_factor": [0.5, 1.0], "queues.b.aht_factor": [1.0, 2.0]}
    found = sim.sweep(day(), vary, metrics=("offered", "occupancy"), replications=2, jobs=1).figures
    for factor in (0.5, 1.0):
        for longer in (1.0, 2.0):
            same = day(arrivals__0__volume_factor=factor, queues__b__aht_factor=longer)
            alone = sim.run(same, 2, jobs=1)
            for metric in ("offered", "occupancy"):
                here = (found["arrivals.0.volume_factor"] == factor) & (
                    found["queues.b.aht_factor"] == longer
                )
                whole = (found["metric"] == metric) & (found[["queue", "team", "day", "interval"]] == "").all(
                    axis=1
                )
                assert found[here & whole]["value"].tolist() == [alone.figure(metric).value]


def test_factors_act_in_a_comparison_as_they_do_in_a_file() -> None:
    """Half of the 200 contacts for b do not come, and each chat for a takes half as long."""
    less = day(queues__b__volume_factor=0.5, queues__a__aht_factor=0.5)
    found = sim.compare(day(), less, metrics=("offered", "handle_time:queue=a"), replications=4, jobs=1)
    runs = [sim.run(one, 4, jobs=1) for one in (day(), less)]
    offered, handle_time = found.differences
    assert [offered.base, offered.value] == [run.figure("offered").value for run in runs]
    times = [run.figure("handle_time", queue="a").value for run in runs]
    assert [handle_time.base, handle_time.value] == pytest.approx(times, rel=1e-12)
    assert offered.difference == pytest.approx(-100, abs=4 * math.sqrt(100 / 4))
    assert handle_time.value / handle_time.base == pytest.approx(0.5, rel=0.1)


def test_recorded_contacts_are_as_many_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(
        "contact_id,channel,queue,offered_at,handle_time_s\n1,web,a,0,100\n2,web,b,5,200\n3,web,b,6,\n"
    )
    text = DAY[: DAY.index("arrivals:")] + "arrivals: [{replay: r.csv<>}]\n"
    with pytest.raises(sim.SimError, match="volume_factor does not go with replay"):
        loads(text.replace("<>", ", volume_factor: 2"), folder=tmp_path)
    recorded = loads(text.replace("<>", ", aht_factor: 50%"), folder=tmp_path)
    with pytest.raises(
        sim.SimError, match="queue `b` has recorded contacts, whose number is that of their file"
    ):
        recorded.set("queues.b.volume_factor", 2)
    changed = recorded.set("queues.b.aht_factor", 1.5)
    first, second = draw(changed).streams
    (plain,) = (
        one for one in draw(loads(text.replace("<>", ""), folder=tmp_path)).streams if one.queue == "b"
    )
    law, usual = handle_law(changed, "b"), handle_law(recorded, "b")
    for factor in (1, 2):
        whole = loads(text.replace("<>", f", aht_factor: {factor}"), folder=tmp_path)
        drawn = next(one for one in draw(whole).streams if one.queue == "b").draws
        times = plain.draws.values("handle_time", usual)
        assert list(drawn.values("handle_time", usual)) == [factor * one for one in times]
    assert list(first.draws.values("handle_time", handle_law(changed, "a"))) == [50]
    assert list(second.draws.values("handle_time", law)) == pytest.approx(
        [150, 0.75 * plain.draws.values("handle_time", usual)[1]]
    )


# Handle times.

LAWS = {
    "constant": 60, "exponential": {"mean": 60}, "lognormal": {"mean": 60, "sd": 30}, "gamma": {"mean": 60, "sd": 80},
    "weibull": {"shape": 1.4, "scale": 60}, "erlang": {"mean": 60, "k": 3}, "uniform": {"low": 20, "high": 60},
    "triangular": {"low": 20, "mode": 30, "high": 60}, "hyperexponential": {"means": [30, 90], "shares": [0.5, 0.5]},
    "empirical": {"values": [10, 20, 60]}, "sum": [20, {"exponential": {"mean": 40}}],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_a_law_is_multiplied(kind: str) -> None:
    own = day(queues__a__handle_time=LAWS[kind] if kind == "constant" else {kind: LAWS[kind]})
    law = own.queues["a"].handle_time
    assert handle_law(own, "a") is law
    parts = 2 if kind == "sum" else 1
    u = np.random.default_rng(1).random((parts, 50))
    u = u if parts > 1 else u[0]
    assert quantile(times(law, 1.7), u) == pytest.approx(1.7 * quantile(law, u))
    assert times(law, 1.7).mean == pytest.approx(1.7 * law.mean)


def test_a_law_by_the_time_of_day_is_multiplied_at_each() -> None:
    law = ByTime({"08:00": day().queues["a"].handle_time, "12:30": day().queues["b"].handle_time})
    more = times(law, 2)
    assert isinstance(more, ByTime)
    assert {at: one.mean for at, one in more.entries.items()} == {28800: 600, 45000: 960}


def handle_times(scenario: Scenario) -> list[float]:
    """The handle time of each contact of the first stream, in the queue that it asks for."""
    (stream, *_) = draw(scenario).streams
    return list(stream.draws.values("handle_time", handle_law(scenario, "a")))


def test_factors_multiply_on_laws_and_files_alike(tmp_path: Path) -> None:
    usual = handle_times(day())
    both = day(queues__a__aht_factor=0.9, arrivals__0__aht_factor="50%")
    assert handle_times(both) == pytest.approx([0.45 * one for one in usual])
    (tmp_path / "f.csv").write_text("interval_start,volume,aht_s\n08:00,200,240\n13:00,200,360\n")
    text = DAY.replace("per_hour: [30, 60], every: 5h", "file: {path: f.csv, aht_includes_wrap_up: off}")
    filed = loads(text, folder=tmp_path)
    changed = filed.set({"queues.a.aht_factor": 0.9, "arrivals.0.aht_factor": 0.5})
    assert handle_times(changed) == pytest.approx([0.45 * one for one in handle_times(filed)])
    # The formulas ask at the same place: 240 and 360 s, halved for this stream and 0.9 of all in queue a.
    edges = np.array([0.0, 18000.0, 36000.0])
    mean = handle_law(changed, "a").mean
    assert mean == 270
    works = handle_time_factors(changed, edges)["a"] * mean
    split = 30 * 5  # contacts of the split stream, whose law has 300 s
    expected = [(200 * aht * 0.45 + split * 270) / (200 + split) for aht in (240, 360)]
    assert works == pytest.approx(expected)


# From measured to working alone.


def test_the_throughput_between_whole_numbers_of_tasks() -> None:
    chat = day(media__chat={"max_tasks": 3, "pace": ["100%", "80%", "60%"]}).media["chat"]
    # 1, 1.6 and 1.8 pieces of work a second with one, two and three open.
    assert [throughput(chat, n) for n in (1, 1.5, 2, 2.25, 3)] == pytest.approx([1, 1.3, 1.6, 1.65, 1.8])
    measured = day(media__chat={"max_tasks": 2, "slowdown": "25%"}, queues__a__handle_time_at_tasks=1.6)
    # c(1.6) = 1 + 0.6 (2 / 1.25 - 1) = 1.36, so of 300 s measured 300 x 1.36 / 1.6 = 255 s alone.
    assert handle_law(measured, "a").mean == pytest.approx(255)


def test_what_cannot_have_been_measured() -> None:
    with pytest.raises(sim.SimError, match=r"`2\.5` is above the 2 of medium `chat`; nobody has more open"):
        day(queues__a__handle_time_at_tasks=2.5)
    with pytest.raises(sim.SimError, match="has to be at least 1"):
        day(queues__a__handle_time_at_tasks=0.9)


def test_a_note_asks_where_tasks_slow_each_other() -> None:
    asked = [one for one in notes(day()) if "handle_time_at_tasks" in one]
    assert asked == [
        "several open tasks slow each other on `chat`, and the handle times of queues `a`, `b` are read as those of "
        "one task alone; where they were measured with more open, write how many as `handle_time_at_tasks`, else 1"
    ]
    said = day(queues__a__handle_time_at_tasks=1, queues__b__handle_time_at_tasks=1.5)
    for calm in (said, day(media__chat__slowdown=0), day(media__chat__max_tasks=1)):
        assert not [one for one in notes(calm) if "handle_time_at_tasks" in one]


BUSY = """\
lasts: 100h
warm_up: 5h
media: {{chat: {{max_tasks: 2, pace: [100%, 70%]}}}}
channels: {{web: {{medium: chat}}}}
queues: {{a: {{medium: chat, handle_time: {{exponential: {{mean: 990s}}}}, handle_time_at_tasks: {tasks}}}}}
teams: {{t: {{skills: {{a: 1}}, agents: 12}}}}
arrivals: [{{channel: web, queue: a, per_hour: {per_hour}}}]
"""


@pytest.mark.slow
def test_a_handle_time_measured_at_1_6_tasks_comes_back_when_1_6_are_open() -> None:
    """With two tasks at most: work at n tasks on average is c(n), so measured / alone = n / c(n), whatever the load."""
    handled, opened = [], []
    for per_hour in (66, 70):
        result = sim.run(loads(BUSY.format(tasks=1.6, per_hour=per_hour)).set("replications", 8), jobs=1)
        handled.append(result.figure("handle_time").value)
        opened.append(result.figure("concurrency").value)
    alone = 990 * (1 + 0.6 * 0.4) / 1.6
    assert opened[0] < 1.6 < opened[1]
    assert handled == pytest.approx([alone * tasks / (1 + (tasks - 1) * 0.4) for tasks in opened], rel=0.015)
    assert np.interp(1.6, opened, handled) == pytest.approx(990, rel=0.015)


# Busyness on two levels.

INTERVALS = 8
MEAN = 40.0


def counts(scenario: Scenario, days: int, split: int = 1) -> np.ndarray[Any, Any]:
    """Arrivals by day and interval, each interval cut into `split` parts."""
    edges = np.linspace(0, 36000, INTERVALS * split + 1)
    return np.array([np.histogram(draw(scenario, i).streams[0].times, edges)[0] for i in range(days)])


def estimate(of: Callable[[np.ndarray[Any, Any]], float], found: np.ndarray[Any, Any]) -> tuple[float, float]:
    """A figure of all days, and its standard error from 40 parts of them."""
    parts = [of(part) for part in np.array_split(found, 40)]
    return of(found), float(np.std(parts, ddof=1) / math.sqrt(40))


@pytest.mark.slow
def test_two_levels_of_gamma_factors_have_the_variances_and_covariances_of_theory() -> None:
    """N = Poisson(m D G_i): Var = m + m2 ((1+s2)(1+t2) - 1), Cov = m2 s2 between intervals, of halves with t."""
    s, t, days = 0.15, 0.30, 3000
    only = "arrivals: [{channel: web, queue: a, per_hour: 32}]\n"
    text = DAY[: DAY.index("arrivals:")] + only + f"busyness: {{sd: {s}, interval_sd: {t}, every: 75m}}\n"
    found = counts(loads(text), days, split=2)
    whole = found.reshape(days, INTERVALS, 2).sum(axis=2)
    one = (1 + s**2) * (1 + t**2) - 1
    half = MEAN / 2

    def covariance(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> float:
        return float(np.mean((x - x.mean(axis=0)) * (y - y.mean(axis=0))))

    figures = {
        "mean": (lambda part: float(part.mean()) * 2, MEAN),
        "variance": (lambda part: float(part.reshape(-1, INTERVALS, 2).sum(axis=2).var(axis=0).mean()),
                     MEAN + MEAN**2 * one),
        "covariance": (lambda part: covariance(part[:, :-2:2], part[:, 2::2]), half**2 * s**2),
        "halves": (lambda part: covariance(part[:, ::2], part[:, 1::2]), half**2 * one),
        "day": (lambda part: float(part.sum(axis=1).var()),
                INTERVALS * MEAN + MEAN**2 * (INTERVALS * one + INTERVALS * (INTERVALS - 1) * s**2)),
    }  # fmt: skip
    assert whole.shape == (days, INTERVALS)
    for name, (of, expected) in figures.items():
        value, error = estimate(of, found)
        assert abs(value - expected) < 4 * error + 0.01 * expected, (name, value, expected, error)
        assert error < expected / 8, name


def test_the_interval_of_the_tables_changes_no_customer() -> None:
    busy = {"sd": "15%", "interval_sd": "13%", "every": "30m"}
    by_table = [draw(day(busyness=busy, interval=every)) for every in ("15m", "30m", "1h")]
    assert by_table[0] == by_table[1] == by_table[2]
    assert by_table[0] != draw(day(busyness=busy | {"every": "1h"}))


def test_a_factor_that_says_nothing_is_a_mistake() -> None:
    with pytest.raises(sim.SimError, match="give sd, interval_sd or both"):
        day(busyness={})
