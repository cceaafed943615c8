"""Each date of a calendar is planned within its own hours, and all of them together are one scenario."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from sim.errors import SimError
from sim.experiments.replications import run
from sim.gate.sequential import Verdict
from sim.report import pictures
from sim.report.plots.required import rows_of
from sim.report.staff import queue_tables, team_tables
from sim.report.staff_dates import dates_document, dates_json, dates_text
from sim.scenario import Scenario, loads
from sim.scenario.budget import BudgetError
from sim.scenario.single_days import only_on
from sim.staffing import calendar_plan
from sim.staffing.calendar_plan import CalendarPlan, staff_dates
from sim.staffing.calendar_storage import open_dates
from sim.staffing.choices import Choices
from sim.staffing.dates import interval_names
from sim.staffing.goals import Goals
from sim.staffing.plan import Plan, Spent
from sim.staffing.solving import staff

WEEK = """\
name: Week
calendar:
  from: 2026-03-06
  days: 4
  open: {mon-fri: "09:00-11:00", sat: "10:00-11:30"}
interval: 30m
seed: 3
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales: {medium: voice, handle_time: {exponential: {mean: 4m}}, patience: {exponential: {mean: 4m}},
          service_level: {within: 20s, target: 80%}}
teams:
  desk: {agents: 5, skills: {sales: 5}, cost_per_hour: 20}
arrivals:
  - {channel: phone, queue: sales, per_hour: {mon-fri: [40, 60, 60, 30], sat: [30, 40, 20]}, every: 30m}
"""
"""A Friday to a Monday; the Sunday is closed."""

SHIFTS = [{"team": "desk", "lasts": "1h"}]


def week(**changes: Any) -> Scenario:
    return loads(WEEK, overrides={key.replace("__", "."): value for key, value in changes.items()})


def saturday(**changes: Any) -> Scenario:
    return only_on(week(**changes), "sat", None, None)


def planned(scenario: Scenario, **options: Any) -> Plan:
    return staff(scenario, **{"days": 6, "check": 8, "at_most_days": 1, "jobs": 1, **options})


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned(saturday())


@pytest.mark.slow
def test_a_date_is_planned_within_its_hours(plan: Plan) -> None:
    assert list(plan.by_team["interval"]) == ["10:00", "10:30", "11:00"]
    assert plan.by_queue["offered"].tolist() == [15, 20, 10]
    assert len(plan.heads["desk"]) == 3
    assert plan.hours == sum(plan.heads["desk"]) / 2
    assert plan.cost == 20 * plan.hours


@pytest.mark.slow
def test_its_plan_does_in_a_run_what_it_did_on_the_fresh_days(plan: Plan) -> None:
    simulated = run(plan.scenario, replications=plan.check, jobs=1)
    assert simulated.figure("service_level", queue="sales").value == plan.goals[0].value
    assert simulated.figure("cost").value >= plan.cost  # and the work after closing


def test_a_date_takes_the_shifts_within_its_hours() -> None:
    monday = only_on(week(staffing__shifts=SHIFTS), "mon", None, None)
    starts = [
        [one.start / 3600 for one in Choices.of(one.days[0].scenario).items]
        for one in (monday, saturday(staffing__shifts=SHIFTS))
    ]
    assert starts == [[9, 9.5, 10], [10, 10.5]]


@pytest.mark.slow
def test_a_shift_of_the_longest_day_only_fits_no_shorter_one() -> None:
    shifts = [{"team": "desk", "from": "09:00", "lasts": "2h"}]
    assert planned(only_on(week(staffing__shifts=shifts), "mon", None, None)).hours % 2 == 0
    with pytest.raises(SimError, match="no shift covers 10:00 to 11:30"):
        planned(saturday(staffing__shifts=shifts))


def test_head_counts_begin_with_the_centre_and_where_it_is_closed_with_the_first_queue() -> None:
    """The queue opens an hour before the centre on Saturday, and on a Sunday when the centre is closed."""
    own = {"sat": "09:00-11:30", "sun": "10:00-11:30"}
    both = {
        "queues__sales__open": own, "arrivals__0__per_hour": 30, "calendar__open": {"sat": "10:00-11:30"},
    }  # fmt: skip
    said = "on 2026-03-07 at 10:00, and the first interval with an open queue begins at"
    with pytest.raises(SimError, match=f"{said} 09:00"):
        Choices.of(only_on(week(**both), "sat", None, None).days[0].scenario, heads=True)
    sunday = only_on(week(**both), "sun", None, None).days[0].scenario
    assert len(Choices.of(sunday, heads=True).items) == 3


def _stub(date: str, verdict: Verdict, interrupted: bool = False) -> Any:
    """What a calendar asks of the plan of one of its dates."""
    day = only_on(week(), date, None, None)
    beyond = SimpleNamespace(overtime_h=1.5, overtime_cost=30.0)
    return SimpleNamespace(
        base=day, cost=200.0, hours=10.0, verdict=verdict, interrupted=interrupted, plan=beyond
    )


def test_the_plans_of_all_dates_add_up() -> None:
    plans = [
        _stub("2026-03-06", Verdict.PASS),
        _stub("2026-03-07", Verdict.FAIL),
        _stub("2026-03-09", Verdict.PASS),
    ]
    whole = CalendarPlan(week(), tuple(plans))
    assert whole.dates == ("2026-03-06", "2026-03-07", "2026-03-09")
    assert (whole.cost, whole.hours, whole.overtime_h, whole.overtime_cost) == (600, 30, 4.5, 90)
    assert (whole.whole_cost, whole.verdict, whole.exit_code) == (690, Verdict.FAIL, 1)
    assert not whole.interrupted
    assert CalendarPlan(week(), tuple(plans[:2])).interrupted


@pytest.mark.parametrize("stopped_at", [None, "2026-03-07"])
def test_each_date_is_told_and_planned_until_one_is_interrupted(
    stopped_at: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        calendar_plan,
        "staff",
        lambda day, **_: _stub(day.days[0].name, Verdict.PASS, day.days[0].name == stopped_at),
    )
    found = staff_dates(week(), heads=True, on_date=told.append)
    dates = ["2026-03-06", "2026-03-07", "2026-03-09"]
    assert [*found.dates] == told == (dates if stopped_at is None else dates[:2])


def test_goals_about_each_interval_are_those_of_the_open_hours() -> None:
    goals = [{"metric": "service_level", "queue": "sales", "at_least": "70%", "each": "interval"}]
    day = saturday(staffing__goals=goals).days[0].scenario
    assert [dict(one.measured.place)["interval"] for one in Goals.of(day).claims] == [
        "10:00",
        "10:30",
        "11:00",
    ]
    assert [row.number for row in Goals.of(day).rows] == [0, 1, 2]


@pytest.mark.slow
def test_the_clock_of_a_date_is_the_one_after_its_change() -> None:
    spring = week(
        calendar__from="2026-03-29", calendar__days=1, calendar__time_zone="Europe/Berlin",
        calendar__open={"sun": "10:00-11:30"}, arrivals__0__per_hour=30, staffing__shifts=SHIFTS,
    )  # fmt: skip
    day = spring.days[0].scenario
    assert day.lasts == 10.5 * 3600
    assert interval_names(day) == ("10:00", "10:30", "11:00")
    found = planned(spring)
    assert {line.start for line in found.shifts} == {"10:00", "10:30"}
    simulated = run(found.scenario, replications=found.check, jobs=1)
    assert simulated.figure("service_level", queue="sales").value == found.goals[0].value


@pytest.mark.slow
def test_what_fails_when_the_allowed_days_are_spent_is_told() -> None:
    shifts = [{"team": "desk", "lasts": "90m"}]
    found = planned(saturday(staffing__shifts=shifts, staffing__teams={"desk": {"max": 3}}), check=60)
    assert found.exit_code == 1


def test_what_cannot_be_planned_is_refused_with_a_remedy() -> None:
    with pytest.raises(
        SimError, match=r"by queues\.sales\.carry_over one day goes on into the next; write it so"
    ):
        planned(saturday(queues__sales__carry_over="on"))
    odd = saturday(calendar__open={"sat": "10:15-11:30"})
    with pytest.raises(
        SimError, match=r"begin at the opening, on 2026-03-07 at 10:15, .*choose an `interval`"
    ):
        planned(odd)
    night = week(
        calendar__from="2026-03-29", calendar__days=1, calendar__time_zone="Europe/Berlin",
        calendar__open={"sun": "01:00-11:30"}, arrivals__0__per_hour=30,
    )  # fmt: skip
    with pytest.raises(SimError, match="the clock is changed on 2026-03-29 while it is open"):
        planned(night)


@pytest.fixture(scope="module")
def plans() -> CalendarPlan:
    return staff_dates(week(), days=6, check=8, at_most_days=1, jobs=1)


@pytest.mark.slow
def test_each_open_date_has_a_plan_and_the_sum_is_told(plans: CalendarPlan, plan: Plan) -> None:
    assert plans.dates == ("2026-03-06", "2026-03-07", "2026-03-09")
    assert plans.plans[1].heads == plan.heads
    assert plans.cost == sum(one.cost for one in plans.plans) == 20 * plans.hours
    assert f"The search of {', '.join(plans.dates)} ended at 1 simulated days" in " ".join(
        dates_document(plans).notes
    )
    assert plans.table["cost"].tolist() == [one.cost for one in plans.plans]


@pytest.mark.slow
def test_the_calendar_with_all_plans_does_what_each_did_by_itself(plans: CalendarPlan) -> None:
    simulated = run(plans.scenario, replications=8, jobs=1)
    for date, one in zip(plans.dates, plans.plans, strict=True):
        assert simulated.figure("service_level", queue="sales", day=date).value == one.goals[0].value
    assert [one.each for one in plans.scenario.targets] == ["day"]


@pytest.mark.slow
def test_plans_are_kept_and_opened_again(plans: CalendarPlan, tmp_path: Path) -> None:
    opened = open_dates(plans.save(tmp_path / "plans"))
    assert dates_json(opened) == dates_json(plans)
    assert opened.scenario == plans.scenario
    lines = (tmp_path / "plans" / "plan.csv").read_text().splitlines()
    assert lines[0] == "date,interval_start,team,agents"
    assert len(lines) == 1 + 4 + 3 + 4


@pytest.mark.slow
def test_the_page_draws_each_date_on_one_scale(plans: CalendarPlan) -> None:
    drawn = [one.draw(Figure().subplots()) for one in pictures.of_dates(plans)]
    assert [ax.get_title(loc="left").partition(":")[0] for ax in drawn] == [
        "Fri 2026-03-06", "Sat 2026-03-07", "Mon 2026-03-09"
    ]  # fmt: skip
    assert {ax.get_xlim() for ax in drawn} == {(9, 11.5)}
    assert len({ax.get_ylim() for ax in drawn}) == 1
    required = [rows_of(plan, "desk")[0] for plan in plans.plans]
    assert drawn[0].get_ylim()[1] >= max(one.max() for one in required)
    for ax, steps in zip(drawn, required, strict=True):
        assert any(np.array_equal(patch.get_data().values, steps) for patch in ax.patches)
    document = dates_document(plans)
    assert document.sections[-1].tables[0].heads[0] == "From"
    assert {one.heads[0] for one in (*team_tables(plans.plans[0]), *queue_tables(plans.plans[0]))} == {"From"}


@pytest.mark.slow
def test_shifts_are_worked_on_the_date_that_they_were_planned_for() -> None:
    shifts = [{"team": "desk", "lasts": "90m"}]
    plans = staff_dates(week(staffing__shifts=shifts), days=6, check=8, at_most_days=1, jobs=1)
    simulated = run(plans.scenario, replications=8, jobs=1)
    for date, one in zip(plans.dates, plans.plans, strict=True):
        assert simulated.figure("service_level", queue="sales", day=date).value == one.goals[0].value


@pytest.mark.slow
def test_it_goes_on_where_it_was_interrupted_and_keeps_what_is_planned(tmp_path: Path) -> None:
    how = {"days": 6, "check": 8, "at_most_days": 60, "jobs": 1}
    begun: list[str] = []

    def stop_on_saturday(*_: object) -> None:
        if begun[-1] == "2026-03-07":
            raise KeyboardInterrupt

    cut = staff_dates(week(), on_date=begun.append, on_round=stop_on_saturday, **how)
    assert (cut.interrupted, cut.dates) == (True, ("2026-03-06", "2026-03-07"))
    told = dates_text(cut, 80)
    assert "not planned 2026-03-09; of 2026-03-07 the best plan until then" in " ".join(told.split())
    saved, again = open_dates(cut.save(tmp_path / "plans")), []
    whole = staff_dates(week(), start=saved, on_date=again.append, **how)
    assert (whole.interrupted, again) == (False, ["2026-03-07", "2026-03-09"])
    assert whole.plans[0] is saved.plans[0]
    assert whole.plans[1].path[0].cost == saved.plans[1].cost
    kept = staff_dates(week(), start=whole, on_date=again.append, **how)
    assert (kept.plans, again[2:]) == (whole.plans, [])


@pytest.mark.slow
def test_a_date_that_is_ended_outside_its_search_leaves_the_others(plans: CalendarPlan) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    first = CalendarPlan(plans.base, plans.plans[:1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.staffing.calendar_plan.staff", stop)
        found = staff_dates(week(), start=first)
        with pytest.raises(KeyboardInterrupt):
            staff_dates(week())
    assert (found.interrupted, found.plans) == (True, first.plans)
    assert "Interrupted: not planned 2026-03-07, 2026-03-09." in " ".join(dates_text(found, 80).split())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "how"),
    [({"seed": 4}, {}), ({}, {"seed": 4}), ({"queues__sales__service_level__target": "70%"}, {}),
     ({"teams__desk__cost_per_hour": 21}, {})],
)  # fmt: skip
def test_plans_of_another_scenario_or_seed_are_planned_again(
    changes: dict[str, Any], how: dict[str, Any], plans: CalendarPlan
) -> None:
    begun: list[str] = []
    staff_dates(
        week(calendar__days=1, **changes), start=plans, on_date=begun.append, days=6, check=8, at_most_days=1, jobs=1,
        **how,
    )  # fmt: skip
    assert begun == ["2026-03-06"]


@pytest.mark.slow
def test_each_bound_is_told_with_its_dates(plans: CalendarPlan) -> None:
    """Dates that were planned earlier may have had another bound."""
    first, second, third = plans.plans
    others = (replace(second, spent=Spent(9, 1.0, 60)), replace(third, spent=Spent(9, 1.0, 0)))
    notes = " ".join(dates_document(replace(plans, plans=(first, *others))).notes)
    assert "The search of 2026-03-06 ended at 1 simulated days" in notes
    assert "The search of 2026-03-07 ended at 60 simulated days" in notes
    assert "2026-03-09 ended" not in notes


@pytest.mark.slow
def test_a_budget_is_one_for_all_dates(plans: CalendarPlan) -> None:
    """One date takes about 19,000 events, the three of them 48,000; a date that is planned already takes none."""
    how: dict[str, Any] = {"days": 6, "check": 8, "at_most_days": 1, "jobs": 1, "budget": 4e4}
    assert staff(only_on(week(), "2026-03-06", None, None), **how).check == 8
    with pytest.raises(
        BudgetError, match=r"about 4\.8e\+04 events would be simulated, and the budget is 4e\+04"
    ):
        staff_dates(week(), **how)
    first = CalendarPlan(plans.base, plans.plans[:1])
    assert staff_dates(week(), start=first, **how).dates == plans.dates


@pytest.mark.slow
def test_a_budget_that_is_used_up_keeps_the_dates_before(plans: CalendarPlan) -> None:
    told: list[str] = []

    def spent(*_: object, **__: object) -> None:
        raise BudgetError("the budget is used up")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.staffing.calendar_plan.staff", spent)
        found = staff_dates(week(), start=CalendarPlan(plans.base, plans.plans[:1]), on_loss=told.append)
        with pytest.raises(BudgetError):
            staff_dates(week())
    assert (found.interrupted, found.plans) == (True, plans.plans[:1])
    assert told == ["2026-03-07: the budget is used up"]


def test_what_no_plan_can_be_found_for_is_refused_before_any_search() -> None:
    shifts = [{"team": "desk", "from": "09:00", "lasts": "2h"}]
    with pytest.raises(SimError, match=r"^2026-03-07: Week: no shift covers 10:00 to 11:30"):
        staff_dates(week(staffing__shifts=shifts))
    with pytest.raises(SimError, match=r"the calendar has 3 open dates.*--day 2026-03-06"):
        planned(week())
