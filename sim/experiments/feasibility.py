"""Plans with the targets held against them: which surely meet all, which is the cheapest, which comes nearest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import SimError
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.paired import Sampled, alone
from sim.experiments.verdicts import Verdict, days_kept, exact_limits, verdicts
from sim.metrics import Figure
from sim.scenario import Scenario, Target

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.sweep_result import Sweep
    from sim.metrics.columns import FloatArray


@dataclass(frozen=True, slots=True)
class Plan:
    """A point of a sweep or a candidate, with the targets held against it.

    `cost` is that of the run and of the work after its end together, None where it was not measured. `unfinished` is
    the number of requests that are open all the same at the end of a replication.
    """

    name: str
    verdicts: Sequence[Verdict]
    cost: Figure | None = None
    unfinished: float = 0.0

    @property
    def measured(self) -> list[Verdict]:
        """The targets whose figures were measured."""
        return [one for one in self.verdicts if one.figure is not None]

    @property
    def met(self) -> int:
        """The number of targets that it surely meets."""
        return sum(one.answer == "met" for one in self.verdicts)

    @property
    def missed(self) -> int:
        """The number of targets that it surely misses."""
        return sum(one.answer == "missed" for one in self.verdicts)

    @property
    def meets_all(self) -> bool:
        """Whether it surely meets every target that was measured; of none there is nothing to meet."""
        return bool(self.measured) and all(one.answer == "met" for one in self.measured)

    @property
    def fails(self) -> bool:
        """Whether it surely misses a target."""
        return self.missed > 0


def require_targets(scenario: Scenario) -> None:
    """Raise SimError where a scenario has no targets that plans could be subject to."""
    if not scenario.targets:
        raise SimError("--subject-to: the scenario has no targets; add some under `targets`")


def cheapest(plans: Iterable[Plan]) -> Plan | None:
    """Return the cheapest plan that surely meets all targets; None where none does, or nothing is known to cost."""
    good = [(one.cost.value, one) for one in plans if one.meets_all and one.cost is not None]
    return min(good, key=lambda pair: pair[0])[1] if any(cost for cost, _ in good) else None


def nearest(plans: Iterable[Plan]) -> Plan:
    """Return the plan that surely meets most targets, of these the one that surely misses fewest."""
    return max(plans, key=lambda one: (one.met, -one.missed))


def points_of(sweep: "Sweep", names: Sequence[str]) -> list[Plan]:
    """Hold the targets against every point of a sweep; `names` are those of the points."""
    ends = sweep.extremes
    return [
        plan_of(
            name, sweep.scenario, sweep.wanted, sweep.tops[:, point], sweep.bottoms[:, point],
            None if ends is None else ends[:, :, :, point],
        )
        for point, name in enumerate(names)
    ]  # fmt: skip


def plan_of(
    name: str,
    scenario: Scenario,
    wanted: Sequence[FigureSelector],
    tops: "FloatArray",
    bottoms: "FloatArray",
    ends: "FloatArray | None" = None,
    level: float = 0.95,
) -> Plan:
    """Hold a scenario's targets against figures: numerators and denominators, replication by figure.

    `ends` are both as if all that is open were answered at the end, and as if none ever were.
    """
    worlds = [] if ends is None else [_table(wanted, world[0], world[1], level) for world in ends]
    extremes = (worlds[0], worlds[1]) if worlds else None
    left = _place_of("unfinished", wanted)
    days = [_Days(wanted, tops, bottoms, level)]
    days += [] if ends is None else [_Days(wanted, end[0], end[1], level) for end in ends]
    return Plan(
        name,
        verdicts(scenario, _table(wanted, tops, bottoms, level), extremes, days),
        cost_of(tops, wanted),
        0.0 if left is None else float(tops[:, left].mean()),
    )


@dataclass(frozen=True)
class _Days:
    """Counts the days that keep to a target, a replication being one, with limits of a level."""

    wanted: Sequence[FigureSelector]
    tops: "FloatArray"
    bottoms: "FloatArray"
    level: float

    def __call__(self, target: Target, figure: FigureSelector, among: int) -> Figure:
        """Return the share of days that keep to a target; limits hold for all its figures together."""
        at, place = self.wanted.index(figure), dict(figure.place)
        sampled = Sampled(self.tops[:, at], self.bottoms[:, at], figure.definition.is_ratio)
        limits = (-1, target.at_least), (1, target.at_most)
        kept, days = days_kept(sampled, [(sign, sign * one) for sign, one in limits if one is not None])
        if not days:
            return Figure.of(target.metric, nan, (nan, nan), 0, "share", **place)
        reach = exact_limits(kept, days, (1 - self.level) / 2 / among)
        return Figure.of(target.metric, kept / days, reach, days, "share", **place)


def _table(
    wanted: Sequence[FigureSelector], tops: "FloatArray", bottoms: "FloatArray", level: float
) -> "pd.DataFrame":
    import pandas as pd

    rows = [figure_of(one, tops[:, at], bottoms[:, at], level) for at, one in enumerate(wanted)]
    return pd.DataFrame(rows, columns=list(Figure._fields))


def figure_of(
    wanted: FigureSelector, tops: "FloatArray", bottoms: "FloatArray", level: float = 0.95
) -> Figure:
    """Return a figure from its two parts over the replications, the limits of a share within 0 and 1."""
    sampled = Sampled(tops, bottoms, wanted.definition.is_ratio)
    value, low, high = alone(sampled, level)
    if wanted.definition.is_share:
        low, high = (float(np.clip(limit, 0, 1)) for limit in (low, high))
    unit = wanted.definition.unit
    return Figure.of(wanted.metric, value, (low, high), int(sampled.there.sum()), unit, **dict(wanted.place))


def cost_of(tops: "FloatArray", wanted: Sequence[FigureSelector]) -> Figure | None:
    """Return the cost with that of the work after the end, from one column a figure; None where it was not measured."""
    place, after = (_place_of(metric, wanted) for metric in ("cost", "cost_after"))
    if place is None:
        return None
    costs = tops[:, place] + (0.0 if after is None else np.nan_to_num(tops[:, after]))
    value, low, high = alone(Sampled(costs, np.ones(len(costs)), is_ratio=False))
    return Figure.of("cost", value, (low, high), len(costs), wanted[place].definition.unit)


def _place_of(metric: str, wanted: Sequence[FigureSelector]) -> int | None:
    return next((at for at, one in enumerate(wanted) if one == FigureSelector(metric)), None)
