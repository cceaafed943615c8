"""The budget: what would take too long or too much memory is refused before it begins."""

from pathlib import Path

import pytest

from sim.cli import main
from sim.engine import simulate
from sim.errors import SimError
from sim.records.recorder import EVERYTHING, Recorder
from sim.scenario import budget as budgets
from sim.scenario import load
from sim.scenario.budget import estimate, require_budget
from sim.workload import draw

from .small import small

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
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
