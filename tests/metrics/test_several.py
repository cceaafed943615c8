"""Replications that are measured together have the figures of each alone, to the last bit."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from engine.compiled.random_days import days_of

import sim
from metrics.by_hand import world
from sim.engine import simulate
from sim.errors import SimError
from sim.metrics import Measures, measure
from sim.metrics import several as module
from sim.metrics.several import measure_several
from sim.records import WITHOUT_EVENTS, Recorder, Records
from sim.scenario import Scenario, load
from sim.workload import Workload, by_hand, draw

SCENARIOS = sorted(Path(__file__).parents[2].glob("scenarios/*.yaml"))


def same_alone(runs: Sequence[Records], scenario: Scenario) -> None:
    """Check that the figures of these runs are the same whether measured together or one by one."""
    for by_team in (False, True):
        together = measure_several(runs, scenario, by_team=by_team)
        for found, run in zip(together, runs, strict=True):
            alone = measure(run, scenario, by_team=by_team)
            assert found.numerator.tobytes() == alone.numerator.tobytes()
            assert found.denominator.tobytes() == alone.denominator.tobytes()
            assert found.cells == alone.cells


def simulated(scenario: Scenario, workload: Workload) -> Records:
    return simulate(scenario, workload, Recorder(scenario, WITHOUT_EVENTS))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_of_each_shipped_scenario(path: Path) -> None:
    scenario = load(path)
    same_alone([simulated(scenario, draw(scenario, number)) for number in range(3)], scenario)


@pytest.mark.parametrize("kind", ["plain", "rich", "rostered", "weeks"])
@pytest.mark.parametrize("days", [5, pytest.param(150, marks=pytest.mark.slow)])
def test_of_random_days_one_of_them_without_anybody(days: int, kind: str) -> None:
    """The same day with all its contacts, without the first of them, and without any."""
    measured = 0
    for day in days_of(days, kind):
        each = [
            replace(day, contacts=day.contacts[part]) for part in (slice(None), slice(1, None), slice(0, 0))
        ]
        try:
            runs = [simulated(day.scenario, one.workload) for one in each]
        except SimError:  # what is refused is so in each
            continue
        same_alone(runs, day.scenario)
        measured += 1
    assert measured > days / 2


def test_only_those_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = world()
    runs = [simulated(scenario, draw(scenario, number)) for number in range(3)]
    alone = [measure(run, scenario, only=["asa"]) for run in runs]
    monkeypatch.setattr(module, "measure", lambda *_: pytest.fail("measured alone"))
    together = measure_several(runs, scenario, only=["asa"])
    assert values(together) == values(alone)
    assert together[0].cells.metrics[0].name == "asa"
    assert len(together[0].cells.metrics) == 1


def test_of_days_of_which_one_is_never_worked_off() -> None:
    """On the second and third of four days one of three queues has somebody waiting from the middle on."""
    scenario = sim.loads(
        """
        lasts: 8h
        media: {chat: {max_tasks: 1}}
        channels: {web: {medium: chat}}
        queues:
          ask: {medium: chat, handle_time: 5m}
          buy: {medium: chat, handle_time: 5m}
          quit: {medium: chat, handle_time: 5m}
        teams: {a: {agents: 1, skills: {ask: 1}}, b: {agents: 1, skills: {buy: 1}}, c: {agents: 1, skills: {quit: 1}}}
        arrivals: [{channel: web, queue: ask, per_hour: 1}, {channel: web, queue: buy, per_hour: 30}]
        seed: 3
        """
    )
    nobody = by_hand(scenario, [])
    days = [nobody, draw(scenario, 0), draw(scenario, 1), nobody]
    runs = [simulated(scenario, day) for day in days]
    same_alone(runs, scenario)
    kept = [
        [one.value("backlog_kept", queue=queue) for queue in ("ask", "buy", "quit")]
        for one in measure_several(runs, scenario, only=["backlog_kept"])
    ]
    assert [str(row) for row in kept] == [
        "[nan, nan, nan]",
        "[0.0, 1.0, nan]",
        "[0.0, 1.0, nan]",
        "[nan, nan, nan]",
    ]


def test_a_run_with_log_ins_after_its_end_is_measured_by_itself() -> None:
    """Two replications, of which one has somebody left who is served on the next day."""
    scenario = sim.loads(
        """
        lasts: 48h
        media: {chat: {max_tasks: 1}}
        channels: {web: {medium: chat}}
        queues: {desk: {medium: chat, handle_time: 10m}}
        teams: {front: {shifts: [{from: "08:00", to: "09:00", agents: 1}], skills: {desk: 1}, cost_per_hour: 6}}
        arrivals: [{channel: web, queue: desk, per_hour: 0.1}]
        seed: 3
        """
    )
    runs = [simulated(scenario, draw(scenario, number)) for number in range(4)]
    assert any(run.ending.added for run in runs)
    same_alone(runs, scenario)


def values(measured: Sequence[Measures]) -> list[bytes]:
    return [one.numerator.tobytes() + one.denominator.tobytes() for one in measured]
