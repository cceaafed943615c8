"""Inverse distribution functions against scipy.stats, and against what the laws say of themselves."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.scenario import distributions
from sim.workload import quantile

GRID = np.concatenate(
    [[0.0, 2.0**-53, 1e-12, 1e-6], np.linspace(0.001, 0.999, 999), 1 - np.array([1e-6, 1e-12, 2.0**-53])]
)
LAWS = {
    "exponential": (distributions.Exponential(mean=240), stats.expon(scale=240)),
    "lognormal": (
        distributions.Lognormal(mean=360, sd=300),
        stats.lognorm(s=math.sqrt(math.log1p(25 / 36)), scale=360 / math.sqrt(1 + 25 / 36)),
    ),
    "gamma": (distributions.Gamma(mean=420, sd=300), stats.gamma(a=1.96, scale=300**2 / 420)),
    "gamma_of_wide_spread": (distributions.Gamma(mean=60, sd=180), stats.gamma(a=1 / 9, scale=540)),
    "weibull": (distributions.Weibull(shape=1.4, scale=360), stats.weibull_min(c=1.4, scale=360)),
    "erlang": (distributions.Erlang(mean=90, k=3), stats.gamma(a=3, scale=30)),
    "uniform": (distributions.Uniform(low=30, high=90), stats.uniform(loc=30, scale=60)),
    "triangular": (
        distributions.Triangular(low=30, mode=60, high=300),
        stats.triang(c=1 / 9, loc=30, scale=270),
    ),
    "triangular_falling": (
        distributions.Triangular(low=30, mode=30, high=90),
        stats.triang(c=0, loc=30, scale=60),
    ),
    "triangular_rising": (
        distributions.Triangular(low=30, mode=90, high=90),
        stats.triang(c=1, loc=30, scale=60),
    ),
}
OTHERS = {
    "constant": distributions.Constant(value=25),
    "hyperexponential": distributions.Hyperexponential(means=(20, 600), shares=(0.7, 0.3)),
    "hyperexponential_of_four": distributions.Hyperexponential(
        means=(1, 5, 5000, 60), shares=(0.1, 0.0, 0.001, 0.899)
    ),
    "hyperexponential_of_one": distributions.Hyperexponential(means=(60,), shares=(1,)),
    "empirical": distributions.Empirical(values=(40, 10, 30, 10, 90)),
}
ALL = {name: law for name, (law, _) in LAWS.items()} | OTHERS


def mixture_cdf(law, x):
    return sum(share * -np.expm1(-x / mean) for mean, share in zip(law.means, law.shares, strict=True))


@pytest.mark.parametrize(("law", "reference"), LAWS.values(), ids=LAWS)
def test_quantiles_are_those_of_scipy_stats(law, reference):
    np.testing.assert_allclose(quantile(law, GRID), reference.ppf(GRID), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("law", ALL.values(), ids=ALL)
def test_quantiles_never_fall_and_are_never_infinite_or_negative(law):
    values = quantile(law, GRID)
    assert values.dtype == np.float64
    assert values.shape == GRID.shape
    assert np.all(np.isfinite(values))
    assert np.all(np.diff(values) >= 0)
    assert values[0] >= 0


@pytest.mark.parametrize("law", ALL.values(), ids=ALL)
def test_values_have_the_mean_that_the_law_states(law):
    # the midpoints of 200 000 equal slices integrate the quantile function but for the last slice's tail
    midpoints = (np.arange(200_000) + 0.5) / 200_000
    assert quantile(law, midpoints).mean() == pytest.approx(law.mean, rel=5e-4)


@pytest.mark.parametrize("law", [LAWS["lognormal"][0], LAWS["gamma"][0]], ids=["lognormal", "gamma"])
def test_values_have_the_standard_deviation_that_the_law_states(law):
    midpoints = (np.arange(200_000) + 0.5) / 200_000
    assert quantile(law, midpoints).std() == pytest.approx(law.sd, rel=5e-3)


def test_an_erlang_law_has_the_standard_deviation_of_its_phases():
    midpoints = (np.arange(100_000) + 0.5) / 100_000
    assert quantile(distributions.Erlang(mean=90, k=9), midpoints).std() == pytest.approx(30, rel=1e-3)


@pytest.mark.parametrize("name", ["hyperexponential", "hyperexponential_of_four", "hyperexponential_of_one"])
def test_the_numeric_inversion_of_a_mixture_is_exact(name):
    u = GRID[GRID < 1 - 1e-9]  # beyond, 1 - u itself has lost its digits
    np.testing.assert_allclose(mixture_cdf(ALL[name], quantile(ALL[name], u)), u, rtol=1e-12, atol=1e-15)


def test_a_mixture_of_equal_parts_is_the_exponential_law():
    law = distributions.Hyperexponential(means=(60, 60), shares=(0.25, 0.75))
    np.testing.assert_allclose(
        quantile(law, GRID), quantile(distributions.Exponential(mean=60), GRID), rtol=1e-12, atol=1e-12
    )


def test_observed_values_come_in_their_proportions_and_nothing_else_comes():
    u = (np.arange(10) + 0.5) / 10
    assert quantile(OTHERS["empirical"], u).tolist() == [10, 10, 10, 10, 30, 30, 40, 40, 90, 90]


def test_what_is_no_law_is_refused():
    with pytest.raises(TypeError, match="str is not a law"):
        quantile("exponential", GRID)


def test_a_law_changed_keeps_every_contact_at_its_place():
    u = np.random.default_rng(1).random(1000)
    short, long = (
        quantile(distributions.Lognormal(mean=300, sd=200), u),
        quantile(distributions.Gamma(mean=400, sd=300), u),
    )
    assert np.array_equal(np.argsort(short), np.argsort(long))
