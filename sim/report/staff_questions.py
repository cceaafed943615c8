"""The questions around a staffing as documents: cost against service, a given plan, an agent more or fewer."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.gate.sequential import Verdict
from sim.metrics.formatting import number
from sim.report.document import Cell, Document, Row, Table
from sim.report.json_csv import csv_text
from sim.report.staff import as_written, beside_table, goals_table, sentences, staff_json
from sim.scenario.numbers import clock_text, share_text
from sim.staffing.questions import missed
from sim.version import __version__

if TYPE_CHECKING:
    from sim.staffing.plan import Plan
    from sim.staffing.questions import Advice, Change, Frontier

MOST_SHOWN = 10


def frontier_document(found: "Frontier") -> Document:
    """Build what service costs: a row a goal, and what each step to the next one costs."""
    rows, before = [], None
    for target, plan in zip(found.targets, found.plans, strict=True):
        step = "" if before is None else f"{plan.cost - before:+,.0f}".replace("-", "−")
        missed = sum(one.verdict is Verdict.FAIL for one in plan.goals)
        hours = [f"{plan.hours:,.1f}", f"{plan.plan.overtime_h:,.1f}"]
        cells = [f"{plan.cost:,.0f}", step, *hours, str(missed), _erlang_a(plan)]
        rows.append(Row(share_text(target), list(map(Cell, cells))))
        before = plan.cost
    heads = ("Goal", "Cost", "Step", "Paid h", "Over-\ntime h", "Goals surely\nmissed", "Erlang A\ncosts")
    return Document(
        title=f"{found.scenario.name}: what service costs, a plan for each goal",
        tables=[Table("Cost against service", heads, rows, titled=False)],
        notes=["Each plan was judged on fresh days. Step: what the goal costs more than the one above."],
    )


def _erlang_a(plan: "Plan") -> str:
    return f"{plan.beside['erlang_a'].cost:,.0f}" if "erlang_a" in plan.beside else "-"


def frontier_json(found: "Frontier") -> str:
    """Write one object: the goals, and the object of each plan."""
    plans = [
        {"goal": target, **json.loads(staff_json(plan))}
        for target, plan in zip(found.targets, found.plans, strict=True)
    ]
    whole = {"scenario": found.scenario.name, "vary": "goal", "plans": plans, "version": __version__}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)


def frontier_csv(found: "Frontier") -> str:
    """Write a row a goal."""
    return csv_text(found.table)


# A given plan, and an agent more or fewer.


def given_document(found: "Advice") -> Document:
    """Build the verdicts on a plan that somebody else made, its weakest half hours, and what would mend it."""
    plan = found.plan
    assert plan is not None
    return Document(
        title=f"{plan.base.name}: a given plan, {plan.check} fresh days, seed {plan.seed}",
        sentences=[*sentences(plan), *_mending(found)],
        tables=[
            goals_table(plan),
            beside_table(plan),
            _weakest(found),
            _changes(found, "What would mend it"),
        ],
    )


def _mending(found: "Advice") -> Iterator[str]:
    if found.keeps_all and not found.changes:
        yield "No goal is missed on the search's own days: there is nothing to mend."
    elif not found.changes:
        yield "Goals are missed, and no agents more within `max` of `staffing.teams` come nearer to them."
    elif found.keeps_all:
        yield f"Agents of {found.cost:,.0f} a day more would keep every goal: where, is told below."
    else:
        yield f"Agents of {found.cost:,.0f} a day more would come nearest to the goals: where, is told below."


def _weakest(found: "Advice") -> Table:
    plan = found.plan
    assert plan is not None
    rows = plan.by_queue.dropna(subset=["service_level"]).nsmallest(MOST_SHOWN, "service_level", keep="first")
    cells = [
        Row(f"{row['interval']} {row['queue']}", [
            Cell(number(100 * row["service_level"], 1)), Cell(number(100 * row["abandon_rate"], 1)),
            Cell(number(row["offered"], 1)),
        ])
        for _, row in rows.iterrows()
    ]  # fmt: skip
    return Table(
        "The weakest half hours", ("Interval, queue", "Service\nlevel %", "Aban-\ndoned %", "Offered"), cells
    )


def moved_document(found: "Advice", step: int, number_asked: int) -> Document:
    """Build where agents more help most, or fewer hurt least, and what that does to each goal."""
    what = "Where more agents help most" if step > 0 else "Where fewer agents hurt least"
    before, then = missed(found.room), missed(found.room_after)
    said = [f"Goals missed on the simulated days: {before} before, {then} then, of {len(found.goals)}."]
    if len(found.changes) < number_asked:
        bound = "`max` allows no more" if step > 0 else "`min`, or nobody being there, allows no fewer"
        said.append(f"These are {len(found.changes)} of {number_asked}: {bound}.")
    changed = sorted(
        zip(found.goals, found.room, found.room_after, strict=True), key=lambda one: -abs(one[2] - one[1])
    )
    rows = [
        Row(
            goal,
            [
                Cell(number(before, 1)),
                Cell(number(after, 1)),
                Cell(f"{after - before:+.1f}".replace("-", "−")),
            ],
        )
        for goal, before, after in changed[:MOST_SHOWN]
        if abs(after - before) >= 0.05
    ]
    return Document(
        title=f"{found.scenario.name}: {what.lower()}",
        sentences=said,
        tables=[
            _changes(found, what),
            Table("Room to each goal, in contacts a day", ("Goal", "Before", "Then", "Change"), rows),
        ],
        notes=["Room: contacts in time beyond what the goal asks for; below 0 it is missed."],
    )


def _changes(found: "Advice", caption: str) -> Table:
    rows = [
        Row(one.team, [Cell(_span(one)), Cell(_breaks(one) or "-"), Cell(f"{one.agents:+d}".replace("-", "−")),
                       Cell(f"{one.cost:+,.1f}".replace("-", "−"))])
        for one in found.changes
    ]  # fmt: skip
    return Table(caption, ("Team", "From to", "Break", "Agents", "Cost"), rows)


def _span(one: "Change") -> str:
    return f"{clock_text(one.start_s)}-{clock_text(one.end_s)}"


def _breaks(one: "Change") -> str:
    return " ".join(f"{clock_text(start)}-{clock_text(end)}" for start, end in one.breaks)


def advice_json(found: "Advice") -> str:
    """Write one object: the changes, the goals with their room before and then, and the plan that was judged."""
    changes = [
        {
            "team": one.team, "from": clock_text(one.start_s), "to": clock_text(one.end_s), "agents": one.agents,
            **({"breaks": list(as_written(_breaks(one)))} if one.breaks else {}), "cost": one.cost,
        }
        for one in found.changes
    ]  # fmt: skip
    goals = [
        {"goal": goal, "room": before, "room_after": after}
        for goal, before, after in zip(found.goals, found.room, found.room_after, strict=True)
    ]
    whole: dict[str, Any] = {
        "scenario": found.scenario.name,
        "changes": changes,
        "cost": found.cost,
        "room": goals,
    }
    if found.plan is not None:
        whole["plan"] = json.loads(staff_json(found.plan))
    return json.dumps({**whole, "version": __version__}, ensure_ascii=False, allow_nan=False)


def advice_csv(found: "Advice") -> str:
    """Write a row a change, with the columns of a roster."""
    import pandas as pd

    rows = [
        (one.team, clock_text(one.start_s), clock_text(one.end_s), _breaks(one), one.agents, one.cost)
        for one in found.changes
    ]
    return csv_text(pd.DataFrame(rows, columns=["team", "from", "to", "break", "agents", "cost"]))
