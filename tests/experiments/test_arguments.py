"""What Python code may get wrong is told in one line with its remedy, before anything is simulated."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.experiments.transient import warm_up
from sim.experiments.varied_keys import axes_of

Call = Callable[[Any], object]


@pytest.fixture
def day(small_text: str) -> sim.Scenario:
    return sim.loads(small_text)


@pytest.mark.parametrize(
    "call",
    [
        sim.run,
        sim.draw,
        sim.check,
        sim.dump,
        sim.staff,
        sim.staff_dates,
        warm_up,
        lambda given: sim.compare(given, given),
        lambda given: sim.best(given, given, metric="asa"),
        lambda given: sim.sweep(given, ["seed=1,2"]),
        lambda given: sim.by_hand(given, []),
        lambda given: sim.simulate(given, None),  # type: ignore[arg-type]
        lambda given: sim.measure(None, given),  # type: ignore[arg-type]
    ],
)
def test_a_path_is_no_scenario_and_the_remedy_is_named(call: Call) -> None:
    for given in ("scenarios/x.yaml", Path("scenarios/x.yaml")):
        with pytest.raises(sim.SimError, match=r'`scenarios/x\.yaml` .*sim\.load\("scenarios/x\.yaml"\)$'):
            call(given)
    for other in ({"name": "x"}, None, 3):
        with pytest.raises(sim.SimError, match=r"^(None|a value of type \w+) is no scenario; sim\.load"):
            call(other)


def test_erlang_takes_no_path_either() -> None:
    with pytest.raises(sim.SimError, match=r'sim\.load\("x\.yaml"\)$'):
        sim.erlang("x.yaml")  # type: ignore[call-overload]


def test_a_candidate_must_be_a_scenario_too(day: sim.Scenario) -> None:
    with pytest.raises(sim.SimError, match=r'sim\.load\("b\.yaml"\)'):
        sim.compare(day, "b.yaml")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"replications": 2.5}, "replications must be a whole number, not 2.5"),
        ({"replications": "3"}, "replications must be a whole number, not '3'"),
        ({"seed": "a"}, "seed must be a whole number, not 'a'"),
        ({"jobs": "2"}, "jobs must be a whole number, not '2'"),
        ({"at_most": 20.5, "precision": "asa=5s"}, "at_most must be a whole number, not 20.5"),
        ({"batches": 2.5}, "batches must be a whole number, not 2.5"),
    ],
)
def test_numbers_must_be_whole(day: sim.Scenario, options: dict[str, Any], what: str) -> None:
    with pytest.raises(sim.SimError) as raised:
        sim.run(day, **options)
    assert str(raised.value) == what


def test_what_cannot_be_loaded_is_told() -> None:
    with pytest.raises(
        sim.SimError, match=r"^sim\.load takes the path of a scenario file, not a value of type dict"
    ):
        sim.load({"name": "x"})  # type: ignore[arg-type]
    with pytest.raises(sim.SimError, match=r"^sim\.loads takes the text of a scenario"):
        sim.loads({"name": "x"})  # type: ignore[arg-type]


def test_a_single_text_is_one_axis() -> None:
    assert axes_of("seed=3..5") == axes_of(["seed=3..5"]) == axes_of({"seed": "3..5"})
    assert axes_of({"seed": 3})[0].values == (3,)
