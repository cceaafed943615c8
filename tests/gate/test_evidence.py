"""How far a value is known."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.experiments.paired import Sampled
from sim.gate.sequential import Evidence

VALUES = np.array([3.0, 5.0, 4.0, 8.0])


def means(values: np.ndarray) -> Sampled:
    return Sampled(values, np.ones(len(values)), is_ratio=False)


def test_a_mean_has_the_limits_of_students_t() -> None:
    low, high = Evidence.of(means(VALUES), is_share=False).limits(0.05)
    expected = stats.t.interval(0.90, 3, loc=VALUES.mean(), scale=stats.sem(VALUES))
    assert (low, high) == pytest.approx(expected)


def test_a_difference_is_that_of_the_pairs() -> None:
    after = VALUES + np.array([1.0, 2.0, 1.5, 1.5])
    evidence = Evidence.of_difference(means(VALUES), means(after))
    test = stats.ttest_rel(after, VALUES)
    low, high = evidence.limits(0.025)
    assert (low, high) == pytest.approx(test.confidence_interval(0.95))
    assert evidence.p_above(0.0) == pytest.approx(test.pvalue / 2)


def test_a_ratio_of_means_has_the_delta_methods_error() -> None:
    tops, bottoms = np.array([2.0, 3.0, 7.0]), np.array([10.0, 12.0, 20.0])
    evidence = Evidence.of(Sampled(tops, bottoms, is_ratio=True), is_share=False)
    ratio = tops.sum() / bottoms.sum()
    assert evidence.value == pytest.approx(ratio)
    assert evidence.error == pytest.approx(stats.sem((tops - ratio * bottoms) / bottoms.mean()))


def test_days_without_a_value_are_left_out_in_pairs() -> None:
    after = np.array([4.0, np.nan, 6.0, 10.0])
    evidence = Evidence.of_difference(means(VALUES), means(after))
    assert evidence.value == pytest.approx(np.mean([1.0, 2.0, 2.0]))
    assert evidence.freedom == 2


def test_equal_pairs_are_certain() -> None:
    evidence = Evidence.of_difference(means(VALUES), means(VALUES.copy()))
    assert evidence.limits(0.001) == (0.0, 0.0)
    assert evidence.p_above(0.0) == 1.0
    assert evidence.p_above(-0.1) == 0.0


def test_one_day_says_nothing() -> None:
    evidence = Evidence.of(means(VALUES[:1]), is_share=False)
    assert evidence.limits(0.05) == (-math.inf, math.inf)
    assert evidence.p_above(-100) == 1.0


def test_what_never_happened_may_still_happen_now_and_then() -> None:
    """The rule of three: of 300 requests none, so surely not above 1 %."""
    none = Sampled(np.zeros(3), np.full(3, 100.0), is_ratio=True)
    low, high = Evidence.of(none, is_share=True).limits(0.05)
    assert high == pytest.approx(0.00994, abs=1e-4)
    assert low < 0
    always = Sampled(np.full(3, 100.0), np.full(3, 100.0), is_ratio=True)
    assert Evidence.of(always, is_share=True).limits(0.05)[0] == pytest.approx(1 - 0.00994, abs=1e-4)


def test_without_any_cases_nothing_is_known() -> None:
    nothing = Sampled(np.zeros(3), np.zeros(3), is_ratio=True)
    assert Evidence.of(nothing, is_share=True).limits(0.05) == (-math.inf, math.inf)
