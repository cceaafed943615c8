"""The points of a sweep with the targets held against them, and the cheapest that surely meets all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.metrics import Figure
from sim.metrics.figures import Verdict, hold

if TYPE_CHECKING:
    from sim.experiments.sweep_result import Sweep


@dataclass(frozen=True, slots=True)
class Point:
    """A combination of a sweep's values, its cost where that was measured, and the targets held against it."""

    values: tuple[object, ...]
    verdicts: Sequence[Verdict]
    cost: Figure | None

    @property
    def met(self) -> int:
        """The number of targets that it surely meets."""
        return sum(one.answer == "met" for one in self.verdicts)

    @property
    def meets_all(self) -> bool:
        """Whether it surely meets every target that was measured; of none there is nothing to meet."""
        measured = [one for one in self.verdicts if one.figure is not None]
        return bool(measured) and all(one.answer == "met" for one in measured)

    @property
    def fails(self) -> bool:
        """Whether it surely misses a target."""
        return any(one.answer == "missed" for one in self.verdicts)


def points_of(sweep: "Sweep") -> list[Point]:
    """Hold the targets against every point of a sweep."""
    points = []
    for number, at in enumerate(sweep.combinations):
        figures = [sweep.figure(number, wanted) for wanted in range(len(sweep.wanted))]
        whole = [row for row, wanted in zip(figures, sweep.wanted, strict=True) if not _is_fine(wanted.place)]
        cost = next((row for row, one in zip(figures, sweep.wanted, strict=True) if one.text == "cost"), None)
        values = tuple(axis.values[here] for axis, here in zip(sweep.axes, at, strict=True))
        points.append(Point(values, hold(sweep.scenario, whole), cost))
    return points


def _is_fine(place: Iterable[tuple[str, str]]) -> bool:
    return any(column not in ("queue", "team", "channel", "kind") for column, _ in place)


def cheapest(points: Iterable[Point]) -> Point | None:
    """Return the cheapest point that surely meets all targets; None where there is none, or no cost is known."""
    good = [(one.cost.value, one) for one in points if one.meets_all and one.cost is not None]
    return min(good, key=lambda pair: pair[0])[1] if good else None
