"""Running means, variances and covariances of many cells at once."""

import numpy as np

from sim.metrics.arrays import BoolArray, FloatArray


class Moments:
    """Means and sums of squared deviations of numerator and denominator, updated as Welford (1962) does."""

    def __init__(self, size: int) -> None:
        self.count = np.zeros(size)
        self.top, self.bottom = np.zeros(size), np.zeros(size)
        self.top_top, self.top_bottom, self.bottom_bottom = np.zeros(size), np.zeros(size), np.zeros(size)

    def add(self, top: FloatArray, bottom: FloatArray) -> None:
        """Add one replication; a cell whose numerator is NaN has no value in it."""
        there = ~np.isnan(top)
        self.count += there
        weight = np.divide(1.0, self.count, out=np.zeros_like(top), where=there)
        off_top = np.where(there, top - self.top, 0.0)
        off_bottom = np.where(there, bottom - self.bottom, 0.0)
        self.top += weight * off_top
        self.bottom += weight * off_bottom
        left_top, left_bottom = off_top * (1 - weight), off_bottom * (1 - weight)
        self.top_top += off_top * left_top
        self.top_bottom += off_top * left_bottom
        self.bottom_bottom += off_bottom * left_bottom

    def estimate(self, is_ratio: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Give value and standard error of each cell, NaN where there are none."""
        has_data = (self.count > 0) & (self.bottom > 0)
        divisor = np.where(is_ratio, self.bottom, 1.0)
        value = np.divide(self.top, divisor, out=np.full(len(divisor), np.nan), where=has_data)
        slope = np.where(is_ratio, value, 0.0)
        squares = self.top_top - 2 * slope * self.top_bottom + slope**2 * self.bottom_bottom
        spread = self.count * (self.count - 1) * divisor**2
        known = has_data & (self.count > 1)
        variance = np.divide(squares, spread, out=np.full(len(divisor), np.nan), where=known)
        return value, np.sqrt(np.maximum(variance, 0.0))
