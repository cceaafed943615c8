"""The pictures of results: which there are, how each is drawn, and what it shows in words.

Pages draw those of a document's sections, notebooks its few own ones.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.experiments.figure_selectors import COLUMNS, place_of
from sim.experiments.result import Result
from sim.metrics import Figure
from sim.metrics.cells import clock_text
from sim.report import plots
from sim.report.calibration import laws_of
from sim.report.document import Document, Picture
from sim.report.plots.axes import HOUR_S, span_of
from sim.report.plots.comparison import height_of
from sim.report.plots.required import rows_of
from sim.report.plots.source import pick
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison
    from sim.experiments.sweep_result import Sweep
    from sim.logs.estimates import Calibration, QueueFit
    from sim.logs.prediction import Backtest
    from sim.staffing.calendar_plan import CalendarPlan
    from sim.staffing.plan import Plan

MOST = 8
"""So many queues and teams have pictures of their own, the busiest queues; the tables have all."""
DATES = 14
"""So many dates of a calendar's plans have a picture."""
FEW = 6
"""So many lines can be told from each other in one picture."""
HEIGHT = 2.4
"""Of a picture through the day, in inches."""
Words = Callable[[Axes], str]


def illustrated(document: Document, pictures: Mapping[str, Sequence[Picture]]) -> Document:
    """Return a document with pictures in its sections, which are chosen by their names."""
    sections = [replace(one, pictures=pictures.get(one.name, one.pictures)) for one in document.sections]
    return replace(document, sections=sections)


# A run.


def of_run(run: Result) -> dict[str, list[Picture]]:
    """Return the pictures of a run by the sections of its document."""
    return {
        "queues": _by_queue(run),
        "teams": _by_team(run),
        "intervals": _by_interval(run),
        "handed-on": _handed_on(run),
    }


def few_of_run(run: Result) -> list[Picture]:
    """Return how long people wait, and the service level through the day."""
    return [_waits(run), _of(run, "level", plots.service_level, 3.0, _extremes)]


def _of(
    run: Result, name: str, draw: Callable[..., Axes], height: float, words: Words, *told: Any
) -> Picture:
    return Picture(name, lambda ax: draw(run, *told, ax=ax), height, words)


def _waits(run: Result) -> Picture:
    rows = len(pick(run.figures, "wait_p90", queue=None, kind=None))
    return _of(run, "waits", plots.waits, 1.2 + 0.62 * rows, _see("Queues"))


def _by_queue(run: Result) -> list[Picture]:
    """Return the waits, then each queue's service level through the day, all on one scale."""
    lines = _queues(run, "offered", FEW)
    height = 1.6 + 0.3 * max(4, len(lines))
    which = lines if len(lines) != 1 else lines[0]
    within = _of(run, "within", plots.answered_within, height, _see("Queues"), which)
    return [_waits(run), within, *_levels(run)]


def _levels(run: Result) -> list[Picture]:
    queues = _queues(run, "service_level")
    rows = pick(run.figures, "service_level", queue=None, interval=None)
    span = span_of(rows[rows["queue"].isin(queues)])

    def draw(queue: str) -> Callable[[Axes], Axes]:
        return lambda ax: plots.service_level(run, queue, span=span, ax=ax)

    return [Picture(f"level-{number}", draw(queue), HEIGHT, _extremes) for number, queue in enumerate(queues)]


def _by_team(run: Result) -> list[Picture]:
    """Return how teams are used, and what agents do through the day."""
    teams = [name for name, team in run.scenario.teams.items() if team.role == "agent"]
    height = 1.1 + 0.36 * len(teams)
    states = [
        _of(run, f"states-{number}", plots.agent_states, 3.4, _see("Teams"), team)
        for number, team in enumerate(["", *teams[:MOST]] if len(teams) > 1 else teams)
    ]
    used = (("occupancy", plots.occupancy), ("concurrency", plots.concurrency))
    return [*(_of(run, name, draw, height, _see("Teams")) for name, draw in used), *states]


def _by_interval(run: Result) -> list[Picture]:
    """Return the day: what came and what became of it, who waits, and who finds nobody."""
    queues = _queues(run, "offered")
    volumes = [
        _of(run, f"volumes-{number}", plots.volumes, 2.7, _see("By interval"), queue)
        for number, queue in enumerate(["", *queues] if len(queues) > 1 else queues)
    ]
    waiting = _of(run, "waiting", plots.queue_lengths, HEIGHT, _extremes, "")
    nobody = _of(run, "nobody", plots.no_agent_rate, HEIGHT, _extremes, "")
    return [waiting, nobody, *volumes]


def _handed_on(run: Result) -> list[Picture]:
    """Return who hands conversations on to whom and, where events were kept, one conversation."""
    height, words = 1.2 + 0.5 * len(run.scenario.queues), _see("Requests that agents placed")
    placed = [
        pick(run.figures, "placed", kind=kind)["value"].sum() for kind in ("transfer", "named_transfer")
    ]
    asked = pick(run.figures, "placed", kind="conference")["value"].sum()
    wanted = [_of(run, "transfers", plots.transfer_flow, height, words)] if sum(placed) else []
    if asked:
        wanted.append(_of(run, "conferences", plots.transfer_flow, height, words, ("conference",)))
    if wanted and "events" in run.tables:
        wanted.append(_of(run, "conversation", plots.conversation, 3.8, _time_line))
    return wanted


def _queues(run: Result, metric: str, most: int = MOST) -> list[str]:
    """Return the busiest queues that have a metric by interval, in the order of the scenario."""
    rows = pick(run.figures, metric, queue=None, interval=None)
    there = [name for name in run.scenario.queues if (rows["queue"] == name).any()]
    offered = pick(run.figures, "offered", queue=None).set_index("queue")["value"]
    busiest = sorted(there, key=lambda queue: -float(offered.get(queue, 0.0)))[:most]
    return [queue for queue in there if queue in busiest]


# A scenario.


def of_scenario(scenario: Scenario, height: float = HEIGHT) -> list[Picture]:
    """Return what comes and who is there."""
    return [
        Picture("demand", lambda ax: plots.demand(scenario, ax=ax), height, _see("Arrivals")),
        Picture("staffing", lambda ax: plots.staffing(scenario, ax=ax), height, _see("Teams")),
    ]


# A plan.


def of_plan(plan: "Plan") -> list[Picture]:
    """Return who is required and scheduled, over all and by team."""
    teams = list(plan.heads)
    shown = ["", *teams[:MOST]] if len(teams) > 1 else teams
    return [_requirement(plan, team, f"required-{number}", 2.9) for number, team in enumerate(shown)]


def few_of_plan(plan: "Plan", height: float) -> list[Picture]:
    """Return who is required and scheduled over all."""
    return [_requirement(plan, "", "required", height)]


def of_dates(found: "CalendarPlan", most: int = DATES) -> list[Picture]:
    """Return who is required and scheduled over all, a picture a date, all on one scale."""
    plans, teams = found.plans[:most], list(found.plans[0].heads)
    team = teams[0] if len(teams) == 1 else ""
    return [_requirement(plan, team, f"required-{number}", 2.9, plans) for number, plan in enumerate(plans)]


def _requirement(plan: "Plan", team: str, name: str, height: float, beside: "Sequence[Plan]" = ()) -> Picture:
    required, scheduled, _ = rows_of(plan, team)
    over, under = (scheduled - required).clip(0).sum(), (required - scheduled).clip(0).sum()
    words = (
        f"Most scheduled at once {scheduled.max():g}; {over:g} agent intervals more than required, {under:g} fewer. "
        "The numbers are in the tables by team."
    )
    return Picture(
        name, lambda ax: plots.requirement(plan, team, beside=beside, ax=ax), height, lambda _: words
    )


# A comparison and a check: differences, a picture a unit.


def of_differences(rows: pd.DataFrame, key: str, words: Callable[[pd.DataFrame], str]) -> list[Picture]:
    """Return the pictures of differences, one a unit; rows without a difference are in none of them."""
    there = rows[rows["difference"].notna()]
    parts = [there[there["unit"] == unit] for unit in dict.fromkeys(there["unit"])]
    return [_differences(part, f"{key}-{number}", words(part)) for number, part in enumerate(parts)]


def _differences(part: pd.DataFrame, name: str, said: str) -> Picture:
    metrics = list(part["metric"])
    return Picture(name, lambda ax: plots.differences(part, metrics, ax=ax), height_of(part), lambda _: said)


def few_of_comparison(comparison: "Comparison") -> list[Picture]:
    """Return the differences of all candidates."""
    return of_differences(comparison.table, "differences", lambda _: "The numbers are in the tables.")


# A sweep: each figure over the first key, a line a value of the second.

FIGURES = 8
"""So many figures of a sweep are drawn; the tables have all."""


def of_sweep(sweep: "Sweep", most: int = FIGURES) -> list[Picture]:
    """Return how figures change with what was varied; none of three keys and more."""
    if len(sweep.keys) > 2:
        return []
    quoted = sweep.figures.drop_duplicates(["metric", *COLUMNS])
    rows = (Figure(*row) for row in quoted[list(Figure._fields)].itertuples(index=False))
    return [_curve(sweep, figure, f"sweep-{number}") for number, figure in enumerate(rows)][:most]


def _curve(sweep: "Sweep", figure: Figure, name: str) -> Picture:
    place = {column: getattr(figure, column) for column in ("queue", "team", "channel", "kind")}
    others = ["variant", "label", "day", "interval"]
    same = (sweep.figures[others] == [getattr(figure, column) for column in others]).all(axis=1)
    rows = sweep.figures[same].assign(**dict.fromkeys(others, ""))
    target = _target(sweep.scenario, figure)

    def draw(ax: Axes) -> Axes:
        return plots.sweep_curve(rows, figure.metric, **place, target=target, ax=ax)

    return Picture(
        name, draw, 2.6, lambda _: f"Over {sweep.keys[0]}. The numbers are in the table of the points."
    )


def _target(scenario: Scenario, figure: Figure) -> float | None:
    """Return the bound of the scenario's target for a figure, where there is one."""
    for target in scenario.targets:
        place = {column: getattr(figure, column) for column in COLUMNS if getattr(figure, column)}
        if target.metric == figure.metric and target.each is None and place_of(target) == place:
            return target.at_least if target.at_least is not None else target.at_most
    return None


# A log: what was fitted from it, and what a model makes of its days.


def of_calibration(found: "Calibration") -> dict[str, list[Picture]]:
    """Return the pictures of what was fitted, of the busiest queues, by the sections of the document."""
    queues = list(found.queues[:MOST])  # the busiest come first
    fits = laws_of(found)
    shown = {queue.name for queue in queues}
    kept = {
        what: fit
        for what, fit in fits.items()
        if what.partition(": ")[0] in shown or not what.endswith("handle time")
    }

    def of_queue(draw: Callable[..., Axes], queue: "QueueFit") -> Callable[[Axes], Axes]:
        return (
            (lambda ax: draw(found, queue, ax=ax))
            if draw is not plots.patience
            else lambda ax: draw(queue, ax=ax)
        )

    def of_law(what: str) -> Callable[[Axes], Axes]:
        return lambda ax: plots.durations(kept[what], what, ax=ax)

    arrivals = [
        Picture(f"{name}-{number}", of_queue(draw, queue), 3.0, _see(table))
        for name, draw, table in (
            ("arrivals", plots.arrivals, "Queues"),
            ("spread", plots.spread_of_counts, "Busyness"),
        )
        for number, queue in enumerate(queues)
    ]
    durations = [
        Picture(f"law-{number}", of_law(what), 3.0, _see("Laws that were tried"))
        for number, what in enumerate(kept)
    ]
    patience = [
        Picture(f"patience-{number}", of_queue(plots.patience, queue), 3.0, _see("Patience"))
        for number, queue in enumerate(queues)
    ]
    heads = [Picture("heads", lambda ax: plots.heads(found, ax=ax), HEIGHT, _see("Teams"))]
    return {"arrivals": arrivals, "durations": durations, "patience": patience, "heads": heads}


def few_of_calibration(found: "Calibration") -> list[Picture]:
    """Return how the busiest queue was fitted: who comes, how long it takes, and how long they wait."""
    pictures = of_calibration(found)
    return [pictures[name][0] for name in ("arrivals", "durations", "patience") if pictures[name]]


def of_backtest(found: "Backtest") -> dict[str, list[Picture]]:
    """Return each queue's observed lines over the predicted bands, and where in the bands they lie."""
    busiest = np.argsort(-found.observed[..., 0].sum(axis=(0, 2)), kind="stable")[:MOST]
    queues = ["", *(found.queues[at] for at in busiest)] if len(found.queues) > 1 else list(found.queues)

    def of(queue: str, metric: str) -> Callable[[Axes], Axes]:
        return lambda ax: plots.validation(found, queue, metric, ax=ax)

    metrics = ("service_level",) if found.changed else ("offered", "service_level")
    bands = [
        Picture(f"{metric}-{number}", of(queue, metric), 2.8, _see("By queue"))
        for metric in metrics
        for number, queue in enumerate(queues)
    ]
    places = [_ranks(found, metric) for metric in found.coverage]
    return {"validation": bands, "ranks": [] if found.changed else places}


def _ranks(found: "Backtest", metric: str) -> Picture:
    shares = ", ".join(f"{100 * share:.0f}" for share in found.ranks(metric))
    words = f"From the lowest tenth of the predicted values to the highest: {shares} % of the intervals."
    return Picture(f"ranks-{metric}", lambda ax: plots.ranks(found, metric, ax=ax), HEIGHT, lambda _: words)


def few_of_backtest(found: "Backtest") -> list[Picture]:
    """Return the validation charts over all queues, or of the only one, and the places in the bands."""
    pictures = of_backtest(found)
    several = len(found.queues) > 1
    return [
        *(one for one in pictures["validation"] if one.name.endswith("-0") or not several),
        *pictures["ranks"],
    ]


# What pictures show in words.


def _see(table: str) -> Words:
    return lambda _: f"The numbers are in the table “{table}”."


def _time_line(ax: Axes) -> str:
    people = ", ".join(label.get_text() for label in ax.get_yticklabels())
    return f"Time line of {people}."


def _extremes(ax: Axes) -> str:
    """Describe where the first line is lowest and highest."""
    line = next(line for line in ax.get_lines() if not str(line.get_label()).startswith("_"))
    at, values = (np.asarray(data, dtype=np.float64) for data in line.get_data())
    unit = ax.get_ylabel().rpartition("(")[2].rstrip(")")
    places = (
        f"{words} {values[place]:.3g} {unit} around {clock_text(round(at[place] * HOUR_S))}"
        for words, place in (("lowest", np.nanargmin(values)), ("highest", np.nanargmax(values)))
    )
    return f"{', '.join(places)}.".capitalize()
