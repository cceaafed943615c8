"""Sums of laws and laws by the time of day: each part has its own address, each customer the law of their clock."""

import math
import pickle
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import SimError
from sim.scenario.arrivals import ForecastRow
from sim.scenario.distributions import ByTime, Constant, Exponential, Sum
from sim.workload import ContactDraws, Workload, by_hand, draw
from sim.workload.arrivals import handle_scale
from sim.workload.draws import AgentDraws
from sim.workload.seeds import Seeds

SEEDS = Seeds(20260302, 3)
FAST, SLOW = Exponential(mean=60), Exponential(mean=300)
DAY = """
opens: 2026-03-02 08:00
lasts: 8h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {q: {medium: voice, handle_time: HANDLE}}
teams: {t: {agents: 2, skills: {q: 5}}}
arrivals: [{channel: phone, queue: q, per_hour: 20}]
"""


def day(handle_time: str) -> sim.Scenario:
    return sim.scenario.loads(DAY.replace("HANDLE", handle_time))


def contacts(size: int = 1000, **more) -> ContactDraws:
    return ContactDraws(SEEDS, "web/general", size, **more)


@pytest.mark.parametrize("k", [0, 1, 9])
def test_each_part_of_a_sum_is_drawn_at_its_own_address(k):
    drawn = contacts().values("handle_time", Sum((FAST, Constant(100), SLOW)), k)
    first, last = (
        SEEDS.uniforms(1000, "web/general", purpose, k) for purpose in ("handle_time", "handle_time+2")
    )
    expected = -60 * np.log1p(-first) + 100 - 300 * np.log1p(-last)
    assert drawn.tolist() == pytest.approx(expected.tolist(), rel=1e-12)


def test_two_exponential_parts_make_a_hypoexponential_law():
    """P(X > t) = (a exp(-t/a) - b exp(-t/b)) / (a - b) for means a and b; e.g. Ross, Introduction to Probability."""
    size = 200_000
    drawn = np.array(contacts(size).values("handle_time", Sum((FAST, SLOW))))
    for t in (30.0, 200.0, 600.0):
        beyond = (300 * math.exp(-t / 300) - 60 * math.exp(-t / 60)) / 240
        assert np.mean(drawn > t) == pytest.approx(beyond, abs=4 * math.sqrt(beyond * (1 - beyond) / size))
    assert Sum((FAST, SLOW)).mean == 360


def test_an_agent_draws_the_parts_of_a_sum_apart():
    agents = AgentDraws(SEEDS)
    value = agents.value("desk", 1, "wrap_up", Sum((Constant(7), FAST)), 70)
    assert value == pytest.approx(7 - 60 * math.log1p(-agents.uniform("desk", 1, "wrap_up+1", 70)))


def test_a_customer_has_the_law_that_is_in_force_when_they_first_arrive():
    law = "{by_time: {'09:00': 60s, '12:00': {sum: [1m, 40s]}}}"
    rows = [{"at": at, "channel": "phone", "queue": "q"} for at in (0, 3599, 3600, 14_399, 14_400, 28_000)]
    tasks = sim.simulate(day(law), by_hand(day(law), rows)).tasks
    # 08:00 and 08:59:59 belong to the last entry, which holds over midnight.
    assert sorted(tasks["task_wrap_up_time"] - tasks["task_answered_time"]) == [60, 60, 100, 100, 100, 100]
    values = by_hand(day(law), rows).streams[0].draws.values("handle_time", day(law).queues["q"].handle_time)
    assert values.tolist() == [100, 100, 60, 60, 100, 100]


def test_the_hour_changes_the_law_and_not_the_number():
    timed = ByTime({"00:00": FAST, "12:00": Sum((SLOW, FAST))})
    draws = contacts(4)
    draws.arrivals = np.array([0.0, 1.0, 4 * 3600.0, 20 * 3600.0]), 8 * 3600.0
    u = SEEDS.uniforms(4, "web/general", "patience", 0)
    v = SEEDS.uniforms(4, "web/general", "patience+1", 0)
    late = -300 * np.log1p(-u[2]) - 60 * np.log1p(-v[2])
    expected = [*(-60 * np.log1p(-u[:2])), late, -60 * np.log1p(-u[3])]
    assert draws.values("patience", timed).tolist() == pytest.approx(expected, rel=1e-12)
    assert timed.mean == pytest.approx((60 + 360) / 2)


def test_a_deep_column_by_the_time_of_day_has_the_numbers_of_a_whole_one():
    timed = ByTime({"06:00": FAST, "18:00": Sum((FAST, SLOW))})
    few, many = contacts(50), contacts(70_000)
    for draws in (few, many):
        draws.arrivals = np.linspace(0, 86_399, 70_000)[: len(draws)], 0.0
    assert many.values("handle_time", timed, 1).tolist()[:50] == few.values("handle_time", timed, 1).tolist()
    assert many.values("handle_time", timed, 5)[49] == few.values("handle_time", timed, 5)[49]


def test_workloads_keep_the_clock_when_they_are_saved_and_pickled(tmp_path):
    scenario = day("{by_time: {'08:00': 1m, '12:00': 2m}}")
    law = scenario.queues["q"].handle_time
    drawn = draw(scenario)
    drawn.save(tmp_path / "w.npz")
    for back in (Workload.load(tmp_path / "w.npz", scenario), pickle.loads(pickle.dumps(drawn))):
        assert back == drawn
        values = back.streams[0].draws.values("handle_time", law).tolist()
        assert values == drawn.streams[0].draws.values("handle_time", law).tolist()
        assert set(values) == {60, 120}


def test_an_aht_scales_the_entry_that_is_in_force():
    rows = [ForecastRow(0.0, 10, 120.0), ForecastRow(3600.0, 10, None)]
    law = ByTime({"08:00": Constant(60), "08:30": Constant(240), "09:00": Constant(30)})
    times = np.array([0.0, 1799.0, 1800.0, 3599.0, 3600.0, 9000.0])
    assert handle_scale(rows, law, times, day("1m")).tolist() == [2, 2, 0.5, 0.5, 1, 1]


def test_a_forecast_row_cannot_scale_a_time_of_zero():
    with pytest.raises(SimError, match="always 0"):
        handle_scale([ForecastRow(0.0, 10, 120.0)], ByTime({"00:00": Constant(0)}), np.zeros(1), day("1m"))


NIGHT = """
calendar: {from: FIRST, days: 2, time_zone: Europe/Berlin, open: {mon-sun: "00:00-24:00"}}
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {line: {medium: voice, handle_time: {by_time: {"01:00": 1m, "03:00": 2m}}}}
teams: {people: {agents: 9, skills: {line: 5}}}
arrivals: [{replay: contacts.csv}]
"""


@pytest.mark.parametrize("first", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"])
def test_the_law_is_that_of_the_clock_also_before_it_is_changed(first: str, tmp_path: Path) -> None:
    day = "2026-03-29" if first < "2026-06" else "2026-10-25"
    times = ["00:30", "01:30", "03:30", "23:30"]
    rows = [f"{number},phone,line,{day}T{at}:00" for number, at in enumerate(times)]
    (tmp_path / "contacts.csv").write_text("\n".join(["contact_id,channel,queue,offered_at", *rows]))
    tasks = sim.run(sim.loads(NIGHT.replace("FIRST", first), "night.yaml", tmp_path), jobs=1).tasks
    assert (tasks["task_end_time"] - tasks["task_answered_time"]).tolist() == pytest.approx(
        [120, 60, 120, 120]
    )


@pytest.mark.parametrize(
    ("first", "expected"),
    [("2026-03-29", [2, 0.5, 4, 4]), ("2026-10-25", [2, 0.5, 0.5, 4])],
)
def test_an_aht_scales_by_the_clock_in_the_night_of_its_change(first: str, expected: list[float]) -> None:
    """After 2 h it is 3 o'clock in spring, and after 3 h it is 2 o'clock again in autumn."""
    date = sim.loads(NIGHT.replace("FIRST", first).replace("[{replay: contacts.csv}]", "[]")).days[0]
    law = ByTime({"00:00": Constant(60), "01:00": Constant(240), "03:00": Constant(30)})
    times = np.array([0.5, 1.5, 3.5, 4.5]) * 3600
    scale = handle_scale([ForecastRow(0.0, 10, 120.0)], law, times, date.scenario)
    assert scale is not None
    assert scale.tolist() == expected


@pytest.mark.parametrize(
    ("law", "what"),
    [
        ("{by_time: {}}", "queues.q.handle_time.by_time: there has to be at least one entry"),
        ("{by_time: {'25:00': 5m}}", '25:00: "25:00" is beyond the day'),
        ("{by_time: {'8': 5m}}", "`8` is not a clock time"),
        ("{by_time: {'08:00': {expo: {mean: 5}}}}", "unknown law `expo`"),
        ("{by_time: 5}", "`5` is not a mapping"),
        ("{by_time: {'08:00': 3m}, sum: [2, 3]}", "`by_time` does not go beside `sum`"),
        ("{sum: [5m]}", "there have to be at least two entries"),
        ("{sum: [5m, x]}", "queues.q.handle_time.sum.1: `x` is not a duration"),
    ],
)
def test_a_mistake_in_a_compound_law_is_one_line(law, what):
    with pytest.raises(SimError) as refused:
        day(law)
    assert what in str(refused.value)


def test_only_customers_have_laws_by_the_time_of_day():
    with pytest.raises(SimError, match="by_time is for the laws of queues"):
        day("5m").set("teams.t.wrap_up", {"by_time": {"08:00": "5s"}})


def test_laws_of_parts_are_written_as_they_are_read():
    law = {"by_time": {"08:00": "5m", "12:00": {"sum": ["2m", {"exponential": {"mean": "1m"}}]}}}
    scenario = day("5m").set("queues.q.handle_time", law)
    assert scenario.model_dump(mode="json")["queues"]["q"]["handle_time"] == law
    assert hash(scenario) == hash(day("5m").set("queues.q.handle_time", law))
