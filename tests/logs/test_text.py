"""Fitted figures are written so that a scenario reads them back."""

import pytest

from sim.logs import text
from sim.scenario.distributions import Exponential, Gamma, Hyperexponential, Weibull


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, "0"), (0.09523, "0.0952"), (7.0476, "7.05"), (341.33, "341"), (5111.3, "5110"), (100.0, "100")],
)
def test_three_digits_and_no_powers(value: float, written: str) -> None:
    assert text.number(value) == written


def test_shares_are_per_cent() -> None:
    assert text.share(0.33064) == "33.1%"


@pytest.mark.parametrize(
    ("law", "written"),
    [
        (Weibull(shape=1.5326, scale=279.3), "{weibull: {shape: 1.53, scale: 279s}}"),
        (Gamma(mean=244.0, sd=168.6), "{gamma: {mean: 244s, sd: 169s}}"),
        (Exponential(mean=371.88), "{exponential: {mean: 372s}}"),
        (
            Hyperexponential(means=(16.216, 568.6), shares=(0.01889, 0.98111)),
            "{hyperexponential: {means: [16.2s, 569s], shares: [1.89%, 98.11%]}}",
        ),
    ],
)
def test_laws_as_the_file_has_them(
    law: Weibull | Gamma | Exponential | Hyperexponential, written: str
) -> None:
    assert text.law(law) == written
