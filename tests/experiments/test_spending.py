"""The budget while a command simulates: where the estimate was wrong it stops, and what is finished is kept.

The days here run away: each queue transfers every contact to the other, so that none ends before the day is over. An
estimate counts one transfer a contact.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.experiments import sweeps
from sim.experiments.sweeps import MANY_POINTS
from sim.experiments.transient import warm_up
from sim.parallel.workers import Spending
from sim.scenario import Scenario, loads
from sim.scenario import budget as budgets
from sim.scenario.budget import BudgetError, estimate

CIRCLE = """\
lasts: 1m
drain: 10s
replications: 12
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  a: {medium: voice, handle_time: 0.5s, transfer: {probability: 0%, to: {b: 100%}}}
  b: {medium: voice, handle_time: 0.5s, transfer: {probability: 0%, to: {a: 100%}}}
teams: {crew: {agents: 30, skills: {a: 1, b: 1}}}
arrivals: [{channel: phone, queue: a, per_hour: 600}]
targets: [{metric: abandon_rate, at_most: 5%}]
"""
AWAY = {"queues.a.transfer.probability": "100%", "queues.b.transfer.probability": "100%"}
TOTAL = "all together took more than the budget of"


@pytest.fixture
def tame() -> Scenario:
    return loads(CIRCLE, "circle.yaml")


@pytest.fixture
def runaway(tame: Scenario) -> Scenario:
    return tame.set(AWAY)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "circle.yaml"
    path.write_text(CIRCLE)
    return path


@pytest.fixture
def no_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a day take as much as it likes, so that only what all take together counts."""
    monkeypatch.setattr(budgets, "MARGIN", 1e9)


SETS = [word for key, value in AWAY.items() for word in ("--set", f"{key}={value}")]


def taken(scenario: Scenario, days: int = 1) -> float:
    """Return how much of a budget the first days take."""
    cap = Spending.within(1e12, [scenario], days, 1).cap
    assert cap is not None
    for number in range(days):
        sim.simulate(scenario, sim.draw(scenario, number), sim.Recorder(scenario, ()), cap=cap)
    return cap.spent


def part(scenario: Scenario, runs: int, *, of: float = 2) -> float:
    """Return a budget that is spent after a part of the runs."""
    found = taken(scenario) * runs / of
    assert found > estimate(scenario).events * runs
    return found


def test_the_day_runs_away_from_its_estimate(tame: Scenario, runaway: Scenario) -> None:
    assert estimate(runaway).events < 3 * estimate(tame).events
    events = len(sim.simulate(runaway, sim.draw(runaway), sim.Recorder(runaway, sim.EVERYTHING)).events)
    assert events > 20 * estimate(runaway).events


@pytest.mark.slow
@pytest.mark.usefixtures("no_share")
def test_a_run_keeps_the_replications_within_its_budget(runaway: Scenario) -> None:
    result = sim.run(runaway, 10, jobs=1, budget=part(runaway, 10))
    assert 1 < result.replications < 10
    assert result.interrupted
    assert TOTAL in result.stopped
    same = sim.run(runaway, result.replications, jobs=1)
    assert result.figures.equals(same.figures)
    assert same.stopped == ""


def test_one_day_far_beyond_its_share_is_stopped_at_once(
    runaway: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "MARGIN", 1.5)
    with pytest.raises(BudgetError, match=r"events were estimated for a replication, and it took more than"):
        sim.run(runaway, 20, jobs=1, budget=part(runaway, 20))


@pytest.mark.usefixtures("no_share")
def test_the_budget_holds_for_all_replications_together(runaway: Scenario) -> None:
    budget = taken(runaway, 3)
    assert sim.run(runaway, 3, jobs=1, budget=budget + 1).replications == 3
    assert sim.run(runaway, 3, jobs=1, budget=budget - 4).replications == 2


@pytest.mark.slow
@pytest.mark.usefixtures("no_share")
def test_a_comparison_keeps_what_it_has(tame: Scenario, runaway: Scenario) -> None:
    found = sim.compare(tame, runaway, replications=12, jobs=1, budget=part(runaway, 12))
    assert 2 <= found.replications < 12
    assert found.interrupted
    assert TOTAL in found.stopped
    again = sim.compare(tame, runaway, replications=found.replications, jobs=1)
    assert found.table.equals(again.table)


@pytest.mark.slow
@pytest.mark.usefixtures("no_share")
def test_nothing_is_kept_of_a_comparison_without_two_replications(tame: Scenario, runaway: Scenario) -> None:
    with pytest.raises(BudgetError, match="all together took more than"):
        sim.compare(tame, runaway, replications=2, jobs=1, budget=part(runaway, 2, of=1.5))


@pytest.mark.slow
@pytest.mark.usefixtures("no_share")
def test_a_search_for_the_best_stops_undecided(tame: Scenario, runaway: Scenario) -> None:
    other = tame.set("queues.a.handle_time", {"exponential": {"mean": "0.5s"}})
    budget, scenarios = taken(runaway, 21) + 42 * taken(tame), (tame, other, runaway)
    how = {"metric": "handle_time", "goal": "low", "delta": 1e-9, "at_most": 24, "jobs": 1}
    found = sim.best(*scenarios, **how, budget=budget)
    assert found.chosen is None
    assert TOTAL in found.stopped
    assert 20 <= found.replications < 24


@pytest.mark.usefixtures("no_share")
def test_a_sweep_goes_on_from_what_was_finished(runaway: Scenario, tmp_path: Path) -> None:
    folder = tmp_path / "swept"
    vary = {"teams.crew.agents": [30, 31]}
    allowed = part(runaway, 8)
    with pytest.raises(
        BudgetError, match=rf"\d of 8 replications are kept in {folder}; the same command goes on"
    ):
        sim.sweep(runaway, vary, replications=4, jobs=1, folder=folder, budget=allowed)
    lines = (folder / "done.jsonl").read_text().splitlines()
    assert 1 < len(lines) < 8
    found: list[int] = []
    whole = sim.sweep(
        runaway, vary, replications=4, jobs=1, folder=folder, on_found=lambda count, _: found.append(count)
    )
    assert found == [len(lines)]
    assert len(whole.tops) == 4


@pytest.mark.usefixtures("no_share")
def test_a_check_is_no_verdict_where_it_was_stopped(tame: Scenario, runaway: Scenario) -> None:
    with pytest.raises(BudgetError):
        sim.check(runaway, at_most=10, jobs=1, budget=part(runaway, 10))
    assert sim.check(tame, at_most=10, jobs=1, budget=1e6).verdict.value == "pass"


@pytest.mark.usefixtures("no_share")
def test_a_warm_up_takes_what_was_finished(runaway: Scenario) -> None:
    found = warm_up(runaway, "occupancy", replications=6, step_s=1, jobs=1, budget=part(runaway, 6))
    assert 0 < len(found.runs) < 6
    assert TOTAL in found.stopped


# On the command line: exit code 2, one line, and what is finished.


@pytest.mark.usefixtures("no_share")
def test_run_saves_what_was_finished(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    budget = f"{part(loads(CIRCLE).set(AWAY), 6):.0f}"
    words = ["run", str(file), *SETS, "--replications", "6", "--out", "kept", "--jobs", "1"]
    assert main([*words, "--budget", budget]) == 2
    told = capsys.readouterr()
    (line,) = [line for line in told.err.splitlines() if not line.startswith("note")]
    assert TOTAL in line
    assert "replications that were finished" in line
    kept = sim.open("kept")
    assert isinstance(kept, sim.Result)
    assert f"; kept the {kept.replications} replications" in line
    assert TOTAL in kept.stopped
    assert main([*words[:-3], "other", "--jobs", "1", "--replications", "2", "--budget", "none"]) == 0


@pytest.mark.usefixtures("no_share")
def test_compare_prints_what_was_finished(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    budget = f"{part(loads(CIRCLE).set(AWAY), 12):.0f}"
    words = ["compare", str(file), *SETS, "--replications", "12", "--jobs", "1", "--budget", budget]
    assert main([*words, "--format", "json"]) == 2
    told = capsys.readouterr()
    done = json.loads(told.out)["replications"]
    assert told.err.rstrip().endswith(f"; compared the {done} replications that were finished")


@pytest.mark.slow
@pytest.mark.usefixtures("no_share")
def test_compare_best_prints_how_far_it_came(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    budget = f"{taken(loads(CIRCLE).set(AWAY), 21) + 42 * taken(loads(CIRCLE)):.0f}"
    other = ["--candidate", "queues.a.handle_time={exponential: {mean: 0.5s}}"]
    away = ["--candidate", ", ".join(f"{key}={value}" for key, value in AWAY.items())]
    words = ["compare", str(file), *other, *away, "--replications", "24", "--jobs", "1", "--budget", budget]
    assert main([*words, "--best", "handle_time", "--goal", "low", "--delta", "0.0001s"]) == 2
    told = capsys.readouterr()
    assert "base" in told.out
    assert len(told.err.splitlines()) == 1
    assert "; not decided after" in told.err


@pytest.mark.slow
@pytest.mark.usefixtures("no_share")
def test_sweep_tells_where_it_goes_on(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    budget = f"{part(loads(CIRCLE).set(AWAY), 8):.0f}"
    words = ["sweep", str(file), *SETS, "--vary", "teams.crew.agents=30,31", "--replications", "4"]
    assert main([*words, "--jobs", "1", "--out", "swept", "--budget", budget]) == 2
    kept = r"; \d of 8 replications are kept in swept; the same command goes on from there\n"
    assert re.search(kept, capsys.readouterr().err)


@pytest.mark.usefixtures("no_share")
def test_check_prints_the_files_that_were_checked(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = file.parent / "away.yaml"
    second.write_text(CIRCLE.replace("probability: 0%", "probability: 100%"))
    budget = f"{part(loads(second.read_text()), 10):.0f}"
    words = ["--at-most", "10", "--jobs", "1", "--budget", budget, "--out", "checked"]
    assert main(["check", str(file), str(second), *words]) == 2
    told = capsys.readouterr()
    assert "PASS" in told.out
    assert told.err.rstrip().endswith("; checked 1 of 2 files")
    kept = sim.open("checked")
    assert kept.verdict.value == "pass"
    shutil.rmtree("checked")
    assert main(["check", str(second), *words]) == 2
    assert not capsys.readouterr().out


@pytest.mark.usefixtures("no_share")
def test_warm_up_prints_what_was_finished(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    budget = f"{part(loads(CIRCLE).set(AWAY), 6):.0f}"
    words = ["warm-up", str(file), *SETS, "--metric", "occupancy", "--step", "1s", "--replications", "6"]
    assert main([*words, "--jobs", "1", "--budget", budget]) == 2
    assert "replications that were finished" in capsys.readouterr().err


# Memory.


def test_a_sweep_of_many_points_has_its_memory_estimated(
    tame: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "free_bytes", lambda: 4e8)
    monkeypatch.setattr(sweeps, "points_of", lambda *_: pytest.fail("points were made"))
    with pytest.raises(
        sim.SimError, match=r"^--vary: about 0.23 GB of memory would be used, and half of what"
    ):
        sim.sweep(tame, {"teams.crew.agents": range(1, MANY_POINTS)}, replications=50, jobs=1, budget=1e12)


def test_without_jobs_each_core_takes_its_part_of_the_memory(
    tame: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.parallel.workers.usable_cores", lambda: 64)
    monkeypatch.setattr(budgets, "free_bytes", lambda: 20 * estimate(tame).bytes)
    with pytest.raises(sim.SimError, match="GB of memory would be used"):
        sim.run(tame, 3, budget=1e9)
    assert sim.run(tame, 3, jobs=1, budget=1e9).replications == 3
    with pytest.raises(sim.SimError, match="GB of memory would be used"):
        sim.run(tame, 12, jobs=1, keep_tables="all", budget=1e9)


@pytest.mark.slow
@pytest.mark.usefixtures("no_share")
def test_two_processes_stop_at_the_same_replication(runaway: Scenario) -> None:
    allowed = part(runaway, 10)
    one, two = (sim.run(runaway, 10, jobs=jobs, budget=allowed) for jobs in (1, 2))
    assert one.figures.equals(two.figures)
    assert one.stopped == two.stopped
