"""Opening hours choose the calls, and queues that are not part of an ordinary day fall out."""

import pandas as pd
import pytest

from logs.conftest import Frame
from sim.logs.log import OVERALL, OpeningHours, clock_s, figures, handle_s, regular_queues, wait_s

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
