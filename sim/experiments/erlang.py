"""Erlang's formulas for one queue, and for each queue and interval of a scenario."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from sim.engine.roster import stints_of
from sim.errors import SimError
from sim.metrics.cells import Axes, FloatArray, overlaps
from sim.scenario import Arrivals, Queue, Scenario, Team
from sim.scenario.checks.service import serves
from sim.scenario.numbers import rate
from sim.theory import ErlangC, erlang_a, erlang_b, halfin_whitt, least_agents, square_root_staffing
from sim.theory.birth_death import at_least, positive
from sim.workload.arrivals import Rate, handle_factors, rate_of

Model = Literal["C", "A"]


class StaffingRow(NamedTuple):
    """The formulas' figures for a number of agents; times in seconds, the rest shares.

    `blocked` is Erlang B's, for no waiting places; the columns ending in `_c` are Erlang C's, for endless
    patience, those in `_a` Erlang A's, NaN where no patience is given. Waits that grow without end are infinite.
    """

    agents: int
    occupancy: float
    blocked: float
    waits_c: float
    in_time_c: float
    asa_c: float
    waits_a: float
    in_time_a: float
    abandoned_a: float
    asa_a: float


@dataclass(frozen=True, slots=True)
class Calculation:
    """Poisson arrivals at `rate` a second, exponential handling of mean `handle`, and `patience`; in seconds.

    Raises SimError for times and rates that are not above 0.
    """

    rate: float
    handle: float
    patience: float | None = None
    within: float = 20.0

    def __post_init__(self) -> None:
        positive(rate=self.rate, handle_time=self.handle)
        at_least(0, within=self.within)
        if self.patience is not None:
            positive(patience=self.patience)

    @property
    def load(self) -> float:
        """Arrival rate times mean handle time, in Erlang."""
        return self.rate * self.handle

    def row(self, agents: int) -> StaffingRow:
        """Return all figures for a number of agents; without agents no contact is served."""
        if agents == 0:
            lost = math.nan if self.patience is None else 1.0
            return StaffingRow(0, 1.0, 1.0, 1.0, 0.0, math.inf, lost, lost - 1.0, lost, math.nan)
        c = ErlangC(self.rate, 1 / self.handle, agents)
        in_time = c.waits_within(self.within) if c.is_stable else 0.0
        endless = (c.occupancy, erlang_b(agents, self.load), c.delay_probability, in_time, c.mean_wait)
        return StaffingRow(agents, *endless, *self._impatient(agents))

    def least(self, target: float, model: Model) -> int:
        """Return the smallest number of agents with which the share `target` is answered in time.

        Raises SimError where there is none, or the model has no patience.
        """
        if not 0 < target < 1:
            raise SimError(f"the target must lie between 0% and 100%, not be {target * 100:g}%")
        if model == "A" and self.patience is None:
            raise SimError("Erlang A needs a patience")
        column = "in_time_c" if model == "C" else "in_time_a"
        return least_agents(lambda agents: bool(getattr(self.row(agents), column) >= target))

    def by_square_root(self, target: float) -> tuple[int, float]:
        """Return the agents that the square-root rule asks for, and its safety factor beta.

        With R the load, N = R + beta sqrt(R), where beta is such that the share that waits longer than
        `within`, halfin_whitt(beta) exp(-beta sqrt(R) within / handle), is 1 - target (S. Halfin & W. Whitt 1981).
        """
        low, high = 1e-9, 40.0
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if self._late(middle) > 1 - target else (low, middle)
        return square_root_staffing(self.load, high), high

    def _late(self, beta: float) -> float:
        return halfin_whitt(beta) * math.exp(-beta * math.sqrt(self.load) * self.within / self.handle)

    def _impatient(self, agents: int) -> tuple[float, float, float, float]:
        if self.patience is None:
            return math.nan, math.nan, math.nan, math.nan
        a = erlang_a(self.rate, 1 / self.handle, agents, 1 / self.patience)
        return a.delay_probability, a.service_level(self.within), a.abandoned, a.asa


def parse_rate(text: str) -> float:
    """Read contacts a second from 100/h, 2/min, 100/30min, 800/d or 100, which is an hour's. Raises SimError."""
    try:
        return rate(text)
    except ValueError as error:
        raise SimError(f"--rate {error}") from None


# Agents and contacts of a scenario, interval by interval.


def agents_on_duty(scenario: Scenario, team: Team, edges: FloatArray) -> FloatArray:
    """Return the mean number of agents present between each two edges, breaks and absence taken off."""
    there = _by_head_count(team, edges) if team.head_count is not None else _by_stints(scenario, team, edges)
    return there / np.diff(edges) * (1.0 - team.absence)


def _by_head_count(team: Team, edges: FloatArray) -> FloatArray:
    """Return agent-seconds by a head-count; its last number goes on."""
    assert team.head_count is not None
    counts = np.array(team.head_count.agents, dtype=np.float64)
    starts = np.arange(len(counts)) * team.head_count.every
    ends = np.append(starts[1:], max(edges[-1], starts[-1]))
    spent = [
        overlaps(np.array([start]), np.array([end]), edges) for start, end in zip(starts, ends, strict=True)
    ]
    total: FloatArray = counts @ np.array(spent)
    return total


def _by_stints(scenario: Scenario, team: Team, edges: FloatArray) -> FloatArray:
    stints = [stint for number in range(1, team.agents + 1) for stint in stints_of(scenario, team, number)]
    last = edges[-1]
    there = [(stint.start, min(stint.end, last)) for stint in stints if stint.start < last]
    away = [
        (min(at, last), min(at + length, stint.end, last)) for stint in stints for at, length in stint.breaks
    ]
    return _time(there, edges) - _time(away, edges)


def _time(spans: list[tuple[float, float]], edges: FloatArray) -> FloatArray:
    if not spans:
        return np.zeros(len(edges) - 1)
    starts, ends = np.array(spans).T
    return overlaps(starts, ends, edges)


def volumes(scenario: Scenario, edges: FloatArray) -> dict[str, FloatArray]:
    """Return the contacts that ask for each queue between each two edges, without those that a bot helps."""
    found = {name: np.zeros(len(edges) - 1) for name in scenario.queues}
    for stream in scenario.arrivals:
        for queue, expected in _of(stream, scenario.lasts, edges).items():
            found[queue] += expected * (1.0 - (stream.self_service.contained if stream.self_service else 0.0))
    return found


def handle_time_factors(scenario: Scenario, edges: FloatArray) -> dict[str, FloatArray]:
    """Return, for each queue and between each two edges, the factor on the mean of its handle time's law.

    It is 1 but where forecasts name an AHT: there the mean over the contacts that are expected.
    """
    work, whole = volumes(scenario, edges), volumes(scenario, edges)
    for stream in scenario.arrivals:
        if stream.queue is None:
            continue
        found = handle_factors(stream.forecast, scenario.queues[stream.queue].handle_time.mean)
        if found is None:
            continue
        contained = stream.self_service.contained if stream.self_service else 0.0
        work[stream.queue] += _surplus(rate_of(stream, scenario.lasts), *found, edges) * (1.0 - contained)
    return {
        queue: np.divide(work[queue], whole[queue], out=np.ones(len(edges) - 1), where=whole[queue] > 0)
        for queue in scenario.queues
    }


def _surplus(rate: Rate, starts: FloatArray, factors: FloatArray, edges: FloatArray) -> FloatArray:
    """Return the sum over the contacts between each two edges of their factor less 1."""
    fine = np.unique(np.concatenate((edges, starts[(starts > edges[0]) & (starts < edges[-1])])))
    rows = np.searchsorted(starts, fine[:-1], side="right") - 1
    surplus = _between(rate, fine) * (np.where(rows < 0, 1.0, factors[np.maximum(rows, 0)]) - 1.0)
    return np.add.reduceat(surplus, np.searchsorted(fine, edges[:-1]))


def _of(stream: Arrivals, lasts: float, edges: FloatArray) -> dict[str, FloatArray]:
    if stream.queue is not None:
        return {stream.queue: _between(rate_of(stream, lasts), edges)}
    queues = dict.fromkeys(contact.queue for contact in stream.contacts)
    return {
        queue: np.histogram([c.offered_at for c in stream.contacts if c.queue == queue], edges)[0].astype(
            float
        )
        for queue in queues
    }


def _between(rate: Rate, edges: FloatArray) -> FloatArray:
    """Return the expected arrivals between each two edges."""
    if not rate.volumes.size:
        return np.zeros(len(edges) - 1)
    reached = np.concatenate(([0.0], np.cumsum(rate.volumes)))
    knots = np.column_stack((rate.starts, rate.ends)).ravel()
    by_edge: FloatArray = np.interp(edges, knots, np.repeat(reached, 2)[1:-1])
    return np.diff(by_edge)


# A scenario by Erlang's formulas, as a planner's spreadsheet has it.


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
        """Agents of each queue in each interval: every team is divided by the load of its queues."""
        found = {name: np.zeros(len(self.names)) for name in self.scenario.queues}
        for name, team in self.scenario.teams.items():
            served = [queue for queue in self.scenario.queues if name in self.teams_of(queue)]
            if served:
                there = agents_on_duty(self.scenario, team, self.edges)
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
        patience = None if spec.patience is None else spec.patience.mean
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
            + team.wrap_up.mean
            for name, team in teams
        ]
        return _mean(times, [float(team.agents) for _, team in teams])


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return a weighted mean; values of weight 0 do not count, even where they are infinite or NaN."""
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if weight > 0]
    whole = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / whole if whole else math.nan
