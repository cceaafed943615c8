"""A plan as a document: the answer, the goals, other plans beside it, the shifts and the interval tables."""

from collections.abc import Iterator, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

from sim.gate.sequential import Verdict
from sim.metrics.formatting import number, open_words, percent
from sim.metrics.metric import scale_of
from sim.report.check.words import TONES
from sim.report.document import Cell, Document, Row, Section, Table
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import text
from sim.scenario.coverage import nobody_there
from sim.scenario.numbers import clock, duration_text
from sim.staffing.judging import LEFT
from sim.staffing.plan import Plan, Staffed, goal_row
from sim.staffing.storage import roster, whole_or_part

if TYPE_CHECKING:
    import pandas as pd

    from sim.staffing.judging import GoalResult

NAMES = {"erlang_c": "Erlang C", "erlang_a": "Erlang A"}
VERDICTS = {Verdict.PASS: "kept", Verdict.FAIL: "missed", Verdict.INCONCLUSIVE: "undecided"}


def staff_document(plan: Plan, places: Sequence[str] = ()) -> Document:
    """Build everything that there is to say of a plan."""
    return Document(
        title=_title(plan),
        sentences=["\n".join(sentences(plan))],
        tables=[goals_table(plan)],
        sections=[
            Section("Other plans on the same days", "beside", [beside_table(plan)]),
            Section("The shifts", "shifts", [shifts_table(plan)] if plan.shifts else []),
            Section("Who is there when", "teams", list(team_tables(plan))),
            Section("What comes, and how it is served", "queues", list(queue_tables(plan))),
            Section("How the search went", "path", details=[_path(plan)]),
        ],
        notes=list(notes_of(plan)),
        sure=list(_how_sure(plan)),
        places=places,
    )


def _how_sure(plan: Plan) -> Iterator[str]:
    yield f"Judged on {plan.check} days that the search has not seen; verdicts err in at most 5 % of all plans."
    if any(one.verdict is Verdict.INCONCLUSIVE for one in plan.goals):
        yield "The cheapest plan lies at its goals, so most are too close to call; a higher goal gives room."


def _path(plan: Plan) -> Table:
    rows = [
        Row(
            f"{number}. {one.stage}", [Cell(f"{one.cost:,.1f}"), Cell(str(one.missed)), Cell(f"{one.days:,}")]
        )
        for number, one in enumerate(plan.path, start=1)
    ]
    return Table("Every plan that was tried", ("Stage", "Cost", "Goals missed", "Days by then"), rows)


def staff_text(plan: Plan, width: int, places: Sequence[str] = ()) -> str:
    """Write the document of a plan, no line longer than `width`."""
    return text(staff_document(plan, places), width)


def staff_json(plan: Plan) -> str:
    """Write one object: cost, hours, heads, shifts, goals, other plans, what was spent, verdict and the tables."""
    facts = {
        "scenario": plan.base.name,
        "seed": plan.seed,
        **_staffed(plan.plan),
        "shifts": shifts_of(plan),
        "beside": {name: _staffed(one) for name, one in plan.beside.items()},
        "prices": [
            {"goal": one.words, "point": one.point, "cost": _or_none(one.cost)} for one in plan.prices
        ],
        "path": [one._asdict() for one in plan.path],
        "check": plan.check,
        "interrupted": plan.interrupted,
        "spent": {"days": plan.spent.days, "cpu_s": round(plan.spent.cpu_s, 1)},
    }
    return json_object(facts, {"by_team": plan.by_team, "by_queue": plan.by_queue})


def staff_csv(plan: Plan) -> str:
    """Write the roster."""
    return csv_text(roster(plan))


def shifts_of(plan: Plan) -> list[dict[str, Any]]:
    """Return the shifts with their agents, in the form of a scenario's, with paid hours and cost."""
    return [
        {
            "team": line.team, "from": line.start, "to": line.end, "agents": line.agents,
            **({"breaks": list(as_written(line.breaks))} if line.breaks else {}),
            "paid_h": line.paid_h, "cost": line.cost,
        }
        for line in plan.shifts
    ]  # fmt: skip


def as_written(text: str) -> Iterator[dict[str, str]]:
    """Read breaks as a line of shifts has them, `11:00-11:30`, into the form of a scenario."""
    for one in text.split():
        at, until = one.split("-")
        yield {"at": at, "for": duration_text(clock(until) - clock(at))}


def _staffed(one: Staffed) -> dict[str, Any]:
    goals = [{key: _or_none(value) for key, value in goal_row(goal).items()} for goal in one.goals]
    return {
        "cost": one.cost, "hours": one.hours, "overtime_h": one.overtime_h, "overtime_cost": one.overtime_cost,
        "heads": {name: [whole_or_part(count) for count in counts] for name, counts in one.heads.items()},
        "goals": goals, "verdict": str(one.verdict),
    }  # fmt: skip


def _or_none(value: object) -> object:
    return None if isinstance(value, float) and isnan(value) else value


# The answer.


def _title(plan: Plan) -> str:
    fresh = f"{plan.check} fresh days" if plan.check else "not judged"
    return f"{plan.base.name}: the least costly staffing found, {fresh}, seed {plan.seed}"


def sentences(plan: Plan) -> Iterator[str]:
    """Say what it costs, beside which other plans, and how many goals it keeps."""
    costs = any(team.cost_per_hour for team in plan.base.teams.values())
    money = (
        f"{plan.cost:,.0f} a day, {plan.hours:,.1f} paid hours"
        if costs
        else f"{plan.hours:,.1f} paid hours a day"
    )
    others = [f"{NAMES.get(name, name)} {one.cost:,.0f}" for name, one in plan.beside.items()]
    beside = f"; by {', by '.join(others)}, on the same fresh days" if others else ""
    yield f"{money}{beside}."
    yield from _overtime(plan)
    if not plan.check:
        yield "It was not judged on fresh days: the figures are those of the search's own days, which flatter it."
        return
    counts = [(verdict, sum(one.verdict is verdict for one in plan.goals)) for verdict in VERDICTS]
    told = [f"{count} {_surely(verdict)}" for verdict, count in counts if count]
    of = (
        f"{len(plan.goals)} goals, those of each interval counted one by one"
        if _has_parts(plan)
        else "the goals"
    )
    yield f"Of {of}: {', '.join(told)}."


LITTLE_H = 0.05
"""Overtime that is not told in a sentence: it is written to a tenth of an hour."""


def _overtime(plan: Plan) -> Iterator[str]:
    """Say what agents work beyond the roster, which its cost leaves out, and what that costs."""
    one = plan.plan
    if one.overtime_h >= LITTLE_H:
        others = [f"{NAMES.get(name, name)} {beside.whole_cost:,.0f}" for name, beside in plan.beside.items()]
        beside = f"; by {', by '.join(others)}" if others else ""
        yield (
            f"Beyond this roster agents work {one.overtime_h:,.1f} h of overtime a day, at {one.overtime_cost:,.0f}:"
            f" {one.whole_cost:,.0f} in all{beside}."
        )


def _surely(verdict: Verdict) -> str:
    return {"kept": "surely kept", "missed": "surely missed"}.get(VERDICTS[verdict], "too close to call")


def _has_parts(plan: Plan) -> bool:
    return len({one.number for one in plan.goals}) < len(plan.goals)


def notes_of(plan: Plan) -> Iterator[str]:
    """Say what the columns mean, and what the plan took."""
    if plan.interrupted:
        yield "Interrupted: this is the best plan until then."
    if plan.spent.bound_days:
        yield bound_words(plan.spent.bound_days)
    yield (
        "Required: the least agents that keep the goals if no shift had to be whole. Binds: the goal that would be"
        " missed with one agent fewer, by the slopes of the search. Required and scheduled: agents present; gross: with"
        " shrinkage. ± is half the 95 % interval."
    )
    yield from left_by(plan)
    if plan.check:
        yield (
            "A plan at its target on average misses it on about every second day; days on target tell how often it is"
            " kept, and `on_days` asks for it."
        )
    spent = f"{plan.spent.days:,} simulated days, {plan.spent.cpu_s:.0f} s of CPU"
    yield f"{spent}; {len(plan.path)} plans were tried."


def bound_words(days: int, of: str = "") -> str:
    """Say that a search was ended by its bound."""
    return (
        f"The search{of} ended at {days:,} simulated days (--at-most-days), before it was through: a longer one may"
        " find a less costly plan."
    )


def left_by(plan: Plan) -> Iterator[str]:
    """Tell when the plan leaves a queue alone, whom it leaves open at the end of a day, and whose backlog grows."""
    from sim.experiments.growth import BACKLOG, growing, growth_words
    from sim.metrics.figures import about, over_all

    for words in nobody_there(plan.scenario):
        yield f"In this plan {words}: the goals allow that; `min` of a team or a goal for each interval does not."
    whole = {figure.metric: figure.value for figure in over_all(plan.figures)}
    if words := open_words(*(whole.get(name, 0.0) for name in LEFT)):
        yield f"On a fresh day, {words}."
    yield from growth_words(growing(about(plan.figures, BACKLOG)), plan.scenario)


# Goals, and other plans beside.


def goals_table(plan: Plan) -> Table:
    """Build a row a goal: a goal about each interval is told by its worst one."""
    prices = {one.number: one for one in plan.prices}
    rows = []
    for number_, parts in _by_number(plan.plan).items():
        worst = _worst(parts)
        price = prices.get(number_)
        paid = "-" if price is None or isnan(price.cost) else f"{price.cost:,.1f}"
        cells = [
            _value(worst),
            Cell(VERDICTS[worst.verdict], tone=TONES[worst.verdict]),
            Cell(percent(worst.days_on_target, 0)),
            Cell(paid),
        ]
        rows.append(Row(f"{_label(worst)} {worst.wanted}{_each(worst, len(parts))}", cells))
    heads = ("Goal", "Value", "Verdict", "Days on\ntarget %", "One point\nmore costs")
    return Table("Goals", heads, rows, titled=False)


def beside_table(plan: Plan) -> Table:
    """Build a row a plan: its cost, its hours, and the value of each goal, the worst where it has several."""
    if not plan.beside:
        return Table("Plans beside", (), ())
    plans = {"this plan": plan.plan, **{NAMES.get(name, name): one for name, one in plan.beside.items()}}
    rows = []
    for name, one in plans.items():
        values = [_value(_worst(parts)) for parts in _by_number(one).values() if len(parts) == 1]
        missed = sum(goal.verdict is Verdict.FAIL for goal in one.goals)
        costs = [Cell(f"{one.cost:,.0f}"), Cell(f"{one.hours:,.1f}")]
        costs += [Cell(f"{one.overtime_h:,.1f}"), Cell(f"{one.whole_cost:,.0f}")]
        rows.append(Row(name, [*costs, *values, Cell(str(missed))]))
    single = [parts[0] for parts in _by_number(plan.plan).values() if len(parts) == 1]
    heads = [_label(one) for one in single]
    split = [head.replace(" ", "\n", 1) for head in heads]
    fixed = ("Plan", "Cost", "Paid h", "Over-\ntime h", "Cost in\nall")
    return Table("Plans beside", (*fixed, *split, "Goals surely\nmissed"), rows, split=1)


def _by_number(staffed: Staffed) -> dict[int, list["GoalResult"]]:
    found: dict[int, list[GoalResult]] = {}
    for one in staffed.goals:
        found.setdefault(one.number, []).append(one)
    return found


def _worst(parts: Sequence["GoalResult"]) -> "GoalResult":
    """Return the result nearest to a miss: the gravest verdict, then the fewest days on target."""
    order = {Verdict.FAIL: 0, Verdict.INCONCLUSIVE: 1, Verdict.PASS: 2}
    return min(
        parts, key=lambda one: (order[one.verdict], 1.0 if isnan(one.days_on_target) else one.days_on_target)
    )


def _label(one: "GoalResult", each: bool = True) -> str:
    place = " ".join(name for column, name in one.figure.place if column != "interval" or not each)
    title = one.figure.definition.title.lower()
    return f"{place}: {title}" if place else title


def _each(one: "GoalResult", parts: int) -> str:
    if parts == 1:
        at = dict(one.figure.place).get("interval")
        return f" at {at}" if at else ""
    return f" in each interval (worst {dict(one.figure.place)['interval']})"


def _value(one: "GoalResult") -> Cell:
    scale = scale_of(one.figure.definition.unit)
    if isnan(one.value):
        return Cell("-")
    half = max(one.high - one.value, one.value - one.low)
    spread = "" if isnan(half) else f"±{number(scale(half), scale.decimals)}"
    return Cell(f"{number(scale(one.value), scale.decimals)}", f"{spread} {scale.unit}".strip())


# Shifts, and the interval tables.


def shifts_table(plan: Plan) -> Table:
    """Build a row a shift that is worked."""
    rows = [
        Row(
            one.team,
            [Cell(one.start), Cell(one.end), Cell(one.breaks or "-"), Cell(str(one.agents)),
             Cell(number(one.paid_h, 1)), Cell(number(one.cost, 1))],
        )
        for one in plan.shifts
    ]  # fmt: skip
    return Table("Shifts", ("Team", "From", "To", "Break", "Agents", "Paid h", "Cost"), rows, titled=False)


def team_tables(plan: Plan) -> Iterator[Table]:
    """Build a table a team: required, scheduled, gross, how busy they are, and what binds."""
    heads = ("From", "Required", "Scheduled", "Differ-\nence", "Gross", "Occu-\npancy %", "Binds")
    for team, rows in plan.by_team.groupby("team", sort=False):
        yield Table(
            str(team), heads, [Row(str(row["interval"]), _team_cells(row)) for _, row in rows.iterrows()]
        )


def _team_cells(row: "pd.Series[Any]") -> list[Cell]:
    short = float(row["difference"]) < 0
    return [
        Cell(_heads(row["required"])),
        Cell(_heads(row["scheduled"])),
        Cell(
            f"{float(row['difference']):+g}".replace("-", "−").replace("+0", "0"),
            tone="missed" if short else "",
        ),
        Cell(_heads(row["gross"])),
        _share(row, "occupancy"),
        Cell(_short(str(row["binding"]))),
    ]


def _heads(count: float) -> str:
    return f"{round(float(count), 2):g}"


def _short(binding: str) -> str:
    """Leave out what the reader of a narrow column knows."""
    return (
        binding.replace("service_level:queue=", "").replace(":interval=", " ").replace(" at least", "") or "-"
    )


def queue_tables(plan: Plan) -> Iterator[Table]:
    """Build a table a queue: what comes, what Erlang's formulas ask for, and the service."""
    heads = (
        "From",
        "Offered",
        "AHT\ns",
        "Load\nErlang",
        "Erlang\nC",
        "Erlang\nA",
        "Service\nlevel %",
        "Aban-\ndoned %",
    )
    for queue, rows in plan.by_queue.groupby("queue", sort=False):
        yield Table(
            str(queue), heads, [Row(str(row["interval"]), _queue_cells(row)) for _, row in rows.iterrows()]
        )


def _queue_cells(row: "pd.Series[Any]") -> list[Cell]:
    return [
        Cell(number(row["offered"], 1)),
        Cell(number(row["aht_s"], 0)),
        Cell(number(row["load_erlang"], 1)),
        Cell(number(row["erlang_c"], 0)),
        Cell(number(row["erlang_a"], 0)),
        _share(row, "service_level"),
        _share(row, "abandon_rate"),
    ]


def _share(row: "pd.Series[Any]", metric: str) -> Cell:
    value, low, high = (float(row[name]) for name in (metric, f"{metric}_low", f"{metric}_high"))
    half = max(high - value, value - low)
    return Cell(percent(value), "" if isnan(half) else f"±{percent(half)}")
