"""Comparisons and sweeps, and what they keep, name the engine on which they were simulated."""

import json
from pathlib import Path

import pytest

import sim
from sim.engine.engines import VARIABLE, Engine, engine_for_all

ASKED_FOR = Engine("simpy", "as asked for")
AS_KEPT = {"name": "simpy", "why": "as asked for"}


@pytest.fixture
def small(small_text: str, monkeypatch: pytest.MonkeyPatch) -> sim.Scenario:
    monkeypatch.setenv(VARIABLE, "simpy")
    return sim.loads(small_text)


def test_a_comparison_names_its_engine(small: sim.Scenario, tmp_path: Path) -> None:
    found = sim.compare(small, small.set("teams.desk.agents", 4), replications=2, jobs=1)
    folder = found.save(tmp_path / "kept")
    assert json.loads((folder / "manifest.json").read_text())["engine"] == AS_KEPT
    opened = sim.open(folder)
    assert found.engine == opened.engine == ASKED_FOR


def test_a_sweep_names_its_engine(small: sim.Scenario, tmp_path: Path) -> None:
    found = sim.sweep(small, {"teams.desk.agents": [3, 4]}, replications=2, jobs=1, folder=tmp_path / "kept")
    assert json.loads((tmp_path / "kept" / "sweep.json").read_text())["engine"] == AS_KEPT
    opened = sim.open(tmp_path / "kept")
    assert found.engine == opened.engine == ASKED_FOR


def test_scenarios_on_two_engines_name_both(small: sim.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    each = iter([Engine("compiled"), Engine("simpy", "a policy"), Engine("simpy", "a policy")])
    monkeypatch.setattr("sim.engine.engines.engine_for", lambda _scenario: next(each))
    assert engine_for_all([small] * 3) == Engine("compiled and simpy", "a policy")
