"""Pictures of how much teams are used."""

import numpy as np
from matplotlib.axes import Axes

from sim.report.plots.labels import folded
from sim.report.plots.source import (
    NothingToDrawError,
    Source,
    figures_of,
    in_order,
    names_of,
    pick,
    scenario_of,
)
from sim.report.plots.style import INK, SOFT_INK, canvas, styled

_FILL = "#c9d8e8"


@styled
def occupancy(source: Source, *, ax: Axes | None = None) -> Axes:
    """Draw the occupancy of each team over the whole run, in per cent, with 95 % intervals.

    It is the share of the agents' available time in which they have at least one task.
    """
    ax = _bars(source, "occupancy", 100.0, "{:.0f} %", ax)
    ax.set_xlim(0, 100)
    ax.set_xlabel("Busy time (% of available time)")
    ax.set_title("Occupancy")
    return ax


@styled
def concurrency(source: Source, *, ax: Axes | None = None) -> Axes:
    """Draw the observed concurrency of each team: how many tasks an agent has open while he has any.

    A bar across shows how many he may have, the sum over the media he works on.
    """
    ax = _bars(source, "concurrency", 1.0, "{:.2f}", ax)
    limits = _limits(source, _teams(source, "concurrency"))
    for at, limit in limits.items():
        ax.plot([limit, limit], [at - 0.36, at + 0.36], color=SOFT_INK, linewidth=2.2)
        if at == min(limits):
            ax.annotate(
                "most one may have", (limit, at - 0.36), (0, 2), textcoords="offset points", ha="right",
                va="bottom", fontsize=8, color=SOFT_INK,
            )  # fmt: skip
    ax.set_xlim(0, max([ax.get_xlim()[1], *limits.values()]) * 1.02)
    ax.set_xlabel("Open tasks of an agent who has any (number)")
    ax.set_title("Observed concurrency")
    return ax


def _bars(source: Source, metric: str, factor: float, text: str, ax: Axes | None) -> Axes:
    """Draw a bar a team with its interval, and write its value."""
    rows = pick(figures_of(source), metric, team=None).set_index("team")
    if rows.empty:
        raise NothingToDrawError(f"there is no {metric} of any team")
    teams = _teams(source, metric)
    value, low, high = rows.loc[teams, ["value", "low", "high"]].to_numpy().T * factor
    ax = canvas(ax, 1.3 + 0.42 * len(teams))
    at = np.arange(len(teams))
    ax.barh(at, value, 0.56, color=_FILL, edgecolor=INK, linewidth=0.6)
    for y, v, start, end in zip(at, value, low, high, strict=True):
        ax.plot([start, end], [y, y], color=INK, linewidth=1.0, marker="|", markersize=5)
        half = f" ±{text.removesuffix(' %').format((end - start) / 2)}" if np.isfinite(end) else ""
        written = f"{text.removesuffix(' %').format(v)}{half}{' %' if text.endswith('%') else ''}"
        ax.annotate(written, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=8.5)
    ax.set_yticks(at, [folded(team) for team in teams])
    ax.set_ylim(len(teams) - 0.5, -0.75)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    return ax


def _teams(source: Source, metric: str) -> list[str]:
    """Give the teams that have a metric, in the order of the scenario."""
    return in_order(list(pick(figures_of(source), metric, team=None)["team"]), names_of(source, "team"))


def _limits(source: Source, teams: list[str]) -> dict[int, float]:
    """Give by row how many tasks an agent of the team may have, over the media of the queues he serves."""
    scenario = scenario_of(source)
    if scenario is None:
        return {}
    return {
        at: float(sum(scenario.max_tasks_of(team, medium) for medium in media_of(source, team)))
        for at, team in enumerate(teams)
    }


def media_of(source: Source, team: str) -> list[str]:
    """Give the media of the queues that a team's skills admit it to."""
    scenario = scenario_of(source)
    if scenario is None:
        return []
    skills = scenario.teams[team].skills
    served = (
        queue.medium
        for name, queue in scenario.queues.items()
        if any(step.needs.holds(skills) for step in scenario.steps_of(name))
    )
    return list(dict.fromkeys(served))
