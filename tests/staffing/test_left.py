"""Plans that leave people, work that piles up, or work to overtime, are no cheap plans."""

import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine import simulate
from sim.gate.sequential import Verdict
from sim.report.staff import notes_of, sentences, staff_json
from sim.scenario import Scenario, loads
from sim.staffing.choices import Choices
from sim.staffing.overtime import Staying, worked_late_s
from sim.staffing.solving import staff
from sim.workload import by_hand

from .small import DESK

MAILS = """\
name: Mails
opens: 2026-03-02 08:00
lasts: 8h
{end}
interval: 1h
seed: 3
media: {{mail: {{max_tasks: 1}}}}
channels: {{mail: {{medium: mail}}}}
queues:
  mails: {{medium: mail, handle_time: {{exponential: {{mean: 10m}}}}, service_level: {{within: 8h, target: 95%}}}}
teams:
  day: {{agents: 4, skills: {{mails: 5}}}}
arrivals:
  - {{channel: mail, queue: mails, per_hour: 30}}
staffing:
  teams: {{day: {{{bounds}}}}}
"""
"""240 mails of ten minutes: forty hours of work, and a promise as long as the day."""


def mails(end: str, bounds: str = "min: 0") -> Scenario:
    """A day of mails that ends so, with bounds of its head-counts."""
    return loads(MAILS.format(end=end, bounds=bounds))


@pytest.mark.slow
def test_a_plan_without_anybody_keeps_no_goal() -> None:
    """Nobody has waited longer than the day, and nobody is served: 95 % of forty hours have to be there."""
    plan = staff(mails("drain: 0s"), days=10, check=20, jobs=1)
    assert plan.hours >= 0.95 * 40 * 0.9
    (said,) = [one for one in notes_of(plan) if "unfinished" in one]
    assert said.startswith("On a fresh day, unfinished: ")


def test_a_plan_whose_backlog_grows_keeps_no_goal_for_sure() -> None:
    """Four agents write 24 mails an hour of 30: 6 x 4 more wait at the end than in the middle, none of them late."""
    plan = staff(mails("closing: serve_out", "min: 4, max: 4"), days=4, check=40, jobs=1)
    (goal,) = plan.goals
    assert goal.value == pytest.approx(1.0)
    assert goal.verdict is Verdict.INCONCLUSIVE
    (said,) = [one for one in notes_of(plan) if "backlog" in one]
    assert said.startswith("mails: the backlog at closing grows by about 2")


@pytest.mark.slow
def test_a_plan_that_leaves_a_queue_alone_says_when() -> None:
    """Of 81 calls one comes in the last half hour: 80 % of all need nobody there, unless one agent has to be."""
    day = loads(DESK).set("arrivals.0.per_hour", [40, 60, 60, 2])
    alone, there = (
        [one for one in notes_of(staff(each, days=10, check=20, jobs=1)) if "has demand and nobody" in one]
        for each in (day, day.set("staffing.teams", {"desk": {"min": 1}}))
    )
    assert alone == [
        "In this plan queue `sales` has demand and nobody from 10:30 to 11:00; about 1 of its contacts arrive then:"
        " the goals allow that; `min` of a team or a goal for each interval does not."
    ]
    assert not there


@pytest.mark.slow
@pytest.mark.parametrize("end", ["closing: serve_out", "drain: 48h"])
def test_work_that_is_left_to_overtime_is_counted(end: str) -> None:
    """Forty hours of work may be done until the evening, by those who stay: no plan has less than forty to pay.

    Who leaves everything to the last hour pays 11 hours, and lets four agents work for 37 more, three of them with less
    and less to do. What agents do beyond the roster is what the cost of a run is more than the roster's.
    """
    plan = staff(mails(end).set("teams.day.cost_per_hour", 20), days=10, check=20, jobs=1)
    whole = plan.hours + plan.plan.overtime_h
    assert 38.5 <= whole <= 44.0
    assert plan.plan.whole_cost == pytest.approx(20 * whole)
    cost = sim.run(plan.scenario, replications=20, jobs=1).figure("cost").value
    assert cost == pytest.approx(plan.plan.whole_cost)
    said = list(sentences(plan))
    assert said[1].startswith(
        f"Beyond this roster agents work {plan.plan.overtime_h:.1f} h of overtime a day, at "
    )
    assert json.loads(staff_json(plan))["overtime_h"] == plan.plan.overtime_h


def test_an_hour_of_those_who_stay_costs_their_wages() -> None:
    """Two agents of the last interval at 20, one a shift away of those who are written; and a guard at 30 who stays."""
    day = mails("closing: serve_out").set({"teams.day.cost_per_hour": 20, "teams.day.shrinkage": "50%"})
    day = day.set("teams.guard", {"agents": 1, "skills": {"mails": 1}, "cost_per_hour": 30})
    staying = Staying.of(Choices.of(day).only(("day",)))
    heads = np.array([[9.0, 9.0, 4.0]])
    assert staying.an_hour(heads) == 4 * 0.5 * 20 + 30
    parts = np.array([[[1.0, 3600.0], [1.0, 1.0]], [[1.0, 10_800.0], [1.0, 1.0]]])  # an hour, and three
    assert staying.cost(heads, parts) == 2 * 70


def test_who_works_a_shift_does_not_stay() -> None:
    shift = {"team": "day", "lasts": "4h", "every": "1h"}
    day = mails("closing: serve_out").set("staffing.shifts", [shift])
    assert Staying.of(Choices.of(day)).an_hour(np.full((1, 8), 4.0)) == 0.0


LATE = """opens: 2026-03-02 08:00
lasts: 1h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {calls: {medium: voice, handle_time: 30m}, faults: {medium: voice, handle_time: 30m}}
roster: people.csv
teams:
  always: {agents: 1, skills: {calls: 1}}
  shift: {skills: {faults: 1}, shifts: [{from: "08:00", to: "09:00", agents: 1}]}
  people: {skills: {faults: 1}}
arrivals: [{channel: phone, queue: calls, per_hour: 1}]
"""


def test_late_is_all_time_of_who_stays_and_overtime_of_who_goes(tmp_path: Path) -> None:
    """Two who took a fault at 08:55 work to 09:25, 25 and 10 min after their shifts; who stays is there so long."""
    rows = "person,team,from,to\nAnn,people,08:00,09:15\n"
    (tmp_path / "people.csv").write_text(rows, encoding="utf-8")
    day = loads(LATE, "day.yaml", tmp_path)
    contacts = [{"at": 3000, "queue": "calls"}, *({"at": 3300, "queue": "faults"} for _ in range(2))]
    workload = by_hand(day, [{"channel": "phone", **one} for one in contacts])
    assert worked_late_s(day, simulate(day, workload)).tolist() == [1500, 1500, 600]
