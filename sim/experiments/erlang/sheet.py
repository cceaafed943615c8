"""Erlang's formulas for each queue and interval of a scenario, as a planner's spreadsheet has them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.experiments.demand_and_staffing import agents_on_duty, handle_time_factors, volumes
from sim.experiments.erlang.calculation import Calculation, Model
from sim.metrics.cells import Axes
from sim.metrics.columns import FloatArray
from sim.scenario import Queue, Scenario
from sim.scenario.expected import handle_law
from sim.scenario.teams import serves
from sim.scenario.wall_clock import clock_of
from sim.workload.arrivals import law_at


class SheetRow(NamedTuple):
    """A queue in an interval, or over the day: the formulas' inputs and figures.

    `agents` are its part of the teams, `servers` the conversations they can have at once, `handle` their
    handle time with wrap-up in seconds. In-time shares, waits in seconds and the share who abandon are Erlang
    C's and A's; NaN where there is no service level or no patience.
    """

    queue: str
    interval: str
    volume: float
    handle: float
    agents: float
    servers: float
    in_time_c: float
    asa_c: float
    in_time_a: float
    asa_a: float
    abandoned_a: float


class PlannedRow(NamedTuple):
    """A queue in an interval: what is there, what is needed, and how it would go by Erlang C and A.

    `agents` are those present and `gross` those before absence or shrinkage. `needed_c` and `needed_a` are the least
    whole agents that reach the queue's service level; NaN without a level, or without a patience for A.
    """

    queue: str
    interval: str
    offered: float
    aht_s: float
    load_erlang: float
    agents: float
    gross: float
    needed_c: float
    needed_a: float
    service_level_c: float
    service_level_a: float
    asa_c_s: float
    asa_a_s: float
    abandon_rate_a: float
    occupancy: float


class StaffHours(NamedTuple):
    """A queue's hours: of agents there, of those needed by Erlang C and A, and of conversations at once."""

    there: float
    needed_c: float
    needed_a: float
    servers: float


class _Crew(NamedTuple):
    """The part of a team that works for a queue: agents present and gross in each interval, and how they work."""

    agents: FloatArray
    gross: FloatArray
    size: int
    slots: int
    speed: float
    wrap_up_s: float


@dataclass(frozen=True)
class ErlangSheet:
    """The intervals of a scenario as a planner would enter them in a spreadsheet, with the formulas' figures.

    Each interval is a steady state of its own. The volume is that of the forecast: contacts that arrive, without
    transfers. A team that serves several queues is divided by their load, so that agents are fractions, between whole
    numbers by interpolation. An agent with several chats at once counts as as many servers, each at the pace of a full
    desk; wrap-up is part of the handle time. Teams of different speed have together the capacity that they have.

    `max_occupancy` bounds what is needed; `shrinkage` is the share of those scheduled who are not there, in place of
    the teams' absence, None for that.
    """

    scenario: Scenario
    max_occupancy: float = 1.0
    shrinkage: float | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The intervals, by their clock times."""
        return Axes.of(self.scenario).interval[:-1]

    @cached_property
    def edges(self) -> FloatArray:
        """Where the intervals begin, and where arrivals stop; seconds from opening."""
        return np.array(Axes.of(self.scenario).starts)

    def intervals(self, queue: str) -> list[SheetRow]:
        """Return a queue interval by interval."""
        return [self._row(queue, number) for number in self._open]

    @cached_property
    def _open(self) -> range:
        """The intervals by number; of a date those in which it is open, as its times are from midnight."""
        date, edges = self.scenario.date, self.edges
        if date is None:
            return range(len(self.names))
        first = int(np.searchsorted(edges, date.opens_s, "right")) - 1
        return range(first, int(np.searchsorted(edges, date.closes_s, "left")))

    def day(self, queue: str) -> SheetRow:
        """Return a queue over the day: means over its contacts, for the wait and Erlang A over the answered ones."""
        agents = sum(crew.agents for crew in self._crews[queue])
        there = np.broadcast_to(np.asarray(agents, dtype=np.float64), (len(self.names),))[self._open]
        return combined(self.intervals(queue), _mean(there.tolist(), self._hours.tolist()))

    @property
    def open_hours(self) -> float:
        """How long it is open, in hours."""
        return float(self._hours.sum())

    def staff_hours(self, queue: str) -> StaffHours:
        """Return a queue's agent hours of the day."""
        rows, hours = zip(self.planned(queue), self.intervals(queue), strict=True), self._hours
        parts = [[plan.agents, plan.needed_c, plan.needed_a, row.servers] for plan, row in rows]
        return StaffHours(*(hours @ np.array(parts).reshape(-1, 4)).tolist())

    def per_hour(self, queue: str) -> list[float]:
        """Return the contacts an hour that arrive for a queue in each interval in which it is open."""
        pairs = zip(self.volumes[queue][self._open].tolist(), self._hours.tolist(), strict=True)
        return [volume / hours for volume, hours in pairs if hours > 0]

    @property
    def _hours(self) -> FloatArray:
        """How long each interval is in which it is open, in hours."""
        lengths: FloatArray = np.diff(self.edges)[self._open] / 3600.0
        return lengths

    def planned(self, queue: str) -> list[PlannedRow]:
        """Return what is there and what is needed, interval by interval."""
        return [self._planned(self._row(queue, number), number) for number in self._open]

    def gross(self, queue: str, agents: float) -> float:
        """Return the agents to be scheduled for a queue so that `agents` are there."""
        if self.shrinkage is not None:
            return agents / (1.0 - self.shrinkage)
        there = float(sum(crew.agents.sum() for crew in self._crews[queue]))
        return (
            agents * sum(float(crew.gross.sum()) for crew in self._crews[queue]) / there
            if there
            else math.nan
        )

    def _planned(self, row: SheetRow, number: int) -> PlannedRow:
        length = float(self.edges[number + 1] - self.edges[number])
        load = row.volume / length * row.handle if row.volume else 0.0
        gross = sum(float(crew.gross[number]) for crew in self._crews[row.queue])
        busy = min(1.0, load / row.servers) if row.servers > 0 else math.nan
        return PlannedRow(
            row.queue, row.interval, row.volume, row.handle, load, row.agents, gross,
            self._needed(row, number, "C"), self._needed(row, number, "A"), row.in_time_c, row.in_time_a, row.asa_c,
            row.asa_a, row.abandoned_a, busy,
        )  # fmt: skip

    def _needed(self, row: SheetRow, number: int, model: Model) -> float:
        """Return the least agents, each with as many conversations as those who are there have."""
        level = self.scenario.queues[row.queue].service_level
        if level is None or not 0 < level.target < 1:
            return math.nan
        if not row.volume:
            return 0.0
        found = self._calculation(row.queue, number)
        if found is None or (model == "A" and found.patience is None):
            return math.nan
        slots = self._mix(row.queue, number)[1]
        return float(found.least(level.target, model, slots)) if slots > 0 else math.nan

    def teams_of(self, queue: str) -> tuple[str, ...]:
        """Return the teams that serve a queue in its first step; without any, those that serve it in a later one."""
        step = self.scenario.steps_of(queue)[0]
        teams = [name for name in self.scenario.teams if serves(self.scenario, name, queue)]
        first = [name for name in teams if step.needs.holds(self.scenario.teams[name].skills)]
        return tuple(first or teams)

    @cached_property
    def volumes(self) -> Mapping[str, FloatArray]:
        """Contacts that arrive for each queue in each interval."""
        return volumes(self.scenario, self.edges)

    @cached_property
    def _crews(self) -> Mapping[str, Sequence[_Crew]]:
        """By queue, its part of each team: every team is divided by the load of its queues."""
        found: dict[str, list[_Crew]] = {name: [] for name in self.scenario.queues}
        for name, team in self.scenario.teams.items():
            served = [queue for queue in self.scenario.queues if name in self.teams_of(queue)]
            there = agents_on_duty(self.scenario, team, self.edges)
            gross = agents_on_duty(self.scenario, team.model_copy(update={"absence": 0.0}), self.edges)
            gross = gross / (1.0 - team.shrinkage)
            if self.shrinkage is not None:
                gross = there / (1.0 - self.shrinkage)
            for queue, share in self._shares(served).items() if served else ():
                spec = self.scenario.queues[queue]
                found[queue].append(
                    _Crew(
                        there * share, gross * share, team.agents, self.scenario.max_tasks_of(name, spec.medium),
                        team.speed.get(queue, 1.0), (spec.wrap_up or team.wrap_up).mean,
                    )
                )  # fmt: skip
        return found

    @cached_property
    def _factors(self) -> Mapping[str, FloatArray]:
        """By queue and interval, the factor of the forecasts' AHT on the mean of the law."""
        return handle_time_factors(self.scenario, self.edges)

    def _shares(self, queues: Sequence[str]) -> dict[str, FloatArray]:
        loads = {
            name: self.volumes[name] * self._factors[name] * handle_law(self.scenario, name).mean
            for name in queues
        }
        whole = np.sum(list(loads.values()), axis=0)
        evenly = np.full(len(self.names), 1.0 / len(queues))
        return {
            name: np.divide(load, whole, out=evenly.copy(), where=whole > 0) for name, load in loads.items()
        }

    def _row(self, queue: str, number: int) -> SheetRow:
        spec = self.scenario.queues[queue]
        handle, slots = self._mix(queue, number)
        agents = sum(float(crew.agents[number]) for crew in self._crews[queue])
        servers = agents * slots
        given = (queue, self.names[number], float(self.volumes[queue][number]), handle, agents, servers)
        calculation = self._calculation(queue, number)
        if calculation is None:
            return SheetRow(*given, *[math.nan] * 5)
        found = calculation.row(servers)
        level = spec.service_level
        in_time = (found.in_time_c, found.in_time_a) if level is not None else (math.nan, math.nan)
        return SheetRow(*given, in_time[0], found.asa_c, in_time[1], found.asa_a, found.abandoned_a)

    def _calculation(self, queue: str, number: int) -> Calculation | None:
        """Return the interval's inputs of the formulas; None without contacts or without work."""
        spec, volume = self.scenario.queues[queue], float(self.volumes[queue][number])
        handle = self._mix(queue, number)[0]
        if not volume > 0 or not handle > 0:
            return None
        clock_s = clock_of(self.scenario)(float(self.edges[number]))
        patience = None if spec.patience is None else law_at(spec.patience, clock_s).mean
        within = 0.0 if spec.service_level is None else spec.service_level.within
        length = float(self.edges[number + 1] - self.edges[number])
        return Calculation(volume / length, handle, patience, within, self.max_occupancy)

    def _mix(self, queue: str, number: int) -> tuple[float, float]:
        """Return the handle time with wrap-up, at the pace of a full desk, and the servers an agent counts as.

        Teams count by who is there, and by their size where nobody is. Servers of unequal handle times h work off what
        as many of their harmonic mean do: sum n / sum (n / h).
        """
        spec: Queue = self.scenario.queues[queue]
        own = handle_law(self.scenario, queue).mean * float(self._factors[queue][number])
        crews = self._crews[queue]
        heads = [float(crew.agents[number]) for crew in crews]
        if not sum(heads):
            heads = [float(crew.size) for crew in crews]
        servers = [head * crew.slots for head, crew in zip(heads, crews, strict=True)]
        if not sum(servers):
            return own + (0.0 if spec.wrap_up is None else spec.wrap_up.mean), 1.0
        pace = self.scenario.media[spec.medium].pace_of
        times = [own / crew.speed / pace(max(1, crew.slots)) + crew.wrap_up_s for crew in crews]
        rates = [server / time for server, time in zip(servers, times, strict=True) if server and time > 0]
        return sum(servers) / sum(rates) if rates else 0.0, sum(servers) / sum(heads)


def combined(rows: Sequence[SheetRow], agents: float) -> SheetRow:
    """Return a queue over several intervals or dates; `agents` is the mean of those who are there."""
    busy = [row for row in rows if row.volume > 0]
    volume = [row.volume for row in busy]
    answered = [row.volume * (1.0 - row.abandoned_a) for row in busy]
    return SheetRow(
        rows[0].queue if rows else "", "", sum(volume), _mean([row.handle for row in busy], volume), agents,
        _mean([row.servers for row in busy], volume),
        _mean([row.in_time_c for row in busy], volume), _mean([row.asa_c for row in busy], volume),
        _mean([row.in_time_a for row in busy], volume), _mean([row.asa_a for row in busy], answered),
        _mean([row.abandoned_a for row in busy], volume),
    )  # fmt: skip


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return a weighted mean; values of weight 0 do not count, even where they are infinite or NaN."""
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if weight > 0]
    whole = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / whole if whole else math.nan
