"""Known laws come back from samples of them: handle times, busyness on two levels, patience, opening hours."""

import numpy as np
import pandas as pd
import pytest

from sim.logs.laws import choose_law
from sim.logs.opening_hours import ordinary_days
from sim.logs.overdispersion import factors_of
from sim.logs.transfers import wilson
from sim.scenario.distributions import (
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Weibull,
)
from sim.workload.inverse import quantile

RNG = np.random.default_rng(5)


@pytest.mark.parametrize(
    ("law", "name"),
    [
        (Exponential(mean=200.0), "exponential"),
        (Gamma(mean=250.0, sd=100.0), "gamma"),
        (Lognormal(mean=300.0, sd=240.0), "lognormal"),
        (Weibull(shape=1.6, scale=300.0), "weibull"),
        (Hyperexponential(means=(30.0, 500.0), shares=(0.4, 0.6)), "hyperexponential"),
    ],
)
def test_the_law_of_a_sample_is_found(law: Distribution, name: str) -> None:
    sample = quantile(law, RNG.random(6000))
    found = choose_law(np.rint(sample))  # logs have whole seconds
    aic = {candidate: height for candidate, height, _ in found.candidates}
    assert aic[name] - min(aic.values()) < 4  # a law of which it is a special case may be ahead by chance
    assert found.law.mean == pytest.approx(law.mean, rel=0.05)
    assert found.distance < 0.02
    assert abs(found.mean - law.mean) < 2 * found.half_width


def test_what_no_law_fits_is_taken_as_it_is() -> None:
    """Half of the calls take 30 s, half 600 s."""
    sample = np.where(RNG.random(2000) < 0.5, 30.0, 600.0) + RNG.random(2000)
    found = choose_law(sample)
    assert isinstance(found.law, Empirical)
    assert found.law.mean == pytest.approx(sample.mean(), rel=0.01)
    assert "quantiles of the durations" in found.words


def test_busyness_on_two_levels_comes_back() -> None:
    """Two queues of 60 and 90 contacts a half hour on 240 days: gamma by day and by half hour, common and own."""
    days = pd.date_range("2025-01-01", periods=240, freq="D", name="day")

    def gamma(sd: float, *shape: int) -> np.ndarray:
        return RNG.gamma(sd**-2, sd**2, shape)

    shared = gamma(0.12, 240, 1) * gamma(0.08, 240, 26)
    own = {"a": gamma(0.10, 240, 1) * gamma(0.15, 240, 26), "b": gamma(0.05, 240, 1)}
    usual = {"a": 60.0, "b": 90.0}
    counts = {
        name: pd.DataFrame(RNG.poisson(usual[name] * shared * own[name]), index=days).astype("float64")
        for name in own
    }
    common, each = factors_of(counts)
    assert common.day == pytest.approx(0.12, abs=0.02)
    assert common.interval == pytest.approx(0.08, abs=0.015)
    assert each["a"].day == pytest.approx(0.10, abs=0.025)
    assert each["a"].interval == pytest.approx(0.15, abs=0.02)
    assert each["b"].interval < 0.05


def test_plain_poisson_days_have_no_busyness() -> None:
    days = pd.date_range("2025-01-01", periods=100, freq="D", name="day")
    counts = {name: pd.DataFrame(RNG.poisson(50.0, (100, 20)), index=days).astype("float64") for name in "ab"}
    common, each = factors_of(counts)
    assert max(common.day, common.interval) < 0.03
    assert max(each["a"].day, each["a"].interval) < 0.05


def test_ordinary_days_are_those_with_the_usual_contacts() -> None:
    """Two weeks, 08:00 to 18:00 on weekdays with 100 contacts, 10 on Saturdays, one call at 03:00."""
    moments = []
    for date in pd.date_range("2026-03-02", "2026-03-15"):
        count = 100 if date.day_of_week < 5 else 10 * (date.day_of_week == 5)
        moments += [date + pd.Timedelta(hours=8 + 10 * i / count) for i in range(count)]
    moments.append(pd.Timestamp("2026-03-03 03:00"))
    calls = pd.DataFrame({"offered_at": sorted(moments)})
    found = ordinary_days(calls)
    assert found.hours.weekdays == (0, 1, 2, 3, 4)
    assert (found.hours.opens, found.hours.closes) == (8 * 3600, 18 * 3600)
    assert len(found.days) == 10
    assert len(found.other_days) == 2
    assert found.holds(calls).sum() == 1000 == len(calls) - 21


def test_the_interval_of_a_share_is_wilsons() -> None:
    """E. B. Wilson (1927): 10 of 100 lie between 5.52 and 17.44 %."""
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)


def test_seconds_and_days_in_one_sample_are_no_lognormal_of_centuries() -> None:
    """Half of 25 s and half of a day: the likeliest lognormal has a standard deviation of 130 years."""
    sample = np.concatenate([np.linspace(25.0, 30.0, 30), np.linspace(86_300.0, 86_400.0, 30)])
    assert "lognormal" not in [name for name, *_ in choose_law(pd.Series(sample)).candidates]
