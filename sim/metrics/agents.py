"""The time of agents and what it costs."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.arrays import BoolArray, FloatArray, IntArray
from sim.metrics.axes import Axes
from sim.metrics.columns import codes, is_one_of, numbers
from sim.metrics.groups import Groups, Part, Sum
from sim.metrics.metric import Breakdown
from sim.metrics.timeline import Steps, spread

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

HOUR_S = 3600.0


class Agents:
    """Agents' seconds from the end of the warm-up to the end of the simulation, by team and interval.

    Supervisors' time counts in the figures of their own team; over all teams only in cost and overtime.
    """

    def __init__(
        self,
        states: "pd.DataFrame",
        tasks: "pd.DataFrame",
        scenario: "Scenario",
        axes: Axes,
        horizon_s: float,
    ) -> None:
        self.axes = axes
        self.window = (scenario.warm_up, max(horizon_s, scenario.warm_up))
        self._count_presence(states[is_one_of(states, "medium", "")])
        self._count_work(tasks[~np.isnan(numbers(tasks, "task_answered_time"))])
        hourly = np.array([[team.cost_per_hour] for team in scenario.teams.values()], dtype=np.float64)
        self.cost: FloatArray = self.logged_in * hourly / HOUR_S
        self.paid: FloatArray = self.logged_in * (hourly > 0)
        supervises = np.array([team.role == "supervisor" for team in scenario.teams.values()], dtype=np.bool_)
        self._group_grid(supervises)
        self._count_states(states[~is_one_of(states, "medium", "")], supervises)

    def over_agents(self, grid: FloatArray) -> Sum:
        """Sum seconds by team and interval, supervisors only in their own team's figures."""
        return self._agents_only.sum(grid.ravel())

    def over_everybody(self, grid: FloatArray) -> Sum:
        """Sum seconds or costs by team and interval, supervisors included."""
        return self._everybody.sum(grid.ravel())

    def _count_presence(self, presence: "pd.DataFrame") -> None:
        available = is_one_of(presence, "state", "READY", "PENDING_NOT_READY")
        overtime = is_one_of(presence, "state", "PENDING_NOT_READY") & is_one_of(
            presence, "reason", "overtime"
        )
        team = codes(presence, "team", self.axes.team)
        starts, ends = self._cut(presence, "started_at", "ended_at")
        self.logged_in = self._grid(team, starts, ends)
        self.available = self._grid(team[available], starts[available], ends[available])
        self.overtime = self._grid(team[overtime], starts[overtime], ends[overtime])

    def _count_work(self, tasks: "pd.DataFrame") -> None:
        import pandas as pd

        team = codes(tasks, "team", self.axes.team)
        starts, ends = self._cut(tasks, "task_answered_time", "task_end_time")
        agent, names = pd.factorize(tasks["agent_id"])
        team_of = np.zeros(len(tasks), dtype=np.int64)
        team_of[agent] = team
        owner, busy_from, busy_to = Steps(starts, ends).overlay(agent.astype(np.int64), len(names))
        self.task_time = self._grid(team, starts, ends)
        self.busy = self._grid(team_of[owner], busy_from, busy_to)

    def _count_states(self, states: "pd.DataFrame", supervises: BoolArray) -> None:
        team, state = codes(states, "team", self.axes.team), codes(states, "state", self.axes.state)
        starts, ends = self._cut(states, "started_at", "ended_at")
        groups = Groups(self.axes, {"team": team, "state": state}, apart=supervises)
        self.in_state = groups.sum(ends - starts)

    def _group_grid(self, supervises: BoolArray) -> None:
        team, interval = np.indices(self.logged_in.shape)
        grid = {"team": team.ravel(), "interval": interval.ravel()}
        self._everybody = Groups(self.axes, grid)  # type: ignore[arg-type]
        self._agents_only = Groups(self.axes, grid, apart=supervises)  # type: ignore[arg-type]

    def _cut(self, frame: "pd.DataFrame", start: str, end: str) -> tuple[FloatArray, FloatArray]:
        """Cut spans to what is measured; what has not ended lasts to the end of the simulation."""
        ends = numbers(frame, end)
        open_ends = np.where(np.isnan(ends), self.window[1], ends)
        return np.clip(numbers(frame, start), *self.window), np.clip(open_ends, *self.window)

    def _grid(self, team: IntArray, starts: FloatArray, ends: FloatArray) -> FloatArray:
        """Sum spans by team and interval."""
        edges = np.array([*self.axes.starts, max(self.axes.starts[-1], self.window[1])])
        return spread(team, len(self.axes.team), starts, ends, edges)


class TimeInAnyState:
    """The denominator of the shares of states: the same sum for each state."""

    def __init__(self, in_state: Sum) -> None:
        self.in_state = in_state

    def cells(self, by: Breakdown) -> FloatArray:
        """Give each cell the time over all states of its team, or of all agents."""
        states = len(self.in_state.groups.axes.state)
        totals = self.in_state.cells(by).reshape(-1, states).sum(axis=1)
        return np.repeat(totals, states)


PARTS: dict[str, Callable[[Agents], tuple[Part, Part]]] = {
    "occupancy": lambda a: (a.over_agents(a.busy), a.over_agents(a.available)),
    "concurrency": lambda a: (a.over_agents(a.task_time), a.over_agents(a.busy)),
    "vendor_occupancy": lambda a: (a.over_agents(a.busy), a.over_agents(a.logged_in)),
    "state_share": lambda a: (a.in_state, TimeInAnyState(a.in_state)),
    "overtime": lambda a: (a.over_everybody(a.overtime), a.over_everybody(a.logged_in)),
    "cost": lambda a: (a.over_everybody(a.cost), a.over_everybody(a.paid)),
}
"""Numerator and denominator of each figure; those of a total tell where to expect any."""
