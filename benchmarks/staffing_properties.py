"""`python -m benchmarks.staffing_properties --write docs/staffing.md`: what holds from one plan to the next one.

Every search but the first goes on from the plan of its neighbour, so that two costs differ by what was asked and not by
the way that a search took.
"""

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from sim.gate.sequential import Verdict
from sim.parallel.workers import Workers
from sim.scenario import Scenario, load
from sim.staffing.plan import Plan
from sim.staffing.solving import CHECK, Task, staff
from sim.staffing.start import GAP

from .staffing import DAY, HEADING

POINTS = (-0.05, 0.0, 0.05)
"""What is added to every goal."""
SIX_HOURS = {"lasts": "6h", "breaks": [{"after": "3h", "for": "30m"}]}
SECTION = (
    HEADING
    + """
`python -m benchmarks.staffing_properties --write docs/staffing.md` plans the day again, each search from the plan of
its neighbour. A plan is cheapest within the gap of its programmes, {gap:.1%}.

| what | cost | goals surely missed |
|---|---:|---:|
{rows}

{sentences}
"""
)


def moved(day: Scenario, points: float) -> Scenario:
    """Return the day with every goal moved by so much."""
    goals = [
        one.model_copy(update={"at_least": round((one.at_least or 0.0) + points, 9)})
        for one in day.staffing.goals
    ]
    return day.set("staffing.goals", goals)


def with_six_hours(day: Scenario) -> Scenario:
    """Return the day with a shift of six hours more to choose from, for each team."""
    more = [{"team": name, **SIX_HOURS} for name in day.teams]
    return day.set("staffing.shifts", [*day.staffing.shifts, *more])


def turned(plan: Plan, check: int) -> tuple[int, int]:
    """Judge a plan on twice the days; return the goals that surely passed before, and those of them that fail now."""
    task = Task.of(plan.base, False, 2, 2 * check, None, plan.seed, Workers(1))
    judged = task.court.judge(plan.scenario, to_the_end=True)
    passed = [one.figure for one in plan.goals if one.verdict is Verdict.PASS]
    failed = {one.figure for one in judged.goals if one.verdict is Verdict.FAIL}
    return len(passed), sum(one in failed for one in passed)


def section(days: int = 100, check: int = CHECK) -> str:
    """Plan the day with lower and higher goals and with more shifts, and write what holds."""
    day = load(DAY)
    plans: list[Plan] = []
    for points in POINTS:
        start = plans[-1] if plans else None
        plans.append(staff(moved(day, points), days=days, check=check, jobs=1, start=start))
    wider = staff(with_six_hours(day), days=days, check=check, jobs=1, start=plans[1])
    names = [f"every goal {100 * one:+.0f} points" if one else "as it is" for one in POINTS]
    rows = [
        f"| {name} | {one.cost:,.0f} | {sum(goal.verdict is Verdict.FAIL for goal in one.goals)} |"
        for name, one in zip([*names, "a shift of 6 hours more for each team"], [*plans, wider], strict=True)
    ]
    costs = [one.cost for one in plans]
    passed, failing = turned(plans[1], check)
    rising = all(b >= a * (1 - GAP) for a, b in pairwise(costs))
    twice = f"of {passed} goals that surely pass on {check} fresh days, {failing} surely fail on {2 * check}"
    sentences = [
        told("A higher target costs no less", rising),
        told("an allowed shift more costs no more", wider.cost <= costs[1] * (1 + GAP)),
        told(twice, not failing),
    ]
    return SECTION.format(gap=GAP, rows="\n".join(rows), sentences="; ".join(sentences) + ".")


def told(what: str, holds: bool) -> str:
    """Return a sentence with whether it holds."""
    return what if holds else f"**does not hold**: {what}"


def main(arguments: Sequence[str]) -> int:
    """Write the section into the file that `--write` names, in the place of the one before, or print it."""
    text = section()
    if arguments[:1] == ["--write"] and len(arguments) > 1:
        page = Path(arguments[1])
        page.write_text(page.read_text(encoding="utf-8").partition(HEADING)[0] + text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
