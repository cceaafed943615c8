"""What one agent more or fewer does to each goal, for every team and interval, from few simulations.

A comb: one agent more in every third interval of a team at once; each tooth answers for its own interval and the two
after it. Teams that share no queue are combed together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
FEWER_DAYS = 2
"""Days on which combs are simulated as long as a search is rough, and has slopes of a round before."""
AMONG_DAYS = 24
"""Rounds take turns in so many days."""
REMEMBERED = 9.0
"""What was seen of a place on earlier days counts as so many at most."""
BESIDE = 0.5
"""The weight of what was seen with one agent more or fewer."""


@dataclass(frozen=True)
class Slopes:
    """By team, interval and row: the gain of one agent more, and the loss of one fewer, at least as large.

    `more_costs` and `fewer_costs` are what one agent more, or fewer, adds to the cost of those who stay after the end.
    """

    gain: FloatArray
    loss: FloatArray
    more_costs: FloatArray
    fewer_costs: FloatArray


class KnownSlopes:
    """The slopes that the rounds of a search have seen: each simulates few days, and remembers those before it.

    Where the agents of a team in an interval are as many as before, what was seen then is averaged with what is seen
    now; each round takes other days than the one before it.
    """

    def __init__(self, choices: Choices, goals: Goals, days: Days) -> None:
        self._of = choices, goals, days
        self._found: Slopes | None = None
        self._heads = np.empty(0)
        self._days = np.zeros(1)
        self._next = 0

    def at(self, heads: FloatArray, days: int = SLOPE_DAYS) -> Slopes:
        """Return the slopes at head-counts, seen on so many days more. Raises SearchOverError."""
        if self._found is not None and np.array_equal(heads, self._heads) and self._days.min() >= SLOPE_DAYS:
            return self._found
        among = min(AMONG_DAYS, len(self._of[2].numbers))
        wanted = min(SLOPE_DAYS if self._found is None else days, among)
        first = self._next if self._next + wanted <= among else 0
        seen = slopes(*self._of, heads, wanted, first)
        if self._found is None:
            self._days = np.zeros_like(heads)
            self._found = seen
        else:
            step = np.rint(heads) - np.rint(self._heads)
            kept = np.where(step == 0, 1.0, np.where(np.abs(step) == 1, BESIDE, 0.0))
            self._days = kept * np.minimum(self._days, REMEMBERED)
            self._found = _averaged(_moved(self._found, step), seen, self._days / (self._days + wanted))
        self._days, self._heads, self._next = self._days + wanted, heads, first + wanted
        return self._found


def _moved(before: Slopes, step: FloatArray) -> Slopes:
    """Return slopes as they are to be expected a step on: what one fewer loses there is what one more gained here."""
    up, down = (step > 0)[..., np.newaxis], (step < 0)[..., np.newaxis]
    gain = np.where(down, before.loss, before.gain)
    return replace(before, gain=gain, loss=np.where(up, before.gain, before.loss))


def _averaged(before: Slopes, now: Slopes, weight: FloatArray) -> Slopes:
    """Return the means of slopes; `weight` is that of the earlier ones by team and interval."""

    def mean(one: FloatArray, other: FloatArray) -> FloatArray:
        share = weight if one.ndim == weight.ndim else weight[..., np.newaxis]
        found: FloatArray = share * one + (1.0 - share) * other
        return found

    return Slopes(
        mean(before.gain, now.gain), mean(before.loss, now.loss),
        mean(before.more_costs, now.more_costs), mean(before.fewer_costs, now.fewer_costs),
    )  # fmt: skip


def slopes(
    choices: Choices, goals: Goals, days: Days, heads: FloatArray, count: int = SLOPE_DAYS, after: int = 0
) -> Slopes:
    """Find the slopes at head-counts, by combs in both directions on `count` days, those before `after` left out."""
    base = np.rint(heads)
    combs = list(_combs(choices, base, apart(choices, goals)))
    found = days.parts(
        [head_counts(choices.scenario, choices.teams, one) for one in (base, *(c.heads for c in combs))],
        count,
        after,
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
