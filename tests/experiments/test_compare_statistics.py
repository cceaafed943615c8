"""Paired differences, Holm's adjustment and the customers' fates, on numbers known from elsewhere."""

import math
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.experiments.paired import CustomerOutcomes, Sampled, alone, holm, paired
from sim.records import Recorder

# Student (1908), hours of sleep gained by ten patients with two drugs; the answers are those of R's t.test.
FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def means(values: list[float]) -> Sampled:
    return Sampled(np.array(values), np.ones(len(values)), is_ratio=False)


def ratios(tops, bottoms) -> Sampled:
    return Sampled(np.array(tops, dtype=float), np.array(bottoms, dtype=float), is_ratio=True)


def test_a_figure_that_only_one_side_has_is_told_for_that_side() -> None:
    waits = Sampled(np.array([3.0, np.nan, 5.0]), np.ones(3), is_ratio=False)
    nobody = Sampled(np.full(3, np.nan), np.zeros(3), is_ratio=False)
    found = paired(waits, nobody)
    assert (found.base, found.replications) == (4.0, 0)
    assert np.isnan([found.value, found.difference, found.low, found.p, found.correlation]).all()
    assert paired(nobody, waits).value == 4.0


def test_means_are_compared_by_the_paired_t() -> None:
    found = paired(means(FIRST), means(SECOND))
    assert (found.base, found.value) == pytest.approx((0.75, 2.33))
    assert (found.difference, found.low, found.high) == pytest.approx((1.58, 0.7001142, 2.4598858), abs=1e-7)
    assert found.p == pytest.approx(0.00283289, abs=1e-8)
    assert found.correlation == pytest.approx(0.7951702, abs=1e-6)
    spread = np.var(FIRST, ddof=1) + np.var(SECOND, ddof=1)
    assert found.variance_factor == pytest.approx(spread / np.var(np.subtract(SECOND, FIRST), ddof=1))


def test_one_figure_alone_has_the_interval_of_student() -> None:
    assert alone(means(FIRST)) == pytest.approx((0.75, -0.5297804, 2.0297804), abs=1e-6)


def test_ratios_of_equal_denominators_are_means() -> None:
    as_means = paired(means(FIRST), means(SECOND))
    as_ratios = paired(ratios(np.multiply(FIRST, 8), [8] * 10), ratios(np.multiply(SECOND, 8), [8] * 10))
    assert tuple(vars_of(as_ratios)) == pytest.approx(tuple(vars_of(as_means)))


def vars_of(found) -> list[float]:
    return [getattr(found, name) for name in type(found).__slots__]


def test_the_difference_is_that_of_the_ratios_of_sums() -> None:
    found = paired(ratios([1, 9], [2, 10]), ratios([2, 9], [2, 10]))
    assert (found.base, found.value) == pytest.approx((10 / 12, 11 / 12))
    assert found.difference == pytest.approx(1 / 12)


def test_the_interval_of_a_difference_of_ratios_covers_as_often_as_it_says() -> None:
    """Two services of the same customers: 80 % and 83 % in time, much of it shared."""
    rng = np.random.default_rng(5)
    covered = narrower = 0
    for _ in range(1000):
        busy = rng.gamma(100, 1 / 100, 20)
        offered = rng.poisson(300 * busy)
        both = rng.binomial(offered, 0.7)
        first = both + rng.binomial(offered - both, 1 / 3)
        second = both + rng.binomial(offered - both, 0.13 / 0.3)
        found = paired(ratios(first, offered), ratios(second, offered))
        covered += found.low <= 0.03 <= found.high
        narrower += found.variance_factor > 1
    assert 0.93 <= covered / 1000 <= 0.97
    assert narrower > 900


def test_replications_without_a_value_are_left_out_in_pairs() -> None:
    gap = [*FIRST[:9], math.nan]
    found = paired(means(gap), means(SECOND))
    assert found.replications == 9
    assert found.difference == pytest.approx(np.mean(np.subtract(SECOND, FIRST)[:9]))


def test_no_spread_is_certainty_and_one_replication_says_nothing() -> None:
    same = paired(means(FIRST), means(FIRST))
    assert (same.difference, same.low, same.high, same.p) == (0, 0, 0, 1)
    shifted = paired(means([1, 2, 3]), means([2, 3, 4]))
    assert (shifted.low, shifted.high, shifted.p) == (1, 1, 0)
    alone_ = paired(means([1.0]), means([2.0]))
    assert alone_.difference == 1
    assert math.isnan(alone_.low)


def test_holm_is_that_of_the_books() -> None:
    """R: p.adjust(c(.01, .04, .03, .005), "holm")."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    with_gap = holm([0.01, math.nan, 0.5, 0.9])
    assert with_gap[0] == pytest.approx(0.03)
    assert math.isnan(with_gap[1])
    assert with_gap[2:] == pytest.approx([1.0, 1.0])


def fates(*customers: tuple[float, float, bool]) -> CustomerOutcomes:
    times, waits, served = zip(*customers, strict=True)
    talks = [60.0 * one for one in served]
    return CustomerOutcomes(
        *(np.array(one, dtype=float) for one in (times, waits)), np.array(served), np.array(talks)
    )


def test_who_fares_better_and_worse() -> None:
    base = fates((1, 10, True), (2, 10, True), (3, 10, True), (4, 10, False), (5, 10, True), (6, 9, False))
    other = fates((1, 9, True), (2, 9.5, True), (3, 30, True), (4, 50, True), (5, 1, False), (6, 1, False))
    # 1 waits a second less, 2 hardly so, 3 longer, 4 is served at last, 5 no longer, 6 neither time
    assert other.against(base).tolist() == [6, 6, 2, 2, 0, 3, 0, 0]


def test_only_customers_who_come_at_the_same_time_are_the_same() -> None:
    base = fates((1, 10, True), (2, 10, True), (3, 10, True))
    assert fates((2, 1, True), (2.5, 99, True), (3, 10, True)).against(base).tolist() == [
        3,
        2,
        1,
        0,
        1,
        2,
        0,
        0,
    ]


def test_fates_are_summed_over_a_customers_attempts(small_text: str) -> None:
    """Callers who gave up come back; what counts is all their waiting and how it ended at last."""
    scenario = sim.loads(small_text).set(
        "customers", {"after_abandon": {"come_back": "80%", "after": "60s", "at_most": 2}}
    )
    records = sim.simulate(scenario, sim.draw(scenario), Recorder(scenario))
    table = records.conversations
    assert table["attempt"].max() == 2
    customers = table.sort_values(["customer_id", "attempt"]).groupby("customer_id")
    found = CustomerOutcomes.of(records, 0.0)["phone/calls"]
    assert len(found) == table["customer_id"].nunique()
    assert found.waits.tolist() == pytest.approx(customers["total_wait"].sum().tolist())
    served = customers["outcome"].last().isin(["handled", "contained"])
    assert found.served.tolist() == served.tolist()
    later = CustomerOutcomes.of(records, 1800.0)["phone/calls"]
    assert later.arrived_at.min() >= 1800 > found.arrived_at.min()


def test_sampled_keeps_the_first_replications() -> None:
    assert replace(means(FIRST)).upto(3).tops.tolist() == FIRST[:3]
