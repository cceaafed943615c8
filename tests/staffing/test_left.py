"""Plans that leave people, or work that piles up, are no cheap plans."""

import pytest

from sim.gate.sequential import Verdict
from sim.report.staff import notes_of
from sim.scenario import Scenario, loads
from sim.staffing.solving import staff

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
