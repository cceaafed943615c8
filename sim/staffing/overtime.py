"""What agents do after the roster has ended: a search that did not count it would leave the work to them.

Who is there by a head-count, or always, when arrivals stop stays until nobody waits, as in every run; who works a shift
goes at its end, and finishes first what is open.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiments.demand_and_staffing import agents_on_duty
from sim.metrics.columns import FloatArray, codes, is_one_of, numbers
from sim.records import Records
from sim.scenario import Scenario, Team
from sim.staffing.choices import HOUR_S, Choices, hourly_cost

LATE = -1
"""The column, behind the cells of the goals, of the seconds from the end of arrivals to that of the day."""


def late_s(scenario: Scenario, records: Records) -> float:
    """Return the seconds from the end of arrivals to the end of the day's work."""
    return max(records.ending.work_ended_s - scenario.lasts, 0.0)


@dataclass(frozen=True)
class Staying:
    """The cost of an hour of those who stay: of an agent written for the last interval by planned team, of others."""

    planned: FloatArray
    others: float

    @classmethod
    def of(cls, choices: Choices) -> "Staying":
        """Take it from the choices; a planned team that works shifts has nobody who stays."""
        scenario = choices.scenario
        there = [(1.0 - scenario.teams[name].absence) * hourly_cost(scenario, name) for name in choices.teams]
        planned = np.array(there) * choices.present * (not choices.are_shifts)
        at_end = np.array([scenario.lasts, scenario.lasts + 1.0])
        others = sum(
            float(agents_on_duty(scenario, team, at_end)[0]) * hourly_cost(scenario, name)
            for name, team in scenario.teams.items()
            if name not in choices.teams and _stays(team)
        )
        return cls(planned, others)

    def an_hour(self, heads: FloatArray) -> float:
        """Return the cost of an hour of all who stay, of head-counts by team (row) and interval."""
        return float(self.planned @ heads[:, -1]) + self.others

    def cost(self, heads: FloatArray, parts: FloatArray) -> float:
        """Return the mean cost of a day's staying, from what head-counts did: an array of (days, 2, cells)."""
        return self.an_hour(heads) * late_h(parts)


def late_h(parts: FloatArray) -> float:
    """Return the mean hours from the end of arrivals to that of the day, from an array of (days, 2, cells)."""
    return float(parts[:, 0, LATE].mean()) / HOUR_S


def _stays(team: Team) -> bool:
    return not team.shifts and not team.members


def worked_late_s(scenario: Scenario, records: Any) -> FloatArray:
    """Return by team the seconds of a day that its agents worked beyond the roster.

    That is overtime at whatever hour, and all time logged in after arrivals have stopped of those who stay.
    """
    states = records.agent_states
    presence = states[is_one_of(states, "medium", "")]
    overtime = is_one_of(presence, "state", "PENDING_NOT_READY") & is_one_of(presence, "reason", "overtime")
    teams = tuple(scenario.teams)
    team = codes(presence, "team", teams)
    stays = np.array([_stays(one) for one in scenario.teams.values()])[team]
    starts, ends = numbers(presence, "started_at"), numbers(presence, "ended_at")
    end = records.ending.work_ended_s
    ends = np.where(np.isnan(ends), end, np.minimum(ends, end))
    begin = np.where(overtime, starts, np.where(stays, np.maximum(starts, scenario.lasts), np.inf))
    return np.bincount(team, weights=np.maximum(ends - begin, 0.0), minlength=len(teams)).astype(np.float64)
