"""Contacts that are expected of a scenario, their handle times and the agents on duty, interval by interval."""

import numpy as np

from sim.engine.roster import stints_of
from sim.metrics.columns import FloatArray
from sim.metrics.waiting import overlaps
from sim.scenario import Arrivals, Scenario, Team
from sim.scenario.expected import forecast_for, handle_law, shares_of
from sim.workload.arrivals import Rate, expected_rate, handle_means


def agents_on_duty(scenario: Scenario, team: Team, edges: FloatArray) -> FloatArray:
    """Return the mean number of agents present between each two edges, breaks and absence taken off."""
    if scenario.calendar is not None:
        return _on_dates(scenario, team, edges)
    there = _by_head_count(team, edges) if team.head_count is not None else _by_stints(scenario, team, edges)
    lengths = np.diff(edges)  # 0 of an interval that the clock skips
    mean: FloatArray = np.divide(there, lengths, out=np.zeros(len(there)), where=lengths > 0)
    return mean * (1.0 - team.absence)


def _on_dates(scenario: Scenario, team: Team, edges: FloatArray) -> FloatArray:
    """Return the same of a calendar, from each date's midnight to the next."""
    name = next(name for name, one in scenario.teams.items() if one is team)
    total: FloatArray = np.zeros(len(edges) - 1)
    for date in scenario.days:
        own = np.unique(np.clip([*(edges - date.midnight_s), 0.0, date.length_s], 0.0, date.length_s))
        there = agents_on_duty(date.scenario, date.scenario.teams[name], own) * np.diff(own)
        at = np.searchsorted(edges - date.midnight_s, own[:-1], side="right") - 1
        inside = (at >= 0) & (at < len(total))
        total += np.bincount(at[inside], weights=there[inside], minlength=len(total))
    return total / np.diff(edges)


def _by_head_count(team: Team, edges: FloatArray) -> FloatArray:
    """Return agent-seconds by a head-count; its last number goes on."""
    assert team.head_count is not None
    counts = np.array(team.head_count.counts, dtype=np.float64)
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
        for queue, expected in _of(scenario, stream, edges).items():
            found[queue] += expected * (1.0 - (stream.self_service.contained if stream.self_service else 0.0))
    return found


def handle_time_factors(scenario: Scenario, edges: FloatArray) -> dict[str, FloatArray]:
    """Return, for each queue and between each two edges, the factor on the mean of its handle time's law.

    It is 1 but where forecasts name an AHT or the law is one by the time of day: there the mean over the contacts
    that are expected.
    """
    work, whole = volumes(scenario, edges), volumes(scenario, edges)
    for stream in scenario.arrivals:
        for queue, share in shares_of(scenario, stream).items():
            law = handle_law(scenario, queue)
            if not law.mean > 0:
                continue
            rows = forecast_for(scenario, stream, queue)
            moments, means, _ = handle_means(rows, law, scenario)
            factors = means * stream.aht_factor / law.mean
            surplus = _surplus(expected_rate(scenario, stream), moments, factors, edges)
            work[queue] += (
                surplus * share * (1.0 - (stream.self_service.contained if stream.self_service else 0.0))
            )
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


def _of(scenario: Scenario, stream: Arrivals, edges: FloatArray) -> dict[str, FloatArray]:
    if stream.queues:
        expected = _between(expected_rate(scenario, stream), edges)
        return {queue: expected * share for queue, share in shares_of(scenario, stream).items()}
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
