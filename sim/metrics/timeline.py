"""Spans of time: spread over intervals, laid over each other, counted at their peak."""

import numpy as np

from sim.metrics.arrays import FloatArray, IntArray


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


def overlay(owner: IntArray, starts: FloatArray, ends: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Lay the spans of each owner over each other: the stretches, apart from each other, in which he has any.

    Gives the owner, start and end of each stretch. Spans that touch may come out as two stretches.
    """
    owners, times, depth = _steps(owner, starts, ends)
    inside = np.flatnonzero(
        depth[:-1] > 0
    )  # the next step is the same owner's: his last one always ends at depth 0
    return owners[inside], times[inside], times[inside + 1]


def peaks(owner: IntArray, owners: int, starts: FloatArray, ends: FloatArray) -> FloatArray:
    """Give the largest number of each owner's spans at one time; empty spans do not count."""
    found, _, depth = _steps(owner, starts, ends)
    result = np.zeros(owners)
    np.maximum.at(result, found, depth)
    return result


def _steps(owner: IntArray, starts: FloatArray, ends: FloatArray) -> tuple[IntArray, FloatArray, IntArray]:
    """Give the starts and ends by owner and time, with the number of his open spans after each.

    At one time ends come before starts: a span does not overlap the one that follows it, and an empty one
    is never open.
    """
    owners = np.concatenate([owner, owner])
    times = np.concatenate([ends, starts])
    step = np.repeat([-1, 1], len(owner))
    order = np.argsort(times, kind="stable")
    order = order[np.argsort(owners[order], kind="stable")]
    # each owner's steps add up to nothing, so one running sum serves all owners
    return owners[order], times[order], np.cumsum(step[order])
