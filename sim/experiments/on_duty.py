"""How many agents of a team are there, interval by interval."""

import numpy as np

from sim.engine.roster import stints_of
from sim.metrics.inputs import FloatArray, overlaps
from sim.scenario import Scenario, Team


def agents_on_duty(scenario: Scenario, team: Team, edges: FloatArray) -> FloatArray:
    """Return the mean number of agents present between each two edges, breaks and absence taken off."""
    there = _by_head_count(team, edges) if team.head_count is not None else _by_stints(scenario, team, edges)
    return there / np.diff(edges) * (1.0 - team.absence)


def _by_head_count(team: Team, edges: FloatArray) -> FloatArray:
    """Add up the time of a head-count; the last one holds on."""
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
