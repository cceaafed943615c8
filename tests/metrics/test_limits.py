"""Limits as people read them."""

from math import inf, nan

import pytest

from sim.metrics import Figure
from sim.metrics.formatting import (
    amount,
    clock,
    duration,
    like,
    limit,
    open_words,
    quantity,
    replications_that_tell,
)

UNSAID = dict.fromkeys(
    ("variant", "queue", "team", "channel", "kind", "label", "day", "interval"), ""
) | dict.fromkeys(("sd", "min", "max", "replications"), 0)
"""The fields of a figure that are not asked for here."""


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


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0.8, "share", "80 %"), (20.0, "s", "20 s"), (119.0, "s", "119 s"), (120.0, "s", "2 min"),
        (3599.0, "s", "3599 s"), (3600.0, "s", "1 h"), (5400.0, "s", "1.5 h"), (-120.0, "s", "-2 min"),
        (3744.0, "s", "1.04 h"), (3704.4, "s", "3704.4 s"), (7200.0, "requests", "7200"),
    ],
)  # fmt: skip
def test_a_bound_is_written_in_minutes_from_two_on_and_in_hours_from_one_on(
    value: float, unit: str, written: str
) -> None:
    assert quantity(value, unit) == written


def test_a_figure_is_read_in_the_unit_of_its_bound() -> None:
    """Half an hour by a bound of two hours; a number of requests has no other unit, and nothing none at all."""
    wait = Figure(metric="asa", unit="s", value=1800.0, low=900.0, high=3600.0, **UNSAID)
    read = like(7200.0, wait)
    assert read is not None
    assert (read.value, read.low, read.high, read.unit) == (0.5, 0.25, 1.0, "h")
    assert like(60.0, wait) == wait
    asked = Figure(metric="offered", unit="requests", value=1800.0, low=900.0, high=3600.0, **UNSAID)
    assert like(7200.0, asked) == asked
    assert like(7200.0, None) is None


@pytest.mark.parametrize(
    ("missed", "undetermined", "words"),
    [
        (0.0, 0.0, ""), (nan, 1.0, ""), (0.2, 0.3, "unfinished: 0.5 requests (0.2 too late already, 0.3 undetermined)"),
        (1.5, 0.0, "unfinished: 1.5 requests (1.5 too late already, 0.0 undetermined)"),
        (0.5, 2.0, "unfinished: 2.5 requests (0.5 too late already, 2.0 undetermined)"),
    ],
)  # fmt: skip
def test_what_is_unfinished_is_told_where_there_is_any(
    missed: float, undetermined: float, words: str
) -> None:
    assert open_words(missed, undetermined) == words


@pytest.mark.parametrize(
    ("distance", "told"),
    [(3.0, "about 20 replications"), (2.0, "about 23 replications"),
     (1.0, "about 90 replications"), (0.5, "about 360 replications"),
     (0.3, "about 1000 replications"),
     (0.29, "more than 1000 replications"), (0.0, "more than 1000 replications")],
)  # fmt: skip
def test_replications_that_tell_grow_with_the_square_and_are_twice_as_many_at_least(
    distance: float, told: str
) -> None:
    """Ten have a half width of 3: 22.5 for a distance of 2, written as 23; 90, 360, 1,000 and 1,071 for less."""
    assert replications_that_tell(10, 3.0, distance) == told


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0.0, "0 s"), (0.04, "0.1 s"), (0.94, "0.9 s"), (0.95, "1 s"), (1.4, "1 s"), (59.4, "59 s"), (59.6, "1 min"),
        (134.0, "2 min 14 s"), (3599.4, "59 min 59 s"), (3600.0, "1 h"), (3780.0, "1 h 3 min"), (7199.0, "2 h"),
    ],
)  # fmt: skip
def test_a_length_of_time_is_written_in_two_units_at_most(seconds: float, written: str) -> None:
    assert duration(seconds) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.0, "00:00:00"), (31_267.9, "08:41:07"), (86_399.0, "23:59:59"), (86_400.0, "+1d 00:00:00")],
)
def test_seconds_since_midnight_are_a_clock_time(seconds: float, written: str) -> None:
    assert clock(seconds) == written
