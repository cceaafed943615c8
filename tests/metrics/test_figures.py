"""Figures over replications, against formulas written out by hand."""

import pickle
import statistics

import numpy as np
import pandas as pd
import pytest

from metrics.by_hand import figures, requests, world
from sim.errors import SimError
from sim.metrics import Figures, Measures
from sim.metrics.figures import FIGURE_COLUMNS
from sim.metrics.metric import PLACE_COLUMNS

T_95 = {2: 12.706204736, 3: 4.302652730, 4: 3.182446305}
"""Student's t for a two-sided 95 % interval of n replications, from a printed table."""

DAYS = [(3, 1), (5, 5), (2, 0), (6, 4)]
"""Answered and abandoned requests of four replications."""


def day(answered: int, abandoned: int, wait: float = 10.0) -> Measures:
    return figures(requests=requests(answered, wait=wait) + requests(abandoned, "abandoned", 40.0))


def folded(*days: Measures) -> Figures:
    result = Figures()
    for one in days:
        result.fold(one)
    return result


def test_a_ratio_of_means_has_the_delta_methods_interval() -> None:
    row = folded(*(day(*counts) for counts in DAYS)).value("abandon_rate")
    offered = [sum(counts) for counts in DAYS]
    abandoned = [counts[1] for counts in DAYS]
    ratio = sum(abandoned) / sum(offered)
    left = [y - ratio * x for y, x in zip(abandoned, offered, strict=True)]
    error = (sum(e * e for e in left) / 3 / 4) ** 0.5 / statistics.mean(offered)
    assert row.value == pytest.approx(ratio)
    assert row.high == pytest.approx(ratio + T_95[4] * error)
    assert row.low == pytest.approx(ratio - T_95[4] * error)
    assert row.replications == 4


def test_a_day_of_one_request_has_a_ratio_of_its_own() -> None:
    row = folded(day(1, 0), day(0, 1), day(4, 1)).value("abandon_rate")
    assert (row.min, row.max, row.sd) == (0.0, 1.0, pytest.approx(statistics.stdev([0, 1, 1 / 5])))


def test_it_is_not_the_mean_of_daily_ratios() -> None:
    row = folded(day(1, 1), day(98, 0)).value("abandon_rate")
    assert row.value == pytest.approx(0.01)


def test_a_mean_has_students_interval() -> None:
    row = folded(*(day(*counts) for counts in DAYS)).value("answered", queue="general")
    answered = [counts[0] for counts in DAYS]
    half = T_95[4] * statistics.stdev(answered) / 2
    assert (row.value, row.low, row.high) == pytest.approx((4.0, 4 - half, 4 + half))


def test_the_level_is_free() -> None:
    runs = folded(*(day(*counts) for counts in DAYS))
    t_80 = 1.637744354
    narrow, wide = runs.value("answered", level=0.80), runs.value("answered")
    assert (narrow.high - narrow.low) / (wide.high - wide.low) == pytest.approx(t_80 / T_95[4])


def test_a_replication_without_a_value_is_left_out_of_a_percentile_only() -> None:
    runs = folded(day(3, 0, wait=10.0), day(0, 2), day(2, 0, wait=20.0))
    percentile, count = runs.value("wait_p90"), runs.value("answered")
    assert (percentile.value, percentile.replications) == (15.0, 2)
    assert percentile.high == pytest.approx(15 + T_95[2] * 5)
    assert (count.value, count.replications) == (pytest.approx(5 / 3), 3)


def test_one_replication_has_a_value_and_no_interval() -> None:
    row = folded(day(3, 1)).value("abandon_rate")
    assert row.value == 0.25
    assert np.isnan([row.low, row.high]).all()
    assert row.replications == 1


def test_limits_of_shares_stay_within_0_and_1_and_others_are_free() -> None:
    runs = folded(day(9, 1), day(1, 9))
    rate, count = runs.value("abandon_rate"), runs.value("answered")
    assert (rate.low, rate.high) == (0.0, 1.0)
    assert count.low < 0


def test_equal_replications_have_intervals_without_width() -> None:
    row = folded(*[day(7, 3)] * 5).value("abandon_rate")
    assert row.value == pytest.approx(0.3, rel=1e-15)
    assert row.high - row.low == pytest.approx(0, abs=1e-15)


def test_moments_are_stable_far_from_zero() -> None:
    runs = Figures()
    shift, steps = 1e9, [4.0, 7.0, 13.0, 16.0]
    for step in steps:
        one = day(1, 0)
        one.numerator[one.cells.row("wait_max", {})] = shift + step
        runs.fold(one)
    row = runs.value("wait_max")
    assert (row.high - row.value) == pytest.approx(T_95[4] * statistics.stdev(steps) / 2, rel=1e-6)


def test_each_cell_is_that_of_the_days_on_which_it_has_a_value() -> None:
    """Values come and go from day to day, in cells of means and of ratios; Python's exact statistics do the same."""
    lots = np.random.default_rng(1)
    cells = day(1, 0).cells
    tops = lots.choice([0.0, -2.5, 7.0, 1e6, np.nan], (6, len(cells)))
    bottoms = lots.choice([0.0, 3.0, 8.0], (6, len(cells)))
    runs = folded(*(Measures(cells, *pair) for pair in zip(tops, bottoms, strict=True)))
    value, low, high = runs.intervals()
    sd, least, greatest = runs._own.spread()
    for cell in lots.integers(len(cells), size=200):
        is_ratio = cells.is_ratio[cell]
        pairs = [pair for pair in zip(tops[:, cell], bottoms[:, cell], strict=True) if not np.isnan(pair[0])]
        top, bottom = ([pair[part] for pair in pairs] for part in (0, 1))
        own = [y / x if is_ratio else y for y, x in pairs if x or not is_ratio]
        assert runs._moments.count[cell] == len(pairs)
        if not sum(bottom):
            assert np.isnan(value[cell])
            continue
        mean = sum(top) / sum(bottom) if is_ratio else statistics.mean(top)
        assert value[cell] == pytest.approx(mean, rel=1e-12)
        assert (least[cell], greatest[cell]) == (min(own), max(own))
        if len(own) > 1:
            assert sd[cell] == pytest.approx(statistics.stdev(own), rel=1e-9)
        if len(pairs) in T_95 and not cells.is_share[cell]:
            off = [y - mean * x if is_ratio else y - mean for y, x in pairs]
            error = (sum(one * one for one in off) / (len(pairs) - 1) / len(pairs)) ** 0.5
            half = T_95[len(pairs)] * error / (statistics.mean(bottom) if is_ratio else 1)
            assert (low[cell], high[cell]) == pytest.approx((mean - half, mean + half), rel=1e-6, abs=1e-6)


def test_the_table_has_its_columns_and_only_rows_with_data() -> None:
    table = folded(day(3, 1), day(2, 2)).table()
    assert tuple(table.columns) == FIGURE_COLUMNS
    assert FIGURE_COLUMNS == (
        "metric", "variant", "queue", "team", "channel", "kind", "label", "day", "interval", "value", "low", "high",
        "sd", "min", "max", "replications", "unit",
    )  # fmt: skip
    assert table["value"].notna().all()
    assert set(table["queue"]) == {"", "general"}
    assert set(table["kind"]) == {"", "inbound"}
    assert "occupancy" not in set(table["metric"])
    assert table[["metric", *PLACE_COLUMNS, "unit"]].map(type).eq(str).all(axis=None)
    assert pd.api.types.is_integer_dtype(table["replications"])
    assert not table.duplicated(["metric", *PLACE_COLUMNS]).any()


def test_a_row_of_the_table_is_the_figure_of_that_place() -> None:
    runs = folded(day(3, 1), day(2, 2))
    table = runs.table(level=0.9)
    picked = table[
        (table.metric == "asa")
        & (table.queue == "general")
        & (table.interval == "08:00")
        & (table.kind == "")
    ]
    assert (
        picked.squeeze().to_dict()
        == runs.value("asa", queue="general", interval="08:00", level=0.9)._asdict()
    )


def test_the_same_replications_give_the_same_bytes() -> None:
    days = [day(*counts) for counts in DAYS]
    assert folded(*days).table().to_csv() == folded(*pickle.loads(pickle.dumps(days))).table().to_csv()


def test_folding_keeps_nothing_of_the_replications() -> None:
    def size(runs: Figures) -> int:
        return len(pickle.dumps(runs))

    assert size(folded(*[day(3, 1)] * 30)) == size(folded(*[day(3, 1)] * 2))


def test_measures_of_another_scenario_are_turned_away() -> None:
    runs = folded(day(3, 1))
    with pytest.raises(ValueError, match="another scenario"):
        runs.fold(figures(world(lasts="2h")))
    with pytest.raises(ValueError, match="no replication"):
        Figures().table()


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"metric": "servicelevel"}, "no metric `servicelevel`; did you mean `service_level`?"),
        ({"metric": "asa", "queue": "biling"}, "no queue `biling`; did you mean `billing`?"),
        ({"metric": "asa", "kind": "transfers"}, "no kind `transfers`; did you mean `transfer`?"),
        ({"metric": "asa", "interval": "8:00"}, "no interval `8:00`; did you mean `08:00`?"),
        ({"metric": "state_share", "kind": "REDY"}, "no state `REDY`; did you mean `READY`?"),
        (
            {"metric": "occupancy", "queue": "general"},
            "occupancy is not given by queue; it is given over all, by team",
        ),
        (
            {"metric": "state_share"},
            "state_share is not given over all; it is given by state, by team and state",
        ),
    ],
)
def test_mistaken_names_are_answered_with_the_nearest(place: dict[str, str], words: str) -> None:
    runs = folded(day(3, 1))
    with pytest.raises(SimError) as caught:
        runs.value(**place)
    assert str(caught.value).startswith(words)


def test_spread_least_and_greatest_are_those_of_the_days_own_values() -> None:
    runs = folded(day(3, 1), day(2, 2), day(0, 0), day(4, 0))
    answered, rate, wait = (runs.value(name) for name in ("answered", "abandon_rate", "wait_max"))
    assert answered.sd == pytest.approx(statistics.stdev([3, 2, 0, 4]))
    assert (answered.min, answered.max) == (0.0, 4.0)
    assert rate.sd == pytest.approx(statistics.stdev([1 / 4, 2 / 4, 0.0]))  # the empty day has no rate
    assert (rate.min, rate.max) == (0.0, 0.5)
    assert (wait.sd, wait.min, wait.max) == (0.0, 10.0, 10.0)
    row = runs.table().query("metric == 'answered'").iloc[0]
    assert tuple(row[["sd", "min", "max"]]) == (answered.sd, 0.0, 4.0)


def test_of_one_day_the_least_is_the_greatest_and_there_is_no_spread() -> None:
    row = folded(day(3, 1)).value("abandon_rate")
    assert (row.min, row.max) == (0.25, 0.25)
    assert np.isnan(row.sd)


def test_a_figure_without_data_is_nan() -> None:
    row = folded(day(3, 1)).value("asa", queue="hotline")
    assert np.isnan(row.value)


def test_a_count_of_nothing_is_0_and_a_rate_of_nobody_is_no_number() -> None:
    once, twice = folded(day(3, 1)), folded(day(3, 1), day(2, 0))
    row = twice.value("offered", queue="hotline")
    assert (row.value, row.low, row.high) == (0.0, 0.0, 0.0)
    assert once.value("offered", queue="hotline").value == 0.0
    assert np.isnan(once.value("offered", queue="hotline").low)
    for metric in ("abandon_rate", "wait_p90", "wait_max"):
        assert np.isnan(twice.value(metric, queue="hotline").value)


@pytest.mark.slow
def test_intervals_cover_a_known_ratio_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    template = day(1, 0)
    row = template.cells.row("abandon_rate", {})
    hits = 0
    for _ in range(400):
        runs = Figures()
        for _ in range(20):
            offered = rng.poisson(50)
            template.numerator[row], template.denominator[row] = rng.binomial(offered, 0.3), offered
            runs.fold(template)
        figure = runs.value("abandon_rate")
        hits += figure.low <= 0.3 <= figure.high
    assert 0.92 <= hits / 400 <= 0.98
