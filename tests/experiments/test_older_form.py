"""Results that were saved when the table of figures had fewer columns are still read."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.gate.files import check_files
from sim.metrics.figures import FIGURE_COLUMNS
from sim.metrics.metric import PLACE_COLUMNS

OLDER = Path(__file__).parent / "older_form"
"""A run, a comparison, a sweep, a JSON object and a baseline as an earlier version wrote them."""


@pytest.fixture(scope="module")
def now() -> sim.Result:
    return sim.run(sim.load(OLDER / "tiny.yaml"), jobs=1)


@pytest.mark.parametrize("saved", ["run", "run.json"])
def test_a_run_has_the_figures_it_had_and_no_spread(saved: str, now: sim.Result) -> None:
    opened = sim.open(OLDER / saved)
    assert isinstance(opened, sim.Result)
    assert tuple(opened.figures.columns) == FIGURE_COLUMNS
    assert opened.figures[["sd", "min", "max"]].isna().all(axis=None)
    assert (opened.figures[["variant", "label", "day"]] == "").all(axis=None)
    same = ["metric", *PLACE_COLUMNS, "value", "low", "high", "replications", "unit"]
    head = now.figures[same].head(3)
    pd.testing.assert_frame_equal(opened.figures[same].head(3), head)


def test_figures_of_an_older_run_are_found_by_their_place(now: sim.Result) -> None:
    opened = sim.open(OLDER / "run")
    assert isinstance(opened, sim.Result)
    for place in ({}, {"queue": "calls"}, {"queue": "calls", "interval": "00:00"}):
        assert opened.figure("asa", **place).value == now.figure("asa", **place).value


def test_a_comparison_and_a_sweep_are_read() -> None:
    comparison, sweep = sim.open(OLDER / "comparison"), sim.open(OLDER / "sweep")
    assert isinstance(comparison, sim.Comparison)
    assert isinstance(sweep, sim.Sweep)
    assert comparison.figure("asa").difference == pytest.approx(
        _stored("comparison/comparison.csv", "difference")
    )
    assert sweep.figures.query("metric == 'asa'")["value"].iloc[0] == pytest.approx(
        _stored("sweep/figures.csv", "value")
    )
    assert tuple(sweep.figures.columns) == ("teams.desk.agents", *FIGURE_COLUMNS)


def test_a_sweep_goes_on_from_an_older_one(tmp_path: Path) -> None:
    shutil.copytree(OLDER / "sweep", tmp_path / "sweep")
    scenario = sim.load(OLDER / "tiny.yaml")
    again = sim.sweep(scenario, {"teams.desk.agents": [2, 3]}, folder=tmp_path / "sweep", jobs=1)
    assert again.figures.query("metric == 'asa'")["value"].iloc[0] == pytest.approx(
        _stored("sweep/figures.csv", "value")
    )


def test_a_baseline_is_held_against() -> None:
    (checked,), _ = check_files([OLDER / "tiny.yaml"], baseline=OLDER / "base" / "tiny.json", jobs=1)
    assert checked.verdict == "pass"


def _stored(file: str, column: str) -> float:
    return float(pd.read_csv(OLDER / file).query("metric == 'asa'")[column].iloc[0])
