"""The backlog of a queue: how it changes from closing to closing, and whether it is ever worked off."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.cells import Axes
from sim.metrics.columns import FloatArray, IntArray, codes, numbers
from sim.metrics.metric import Breakdown

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.scenario.teams import Span

DAY_S = 86_400.0


class Backlog:
    """The number waiting in each queue at its closings, and the least that waits while somebody is there.

    A closing is the last instant of a day of 24 hours, counted from the end of the warm-up, at which an agent of the
    queue is planned to be there; of a run with fewer than two such days, of each of its halves.
    """

    def __init__(self, requests: "pd.DataFrame", scenario: "Scenario", axes: Axes) -> None:
        self._placed_at = numbers(requests, "placed_at")
        waits = np.nan_to_num(numbers(requests, "wait"), nan=np.inf)
        self._gone_at = self._placed_at + waits
        self._queue = codes(requests, "queue", axes.queue)
        found = [self._of(scenario, number, name) for number, name in enumerate(axes.queue)]
        self.growths, self.kept = np.array(found, dtype=np.float64).reshape(-1, 2).T

    def growth(self) -> "QueueCells":
        """Return by how much the backlog grows from one closing to the next; NaN where there are none to compare."""
        return QueueCells(self.growths)

    def never_empty(self) -> "QueueCells":
        """Return 1 where somebody waits all the time from the middle of the run on, while anybody is there, else 0."""
        return QueueCells(self.kept)

    def tested(self) -> "QueueCells":
        """Return how many came to a queue that has closings to compare."""
        came = np.bincount(self._queue[self._queue >= 0], minlength=len(self.growths))
        return QueueCells(np.where(np.isnan(self.growths), 0.0, came))

    def _of(self, scenario: "Scenario", number: int, name: str) -> tuple[float, float]:
        closings, second_half = _planned(scenario)[name]
        if len(closings) < 2:
            return np.nan, np.nan
        mine = self._queue == number
        placed, gone = np.sort(self._placed_at[mine]), np.sort(self._gone_at[mine])
        first, last = _waiting(placed, gone, np.array([closings[0], closings[-1]]))
        least = min(_least(placed, gone, span.start, span.end) for span in second_half)
        return float(last - first) / (len(closings) - 1), float(least > 0)


@lru_cache(maxsize=8)
def _planned(scenario: "Scenario") -> "dict[str, tuple[list[float], list[Span]]]":
    """Return the closings of each queue, and when somebody is there from the middle one on: the same in every run."""
    from sim.scenario.teams import staffed

    found = {}
    for name in scenario.queues:
        spans = staffed(scenario, name)
        closings = closings_of(scenario, spans)
        middle = closings[(len(closings) - 1) // 2] if closings else 0.0
        found[name] = closings, _within(spans, middle, closings[-1]) if closings else []
    return found


def closings_of(scenario: "Scenario", spans: "Sequence[Span]") -> list[float]:
    """Return the closings of a queue whose agents are there in these spans, in seconds from opening, in order."""
    start, lasts = scenario.warm_up, scenario.lasts
    days = int((lasts - start) // DAY_S)
    width = DAY_S if days > 1 else (lasts - start) / 2
    edges = [start + width * number for number in range(days + 1 if days > 1 else 3)]
    found = []
    for begin, end in pairwise(edges):
        there = [min(span.end, end) for span in spans if span.start < end and span.end > begin]
        found += [max(there)] if there else []
    return found


def _within(spans: "Sequence[Span]", start: float, end: float) -> "list[Span]":
    """Return what of the spans lies behind one instant and not behind another."""
    cut = [span._replace(start=max(span.start, start), end=min(span.end, end)) for span in spans]
    return [span for span in cut if span.end > span.start]


def _waiting(placed: FloatArray, gone: FloatArray, at: FloatArray) -> IntArray:
    """Return how many wait at each instant; who comes at it waits, who goes at it does not."""
    waiting: IntArray = np.searchsorted(placed, at, "right") - np.searchsorted(gone, at, "right")
    return waiting


def _least(placed: FloatArray, gone: FloatArray, start: float, end: float) -> float:
    """Return the least number that waits in a span, at its ends or where somebody goes."""
    at = np.concatenate(([start, end], gone[(gone > start) & (gone < end)]))
    return float(_waiting(placed, gone, at).min())


class QueueCells:
    """One number a queue."""

    def __init__(self, values: FloatArray) -> None:
        self._values = values

    def cells(self, by: Breakdown) -> FloatArray:
        """Return the number of each queue."""
        assert by == ("queue",)
        return self._values
