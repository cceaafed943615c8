"""The interval tables of a plan, as planners read them, and which goal binds where."""

from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import SimError
from sim.experiments.erlang.sheet import ErlangSheet
from sim.metrics import Figures
from sim.metrics.columns import FloatArray
from sim.scenario import Scenario
from sim.staffing.choices import Choices
from sim.staffing.dates import interval_names
from sim.staffing.goals import Goals
from sim.staffing.improve import LocalModel
from sim.staffing.judging import wanted
from sim.staffing.plan import Price
from sim.staffing.start import needed

if TYPE_CHECKING:
    import pandas as pd

POINTS = {"share": (0.01, "1 %"), "s": (1.0, "1 s")}
"""By unit, what a point is, and how it is written."""


def by_team(
    choices: Choices, heads: FloatArray, model: LocalModel, goals: Goals, figures: Figures
) -> "pd.DataFrame":
    """Return a row an interval and team: required, scheduled, difference, gross, occupancy, and what binds.

    `required` are the least agents that by the slopes keep the goals where no shift has to be whole. Required and
    scheduled agents are those who are present, `gross` those who are paid, with the shrinkage.
    """
    import pandas as pd

    names = figures_intervals(choices.scenario)
    present = choices.present[:, np.newaxis]
    paid = [
        present[k, 0] / (1.0 - choices.scenario.teams[name].shrinkage) for k, name in enumerate(choices.teams)
    ]
    required, scheduled = _required(choices, model) * present, heads * present
    rows = []
    for t, name in enumerate(names):
        for k, team in enumerate(choices.teams):
            occupancy = _figure(figures, "occupancy", team=team, interval=name)
            rows.append({
                "interval": name, "team": team, "required": required[k, t], "scheduled": scheduled[k, t],
                "difference": scheduled[k, t] - required[k, t], "gross": heads[k, t] * paid[k],
                **dict(zip(("occupancy", "occupancy_low", "occupancy_high"), occupancy, strict=True)),
                "binding": _binding(goals, model, k, t),
            })  # fmt: skip
    return pd.DataFrame(rows)


def by_queue(choices: Choices, figures: Figures) -> "pd.DataFrame":
    """Return a row an interval and queue: what comes, what Erlang's formulas ask for, and the service."""
    import pandas as pd

    scenario, names = choices.scenario, figures_intervals(choices.scenario)
    sheet = ErlangSheet(scenario)
    erlang = {model: needed(choices, model) for model in ("C", "A")}
    rows = []
    for t, name in enumerate(names):
        for q, queue in enumerate(scenario.queues):
            planned = sheet.intervals(queue)[t]
            length = float(choices.edges[t + 1] - choices.edges[t])
            load = planned.volume / length * planned.handle if planned.volume else 0.0
            rows.append({
                "interval": name, "queue": queue, "offered": planned.volume, "aht_s": planned.handle,
                "load_erlang": load, "erlang_c": erlang["C"][q, t], "erlang_a": erlang["A"][q, t],
                **_with_limits("service_level", figures, queue=queue, interval=name),
                **_with_limits("abandon_rate", figures, queue=queue, interval=name),
            })  # fmt: skip
    return pd.DataFrame(rows)


def figures_intervals(scenario: Scenario) -> tuple[str, ...]:
    """Return the intervals that begin before the end, by the clock."""
    return interval_names(scenario)


def _with_limits(metric: str, figures: Figures, **place: str) -> dict[str, float]:
    return dict(
        zip((metric, f"{metric}_low", f"{metric}_high"), _figure(figures, metric, **place), strict=True)
    )


def _figure(figures: Figures, metric: str, **place: str) -> tuple[float, float, float]:
    if not figures.replications:
        return nan, nan, nan
    try:
        found = figures.value(
            metric, queue=place.get("queue", ""), team=place.get("team", ""), interval=place["interval"]
        )
    except SimError:
        return nan, nan, nan
    return found.value, found.low, found.high


def _required(choices: Choices, model: LocalModel) -> FloatArray:
    """Return the cheapest head-counts near the plan that by the model keep every row, whatever the shifts."""
    if not choices.are_shifts:
        return model.heads
    free = Choices.of(choices.scenario, heads=True).only(choices.teams)
    room = np.maximum(model.room, 0.0)
    found = LocalModel(free, np.rint(model.heads), room, model.slopes).cheapest(2)
    return model.heads if found is None else free.heads(np.asarray(found, dtype=np.int64))


def _binding(goals: Goals, model: LocalModel, team: int, interval: int) -> str:
    """Return the goal that by the model would be missed with one agent fewer; empty where none would be."""
    if model.heads[team, interval] <= 0:
        return ""
    left = model.room - model.slopes.loss[team, interval]
    worst = int(np.argmin(left))
    if left[worst] >= 0 or not model.slopes.loss[team, interval, worst] > 0:
        return ""
    claim = goals.rows[worst].claim
    return f"{claim.measured.text} {wanted(claim)}"


def prices(goals: Goals, model: LocalModel, bottoms: FloatArray) -> tuple[Price, ...]:
    """Return for each goal what one point more costs, by the local model with parts of agents; NaN where none is near.

    `bottoms` are the mean denominators of the rows.
    """
    usual = model.least_cost(2)
    found = []
    for number in dict.fromkeys(claim.number for claim in goals.claims):
        rows = [at for at, row in enumerate(goals.rows) if row.claim.number == number]
        unit = goals.rows[rows[0]].claim.measured.definition.unit
        step, words = POINTS.get(unit, (1.0, "1"))
        room = model.room.copy()
        for at in rows:
            row = goals.rows[at]
            room[at] -= step * (bottoms[at] if row.is_ratio else 1.0) / row.scale
        claim = goals.rows[rows[0]].claim
        place = " ".join(
            name for column, name in claim.measured.place if column != "interval" or len(rows) == 1
        )
        each = " in each interval" if claim.is_part and len(rows) > 1 else ""
        title = f"{claim.measured.metric} {place} {wanted(claim)}{each}".replace("  ", " ")
        found.append(Price(number, title, words, replace(model, room=room).least_cost(2, rows) - usual))
    return tuple(found)
