"""What spans of time add up to: how many wait at a time, and what is left waiting at the closings of a queue."""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from sim.metrics.cells import Axes
from sim.metrics.columns import (
    BoolArray,
    FloatArray,
    Groups,
    IntArray,
    Part,
    codes,
    firsts,
    numbers,
    stable_order,
)
from sim.metrics.metric import Breakdown, Dimension
from sim.records.table import ALONE, Replications, replications

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.scenario.teams import Span

DAY_S = 86_400.0

# Spans of time.


def overlaps(starts: FloatArray, ends: FloatArray, edges: FloatArray) -> FloatArray:
    """Return, for each cell between two edges, the total time that the intervals [start, end] spend in it.

    Up to x an interval has been open for (x - start)+ - (x - end)+; summed over all by two sorted lists.
    """
    return np.diff(_elapsed(np.sort(starts), edges) - _elapsed(np.sort(ends), edges))


def _elapsed(moments: FloatArray, edges: FloatArray) -> FloatArray:
    """Return the sum of (edge - moment)+ over all moments, for each edge."""
    before = np.searchsorted(moments, edges)
    sums = np.concatenate(([0.0], np.cumsum(moments)))
    return before * edges - sums[before]


def spread(
    group: IntArray, groups: int, starts: FloatArray, ends: FloatArray, edges: FloatArray
) -> FloatArray:
    """Return the time that the spans of each group spend in each interval between two edges.

    The spans must lie within the edges. The result has a row a group and a column an interval.
    """
    since_start, since_end = (Since(times, edges[np.newaxis]) for times in (starts, ends))
    return since_start.by(group, groups) - since_end.by(group, groups)


class Since:
    """Moments within edges, looked up once among them, however many ways they are grouped.

    `edges` has one row for all moments, or one for each of their replications, which differ in the last edge alone.
    """

    def __init__(self, times: FloatArray, edges: FloatArray, of: Replications = ALONE) -> None:
        count, bins = len(edges), edges.shape[1] - 1
        self._widths = (edges[:, 1:] - edges[:, :-1]).reshape(count, 1, bins)
        self._inside: IntArray | None = None
        if bins > 1:
            self._inside = np.searchsorted(edges[0, 1:-1], times, side="right")
        inside = 0 if self._inside is None else self._inside
        self._left: FloatArray = edges.ravel().take(of.cells(inside, bins + 1) + 1) - times

    def by(self, group: IntArray, groups: int) -> FloatArray:
        """Return, summed over a group's moments, the time in each interval that comes after them.

        A moment of another group, numbered `groups` or above, is left out.
        """
        count, _, bins = self._widths.shape
        size = groups * bins
        at = group if self._inside is None else group * bins + self._inside
        partial = np.bincount(at, weights=self._left, minlength=size)[:size].reshape(groups, bins)
        counts = np.bincount(at, minlength=size)[:size].reshape(groups, bins)
        before = np.cumsum(counts, axis=1) - counts
        later: FloatArray = before.reshape(count, -1, bins) * self._widths
        return partial + later.reshape(groups, bins)


class Steps:
    """The beginnings and ends of spans, in order of time, one replication after the other.

    At one time ends come before starts: a span does not overlap the one that follows it, and an empty one is
    never open.
    """

    def __init__(self, starts: FloatArray, ends: FloatArray, of: Replications) -> None:
        parts = of.parts(len(starts))
        found = [self._ordered(starts[part], ends[part], part.start) for part in parts]
        self._span: IntArray
        self._times: FloatArray
        self._span, self._times, begins = found[0] if len(found) == 1 else _joined(found)
        self._step = np.where(begins, 1, -1)

    @staticmethod
    def _ordered(starts: FloatArray, ends: FloatArray, first: int) -> tuple[IntArray, FloatArray, BoolArray]:
        """Return of each step the span, counted from the first, the time, and whether the span begins."""
        moments = np.concatenate([ends, starts])
        order = np.argsort(moments, kind="stable")
        begins = order >= len(starts)
        return order - (len(starts) * begins - first), moments[order], begins

    def peaks(self, owner: IntArray, owners: int) -> FloatArray:
        """Return the largest number of each owner's spans at one time."""
        found, depth, _ = self._by_owner(owner, owners)
        result = np.zeros(owners)
        if len(found):
            first = firsts(found)
            result[found[first]] = np.maximum.reduceat(depth, first)
        return result

    def overlay(self, owner: IntArray, owners: int) -> tuple[IntArray, FloatArray, FloatArray]:
        """Return the stretches in which an owner has any span: the owner, start and end of each.

        The stretches of an owner do not overlap. Spans that touch may come out as two stretches.
        """
        found, depth, order = self._by_owner(owner, owners)
        # where a span is open the next step is the same owner's, as their last one ends at depth 0
        inside = np.flatnonzero(depth[:-1] > 0)
        return found[inside], self._times[order[inside]], self._times[order[inside + 1]]

    @cached_property
    def _depth(self) -> IntArray:
        """The number of open spans after each step, of all owners together."""
        return np.cumsum(self._step)

    def _by_owner(self, owner: IntArray, owners: int) -> tuple[IntArray, IntArray, IntArray]:
        """Return the steps by owner and time: the owner, the number of their open spans after it, and which it is."""
        if len(owner) and (owner == owner[0]).all():  # in order of time as they are
            return np.full(len(self._times), owner[0]), self._depth, np.arange(len(self._times))
        of_step = owner[self._span]
        order = stable_order(of_step, owners)
        # each owner's steps add up to nothing, so one running sum serves all owners
        return of_step[order], self._step[order].cumsum(), order


def _joined(parts: Sequence[tuple[NDArray[Any], ...]]) -> tuple[NDArray[Any], ...]:
    return tuple(map(np.concatenate, zip(*parts, strict=True)))


# Those who wait.


class Waiting:
    """Spans of requests, places or lines, cut to the time between warm-up, or the opening of a date, and closing."""

    def __init__(
        self,
        starts: FloatArray,
        ends: FloatArray,
        places: dict[Dimension, IntArray],
        scenario: "Scenario",
        axes: Axes,
        of: Replications,
    ) -> None:
        self.axes = axes
        first = max(scenario.warm_up, axes.open_hours[0] if axes.open_hours else 0.0)
        self.window = (first, max(scenario.lasts, first))
        # What has no end goes on.
        self.starts, self.ends = np.clip([starts, np.nan_to_num(ends, nan=np.inf)], *self.window)
        self.steps = Steps(self.starts, self.ends, of)
        self.groups = Groups(axes, places, replications=of)

    @classmethod
    def of_requests(cls, frame: "pd.DataFrame", scenario: "Scenario", axes: Axes) -> Self:
        """Return the spans from placing to answer or end."""
        placed_at = numbers(frame, "placed_at")
        places: dict[Dimension, IntArray] = {
            "queue": codes(frame, "queue", axes.queue),
            "channel": codes(frame, "channel", axes.channel),
            "kind": codes(frame, "kind", axes.kind),
        }
        ends = placed_at + numbers(frame, "wait")
        return cls(placed_at, ends, places, scenario, axes, replications(frame))

    @classmethod
    def in_places(cls, tasks: "pd.DataFrame", scenario: "Scenario", axes: Axes) -> Self:
        """Return the spans in waiting places: from queueing until it rings or the wait ends, attempt by attempt."""
        queued = tasks[~np.isnan(numbers(tasks, "task_queue_time"))]
        reserved, answered = numbers(queued, "task_reserved_time"), numbers(queued, "task_answered_time")
        ends = np.fmin(np.fmin(reserved, answered), numbers(queued, "task_end_time"))
        places: dict[Dimension, IntArray] = {
            "queue": codes(queued, "queue_id", axes.queue),
            "channel": codes(queued, "channel", axes.channel),
        }
        return cls(numbers(queued, "task_queue_time"), ends, places, scenario, axes, replications(queued))

    @classmethod
    def of_lines(cls, conversations: "pd.DataFrame", scenario: "Scenario", axes: Axes) -> Self:
        """Return the spans in which customers hold a line: from arrival to the end of the contact for them."""
        places: dict[Dimension, IntArray] = {"channel": codes(conversations, "channel", axes.channel)}
        starts, ends = numbers(conversations, "arrived_at"), numbers(conversations, "ended_at")
        return cls(starts, ends, places, scenario, axes, replications(conversations))

    def mean(self) -> "MeanLength":
        """Return the time average of the number waiting."""
        return MeanLength(self)

    def peak(self) -> "PeakLength":
        """Return the largest number waiting at one time."""
        return PeakLength(self)


class MeanLength(Part):
    """The time average of the number waiting; by interval over the part of it that lies in the window."""

    def __init__(self, waiting: Waiting) -> None:
        self.waiting = waiting

    def blocks(self, breakdowns: tuple[Breakdown, ...]) -> FloatArray:
        """Return the averages of one breakdown after the other, NaN where an interval lies outside the window."""
        places = [tuple(dimension for dimension in by if dimension != "interval") for by in breakdowns]
        whole = [place == by for place, by in zip(places, breakdowns, strict=True)]
        keys = list(zip(self.waiting.groups.alike(places), whole, strict=True))
        found = {key: self._mean(*key) for key in dict.fromkeys(keys)}
        return np.concatenate([found[key] for key in keys], axis=1)

    def _mean(self, place: Breakdown, whole: bool) -> FloatArray:
        """Return the average of each cell, over the whole window or interval by interval."""
        groups = self.waiting.groups
        group, count = groups.rows_of(place), groups.size_of(place)
        if whole:
            # Span by span: of a year the sums of times since would differ in their tenth digit.
            sums = np.bincount(group, weights=self._lengths, minlength=count)[:count]
            area: FloatArray = sums.astype(np.float64).reshape(-1, 1)  # of nobody they are whole numbers
            edges = np.array(self.waiting.window)
        else:
            edges, starts, ends = self._by_interval
            area = starts.by(group, count) - ends.by(group, count)
        widths = edges[1:] - edges[:-1]
        found = np.full(area.shape, np.nan)
        np.divide(area, widths, out=found, where=widths > 0)
        return found.reshape(groups.count, -1)

    @cached_property
    def _lengths(self) -> FloatArray:
        lengths: FloatArray = self.waiting.ends - self.waiting.starts
        return lengths

    @cached_property
    def _by_interval(self) -> tuple[FloatArray, Since, Since]:
        edges = np.clip([*self.waiting.axes.starts, np.inf], *self.waiting.window)
        starts, ends = (Since(times, edges[np.newaxis]) for times in (self.waiting.starts, self.waiting.ends))
        return edges, starts, ends


class PeakLength(Part):
    """The largest number waiting at one time."""

    def __init__(self, waiting: Waiting) -> None:
        self.waiting = waiting

    def blocks(self, breakdowns: tuple[Breakdown, ...]) -> FloatArray:
        """Return the peaks of one breakdown after the other."""
        groups, alike = self.waiting.groups, self.waiting.groups.alike(breakdowns)
        found = {by: self._peaks(groups.rows_of(by), groups.size_of(by)) for by in dict.fromkeys(alike)}
        return np.concatenate([found[by] for by in alike], axis=1)

    def _peaks(self, owner: IntArray, owners: int) -> FloatArray:
        peaks = self.waiting.steps.peaks(owner, owners + 1)[:owners]
        return peaks.reshape(self.waiting.groups.count, -1)


# What is left at closing.


class Backlog:
    """The number waiting in each queue at its closings, and the least that waits while somebody is there.

    A closing is the last instant of a day of 24 hours, counted from the end of the warm-up, at which an agent of the
    queue is planned to be there; of a run with fewer than two such days, of each of its halves.
    """

    def __init__(self, requests: "pd.DataFrame", scenario: "Scenario", axes: Axes) -> None:
        self._placed_at = numbers(requests, "placed_at")
        waits = np.nan_to_num(numbers(requests, "wait"), nan=np.inf)
        self._gone_at = self._placed_at + waits
        self._replications, queue = replications(requests), codes(requests, "queue", axes.queue)
        planned = _planned(scenario)
        self._queues = len(planned)
        self._cell = np.where(queue < 0, -1, self._replications.cells(queue, self._queues))
        ends = [(days[0], days[-1], len(days) - 1) if len(days) > 1 else (np.nan,) * 3 for days, _ in planned]
        opened, closed, steps = np.array(ends, dtype=np.float64).reshape(-1, 3).T
        first, last = self._waiting(queue, opened), self._waiting(queue, closed)
        self.growths: FloatArray = (last - first) / steps
        self.kept = np.where(np.isnan(self.growths), np.nan, 0.0)
        for row, number in np.argwhere(last > 0):  # who waits all the time waits at the last closing
            mine = self._cell == row * self._queues + number
            self.kept[row, number] = self._is_kept(mine, planned[number][1])

    def growth(self) -> "QueueCells":
        """Return by how much the backlog grows from one closing to the next; NaN where there are none to compare."""
        return QueueCells(self.growths)

    def never_empty(self) -> "QueueCells":
        """Return 1 where somebody waits all the time from the middle of the run on, while anybody is there, else 0."""
        return QueueCells(self.kept)

    def tested(self) -> "QueueCells":
        """Return how many came to a queue that has closings to compare."""
        return QueueCells(np.where(np.isnan(self.growths), 0.0, self._counted(self._cell >= 0)))

    def _counted(self, chosen: BoolArray) -> IntArray:
        """Count the chosen searches by queue, in a row for each replication."""
        count = self._replications.count
        return np.bincount(self._cell[chosen], minlength=count * self._queues).reshape(count, -1)

    def _waiting(self, queue: IntArray, at: FloatArray) -> IntArray:
        """Count those who wait at an instant of their queue's own."""
        instant = np.append(at, np.nan)[queue]
        return self._counted((self._placed_at <= instant) & (self._gone_at > instant))

    def _is_kept(self, mine: BoolArray, spans: "Sequence[Span]") -> bool:
        """Return whether somebody of these searches waits all the time in the spans."""
        placed, gone = np.sort(self._placed_at[mine]), np.sort(self._gone_at[mine])
        return min(_least(placed, gone, span.start, span.end) for span in spans) > 0


@lru_cache(maxsize=8)
def _planned(scenario: "Scenario") -> "list[tuple[list[float], list[Span]]]":
    """Return the closings of each queue, and when somebody is there from the middle one on: the same in every run."""
    from sim.scenario.teams import staffed

    found = []
    for name in scenario.queues:
        spans = staffed(scenario, name)
        closings = closings_of(scenario, spans)
        middle = closings[(len(closings) - 1) // 2] if closings else 0.0
        found.append((closings, _within(spans, middle, closings[-1]) if closings else []))
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
    """Return how many wait at each instant, of searches in order; who comes at it waits, who goes at it does not."""
    waiting: IntArray = np.searchsorted(placed, at, "right") - np.searchsorted(gone, at, "right")
    return waiting


def _least(placed: FloatArray, gone: FloatArray, start: float, end: float) -> float:
    """Return the least number that waits in a span, at its ends or where somebody goes."""
    at = np.concatenate(([start, end], gone[(gone > start) & (gone < end)]))
    return float(_waiting(placed, gone, at).min())


class QueueCells(Part):
    """One number a queue, in a row for each replication."""

    def __init__(self, values: FloatArray) -> None:
        self._values = values

    def cells(self, by: Breakdown) -> FloatArray:
        """Return the number of each queue."""
        assert by == ("queue",)
        return self._values
