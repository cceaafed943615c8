"""The plans of a calendar's dates as a document: their sum, a line a date, goals, shifts and head-counts."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.gate.sequential import Verdict
from sim.report.check.words import TONES
from sim.report.document import Cell, Document, Row, Section, Table
from sim.report.json_csv import csv_text
from sim.report.staff import (
    LITTLE_H,
    NAMES,
    VERDICTS,
    bound_words,
    goals_table,
    left_by,
    shifts_table,
    staff_json,
)
from sim.report.text_table import text
from sim.staffing.calendar_storage import dates_roster
from sim.version import __version__

if TYPE_CHECKING:
    from sim.staffing.calendar_plan import CalendarPlan
    from sim.staffing.plan import Plan


def dates_document(found: "CalendarPlan", places: Sequence[str] = ()) -> Document:
    """Build everything that there is to say of the plans of a calendar."""
    named = dict(zip(_names(found), found.plans, strict=True))
    return Document(
        title=f"{found.base.name}: the least costly staffing found of each date, seed {found.plans[0].seed}",
        sentences=["\n".join(_sentences(found))],
        tables=[_dates_table(found)],
        sections=[
            Section(
                "The goals, date by date", "goals",
                [_captioned(goals_table(one), name) for name, one in named.items()],
            ),
            Section(
                "The shifts, date by date", "shifts",
                [_captioned(shifts_table(one), name) for name, one in named.items() if one.shifts],
            ),
            Section("Who is there when", "teams", list(_team_tables(found))),
        ],
        notes=list(_notes(found)),
        places=places,
    )  # fmt: skip


def _names(found: "CalendarPlan") -> list[str]:
    return [plan.date for plan in found.plans]


def _captioned(table: Table, caption: str) -> Table:
    return Table(caption, table.heads, table.rows)


def _sentences(found: "CalendarPlan") -> Iterator[str]:
    count = f"{len(found.plans)} date{'s' if len(found.plans) > 1 else ''}"
    hours = f"{found.hours:,.1f} paid hours"
    costs = any(team.cost_per_hour for team in found.base.teams.values())
    money = f"{found.cost:,.0f} for {count}, {hours}" if costs else f"{hours} for {count}"
    others = {name: _sum(found.plans, name) for name in NAMES}
    told = [f"{NAMES[name]} {cost:,.0f}" for name, cost in others.items() if cost is not None]
    beside = f"; by {', by '.join(told)}, on the same fresh days" if told else ""
    yield f"{money}{beside}."
    if found.overtime_h >= LITTLE_H:
        yield (
            f"Beyond these rosters agents work {found.overtime_h:,.1f} h of overtime, at {found.overtime_cost:,.0f}:"
            f" {found.whole_cost:,.0f} in all."
        )
    goals = [one.verdict for plan in found.plans for one in plan.goals]
    counts = [f"{goals.count(one)} {word}" for one, word in VERDICTS.items() if one in goals]
    yield f"Of {len(goals)} goals, those of each date counted by themselves: {', '.join(counts)}."


def _sum(plans: Sequence["Plan"], name: str) -> float | None:
    """Return the cost of another plan on all dates; None where a date has none."""
    return sum(one.beside[name].cost for one in plans) if all(name in one.beside for one in plans) else None


def _dates_table(found: "CalendarPlan") -> Table:
    rows = []
    for name, plan in zip(_names(found), found.plans, strict=True):
        one = plan.plan
        missed = sum(goal.verdict is Verdict.FAIL for goal in plan.goals)
        cells = _costs(one.cost, one.hours, one.overtime_h, one.whole_cost)
        rows.append(
            Row(name, [*cells, Cell(str(missed)), Cell(VERDICTS[plan.verdict], tone=TONES[plan.verdict])])
        )
    whole = _costs(found.cost, found.hours, found.overtime_h, found.whole_cost)
    missed = sum(goal.verdict is Verdict.FAIL for plan in found.plans for goal in plan.goals)
    tone = TONES[found.verdict]
    rows.append(Row("All dates", [*whole, Cell(str(missed)), Cell(VERDICTS[found.verdict], tone=tone)]))
    heads = ("Date", "Cost", "Paid h", "Over-\ntime h", "Cost in\nall", "Goals surely\nmissed", "Goals")
    return Table("The dates", heads, rows, titled=False)


def _costs(cost: float, hours: float, overtime_h: float, whole: float) -> list[Cell]:
    return [Cell(f"{cost:,.0f}"), Cell(f"{hours:,.1f}"), Cell(f"{overtime_h:,.1f}"), Cell(f"{whole:,.0f}")]


def _team_tables(found: "CalendarPlan") -> Iterator[Table]:
    """Build a table a team: a row an interval, a column a date."""
    for team in found.plans[0].heads:
        by_date = [
            dict(zip(dict.fromkeys(plan.by_team["interval"]), plan.heads[team], strict=True))
            for plan in found.plans
        ]
        names = sorted({name for one in by_date for name in one})
        rows = [
            Row(name, [Cell(f"{round(one[name], 2):g}" if name in one else "") for one in by_date])
            for name in names
        ]
        yield Table(team, ("From", *(name.replace(" ", "\n") for name in _names(found))), rows, split=1)


def _notes(found: "CalendarPlan") -> Iterator[str]:
    if found.interrupted:
        left = [one.name for one in found.base.days if one.name not in found.dates]
        cut = [date for date, plan in zip(found.dates, found.plans, strict=True) if plan.interrupted]
        best = "".join(f"; of {date} the best plan until then" for date in cut)
        yield f"Interrupted: not planned {', '.join(left) or 'no date'}{best}."
    bound = {date: plan.spent.bound_days for date, plan in zip(found.dates, found.plans, strict=True)}
    for most in sorted({*bound.values()} - {0}):
        yield bound_words(most, f" of {', '.join(date for date, own in bound.items() if own == most)}")
    fresh = sorted({plan.check for plan in found.plans})
    days = f"{fresh[0]}" if len(fresh) == 1 else f"{fresh[0]} to {fresh[-1]}"
    yield (
        f"Each date is planned by itself, on its own hours and demand, and has to keep every goal; it was judged on"
        f" {days} fresh ones. Verdicts err in at most 5 % of the dates. --day shows all of one date."
    )
    for name, plan in zip(_names(found), found.plans, strict=True):
        yield from (f"{name}: {line}" for line in left_by(plan))
    spent = sum(plan.spent.days for plan in found.plans), sum(plan.spent.cpu_s for plan in found.plans)
    yield f"{spent[0]:,} simulated days, {spent[1]:.0f} s of CPU."


def dates_text(found: "CalendarPlan", width: int, places: Sequence[str] = ()) -> str:
    """Write the document of a calendar's plans, no line longer than `width`."""
    return text(dates_document(found, places), width)


def dates_json(found: "CalendarPlan") -> str:
    """Write one object: cost and hours of all dates, the verdict, and the object of each date's plan."""
    dates = [
        {"date": date, **json.loads(staff_json(plan))}
        for date, plan in zip(found.dates, found.plans, strict=True)
    ]
    whole = {
        "scenario": found.base.name, "seed": found.plans[0].seed, "cost": found.cost, "hours": found.hours,
        "overtime_h": found.overtime_h, "overtime_cost": found.overtime_cost, "verdict": str(found.verdict),
        "interrupted": found.interrupted, "dates": dates, "version": __version__,
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)


def dates_csv(found: "CalendarPlan") -> str:
    """Write the rosters of all dates."""
    return csv_text(dates_roster(found))
