"""The time of agents and what it costs."""

from collections.abc import Callable, Sequence
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
from sim.records.table import ALONE, Columns, Replications, replications

if TYPE_CHECKING:
    import pandas as pd

    from sim.records import Ending
    from sim.scenario import Scenario


HOUR_S, MINUTE_S = 3600.0, 60.0


class Agents:
    """Agents' seconds from the end of the warm-up to the end of the day's work, by team and interval.

    A grid has a row for each team of each replication, and a column for each interval.

    Where log-ins were added after the run's own days, the time from the first of them on is counted apart.

    Supervisors' time counts in the figures of their own team; over all teams only in cost and overtime.
    """

    def __init__(
        self,
        states: "pd.DataFrame",
        tasks: "pd.DataFrame",
        scenario: "Scenario",
        axes: Axes,
        endings: "Sequence[Ending]",
    ) -> None:
        self.axes = axes
        self.begins_s = scenario.warm_up
        times = [(one.work_ended_s, one.first_added_s, one.horizon_s) for one in endings]
        ended, self._added_s, self._horizon_s = np.array(times, dtype=np.float64).T
        self.ends_s: FloatArray = np.maximum(ended, scenario.warm_up)
        """The end of what is measured, of each replication."""
        # The intervals, cut where a day begins, and the end of what is measured.
        last = np.maximum(axes.starts[-1], self.ends_s)
        self._edges = np.column_stack([np.tile(axes.edges, (len(endings), 1)), last])
        self._count_presence(states[is_one_of(states, "medium", "")])
        self._count_work(tasks[~np.isnan(numbers(tasks, "task_answered_time"))])
        prices = [
            (team.cost_per_hour, team.cost_per_answer, team.cost_per_talk_minute)
            for team in scenario.teams.values()
        ]
        hourly, each, per_minute = np.tile(np.array(prices, dtype=np.float64).T, len(endings))[
            :, :, np.newaxis
        ]
        self.cost: FloatArray = self.logged_in * hourly / HOUR_S
        self.cost_after: FloatArray = self.logged_in_after * hourly / HOUR_S
        if each.any() or per_minute.any():
            own, after = self._count_answers(tasks)
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
        edges = self._edges[0, :-1]
        return np.where((edges >= opens_s) & (edges < closes_s), grid, 0.0)

    def _count_presence(self, presence: "pd.DataFrame") -> None:
        available = is_one_of(presence, "state", "READY", "PENDING_NOT_READY")
        overtime = is_one_of(presence, "state", "PENDING_NOT_READY") & is_one_of(
            presence, "reason", "overtime"
        )
        of = replications(presence)
        team, teams = self._teams(presence, of), len(self.ends_s) * len(self.axes.team)
        starts, ends = self._cut(presence, "started_at", "ended_at", of)
        spans = Since(starts, self._edges, of), Since(ends, self._edges, of)
        self.logged_in = self._grid(team, *spans)
        self.available = self._grid(np.where(available, team, teams), *spans)
        self.overtime = self._grid(np.where(overtime, team, teams), *spans)
        # Where log-ins were added: what is added comes after the last interval's beginning.
        after = np.minimum(self._added_s, self._horizon_s), self._horizon_s
        since, until = self._cut(presence, "started_at", "ended_at", of, after)
        self.logged_in_after = np.zeros_like(self.logged_in)
        self.logged_in_after[:, -1] = np.bincount(team, weights=until - since, minlength=teams)

    def _count_work(self, tasks: "pd.DataFrame") -> None:
        of = replications(tasks)
        team, teams = self._teams(tasks, of), len(self.ends_s) * len(self.axes.team)
        starts, ends = self._cut(tasks, "task_answered_time", "task_end_time", of)
        # Who is in several teams is busy in one of them at a time.
        agent, agents = coded(tasks, "agent_id")
        seat, seats = numbered(agent * teams + team, agents * teams)
        team_of = np.zeros(len(tasks), dtype=np.int64)
        team_of[seat] = team
        owner, busy_from, busy_to = Steps(starts, ends, of).overlay(seat, seats)
        self.task_time = self._grid(team, Since(starts, self._edges, of), Since(ends, self._edges, of))
        own, of_own = team_of[owner], self._replications_of(team_of[owner])
        self.busy = self._grid(
            own, Since(busy_from, self._edges, of_own), Since(busy_to, self._edges, of_own)
        )

    def _count_answers(
        self, tasks: "pd.DataFrame"
    ) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
        """Count answers and their seconds of talk by team and interval, those from the first added log-in on apart.

        Both count in the interval of the answer. Talk lasts until the agent leaves the conversation; the looks of
        supervisors are no answers.
        """
        of, answered = replications(tasks), numbers(tasks, "task_answered_time")
        counted = (answered >= self.begins_s) & ~is_one_of(
            tasks, "task_direction", "SILENT_MONITOR", "BARGE_IN"
        )
        left = np.fmin(numbers(tasks, "task_wrap_up_time"), numbers(tasks, "task_end_time"))
        left = np.fmin(left, of.each(self._horizon_s))
        late = answered >= of.each(self._added_s)
        team = self._teams(tasks, of)
        found = []
        for inside in (counted & ~late, counted & late):
            at = np.searchsorted(self._edges[0, :-1], answered[inside], side="right") - 1
            places = team[inside], np.clip(at, 0, None)
            answers = np.zeros_like(self.logged_in)
            np.add.at(answers, places, 1.0)
            talk = np.zeros_like(self.logged_in)
            np.add.at(talk, places, left[inside] - answered[inside])
            found.append((answers, talk))
        return found[0], found[1]

    def _count_states(self, states: "pd.DataFrame", supervises: BoolArray) -> None:
        team, state = codes(states, "team", self.axes.team), codes(states, "state", self.axes.state)
        of = replications(states)
        starts, ends = self._cut(states, "started_at", "ended_at", of)
        groups = Groups(self.axes, {"team": team, "state": state}, supervises, of)
        self.in_state = groups.sum(ends - starts)

    def _group_grid(self, supervises: BoolArray) -> None:
        rows, cell = (place.ravel() for place in np.indices(self.logged_in.shape))
        starts = self._edges[0, cell]
        grid: dict[Dimension, IntArray] = {
            "team": rows % len(self.axes.team),
            "day": self.axes.day_of(starts),
            "interval": self.axes.interval_of(starts),
        }
        of = self._replications_of(rows)
        self._everybody = Groups(self.axes, grid, replications=of)
        self._agents_only = Groups(self.axes, grid, supervises, of)

    def _cut(
        self,
        frame: "pd.DataFrame",
        start: str,
        end: str,
        of: Replications,
        window: tuple[FloatArray, FloatArray] | None = None,
    ) -> tuple[FloatArray, FloatArray]:
        """Cut spans to what is measured; what has not ended lasts to the end of the simulation."""
        first, last = (self.begins_s, of.each(self.ends_s)) if window is None else map(of.each, window)
        ends = numbers(frame, end)
        open_ends = np.where(np.isnan(ends), last, ends)
        return np.clip(numbers(frame, start), first, last), np.clip(open_ends, first, last)

    def _teams(self, frame: "pd.DataFrame", of: Replications) -> IntArray:
        """Return the rows' teams, counted through all replications."""
        team: IntArray = of.cells(codes(frame, "team", self.axes.team), len(self.axes.team))
        return team

    def _replications_of(self, teams: IntArray) -> Replications:
        """Return of which replication rows are whose teams are counted through all of them."""
        count = len(self.ends_s)
        return Replications(count, teams // len(self.axes.team)) if count > 1 else ALONE

    def _grid(self, team: IntArray, starts: Since, ends: Since) -> FloatArray:
        """Sum spans by team and by interval; those of no team are left out."""
        teams = len(self.ends_s) * len(self.axes.team)
        return starts.by(team, teams) - ends.by(team, teams)


class MeanAgents(Part):
    """The time average of the agents there in each interval until arrivals stop."""

    def __init__(self, agents: Agents) -> None:
        self.agents = agents
        self._available = agents.over_agents(agents.available)

    def cells(self, by: Breakdown) -> FloatArray:
        """Return the average of each cell, NaN where an interval lies outside the window or after the end."""
        found, ends_s = self._available.cells(by), self.agents.ends_s
        time = found.reshape(len(ends_s), -1, len(self.agents.axes.starts))
        edges = [*self.agents.axes.starts, self.agents.axes.starts[-1]]
        widths = np.diff(np.clip(edges, self.agents.begins_s, ends_s.reshape(-1, 1, 1)))
        average: FloatArray = np.full_like(time, np.nan)
        np.divide(time, widths, out=average, where=widths > 0)
        return average.reshape(found.shape)


class TimeInAnyState(Part):
    """The denominator of the shares of states: the same sum for each state."""

    def __init__(self, in_state: Sum) -> None:
        self.in_state = in_state

    def cells(self, by: Breakdown) -> FloatArray:
        """Return for each cell the time over all states of its team, or of all agents."""
        states = len(self.in_state.groups.axes.state)
        found = self.in_state.cells(by)
        totals = found.reshape(len(found), -1, states).sum(axis=2)
        return np.repeat(totals, states, axis=1)


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
