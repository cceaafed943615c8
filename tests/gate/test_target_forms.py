"""Each form of a target is read by the gate, a staffing, a sweep and a run alike, and held against the same figure."""

from pathlib import Path

import pytest

import sim
from gate.small import held
from sim.experiments.feasibility import points_of
from sim.experiments.verdicts import verdicts
from sim.gate.sequential import Verdict
from sim.report.targets import target_words
from sim.staffing.solving import staff

from .test_targets import CONTACTS, WORLD

FORMS = {
    "interval": ('interval: "10:00"', 0.5),
    "each interval": ("each: interval", 0.5),
    "each day": ("each: day", 5 / 7),
    "label": ("label: gold", 1.0),
    "queue": ("queue: line", 5 / 7),
    "variant": ("variant: within 585s", 6 / 7),
    "interval and variant": ('interval: "10:00", variant: within 585s', 3 / 4),
}
"""A form, and its figure by hand: of seven contacts five are answered at once, the fifth waits 590 s, the last 570."""


def world(folder: Path, form: str, at_least: float) -> sim.Scenario:
    """The world with a target of a form, which is the goal of its staffing too."""
    (folder / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    target = f"{{metric: service_level, {form}, at_least: {at_least}}}"
    text = WORLD.replace("target: 80%}", "target: 80%, also: [{within: 585s}]}") + f"  - {target}\n"
    text += f"staffing: {{teams: {{people: {{min: 1, max: 1}}}}, goals: [{target}]}}\n"
    return sim.loads(text, "world.yaml", folder)


@pytest.mark.parametrize("form", FORMS)
def test_the_gate(tmp_path: Path, form: str) -> None:
    text, value = FORMS[form]
    for at_least, verdict in ((value - 0.3, Verdict.PASS), (value + 0.01, Verdict.FAIL)):
        if at_least <= 1.0:
            findings = held(world(tmp_path, text, at_least), at_most=10).findings
            gravest = min(findings, key=lambda one: one.value)
            assert (gravest.value, gravest.verdict) == (pytest.approx(value), verdict)


@pytest.mark.parametrize("form", FORMS)
def test_a_run_and_its_page(tmp_path: Path, form: str) -> None:
    text, value = FORMS[form]
    scenario = world(tmp_path, text, value - 0.01)
    (verdict,) = verdicts(scenario, sim.run(scenario, replications=2, jobs=1).figures)
    assert verdict.figure is not None
    assert (verdict.figure.value, verdict.answer) == (pytest.approx(value), "met")
    said = target_words(verdict)
    assert ("10:00" in said) == ("interval" in text)
    assert ("within 585s" in said) == ("variant" in text)


@pytest.mark.parametrize("form", FORMS)
def test_a_sweep(tmp_path: Path, form: str) -> None:
    text, value = FORMS[form]
    swept = sim.sweep(
        world(tmp_path, text, value - 0.01), {"teams.people.cost_per_hour": [20, 21]}, replications=2, jobs=1
    )
    for point in points_of(swept, ["one", "other"]):
        (verdict,) = point.verdicts
        assert verdict.figure is not None
        assert (verdict.figure.value, verdict.answer) == (pytest.approx(value), "met")


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_staffing(tmp_path: Path, form: str) -> None:
    text, value = FORMS[form]
    plan = staff(world(tmp_path, text, value - 0.3), days=2, check=10, jobs=1)
    gravest = min(plan.goals, key=lambda one: one.value)
    assert (gravest.value, gravest.verdict) == (pytest.approx(value), Verdict.PASS)


@pytest.mark.slow
def test_a_share_of_days_is_counted_where_the_days_are_known(tmp_path: Path) -> None:
    """Every day is the same one, 71 % of it in time; a run keeps means, and leaves a share of days to the gate."""
    scenario = world(tmp_path, "on_days: 60%", 0.7)
    (finding,) = held(scenario, at_most=60).findings
    assert (finding.value, finding.verdict) == (1.0, Verdict.PASS)
    (verdict,) = verdicts(scenario, sim.run(scenario, replications=2, jobs=1).figures)
    assert verdict.answer == "left"
    swept = sim.sweep(scenario, {"teams.people.cost_per_hour": [20]}, replications=8, jobs=1)
    ((point,),) = (one.verdicts for one in points_of(swept, ["one"]))
    assert point.days is not None
    assert (point.days.value, point.answer) == (1.0, "met")
    (goal,) = staff(scenario, days=2, check=60, jobs=1).goals
    assert (goal.value, goal.verdict, goal.wanted) == (1.0, Verdict.PASS, "at least 70 % on 60% of days")


def test_a_form_that_is_not_measured_is_refused_everywhere(tmp_path: Path) -> None:
    scenario = world(tmp_path, 'label: gold, interval: "10:00"', 0.5)
    said = r"targets\.0\.metric: service_level is not given by label and interval; it is given .*; by variant too"
    for ask in (
        lambda: sim.run(scenario, jobs=1),
        lambda: sim.check(scenario, jobs=1),
        lambda: sim.sweep(scenario, {"teams.people.cost_per_hour": [20, 21]}, jobs=1),
        lambda: sim.compare(scenario, scenario.set("teams.people.cost_per_hour", 21), jobs=1),
        lambda: sim.staff(scenario, jobs=1),
    ):
        with pytest.raises(sim.SimError, match=said):
            ask()
