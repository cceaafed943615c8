"""What becomes of the plans of two short dates, found on two days: on the disk, and when the search goes on."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.errors import SimError
from sim.scenario import Scenario
from sim.scenario.single_days import only_on
from sim.staffing import calendar_plan
from sim.staffing.calendar_plan import CalendarPlan, staff_dates
from sim.staffing.calendar_storage import DatesFacts, dates_roster, open_dates
from sim.staffing.choices import with_rosters
from sim.staffing.storage import open_plan

from .test_calendar import SHIFTS, week

DATES = ("2026-03-07", "2026-03-09")


def two_dates(**changes: Any) -> Scenario:
    """A Saturday from 10:00 and a Monday from 09:00, for an hour each."""
    hours = {"sat": "10:00-11:00", "mon": "09:00-10:00"}
    changed = {"calendar__from": DATES[0], "calendar__days": 3, "calendar__open": hours}
    return week(**changed, arrivals__0__per_hour=30, **changes)


@pytest.fixture(scope="module")
def plans() -> CalendarPlan:
    return staff_dates(two_dates(), days=2, check=2, at_most_days=1, jobs=1)


def test_the_roster_of_all_dates_says_whom_each_half_hour_has(plans: CalendarPlan) -> None:
    table = dates_roster(plans)
    assert list(table) == ["date", "interval_start", "team", "agents"]
    assert table["date"].tolist() == [DATES[0]] * 2 + [DATES[1]] * 2
    assert table["interval_start"].tolist() == ["10:00", "10:30", "09:00", "09:30"]
    assert table["agents"].tolist() == [*plans.plans[0].heads["desk"], *plans.plans[1].heads["desk"]]


def test_the_scenario_of_all_dates_has_the_agents_of_each(plans: CalendarPlan) -> None:
    counts = plans.scenario.teams["desk"].head_count
    assert counts is not None
    assert (counts.every, counts.agents) == (
        1800,
        {date: plan.heads["desk"] for date, plan in zip(DATES, plans.plans, strict=True)},
    )


def test_the_scenario_of_all_dates_has_the_shifts_of_each() -> None:
    found = []
    for number, (start, agents) in enumerate([("10:00", 4), ("09:00", 3)]):
        day = only_on(two_dates(), DATES[number], None, None)
        shifts = [{"from": start, "to": f"{int(start[:2]) + 1}:00", "agents": agents}]
        scenario = with_rosters(day, {"desk": {"shifts": shifts}})
        found.append(SimpleNamespace(base=day, scenario=scenario, heads={"desk": ()}))
    team = CalendarPlan(two_dates(), tuple(found)).scenario.teams["desk"]  # type: ignore[arg-type]
    assert team.head_count is None
    assert [(one.days, one.agents) for one in team.shifts or ()] == [(DATES[0], 4), (DATES[1], 3)]


def test_plans_of_dates_are_written_and_read_again(plans: CalendarPlan, tmp_path: Path) -> None:
    folder = plans.save(tmp_path / "plans")
    assert {one.name for one in folder.iterdir()} == {
        "base", "manifest.json", "plan.yaml", "plan.csv", "dates.csv", *DATES
    }  # fmt: skip
    assert (folder / "plan.csv").read_text().splitlines()[0] == "date,interval_start,team,agents"
    head, *rows = (folder / "dates.csv").read_text().splitlines()
    assert head == "date,cost,hours,overtime_h,overtime_cost,verdict"
    assert [one.split(",")[0] for one in rows] == [*DATES]
    opened = open_dates(folder)
    assert (opened.dates, opened.cost, opened.scenario) == (DATES, plans.cost, plans.scenario)


def test_plans_of_no_date_are_none(plans: CalendarPlan, tmp_path: Path) -> None:
    manifest = plans.save(tmp_path / "plans") / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"dates": []}))
    with pytest.raises(SimError, match="dates"):
        open_dates(manifest.parent)


def test_a_plan_of_an_older_form_has_no_overtime(plans: CalendarPlan, tmp_path: Path) -> None:
    file = plans.plans[0].save(tmp_path / "plan") / "result.json"
    told = json.loads(file.read_text())
    assert told["plan"].pop("overtime_h") > 0 < told["plan"].pop("overtime_cost")
    file.write_text(json.dumps(told))
    opened = open_plan(file.parent).plan
    assert (opened.overtime_h, opened.overtime_cost) == (0, 0)


def test_a_page_is_written_where_it_is_wanted_or_into_the_usual_file(
    plans: CalendarPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path | None] = []
    monkeypatch.setattr("sim.report.html.write_report", lambda _plan, path: asked.append(path))
    plans.plans[0].report()
    plans.plans[0].report("a.html")
    assert asked == [None, Path("a.html")]


def earlier(scenario: Scenario, number: int, shifts: tuple[Any, ...] = (), **changes: Any) -> Any:
    day = only_on(scenario, scenario.days[number].name, None, None)
    return SimpleNamespace(**{"base": day, "seed": 3, "interrupted": False, "shifts": shifts} | changes)


def test_a_plan_is_done_that_is_of_the_same_day_seed_and_kind() -> None:
    plain, shifted = two_dates(), two_dates(staffing__shifts=SHIFTS)
    heads, shifts = earlier(plain, 0), earlier(shifted, 0, (object(),))
    assert [calendar_plan._is_done(heads, heads.base, wanted, None) for wanted in (False, True)] == [True] * 2
    assert calendar_plan._is_done(shifts, shifts.base, False, 3)
    assert not calendar_plan._is_done(shifts, shifts.base, True, 3)
    assert calendar_plan._is_done(earlier(shifted, 0), shifts.base, True, 3)
    assert not calendar_plan._is_done(earlier(shifted, 0), shifts.base, False, 3)
    assert not calendar_plan._is_done(heads, heads.base, False, 4)
    assert not calendar_plan._is_done(heads, earlier(plain, 1).base, False, None)
    assert not calendar_plan._is_done(earlier(plain, 0, interrupted=True), heads.base, False, None)


def test_where_one_date_is_ended_those_after_it_keep_their_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four dates the first and the last are planned; the search of the second is ended."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(calendar_plan, "staff", stop)
    four = week(calendar__days=5)
    before = CalendarPlan(four, (earlier(four, 0), earlier(four, 3)))
    found = staff_dates(four, start=before)
    assert (found.plans, found.interrupted) == (before.plans, True)


def test_the_plans_of_one_date_are_opened_and_those_of_none_are_not() -> None:
    assert DatesFacts(base_file="base.yaml", dates=["2026-03-07"]).dates == ["2026-03-07"]
    with pytest.raises(ValueError, match="at least 1 item"):
        DatesFacts(base_file="base.yaml", dates=[])
