"""What one agent more or fewer does to each goal, for every team and interval, from few simulations.

A comb: one agent more in every third interval of a team at once; each tooth answers for its own interval and the two
after it. Teams that share no queue are combed together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from sim.metrics.columns import FloatArray
from sim.scenario import Scenario
from sim.scenario.checks.service import reached
from sim.scenario.expected import handle_law
from sim.scenario.teams import serves
from sim.staffing.choices import Choices, head_counts
from sim.staffing.days import Days
from sim.staffing.goals import Goals, Row
from sim.staffing.overtime import Staying, late_h

SLOPE_DAYS = 6
TEETH = 3


@dataclass(frozen=True)
class Slopes:
    """By team, interval and row: the gain of one agent more, and the loss of one fewer, at least as large.

    `more_costs` and `fewer_costs` are what one agent more, or fewer, adds to the cost of those who stay after the end.
    """

    gain: FloatArray
    loss: FloatArray
    more_costs: FloatArray
    fewer_costs: FloatArray


def slopes(choices: Choices, goals: Goals, days: Days, heads: FloatArray) -> Slopes:
    """Find the slopes at head-counts, by combs in both directions on the first days."""
    base = np.rint(heads)
    combs = list(_combs(choices, base, apart(choices, goals)))
    found = days.parts(
        [head_counts(choices.scenario, choices.teams, one) for one in (base, *(c.heads for c in combs))],
        SLOPE_DAYS,
    )
    shape = (*heads.shape, len(goals.rows))
    gain, loss = np.zeros(shape), np.zeros(shape)
    for comb, parts in zip(combs, found[1:], strict=True):
        for number, row in enumerate(goals.rows):
            target = gain if comb.step > 0 else loss
            for team in comb.teams:
                if _concerns(choices, choices.teams[team], row):
                    _book(target[team, :, number], comb, row, comb.step * _change(row, parts, found[0]))
    gain = np.maximum(gain, 0.0)
    more, fewer = (_staying_costs(Staying.of(choices), base, combs, found, step) for step in (1, -1))
    # One more and one fewer together save nothing.
    return Slopes(gain, np.maximum(loss, gain), more, np.maximum(fewer, -more))


def _staying_costs(
    staying: Staying, base: FloatArray, combs: Sequence["_Comb"], found: Sequence[FloatArray], step: int
) -> FloatArray:
    """Return by team and interval what an agent more (`step` 1) or fewer adds to the cost of those who stay.

    Who is there in the last interval stays as long as before; how much sooner or later the day ends is booked to the
    teeth of a comb alike.
    """
    costs, usual = np.zeros_like(base), late_h(found[0])
    costs[:, -1] = step * staying.planned * usual
    for comb, parts in zip(combs, found[1:], strict=True):
        if comb.step == step:
            change = staying.an_hour(comb.heads) * (late_h(parts) - usual)
            costs[np.ix_(comb.teams, comb.teeth)] += change / (len(comb.teams) * len(comb.teeth))
    return costs


@dataclass(frozen=True)
class _Comb:
    """Head-counts with one agent more or fewer in the intervals `teeth` of some teams; each answers for `width`."""

    teams: tuple[int, ...]
    step: int
    teeth: tuple[int, ...]
    width: int
    heads: FloatArray


def _combs(choices: Choices, base: FloatArray, groups: Sequence[tuple[int, ...]]) -> Iterator[_Comb]:
    intervals = base.shape[1]
    width = min(width_of(choices.scenario), intervals)
    for step in (1, -1):
        for teams in groups:
            for phase in range(width):
                teeth = tuple(range(phase, intervals, width))
                heads = base.copy()
                for team in teams:
                    heads[team, list(teeth)] = np.maximum(heads[team, list(teeth)] + step, 0.0)
                yield _Comb(teams, step, teeth, width, heads)


def width_of(scenario: Scenario) -> int:
    """Return the intervals for which a tooth answers: its own and those in which its contacts end."""
    longest = max(handle_law(scenario, queue).mean for queue in scenario.queues)
    return max(TEETH, 2 + ceil(longest / scenario.interval))


def _change(row: Row, parts: FloatArray, base: FloatArray) -> FloatArray:
    """Return how a comb changed a row, on average over the days: by interval, or as one number."""
    if row.is_by_interval:
        change: FloatArray = (row.by_interval(parts) - row.by_interval(base)).mean(axis=0)
        return change
    return np.array([(row.by_day(parts) - row.by_day(base)).mean()])


def _book(slope: FloatArray, comb: _Comb, row: Row, change: FloatArray) -> None:
    """Book a change to the teeth of a comb: to that before it, or where no interval is known to all alike."""
    if row.number >= 0:
        before = [tooth for tooth in comb.teeth if tooth <= row.number < tooth + comb.width]
        if before:
            slope[before[0]] = change[0]
        return
    for tooth in comb.teeth:
        if row.is_by_interval:
            slope[tooth] = change[tooth : tooth + comb.width].sum()
        else:
            slope[tooth] = change[0] / len(comb.teeth)


# Teams that do not meet.

FEW_TEAMS = 8
"""Of more teams, those that share no queue are combed together, although they may meet through a third one."""


def apart(choices: Choices, goals: Goals) -> list[tuple[int, ...]]:
    """Return groups of teams of which no two change the same rows, so that their combs are told apart.

    Where a goal is about no single queue or team, what a comb does to it cannot be told apart, and each team is alone.
    """
    count = len(choices.teams)
    if any(not {"queue", "team"} & dict(row.claim.measured.place).keys() for row in goals.rows):
        return [(number,) for number in range(count)]
    groups: list[list[int]] = []
    met = [_met(choices, team) for team in choices.teams]
    for number in range(count):
        group = next(
            (group for group in groups if all(not met[number] & met[other] for other in group)), None
        )
        if group is None:
            groups.append([number])
        else:
            group.append(number)
    return [tuple(group) for group in groups]


def _met(choices: Choices, team: str) -> set[str]:
    """Return the queues whose customers a team may change: those it serves, and where teams are few all beyond."""
    scenario = choices.scenario
    found = {queue for queue in scenario.queues if serves(scenario, team, queue)}
    if len(choices.teams) > FEW_TEAMS:
        return found
    ways = [set(reached(scenario, (queue,))) for queue in scenario.queues]
    ways += [
        {queue for queue in scenario.queues if serves(scenario, other, queue)} for other in scenario.teams
    ]
    while True:
        wider = found.union(*(way for way in ways if way & found))
        if wider == found:
            return found
        found = wider


def _concerns(choices: Choices, team: str, row: Row) -> bool:
    """Return whether what a comb of a team and others does to a row is the team's."""
    place = dict(row.claim.measured.place)
    if "queue" in place:
        return place["queue"] in _met(choices, team)
    return "team" not in place or bool(_met(choices, team) & _met(choices, place["team"]))
