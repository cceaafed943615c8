"""Spans of time: spread over intervals, laid over each other, counted at their peak."""

import numpy as np

from sim.metrics.arrays import FloatArray, IntArray, stable_order


def spread(
    group: IntArray, groups: int, starts: FloatArray, ends: FloatArray, edges: FloatArray
) -> FloatArray:
    """Give the time that the spans of each group spend in each interval between two edges.

    The spans must lie within the edges. The result has a row a group and a column an interval.
    """
    since_start = _since(group, groups, starts, edges)
    since_end = _since(group, groups, ends, edges)
    return since_start - since_end


def _since(group: IntArray, groups: int, times: FloatArray, edges: FloatArray) -> FloatArray:
    """Give, summed over a group's times, the time in each interval that comes after them."""
    bins = len(edges) - 1
    inside = np.clip(np.searchsorted(edges, times, side="right") - 1, 0, bins - 1)
    at = group * bins + inside
    partial = np.bincount(at, weights=edges[inside + 1] - times, minlength=groups * bins).reshape(
        groups, bins
    )
    counts = np.bincount(at, minlength=groups * bins).reshape(groups, bins)
    before = np.cumsum(counts, axis=1) - counts
    result: FloatArray = partial + before * np.diff(edges)
    return result


class Steps:
    """The beginnings and ends of spans, in order of time.

    At one time ends come before starts: a span does not overlap the one that follows it, and an empty one is
    never open.
    """

    def __init__(self, starts: FloatArray, ends: FloatArray) -> None:
        order = np.argsort(np.concatenate([ends, starts]), kind="stable")
        self._span = np.tile(np.arange(len(starts)), 2)[order]
        self._times = np.concatenate([ends, starts])[order]
        self._step = np.repeat([-1, 1], len(starts))[order]

    def peaks(self, owner: IntArray, owners: int) -> FloatArray:
        """Give the largest number of each owner's spans at one time."""
        found, _, depth = self._by_owner(owner, owners)
        result = np.zeros(owners)
        if len(found):
            first = np.flatnonzero(np.diff(found, prepend=-1))
            result[found[first]] = np.maximum.reduceat(depth, first)
        return result

    def overlay(self, owner: IntArray, owners: int) -> tuple[IntArray, FloatArray, FloatArray]:
        """Give the stretches in which an owner has any span: the owner, start and end of each.

        The stretches of an owner do not overlap. Spans that touch may come out as two stretches.
        """
        found, times, depth = self._by_owner(owner, owners)
        inside = np.flatnonzero(
            depth[:-1] > 0
        )  # then the next step is the same owner's: his last ends at depth 0
        return found[inside], times[inside], times[inside + 1]

    def _by_owner(self, owner: IntArray, owners: int) -> tuple[IntArray, FloatArray, IntArray]:
        """Give the steps by owner and time: the owner, the time, and the number of his open spans after it."""
        of_step = owner[self._span]
        order = stable_order(of_step, owners)
        # each owner's steps add up to nothing, so one running sum serves all owners
        return of_step[order], self._times[order], np.cumsum(self._step[order])
