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
from sim.staffing.slopes import Slopes, slopes

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
FEW_DAYS = 20
"""An exchange that surely misses a goal on so many days is not simulated on the others."""
SURE = 2.0
"""Standard errors below 0 that make a row surely missed on few days."""
KEPT = -1e-9


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

    def tried(self, x: IntArray) -> Tried:
        """Simulate a staffing on the search's days. Raises SearchOverError."""
        parts = self.days.parts([self.choices.rosters(x)], self.first)[0]
        values, errors = self.goals.values(parts)
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
            x2 = replace(self.model, room=now.room - hopes).cheapest(radius)
            if x2 is None or (np.array_equal(x2, now.x) and radius == 1):
                return
            then = self.tried(np.asarray(x2, dtype=np.int64))
            self.note(stage, then)
            hopes = np.where(then.room < KEPT, hopes + 0.5 * np.maximum(-then.room, 0.1), hopes * 0.7)
            if self.worth(then) < least * (1.0 - WORTH_A_ROUND):
                least, stalled = self.worth(then), 0
            else:
                radius, stalled = 1, stalled + 1
            if stalled >= patience:
                return
            now = then

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
            now = self.tried(np.asarray(x, dtype=np.int64))
            self.note(f"{stage}, mended", now)

    def worth(self, one: Tried) -> float:
        """Return the cost of a staffing, and of the agents that would mend what it lacks."""
        return one.whole_cost + MENDING * float(self.choices.wages().mean()) * one.lack

    def _slopes(self, one: Tried) -> Slopes:
        return slopes(self.choices, self.goals, self.days, self.choices.heads(one.x))

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
                if self._holds(x, stage):
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

    def _holds(self, x: IntArray, stage: str) -> bool:
        """Simulate an exchange, on few days first; keep it where every row holds and it is cheaper."""
        few = self.days.parts([self.choices.rosters(x)], FEW_DAYS)[0]
        values, errors = self.goals.values(few)
        if (values < -SURE * np.maximum(errors, 1e-9)).any():
            return False
        one = self.tried(x)
        if one.missed or (self.best is not None and one.whole_cost >= self.best.whole_cost - 1e-9):
            return False
        self.note(stage, one)
        return True

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
