"""Verdicts where somebody is unfinished: what becomes of them must not decide a target."""

import json
from math import inf

import numpy as np
import pytest
from engine.test_tomorrow import FIVE_DAYS, ONE_MORNING

import sim
from sim.experiments.feasibility import points_of
from sim.experiments.paired import Sampled
from sim.experiments.verdicts import verdicts
from sim.gate.result import CheckResult
from sim.gate.sequential import Evidence, Verdict
from sim.metrics import measure
from sim.metrics.unfinished import NEVER, extremes
from sim.report.check import written
from sim.scenario import Scenario

TARGETS = (
    "targets: [{metric: service_level, queue: q, at_least: 80%}, {metric: abandon_rate, at_most: 5%},"
    " {metric: no_agent_rate, at_most: 1%}, {metric: asa, at_most: 30s}, {metric: wait_p90, at_most: 100h},"
    " {metric: unfinished, at_most: 300}, {metric: customers_served_rate, at_least: 50%},"
    " {metric: contacts_abandoned, at_most: 5}, {metric: contacts_no_agent, at_most: 5}]"
)
BY_METRIC = {
    "service_level": ("fail", False),  # all of them have waited for longer than 20 s already
    "abandon_rate": ("inconclusive", True),
    "no_agent_rate": ("inconclusive", True),
    "asa": ("fail", False),  # two hours on average if answered at the end, for ever if not
    "wait_p90": ("inconclusive", True),
    "unfinished": ("pass", False),
    "customers_served_rate": ("inconclusive", True),
    "contacts_abandoned": ("inconclusive", True),
    "contacts_no_agent": ("inconclusive", True),
}


def morning(targets: str = TARGETS, *drain: str) -> Scenario:
    """A morning of 12 agents of whom all leave at ten, so that about 120 customers wait for nobody."""
    return sim.loads("\n".join([ONE_MORNING, "drain: 1h", targets, *drain]))


@pytest.fixture(scope="module")
def found() -> CheckResult:
    return sim.check(morning(), at_most=20)


def test_a_target_that_depends_on_the_unfinished_is_inconclusive(found) -> None:  # type: ignore[no-untyped-def]
    got = {one.claim.figure.metric: (str(one.verdict), one.left_open) for one in found.findings}
    assert got == BY_METRIC
    assert sum(found.unfinished) == found.unfinished[0] == pytest.approx(120, abs=15)


def test_no_more_days_are_simulated_where_only_the_unfinished_decide() -> None:
    open_ = sim.check(morning("targets: [{metric: abandon_rate, at_most: 5%}]"), at_most=160)
    assert (open_.verdict, open_.replications, open_.stopped) == (Verdict.INCONCLUSIVE, 10, False)


def test_the_limits_hold_whatever_becomes_of_them(found) -> None:  # type: ignore[no-untyped-def]
    one = next(one for one in found.findings if one.claim.figure.metric == "abandon_rate")
    assert one.low == 0
    assert one.high > 120 / 185


def test_every_format_tells_how_many_and_why(found, tmp_path) -> None:  # type: ignore[no-untyped-def]
    words = "depends on when those who are unfinished are answered"
    assert words in written([found], "junit")
    data = json.loads(written([found], "json"))["scenarios"][0]
    assert data["unfinished"] == sum(found.unfinished)
    assert [row["left_open"] for row in data["findings"]].count(True) == 6
    again = sim.open(found.save(tmp_path / "kept"))
    assert repr((again.unfinished, again.findings)) == repr((found.unfinished, found.findings))


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_the_page_of_a_run_gives_the_same_answers(tmp_path) -> None:  # type: ignore[no-untyped-def]
    result = sim.run(morning(), jobs=1)
    again = sim.open(result.save(tmp_path / "kept"))
    words = {"fail": "missed", "pass": "met", "inconclusive": "unfinished"}
    for one in (result, again):
        held = {v.target.metric: v.answer for v in verdicts(one.scenario, one.figures, one.extremes)}
        assert held == {name: words[verdict] for name, (verdict, _) in BY_METRIC.items()}
    assert "left open by the unfinished" in again.report(tmp_path / "page.html").read_text(encoding="utf-8")


def test_nothing_is_measured_twice_where_nobody_is_unfinished() -> None:
    scenario = sim.loads(
        ONE_MORNING, overrides={"teams.t.shifts": [{"from": "09:00", "to": "12:00", "agents": 12}]}
    )
    from sim.engine import simulate
    from sim.workload import draw

    records = simulate(scenario, draw(scenario, 0, 1))
    assert extremes(records, scenario, measure(records, scenario)) is None
    assert sim.run(scenario.set("targets", [{"metric": "asa", "at_most": 30}]), 2, jobs=1).extremes is None


def test_figures_bracket_what_they_are() -> None:
    from sim.engine import simulate
    from sim.workload import draw

    scenario = morning()
    records = simulate(scenario, draw(scenario, 0, 1))
    plain = measure(records, scenario)
    answered, never = extremes(records, scenario, plain)  # type: ignore[misc]
    left = plain.value("unfinished")
    assert answered.value("answered") == plain.value("answered") + left
    assert answered.value("abandoned") == never.value("answered") - plain.value("answered") == 0
    assert never.value("abandoned") == never.value("no_agent") == left
    assert never.value("contacts_abandoned") == never.value("contacts_no_agent") == left
    assert never.value("abandon_rate") == pytest.approx(left / plain.value("offered"))
    assert never.value("asa") == never.value("wait_max") == never.value("time_in_system") == inf
    assert answered.value("handled") == plain.value("handled") + left
    waits = records.requests.query("outcome in ['answered', 'unfinished']")["wait"]
    assert answered.value("asa") == pytest.approx(waits.mean())
    assert answered.value("wait_p90") == pytest.approx(np.percentile(waits, 90))
    same = [metric.name for metric in plain.cells.metrics if metric.name not in NEVER]
    for name in same:
        for by in plain.cells.axes and next(m for m in plain.cells.metrics if m.name == name).breakdowns:
            block = plain.cells.block(name, by)
            for one in (answered, never):
                assert np.array_equal(one.numerator[block], plain.numerator[block], equal_nan=True), name


def test_endless_evidence_breaks_an_upper_bound_for_sure_and_keeps_to_a_lower_one() -> None:
    endless = Evidence.of(Sampled(np.array([1.0, inf, 2.0]), np.ones(3), is_ratio=True), False)
    assert endless.limits(0.01) == (inf, inf)
    assert (endless.p_above(1e9), endless.reversed().p_above(-5.0)) == (0.0, 1.0)


STAFF = {"teams.t.shifts": [{"from": "09:00", "to": "12:00", "agents": 12}]}


HANDED_ON = {
    "queues.q.transfer": {"probability": "60%", "to": {"b": "100%"}},
    "queues.b": {"medium": "voice", "handle_time": "60s"},
    "teams.u": {"skills": {"b": 1}, "agents": 20},
}


def test_figures_of_handled_tasks_are_those_of_all_if_answered_at_the_end() -> None:
    from sim.engine import simulate
    from sim.workload import draw

    scenario = sim.loads(f"{ONE_MORNING}\ndrain: 1h", overrides=HANDED_ON)
    records = simulate(scenario, draw(scenario, 0, 1))
    plain = measure(records, scenario)
    answered, never = extremes(records, scenario, plain)  # type: ignore[misc]
    tasks = records.tasks.query("queue_id == 'q'")
    took = (tasks["task_wrap_up_time"].fillna(tasks["task_end_time"]) - tasks["task_answered_time"]).dropna()
    handed_on = (tasks["task_disposition"] == "TRANSFERRED").sum()
    everybody = len(took) + plain.value("unfinished")
    assert len(tasks) == everybody > 2 * len(took)
    assert plain.value("transfer_rate", queue="q") == handed_on / len(took) > 0.4
    assert answered.value("transfer_rate", queue="q") == handed_on / everybody < 0.3
    assert answered.value("handle_time", queue="q") == pytest.approx(took.sum() / everybody)
    assert answered.value("transfers_per_conversation") == handed_on / everybody
    for name in ("transfer_rate", "handle_time"):
        assert never.value(name, queue="q") == plain.value(name, queue="q")


def test_the_cost_of_a_served_contact_is_shared_by_all_who_may_be_served() -> None:
    """Twelve agents of 30 an hour for one hour cost 360, whatever becomes of those who wait."""
    from sim.engine import simulate
    from sim.workload import draw

    scenario = morning().set("teams.t.cost_per_hour", 30)
    records = simulate(scenario, draw(scenario, 0, 1))
    plain = measure(records, scenario)
    answered, never = extremes(records, scenario, plain, {"cost_per_resolved"})  # type: ignore[misc]
    handled, left = plain.value("handled"), plain.value("unfinished")
    cost = plain.value("cost")
    assert cost >= 360
    assert never.value("cost_per_resolved") == pytest.approx(cost / handled)
    assert answered.value("cost_per_resolved") == pytest.approx(cost / (handled + left))


@pytest.mark.parametrize("target", ["transfer_rate, queue: q, at_most: 40%", "handle_time, at_most: 60s"])
def test_a_target_on_handled_tasks_is_left_open_by_those_who_wait(target: str) -> None:
    targets = f"targets: [{{metric: {target}}}]"
    open_ = sim.check(sim.loads(f"{ONE_MORNING}\ndrain: 1h\n{targets}", overrides=HANDED_ON), at_most=10)
    assert [(one.verdict, one.left_open) for one in open_.findings] == [(Verdict.INCONCLUSIVE, True)]


@pytest.mark.usefixtures("undrawn")
def test_a_sweep_calls_no_target_met_that_depends_on_them(tmp_path) -> None:  # type: ignore[no-untyped-def]
    target = "targets: [{metric: abandon_rate, at_most: 5%}]"
    vary = {"teams.t.shifts.0.to": ["10:00", "12:00"]}
    swept = sim.sweep(morning(target), vary, replications=10, jobs=1, folder=tmp_path / "s")
    again = sim.open(tmp_path / "s")
    for one in (swept, again):
        points = [plan.verdicts[0].answer for plan in points_of(one, ["until ten", "until noon"])]
        assert points == ["unfinished", "met"]
        counts = one.figures.query("metric == 'unfinished'")["value"]
        assert list(counts > 0) == [True, False]
    page = swept.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "met at 1 of 2 points" in page


def test_a_comparison_tells_who_is_unfinished_and_nothing_where_nobody_is() -> None:
    base = morning("")
    told = sim.compare(
        base,
        sim.loads(ONE_MORNING + "drain: 1h\n", overrides=STAFF),
        replications=3,
        jobs=1,
    )
    row = told.figure("unfinished")
    assert row.base > 100
    assert row.value == 0
    full = sim.loads(ONE_MORNING, overrides=STAFF)
    none = sim.compare(full, full.set("teams.t.accept.delay", "1s"), replications=3, jobs=1)
    assert "unfinished" not in set(none.table["metric"])


@pytest.mark.parametrize("metric", ["abandon_rate", "asa"])
def test_the_best_is_never_one_that_leaves_people(metric: str) -> None:
    leaves, serves = morning(""), sim.loads(ONE_MORNING + "drain: 1h\n", overrides=STAFF)
    delta = 0.01 if metric == "abandon_rate" else 1.0
    slow = serves.set("teams.t.accept.delay", "10s")
    chosen = sim.best(leaves, slow, metric=metric, delta=delta, jobs=1, names=["serves"])
    assert chosen.name == "serves"
    assert chosen.unfinished[0] > 100


def test_erlang_and_the_run_tell_them_too() -> None:
    from sim.report.erlang import beside_json, beside_text

    beside = sim.erlang(morning(""), (), replications=2, jobs=1)
    assert "unfinished: 12" in beside_text(beside, 100, False)
    assert json.loads(beside_json(beside))["unfinished"] > 100
    shown = beside.result._repr_html_()
    assert ">Unfinished</th>" in shown
    assert "Cost after the end" not in shown


@pytest.mark.slow
def test_the_cost_of_tomorrow_stands_beside_the_cost_and_counts_for_the_best() -> None:
    few = sim.loads(FIVE_DAYS + "    # cheaper by day, and dearer in all\n")
    result = sim.run(few.set("teams.day.agents", 2).set("arrivals.0.per_hour", 6), 2, jobs=1)
    assert result.figure("cost_after").value > 0
    assert "Cost after the end" in result._repr_html_()
    compared = sim.compare(few, few.set("arrivals.0.per_hour", 6), replications=2, jobs=1)
    assert compared.figure("cost_after").value > compared.figure("cost_after").base
