"""The picture that planners know: who is required, who is scheduled, and how much work there is."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.metrics.columns import FloatArray
from sim.report.plots.axes import HOUR_S, clock_axis
from sim.report.plots.style import INK, LOOKS, Fill, canvas, strip, styled
from sim.scenario import Scenario
from sim.staffing.dates import day_of, edges_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.staffing.plan import Plan

SCHEDULED = Fill("#c9d8e8", "")
OVER = Fill("#e6efe0", "....")
UNDER = Fill("#e9b08f", "////")


class _Of(NamedTuple):
    """A scenario, as the axis of time wants it."""

    scenario: Scenario


@styled
def requirement(
    plan: "Plan", team: str = "", *, beside: "Sequence[Plan]" = (), ax: Axes | None = None
) -> Axes:
    """Draw through the day who is required (steps), who is scheduled (area), and how many are busy (line).

    Where more are scheduled than required, and where fewer are, is hatched. `team` "" is all planned teams together.
    Busy are the scheduled agents times their occupancy on the fresh days. The scale is one that the plans `beside`
    have too.
    """
    required, scheduled, busy = rows_of(plan, team)
    hours = _hours(plan)
    ends = [(span[0], span[-1]) for span in (hours, *map(_hours, beside))]
    ax = canvas(ax)
    clock_axis(ax, min(one for one, _ in ends), max(one for _, one in ends), _Of(day_of(plan.base)))
    least, most = np.minimum(required, scheduled), np.maximum(required, scheduled)
    area: dict[str, Any] = {"linewidth": 0.0, "fill": True}
    ax.stairs(least, hours, baseline=0, facecolor=SCHEDULED.colour, label="scheduled", **area)
    for fill, there, label in (
        (OVER, scheduled > required, "more than required"),
        (UNDER, scheduled < required, "fewer than required"),
    ):
        if there.any():
            top = np.where(there, most, least)
            ax.stairs(
                top,
                hours,
                baseline=least,
                facecolor=fill.colour,
                hatch=fill.hatch,
                edgecolor=INK,
                label=label,
                **area,
            )
    ax.stairs(required, hours, baseline=None, color=INK, linewidth=1.6, label="required")
    if not np.isnan(busy).all():
        middle = (hours[:-1] + hours[1:]) / 2
        ax.plot(middle, busy, color=LOOKS[1].colour, linestyle=LOOKS[1].dash, linewidth=1.6, label="busy")
    ax.set_ylim(0, (max(_highest(one, team) for one in (plan, *beside)) or 1.0) * 1.08)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("Agents (number)")
    title = f"Required and scheduled, {team or 'all teams'} (number)"
    ax.set_title(f"{plan.date}: {title[0].lower()}{title[1:]}" if plan.date else title)
    strip(ax)
    return ax


def _hours(plan: "Plan") -> FloatArray:
    """Return where the intervals of a plan begin and end, in hours since midnight."""
    day = day_of(plan.base)
    return (edges_of(day) + day.opens_at) / HOUR_S


def _highest(plan: "Plan", team: str) -> float:
    return float(np.nanmax(np.concatenate(rows_of(plan, team))))


def rows_of(plan: "Plan", team: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return required, scheduled and busy agents by interval, of a team or of all of them."""
    rows = plan.by_team if not team else plan.by_team[plan.by_team["team"] == team]
    busy = rows["scheduled"] * rows["occupancy"].fillna(0.0)
    whole = rows.assign(busy=busy).groupby("interval", sort=False)[["required", "scheduled", "busy"]].sum()
    if not plan.check:
        whole["busy"] = np.nan
    return _column(whole, "required"), _column(whole, "scheduled"), _column(whole, "busy")


def _column(rows: "pd.DataFrame", name: str) -> FloatArray:
    return np.asarray(rows[name], dtype=np.float64)
