"""What a search may choose from: shifts of the templates, or head-counts interval by interval, each with its cost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from sim.errors import SimError
from sim.metrics.columns import FloatArray, IntArray
from sim.metrics.waiting import overlaps
from sim.scenario import Scenario, ShiftTemplate
from sim.scenario.numbers import clock_text, duration_text
from sim.scenario.yaml_tree import plain
from sim.staffing.dates import (
    edges_of,
    opening_clock,
    require_open_at_an_interval,
    written,
)

HOUR_S = 3600.0


class Choice(NamedTuple):
    """One kind of attendance of one agent: a shift with its breaks, or presence in one interval.

    `start` and `end` are clock times in seconds since midnight, breaks (from, to) likewise. `template` is the number
    of its template, -1 for an interval.
    """

    team: str
    start: float
    end: float
    breaks: tuple[tuple[float, float], ...]
    paid_h: float
    cost: float
    template: int


class ShiftLine(NamedTuple):
    """So many agents in the same shift; `cost` and `paid_h` are those of all of them together."""

    team: str
    start: str
    end: str
    breaks: str
    agents: int
    paid_h: float
    cost: float


@dataclass(frozen=True)
class Choices:
    """All that may be chosen, and how a number of each makes a staffing.

    A staffing is an array `x` with a number for each choice. `teams` are those that are planned; the others keep the
    roster of the scenario. `are_shifts` is False where the choices are presence in single intervals. With a `floor`
    nobody of those head-counts may be taken away, and bounds that they do not keep already are none.
    """

    scenario: Scenario
    teams: tuple[str, ...]
    items: tuple[Choice, ...]
    are_shifts: bool
    floor: FloatArray | None = None

    @classmethod
    def of(cls, scenario: Scenario, heads: bool = False) -> "Choices":
        """Return the shifts of the scenario's templates; head-counts where there are none or they are asked for."""
        templates = scenario.staffing.shifts
        if heads or not templates:
            require_open_at_an_interval(scenario)
            teams = tuple(name for name, team in scenario.teams.items() if team.role == "agent")
            return cls(scenario, teams, tuple(_intervals(scenario, teams)), are_shifts=False)
        worked = {template.team for template in templates}
        teams = tuple(name for name in scenario.teams if name in worked)
        items = dict.fromkeys(
            item for number, one in enumerate(templates) for item in _shifts(scenario, one, number)
        )
        return cls(scenario, teams, tuple(items), are_shifts=True)

    @property
    def present(self) -> FloatArray:
        """The share of each planned team's written agents who are present: those without the shrinkage, if gross."""
        teams = (self.scenario.teams[name] for name in self.teams)
        return np.array([1.0 - team.shrinkage if team.counts == "gross" else 1.0 for team in teams])

    def only(self, teams: tuple[str, ...]) -> "Choices":
        """Return the choices of some of the teams."""
        return replace(self, teams=teams, items=tuple(one for one in self.items if one.team in teams))

    @cached_property
    def edges(self) -> FloatArray:
        """Where the intervals begin, and the end of the last; seconds from time 0."""
        return edges_of(self.scenario)

    @cached_property
    def team_of(self) -> IntArray:
        """The number of each choice's team among those that are planned."""
        return np.array([self.teams.index(one.team) for one in self.items], dtype=np.int64)

    @cached_property
    def cover(self) -> FloatArray:
        """The part of each interval (row) in which an agent of each choice (column) is there."""
        opens = self.scenario.opens_at
        columns = []
        for one in self.items:
            there = overlaps(np.array([one.start - opens]), np.array([one.end - opens]), self.edges)
            for start, end in one.breaks:
                there = there - overlaps(np.array([start - opens]), np.array([end - opens]), self.edges)
            columns.append(there / np.diff(self.edges))
        return np.array(columns).reshape(-1, len(self.edges) - 1).T

    @cached_property
    def cost(self) -> FloatArray:
        """The cost of one agent of each choice."""
        return np.array([one.cost for one in self.items])

    @cached_property
    def paid_h(self) -> FloatArray:
        """The paid hours of one agent of each choice."""
        return np.array([one.paid_h for one in self.items])

    @cached_property
    def least(self) -> FloatArray:
        """Fewest agents by team and interval."""
        return self._bounds("min", 0.0) if self.floor is None else self.floor

    @cached_property
    def most(self) -> FloatArray:
        """Most agents by team and interval; infinite where there is no bound."""
        most = self._bounds("max", np.inf)
        return most if self.floor is None else np.maximum(most, self.floor)

    def _bounds(self, key: str, default: float) -> FloatArray:
        bounds = self.scenario.staffing.teams
        given = [getattr(bounds[name], key) if name in bounds else None for name in self.teams]
        column = np.array([default if one is None else float(one) for one in given])
        return np.repeat(column[:, None], len(self.edges) - 1, axis=1)

    def wages(self) -> FloatArray:
        """Return the cost of an agent of each team in each interval, without premiums."""
        hours = np.diff(self.edges) / HOUR_S
        return np.array([hourly_cost(self.scenario, name) for name in self.teams])[:, None] * hours

    def heads(self, x: IntArray | FloatArray) -> FloatArray:
        """Return how many agents are there by team (row) and interval, on average over the interval."""
        found = np.zeros((len(self.teams), len(self.edges) - 1))
        for number in range(len(self.teams)):
            own = self.team_of == number
            found[number] = self.cover[:, own] @ x[own]
        return found

    def total_cost(self, x: IntArray | FloatArray) -> float:
        """Return the cost of a staffing."""
        return float(self.cost @ x)

    def keeps_shares(self, x: IntArray) -> bool:
        """Return whether a staffing has no more of a template than its share of the team's shifts."""
        templates = self.scenario.staffing.shifts if self.are_shifts else ()
        for number, template in enumerate(templates):
            own = sum(int(count) for one, count in zip(self.items, x, strict=True) if one.template == number)
            all_ = sum(
                int(count) for one, count in zip(self.items, x, strict=True) if one.team == template.team
            )
            if own > template.share_at_most * all_ + 1e-9:
                return False
        return True

    def rosters(self, x: IntArray) -> dict[str, Any]:
        """Return the roster of each planned team as a scenario has it."""
        if not self.are_shifts:
            return head_counts(self.scenario, self.teams, self.heads(x))
        return {name: {"shifts": self._shifts_of(name, x)} for name in self.teams}

    def _shifts_of(self, team: str, x: IntArray) -> list[dict[str, Any]]:
        return [
            _shift(one, int(count))
            for one, count in zip(self.items, x, strict=True)
            if one.team == team and count
        ]

    def lines(self, x: IntArray) -> tuple[ShiftLine, ...]:
        """Return the shifts that are worked, with how many agents; none for head-counts."""
        if not self.are_shifts:
            return ()
        chosen = [(one, int(count)) for one, count in zip(self.items, x, strict=True) if count]
        chosen.sort(
            key=lambda pair: (self.teams.index(pair[0].team), pair[0].start, pair[0].end, pair[0].breaks)
        )
        return tuple(_line(one, count) for one, count in chosen)

    def of_lines(self, lines: "tuple[ShiftLine, ...]") -> IntArray | None:
        """Return the staffing of some shifts; None where one of them is none of the choices."""
        x = np.zeros(len(self.items), dtype=np.int64)
        numbers = {_key(_line(one, 1)): number for number, one in enumerate(self.items)}
        for line in lines:
            if _key(line) not in numbers:
                return None
            x[numbers[_key(line)]] += line.agents
        return x


def hourly_cost(scenario: Scenario, team: str) -> float:
    """Return what an hour of a team's agent costs; 1 where no team has a cost, so that hours are counted."""
    if not any(one.cost_per_hour for one in scenario.teams.values()):
        return 1.0
    return scenario.teams[team].cost_per_hour


def with_rosters(scenario: Scenario, rosters: Mapping[str, Mapping[str, Any]]) -> Scenario:
    """Return a scenario in which some teams have another roster."""
    changes: dict[str, Any] = {}
    if scenario.roster is not None:
        kept = [name for name, team in scenario.teams.items() if team.members and name not in rosters]
        if kept:
            raise SimError(
                f"{scenario.name}: team {kept[0]} keeps its place in `roster`, others get another one; "
                f"write its part as `teams.{kept[0]}.roster`"
            )
        changes["roster"] = None
    for name, roster in rosters.items():
        team = {
            key: value for key, value in plain(written(scenario).teams[name]).items() if key not in _OF_ROSTER
        }
        changes[f"teams.{name}"] = {**team, **roster} if roster.get("shifts") != [] else {**team, "agents": 0}
    return scenario.set(changes)


_OF_ROSTER = ("agents", "shifts", "head_count", "roster")


def head_counts(scenario: Scenario, teams: tuple[str, ...], heads: FloatArray) -> dict[str, Any]:
    """Return whole head-counts, nearest to those given, as rosters of the teams."""
    every = duration_text(scenario.interval)
    return {
        name: {"head_count": {"every": every, "agents": [int(count) for count in np.rint(row)]}}
        for name, row in zip(teams, heads, strict=True)
    }


def _intervals(scenario: Scenario, teams: tuple[str, ...]) -> Iterator[Choice]:
    edges = edges_of(scenario)
    for team in teams:
        for start, end in pairwise(edges.tolist()):
            hours = (end - start) / HOUR_S
            clock = start + scenario.opens_at, end + scenario.opens_at
            yield Choice(team, *clock, (), hours, hours * hourly_cost(scenario, team), -1)


def _shifts(scenario: Scenario, template: ShiftTemplate, number: int) -> Iterator[Choice]:
    paid_h = template.paid_s / HOUR_S
    cost = paid_h * hourly_cost(scenario, template.team) * (1.0 + template.premium)
    opens, closes = opening_clock(scenario), scenario.opens_at + scenario.lasts
    for start in template.starts_within(opens, closes):
        for spans in template.breaks_of():
            breaks = tuple((start + begins, start + ends) for begins, ends in spans)
            yield Choice(template.team, start, start + template.lasts, breaks, paid_h, cost, number)


def _shift(one: Choice, agents: int) -> dict[str, Any]:
    breaks = [{"at": clock_text(at), "for": duration_text(until - at)} for at, until in one.breaks]
    shift = {"from": clock_text(one.start), "to": clock_text(one.end), "agents": agents}
    return {**shift, "breaks": breaks} if breaks else shift


def _line(one: Choice, agents: int) -> ShiftLine:
    breaks = " ".join(f"{clock_text(at)}-{clock_text(until)}" for at, until in one.breaks)
    span = clock_text(one.start), clock_text(one.end)
    return ShiftLine(one.team, *span, breaks, agents, agents * one.paid_h, agents * one.cost)


def _key(line: ShiftLine) -> tuple[str, str, str, str, float]:
    """Return what tells one choice from another: shifts alike may be paid differently."""
    return line.team, line.start, line.end, line.breaks, round(line.cost / line.agents, 6)
