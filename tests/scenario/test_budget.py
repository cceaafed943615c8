"""The budget: what would take too long or too much memory is refused before it begins."""

from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.engine import simulate
from sim.errors import SimError
from sim.records.recorder import EVERYTHING, Recorder
from sim.scenario import budget as budgets
from sim.scenario import load
from sim.scenario.budget import MARGIN, BudgetError, Cap, cap_of, estimate, require_budget
from sim.workload import draw

from .small import SMALL, small

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
SHIPPED = [
    pytest.param(
        path, id=path.stem, marks=[] if path.stem in ("support_day", "reference") else pytest.mark.slow
    )
    for path in SCENARIOS
]


@pytest.mark.parametrize("path", SHIPPED)
def test_an_estimate_is_of_the_right_size(path: Path) -> None:
    day = load(path)
    events = len(simulate(day, draw(day), Recorder(day, EVERYTHING)).events)
    assert events / 5 < estimate(day).events < 5 * events


def test_the_key_that_most_events_come_from_is_named() -> None:
    day = small(teams__crew__accept__probability="0%", routing__ring_time="1s")
    assert estimate(day).key == "routing.ring_time"
    with pytest.raises(
        SimError, match=r"^routing\.ring_time: about 5.6e\+09 events would be simulated, and the"
    ):
        require_budget([day], 3, "1e9")
    require_budget([day], 3, "none")


def test_memory_has_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "free_bytes", lambda: 1e5)
    with pytest.raises(SimError, match="GB of memory would be used"):
        require_budget([small()], 1, "1e9")


@pytest.mark.parametrize("budget", ["0", "-1", "x", "1e400", "nan"])
def test_a_budget_is_a_number_of_events(budget: str) -> None:
    with pytest.raises(SimError, match="is no number of events; write 1e9 or none"):
        require_budget([small()], 1, budget)


@pytest.mark.parametrize("command", ["run", "compare", "sweep", "check"])
def test_commands_that_simulate_have_a_budget(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    more = {"compare": ["--set", "seed=7"], "sweep": ["--vary", "seed=1,2"]}.get(command, [])
    assert main([command, str(SCENARIOS[0]), *more, "--budget", "100"]) == 2
    assert "events would be simulated, and the budget is 1e+02" in capsys.readouterr().err


# Where an estimate was wrong.


def test_a_run_that_takes_more_than_its_cap_is_stopped_in_a_line() -> None:
    day = small()
    cap = Cap(50, 1e9, 1e12, estimate(day))
    with pytest.raises(BudgetError) as raised:
        simulate(day, draw(day), cap=cap)
    assert str(raised.value) == (
        f"{estimate(day).key}: about {estimate(day).events:.2g} events were estimated for a replication, and it took "
        "more than 50; allow more with --budget EVENTS, or --budget none"
    )


def test_a_run_that_takes_too_much_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    used = iter([0.0, 5e8, 2e9])
    monkeypatch.setattr(budgets, "resident_bytes", lambda: next(used))
    monkeypatch.setattr(budgets, "ENTRIES_A_LOOK", 10)
    day = small()
    with pytest.raises(BudgetError, match=r"it took more than 1 GB; --budget none runs it all the same"):
        simulate(day, draw(day), cap=Cap(1e9, 1e10, 1e9, estimate(day)))


def test_a_cap_changes_nothing() -> None:
    day = small()
    records = [
        simulate(day, draw(day), Recorder(day, EVERYTHING), cap=cap)
        for cap in (None, cap_of([day], 1, "1e9"))
    ]
    assert records[0].events.equals(records[1].events)


def test_a_budget_of_the_python_interface_refuses_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    day = small()
    with pytest.raises(SimError, match="and the budget is 1"):
        sim.run(day, replications=1, budget=1)
    allowed = 2 * estimate(day).events
    assert sim.run(day, replications=1, budget=allowed).replications == 1
    monkeypatch.setattr(budgets, "MARGIN", 0.01)
    with pytest.raises(BudgetError):
        sim.run(day, replications=1, budget=allowed, jobs=1)


@pytest.mark.parametrize("shipped", SHIPPED)
def test_the_cap_of_an_estimate_lets_each_day_here_run(shipped: Path) -> None:
    day = load(shipped)
    simulate(day, draw(day), cap=Cap(MARGIN * estimate(day).events, 1e12, 1e12, estimate(day)))


@pytest.mark.parametrize("command", ["run", "erlang", "warm-up", "trace"])
def test_each_command_that_simulates_has_a_budget(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, str(SCENARIOS[0]), "--budget", "10"]) == 2
    assert "events would be simulated, and the budget is 10" in capsys.readouterr().err


def test_each_point_of_a_sweep_is_estimated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = tmp_path / "day.yaml"
    day.write_text(SMALL)
    words = ["sweep", str(day), "--vary", "arrivals.0.per_hour=30,20000", "--replications", "2"]
    assert main([*words, "--budget", "100000"]) == 2
    assert "arrivals.0.per_hour: about" in (told := capsys.readouterr().err), told
    assert "and the budget is 1e+05" in told


def test_a_trace_that_takes_more_than_its_cap_is_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(budgets, "MARGIN", 1e-8)
    assert main(["trace", str(SCENARIOS[0])]) == 2
    told = capsys.readouterr().err
    assert "events were estimated for a replication, and it took more than 10;" in told
    assert len(told.splitlines()) == 1
    assert main(["trace", str(SCENARIOS[0]), "--budget", "none"]) == 0
