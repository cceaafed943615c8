"""Integrals over time of how many intervals are open."""

import numpy as np

from sim.experiments.verification.estimate import FloatArray


def overlaps(starts: FloatArray, ends: FloatArray, edges: FloatArray) -> FloatArray:
    """Return, for each cell between two edges, the total time that the intervals [start, end] spend in it.

    Up to x an interval has been open for (x - start)+ - (x - end)+; summed over all by two sorted lists.
    """
    return np.diff(_elapsed(np.sort(starts), edges) - _elapsed(np.sort(ends), edges))


def _elapsed(moments: FloatArray, edges: FloatArray) -> FloatArray:
    """Sum of (edge - moment)+ over all moments, for each edge."""
    before = np.searchsorted(moments, edges)
    sums = np.concatenate(([0.0], np.cumsum(moments)))
    return before * edges - sums[before]
