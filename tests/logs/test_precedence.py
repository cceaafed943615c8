"""Who is answered first of a customer and of a later search of an agent, by pairs that waited together."""

import pandas as pd
import pytest

from sim.logs.precedence import FEWEST, Precedence, precedence

DAY = pd.Timestamp("2026-03-02 09:00")


def calls(*rows: tuple[str, int, int | None, int], ring_s: float | None = None) -> pd.DataFrame:
    """Rows of kind, offered, answered (None is never) and ended, in seconds; all in one queue."""
    found = pd.DataFrame(list(rows), columns=["kind", "offered_at", "answered_at", "ended_at"])
    for name in ("offered_at", "answered_at", "ended_at"):
        found[name] = pd.to_datetime(
            [DAY + pd.Timedelta(seconds=one) if one == one else pd.NaT for one in found[name]]
        )
    found["queue"] = "sales"
    if ring_s is not None:
        found["ring_s"] = ring_s
    return found


def test_a_search_that_passes_three_who_wait_is_first_three_times() -> None:
    """Of those who had waited one was answered before it, one after, one left after; the last came later."""
    found = precedence(
        calls(
            ("inbound", 0, 20, 90),
            ("inbound", 1, 40, 90),
            ("inbound", 2, 50, 90),
            ("inbound", 3, None, 60),
            ("transfer", 10, 30, 90),
            ("inbound", 12, 70, 90),
        )
    )
    assert (found.share, found.pairs) == (pytest.approx(3 / 4), 4)


def test_who_is_being_offered_waits_no_more() -> None:
    """Answers within the time that offers ring, after the search began or was answered, say nothing."""
    rows = (
        ("inbound", 0, 13, 90),
        ("inbound", 1, 33, 90),
        ("inbound", 2, 50, 90),
        ("conference", 10, 30, 90),
    )
    assert precedence(calls(*rows)).pairs == 3
    assert (precedence(calls(*rows, ring_s=5.0)).share, precedence(calls(*rows, ring_s=5.0)).pairs) == (
        1.0,
        1,
    )


def test_searches_of_other_queues_are_not_compared() -> None:
    other = calls(("inbound", 0, 50, 90), ("transfer", 10, 30, 90))
    other["queue"] = ["sales", "billing"]
    assert precedence(other) == Precedence()


def test_customers_alone_tell_nothing() -> None:
    assert not precedence(calls(("inbound", 0, 50, 90), ("inbound", 10, 30, 90))).is_told
    assert not precedence(calls(("inbound", 0, 50, 90)).drop(columns="kind")).is_told


def test_it_takes_pairs_enough() -> None:
    assert not Precedence(1.0, FEWEST - 1).is_by_priority
    assert Precedence(1.0, FEWEST).is_by_priority
    assert not Precedence(0.5, FEWEST).is_by_priority
