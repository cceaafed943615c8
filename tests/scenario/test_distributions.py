import math
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from sim.scenario import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)

from .small import mistakes, text_with

LAWS: TypeAdapter[Any] = TypeAdapter(Distribution)
WRITTEN = [
    ("5m", Constant(300), 300.0),
    ({"exponential": {"mean": "5m"}}, Exponential(300), 300.0),
    ({"lognormal": {"mean": "6m", "sd": 300}}, Lognormal(360, 300), 360.0),
    ({"gamma": {"mean": "7m", "sd": "5m"}}, Gamma(420, 300), 420.0),
    ({"weibull": {"shape": 2, "scale": "100s"}}, Weibull(2, 100), 100 * math.gamma(1.5)),
    ({"erlang": {"mean": "1m", "k": 3}}, Erlang(60, 3), 60.0),
    ({"uniform": {"low": "1m", "high": "3m"}}, Uniform(60, 180), 120.0),
    ({"triangular": {"low": "0s", "mode": "30s", "high": "1m"}}, Triangular(0, 30, 60), 30.0),
    ({"hyperexponential": {"means": ["1m", "5m"], "shares": ["75%", 0.25]}}, Hyperexponential((60, 300), (0.75, 0.25)),
     120.0),
    ({"empirical": {"values": [1, "2s", 6]}}, Empirical((1, 2, 6)), 3.0),
]  # fmt: skip


@pytest.mark.parametrize(("written", "law", "mean"), WRITTEN)
def test_laws_are_read_have_a_mean_and_are_written_back(written: object, law: Any, mean: float) -> None:
    assert LAWS.validate_python(written) == law
    assert law.mean == pytest.approx(mean)
    assert LAWS.validate_python(LAWS.dump_python(law, mode="json")) == law
    assert hash(law) == hash(LAWS.validate_python(written))


def test_a_law_stands_for_itself() -> None:
    assert LAWS.validate_python(Exponential(3)) == Exponential(3)


def test_laws_are_read_only() -> None:
    with pytest.raises(AttributeError):
        Exponential(3).mean = 4  # type: ignore[misc]


@pytest.mark.parametrize(
    ("law", "what"),
    [
        ("{exponential: {mean: 0}}", "handle_time.exponential.mean: `0` has to be above 0"),
        ("{exponential: {mean: 0s}}", "handle_time.exponential.mean: `0s` has to be above 0s"),
        ("{exponential: {}}", "handle_time.exponential.mean: this key is missing"),
        ("{lognormal: {mean: 5m, sd: 0}}", "handle_time.lognormal.sd: `0` has to be above 0"),
        ("{gamma: {mean: 5m, sd: -1}}", "handle_time.gamma.sd: `-1` is not a duration; "
         "write 90 (seconds), 90s, 5m, 1.5h or 2d"),
        ("{gamma: {mean: 5m, std: 1}}", "handle_time.gamma.sd: this key is missing"),
        ("{weibull: {shape: 0.01, scale: 1}}", "handle_time.weibull.shape: `0.01` has to be at least 0.1"),
        ("{erlang: {mean: 5m, k: 1.5}}", "handle_time.erlang.k: `1.5` is not a whole number"),
        ("{erlang: {mean: 5m, k: 0}}", "handle_time.erlang.k: `0` has to be at least 1"),
        ("{uniform: {low: 5m, high: 5m}}", "handle_time.uniform: low (300s) has to be below high (300s)"),
        ("{triangular: {low: 1, mode: 9, high: 5}}", "handle_time.triangular: low, mode and high have to be in this "
         "order, low below high, not low 1s, mode 9s, high 5s"),
        ("{hyperexponential: {means: [1, 2], shares: [100%]}}", "handle_time.hyperexponential: "
         "there are 2 means but 1 shares"),
        ("{hyperexponential: {means: [1, 2], shares: [50%, 60%]}}", "handle_time.hyperexponential: "
         "the shares sum to 110%, they have to sum to 100%"),
        ("{empirical: {values: []}}", "handle_time.empirical.values: there has to be at least one entry"),
        ("{empirical: {}}", "handle_time.empirical: an empirical law needs values, or file and column"),
        ("{empirical: {values: [1], column: x}}", "handle_time.empirical.column: does not go with values"),
        ("{lognorml: {mean: 5m}}", "handle_time: unknown law `lognorml`; did you mean `lognormal`?"),
        ("{gamma: {mean: 1, sd: 1}, erlang: {mean: 1, k: 1}}", "handle_time: `{gamma: {mean: 1, sd: 1}, erlang: "
         "{mean: 1, k: 1}}` is no law; write a duration or one law such as {exponential: {mean: 5m}}"),
        ("[5m]", "handle_time: `[5m]` is no law; write a duration or one law such as {exponential: {mean: 5m}}"),
        ("5 min", "handle_time: `5 min` is not a duration; write 90 (seconds), 90s, 5m, 1.5h or 2d"),
    ],
)  # fmt: skip
def test_parameters_are_checked(law: str, what: str) -> None:
    lines = mistakes(text_with(queues=f"queues:\n  sales: {{medium: chat, handle_time: {law}}}"))
    assert any(line.endswith(f": queues.sales.{what}") for line in lines), lines


def test_the_shares_may_miss_100_percent_by_rounding_alone() -> None:
    assert Hyperexponential((1, 2, 3), (0.1, 0.2, 0.7)).mean == pytest.approx(2.6)
    with pytest.raises(ValidationError, match="sum to 99%"):
        Hyperexponential((1, 2), (0.5, 0.49))
