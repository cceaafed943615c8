"""Erlang's formulas for each queue and interval of a scenario, as a planner's spreadsheet has them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.experiments.demand_and_staffing import agents_on_duty, handle_time_factors, volumes
from sim.experiments.erlang.calculation import Calculation, Model
from sim.metrics.cells import Axes, FloatArray
from sim.scenario import Queue, Scenario
from sim.scenario.checks.service import serves
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
    servers: int
    in_time_c: float
    asa_c: float
    in_time_a: float
    asa_a: float
    abandoned_a: float


class PlannedRow(NamedTuple):
    """A queue in an interval: what is there, what is needed, and how it would go by Erlang C and A.

    `agents` are those present and `gross` those before absence. `needed_c` and `needed_a` are the least whole agents
    that reach the queue's service level; NaN without a level, or without a patience for A.
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


@dataclass(frozen=True)
class ErlangSheet:
    """The intervals of a scenario as a planner would enter them in a spreadsheet, with the formulas' figures.

    Each interval is a steady state of its own. The volume is that of the forecast: contacts that arrive, without
    transfers. A team that serves several queues is divided by their load. An agent with several chats
    at once counts as as many servers, each at the pace of a full desk; wrap-up is part of the handle time.
    """

    scenario: Scenario

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
        return [self._row(queue, number) for number in range(len(self.names))]

    def day(self, queue: str) -> SheetRow:
        """Return a queue over the day: means over its contacts, for the wait and Erlang A over the answered ones."""
        rows = [row for row in self.intervals(queue) if row.volume > 0]
        volume = [row.volume for row in rows]
        answered = [row.volume * (1.0 - row.abandoned_a) for row in rows]
        hours = np.diff(self.edges)
        agents = self._agents[queue].tolist()
        servers = round(_mean([float(row.servers) for row in rows], volume)) if rows else 0
        return SheetRow(
            queue, "", sum(volume), _mean([row.handle for row in rows], volume), _mean(agents, hours.tolist()), servers,
            _mean([row.in_time_c for row in rows], volume), _mean([row.asa_c for row in rows], volume),
            _mean([row.in_time_a for row in rows], volume), _mean([row.asa_a for row in rows], answered),
            _mean([row.abandoned_a for row in rows], volume),
        )  # fmt: skip

    def planned(self, queue: str) -> list[PlannedRow]:
        """Return what is there and what is needed, interval by interval."""
        return [self._planned(row, number) for number, row in enumerate(self.intervals(queue))]

    def _planned(self, row: SheetRow, number: int) -> PlannedRow:
        length = float(self.edges[number + 1] - self.edges[number])
        load = row.volume / length * row.handle if row.volume else 0.0
        there = row.agents * self._slots(row.queue)
        busy = min(1.0, load / there) if there > 0 else math.nan
        return PlannedRow(
            row.queue, row.interval, row.volume, row.handle, load, row.agents, float(self._gross[row.queue][number]),
            self._needed(row, length, "C"), self._needed(row, length, "A"), row.in_time_c, row.in_time_a, row.asa_c,
            row.asa_a, row.abandoned_a, busy,
        )  # fmt: skip

    def _needed(self, row: SheetRow, length: float, model: Model) -> float:
        """Return the least agents, each with as many conversations as they may have at once."""
        spec = self.scenario.queues[row.queue]
        level, patience = spec.service_level, None if spec.patience is None else spec.patience.mean
        if level is None or not 0 < level.target < 1 or (model == "A" and patience is None):
            return math.nan
        if not row.volume:
            return 0.0
        if not row.handle > 0:
            return math.nan
        found = Calculation(row.volume / length, row.handle, patience, level.within)
        return float(math.ceil(found.least(level.target, model) / self._slots(row.queue)))

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
    def _agents(self) -> dict[str, FloatArray]:
        """Agents of each queue in each interval, absence taken off."""
        return self._divided({name: team.absence for name, team in self.scenario.teams.items()})

    @cached_property
    def _gross(self) -> dict[str, FloatArray]:
        """Agents of each queue in each interval before absence."""
        return self._divided({})

    def _divided(self, absence: Mapping[str, float]) -> dict[str, FloatArray]:
        """Return the agents of each queue: every team is divided by the load of its queues."""
        found = {name: np.zeros(len(self.names)) for name in self.scenario.queues}
        for name, team in self.scenario.teams.items():
            served = [queue for queue in self.scenario.queues if name in self.teams_of(queue)]
            if served:
                whole = team.model_copy(update={"absence": absence.get(name, 0.0)})
                there = agents_on_duty(self.scenario, whole, self.edges)
                for queue, share in self._shares(served).items():
                    found[queue] += there * share
        return found

    @cached_property
    def _factors(self) -> Mapping[str, FloatArray]:
        """By queue and interval, the factor of the forecasts' AHT on the mean of the law."""
        return handle_time_factors(self.scenario, self.edges)

    def _shares(self, queues: Sequence[str]) -> dict[str, FloatArray]:
        loads = {
            name: self.volumes[name] * self._factors[name] * self.scenario.queues[name].handle_time.mean
            for name in queues
        }
        whole = np.sum(list(loads.values()), axis=0)
        evenly = np.full(len(self.names), 1.0 / len(queues))
        return {
            name: np.divide(load, whole, out=evenly.copy(), where=whole > 0) for name, load in loads.items()
        }

    def _row(self, queue: str, number: int) -> SheetRow:
        spec = self.scenario.queues[queue]
        volume, agents = float(self.volumes[queue][number]), float(self._agents[queue][number])
        handle, servers = self._handle(queue, number), round(agents * self._slots(queue))
        given = (queue, self.names[number], volume, handle, agents, servers)
        if not volume > 0 or not handle > 0:
            return SheetRow(*given, *[math.nan] * 5)
        length = float(self.edges[number + 1] - self.edges[number])
        level = spec.service_level
        clock_s = self.scenario.opens_at + float(self.edges[number])
        patience = None if spec.patience is None else law_at(spec.patience, clock_s).mean
        within = 0.0 if level is None else level.within
        found = Calculation(volume / length, handle, patience, within).row(servers)
        in_time = (found.in_time_c, found.in_time_a) if level is not None else (math.nan, math.nan)
        return SheetRow(*given, in_time[0], found.asa_c, in_time[1], found.asa_a, found.abandoned_a)

    def _slots(self, queue: str) -> float:
        """Return the conversations that an agent of the queue's teams may have at once, on average."""
        medium = self.scenario.queues[queue].medium
        teams = [(name, self.scenario.teams[name]) for name in self.teams_of(queue)]
        return _mean(
            [float(self.scenario.max_tasks_of(name, medium)) for name, _ in teams],
            [float(team.agents) for _, team in teams],
        )

    def _handle(self, queue: str, number: int) -> float:
        """Return the handle time of a queue in an interval, with wrap-up, at the pace of a full desk."""
        spec: Queue = self.scenario.queues[queue]
        medium = self.scenario.media[spec.medium]
        teams = [(name, self.scenario.teams[name]) for name in self.teams_of(queue)]
        times = [
            spec.handle_time.mean
            * float(self._factors[queue][number])
            / team.speed.get(queue, 1.0)
            / medium.pace_of(max(1, self.scenario.max_tasks_of(name, spec.medium)))
            + (spec.wrap_up or team.wrap_up).mean
            for name, team in teams
        ]
        return _mean(times, [float(team.agents) for _, team in teams])


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return a weighted mean; values of weight 0 do not count, even where they are infinite or NaN."""
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if weight > 0]
    whole = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / whole if whole else math.nan
