"""Erlang's formulas as a planner would use them, and why a scenario is not one of theirs."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.experiments.demand_and_staffing import agents_on_duty, volumes
from sim.experiments.erlang.calculation import Calculation, parse_rate
from sim.experiments.erlang.reasons import reasons
from sim.experiments.erlang.sheet import ErlangSheet

ROOT = Path(__file__).parents[2]

PLAIN = """\
name: Plain queue
lasts: 4h
seed: 11
replications: 12
interval: 2h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  calls:
    medium: voice
    service_level: {within: 20s, target: 80%}
    handle_time: {exponential: {mean: 2m}}
    patience: {exponential: {mean: 3m}}
teams:
  desk: {agents: 12, skills: {calls: 5}}
arrivals:
  - {channel: phone, queue: calls, per_hour: 330}
"""


@pytest.fixture(scope="module")
def day() -> sim.Scenario:
    return sim.load(ROOT / "scenarios" / "support_day.yaml")


def test_a_planners_question_has_the_textbooks_answer() -> None:
    """Gans, Koole and Mandelbaum (2003): 48 calls a minute of a minute each, 50 agents, patience 2 minutes."""
    found = Calculation(parse_rate("48/min"), 60, 120, 20).row(50)
    assert found.abandoned_a == pytest.approx(0.0309, abs=1e-4)
    assert found.asa_c == pytest.approx(20.83, abs=0.01)
    assert found.in_time_c == pytest.approx(0.6434546, abs=1e-6)
    assert found.waits_a == pytest.approx(0.46777407, abs=1e-6)
    assert Calculation(parse_rate("8/h"), 3600).row(10).blocked == pytest.approx(0.1216610643, abs=1e-9)


def test_the_least_agents_are_the_least() -> None:
    found = Calculation(parse_rate("100/h"), 300, 180, 20)
    for model, column in (("C", "in_time_c"), ("A", "in_time_a")):
        least = found.least(0.8, model)
        assert getattr(found.row(least), column) >= 0.8 > getattr(found.row(least - 1), column)
    assert found.least(0.8, "A") < found.least(0.8, "C")
    assert found.by_square_root(0.8)[0] in (found.least(0.8, "C") - 1, found.least(0.8, "C"))
    large = Calculation(parse_rate("6000/h"), 300, None, 20)
    assert abs(large.by_square_root(0.8)[0] - large.least(0.8, "C")) <= 1


def test_too_few_agents_have_no_end_of_waiting() -> None:
    found = Calculation(parse_rate("100/h"), 300, None, 20)
    assert (found.row(8).in_time_c, found.row(8).asa_c) == (0.0, math.inf)
    assert math.isnan(found.row(8).abandoned_a)
    assert found.row(0).in_time_c == 0


@pytest.mark.parametrize("per_hour", [60, 200, 240, 300, 360, 720])
@pytest.mark.parametrize("minutes", [1, 3, 5, 7, 10, 20])
def test_as_much_work_as_agents_has_no_steady_state(per_hour: int, minutes: int) -> None:
    """A load of exactly the agents, whatever the rounding of rate times handle time: no end, in every column."""
    agents = per_hour * minutes // 60
    found = Calculation(parse_rate(f"{per_hour}/h"), minutes * 60.0).row(agents)
    assert (found.waits_c, found.in_time_c, found.asa_c) == (1.0, 0.0, math.inf)
    assert Calculation(parse_rate(f"{per_hour}/h"), minutes * 60.0).row(agents + 1).asa_c < math.inf


@pytest.mark.parametrize(
    "text",
    [
        "100",
        "100/h",
        "1.6666666666666667/min",
        "0.027777777777777776/s",
        "2400/d",
        "50/30min",
        "25 / 15m",
        "200/2h",
    ],
)
def test_rates_are_read_with_their_unit(text: str) -> None:
    assert parse_rate(text) == pytest.approx(100 / 3600)


@pytest.mark.parametrize("text", ["", "-1/h", "0", "5/week", "many/h", "nan/h", "5/0h", "5/", "5/30"])
def test_what_is_no_rate(text: str) -> None:
    with pytest.raises(sim.SimError, match="--rate"):
        parse_rate(text)


def test_mistakes_of_a_calculation() -> None:
    with pytest.raises(sim.SimError, match="handle time must be above 0"):
        Calculation(1, 0)
    with pytest.raises(sim.SimError, match="target must lie between"):
        Calculation(1, 1).least(1.0, "C")
    with pytest.raises(sim.SimError, match="needs a patience"):
        Calculation(1, 1).least(0.5, "A")


def test_a_queue_that_is_erlangs_is_as_the_formula_says() -> None:
    """Constant rate, exponential times, nothing else: Erlang A is right, but for the start of the day."""
    beside = sim.erlang(sim.loads(PLAIN), jobs=1)
    assert beside.reasons == ()
    day = beside.sheet.day("calls")
    ours = beside.simulated(day)
    assert (day.volume, day.servers, day.handle) == (1320, 12, 120)
    exact = Calculation(330 / 3600, 120, 180, 20).row(12)
    assert (day.in_time_a, day.asa_a, day.in_time_c) == pytest.approx(
        (exact.in_time_a, exact.asa_a, exact.in_time_c)
    )
    for name, formula in (("in_time", day.in_time_a), ("asa", day.asa_a), ("abandoned", day.abandoned_a)):
        figure = ours[name]
        half = figure.high - figure.value
        assert abs(figure.value - formula) < 2 * half
        assert half < 0.2 * formula
    assert abs(ours["in_time"].value - day.in_time_c) > 0.1


def test_a_spreadsheet_shares_teams_by_load_and_counts_chats_as_agents(day: sim.Scenario) -> None:
    sheet = ErlangSheet(day)
    at_noon = {queue: sheet.intervals(queue)[9] for queue in day.queues}  # 12:30, the middle shift's break
    assert at_noon["hotline"].agents == pytest.approx(9)
    assert at_noon["general"].agents == pytest.approx((14 - 5) * 0.96)
    assert at_noon["general"].servers == pytest.approx(2 * 9 * 0.96)
    assert at_noon["general"].handle == pytest.approx(540 * 1.4 + 25)
    assert at_noon["technical"].agents == pytest.approx(4 - 2 * 0.5)  # 12:00 to 12:45, half of this interval
    assert sheet.day("second_level").volume == 0
    assert sheet.teams_of("general") == ("frontline",)


def test_agents_on_duty_are_those_of_the_roster(day: sim.Scenario) -> None:
    edges = np.arange(0, 11) * 3600.0
    billing = agents_on_duty(day, day.teams["billing"], edges)
    assert billing.tolist() == pytest.approx([3, 4.5, 6, 6, 4.5, 4.5, 6, 6, 4.5, 3])
    assert agents_on_duty(day, day.teams["phones"], edges).tolist() == [7, 10, 12, 11, 9, 9, 10, 10, 8, 6]
    assert agents_on_duty(day, day.teams["frontline"], edges).sum() == pytest.approx(14 * 7.5 * 0.96)


def test_volumes_are_the_forecasts_without_what_a_bot_answers(day: sim.Scenario) -> None:
    hourly = volumes(day, np.array([0, 3600, 36000.0]))
    assert hourly["general"].tolist() == pytest.approx([70 * 0.85, 1010 * 0.85])
    assert hourly["second_level"].tolist() == [0, 0]


def test_reasons_are_those_that_the_scenario_has(day: sim.Scenario) -> None:
    """Each is there with its number, and gone with its cause."""
    result = sim.run(day, 1, keep_tables="none", jobs=1)

    def topics(scenario: sim.Scenario, queue: str) -> dict[str, str]:
        return {one.topic: one.text for one in reasons(ErlangSheet(scenario), queue, result)}

    general = topics(day, "general")
    assert {"concurrency", "skills", "hours", "overdispersion", "wrap-up", "priorities", "absence"} < set(
        general
    )
    assert "up to 2" in general["concurrency"]
    assert "71%" in general["concurrency"]
    assert "after 45s team billing" in general["skills"]
    assert "7.2%" in general["overdispersion"]
    technical = {one.text for one in reasons(ErlangSheet(day), "technical", result)}
    assert any("are transferred in" in text for text in technical)
    assert any("ring out" in text for text in technical)
    assert "its patience is weibull, not exponential" in technical
    plain = day.set("media.chat.max_tasks", 1).set("teams.frontline.absence", "0%").set("busyness", None)
    assert {"concurrency", "absence"}.isdisjoint(topics(plain, "general"))
    assert "4.0%" in topics(plain, "general")["overdispersion"]
    assert "nobody asks for it first" in topics(day, "second_level")["transfers"]


def test_an_unknown_queue_is_told_with_the_nearest(day: sim.Scenario) -> None:
    with pytest.raises(sim.SimError, match="did you mean `hotline`"):
        sim.erlang(day, ["hotlin"])


def test_the_files_aht_goes_into_the_formulas_as_into_the_run(tmp_path: Path) -> None:
    """10 calls of 60 s and 30 of 180 s in an interval of an hour: 150 s each; the second hour has the law's."""
    (tmp_path / "f.csv").write_text(
        "interval_start,volume,aht_s\n00:00,10,60\n00:30,30,180\n01:00,40,\n01:30,0,\n"
    )
    text = PLAIN.replace("per_hour: 330}", "file: f.csv}").replace("lasts: 4h", "lasts: 2h")
    (tmp_path / "day.yaml").write_text(text.replace("interval: 2h", "interval: 1h"))
    day = sim.load(tmp_path / "day.yaml")
    first, second = ErlangSheet(day).intervals("calls")
    assert (first.volume, first.handle) == (pytest.approx(40), pytest.approx((10 * 60 + 30 * 180) / 40))
    assert (second.volume, second.handle) == (pytest.approx(40), pytest.approx(120))
    drawn = sim.draw(day).streams[0]
    scale = np.asarray(drawn.handle_scale)
    assert set(scale[np.asarray(drawn.times) < 1800]) == {0.5}


def test_what_is_needed_is_the_documented_example_of_pyworkforce() -> None:
    """100 calls in 30 minutes of 3 minutes each, 80 % in 20 s: 14 agents, 88.835 % in time, occupancy 71.43 %.

    pyworkforce's README, ErlangC(transactions=100, asa=20/60, aht=3, interval=30).required_positions: 10 Erlang,
    raw_positions 14, service_level 0.8883500191794669, occupancy 0.7142857142857143.
    """
    text = PLAIN.replace("per_hour: 330", "per_hour: 200").replace("mean: 2m", "mean: 3m")
    text = text.replace("interval: 2h", "interval: 30m").replace("agents: 12", "agents: 20, absence: 30%")
    first = ErlangSheet(sim.loads(text)).planned("calls")[0]
    assert (first.offered, first.aht_s, first.load_erlang) == pytest.approx((100, 180, 10))
    assert (first.agents, first.gross, first.needed_c) == pytest.approx((14, 20, 14))
    assert first.needed_a < first.needed_c
    assert first.service_level_c == pytest.approx(0.8883500191794669, abs=1e-9)
    assert first.occupancy == pytest.approx(0.7142857142857143)


def test_erlang_b_is_the_printed_table() -> None:
    """Offered traffic in Erlang by lines and blocking: R. B. Cooper, 1981, appendix."""
    for lines, blocked, load in (
        (5, 0.02, 1.657),
        (10, 0.01, 4.461),
        (20, 0.01, 12.03),
        (30, 0.02, 21.93),
        (100, 0.01, 84.06),
    ):
        assert Calculation(load, 1.0).row(lines).blocked == pytest.approx(blocked, rel=2e-3)


@pytest.mark.parametrize(
    ("agents", "in_time"), [(11, 0.390), (12, 0.640), (13, 0.796), (14, 0.888), (15, 0.941), (16, 0.971)]
)
def test_erlang_c_is_the_worked_example_of_planners(agents: int, in_time: float) -> None:
    """100 calls in 30 minutes of 180 s, 80/20, Call Centre Helper's example: 14 agents, 88.8 %, ASA 7.8 s."""
    found = Calculation(parse_rate("100/30min"), 180)
    assert found.row(agents).in_time_c == pytest.approx(in_time, abs=6e-4)
    assert found.least(0.8, "C") == 14
    assert found.row(14).asa_c == pytest.approx(7.8, abs=0.05)


def test_a_fraction_of_an_agent_lies_between_the_whole_numbers_beside_it() -> None:
    """Halfway P(wait) is the mean of 13's and 14's; what follows from it is computed with 13.5 agents at work."""
    found = Calculation(parse_rate("200/h"), 180, 180, 20)
    low, half, high = found.row(13), found.row(13.5), found.row(14)
    waits = (low.waits_c + high.waits_c) / 2
    assert half.asa_c == pytest.approx(waits / (13.5 / 180 - 200 / 3600))
    assert half.in_time_c == pytest.approx(1 - waits * math.exp(-(13.5 / 180 - 200 / 3600) * 20))
    assert half.abandoned_a == pytest.approx((low.abandoned_a + high.abandoned_a) / 2)
    assert half.occupancy == pytest.approx(10 / 13.5)
    for name in ("in_time_c", "in_time_a", "abandoned_a", "asa_a", "asa_c", "blocked"):
        inside = sorted((getattr(low, name), getattr(high, name)))
        assert inside[0] < getattr(half, name) < inside[1]


def test_a_fraction_has_an_end_just_above_the_load() -> None:
    found = Calculation(parse_rate("100/h"), 300)  # 8.33 Erlang
    assert found.row(8.3).asa_c == math.inf
    assert found.row(8.4).asa_c < math.inf
    assert found.row(0.5).in_time_c == 0


def test_occupancy_bounds_what_is_needed() -> None:
    """10 Erlang with at most 70 % occupancy: 10 / 0.7 = 14.3 agents, one more than the service level asks for."""
    given = {"rate": parse_rate("200/h"), "handle": 180.0, "patience": 180.0}
    assert Calculation(**given).least(0.8, "C") == 14
    busy = Calculation(**given, max_occupancy=0.7)
    assert busy.least(0.8, "C") == 15
    lost = [Calculation(**given).row(agents).abandoned_a for agents in (14, 15)]
    assert 10 * (1 - lost[0]) / 14 > 0.7 > 10 * (1 - lost[1]) / 15
    assert busy.least(0.8, "A") == 15
    assert busy.by_square_root(0.8)[0] == 15


TWO_TEAMS = (
    PLAIN.replace(
        "  desk: {agents: 12, skills: {calls: 5}}\n",
        """\
  early:
    skills: {calls: 5}
    wrap_up: 30s
    shifts: [{from: "08:00", to: "10:00", agents: 6}]
  late:
    skills: {calls: 5}
    speed: {calls: 50%}
    shifts: [{from: "09:00", to: "12:00", agents: 3}]
""",
    )
    .replace("lasts: 4h", "opens: 2026-03-02 08:00\nlasts: 4h")
    .replace("interval: 2h", "interval: 1h")
)


def test_teams_count_by_who_is_there() -> None:
    """120 s at full speed with 30 s wrap-up, 240 s at half: early alone, both, late alone.

    Together 6 / 150 + 3 / 240 = 0.0525 contacts a second, what 9 agents of 171.43 s do.
    """
    rows = ErlangSheet(sim.loads(TWO_TEAMS)).intervals("calls")
    assert [row.agents for row in rows] == pytest.approx([6, 9, 3, 3])
    assert [row.handle for row in rows] == pytest.approx([150, 9 / 0.0525, 240, 240])


def test_a_law_by_the_time_of_day_is_used_for_what_is_needed_too() -> None:
    """Patience of 3 minutes until 10:00 and none to speak of later: fewer are needed then by Erlang A."""
    text = TWO_TEAMS.replace(
        "patience: {exponential: {mean: 3m}}",
        'patience: {by_time: {"08:00": {exponential: {mean: 3m}}, "10:00": {exponential: {mean: 10s}}}}',
    )
    rows = ErlangSheet(sim.loads(text)).planned("calls")
    for row, patience in zip(rows, (180, 180, 10, 10), strict=True):
        assert row.needed_a == Calculation(330 / 3600, row.aht_s, patience, 20).least(0.8, "A")


def test_a_queue_that_nobody_asks_and_nobody_serves_has_a_row() -> None:
    text = PLAIN.replace("teams:\n", "  spare:\n    medium: voice\n    handle_time: 4m\nteams:\n")
    (first, _) = ErlangSheet(sim.loads(text)).planned("spare")
    assert (first.offered, first.aht_s, first.agents) == (0, 240, 0)
    assert math.isnan(first.occupancy)


def test_the_same_from_python() -> None:
    alone = sim.erlang(rate="100/30min", handle="3m", agents=13.5, shrinkage="30%")
    assert alone.least["Erlang C"] == 14
    assert alone.gross["Erlang C"] == pytest.approx(20)
    assert 13.5 in set(alone.rows["agents"])
    assert "Erlang C 14" in repr(alone)
    text = (
        PLAIN.replace("per_hour: 330", "per_hour: 200")
        .replace("mean: 2m", "mean: 3m")
        .replace("lasts: 4h", "lasts: 1h")
    )
    day = sim.loads(text.replace("interval: 2h", "interval: 30m"))
    beside = sim.erlang(day, target=0.9, shrinkage=0.2, max_occupancy=0.6, replications=1, jobs=1)
    row = beside.rows.iloc[0]
    assert (row["needed_c"], row["agents"], row["gross"]) == (pytest.approx(17), 12, pytest.approx(15))
    assert beside.sheet.gross("calls", 16) == pytest.approx(20)
    assert day.queues["calls"].service_level.target == 0.8


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "give a scenario, or rate and handle"),
        ({"rate": "100/h", "handle": "5m", "max_occupancy": "0%"}, "highest occupancy must lie above 0%"),
        ({"rate": "100/h", "handle": "5m", "shrinkage": "100%"}, "shrinkage must lie from 0% to below 100%"),
        ({"rate": "100/h", "handle": "5m", "shrinkage": "much"}, "shrinkage: `much` is not a share"),
        ({"rate": "1000000/h", "handle": "1h"}, "1,000,000 Erlang; at most 50,000 are calculated"),
    ],
)
def test_mistakes_from_python(asked: dict[str, str], told: str) -> None:
    with pytest.raises(sim.SimError, match=re.escape(told)):
        sim.erlang(**asked)


def test_shrinkage_is_not_taken_off_twice(day: sim.Scenario) -> None:
    with pytest.raises(sim.SimError, match="give shrinkage or the absence of team frontline, not both"):
        sim.erlang(day, shrinkage=0.3)
    with pytest.raises(sim.SimError, match="rate and agents cannot be used with a scenario"):
        sim.erlang(day, rate=3, agents=4)
