"""The time of agents and what it costs."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.cells import Axes
from sim.metrics.columns import (
    BoolArray,
    FloatArray,
    Groups,
    IntArray,
    Part,
    Readings,
    Sum,
    codes,
    is_one_of,
    numbers,
)
from sim.metrics.metric import Breakdown, Dimension
from sim.metrics.waiting import Since, Steps
from sim.records.table import Columns

if TYPE_CHECKING:
    import pandas as pd

    from sim.records import Ending
    from sim.scenario import Scenario


HOUR_S, MINUTE_S = 3600.0, 60.0


class Agents:
    """Agents' seconds from the end of the warm-up to the end of the day's work, by team and interval.

    Where log-ins were added after the run's own days, the time from the first of them on is counted apart.

    Supervisors' time counts in the figures of their own team; over all teams only in cost and overtime.
    """

    def __init__(
        self,
        states: "pd.DataFrame",
        tasks: "pd.DataFrame",
        scenario: "Scenario",
        axes: Axes,
        ending: "Ending",
    ) -> None:
        self.axes = axes
        self.window = (scenario.warm_up, max(ending.work_ended_s, scenario.warm_up))
        self.after = (min(ending.first_added_s, ending.horizon_s), ending.horizon_s)
        # The intervals, cut where a day begins, and the end of what is measured.
        self._edges = np.array([*axes.edges, max(axes.starts[-1], self.window[1])])
        self._count_presence(states[is_one_of(states, "medium", "")])
        self._count_work(tasks[~np.isnan(numbers(tasks, "task_answered_time"))])
        prices = [
            (team.cost_per_hour, team.cost_per_answer, team.cost_per_talk_minute)
            for team in scenario.teams.values()
        ]
        hourly, each, per_minute = np.array(prices, dtype=np.float64).T[:, :, np.newaxis]
        self.cost: FloatArray = self.logged_in * hourly / HOUR_S
        self.cost_after: FloatArray = self.logged_in_after * hourly / HOUR_S
        if each.any() or per_minute.any():
            own, after = self._count_answers(tasks, ending)
            self.cost += own[0] * each + own[1] * per_minute / MINUTE_S
            self.cost_after += after[0] * each + after[1] * per_minute / MINUTE_S
        self.paid: FloatArray = self.logged_in * ((hourly > 0) | (each > 0) | (per_minute > 0))
        supervises = np.array([team.role == "supervisor" for team in scenario.teams.values()], dtype=np.bool_)
        self._group_grid(supervises)
        self._count_states(states[~is_one_of(states, "medium", "")], supervises)

    def over_agents(self, grid: FloatArray) -> Sum:
        """Sum seconds by team and interval, supervisors only in their own team's figures."""
        return self._agents_only.sum(grid.ravel())

    def over_everybody(self, grid: FloatArray) -> Sum:
        """Sum seconds or costs by team and interval, supervisors included."""
        return self._everybody.sum(grid.ravel())

    def while_open(self, grid: FloatArray) -> FloatArray:
        """Return the same seconds without those before the opening of a date and those after arrivals stop."""
        opens_s, closes_s = self.axes.open_hours or (0.0, self.axes.starts[-1])
        edges = self._edges[:-1]
        return np.where((edges >= opens_s) & (edges < closes_s), grid, 0.0)

    def _count_presence(self, presence: "pd.DataFrame") -> None:
        available = is_one_of(presence, "state", "READY", "PENDING_NOT_READY")
        overtime = is_one_of(presence, "state", "PENDING_NOT_READY") & is_one_of(
            presence, "reason", "overtime"
        )
        team = codes(presence, "team", self.axes.team)
        starts, ends = self._cut(presence, "started_at", "ended_at")
        spans = self._since(starts), self._since(ends)
        self.logged_in = self._grid(team, *spans)
        self.available = self._grid(np.where(available, team, len(self.axes.team)), *spans)
        self.overtime = self._grid(np.where(overtime, team, len(self.axes.team)), *spans)
        after = self._cut(presence, "started_at", "ended_at", self.after)
        self.logged_in_after = np.zeros_like(self.logged_in)
        # What is added comes after the last interval's beginning.
        self.logged_in_after[:, -1] = np.bincount(
            team, weights=after[1] - after[0], minlength=len(self.axes.team)
        )

    def _count_work(self, tasks: "pd.DataFrame") -> None:
        team = codes(tasks, "team", self.axes.team)
        starts, ends = self._cut(tasks, "task_answered_time", "task_end_time")
        # Who is in several teams is busy in one of them at a time.
        agent, agents = coded(tasks, "agent_id")
        teams = len(self.axes.team)
        seat, seats = numbered(agent * teams + team, agents * teams)
        team_of = np.zeros(len(tasks), dtype=np.int64)
        team_of[seat] = team
        owner, busy_from, busy_to = Steps(starts, ends).overlay(seat, seats)
        self.task_time = self._grid(team, self._since(starts), self._since(ends))
        self.busy = self._grid(team_of[owner], self._since(busy_from), self._since(busy_to))

    def _count_answers(
        self, tasks: "pd.DataFrame", ending: "Ending"
    ) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
        """Count answers and their seconds of talk by team and interval, those from the first added log-in on apart.

        Both count in the interval of the answer. Talk lasts until the agent leaves the conversation; the looks of
        supervisors are no answers.
        """
        answered = numbers(tasks, "task_answered_time")
        counted = (answered >= self.window[0]) & ~is_one_of(
            tasks, "task_direction", "SILENT_MONITOR", "BARGE_IN"
        )
        left = np.fmin(numbers(tasks, "task_wrap_up_time"), numbers(tasks, "task_end_time"))
        left = np.fmin(left, ending.horizon_s)
        late = answered >= ending.first_added_s
        team = codes(tasks, "team", self.axes.team)
        found = []
        for inside in (counted & ~late, counted & late):
            at = np.clip(np.searchsorted(self._edges[:-1], answered[inside], side="right") - 1, 0, None)
            answers = np.zeros_like(self.logged_in)
            np.add.at(answers, (team[inside], at), 1.0)
            talk = np.zeros_like(self.logged_in)
            np.add.at(talk, (team[inside], at), left[inside] - answered[inside])
            found.append((answers, talk))
        return found[0], found[1]

    def _count_states(self, states: "pd.DataFrame", supervises: BoolArray) -> None:
        team, state = codes(states, "team", self.axes.team), codes(states, "state", self.axes.state)
        starts, ends = self._cut(states, "started_at", "ended_at")
        groups = Groups(self.axes, {"team": team, "state": state}, apart=supervises)
        self.in_state = groups.sum(ends - starts)

    def _group_grid(self, supervises: BoolArray) -> None:
        team, cell = (place.ravel() for place in np.indices(self.logged_in.shape))
        starts = self._edges[cell]
        grid: dict[Dimension, IntArray] = {
            "team": team,
            "day": self.axes.day_of(starts),
            "interval": self.axes.interval_of(starts),
        }
        self._everybody = Groups(self.axes, grid)
        self._agents_only = Groups(self.axes, grid, apart=supervises)

    def _cut(
        self, frame: "pd.DataFrame", start: str, end: str, window: tuple[float, float] | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Cut spans to what is measured; what has not ended lasts to the end of the simulation."""
        window = window or self.window
        ends = numbers(frame, end)
        open_ends = np.where(np.isnan(ends), window[1], ends)
        return np.clip(numbers(frame, start), *window), np.clip(open_ends, *window)

    def _since(self, times: FloatArray) -> Since:
        """Look moments up among the intervals."""
        return Since(times, self._edges)

    def _grid(self, team: IntArray, starts: Since, ends: Since) -> FloatArray:
        """Sum spans by team and by interval; those of no team are left out."""
        teams = len(self.axes.team)
        return starts.by(team, teams) - ends.by(team, teams)


class MeanAgents(Part):
    """The time average of the agents there in each interval until arrivals stop."""

    def __init__(self, agents: Agents) -> None:
        self.agents = agents
        self._available = agents.over_agents(agents.available)

    def cells(self, by: Breakdown) -> FloatArray:
        """Return the average of each cell, NaN where an interval lies outside the window or after the end."""
        time = self._available.cells(by).reshape(-1, len(self.agents.axes.starts))
        edges = [*self.agents.axes.starts, self.agents.axes.starts[-1]]
        widths = np.diff(np.clip(edges, *self.agents.window))
        return np.divide(time, widths, out=np.full_like(time, np.nan), where=widths > 0).ravel()


class TimeInAnyState(Part):
    """The denominator of the shares of states: the same sum for each state."""

    def __init__(self, in_state: Sum) -> None:
        self.in_state = in_state

    def cells(self, by: Breakdown) -> FloatArray:
        """Return for each cell the time over all states of its team, or of all agents."""
        states = len(self.in_state.groups.axes.state)
        totals = self.in_state.cells(by).reshape(-1, states).sum(axis=1)
        return np.repeat(totals, states)


def _occupancy(agents: Agents) -> tuple[Part, Part]:
    """Return busy and available time, over the whole run and of the open hours."""
    busy, available = (
        Readings(agents.over_agents(grid), {"hours": [agents.over_agents(agents.while_open(grid))]})
        for grid in (agents.busy, agents.available)
    )
    return busy, available


AGENT_PARTS: dict[str, Callable[[Agents], tuple[Part, Part]]] = {
    "occupancy": _occupancy,
    "concurrency": lambda a: (a.over_agents(a.task_time), a.over_agents(a.busy)),
    "agents_there": lambda a: (MeanAgents(a), a.over_agents(a.logged_in)),
    "vendor_occupancy": lambda a: (a.over_agents(a.busy), a.over_agents(a.logged_in)),
    "state_share": lambda a: (a.in_state, TimeInAnyState(a.in_state)),
    "overtime": lambda a: (a.over_everybody(a.overtime), a.over_everybody(a.logged_in)),
    "cost": lambda a: (a.over_everybody(a.cost), a.over_everybody(a.paid)),
    "hours_after": lambda a: (
        a.over_everybody(a.logged_in_after / HOUR_S),
        a.over_everybody(a.logged_in_after),
    ),
    "cost_after": lambda a: (a.over_everybody(a.cost_after), a.over_everybody(a.cost_after)),
}
"""Numerator and denominator of each figure; those of a total tell where to expect any."""


def coded(frame: "pd.DataFrame | Columns", column: str) -> tuple[IntArray, int]:
    """Return a column of names as codes of its own, and how many of them there may be."""
    if isinstance(frame, Columns):
        return frame[column].astype(np.int64), len(frame.names(column))
    import pandas as pd

    found, names = pd.factorize(frame[column])
    return found.astype(np.int64), len(names)


def numbered(codes: IntArray, size: int) -> tuple[IntArray, int]:
    """Return codes below `size` numbered in the order in which they first come, and how many there are."""
    first = np.full(size, len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # of one code the row that is written last is its first
    there = np.flatnonzero(first < len(codes))
    number = np.zeros(size, dtype=np.int64)
    number[there[np.argsort(first[there])]] = np.arange(len(there))
    return number[codes], len(there)
