"""Baselines that a candidate cannot be compared with, and why not."""

from dataclasses import replace

import pytest

from gate.small import day, held, stored
from sim.experiments.figure_selectors import FigureSelector
from sim.gate.baseline import Stored
from sim.gate.candidate import Candidate, Live
from sim.gate.margins import margins
from sim.gate.sequential import Verdict
from sim.parallel.workers import Workers
from sim.scenario import Scenario, loads
from sim.workload import draw

BASE = stored(day(), 10)


def refusal(scenario: Scenario, base: Stored = BASE, **terms: object) -> tuple[str, ...]:
    found = held(scenario, base, **terms)
    assert found.verdict is Verdict.REFUSED
    assert found.findings == ()
    assert found.replications == 0
    return found.refusal


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"seed": 5}, "its seed is 21, not 5"),
        ({"arrivals__0__per_hour": 71}, "its customers are others: arrivals.0.per_hour: 70 -> 71"),
        ({"lasts": "80m"}, "its customers are others: lasts: 90m -> 80m"),
        ({"busyness": {"sd": "5%"}}, "its customers are others: busyness.sd: (not given) -> 5%"),
        ({"warm_up": "10m"}, "its figures count otherwise: warm_up: 0s -> 10m"),
        (
            {"queues__front__service_level__within": "60s"},
            "its figures count otherwise: queues.front.service_level.within: 30s -> 1m",
        ),
    ],
)
def test_other_customers_and_other_figures_are_refused(changes: dict[str, object], why: str) -> None:
    assert refusal(day(**changes)) == (why,)


def test_a_goal_for_the_service_level_is_not_the_service_level() -> None:
    assert held(day(queues__front__service_level__target="90%"), BASE).verdict is Verdict.PASS


def test_several_reasons_are_told_together() -> None:
    assert len(refusal(day(seed=5, warm_up="10m"))) == 2


def test_other_versions_are_named_where_they_draw_otherwise() -> None:
    known = replace(BASE.known, customers="?", streams={}, versions={**BASE.known.versions, "numpy": "1.0"})
    (why,) = refusal(day(), replace(BASE, known=known))
    assert why.startswith("its customers are others: numpy 1.0, now ")


def test_customers_that_are_others_for_no_known_reason() -> None:
    known = replace(BASE.known, customers="?", streams={})
    (why,) = refusal(day(), replace(BASE, known=known))
    assert why == (
        "its customers are others: a file that the scenario names has changed, or the way they are drawn"
    )


def test_other_versions_that_draw_the_same_can_be_compared() -> None:
    known = replace(BASE.known, versions={**BASE.known.versions, "numpy": "1.0"})
    found = held(day(), replace(BASE, known=known))
    assert found.verdict is Verdict.PASS
    assert found.changed is not None
    assert [(package, before) for package, before, _ in found.changed.versions] == [("numpy", "1.0")]


def test_a_metric_that_is_computed_otherwise_now() -> None:
    definitions = {**BASE.definitions, FigureSelector("asa"): "?"}
    assert refusal(day(), replace(BASE, definitions=definitions)) == ("its asa is computed otherwise now",)


def test_a_figure_that_there_is_no_more() -> None:
    gone = FigureSelector.parse("asa:queue=experts")
    kept = {**BASE.kept, gone: BASE.kept[FigureSelector("asa")]}
    base = replace(BASE, kept=kept, margins={**BASE.margins, gone: BASE.margins[FigureSelector("asa")]})
    assert held(day(), base).verdict is Verdict.PASS
    lost = FigureSelector.parse("asa:queue=export")
    base = replace(base, margins={**BASE.margins, lost: BASE.margins[FigureSelector("asa")]})
    assert refusal(day(), base) == (
        "it has asa:queue=export, and now there is no queue `export`; did you mean `experts`?",
    )


def test_a_figure_that_the_baseline_did_not_keep() -> None:
    asked = margins(["occupancy=2%"])
    assert refusal(day(), margins=asked) == ("the baseline: has no occupancy; renew it with --accept",)


# Streams that are sent elsewhere.

TWO_LINES = """\
name: Two lines
lasts: 2h
seed: 7
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  own: {medium: voice, service_level: {within: 30s, target: 80%}, handle_time: 5m, patience: {exponential: {mean: 4m}}}
  partner: {medium: voice, service_level: {within: 30s, target: 80%}, handle_time: 5m, patience: 9m}
  third: {medium: voice, service_level: {within: 30s, target: 80%}, handle_time: 5m}
teams:
  own: {agents: 9, skills: {own: 5}}
  partner: {agents: 6, skills: {partner: 5, own: 3}}
  third: {agents: 1, skills: {third: 5}}
arrivals:
  - {channel: phone, queue: own, per_hour: 60}
  - {channel: phone, queue: partner, per_hour: 40}
  - {channel: phone, queue: third, per_hour: 6}
targets:
  - {metric: service_level, queue: own, at_least: 1%}
  - {metric: service_level, queue: third, at_least: 1%}
"""


def test_a_stream_that_is_sent_elsewhere_is_compared_where_the_customers_are_the_same() -> None:
    """The whole and the third queue are about the same customers; a queue that now has all of them is not."""
    lines = loads(TWO_LINES)
    moved = lines.set("arrivals.1.queue", "own")
    base = stored(lines, 10)
    for before in (base, Live(Candidate(lines), Workers(1))):
        found = held(moved, before, targets=False)
        assert found.verdict is not Verdict.REFUSED
        compared = {one.claim.figure.text for one in found.findings}
        assert {"asa", "abandon_rate", "service_level:queue=third"} <= compared
        assert "service_level:queue=own" not in compared
        assert (
            found.remarks[0] == "not compared, as other customers come there than before: service_level own"
        )
        assert found.changed is not None
        assert found.changed.fared is not None
        assert found.changed.fared.customers == sum(map(len, draw(lines, 0, 7).streams))


def test_other_customers_are_refused_all_the_same() -> None:
    lines = loads(TWO_LINES)
    base = stored(lines, 10)
    (why,) = refusal(lines.set({"arrivals.1.queue": "own", "arrivals.1.per_hour": 41}), base, targets=False)
    assert why.startswith("its customers are others: arrivals.1.")
    older = replace(base, known=replace(base.known, streams={}))
    assert refusal(lines.set("arrivals.1.queue", "own"), older, targets=False)
    unread = replace(base, known=replace(base.known, text="nothing: that can be read"))
    (why,) = refusal(lines.set("arrivals.1.queue", "own"), unread, targets=False)
    assert why == "its customers are sent elsewhere, and its scenario cannot be read any more"
    only = replace(base, margins={OWN: base.margins[OWN]}, kept={OWN: base.kept[OWN]}, definitions={})
    (why,) = refusal(lines.set("arrivals.1.queue", "own"), only, targets=False)
    assert why == "no figure of it is about the same customers"


OWN = FigureSelector.parse("service_level:queue=own")
