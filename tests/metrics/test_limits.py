"""Limits as people read them."""

from math import inf, nan

import pytest

from sim.metrics.formatting import amount, limit


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (nan, "s", "-"), (inf, "s", "∞"), (-inf, "share", "-∞"),
        (0.805, "share", "80.5"), (20.04, "s", "20.0"), (1.256, "requests/h", "1.26"),
    ],
)  # fmt: skip
def test_a_limit_has_one_decimal_of_a_share_or_a_time_and_two_of_what_else_there_is(
    value: float, unit: str, written: str
) -> None:
    assert limit(value, unit) == written


def test_people_are_written_to_a_tenth_and_few_to_two_digits() -> None:
    assert [amount(people) for people in (12.34, 1.0, 0.0, 0.0342)] == ["12.3", "1.0", "0.0", "0.034"]
