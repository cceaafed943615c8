"""The figures of a calendar: of each date as that date has them alone, and of all dates and weekdays together."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.metrics.cells import Axes, Cells
from sim.metrics.columns import BoolArray, FloatArray, Groups, IntArray, Ranking
from sim.metrics.measures import Measures, Sources, lean, measure_all
from sim.metrics.metric import Breakdown, Dimension, Metric
from sim.metrics.requests import PERCENTILES
from sim.records.recorder import Recorded

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.single_days import CalendarDay


class Waits(NamedTuple):
    """The waits of a date's requests, for percentiles over several dates."""

    codes: dict[Dimension, IntArray]
    wait: FloatArray
    answered: BoolArray


class Date(NamedTuple):
    """What a date has measured: its figures, how long it was open, and its waits where percentiles are wanted."""

    measures: Measures
    open_s: float
    waits: Waits | None


def measure_dates(
    days: Sequence[Recorded], scenario: "Scenario", only: Collection[str] | None, by_team: bool
) -> Measures:
    """Compute the figures of a calendar from the records of its dates, each on its own clock.

    Raises SimError where there is no metric of such a name.
    """
    pairs = zip(scenario.days, days, strict=True)
    found = [measure_date(day, date, only, by_team=by_team) for date, day in pairs]
    return together(Cells.of(Axes.of(scenario), only, by_team), scenario, found)


def measure_date(
    day: Recorded, date: "CalendarDay", only: Collection[str] | None = None, *, by_team: bool
) -> Date:
    """Compute what a date of a calendar has measured, from its records on its own clock."""
    sources = Sources(lean(day), date.scenario, Axes.of(date.scenario))
    measures = measure_all(sources, only, by_team)[0]
    ranked = any(metric.name in PERCENTILES for metric in measures.cells.metrics)
    requests = sources.requests if ranked else None
    waits = None if requests is None else Waits(requests.codes, requests.wait, requests.answered)
    return Date(measures, date.closes_s - date.opens_s, waits)


def together(cells: Cells, scenario: "Scenario", dates: Sequence[Date]) -> Measures:
    """Put the figures of dates together: a row for each of them, for each repeated weekday, and for all."""
    numerator, denominator = np.full(len(cells), np.nan), np.zeros(len(cells))
    everyday = _Several(dates)
    weekdays = [date.weekday for date in scenario.days]
    repeated = cells.axes.day[len(cells.axes.dates) :]
    of_weekday = [
        _Several([date for date, name in zip(dates, weekdays, strict=True) if name == one])
        for one in repeated
    ]
    for metric in cells.metrics:
        for by in metric.breakdowns:
            block = cells.block(metric.name, by)
            if "day" not in by:
                numerator[block], denominator[block] = everyday.parts(metric, by)
                continue
            inner = tuple(one for one in by if one != "day")
            parts = [date.measures.of(metric.name, inner) for date in dates]
            parts += [some.a_day(metric, inner) for some in of_weekday]
            at, shape = by.index("day"), cells.axes.shape(inner)
            for into, which in ((numerator, 0), (denominator, 1)):
                into[block] = np.stack([one[which].reshape(shape) for one in parts], axis=at).ravel()
    return Measures(cells, numerator, denominator)


class _Several:
    """Several dates whose figures are put together."""

    def __init__(self, dates: Sequence[Date]) -> None:
        self._dates = dates

    def parts(self, metric: Metric, by: Breakdown) -> tuple[FloatArray, FloatArray]:
        """Return numerators and denominators of all these dates together."""
        found = [date.measures.of(metric.name, by) for date in self._dates]
        tops, bottoms = np.array([one[0] for one in found]), np.array([one[1] for one in found])
        bottom: FloatArray = bottoms.sum(axis=0)
        if metric.name in PERCENTILES:
            return self._ranking.percentile(PERCENTILES[metric.name]).cells(by)[0], bottom
        return self._joined(metric, by)(tops), bottom

    def a_day(self, metric: Metric, by: Breakdown) -> tuple[FloatArray, FloatArray]:
        """Return the same as they are on one such day: what adds up is divided by their number."""
        top, bottom = self.parts(metric, by)
        adds_up = not metric.is_ratio and metric.dates == "sum" and metric.name not in PERCENTILES
        return (top / len(self._dates) if adds_up else top), bottom

    def _joined(self, metric: Metric, by: Breakdown) -> Callable[[FloatArray], FloatArray]:
        if metric.dates == "greatest":
            return _greatest
        if metric.dates == "sum":
            return _sum
        weights = [1.0 if "interval" in by else date.open_s for date in self._dates]

        def mean(tops: FloatArray) -> FloatArray:
            column = np.array(weights)[:, np.newaxis]
            there = np.where(np.isnan(tops), 0.0, column).sum(axis=0)
            found: FloatArray = np.full(tops.shape[1], np.nan)
            np.divide(_sum(tops * column), there, out=found, where=there > 0)
            return found

        return mean

    @cached_property
    def _ranking(self) -> Ranking:
        axes = self._dates[0].measures.cells.axes
        waits = [date.waits for date in self._dates if date.waits is not None]
        codes: dict[Dimension, IntArray] = {
            name: np.concatenate([one.codes[name] for one in waits]) for name in waits[0].codes
        }
        answered = np.concatenate([one.answered for one in waits])
        return Ranking(Groups(axes, codes), np.concatenate([one.wait for one in waits]), answered)


def _greatest(tops: FloatArray) -> FloatArray:
    found: FloatArray = np.fmax.reduce(tops, axis=0)
    return found


def _sum(tops: FloatArray) -> FloatArray:
    """Add dates up; what no date has is not there, and what some have is theirs."""
    nothing = np.isnan(tops).all(axis=0)
    return np.where(nothing, np.nan, np.nansum(tops, axis=0))
