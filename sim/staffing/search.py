"""The search for the least costly staffing: rounds of slopes and a local model, then single shifts exchanged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np

from sim.metrics.columns import FloatArray, IntArray
from sim.staffing.choices import Choices
from sim.staffing.days import Days, SearchOverError
from sim.staffing.goals import Goals
from sim.staffing.improve import LocalModel
from sim.staffing.overtime import Staying
from sim.staffing.slopes import FEWER_DAYS, SLOPE_DAYS, KnownSlopes, Slopes
from sim.staffing.start import GAP

ROUNDS = 10
RADIUS = 2
MENDING = 3.0
"""What it costs about to mend one contact that is missing, in agents of an average interval."""
MENDINGS = 6
FURTHER = 0.1
"""Contacts that a mended staffing aims at beyond a row, at least, for each time that it was missed."""
WORTH_A_ROUND = 1e-3
"""A round that saves less than this part of the cost has brought nothing."""
MOST_TRIES = 6
"""Exchanges of shifts that are simulated, the most promising first."""
FEW_CHOICES, MOST_TRIES_OF_FEW = 4, 150
"""Where there are so few shifts to choose from, changes of several of them by two at most are tried too."""
FEW_DAYS = 6
"""An exchange that surely misses a goal by what it changed on so many days is not simulated on the others."""
SURE = 2.0
"""Standard errors below 0 that make a row surely missed on few days."""
FEWEST = 0.5
"""Contacts below 0 that few days do not tell from none."""
KEPT = -1e-9
ROUGH_GAP = 1e-2
"""Of the local model as long as few days make it rough."""
PART, FEWEST_DAYS = 4, 2
"""A glimpse of a staffing takes the days divided by this, where these are enough to tell how changes differ."""


class Round(NamedTuple):
    """A plan on the way: what it costs, how many rows it misses, and what had been spent by then."""

    stage: str
    cost: float
    missed: int
    days: int


@dataclass(frozen=True, eq=False)
class Tried:
    """A staffing and what it does on the search's own days; `staying_cost` is that of those who stay after the end."""

    x: IntArray
    cost: float
    staying_cost: float
    room: FloatArray
    errors: FloatArray

    @property
    def whole_cost(self) -> float:
        """What the search makes least: the cost of the roster and of those who stay."""
        return self.cost + self.staying_cost

    @property
    def missed(self) -> int:
        """How many rows are below 0."""
        return int((self.room < KEPT).sum())

    @property
    def lack(self) -> float:
        """How much is missing, in contacts."""
        return float(-np.minimum(self.room, 0.0).sum())


OnRound = Callable[[Round, "Tried | None"], None]
"""Receives each round, and the best plan so far."""


@dataclass
class Search:
    """A search under way. `caution` is how many standard errors rows are kept above 0, `margin` what is added to it."""

    choices: Choices
    goals: Goals
    days: Days
    on_round: OnRound
    caution: float = 0.0
    margin: FloatArray | None = None
    first: int | None = None
    best: Tried | None = None
    nearest: Tried | None = None
    path: list[Round] = field(default_factory=list)
    model: LocalModel | None = None
    anchor: FloatArray | None = None

    def tried(self, x: IntArray) -> Tried:
        """Simulate a staffing on the search's days. Raises SearchOverError."""
        parts = self.days.parts([self.choices.rosters(x)], self.first)[0]
        self.anchor = parts
        return self._told(x, *self.goals.values(parts), parts)

    def glimpsed(self, x: IntArray) -> Tried:
        """Simulate a staffing on a part of the days, and on all of them only where that leaves open what it is worth.

        What changes from another staffing, which the same customers met, is known from few days: that, and what the
        other one did on all days, is enough of a staffing that is no better than the best. Raises SearchOverError.
        """
        before = self.anchor
        if before is None or not self._are_means or len(before) // PART < FEWEST_DAYS:
            return self.tried(x)
        few = len(before) // PART
        parts = self.days.parts([self.choices.rosters(x)], few)[0]
        values, errors = self.goals.values(before)
        change, spread = self.goals.changes(before[:few], parts)
        one = self._told(x, values + change, errors, parts)
        is_best = not one.missed and (self.best is None or one.whole_cost < self.best.whole_cost)
        return self.tried(x) if is_best or spread.sum() > errors.sum() else one

    @property
    def _are_means(self) -> bool:
        """Whether every row is a mean over the days, so that changes add up."""
        return all(row.share_of_days is None for row in self.goals.rows)

    def _told(self, x: IntArray, values: FloatArray, errors: FloatArray, parts: FloatArray) -> Tried:
        margin = np.zeros(len(values)) if self.margin is None else self.margin
        staying = self.staying.cost(self.choices.heads(x), parts)
        return Tried(x, self.choices.total_cost(x), staying, values - self.caution * errors - margin, errors)

    @cached_property
    def staying(self) -> Staying:
        """What those cost who stay after the end."""
        return Staying.of(self.choices)

    def note(self, stage: str, one: Tried) -> None:
        """Keep what is better than all before, and tell of it."""
        if one.missed == 0 and (self.best is None or one.whole_cost < self.best.whole_cost - 1e-9):
            self.best = one
        if self.nearest is None or self.worth(one) < self.worth(self.nearest):
            self.nearest = one
        self.path.append(Round(stage, one.cost, one.missed, self.days.effort.days))
        self.on_round(self.path[-1], self.best)

    def descend(self, x: IntArray, stage: str, patience: int = 3) -> None:
        """Go down from a staffing until `patience` rounds in a row have brought nothing.

        Raises SearchOverError where the allowed days are spent.
        """
        now = self.tried(x)
        self.note(stage, now)
        hopes, radius, stalled, least = np.zeros(len(now.room)), RADIUS, 0, self.worth(now)
        for _ in range(ROUNDS):
            self.model = LocalModel(self.choices, self.choices.heads(now.x), now.room, self._slopes(now))
            x2 = replace(self.model, room=now.room - hopes).cheapest(radius, gap=self._gap)
            if x2 is None or (np.array_equal(x2, now.x) and radius == 1):
                return
            then = self.glimpsed(np.asarray(x2, dtype=np.int64))
            self.note(stage, then)
            hopes = np.where(then.room < KEPT, hopes + 0.5 * np.maximum(-then.room, 0.1), hopes * 0.7)
            if self.worth(then) < least * (1.0 - WORTH_A_ROUND):
                least, stalled = self.worth(then), 0
            else:
                radius, stalled = 1, stalled + 1
            if stalled >= patience:
                return
            now = then

    @property
    def _gap(self) -> float:
        return GAP if self.first is None else ROUGH_GAP

    def mend(self, stage: str) -> None:
        """Go on from the most promising staffing, where it misses rows, with ever more caution about these."""
        now = self.nearest
        hopes: FloatArray = np.zeros(len(self.goals.rows))
        for _ in range(MENDINGS):
            if (
                now is None
                or not now.missed
                or (self.best is not None and now.whole_cost >= self.best.whole_cost)
            ):
                return
            hopes = hopes + np.where(now.room < KEPT, np.maximum(-now.room, FURTHER), 0.0)
            self.model = LocalModel(self.choices, self.choices.heads(now.x), now.room, self._slopes(now))
            x = replace(self.model, room=now.room - hopes).cheapest(1)
            if x is None or np.array_equal(x, now.x):
                return
            now = self.glimpsed(np.asarray(x, dtype=np.int64))
            self.note(f"{stage}, mended", now)

    def worth(self, one: Tried) -> float:
        """Return the cost of a staffing, and of the agents that would mend what it lacks."""
        return one.whole_cost + MENDING * float(self.choices.wages().mean()) * one.lack

    @cached_property
    def known(self) -> KnownSlopes:
        """The slopes that the rounds have seen."""
        return KnownSlopes(self.choices, self.goals, self.days)

    def _slopes(self, one: Tried) -> Slopes:
        return self.known.at(self.choices.heads(one.x), SLOPE_DAYS if self.first is None else FEWER_DAYS)

    # Exchanges.

    def exchange(self, stage: str) -> None:
        """Take away single shifts, or put cheaper ones in their place, as long as every row holds."""
        tries = 0
        improved = self.best is not None
        while improved and tries < self._most_tries:
            improved = False
            assert self.best is not None
            start = self.best
            model = LocalModel(self.choices, self.choices.heads(start.x), start.room, self._slopes(start))
            self.model = model
            for x in self._promising(model, start):
                tries += 1
                if self._holds(x, start, stage):
                    improved = True
                    break
                if tries >= self._most_tries:
                    return

    @property
    def _most_tries(self) -> int:
        return MOST_TRIES_OF_FEW if self._has_few_choices else MOST_TRIES

    @property
    def _has_few_choices(self) -> bool:
        return self.choices.are_shifts and len(self.choices.items) <= FEW_CHOICES

    def _holds(self, x: IntArray, start: Tried, stage: str) -> bool:
        """Simulate an exchange, on few days first; keep it where every row holds and it is cheaper."""
        self.anchor = self.days.parts([self.choices.rosters(start.x)], self.first)[0]
        if not self._has_few_choices and self._are_means and self._surely_misses(x, start):
            return False
        one = self.tried(x) if self._has_few_choices else self.glimpsed(x)
        if one.missed or (self.best is not None and one.whole_cost >= self.best.whole_cost - 1e-9):
            return False
        self.note(stage, one)
        return True

    def _surely_misses(self, x: IntArray, start: Tried) -> bool:
        before, now = self.days.parts([self.choices.rosters(one) for one in (start.x, x)], FEW_DAYS)
        change, spread = self.goals.changes(before, now)
        return bool((start.room + change < -SURE * spread - FEWEST).any())

    def _promising(self, model: LocalModel, start: Tried) -> Iterator[IntArray]:
        """Give cheaper staffings one exchange away, the most promising by the model first."""
        found: list[tuple[float, int, IntArray]] = []
        for roster_saves, moves in self._moves(start.x):
            x = start.x.copy()
            for number, step in moves:
                x[number] += step
            heads = self.choices.heads(x)
            if ((heads < self.choices.least) | (heads > self.choices.most)).any():
                continue
            if not self.choices.keeps_shares(x):
                continue
            saved = roster_saves - model.staying_change(heads)
            lack = float(-np.minimum(model.predicted(heads), 0.0).sum())
            found.append((lack * float(self.choices.wages().mean()) * 5.0 - saved, len(found), x))
        found.sort(key=lambda one: one[:2])
        yield from (x for _, _, x in found[: self._most_tries])

    def _moves(self, x: IntArray) -> Iterator[tuple[float, tuple[tuple[int, int], ...]]]:
        """Give every exchange that saves something, with what it saves."""
        cost = self.choices.cost
        for number in np.flatnonzero(x > 0):
            yield float(cost[number]), ((int(number), -1),)
            for other in np.flatnonzero(cost < cost[number] - 1e-9):
                if other != number:
                    yield float(cost[number] - cost[other]), ((int(number), -1), (int(other), 1))
        if self._has_few_choices:
            yield from self._near(x)

    def _near(self, x: IntArray) -> Iterator[tuple[float, tuple[tuple[int, int], ...]]]:
        """Give every change of few numbers by two at most that saves something."""
        for steps in product(range(-2, 3), repeat=len(x)):
            saved = -float(self.choices.cost @ np.array(steps))
            if saved > 1e-9 and sum(map(abs, steps)) > 2 and (x + np.array(steps) >= 0).all():
                yield saved, tuple(enumerate(steps))


def searched(search: Search, x: IntArray, stage: str, *, exchanges: bool = True, patience: int = 3) -> None:
    """Search from a staffing; what is best when the allowed days are spent stands."""
    try:
        search.descend(x, stage, patience)
        if exchanges:
            search.mend(stage)
            search.exchange(f"{stage}, exchanges")
    except SearchOverError:
        return
