import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.fields import name
from sim.scenario.numbers import (
    clock,
    clock_text,
    duration,
    duration_text,
    moment,
    moment_text,
    number,
    quantity,
    share,
    share_text,
    switch,
    whole,
)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (90, 90), ("90", 90), ("90s", 90), ("5m", 300), ("1.5h", 5400), ("2d", 172800), (0.5, 0.5), (".5m", 30),
        ("1.1m", 66), ("90 s", 90), (0, 0),
    ],
)  # fmt: skip
def test_durations(written: object, seconds: float) -> None:
    assert duration(written) == seconds
    assert type(duration(written)) is float


@pytest.mark.parametrize(
    "written", ["", "5 min", "-5m", -1, True, None, [], "1e3", "m", "5M", "1h30m", float("inf")]
)
def test_what_is_no_duration(written: object) -> None:
    with pytest.raises(ValueError, match=r"is not a duration; write 90 \(seconds\), 90s, 5m, 1\.5h or 2d"):
        duration(written)


def test_a_duration_has_an_end() -> None:
    with pytest.raises(ValueError, match="`99999999h` is too long; at most 36500d"):
        duration("99999999h")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0s"),
        (90.0, "90s"),
        (300.0, "5m"),
        (5400.0, "90m"),
        (7200.0, "2h"),
        (86400.0, "1d"),
        (0.25, "0.25s"),
    ],
)
def test_durations_are_written_in_whole_units(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@settings(deadline=None)
@given(st.floats(0, 1e9, allow_nan=False))
def test_durations_round_trip(seconds: float) -> None:
    assert duration(duration_text(seconds)) == seconds


@pytest.mark.parametrize(
    ("written", "value"),
    [(0.35, 0.35), ("35%", 0.35), ("0.35", 0.35), ("110%", 1.1), (0, 0), ("2.5 %", 0.025)],
)
def test_shares(written: object, value: float) -> None:
    assert share(written) == value


@settings(deadline=None)
@given(st.floats(0, 1e6, allow_nan=False))
def test_shares_round_trip(value: float) -> None:
    assert share(share_text(value)) == value


@pytest.mark.parametrize("written", ["x", "-3%", -0.1, "%", True, "35 percent"])
def test_what_is_no_share(written: object) -> None:
    with pytest.raises(ValueError, match=r"is not a share; write 35% or 0\.35"):
        share(written)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("08:00", 28800), ("24:00", 86400), ("26:30", 95400), ("00:00:01", 1), ("120:00", 432000)],
)
def test_clock_times(written: str, seconds: float) -> None:
    assert clock(written) == seconds
    assert clock(clock_text(seconds)) == seconds


@pytest.mark.parametrize("written", ["8", 8, 480, "08:60", "08.00", "8am", None])
def test_what_is_no_clock_time(written: object) -> None:
    with pytest.raises(ValueError, match="is not a clock time"):
        clock(written)


def test_switches() -> None:
    assert [switch(one) for one in ("on", "off", True, False)] == [True, False, True, False]
    for wrong in ("yes", 1, None):
        with pytest.raises(ValueError, match="is not a switch; write on or off"):
            switch(wrong)


def test_numbers() -> None:
    assert (whole(3), whole(3.0), number(2), number(-0.5)) == (3, 3, 2.0, -0.5)
    for wrong in (2.5, "3", True, None):
        with pytest.raises(ValueError, match="is not a whole number"):
            whole(wrong)
    with pytest.raises(ValueError, match="`x` is not a number"):
        number("x")


def test_a_quantity_is_in_its_own_unit() -> None:
    assert [quantity(one) for one in (3, "70%", "4m", "12", 0.5)] == [3, 0.7, 240, 12, 0.5]
    with pytest.raises(ValueError, match="`much` is no number; write 12, 70% or 4m"):
        quantity("much")


@pytest.mark.parametrize("written", ["2026-03-02 08:00", "2026-03-02T08:00", "2026-03-02 08:00:00"])
def test_moments(written: str) -> None:
    assert moment_text(moment(written)) == "2026-03-02 08:00"


@pytest.mark.parametrize("written", ["2026-03-02T08:00Z", "tomorrow", 8, "2026-02-30 08:00", None])
def test_what_is_no_moment(written: object) -> None:
    with pytest.raises(ValueError, match="is not a local date and time"):
        moment(written)


@pytest.mark.parametrize("written", ["a.b", "a/b", "", " a", True, None, "x" * 51, "a=b", "a\n"])
def test_what_is_no_name(written: object) -> None:
    with pytest.raises(ValueError, match="is not a name"):
        name(written)


def test_names() -> None:
    assert [name(one) for one in ("a", "tech-support", "Büro 2", 7)] == ["a", "tech-support", "Büro 2", "7"]
