"""A metric's names and scale are declared once: whoever shows a metric reads them from the catalogue."""

import ast
from math import nan
from pathlib import Path

import pytest

from sim.metrics import CATALOGUE, Figure, Metric
from sim.metrics.formatting import (
    as_read,
    duration,
    open_words,
    percent,
    probability,
    signed,
    value_and_spread,
    with_unit,
)
from sim.metrics.metric import MINUTES, SOFT_HYPHEN
from sim.report.plots import axes
from sim.report.reference import metrics_page

PLOTS = sorted((Path(__file__).parents[2] / "sim" / "report" / "plots").glob("*.py"))


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_metric_has_a_title_a_column_head_and_a_scale(metric: Metric) -> None:
    assert metric.title[0].isupper() or metric.title[0].isdigit()
    assert "_" not in metric.title + metric.short
    assert SOFT_HYPHEN not in metric.label
    assert metric.scale(0.0) == 0.0
    assert (metric.scale.unit == "%") == metric.is_share
    assert metric.narrow_head.replace("-\n", "").replace("\n", " ") == metric.head.replace(",", "")


def test_titles_and_heads_tell_metrics_apart() -> None:
    titles = [metric.title for metric in CATALOGUE.values()]
    heads = [metric.head for metric in CATALOGUE.values()]
    assert len(set(titles)) == len(titles)
    assert len(set(heads)) == len(heads)


def test_pictures_take_titles_and_axes_from_the_catalogue() -> None:
    for name, metric in CATALOGUE.items():
        assert axes.title_of(name) == metric.title
        assert axes.axis_of(name) in (metric.label, "Wait")


@pytest.mark.parametrize("path", PLOTS, ids=lambda path: path.stem)
def test_no_picture_has_titles_of_its_own(path: Path) -> None:
    """A dictionary from names of metrics to texts would be a second list of titles."""
    tables = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        and sum(isinstance(key, ast.Constant) and key.value in CATALOGUE for key in node.keys) > 1
    ]
    texts = [
        value.value
        for table in tables
        for value in table.values
        if isinstance(value, ast.Constant)
        and isinstance(value.value, str)
        and len(value.value) > 1
        and (" " in value.value or not value.value.islower())
    ]
    assert texts == []


def test_the_reference_page_shows_the_titles() -> None:
    page = metrics_page()
    for metric in CATALOGUE.values():
        assert f"| `{metric.name}` | {metric.title} | {metric.unit} |" in page


def figure(name: str, value: float, half: float = nan, replications: int = 10) -> Figure:
    unit = CATALOGUE[name].unit
    return Figure.of(name, value, (value - half, value + half), replications, unit)


def test_overtime_is_read_in_minutes_and_all_others_as_they_are() -> None:
    minutes = as_read(figure("overtime", 90.0, 30.0))
    assert minutes is not None
    assert (*minutes[9:12], *minutes[-2:]) == (1.5, 1.0, 2.0, 10, "min")
    assert str(as_read(minutes)) == str(minutes)
    assert as_read(None) is None
    assert [name for name, metric in CATALOGUE.items() if metric.scale is MINUTES] == ["overtime"]
    for name in set(CATALOGUE) - {"overtime"}:
        assert str(as_read(figure(name, 90.0, 30.0))) == str(figure(name, 90.0, 30.0))


def test_a_length_of_time_is_told_to_its_second_minute_or_tenth() -> None:
    seconds = (0.04, 0.94, 0.96, 1.4, 59.6, 134, 3599.6, 3780)
    assert [duration(one) for one in seconds] == [
        "0.1 s", "0.9 s", "1 s", "1 s", "1 min", "2 min 14 s", "1 h", "1 h 3 min"
    ]  # fmt: skip


def test_who_is_unfinished_is_told_where_anybody_is() -> None:
    assert [open_words(*one) for one in ((0, 0), (nan, 0))] == ["", ""]
    assert open_words(2, 3) == "unfinished: 5.0 requests (2.0 too late already, 3.0 undetermined)"


def test_figures_as_text() -> None:
    assert value_and_spread(figure("service_level", 0.8, 0.021)) == ("80.0", "±2.1")
    assert value_and_spread(figure("offered", 800.0, replications=1)) == ("800", "")
    assert value_and_spread(figure("asa", nan)) == ("-", "")
    assert value_and_spread(None) == ("-", "")
    assert with_unit(as_read(figure("overtime", 90.0, 30.0))) == "1.5 min ±0.5"
    assert with_unit(figure("concurrency", 1.25)) == "1.25"
    assert signed(figure("abandon_rate", 0.01, 0.002)) == ("+1.0", "±0.2")
    assert signed(figure("abandon_rate", -0.01, 0.002)) == ("−1.0", "±0.2")
    assert signed(figure("abandon_rate", -0.0001, 0.002)) == ("0.0", "±0.2")
    assert (percent(0.125), percent(nan)) == ("12.5", "-")
    assert (probability(0.0421), probability(0.0004), probability(nan)) == (".042", "<.001", "-")
