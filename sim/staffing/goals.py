"""Goals as rows of a linear model: each is kept where its row is at least 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.errors import SimError
from sim.experiments.figure_selectors import FigureSelector, check_targets
from sim.gate.days import DaysKept
from sim.gate.margins import target_claims
from sim.gate.sequential import Hypothesis, Side
from sim.metrics.cells import Axes, Cells
from sim.metrics.columns import FloatArray, IntArray
from sim.scenario import Scenario, Target
from sim.scenario.checks.service import requested_queues
from sim.scenario.expected import contacts_of
from sim.staffing.dates import first_interval, interval_names


def goals_of(scenario: Scenario) -> tuple[Target, ...]:
    """Return the goals of a scenario: its own, else the service level of each queue that is asked for.

    Raises SimError where there is nothing to keep, ScenarioError for a goal of an unknown figure.
    """
    check_targets(scenario)
    if scenario.staffing.goals:
        return scenario.staffing.goals
    asked = requested_queues(scenario)
    levels = [(name, queue.service_level) for name, queue in scenario.queues.items() if name in asked]
    found = tuple(
        Target(metric="service_level", queue=name, at_least=level.target)
        for name, level in levels
        if level is not None and level.target > 0
    )
    if not found:
        raise SimError(
            f"{scenario.name}: there is nothing to keep; add `staffing.goals`, or a `service_level` to a queue"
        )
    return found


def with_goals(scenario: Scenario, goals: Sequence[Target]) -> Scenario:
    """Return a scenario whose targets begin with the goals, so that the gate can hold it to them."""
    both = dict.fromkeys([*goals, *scenario.targets])
    return scenario.set("targets", list(both)) if tuple(both) != scenario.targets else scenario


@dataclass(frozen=True)
class Row:
    """One side of one claim: `limit * bottom - sign * top` has to be at least 0, on average or on a share of days.

    `whole` and `cells` are places among the cells that the goals use: the figure's own, and those of its intervals,
    which add up to it; its own one again where it is not given by interval. `number` is the interval that the figure
    is about, -1 for the whole day. `scale` makes rows of different units alike: a unit is one contact more in time.
    """

    claim: Hypothesis
    side: Side
    whole: int
    cells: IntArray
    number: int
    is_ratio: bool
    scale: float
    share_of_days: float | None

    @property
    def is_by_interval(self) -> bool:
        """Whether it is known what each interval adds."""
        return len(self.cells) > 1

    def by_day(self, parts: FloatArray) -> FloatArray:
        """Return the row on each day, from numerators and denominators: an array of (days, 2, cells)."""
        return self._of(parts[:, 0, self.whole], parts[:, 1, self.whole])

    def by_interval(self, parts: FloatArray) -> FloatArray:
        """Return what each interval adds to the row on each day."""
        return self._of(parts[:, 0, self.cells], parts[:, 1, self.cells])

    def _of(self, top: FloatArray, bottom: FloatArray) -> FloatArray:
        sign, limit = self.side
        if self.is_ratio:
            return (limit * bottom - sign * top) / self.scale
        return np.where(np.isnan(top), 0.0, (limit - sign * top) / self.scale)

    def value(self, by_day: FloatArray) -> float:
        """Return what has to be at least 0: the mean over the days, or the value kept on that share of days."""
        if self.share_of_days is None:
            return float(by_day.mean())
        return float(np.quantile(by_day, 1.0 - self.share_of_days, method="higher"))


@dataclass(frozen=True)
class Goals:
    """The goals of a scenario, the claims that they make and the rows of these."""

    scenario: Scenario
    targets: tuple[Target, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> "Goals":
        """Take the goals from a scenario. Raises SimError."""
        return cls(scenario, goals_of(scenario))

    @cached_property
    def claims(self) -> tuple[Hypothesis, ...]:
        """The claims, one for each interval of a goal about each interval; none for those outside a date's hours."""
        held = self.scenario.set("targets", list(self.targets))
        names = interval_names(self.scenario)
        return tuple(
            one for one in target_claims(held) if dict(one.measured.place).get("interval", names[0]) in names
        )

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that are measured, each once."""
        return tuple(dict.fromkeys(claim.measured.metric for claim in self.claims))

    @cached_property
    def cells(self) -> Cells:
        """The layout of what is measured."""
        return Cells.of(Axes.of(self.scenario), self.metrics)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """A row for each side of each claim."""
        return tuple(self._row(claim, side) for claim in self.claims for side in _sides(claim))

    @cached_property
    def used(self) -> IntArray:
        """The cells that the rows use, in order."""
        figures = dict.fromkeys(claim.measured for claim in self.claims)
        return np.unique([cell for figure in figures for cell in (self._whole(figure), *self._parts(figure))])

    @property
    def _intervals(self) -> tuple[str, ...]:
        """The intervals from the opening on, with the one after arrivals have stopped."""
        return self.cells.axes.interval[first_interval(self.scenario) :]

    def _row(self, claim: Hypothesis, side: Side) -> Row:
        figure = claim.measured
        one, names = dict(figure.place).get("interval"), self._intervals
        whole, *parts = np.searchsorted(self.used, [self._whole(figure), *self._parts(figure)]).tolist()
        number = names.index(one) if one is not None else -1
        return Row(
            claim, side, whole, np.array(parts), number, figure.definition.is_ratio, self._scale(figure, side),
            _share_of_days(claim),
        )  # fmt: skip

    def _whole(self, figure: FigureSelector) -> int:
        return self.cells.row(figure.metric, dict(figure.place))

    def _parts(self, figure: FigureSelector) -> list[int]:
        """Return the cells of a figure's intervals; its own alone where it is about one, or not given by interval."""
        if "interval" in dict(figure.place):
            return [self._whole(figure)]
        return self._by_interval(figure, self._intervals)

    def _by_interval(self, figure: FigureSelector, names: Sequence[str]) -> list[int]:
        try:
            place = dict(figure.place)
            if not figure.definition.is_ratio:
                raise SimError("a value of each day is no sum over its intervals")
            return [self.cells.row(figure.metric, {**place, "interval": name}) for name in names]
        except SimError:
            return [self.cells.row(figure.metric, dict(figure.place))]

    def _scale(self, figure: FigureSelector, side: Side) -> float:
        """Return how much of the row's own unit counts as one contact."""
        metric = figure.definition
        limit = abs(side[1])
        if figure.metric == "occupancy":
            return self.scenario.interval
        if metric.is_ratio:
            return 1.0 if metric.is_share else max(limit, 1.0)
        return max(limit, 1.0) / max(
            1.0, sum(contacts_of(self.scenario, one) for one in self.scenario.arrivals)
        )

    def values(self, parts: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the value of each row and its standard error, from an array of (days, 2, used cells)."""
        by_day = [row.by_day(parts) for row in self.rows]
        values = np.array([row.value(one) for row, one in zip(self.rows, by_day, strict=True)])
        days = max(len(parts), 2)
        errors = np.array([one.std(ddof=1) if len(one) > 1 else 0.0 for one in by_day]) / np.sqrt(days)
        return values, errors

    def changes(self, before: FloatArray, now: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return how each row is changed from one staffing to another on the same days, and its standard error."""
        by_day = np.array([row.by_day(now) - row.by_day(before) for row in self.rows])
        spread = by_day.std(axis=1, ddof=1) if by_day.shape[1] > 1 else np.full(len(by_day), np.inf)
        return by_day.mean(axis=1), spread / np.sqrt(by_day.shape[1])


def _sides(claim: Hypothesis) -> tuple[Side, ...]:
    return claim.figure.sides if isinstance(claim.figure, DaysKept) else claim.sides


def _share_of_days(claim: Hypothesis) -> float | None:
    return -claim.sides[0][1] if isinstance(claim.figure, DaysKept) else None
