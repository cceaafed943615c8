"""From goals to a plan: verdicts, refusals, what is kept, and that it depends on nothing but scenario and seed."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import SimError
from sim.gate.sequential import Verdict
from sim.parallel.workers import Workers
from sim.scenario import Scenario
from sim.staffing.choices import Choices
from sim.staffing.days import FIRST_DAY, Days, Effort
from sim.staffing.feasible import InfeasibleError
from sim.staffing.goals import Goals
from sim.staffing.head_files import read_heads
from sim.staffing.plan import Plan
from sim.staffing.search import Search, searched
from sim.staffing.slopes import slopes
from sim.staffing.start import covering, needed

from .small import desk, two_teams

QUICK = {"days": 8, "check": 12, "jobs": 1}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sim.staff(desk(), **QUICK)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_plan_costs_what_its_hours_cost(plan: Plan) -> None:
    agents = sum(plan.heads["desk"])
    assert plan.hours == agents * 0.5
    assert plan.cost == agents * 0.5 * 20
    assert plan.scenario.teams["desk"].head_count.agents == plan.heads["desk"]  # type: ignore[union-attr]
    assert plan.cost <= plan.beside["erlang_a"].cost <= plan.beside["erlang_c"].cost


def test_the_goals_are_targets_of_the_plan_and_the_gate_finds_the_same(plan: Plan) -> None:
    (goal,) = plan.goals
    checked = sim.check(plan.scenario, at_most=12, jobs=1)
    (finding,) = checked.findings
    assert goal.verdict == finding.verdict
    assert plan.exit_code == {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.INCONCLUSIVE: 3}[goal.verdict]


def test_the_days_of_the_search_are_not_those_of_the_judgement(plan: Plan) -> None:
    figure = sim.run(plan.scenario, replications=plan.check, jobs=1).figure("service_level", queue="sales")
    shown = plan.goals[0]
    assert (shown.value, shown.low, shown.high) == pytest.approx((figure.value, figure.low, figure.high))
    assert plan.check < FIRST_DAY


def test_a_saved_plan_is_the_same_again(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "plan")
    again = sim.open(tmp_path / "plan")
    assert isinstance(again, Plan)
    assert again.scenario == plan.scenario
    assert (again.plan, again.beside, again.path) == (plan.plan, plan.beside, plan.path)
    for name in ("by_team", "by_queue", "figures", "verdicts"):
        left, right = getattr(plan, name), getattr(again, name)
        assert list(left.columns) == list(right.columns)
        assert left.astype(str).replace("nan", "").equals(right.astype(str).replace("nan", ""))
    assert sim.load(tmp_path / "plan" / "plan.yaml") == plan.scenario
    assert read_heads(tmp_path / "plan" / "plan.csv", desk()) == plan.heads
    assert (tmp_path / "plan" / "plan.csv").read_text().splitlines()[0] == "interval_start,team,agents"


@pytest.mark.slow
def test_more_is_asked_for_more(plan: Plan) -> None:
    dearer = sim.staff(
        desk(), goals=[{"metric": "service_level", "queue": "sales", "at_least": "95%"}], **QUICK
    )  # type: ignore[arg-type]
    assert dearer.cost > plan.cost


def test_it_goes_on_from_a_plan_and_ends_after_the_allowed_days(plan: Plan) -> None:
    again = sim.staff(desk(), start=plan, at_most_days=30, **QUICK)  # type: ignore[arg-type]
    assert again.path[0].cost == plan.cost
    assert again.path[-1].days <= 30


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_keeps_the_best_so_far() -> None:
    found = sim.staff(desk(), on_round=interrupted, **QUICK)  # type: ignore[arg-type]
    assert found.interrupted
    assert found.check == 0
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.cost == found.path[0].cost


@pytest.mark.slow
def test_any_number_of_jobs_gives_the_same_plan() -> None:
    one, two = (sim.staff(two_teams(), days=6, check=10, jobs=jobs) for jobs in (1, 2))
    assert (one.plan, one.shifts, one.path, one.prices) == (two.plan, two.shifts, two.path, two.prices)
    assert one.by_team.equals(two.by_team)


# Refusals.


def refusal(day: Scenario, error: type[SimError] = SimError) -> str:
    with pytest.raises(error) as caught:
        sim.staff(day, **QUICK)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_goal_that_even_the_most_agents_miss() -> None:
    said = refusal(desk(staffing__teams={"desk": {"max": 2}}), InfeasibleError)
    assert said.startswith("Desk: even with max (desk 2) service_level:queue=sales is ")
    assert said.endswith(" %, not at least 80 %; raise staffing.teams.T.max or lower the goal")
    assert InfeasibleError("").exit_code == 1


def test_a_goal_that_no_team_can_move() -> None:
    goals = [{"metric": "asa", "queue": "sales", "at_most": "2s"}]
    slow = desk(teams__desk__accept={"delay": "5s"}, staffing__goals=goals)
    said = refusal(slow, InfeasibleError)
    assert said == (
        "Desk: with any number of agents asa:queue=sales is 5 s, not at most 2 s; no team can move it: lower the goal"
        " or change the routing"
    )


def test_nothing_to_keep_and_more_than_a_day() -> None:
    assert "there is nothing to keep" in refusal(desk(queues__sales__service_level=None))
    assert "of at most 24 h" in refusal(desk(lasts="48h", arrivals__0__per_hour=5))


# The search itself.


def searching(day: Scenario, days: int) -> Search:
    goals = Goals.of(day)
    own = Days(day, goals, range(FIRST_DAY, FIRST_DAY + days), day.seed, Workers(1), Effort())
    return Search(Choices.of(day), goals, own, lambda _round, _best: None)


def test_a_comb_books_all_that_it_changed() -> None:
    search = searching(desk(), 5)
    heads = np.array([[4.0, 5.0, 5.0, 3.0]])
    found = slopes(search.choices, search.goals, search.days, heads)
    more = heads.copy()
    more[0, [0, 3]] += 1
    from sim.staffing.choices import head_counts

    teams = search.choices.teams
    base, up = search.days.parts([head_counts(desk(), teams, one) for one in (heads, more)])
    (row,) = search.goals.rows
    change = (row.by_day(up) - row.by_day(base)).mean()
    assert found.gain[0, [0, 3], 0].sum() == pytest.approx(max(change, 0.0))
    assert (found.loss >= found.gain).all()


@pytest.mark.slow
def test_the_search_finds_what_enumeration_finds() -> None:
    """Every maximal cheaper plan is simulated on the same days: none keeps all the goals."""
    search = searching(two_teams(), 12)
    start = covering(search.choices, needed(search.choices, "A"))
    assert start is not None
    searched(search, start, "all days")
    assert search.best is not None
    cost, limit = search.choices.cost, search.best.cost - 1e-9
    cheaper = [
        x for x in product(range(16), repeat=4) if cost @ x < limit and (cost @ x + cost >= limit).all()
    ]
    assert len(cheaper) > 100
    load = (
        np.array([25, 25, 40, 40, 22.5, 22.5]) / 1800 * 300,
        np.array([15, 15, 22.5, 22.5, 15, 15]) / 1800 * 360,
    )
    heads = [(x, search.choices.heads(np.array(x))) for x in cheaper]
    hopeful = [
        np.array(x)
        for x, y in heads
        if (y[1] >= 0.5 * load[1]).all() and (y.sum(0) >= 0.6 * (load[0] + load[1])).all()
    ]
    assert len(hopeful) > 20
    assert [x.tolist() for x in hopeful if search.tried(x).missed == 0] == []


@pytest.mark.slow
def test_a_higher_goal_and_fewer_shifts_never_cost_less() -> None:
    def cost(target: str, **changes: object) -> float:
        day = two_teams(**changes)
        goals = [
            {"metric": "service_level", "queue": queue, "at_least": target} for queue in ("sales", "support")
        ]
        search = searching(day.set("staffing.goals", goals), 8)
        start = covering(search.choices, needed(search.choices, "A"))
        assert start is not None
        searched(search, start, "all days")
        assert search.best is not None
        return search.best.cost

    costs = [cost(target) for target in ("70%", "80%", "90%")]
    assert costs == sorted(costs)
    longer = [{"team": team, "from": "09:00", "lasts": "3h"} for team in ("sellers", "universal")]
    more = [*two_teams().staffing.shifts, *longer]
    assert cost("80%", staffing__shifts=more) <= costs[1]
