"""Pictures of a backtest: what happened over the band in which the model expects it, and how its ranks are spread."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator

from sim.logs.prediction import Backtest
from sim.metrics import lookup
from sim.report.plots.axes import HOUR_S, Unit, axis_of, clock_axis, heading, hours, unit_of
from sim.report.plots.source import NothingToDrawError
from sim.report.plots.style import GRID, INK, LOOKS, SOFT_INK, canvas, strip, styled

BAND = "#c9d8e8"
MOST_DAYS = 5
"""So many days are drawn one after the other; of more the mean day."""


@styled
def validation(
    found: Backtest,
    queue: str = "",
    metric: str = "offered",
    *,
    day: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what happened, a line, over the simulated 95 % prediction band, interval by interval.

    Offered contacts are predicted with as many as are modelled, all else with the contacts that came. Up to five days
    stand one after the other; of more it is the mean day. `day` takes one of them. `queue` "" is all together. Of a
    what-if the band is that of the days with the change.

    Raises NothingToDrawError where the queue has no such figure.
    """
    demand = "modelled" if metric == "offered" else "actual"
    rows = found.rows
    rows = rows[(rows["queue"] == queue) & (rows["metric"] == metric) & (rows["demand"] == demand)]
    rows = rows[rows["interval"] != ""]
    shown = (day,) if day is not None else found.days if len(found.days) <= MOST_DAYS else ("",)
    rows = rows[rows["day"].isin(shown)]
    if rows.empty:
        raise NothingToDrawError(f"there is no {metric} of this queue by interval")
    ax = canvas(ax)
    unit = unit_of(metric, float(rows[["observed", "high"]].max().max()))
    for number, one in enumerate(shown):
        _day(ax, found, rows[rows["day"] == one], unit, number)
    _time(ax, found, shown)
    ax.set_ylim(bottom=0)
    if unit.name == "%":
        ax.set_ylim(0, 101)
    missed = int((rows["verdict"] != "explained").sum())
    told = "with the change" if found.changed else f"{missed} of {len(rows)} outside"
    ax.set_ylabel(f"{axis_of(metric)} ({unit.name})")
    place = f", {queue}" if queue else ", all queues"
    ax.set_title(heading(metric, unit, f"{place}: {told}"))
    strip(ax, below=44.0 if len(shown) > 1 else 30.0)
    return ax


def _day(ax: Axes, found: Backtest, rows: pd.DataFrame, unit: Unit, number: int) -> None:
    """Draw a day behind `number` others: band, middle, what happened, and a mark where it lies outside the band."""
    offset = number * found.hours.lasts / HOUR_S
    start = np.array([hours(one) for one in rows["interval"]]) + offset
    width = found.hours.every / HOUR_S
    middle = start + width / 2
    columns = ("low", "high", "simulated", "observed")
    low, high, simulated, observed = (rows[name].to_numpy(np.float64) * unit.factor for name in columns)
    first = number == 0
    edges = np.column_stack((start, start + width)).ravel()
    ax.fill_between(
        edges, np.repeat(low, 2), np.repeat(high, 2), color=BAND, linewidth=0,
        label="95 % prediction band" if first else None,
    )  # fmt: skip
    ax.plot(
        middle, simulated, color=LOOKS[0].colour, linewidth=0.9, linestyle=(0, (4, 2)),
        label=("mean with the change" if found.changed else "simulated mean") if first else None,
    )  # fmt: skip
    ax.plot(middle, observed, color=INK, linewidth=1.2, label="observed" if first else None)
    if found.changed:
        return  # what was observed is another day than the one that is asked about
    outside = (rows["verdict"] != "explained").to_numpy()
    ax.plot(
        middle[outside], observed[outside], "o", color=LOOKS[1].colour, markersize=4,
        label="observed outside" if first else None,
    )  # fmt: skip


def _time(ax: Axes, found: Backtest, shown: Sequence[str]) -> None:
    """Run the x axis over one day by the clock, or over several by their names."""
    opens, lasts = found.hours.opens / HOUR_S, found.hours.lasts / HOUR_S
    if len(shown) == 1:
        clock_axis(ax, opens, opens + lasts, pd.DataFrame())
        if shown == ("",):
            ax.set_xlabel(f"{ax.get_xlabel()}, mean of {len(found.days)} days")
        return
    ax.set_xlim(opens, opens + lasts * len(shown))
    for number in range(1, len(shown)):
        ax.axvline(opens + number * lasts, color=GRID, linewidth=1.0)
    ax.xaxis.set_major_locator(FixedLocator([opens + (number + 0.5) * lasts for number in range(len(shown))]))
    days = [pd.Timestamp(one) for one in shown]
    ax.set_xticklabels([f"{one:%a} {one.day}" for one in days])
    ax.set_xlabel(f"Day ({days[0]:%B %Y})")
    ax.tick_params(axis="x", length=0)


@styled
def ranks(found: Backtest, metric: str = "offered", *, ax: Axes | None = None) -> Axes:
    """Draw where observed values lie among the simulated ones: of a right model each bar has a tenth.

    High ends say that the bands are too narrow, a high middle that they are too wide, a slope that the model is biased.
    """
    shares = 100 * found.ranks(metric)
    if not shares.any():
        raise NothingToDrawError(f"there is no {metric} by interval")
    ax = canvas(ax)
    edges = np.linspace(0.0, 1.0, len(shares) + 1)
    ax.stairs(shares, edges, fill=True, facecolor=BAND, edgecolor=INK, linewidth=0.5)
    even = 100.0 / len(shares)
    ax.axhline(even, color=SOFT_INK, linewidth=1.1, linestyle=(0, (2, 2)), label="of a right model")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, max(2.2 * even, 1.1 * float(shares.max())))
    ax.set_xlabel("Place among the simulated values (0 lowest, 1 highest)")
    ax.set_ylabel("Intervals (%)")
    ax.set_title(f"{lookup(metric).title}: places of what was observed (%)")
    strip(ax, below=44.0)
    return ax
