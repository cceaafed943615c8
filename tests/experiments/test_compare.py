"""Comparing scenarios on the same customers: rows, names, customers, and what pairing is good for."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.experiments.figure_selectors import FigureSelector, usual
from sim.experiments.sampling import tables_for
from sim.experiments.variants import changes, names_of, split_at_commas, variants
from sim.metrics import Figure
from sim.metrics.formatting import number, signed, value_and_spread
from sim.scenario.loading import changed

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def small(small_text: str) -> sim.Scenario:
    return sim.loads(small_text)


@pytest.fixture(scope="module")
def comparison(small: sim.Scenario) -> sim.Comparison:
    return sim.compare(small, small.set("teams.desk.agents", 4), replications=12, jobs=1)


def test_both_sides_are_what_a_run_of_each_says(small: sim.Scenario, comparison: sim.Comparison) -> None:
    base = sim.run(small, 12, jobs=1)
    more = sim.run(small.set("teams.desk.agents", 4), 12, jobs=1)
    for row in comparison.differences:
        place = {name: getattr(row, name) for name in ("queue", "team", "channel", "kind", "interval")}
        assert row.base == pytest.approx(base.figure(row.metric, **place).value)
        assert row.value == pytest.approx(more.figure(row.metric, **place).value)
        assert row.difference == pytest.approx(row.value - row.base)
        assert row.unit == base.figure(row.metric, **place).unit


def test_one_agent_more_is_better_beyond_doubt_and_most_customers_feel_nothing(
    comparison: sim.Comparison,
) -> None:
    level = comparison.figure("service_level", queue="calls")
    assert 0 < level.low < level.difference < level.high
    assert level.p <= level.p_adjusted < 0.05
    assert level.correlation > 0.5
    assert level.variance_factor > 2
    fared, talked = comparison.customer_effects
    assert (fared.by, talked.by) == ("wait", "conversation")
    assert talked.same > 0.9  # a transfer may be served in one and not in the other
    assert comparison.has_the_same_customers
    assert fared.arrived == fared.compared > 50
    assert fared.better > 0.3 > fared.worse
    assert fared.better + fared.worse + fared.same == pytest.approx(1)


def test_the_table_is_tidy_and_has_the_targets_figures(comparison: sim.Comparison) -> None:
    table = comparison.table
    assert list(table["candidate"].unique()) == ["teams.desk.agents=4"]
    assert {"queue", "kind", "low", "high", "p_adjusted", "unit"} < set(table.columns)
    assert ("service_level", "calls") in set(zip(table["metric"], table["queue"], strict=True))
    assert len(table) == len(comparison.wanted) == len(set(comparison.wanted))
    assert "teams.desk.agents=4" in comparison._repr_html_()
    assert "12 replications" in repr(comparison)


def test_a_figure_that_was_not_compared_is_named(comparison: sim.Comparison) -> None:
    with pytest.raises(sim.SimError, match="was not compared; compared were service_level"):
        comparison.figure("wait_p99")
    with pytest.raises(sim.SimError, match=r"did you mean `teams\.desk\.agents=4`"):
        comparison.figure("asa", candidate="teams.desk.agents=5")


def test_nothing_changes_for_anybody_where_nothing_is_changed(small: sim.Scenario) -> None:
    same = sim.compare(small, small, replications=3, metrics=["asa", "wait_p90"], names=["the same"], jobs=1)
    assert [row.difference for row in same.differences] == [0, 0, 0]
    assert [row.p for row in same.differences] == [1, 1, 1]
    assert (
        same.customer_effects[0].better,
        same.customer_effects[0].worse,
        same.customer_effects[0].same,
    ) == (0, 0, 1)


def test_other_arrivals_are_other_customers(small: sim.Scenario) -> None:
    """The draws are shared still, but nobody comes at the same time."""
    busier = sim.compare(small, small.set("arrivals.0.per_hour", 80), replications=3, metrics=["asa"], jobs=1)
    assert busier.customer_effects[0].compared == 0
    assert math.isnan(busier.customer_effects[0].better)
    assert busier.figure("asa").correlation > 0.3


@pytest.mark.slow
def test_workers_do_not_change_a_byte(small: sim.Scenario) -> None:
    more = small.set("teams.desk.agents", 4)
    alone, side_by_side = (
        sim.compare(small, more, replications=4, metrics=["asa", "service_level"], jobs=jobs)
        for jobs in (1, 2)
    )
    assert alone.table.to_csv() == side_by_side.table.to_csv()
    assert alone.customers.to_csv() == side_by_side.customers.to_csv()


@pytest.mark.parametrize("done", [1, 3])
def test_ctrl_c_keeps_what_was_finished(small: sim.Scenario, done: int) -> None:
    def interrupt(now: int, _total: int) -> None:
        if now == done:
            raise KeyboardInterrupt

    more = small.set("teams.desk.agents", 4)
    how = {"replications": 6, "metrics": ["asa"], "jobs": 1, "on_progress": interrupt}
    if done == 1:
        with pytest.raises(KeyboardInterrupt):
            sim.compare(small, more, **how)
        return
    cut = sim.compare(small, more, **how)
    assert (cut.replications, cut.asked, cut.interrupted) == (3, 6, True)
    whole = sim.compare(small, more, replications=3, metrics=["asa"], jobs=1)
    assert cut.table.equals(whole.table)


def test_mistakes_are_told_all_at_once(small: sim.Scenario) -> None:
    with pytest.raises(
        sim.SimError, match=r"nothing to compare with; give another scenario, such as base\.set\("
    ):
        sim.compare(small)
    with pytest.raises(sim.SimError, match="at least 2 replications, not 1"):
        sim.compare(small, small, replications=1)
    with pytest.raises(sim.SimError) as told:
        sim.compare(small, small, metrics=["servce_level", "asa:queue=cals", "asa:que=calls", "asa:queue="])
    lines = str(told.value).splitlines()
    assert len(lines) == 4
    assert "did you mean `service_level`" in lines[0]
    assert "did you mean `calls`" in lines[1]
    assert "did you mean `queue`" in lines[2]
    assert "write queue=NAME" in lines[3]


def test_figures_are_read_as_they_are_written() -> None:
    wanted = FigureSelector.parse(" no_agent_rate:kind=transfer:queue=calls ")
    assert wanted.place == (("queue", "calls"), ("kind", "transfer"))
    assert FigureSelector.parse(wanted.text) == wanted
    assert FigureSelector.parse("asa:interval=08:00").place == (("interval", "08:00"),)


def test_figures_that_a_candidate_has_not_are_left_out_of_the_usual(small: sim.Scenario) -> None:
    assert usual([small])[0].text == "service_level"
    assert "service_level:queue=calls" in [one.text for one in usual([small])]
    other = sim.loads(sim.dump(small).replace("calls", "lines"))
    assert "service_level:queue=calls" not in [one.text for one in usual([small, other])]
    with pytest.raises(sim.SimError, match="no queue `calls`"):
        sim.compare(small, other, metrics=["asa:queue=calls"], replications=2)


def test_only_the_tables_are_kept_that_the_figures_need(small: sim.Scenario) -> None:
    assert tables_for(small, ["service_level", "wait_p90"]) == ("requests",)
    assert tables_for(small, ["occupancy"]) == ("agent_states", "tasks")
    assert set(tables_for(small, ["cost_per_resolved"])) > {"conversations"}


def test_names_say_what_is_changed(small: sim.Scenario) -> None:
    more = small.set("teams.desk.agents", 4).set("routing.ring_time", "20s")
    assert changes(small, more) == {"teams.desk.agents": 4, "routing.ring_time": "20s"}
    patient = small.set("queues.calls.patience", {"gamma": {"mean": "5m", "sd": "1m"}})
    assert names_of(small, [patient], [None]) == ("queues.calls.patience={gamma: {mean: 5m, sd: 1m}}",)
    assert changes(patient, small) == {"queues.calls.patience": {"exponential": {"mean": "2m"}}}
    slower = small.set("arrivals.0.per_hour", 50)
    assert names_of(small, [slower, slower, small], [None, None, "mine"]) == (
        "arrivals.0.per_hour=50", "arrivals.0.per_hour=50 #2", "mine",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ({"routing.ring_time": "20s"}, {"routing.ring_time": "60s"}, "routing.ring_time=1m"),
        ({"labels": {"gold": {"priority": 9}}}, {"labels.gold.priority": 1}, "labels.gold.priority=1"),
        ({}, {"labels": {"gold": {}}}, "labels.gold={}"),
        ({}, {"queues.calls.patience": None}, "no queues.calls.patience"),
        (
            {"queues.calls.mode": "pull", "queues.calls.pull": {"join": "50%"}},
            {"queues.calls.mode": "push", "queues.calls.pull": None},
            "queues.calls.mode=push, no queues.calls.pull",
        ),
        (
            {"queues.calls.steps": [{"needs": "calls >= 1"}]},
            {"queues.calls.steps": []},
            "no queues.calls.steps",
        ),
        ({}, {"routing.last_agent": True}, "routing.last_agent=on"),
        ({"routing.ageing": "5m"}, {"routing.ageing": 0, "seed": 0}, "seed=0, routing.ageing=0s"),
    ],
)
def test_names_give_the_values_that_apply_be_they_defaults(
    small: sim.Scenario, before: dict[str, object], after: dict[str, object], name: str
) -> None:
    base, other = changed(small, before), changed(changed(small, before), after)
    assert names_of(base, [other], [None]) == (name,)


def test_candidates_are_made_of_files_and_changes(
    small: sim.Scenario, scenario_file: Callable[..., Path]
) -> None:
    path = scenario_file("other.yaml", **{"agents: 3": "agents: 5"})
    made = variants(
        small,
        [path],
        ["teams.desk.agents=4", "queues.calls.balk=10%"],
        ["quick: teams.desk.wrap_up=5s, queues.calls.handle_time={gamma: {mean: 2m, sd: 1m}}", "seed=4"],
    )
    assert [name for name, _ in made] == [None, None, "quick", None]
    file, together, quick, _ = (scenario for _, scenario in made)
    assert file.teams["desk"].agents == 5
    assert (together.teams["desk"].agents, together.queues["calls"].balk) == (4, 0.1)
    assert quick.queues["calls"].handle_time == sim.scenario.Gamma(120, 60)


def test_mistakes_of_candidates_are_told_with_the_option_that_made_them(small: sim.Scenario) -> None:
    with pytest.raises(sim.SimError) as told:
        variants(small, [Path("nowhere.yaml")], ["teams.dsk.agents=4"], ["x: seed=-1", "just words", "a=[1"])
    assert str(told.value).splitlines() == [
        "nowhere.yaml: there is no such file",
        "--set teams.dsk.agents: there is no `dsk` in teams; did you mean `desk`?",
        "--candidate seed: `-1` has to be at least 0",
        "--candidate `just words`: write KEY=VALUE, KEY=VALUE, with or without a `name:` before it",
        "`a=[1`: a closing ] is missing",
    ]


def test_commas_in_brackets_and_quotes_do_not_split() -> None:
    assert split_at_commas("a=1, b=[1, {c: 2, d: 3}], e='x, y' ,f") == [
        "a=1", "b=[1, {c: 2, d: 3}]", "e='x, y'", "f",
    ]  # fmt: skip


def test_a_comparison_is_kept_whole(comparison: sim.Comparison, tmp_path: Path) -> None:
    folder = comparison.save(tmp_path / "kept", command=["sim", "compare"])
    read = pd.read_csv(folder / "comparison.csv", keep_default_na=False)
    assert read["difference"].tolist() == comparison.table["difference"].tolist()
    assert sim.load(folder / "candidate-1" / "scenario.yaml") == comparison.candidates[0]
    assert sim.load(folder / "base" / "scenario.yaml") == comparison.base
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["candidates"][0]["scenario_hash"] == comparison.candidates[0].hash
    each = pd.read_csv(folder / "replications.csv", keep_default_na=False)
    level = each[(each["metric"] == "service_level") & (each["queue"] == "calls")]
    sums = level.groupby("candidate")[["numerator", "denominator"]].sum()
    shares = (sums["numerator"] / sums["denominator"]).tolist()
    row = comparison.figure("service_level", queue="calls")
    assert shares == pytest.approx([row.base, row.value])
    comparison.save(folder)  # over itself
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(sim.SimError, match="not an earlier run"):
        comparison.save(tmp_path / "other")


@pytest.mark.slow
def test_pairing_saves_most_of_the_replications_on_a_support_day() -> None:
    """One agent more at the front line: eight days tell what would take forty and more without pairing."""
    day = sim.load(ROOT / "scenarios" / "support_day.yaml")
    more = day.set("teams.frontline.agents", 15)
    row = sim.compare(day, more, metrics=["service_level"], replications=8).figure("service_level")
    assert np.isfinite(row.variance_factor)
    assert row.variance_factor > 5, f"pairing reduces the variance {row.variance_factor:.1f}-fold"
    assert row.low > 0


def test_nothing_has_no_sign() -> None:
    nothing = Figure.of("asa", -0.04, (-0.05, -0.03), 3, "s")
    assert value_and_spread(nothing) == ("0.0", "±0.0")
    assert signed(nothing) == ("0.0", "±0.0")
    assert signed(nothing._replace(value=0.04)) == ("0.0", "±0.1")
    assert number(-0.001, 2) == "0.00"
