"""The initial transient of a long run: its figures step by step, and its length by MSER-5 and Welch."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.engine import simulate
from sim.errors import SimError
from sim.metrics import Measures, measure
from sim.metrics.cells import Axes, Cells
from sim.metrics.columns import FloatArray
from sim.parallel.workers import Spending, Workers
from sim.records import Recorder
from sim.scenario import Scenario
from sim.scenario.budget import BudgetError, Cap
from sim.scenario.model import require_scenarios, require_whole
from sim.scenario.numbers import duration_text
from sim.scenario.one_day import require_one_day
from sim.workload import draw

if TYPE_CHECKING:
    import pandas as pd


STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
"""Lengths of a step that divide an hour; the first with no more than `MOST_STEPS` in the run is taken."""

MOST_STEPS = 500

BATCH = 5
"""MSER-5 looks at means of five values each."""

FEWEST_BATCHES = 10

USUAL_WINDOW = 5
"""Steps on either side of the moving average, where there are enough of them."""


@dataclass(frozen=True, eq=False, repr=False)
class WarmUp:
    """A figure step by step through a run, and where its initial transient ends.

    `runs` has a row a replication and a column a step of `step_s` seconds, NaN where a step had no data; `means`
    are those of the steps over the replications. `stopped` says why the budget ended it early, where it did.
    """

    scenario: Scenario
    metric: str
    queue: str
    step_s: float
    window: int
    runs: FloatArray
    means: FloatArray
    stopped: str = ""

    @cached_property
    def seconds(self) -> float | None:
        """The warm-up that MSER-5 suggests; None where the run is too short."""
        cut = mser(self.means)
        return None if cut is None else cut * self.step_s

    @cached_property
    def table(self) -> "pd.DataFrame":
        """One row a step: at (its middle, seconds from opening), mean over the replications, moving average."""
        import pandas as pd

        smooth = np.full(len(self.means), np.nan)
        averages = moving_average(self.means, self.window)
        smooth[: len(averages)] = averages
        return pd.DataFrame({"at": self._middles, "mean": self.means, "moving_average": smooth})

    @cached_property
    def series(self) -> "pd.DataFrame":
        """One row a replication and step: replication, at, value; the data of Welch's plot."""
        import pandas as pd

        replications, steps = self.runs.shape
        return pd.DataFrame(
            {
                "replication": np.repeat(np.arange(replications), steps),
                "at": np.tile(self._middles, replications),
                "value": self.runs.ravel(),
            }
        )

    @property
    def _middles(self) -> FloatArray:
        return np.arange(0.5, len(self.means)) * self.step_s

    @property
    def is_a_day(self) -> bool:
        """Whether arrivals or staff change with the clock, so that there is no steady state to warm up to."""
        return is_a_day(self.scenario)

    def __str__(self) -> str:
        by = f"{self.metric}{f' of {self.queue}' if self.queue else ''}"
        seen = f"by {by} in steps of {duration_text(self.step_s)} over {len(self.runs)} replications"
        if self.seconds is None:
            return f"MSER-5 finds no end of the warm-up in the first half of the run ({seen}): let it last longer"
        return f"MSER-5 suggests warm_up: {duration_text(self.seconds)} ({seen})"


def is_a_day(scenario: Scenario) -> bool:
    """Return whether arrivals or staff change with the clock."""
    streams, teams = scenario.arrivals, scenario.teams.values()
    changing = (
        len(set(s.per_hour)) > 1 if isinstance(s.per_hour, tuple) else not s.per_hour for s in streams
    )
    return any(changing) or any(team.shifts or team.head_count or team.members for team in teams)


def warm_up(
    scenario: Scenario,
    metric: str = "wait_mean",
    *,
    queue: str = "",
    replications: int = 10,
    seed: int | None = None,
    step_s: float | None = None,
    window: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    budget: str | float | None = None,
) -> WarmUp:
    """Measure a figure step by step after an empty start, to choose the warm-up of a long run.

    The run is measured from its beginning, whatever `warm_up` the scenario has. A step has by default one
    five-hundredth of the run, rounded up; `window` is the number of steps on either side in the moving
    average, by default 5. `budget` is as for `run`: what is finished when it ends is taken.

    Raises SimError for a metric that is not given by interval, and for a step that is too long, or too short to
    have data; the message names a suitable one.
    """
    require_scenarios(scenario)
    require_whole(replications=replications, seed=seed)
    if replications < 1:
        raise SimError(f"replications must be at least 1, not {replications}")
    require_one_day(
        scenario.name, scenario.calendar, "each date begins empty, so there is nothing to warm up"
    )
    step_s = step_s or _step(scenario.lasts)
    _check_step(step_s, scenario.lasts)
    stepwise = scenario.model_copy(update={"interval": step_s, "warm_up": 0.0})
    rows = _rows(stepwise, metric, queue)
    spending = Spending.within(budget, [stepwise], replications, jobs)
    one = _Stepwise(stepwise, scenario.seed if seed is None else seed, metric, spending.cap)
    with closing(spending.ordered(Workers(jobs, cluster), one, range(replications))) as found:
        steps, stopped = _steps(found, rows)
    runs, means = _means(steps)
    if np.isnan(means).any():
        remedy = _remedy(scenario, means, step_s)
        raise SimError(f"{metric}: some steps of {duration_text(step_s)} have no data; {remedy}")
    window = min(USUAL_WINDOW, len(means) // 4) if window is None else window
    return WarmUp(scenario, metric, queue, step_s, window, runs, means, stopped)


def mser(values: FloatArray, batch: int = BATCH) -> int | None:
    """Return how many values to cut from the beginning by MSER-5; None where it would be more than half.

    The values are averaged in fives, and as many of these are cut as leave the rest with the smallest squared
    standard error of its mean. Source: K. White, M. Cobb and S. Spratt (2000), A comparison of five
    steady-state truncation heuristics for simulation, Winter Simulation Conference, 755-760.
    """
    means = values[: len(values) // batch * batch].reshape(-1, batch).mean(axis=1)
    if len(means) < FEWEST_BATCHES:
        raise SimError(f"MSER-5 needs at least {batch * FEWEST_BATCHES} steps, not {len(values)}")
    left = np.arange(len(means), 0, -1)
    sums, squares = (np.cumsum(part[::-1])[::-1] for part in (means, means**2))
    errors = (squares - sums**2 / left)[: len(means) // 2 + 1] / left[: len(means) // 2 + 1] ** 2
    cut = int(np.argmin(errors))
    return None if cut == len(means) // 2 else cut * batch


def moving_average(values: FloatArray, window: int) -> FloatArray:
    """Average each value with `window` neighbours on either side, the first ones with as many as they have.

    The last `window` values have none. Formula: P. Welch (1983), as in Law, Simulation Modeling and
    Analysis, 9.5.1. Raises SimError where the window is more than a quarter of the values.
    """
    if not 0 <= window <= len(values) // 4:
        raise SimError(f"window must be between 0 and a quarter of the {len(values)} steps, not {window}")
    sums = np.concatenate([[0.0], np.cumsum(values)])
    middle = np.arange(len(values) - window)
    half = np.minimum(middle, window)
    averages: FloatArray = (sums[middle + half + 1] - sums[middle - half]) / (2 * half + 1)
    return averages


@dataclass(frozen=True)
class _Stepwise:
    """A replication of which one figure is measured step by step."""

    scenario: Scenario
    seed: int
    metric: str
    cap: Cap | None

    def __call__(self, number: int) -> Measures:
        workload = draw(self.scenario, number, self.seed)
        records = simulate(self.scenario, workload, Recorder(self.scenario), cap=self.cap)
        return measure(records, self.scenario, only=(self.metric,))

    def label(self, number: int) -> str:
        """Name a replication so that it can be run alone."""
        return f"replication {number} (seed {self.seed})"


def _step(lasts: float) -> float:
    fitting = (step for step in STEPS_S if lasts / step <= MOST_STEPS)
    return float(next(fitting, STEPS_S[-1]))


def _check_step(step_s: float, lasts: float) -> None:
    """Raise SimError for steps so long that there are too few of them, and name the longest suitable ones."""
    count, fewest = int(lasts // step_s), BATCH * FEWEST_BATCHES
    if count >= fewest:
        return
    fitting = [step for step in STEPS_S if lasts // step >= fewest]
    remedy = f"take steps of {duration_text(fitting[-1])}" if fitting else "let it last longer"
    raise SimError(
        f"MSER-5 needs at least {fewest} steps, and {duration_text(lasts)} has {count} of {duration_text(step_s)};"
        f" {remedy}"
    )


def _remedy(scenario: Scenario, means: FloatArray, step_s: float) -> str:
    """Return advice where steps have no data: the shortest that all have some, if MSER-5 can use them."""
    for step in STEPS_S:
        together = int(step // step_s)
        if together < 2 or step % step_s or scenario.lasts // step < BATCH * FEWEST_BATCHES:
            continue
        groups = means[: len(means) // together * together].reshape(-1, together)
        if not np.isnan(groups).all(axis=1).any():
            return f"take steps of {duration_text(step)}"
    if is_a_day(scenario):
        return "arrivals or staff change with the clock, and a day that opens empty needs no warm_up"
    return "let it last longer, or average more replications"


def _rows(scenario: Scenario, metric: str, queue: str) -> slice:
    """Return the rows of a figure's whole steps, those before arrivals stop."""
    axes = Axes.of(scenario)
    first = Cells.of(axes, (metric,)).row(metric, {"queue": queue, "interval": axes.interval[0]})
    return slice(first, first + int(scenario.lasts // scenario.interval))


def _steps(found: Iterable[Measures], rows: slice) -> tuple[list["_Steps"], str]:
    """Return the steps of the replications that could be finished, and why the others could not."""
    steps: list[_Steps] = []
    try:
        for one in found:
            steps.append(_Steps(one, rows))  # noqa: PERF401 - those before an error are kept
    except BudgetError as reason:
        if not steps:
            raise
        return steps, str(reason)
    return steps, ""


def _means(steps: Sequence["_Steps"]) -> tuple[FloatArray, FloatArray]:
    """Return each replication's values, and the figure over all of them by its estimator."""
    tops = np.sum([one.tops for one in steps], axis=0)
    bottoms = np.sum([one.bottoms for one in steps], axis=0)
    nothing: FloatArray = np.full(tops.shape, np.nan)
    return np.array([one.own for one in steps]), np.divide(tops, bottoms, out=nothing, where=bottoms > 0)


class _Steps:
    """One replication's value of each step, and its part of the figure over all replications."""

    def __init__(self, measures: Measures, rows: slice) -> None:
        tops, ratio = measures.numerator[rows], measures.cells.is_ratio[rows]
        self.own = np.where(ratio, measures.values[rows], tops)  # noqa: PD011 - no frame's
        self.tops = np.nan_to_num(tops)
        self.bottoms = np.where(ratio, measures.denominator[rows], ~np.isnan(tops))
