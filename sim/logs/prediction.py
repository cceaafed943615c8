"""A scenario held against a log: what happened beside prediction intervals, and a verdict on the model."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import simulate
from sim.logs.causes import Causes, Demand
from sim.logs.counts import ANSWERED, OFFERED, Floats, counted, figures_of, metrics_of
from sim.logs.log import OpeningHours, calls_of, day
from sim.logs.tested_dates import on_the_wall
from sim.logs.tested_days import TestedDays
from sim.parallel.workers import Report, Workers, warn
from sim.records import Recorder
from sim.scenario import Scenario
from sim.scenario.numbers import clock_text
from sim.workload import draw

if TYPE_CHECKING:
    import pandas as pd

DEMANDS: tuple[Demand, ...] = ("actual", "modelled")
USUAL_REPLICATIONS = 39
"""So many days of each kind: the smallest and the largest of them are a 95 % prediction interval, whatever the law."""
NO_LEVEL_S = 20.0
MISSED = "not explained: "
FEW = 5
"""Contacts of an interval in which nobody was answered: a fault of the platform, or nobody was there."""


@dataclass(frozen=True)
class _OneDay:
    """A replication of one of the days, as a worker does it: counts by queue and interval."""

    scenarios: tuple[Scenario, ...]
    seed: int
    queues: tuple[str, ...]
    hours: OpeningHours
    within_s: tuple[float, ...]

    def __call__(self, item: tuple[int, int]) -> Floats:
        import pandas as pd

        which, number = item
        scenario = self.scenarios[which]
        tables = ("requests", "tasks", "conversations")
        records = simulate(scenario, draw(scenario, number, self.seed), Recorder(scenario, tables))
        midnight = pd.Timestamp("2001-01-01")
        if scenario.date is None:
            calls = calls_of(records, midnight + pd.Timedelta(seconds=self.hours.opens - self.hours.turn))
        else:
            calls = on_the_wall(
                calls_of(records, midnight - pd.Timedelta(seconds=self.hours.turn)),
                scenario.date,
                self.hours.turn,
            )
        return counted(calls, self.queues, self.hours, self.within_s)


@dataclass(frozen=True)
class Backtest:
    """Observed figures beside simulated ones, by queue, day and interval, for actual and modelled demand.

    `observed` has the axes day, queue, interval and what is counted, `simulated` before them the replication. Where
    keys were `changed` it is no test of the scenario but a what-if: `before` has the same customers and draws as the
    actual demand, without the change.
    """

    scenario: Scenario
    log: str
    days: tuple[str, ...]
    queues: tuple[str, ...]
    hours: OpeningHours
    replications: int
    seed: int
    in_sample: bool
    left_out: int
    observed: Floats
    simulated: "dict[Demand, Floats]"
    changed: tuple[str, ...] = ()
    before: Floats | None = None

    @cached_property
    def rows(self) -> "pd.DataFrame":
        """A row a queue, day, interval, metric and demand, empty for over all; counts are means a day.

        `low` and `high` are the 95 % prediction interval: the next value of the model lies in it with that probability.
        """
        import pandas as pd

        found = [row for demand in DEMANDS for row in self._rows(demand)]
        names = [
            "queue",
            "day",
            "interval",
            "metric",
            "demand",
            "observed",
            "simulated",
            "low",
            "high",
            "verdict",
        ]
        return pd.DataFrame(found, columns=names)

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """The names of the figures."""
        return metrics_of(self.observed, *self.simulated.values())

    def _rows(self, demand: Demand) -> Iterator[tuple[Any, ...]]:
        intervals = [clock_text(self.hours.opens + edge) for edge in self.hours.edges[:-1]]
        for by_day, by_queue, by_interval in np.ndindex(2, 2, 2):
            yield from self._level(
                demand,
                self.days if by_day else ("",),
                self.queues if by_queue else ("",),
                intervals if by_interval else ("",),
            )

    def _level(
        self, demand: Demand, days: Sequence[str], queues: Sequence[str], intervals: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Give the rows of one level of detail."""
        named = (days, queues, intervals)
        whole = tuple(axis for axis, names in enumerate(named) if names == ("",))
        count = 1.0 if tuple(days) != ("",) else float(len(self.days))
        counts = self.observed.sum(axis=whole, keepdims=True)
        silent = self._silent.sum(axis=whole, keepdims=True)
        heard = np.where(self._silent[..., None], 0.0, self.observed).sum(axis=whole, keepdims=True)
        seen, without = figures_of(counts, count), figures_of(heard, count)
        inner = tuple(axis + 1 for axis in whole)
        ran = figures_of(self.simulated[demand].sum(axis=inner, keepdims=True), count)
        longer = seen["handle_time"] > prediction_interval(ran["handle_time"])[1]
        for metric in self.metrics:
            low, high = prediction_interval(ran[metric])
            most = 1.0 if metric in ("abandon_rate", "no_agent_rate", "service_level") else np.inf
            low, high = np.maximum(low, 0.0), np.minimum(high, most)
            middle = _mean(ran[metric])
            for place in np.ndindex(seen[metric].shape):
                observed = float(seen[metric][place])
                if not (np.isfinite(observed) and np.isfinite(low[place])):
                    continue
                verdict = "explained"
                if not low[place] <= observed <= high[place]:
                    more = bool(observed > high[place])
                    rest = without[metric][place]
                    by_silence = np.isnan(rest) or low[place] <= rest <= high[place]
                    faults = int(silent[place]) if by_silence else 0
                    verdict = MISSED + self._causes.of(metric, demand, more, faults, bool(longer[place]))
                day_, queue, interval = (names[at] for names, at in zip(named, place, strict=True))
                yield (
                    queue, day_, interval, metric, demand, observed, float(middle[place]), float(low[place]),
                    float(high[place]), verdict,
                )  # fmt: skip

    @cached_property
    def _causes(self) -> Causes:
        return Causes.of_scenario(self.scenario)

    @cached_property
    def _silent(self) -> NDArray[np.bool_]:
        """By day, queue and interval, whether so many came and nobody was answered."""
        found: NDArray[np.bool_] = (self.observed[..., OFFERED] >= FEW) & (self.observed[..., ANSWERED] == 0)
        return found

    @cached_property
    def coverage(self) -> dict[str, float]:
        """By metric, the share of all queues' intervals with demand whose value lies inside, demand modelled."""
        cells = self._cells
        return {
            metric: float((cells["verdict"][cells["metric"] == metric] == "explained").mean())
            for metric in ("offered", "service_level")
        }

    @cached_property
    def width(self) -> dict[str, float]:
        """By metric, the median width of these intervals relative to the simulated value."""
        cells = self._cells[self._cells["simulated"] > 0]
        relative = (cells["high"] - cells["low"]) / cells["simulated"]
        return {m: float(relative[cells["metric"] == m].median()) for m in ("offered", "service_level")}

    @cached_property
    def _cells(self) -> "pd.DataFrame":
        rows = self.rows
        finest = (rows["queue"] != "") & (rows["day"] != "") & (rows["interval"] != "")
        return rows[finest & (rows["demand"] == "modelled") & self._with_demand(rows)]

    def _with_demand(self, rows: "pd.DataFrame") -> "pd.Series":
        """Return which rows are of a queue and an interval in which somebody is expected or came."""
        modelled = self.simulated["modelled"][..., OFFERED].mean(axis=0)
        expected = (modelled + self.observed[..., OFFERED]).sum(axis=0)
        intervals = [clock_text(self.hours.opens + edge) for edge in self.hours.edges[:-1]]
        busy = {
            (queue, interval)
            for q, queue in enumerate(self.queues)
            for i, interval in enumerate(intervals)
            if expected[q, i] > 0
        }
        import pandas as pd

        pairs = zip(rows["queue"], rows["interval"], strict=True)
        return pd.Series([pair in busy for pair in pairs], index=rows.index)

    def ranks(self, metric: str) -> Floats:
        """Return the shares of ten bars of ranks: where observed values lie among those of the modelled demand.

        They are those of all queues' intervals of a day in which somebody came or is expected.
        """
        modelled = self.simulated["modelled"]
        seen, ran = figures_of(self.observed)[metric], figures_of(modelled)[metric]
        expected = (modelled[..., OFFERED].mean(axis=0) + self.observed[..., OFFERED]).sum(axis=0)
        return pit(np.where(expected > 0, seen, np.nan), ran)

    @property
    def verdict(self) -> str:
        """Whether the over-all figures of the actual demand lie inside, and if not which do not and why."""
        if not self.unexplained:
            return "explained"
        return MISSED + "; ".join(self.unexplained)

    @property
    def unexplained(self) -> tuple[str, ...]:
        """The figures over all that lie outside, those of one reason together, with what is likely missing."""
        return tuple(", ".join(metrics) + reason for reason, metrics in self.missed.items())

    @cached_property
    def missed(self) -> Mapping[str, Sequence[str]]:
        """The metrics over all that lie outside, by the demand with which they do and what is likely missing."""
        rows = self.rows
        whole = rows[(rows["queue"] == "") & (rows["day"] == "") & (rows["interval"] == "")]
        missed = whole[whole["verdict"] != "explained"]
        found: dict[str, list[str]] = {}
        for metric, demand, why in zip(missed["metric"], missed["demand"], missed["verdict"], strict=True):
            found.setdefault(f" with {demand} demand: {why.removeprefix(MISSED)}", []).append(metric)
        return found

    @cached_property
    def differences(self) -> "pd.DataFrame":
        """What a change would have made of each figure: a row a queue, day and metric. Empty where nothing was changed.

        `half_width` is that of the 95 % interval of the mean difference between replications of the same customers.
        """
        from sim.logs.what_if import what_if_rows

        return what_if_rows(self)

    @cached_property
    def unlike(self) -> tuple[str, ...]:
        """The figures of service over all that the days replayed as they were do not have: outside the interval."""
        if self.before is None:
            return ()
        axes = (0, 1, 2)
        seen = figures_of(self.observed.sum(axis=axes))
        ran = figures_of(self.before.sum(axis=(1, 2, 3)))
        outside = []
        for metric in ("abandon_rate", "no_agent_rate", "service_level", "asa"):
            low, high = prediction_interval(ran[metric])
            if np.isfinite(low) and not low <= seen[metric] <= high:
                outside.append(metric)
        return tuple(outside)

    @cached_property
    def silent(self) -> int:
        """Intervals of a queue in which so many came and nobody was answered."""
        return int(self._silent.sum())

    def save(self, folder: Path | str, command: Sequence[str] = ()) -> Path:
        """Write the backtest into a folder, which `sim.open` and `sim report` read, and return it.

        Raises SimError where the folder cannot be written.
        """
        path: Path = import_module("sim.logs.storage").save_backtest(self, Path(folder), command)
        return path

    def __repr__(self) -> str:
        return f"<Backtest of {self.scenario.name!r} on {len(self.days)} days: {self.verdict}>"

    def _repr_html_(self) -> str:
        return str(import_module("sim.report.notebook").of_backtest(self))


def prediction_interval(values: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % prediction interval of one more value, from those along the first axis; NaN is left out.

    Of n values the k-th smallest is undercut by the next one with probability k / (n + 1), whatever their law; between
    two of them linearly. Fewer than 39 have no such two, and are taken as normal: mean +- t s sqrt(1 + 1/n).
    """
    ordered = np.sort(np.where(np.isfinite(values), values, np.nan), axis=0)
    count = np.isfinite(ordered).sum(axis=0)
    low, high = (_order_statistic(ordered, count, level) for level in (0.025, 0.975))
    few = count < USUAL_REPLICATIONS
    if few.any():
        middle, half = _mean(values), _half_width(values, count)
        low, high = np.where(few, middle - half, low), np.where(few, middle + half, high)
    return low, high


def pit(observed: Floats, simulated: Floats, bars: int = 10) -> Floats:
    """Return how the ranks of observed values among simulated ones are spread over so many bars, as shares.

    Each value lies anywhere in its place among those that are equal to it, with one more for itself: of a right model
    every bar has the same share, whatever the laws (the probability integral transform; of counts C. Czado, T. Gneiting
    and L. Held, Biometrics 65, 2009). The first axis of `simulated` has the replications; NaN is left out.
    """
    known = np.isfinite(observed)
    ran, seen = simulated[:, known], observed[known]
    count = np.isfinite(ran).sum(axis=0) + 1.0
    low = (ran < seen).sum(axis=0) / count
    high = ((ran <= seen).sum(axis=0) + 1.0) / count
    edges = np.linspace(0.0, 1.0, bars + 1)[:, None]
    below = np.clip((edges - low) / (high - low), 0.0, 1.0).sum(axis=1)
    shares: Floats = np.diff(below) / max(len(seen), 1)
    return shares


def _order_statistic(ordered: Floats, count: NDArray[np.int64], level: float) -> Floats:
    last = np.maximum(count - 1, 0)
    rank = np.clip(level * (count + 1) - 1, 0, last)
    below = np.floor(rank).astype(np.int64)
    first = np.take_along_axis(ordered, below[None], axis=0)[0]
    second = np.take_along_axis(ordered, np.minimum(below + 1, last)[None], axis=0)[0]
    found: Floats = first + (rank - below) * (second - first)
    return found


def _half_width(values: Floats, count: NDArray[np.int64]) -> Floats:
    from scipy import stats

    rest = np.where(np.isfinite(values), values - _mean(values), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.sqrt((rest**2).sum(axis=0) / (count - 1.0))
        half: Floats = stats.t.ppf(0.975, count - 1.0) * sd * np.sqrt(1.0 + 1.0 / count)
    return half


def _mean(values: Floats) -> Floats:
    """Return the mean over the first axis of what there is."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    whole = np.where(known, values, 0.0).sum(axis=0)
    found: Floats = np.divide(whole, count, out=np.full(whole.shape, np.nan), where=count > 0)
    return found


def run_backtest(
    tested: TestedDays,
    log: str,
    replications: int,
    seed: int,
    *,
    in_sample: bool = False,
    before: TestedDays | None = None,
    changed: tuple[str, ...] = (),
    jobs: int | None = None,
    on_loss: Report = warn,
    on_progress: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Simulate each day of a log so often, with the contacts that came and with as many as are modelled.

    Of a what-if `before` has the days without what was `changed`.
    """
    scenario = tested.scenario
    queues = tuple(name for name in scenario.queues if (tested.within["queue"] == name).any())
    levels = [scenario.queues[name].service_level for name in queues]
    within_s = tuple(NO_LEVEL_S if level is None else level.within for level in levels)
    dates = tested.dates
    observed = np.stack(
        [counted(tested.within[day(tested.within) == date], queues, tested.hours, within_s) for date in dates]
    )
    makers = [tested.actual, tested.modelled, *([] if before is None else [before.actual])]
    scenarios = [make(date) for make in makers for date in dates]
    one = _OneDay(tuple(scenarios), seed, queues, tested.hours, within_s)
    # Each day has replications of its own: days of a week are independent of each other.
    items = [
        (kind * len(dates) + at, at * replications + number)
        for number in range(replications)
        for kind in range(len(makers))
        for at in range(len(dates))
    ]
    found = np.empty((len(makers), replications, *observed.shape))
    tell = on_progress or (lambda _done, _all: None)
    with closing(Workers(jobs, None, on_loss).ordered(one, items, lambda item: f"day {item[0]}")) as results:
        for done, counts in enumerate(results):
            number, rest = divmod(done, len(makers) * len(dates))
            kind, at = divmod(rest, len(dates))
            found[kind, number, at] = counts
            tell(done + 1, len(items))
    return Backtest(
        scenario, log, tuple(f"{date:%Y-%m-%d}" for date in dates), queues, tested.hours, replications, seed, in_sample,
        tested.left_out, observed, {"actual": found[0], "modelled": found[1]}, changed,
        None if before is None else found[2],
    )  # fmt: skip
