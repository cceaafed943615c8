"""The number of requests that wait, over time."""

from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.arrays import FloatArray, IntArray
from sim.metrics.axes import Axes
from sim.metrics.columns import codes, numbers
from sim.metrics.groups import Groups
from sim.metrics.metric import Breakdown, Dimension
from sim.metrics.timeline import Steps, spread

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


class Waiting:
    """The spans from placing to answer or end, cut to the time between warm-up and closing."""

    def __init__(self, frame: "pd.DataFrame", scenario: "Scenario", axes: Axes) -> None:
        self.axes = axes
        self.window = (scenario.warm_up, max(scenario.lasts, scenario.warm_up))
        placed_at = numbers(frame, "placed_at")
        wait = np.nan_to_num(numbers(frame, "wait"), nan=np.inf)  # without an end it waits on
        self.starts, self.ends = np.clip([placed_at, placed_at + wait], *self.window)
        self.steps = Steps(self.starts, self.ends)
        self.codes: dict[Dimension, IntArray] = {
            "queue": codes(frame, "queue", axes.queue),
            "channel": codes(frame, "channel", axes.channel),
            "kind": codes(frame, "kind", axes.kind),
        }
        self.groups = Groups(axes, self.codes)

    def mean(self) -> "MeanLength":
        """Give the time average of the number waiting."""
        return MeanLength(self)

    def peak(self) -> "PeakLength":
        """Give the largest number waiting at one time."""
        return PeakLength(self)


class MeanLength:
    """The time average of the number waiting; by interval over the part of it that lies in the window."""

    def __init__(self, waiting: Waiting) -> None:
        self.waiting = waiting

    def cells(self, by: Breakdown) -> FloatArray:
        """Give the average of each cell, NaN where an interval lies outside the window."""
        place = tuple(dimension for dimension in by if dimension != "interval")
        group, groups = _owners(self.waiting, place)
        edges = np.clip([*self.waiting.axes.starts, np.inf], *self.waiting.window)
        if place == by:
            edges = np.array(self.waiting.window)
        inside = group < groups
        spans = self.waiting.starts[inside], self.waiting.ends[inside]
        area = spread(group[inside], groups, *spans, edges)
        widths = np.diff(edges)
        return np.divide(area, widths, out=np.full_like(area, np.nan), where=widths > 0).ravel()


class PeakLength:
    """The largest number waiting at one time."""

    def __init__(self, waiting: Waiting) -> None:
        self.waiting = waiting

    def cells(self, by: Breakdown) -> FloatArray:
        """Give the peak of each cell."""
        group, groups = _owners(self.waiting, by)
        return self.waiting.steps.peaks(group, groups + 1)[:groups]


def _owners(waiting: Waiting, by: Breakdown) -> tuple[IntArray, int]:
    return waiting.groups.rows_of(by), int(np.prod(waiting.axes.shape(by), dtype=np.int64))
