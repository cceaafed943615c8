"""Pictures of fits and of backtests: what is drawn is what the log and the model have."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.logs.prediction import Backtest
from sim.report import plots
from sim.report.html.log_pages import backtest_page, calibration_page
from sim.report.html.page import render

LOG = Path(__file__).parents[2] / "notebooks" / "synthetic_log.csv.gz"


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[sim.Calibration, Path]:
    folder = tmp_path_factory.mktemp("log") / "fitted"
    return sim.calibrate(LOG, out=folder, to="2026-03-10"), folder


@pytest.fixture(scope="module")
def tested(fitted: tuple[sim.Calibration, Path]) -> Backtest:
    return sim.backtest(
        sim.load(fitted[1] / "scenario.yaml"), LOG, from_="2026-03-12", replications=3, jobs=1
    )


def labels(ax: plots.arrivals) -> list[str]:
    return [str(text) for text in ax.get_legend_handles_labels()[1]]


def test_the_curve_of_arrivals_has_the_mean_day_and_each_weekday(fitted: tuple) -> None:
    queue = fitted[0].queues[0]
    ax = plots.arrivals(fitted[0], queue)
    assert {"mean day", "mon", "fri", "middle 80 % of 7 days"} <= set(labels(ax))
    mean = next(patch for patch in ax.patches if patch.get_label() == "mean day")
    assert mean.get_data().values.tolist() == list(queue.volumes)
    assert sum(queue.volumes) == pytest.approx(np.mean([sum(day) for day in queue.counts]))


def test_the_spread_is_beside_poisson(fitted: tuple) -> None:
    ax = plots.spread_of_counts(fitted[0], fitted[0].queues[0])
    dots = next(line for line in ax.get_lines() if line.get_label() == "an interval of the log")
    assert len(dots.get_xdata()) == 16
    poisson = next(line for line in ax.get_lines() if line.get_label() == "Poisson")
    assert poisson.get_ydata()[-1] == pytest.approx(poisson.get_xdata()[-1] ** 0.5)


def test_a_law_lies_over_its_histogram(fitted: tuple) -> None:
    fit = fitted[0].queues[0].handle
    ax = plots.durations(fit, "handle time")
    bars = next(patch for patch in ax.patches if "of the log" in str(patch.get_label()))
    assert sum(bars.get_data().values) == pytest.approx(100 * (1 - fit.seen.beyond / fit.rows))
    curve = next(line for line in ax.get_lines() if "away (KS)" in str(line.get_label()))
    x, y = curve.get_data()
    width = fit.seen.edges[1]
    area = float(np.sum((y[1:] + y[:-1]) / 2 * np.diff(x))) / width  # shares of bars: 100 % under the law
    assert area == pytest.approx(100, abs=2)


def test_the_naive_mean_is_named_as_a_mistake(fitted: tuple) -> None:
    ax = plots.patience(fitted[0].queues[0])
    assert {"Kaplan-Meier", "mistaken: 70 s, the mean wait of those who left"} <= set(labels(ax))
    kept = {str(line.get_label()): line for line in ax.get_lines()}
    estimate = np.asarray(kept["Kaplan-Meier"].get_ydata())
    law = np.asarray(next(line for name, line in kept.items() if name.startswith("weibull")).get_ydata())
    assert np.abs(estimate - law).mean() < 2  # in percentage points: the law goes through what was seen
    mistaken = np.asarray(next(line for name, line in kept.items() if "mistaken" in name).get_ydata())
    assert mistaken[50] < estimate[50] - 20


def test_the_validation_chart_marks_what_lies_outside(tested: Backtest) -> None:
    ax = plots.validation(tested, "hotline")
    rows = tested.rows.query("queue == 'hotline' and metric == 'offered' and demand == 'modelled'")
    rows = rows[(rows["day"] != "") & (rows["interval"] != "")]
    outside = (rows["verdict"] != "explained").sum()
    assert f"{outside} of {len(rows)} outside" in ax.get_title(loc="left")
    drawn = [line for line in ax.get_lines() if line.get_marker() == "o"]
    assert sum(len(line.get_xdata()) for line in drawn) == outside
    assert "95 % prediction band" in labels(ax)
    one = plots.validation(tested, "hotline", day="2026-03-13")
    assert one.get_xlabel().startswith("Clock time")


def test_ranks_are_shares_of_all_intervals(tested: Backtest) -> None:
    ax = plots.ranks(tested, "offered")
    bars = ax.patches[0].get_data().values
    assert sum(bars) == pytest.approx(100)
    assert bars.tolist() == pytest.approx((100 * tested.ranks("offered")).tolist())


def test_nothing_to_draw_is_said(fitted: tuple, tested: Backtest) -> None:
    from dataclasses import replace

    queue = fitted[0].queues[0]
    with pytest.raises(plots.NothingToDrawError, match="too few left"):
        plots.patience(replace(queue, patience=None))
    with pytest.raises(plots.NothingToDrawError, match="nobody comes"):
        plots.arrivals(fitted[0], replace(queue, volumes=()))
    with pytest.raises(plots.NothingToDrawError, match="by interval"):
        plots.validation(tested, "elsewhere")


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_the_pages_say_what_was_fitted_and_how_it_held(fitted: tuple, tested: Backtest) -> None:
    page = render(calibration_page(fitted[0]))
    for said in (
        "Who comes when",
        "Laws that were tried",
        "Mistaken mean",
        "a lower bound",
        "Waits of those whose agent had been free",
        "scenario.yaml as it was",
    ):
        assert said in page
    assert page.count("<svg") == 7
    page = render(backtest_page(tested))
    for said in (
        "Observed over the predicted band",
        "Where in the bands",
        "How often the 95 % intervals held",
    ):
        assert said in page
    assert page.count("<svg") == 4
