"""Pictures of how much teams are used."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.metrics.catalogue import lookup
from sim.metrics.columns import FloatArray, IntArray
from sim.metrics.formatting import fixed
from sim.metrics.waiting import spread
from sim.report.plots.axes import HOUR_S, clock_axis, even_step, heading, hours_of, title_of, unit_of
from sim.report.plots.source import (
    NothingToDrawError,
    Source,
    days_in,
    figures_of,
    in_order,
    names_of,
    pick,
    scenario_of,
    table_of,
)
from sim.report.plots.style import INK, SOFT_INK, Fill, canvas, folded, strip, styled

_FILL = "#c9d8e8"


@styled
def occupancy(source: Source, *, ax: Axes | None = None) -> Axes:
    """Draw the occupancy of each team over the whole run, in per cent, with 95 % intervals.

    It is the share of the agents' available time in which they have at least one task.
    """
    ax = _bars(source, "occupancy", 0, ax)
    ax.set_xlim(0, 100)
    ax.set_xlabel("Busy time (% of available time)")
    ax.set_title(heading("occupancy", unit_of("occupancy")))
    return ax


@styled
def concurrency(source: Source, *, ax: Axes | None = None) -> Axes:
    """Draw the observed concurrency of each team: how many tasks an agent has open while they have any.

    A bar across shows how many they may have, the sum over the media they work on.
    """
    ax = _bars(source, "concurrency", 2, ax)
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
    ax.set_title(f"{title_of('concurrency')} (tasks)")
    return ax


def _bars(source: Source, metric: str, decimals: int, ax: Axes | None) -> Axes:
    """Draw a bar a team with its interval, and write its value with so many decimals."""
    rows = pick(figures_of(source), metric, team=None).set_index("team")
    if rows.empty:
        raise NothingToDrawError(f"there is no {metric} of any team")
    teams = _teams(source, metric)
    value, low, high = rows.loc[teams, ["value", "low", "high"]].to_numpy().T * unit_of(metric).factor
    ax = canvas(ax, 1.3 + 0.42 * len(teams))
    at = np.arange(len(teams))
    ax.barh(at, value, 0.56, color=_FILL, edgecolor=INK, linewidth=0.6)
    for y, v, start, end in zip(at, value, low, high, strict=True):
        ax.plot([start, end], [y, y], color=INK, linewidth=1.0, marker="|", markersize=5)
        half = f" ±{fixed((end - start) / 2, decimals)}" if np.isfinite(end) else ""
        written = f"{fixed(v, decimals)}{half}{' %' if lookup(metric).is_share else ''}"
        ax.annotate(written, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=8.5)
    ax.set_yticks(at, [folded(team) for team in teams])
    ax.set_ylim(len(teams) - 0.5, -0.75)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    return ax


def _teams(source: Source, metric: str) -> list[str]:
    """Return the teams that have a metric, in the order of the scenario."""
    return in_order(list(pick(figures_of(source), metric, team=None)["team"]), names_of(source, "team"))


def _limits(source: Source, teams: list[str]) -> dict[int, float]:
    """Return by row how many tasks an agent of the team may have, over the media of the queues they serve."""
    scenario = scenario_of(source)
    if scenario is None:
        return {}
    return {
        at: float(sum(scenario.max_tasks_of(team, medium) for medium in media_of(source, team)))
        for at, team in enumerate(teams)
    }


def media_of(source: Source, team: str) -> list[str]:
    """Return the media of the queues that a team's skills admit it to."""
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


# The picture of what agents do through the day.

FEWEST_STEPS, MOST_STEPS = 48, 168
STATES = ("INTERRUPTED", "NOT_READY", "READY", "RESERVED", "ACTIVE", "BUSY", "PENDING_NOT_READY")
"""The states of an agent from the least to the most engaged: of several media the last one counts."""

_FILLS = {
    "BUSY": Fill("#2f5d8c", ""),
    "ACTIVE": Fill("#8fb0d1", ""),
    "RESERVED": Fill("#ffffff", "||||"),
    "READY": Fill("#eef2f6", ""),
    "NOT_READY": Fill("#ffffff", "\\\\\\\\"),
    "PENDING_NOT_READY": Fill("#e9b08f", "////"),
    "INTERRUPTED": Fill("#f4e2b8", "...."),
}
"""From the bottom of the stack to its top."""
_WORDS = {
    "BUSY": "BUSY (full)",
    "ACTIVE": "ACTIVE (has room)",
    "RESERVED": "RESERVED (rings)",
    "READY": "READY (free)",
    "NOT_READY": "NOT_READY (away)",
    "PENDING_NOT_READY": "PENDING (finishing)",
    "INTERRUPTED": "INTERRUPTED (other medium)",
}


@styled
def agent_states(
    source: Source, team: str = "", *, medium: str = "", step_s: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how many agents are in which state through the day, stacked; together they are those logged in.

    An agent counts once, with the most engaged of their states where they work on several media; `medium`
    takes the state on that one alone. `team` "" is all agents. Values are means over the kept days and over steps of
    `step_s` seconds, by default about 48 of a day and at most 168 of a longer run. PENDING is PENDING_NOT_READY: a
    break or the end of the shift is due, and what is open is finished. NOT_READY are breaks and the time after an
    offer that rang out. Needs the table of agents' states, or is given it.
    """
    states = table_of(source, "agent_states")
    step_s = step_s or _usual_step(float(states["ended_at"].max()))
    counts = agents_in_state(states, team, medium, step_s)
    at = np.array([hours_of(float(second), source) for second in counts.index])
    ax = canvas(ax, 3.9)
    clock_axis(ax, at[0], at[-1], source)
    floor = np.zeros(len(at))
    for state, fill in _FILLS.items():
        top = floor + counts[state].to_numpy()
        if counts[state].any():
            ax.fill_between(
                at, floor, top, step="post", label=_WORDS[state],
                facecolor=fill.colour, hatch=fill.hatch, edgecolor=INK, linewidth=0.4,
            )  # fmt: skip
        floor = top
    ax.set_ylim(0, floor.max() * 1.05)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("Agents (number)")
    ax.set_title(f"Agents by state, {team or 'all teams'}{f', {medium}' if medium else ''} (number)")
    strip(ax)
    return ax


def _usual_step(lasts_s: float) -> float:
    """Return a round step: so many of a day, and fewer a day of a longer run, whose picture is no wider."""
    return even_step(lasts_s, min(max(FEWEST_STEPS, lasts_s / HOUR_S), MOST_STEPS))


def agents_in_state(states: pd.DataFrame, team: str, medium: str, step_s: float) -> pd.DataFrame:
    """Return the mean number of agents in each state: a row a step, named by its beginning in seconds.

    The last row repeats the one before it and is the end of the last step.
    """
    chosen = (states["medium"] == medium) if medium else (states["medium"] != "")
    rows = states[chosen & (states["team"] == team)] if team else states[chosen]
    if rows.empty:
        raise NothingToDrawError(
            f"no agent of {team or 'any team'} is logged in{f' on {medium}' if medium else ''}"
        )
    last = float(rows[["started_at", "ended_at"]].max().max())
    edges = np.append(np.arange(0.0, last, step_s), last)
    starts, ends, state = _most_engaged(rows, last)
    seconds = spread(state, len(STATES), starts, ends, edges) / np.diff(edges) / days_in(states)
    frame = pd.DataFrame(seconds.T, index=edges[:-1], columns=list(STATES))
    frame.loc[last] = frame.iloc[-1]
    return frame


def _most_engaged(rows: pd.DataFrame, last: float) -> tuple[FloatArray, FloatArray, IntArray]:
    """Lay the media of each agent over each other: stretches with the most engaged of their states."""
    by = ["replication", "agent"] if "replication" in rows else ["agent"]
    agent = rows.groupby(by, observed=True).ngroup().to_numpy()
    starts = rows["started_at"].to_numpy(np.float64)
    ends = np.nan_to_num(rows["ended_at"].to_numpy(np.float64), nan=last)
    state = pd.Categorical(rows["state"], categories=list(STATES)).codes.astype(np.int64)
    key = agent * (last + 1.0)
    cuts = np.unique(np.concatenate([key + starts, key + ends]))
    best = np.full(len(cuts), -1, dtype=np.int64)
    for rank in np.unique(state):  # the more engaged overwrite the less engaged
        of_rank = state == rank
        depth = np.zeros(len(cuts) + 1, dtype=np.int64)
        np.add.at(depth, np.searchsorted(cuts, (key + starts)[of_rank]), 1)
        np.add.at(depth, np.searchsorted(cuts, (key + ends)[of_rank]), -1)
        best[np.cumsum(depth)[:-1] > 0] = rank
    there = np.flatnonzero(best[:-1] >= 0)
    offset = np.floor(cuts[there] / (last + 1.0)) * (last + 1.0)
    return cuts[there] - offset, np.minimum(cuts[there + 1] - offset, last), best[there]
