"""The layout of the figures, the catalogue and its page."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from metrics.by_hand import TEXT, figures, request, tables, world
from sim.errors import SimError
from sim.metrics import CATALOGUE, known, lookup, measure
from sim.metrics.cells import Axes, clock_text
from sim.metrics.columns import Groups, Ranking, positions
from sim.metrics.measures import FORMULAS
from sim.metrics.metric import HOURS, MINUTES, PLACE_COLUMNS, scale_of
from sim.report.reference import metrics_page as page
from sim.scenario import loads

WITH_LABELS = loads(f"{TEXT}labels: {{vip: {{}}, new: {{}}}}\n")
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "metrics.md"
DESIGNED = """
offered answered abandoned no_agent cancelled unfinished abandon_rate no_agent_rate missed_rate
service_level asa wait_mean wait_p50 wait_p80 wait_p90 wait_p95 wait_p99 wait_max abandon_wait_mean
offers_per_request queue_length_mean queue_length_max transfer_rate transfers_per_conversation conference_rate
joined_rate time_to_join whispers_per_conference handle_time wrap_up_time occupancy concurrency state_share
time_in_system total_wait overtime cost cost_per_resolved
"""


def test_every_metric_has_a_formula_and_every_formula_a_metric() -> None:
    assert set(FORMULAS) == set(CATALOGUE)
    assert set(DESIGNED.split()) <= set(CATALOGUE)


def test_every_metric_says_its_unit_formula_and_source() -> None:
    for metric in CATALOGUE.values():
        assert all([metric.unit, metric.formula, metric.source, metric.breakdowns]), metric.name
        assert len(set(metric.breakdowns)) == len(metric.breakdowns), metric.name


@pytest.mark.parametrize(
    ("unit", "value", "read"),
    [
        ("share", 0.5, (50, "%", 1)), ("s", 90, (90, "s", 1)), ("requests", 7, (7, "", 1)),
        ("agents", 7, (7, "", 1)), ("currency", 7, (7, "", 1)), ("h", 1.5, (1.5, "h", 2)), ("", 1.2, (1.2, "", 2)),
    ],
)  # fmt: skip
def test_a_unit_is_read_on_its_scale(unit: str, value: float, read: tuple[float, str, int]) -> None:
    scale = scale_of(unit)
    assert (scale(value), scale.unit, scale.decimals) == read


def test_times_are_read_in_minutes_and_hours_where_their_metric_says_so() -> None:
    assert (MINUTES(90), MINUTES.decimals, HOURS(5400), HOURS.decimals) == (1.5, 1, 1.5, 2)


def test_names_are_known_without_the_heavy_imports() -> None:
    assert known("service_level")
    assert not known("servicelevel")
    assert lookup("asa").unit == "s"
    program = "import sys, sim.metrics; sys.exit(bool({'pandas', 'numpy', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_the_page_in_the_documentation_is_that_of_the_catalogue() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run: python -m sim.report.reference metrics > docs/reference/metrics.md"
    )
    for name in CATALOGUE:
        assert f"| `{name}` |" in page()


def test_cells_depend_on_the_scenario_alone() -> None:
    empty, full = measure(tables(), world()), figures(requests=[request()], horizon_s=9999.0)
    assert empty.cells == full.cells
    assert len(empty.cells.frame()) == len(empty.cells) == len(empty.numerator)
    assert np.isnan(empty.values).sum() > 0.9 * len(empty.values)


def test_rows_know_their_place() -> None:
    cells = figures().cells
    frame = cells.frame()
    for number in range(0, len(frame), 7):
        row = frame.iloc[number]
        place = row[list(PLACE_COLUMNS)].to_dict()
        assert cells.row(row["metric"], place) == number


def test_there_are_rows_by_label_of_those_who_have_one() -> None:
    vip = [request(wait=10.0, label="vip"), request(wait=30.0, label="vip", queue="billing")]
    found = figures(WITH_LABELS, requests=[*vip, request("abandoned", 5.0, label="new"), request(wait=50.0)])
    assert found.value("answered") == 3
    assert found.value("answered", label="vip") == 2
    assert found.value("asa", label="vip") == 20.0
    assert found.value("asa", label="vip", queue="billing") == 30.0
    assert found.value("abandon_rate", label="new") == 1.0
    assert (found.cells.frame()["label"] != "").any()
    assert not (figures().cells.frame()["label"] != "").any()
    with pytest.raises(SimError, match="no label `vipp`; did you mean `vip`"):
        found.value("asa", label="vipp")


def test_counts_of_the_parts_add_up_to_the_whole() -> None:
    rng = np.random.default_rng(8)
    rows = [
        request(
            at=float(rng.uniform(0, 5000)),
            queue=rng.choice(["general", "billing", "hotline"]),
            kind=rng.choice(["inbound", "transfer", "conference"]),
            channel=rng.choice(["web", "phone"]),
        )
        for _ in range(500)
    ]
    measured = figures(requests=rows)
    for by in CATALOGUE["answered"].breakdowns:
        if {"label", "day"} & {*by}:
            continue  # nobody has a label, and one day has no rows by day
        assert measured.numerator[measured.cells.block("answered", by)].sum() == 500, by


def test_groups_are_the_same_whether_looked_up_or_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        request(at=60.0 * n, queue=("general", "billing")[n % 2], team=(None, "front")[n % 3 > 0])
        for n in range(50)
    ]
    looked_up = figures(requests=rows)
    monkeypatch.setattr("sim.metrics.columns.DENSE", 0)
    in_order = figures(requests=rows)
    np.testing.assert_array_equal(looked_up.numerator, in_order.numerator)
    np.testing.assert_array_equal(looked_up.denominator, in_order.denominator)


def test_breakdowns_of_as_many_cells_share_percentiles_only_where_rows_are_in_the_same() -> None:
    axes = replace(Axes.of(world()), queue=("a", "b"), channel=("c", "d"), team=("e", "f"))
    queue, channel = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    groups = Groups(axes, {"queue": queue, "channel": channel, "team": queue})
    median = Ranking(groups, np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4, np.bool_)).percentile(0.5)
    by_all = median.blocks((("queue",), ("channel",), ("team",), ()))
    assert by_all.tolist() == [[1.5, 3.5, 2.0, 3.0, 1.5, 3.5, 2.5]]


def test_a_column_that_comes_later_is_added_up_as_the_others_were() -> None:
    axes = replace(Axes.of(world()), queue=("a", "b"))
    groups = Groups(axes, {"queue": np.array([0, 0, 1])})
    first, by = groups.sum(np.array([1.0, 2.0, 4.0])), (("queue",), ())
    assert first.blocks(by).tolist() == [[3, 4, 7]]
    then = groups.sum(np.array([0.5, 0.0, 0.25]))
    assert then.blocks(by).tolist() == [[0.5, 0.25, 0.75]]
    assert first.blocks((("queue",),)).tolist() == [[3, 4]]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00"),
        (30_600, "08:30"),
        (86_400, "+1d 00:00"),
        (2 * 86_400 + 28_800, "+2d 08:00"),
        (90, "00:01:30"),
        (0.5, "00:00:00.5"),
    ],
)
def test_intervals_are_named_by_the_clock(seconds: float, text: str) -> None:
    assert clock_text(seconds) == text


def test_intervals_begin_at_opening_and_the_last_one_where_arrivals_stop() -> None:
    assert Axes.of(world()).interval == ("08:00", "08:30", "09:00")
    assert Axes.of(world(lasts="65m")).interval == ("08:00", "08:30", "09:00", "09:05")
    assert Axes.of(world(lasts="17h", interval="8h")).interval == ("08:00", "16:00", "+1d 00:00", "+1d 01:00")
    assert Axes.of(world(opens="2026-03-02 23:45")).interval == ("23:45", "+1d 00:15", "+1d 00:45")


def test_days_are_those_of_a_run_of_more_than_24_hours() -> None:
    assert Axes.of(world(opens="2026-03-02 00:00", lasts="24h", interval="8h")).day == ()
    more = Axes.of(world(opens="2026-03-02 08:00", lasts="25h", interval="5h"))
    assert more.day == ("2026-03-02", "2026-03-03")


def test_without_a_clock_intervals_count_from_midnight() -> None:
    from metrics.by_hand import TEXT

    assert Axes.of(loads(TEXT.replace("opens: 2026-03-02 08:00\n", ""))).interval == (
        "00:00",
        "00:30",
        "01:00",
    )


def test_fifty_thousand_requests_take_a_fraction_of_a_second() -> None:
    rng = np.random.default_rng(4)
    size = 50_000
    rows = tables(requests=[request()], tasks=[], conversations=[])
    frame = rows.requests.loc[rows.requests.index.repeat(size)].reset_index(drop=True)
    frame["request_id"] = np.arange(size)
    frame["placed_at"], frame["wait"] = np.sort(rng.uniform(0, 3600, size)), rng.exponential(30, size)
    for column, names in (
        ("queue", ["general", "billing"]),
        ("channel", ["web", "phone"]),
        ("kind", ["inbound", "transfer"]),
    ):
        frame[column] = rng.choice(names, size)
    categories = ("queue", "channel", "kind", "outcome", "team")
    frame = frame.astype(dict.fromkeys(categories, "category"))
    large = type(rows)(**{**vars(rows), "requests": frame})
    measure(large, world())
    start = time.process_time()
    measure(large, world())
    assert time.process_time() - start < 0.6


def test_the_days_of_a_run_without_a_date_are_numbered_from_one() -> None:
    long = loads(TEXT.replace("opens: 2026-03-02 08:00\nlasts: 1h", "lasts: 50h"))
    assert Axes.of(long).day == ("day 1", "day 2", "day 3")


def test_a_narrow_head_is_parted_at_its_last_space() -> None:
    assert lookup("transfers_per_conversation").narrow_head == "Transfers per\nconversation"


def test_a_number_that_is_no_key_has_no_place() -> None:
    assert positions(np.array([3, 1]), np.array([1, 2, 3, 7, 0])).tolist() == [1, -1, 0, -1, -1]
    assert positions(np.array([], dtype=int), np.array([2])).tolist() == [-1]
