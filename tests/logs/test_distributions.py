"""Samples of a known law are recognised, and patience is seen through the censoring."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from logs.conftest import Frame
from sim.logs.cut_laws import choose_law_below
from sim.logs.laws import choose_law, likeliest_law
from sim.logs.patience import Waits, fit_patience
from sim.scenario.distributions import Exponential, Gamma, Hyperexponential, Lognormal, Weibull

N = 20_000


def sample(kind: str) -> np.ndarray:
    rng = np.random.default_rng(20140303)
    return {
        "gamma": lambda: rng.gamma(4.0, 60.0, N),
        "lognormal": lambda: rng.lognormal(5.0, 0.8, N),
        "weibull": lambda: 300.0 * rng.weibull(1.6, N),
    }[kind]()


def test_gamma_is_recognised() -> None:
    law = likeliest_law(sample("gamma"))
    assert isinstance(law, Gamma)
    assert (law.mean, law.sd) == pytest.approx((240.0, 120.0), rel=0.02)


def test_lognormal_is_recognised() -> None:
    law = likeliest_law(sample("lognormal"))
    mean = np.exp(5.0 + 0.32)
    assert isinstance(law, Lognormal)
    assert (law.mean, law.sd) == pytest.approx((mean, mean * np.sqrt(np.expm1(0.64))), rel=0.03)


def test_weibull_is_recognised() -> None:
    law = likeliest_law(sample("weibull"))
    assert isinstance(law, Weibull)
    assert (law.shape, law.scale) == pytest.approx((1.6, 300.0), rel=0.02)


def test_durations_of_nought_seconds_are_no_obstacle() -> None:
    assert likeliest_law([0.0, 0.0, *sample("weibull")]).mean > 200


def censored(patience: np.ndarray, offered_wait: np.ndarray) -> Waits:
    """What a log shows, in whole seconds: the lesser of the two, and which it was."""
    wait = np.ceil(np.minimum(patience, offered_wait))
    table = (
        pd.DataFrame({"left": patience <= offered_wait, "served": patience > offered_wait})
        .groupby(wait)
        .sum()
    )
    return Waits(*(np.asarray(column, dtype=float) for column in (table.index, table.left, table.served)))


def offered_waits() -> np.ndarray:
    return np.random.default_rng(1).exponential(150.0, N)


def test_weibull_patience_is_seen_through_the_censoring() -> None:
    patience = 600.0 * np.random.default_rng(2).weibull(1.5, N)
    law = fit_patience(censored(patience, offered_waits()))
    assert isinstance(law, Weibull)
    assert (law.shape, law.scale) == pytest.approx((1.5, 600.0), rel=0.06)


def test_the_plainest_of_equal_laws_is_taken() -> None:
    patience = np.random.default_rng(3).exponential(400.0, N)
    law = fit_patience(censored(patience, offered_waits()))
    assert isinstance(law, Exponential)
    assert law.mean == pytest.approx(400.0, rel=0.04)


def test_hasty_and_patient_customers_make_a_mixture() -> None:
    rng = np.random.default_rng(4)
    patience = np.where(rng.random(N) < 0.2, rng.exponential(10.0, N), rng.exponential(800.0, N))
    law = fit_patience(censored(patience, offered_waits()))
    assert isinstance(law, Hyperexponential)
    assert min(law.means) == pytest.approx(10.0, rel=0.15)
    assert law.shares[law.means.index(min(law.means))] == pytest.approx(0.2, rel=0.15)


def test_the_fit_agrees_with_scipys() -> None:
    waits = censored(600.0 * np.random.default_rng(2).weibull(1.5, 2000), offered_waits()[:2000])
    left, served = (np.repeat(waits.at, count.astype(int)) for count in (waits.left, waits.served))
    shape, _, scale = stats.weibull_min.fit(stats.CensoredData(uncensored=left, right=served), floc=0)
    law = fit_patience(waits)
    assert isinstance(law, Weibull)
    assert (law.shape, law.scale) == pytest.approx((shape, scale), rel=1e-3)


def test_survival_by_hand(frame: Frame) -> None:
    """Four wait: one leaves at 10 s, one is served at 20 s, one leaves at 30 s, one is served at 40 s."""
    calls = frame(
        ("q5", "09:00:00", None, "09:00:10", None),
        ("q5", "09:00:00", "09:00:20", "09:05:00", "a"),
        ("q5", "09:00:00", None, "09:00:30", None),
        ("q5", "09:00:00", "09:00:40", "09:05:00", "a"),
        ("q5", "09:00:00", "09:00:00", "09:05:00", "a"),
    )
    assert Waits.of(calls).survival([5, 10, 29, 30]).tolist() == pytest.approx([1.0, 0.75, 0.75, 0.375])


def test_the_real_customers_patience(log: pd.DataFrame) -> None:
    waits = Waits.of(log)
    assert waits.survival([10, 30, 60, 120, 300]) == pytest.approx(
        [0.990, 0.972, 0.931, 0.865, 0.690], abs=6e-4
    )
    law = fit_patience(waits)
    assert isinstance(law, Weibull)
    assert (law.shape, law.scale) == pytest.approx((1.08, 740.0), rel=0.005)


def test_a_law_of_which_only_the_short_part_is_known_is_made_whole() -> None:
    """Below 60 s an exponential law of mean 30 s has the mean 30 - 60 / (e^2 - 1) = 20.6 s."""
    whole = np.random.default_rng(20140303).exponential(30.0, N)
    breaks = np.random.default_rng(1).uniform(60.0, 900.0, 2_000)
    short = whole[whole <= 60.0]
    found = choose_law_below(short, 60.0, int((whole > 60.0).sum()) + len(breaks))
    assert choose_law(short).mean == pytest.approx(30.0 - 60.0 / np.expm1(2.0), rel=0.02)
    assert isinstance(found.law, Exponential)
    assert found.mean == pytest.approx(30.0, rel=0.03)
    assert found.part == pytest.approx(-np.expm1(-2.0), rel=0.02)
    known, end = 1.0 / found.mean**2, 60.0 / found.mean  # Fisher's information, less what the cut takes of it
    known *= 1.0 - end**2 * np.exp(end) / np.expm1(end) ** 2
    assert found.half_width == pytest.approx(1.96 / (len(short) * known) ** 0.5, rel=0.01)
    assert "13% of the law longer than those" in found.words


def test_seconds_of_ringing_are_taken_off_a_law_cut_at_a_minute() -> None:
    """Whole seconds, 5 of which are no part of the law: what is known of it ends at 55 s."""
    rung = np.rint(5.0 + np.random.default_rng(20140303).exponential(30.0, N))
    short = rung[rung <= 60.0]
    assert choose_law_below(short, 60.0, N - len(short), 5.0).mean == pytest.approx(30.0, rel=0.05)


def test_a_law_is_not_longer_than_the_log_allows() -> None:
    """With a tenth of the longer durations that an exponential law would have, what was seen is all there is."""
    whole = np.random.default_rng(20140303).exponential(30.0, N)
    short = whole[whole <= 60.0]
    for longer in (0, (N - len(short)) // 10):
        found = choose_law_below(short, 60.0, longer)
        assert (found.mean, found.part) == (pytest.approx(short.mean()), 1.0)
