"""Opening hours choose the calls, and queues that are not part of an ordinary day fall out."""

import tracemalloc
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from logs.conftest import Frame
from sim.logs.log import OVERALL, OpeningHours, clock_s, figures, handle_s, regular_queues, wait_s
from sim.logs.opening_hours import OrdinaryPart
from sim.logs.problems import Problems
from sim.logs.reading import Log

DAY = OpeningHours(opens=8 * 3600.0, closes=20 * 3600.0, every=1800.0)


def test_only_weekdays_within_the_hours_count(frame: Frame) -> None:
    calls = frame(
        ("q5", "07:59:59", None, "08:00:30", None),
        ("q5", "08:00:00", None, "08:00:30", None),
        ("q5", "19:59:59", None, "20:00:30", None),
        ("q5", "20:00:00", None, "20:00:30", None),
        ("q5", "2014-03-08 10:00:00", None, "2014-03-08 10:00:30", None),  # a Saturday
    )
    assert DAY.select(calls)["contact_id"].tolist() == [1, 2]


def test_times_fall_into_intervals_from_opening(frame: Frame) -> None:
    calls = frame(("q5", "08:29:59", None, "09:00:00", None), ("q5", "08:30:00", None, "09:00:00", None))
    assert DAY.slot(calls["offered_at"]).tolist() == [0, 1]
    assert len(DAY.edges) == 25


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_lengths_and_times_of_day_are_seconds_in_every_unit(frame: Frame, unit: str) -> None:
    calls = frame(
        ("q5", "09:00:00", "09:00:20", "09:02:20", "a"),
        ("q5", "1969-12-31 23:59:58", None, "1970-01-01 00:00:08", None),
        ("q5", None, None, None, None),
        ("q5", "09:00:00", "09:01:00", "09:10:00", "b", None, "09:01:40"),
    )
    times = [name for name in calls if name.endswith("_at")]
    calls = calls.astype(dict.fromkeys(times, f"datetime64[{unit}]")).set_index(pd.Index([7, 5, 3, 1]))
    none = float("nan")
    for found, seconds in (
        (clock_s(calls["offered_at"]), [32400.0, 86398.0, none, 32400.0]),
        (wait_s(calls), [20.0, 10.0, none, 60.0]),
        (handle_s(calls), [120.0, none, none, 40.0]),
    ):
        pd.testing.assert_series_equal(found, pd.Series(seconds, [7, 5, 3, 1]), check_names=False)


def test_a_campaign_and_an_idle_queue_fall_out(frame: Frame) -> None:
    def day(date: str, **counts: int) -> list[tuple[str | None, ...]]:
        return [
            (queue, f"{date} 09:00:00", None, f"{date} 09:00:09", None)
            for queue in counts
            for _ in range(counts[queue])
        ]

    calls = frame(
        *day("2014-03-03", q5=12, q7=1, q21=300),
        *day("2014-03-04", q5=10, q7=2),
        *day("2014-03-05", q5=9, q7=1),
    )
    assert regular_queues(calls)["queue"].unique().tolist() == ["q5"]


def test_the_logs_figures_by_the_definitions_of_the_metrics(frame: Frame) -> None:
    calls = frame(
        ("q5", "09:00:00", "09:00:20", "09:02:20", "a"),
        ("q5", "09:00:00", "09:00:40", "09:10:00", "b", "09:01:00", "09:01:40"),
        ("q5", "09:00:00", None, "09:00:05", None),
        ("q2", "09:00:00", None, "09:00:05", None),
    )
    row = figures(calls).loc["q5"]
    assert row["offered"] == 3
    assert row["abandon_rate"] == pytest.approx(1 / 3)
    assert row["service_level"] == pytest.approx(1 / 3)
    assert row["asa"] == 30
    assert row["wait_p50"] == 30
    assert row["handle_time"] == 90
    assert row["transfer_rate"] == 0.5
    assert figures(calls).loc[OVERALL, "abandon_rate"] == 0.5


def months(rows: int) -> Log:
    """Return a log of four weeks from 8 to 18 o'clock; one contact of thirty came in an hour of the evening."""
    number, hour = np.arange(rows), np.timedelta64(3_600_000, "ms")
    day, second = np.divmod(number, rows // 20)
    midnight = np.datetime64("2026-03-02", "ms") + (day // 5 * 7 + day % 5) * 24 * hour
    at = midnight + 8 * hour + second * (10 * hour) // (rows // 20)
    at = np.where(number % 30 == 7, midnight + (20 + day % 4) * hour, at)
    never = np.full(rows, np.datetime64("NaT", "ms"))
    queue, agent, outcome = (
        pd.Categorical.from_codes((number % len(names)).astype(np.int8), names)
        for names in (["calls"], ["ann", "bob"], ["answered"])
    )
    columns: dict[str, Any] = {
        "contact_id": number, "queue": queue, "offered_at": at, "answered_at": at, "ended_at": at + hour // 60,
        "agent": agent, "consult_at": never, "transferred_at": never, "outcome": outcome,
    }  # fmt: skip
    calls = pd.DataFrame(columns, copy=False).sort_values("offered_at", ignore_index=True)
    return Log("log.csv", "columns", "0" * 16, calls, Problems())


def test_of_a_large_log_there_is_never_a_second_copy() -> None:
    log = months(100_000)
    size = int(log.calls.memory_usage().sum())
    tracemalloc.start()
    try:
        part = OrdinaryPart.of(log, date(2026, 3, 3), date(2026, 3, 26))
        assert tracemalloc.get_traced_memory()[1] < 1.5 * size
    finally:
        tracemalloc.stop()
    assert log.calls.shape[1] == 0
    assert (len(part.calls), part.outside) == (87_000, 3_000)


def test_who_has_read_a_log_keeps_it() -> None:
    log = months(4_000)
    before = log.calls.copy()
    found = sim.calibrate(log, from_="2026-03-03")
    pd.testing.assert_frame_equal(log.calls, before)
    assert sim.calibrate(log, from_="2026-03-03").expected == found.expected
