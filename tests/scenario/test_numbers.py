"""Numbers from text: bounds that say why, and nothing that runs on, overflows or becomes infinite."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli import main
from sim.errors import quoted
from sim.scenario import numbers

from .small import SMALL, mistakes, small

READERS: list[Callable[[Any], Any]] = [
    numbers.duration, numbers.share, numbers.clock, numbers.whole, numbers.number, numbers.quantity,
    numbers.moment, numbers.rate, numbers.decimal, numbers.integer,
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("media.chat.max_tasks", "1e11", "`100000000000.0` is too much; at most 1000 (an agent has a slot for each)"),
        ("teams.crew.agents", "1000000000",
         "`1000000000` is too much; at most 100000 (the largest centres have some ten thousand agents)"),
        ("interval", "0.000001", "is too little; at least 1s (tables have one row an interval)"),
        ("lasts", "36500d", "`36500d` is too much; at most 366d (a run is a year; more of it are replications)"),
        ("drain", "36500d", "`36500d` is too much; at most 366d"),
        ("arrivals.0.per_hour", "1e12",
         "is too much; at most 10000000 (the busiest centres get some hundred thousand an hour)"),
        ("queues.sales.ring_time", "0.1s",
         "`0.1s` is too little; at least 1s (an offer has to be seen)"),
        ("routing.ring_time", "1ms", "is not a duration"),
        ("supervision", "{team: crew, queues: [sales], probability: 1, after: 0, lasts: 1h, "
         "whispers_per_minute: 1000000}", "is too much; at most 60 (one a second is more than is read)"),
        ("replications", "1e9", "is too much; at most 1000000 (intervals are narrow long before)"),
        ("seed", "1" + "0" * 309, "is too much"),
        ("seed", "0x" + "f" * 90_000, "is not a whole number"),
        ("teams.crew.speed", "{sales: 1" + "0" * 30 + "%}", "is too much for a share; write 35% or 0.35"),
        ("arrivals.0.per_hour", "9" * 1_000_000, "has 1,000,000 characters; at most 100,000"),
        ("queues.sales.balk", "9" * 400 + "%", "is not a share"),
        ("queues.sales.handle_time", "1" * 400 + "s", "is not a duration"),
        ("teams.crew.speed", "{sales: 1001}", "`1001` is too much; at most 1000 (100000% of the usual)"),
        ("busyness", "{sd: 1000%}", "is too much; at most 3 (the factor is 0 on nearly all days beyond that)"),
        ("opens", "9999-12-31 08:00", "is not in the years 1900 to 2200"),
        ("queues.sales.steps", "[{needs: 'sales >= 1" + "0" * 400 + "'}]", "is not a number of at most 400 characters"),
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused_in_a_line(key: str, value: str, line: str) -> None:
    begun = perf_counter()
    found = mistakes(SMALL, [f"{key}={value}"])
    assert perf_counter() - begun < 2
    assert line in found[0]
    assert all(len(one) < 400 for one in found)


def test_an_interval_table_has_its_limit() -> None:
    found = mistakes(SMALL.replace("lasts: 2h", "lasts: 300d"), ["interval=1"])
    assert "makes 25,920,000 intervals of `lasts` (300d); at most 100,000" in found[0]


def test_the_contacts_of_a_run_have_their_limit() -> None:
    found = mistakes(SMALL.replace("lasts: 2h", "lasts: 300d"), ["arrivals.0.per_hour=1e6"])
    assert "this is 7,200,000,000 contacts in a run; at most 20,000,000 are drawn at once" in found[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rate", "100/h", "--handle", "5m", "--agents", "1000000000000"],
        ["--rate", "1e300/h", "--handle", "5m"],
        ["--rate", "1e7/h", "--handle", "30d"],
        ["--rate", "9" * 100_000, "--handle", "5m"],
    ],
)
def test_erlang_formulas_have_their_limit(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erlang", *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.slow
@given(
    st.one_of(st.text(max_size=200), st.from_regex(r"[0-9.eE+_:%smhd-]{1,80}", fullmatch=True), st.integers())
)
def test_any_text_is_a_finite_number_or_refused(text: Any) -> None:
    for reader in READERS:
        if not isinstance(text, str) and reader in (numbers.rate, numbers.decimal, numbers.integer):
            continue
        try:
            found = reader(text)
        except ValueError:
            continue
        if isinstance(found, int | float):
            assert abs(found) < float("inf")


def test_huge_whole_numbers_of_python_are_refused() -> None:
    assert quoted(10**5000) == "`a whole number of more than 60 digits`"
    with pytest.raises(Exception, match="is too much"):
        small().set("seed", 10**5000)
    with pytest.raises(Exception, match="is not a number"):
        small().set("arrivals.0.per_hour", 10**400)
