"""Pictures of sweeps, comparisons and long runs, drawn from tables."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection

import sim
from sim.errors import SimError
from sim.experiments.transient import moving_average, warm_up
from sim.report import plots

from .plots_day import differences, drawn_day, sheet


def swept() -> pd.DataFrame:
    """Figures over two keys that were varied."""
    rows = [
        ("service_level", queue, "", "", "", "", value, value - 0.05, value + 0.05, 9, "share", agents, ring)
        for queue in ("", "billing")
        for agents, value in ((8, 0.6), (10, 0.8), (9, 0.7))
        for ring in ("20s", "40s")
    ]
    names = [
        "metric",
        "queue",
        "team",
        "channel",
        "kind",
        "interval",
        "value",
        "low",
        "high",
        "replications",
        "unit",
    ]
    return pd.DataFrame(rows, columns=[*names, "teams.desk.agents", "routing.ring_time"])


def test_a_sweep_has_a_line_a_value_of_its_second_key() -> None:
    ax = plots.sweep_curve(swept(), "service_level", queue="billing", target=0.75, ax=sheet())
    first, second, target = ax.get_lines()
    assert first.get_ydata() == pytest.approx([60, 70, 80])
    assert first.get_xdata().mean() < 9 < second.get_xdata().mean()  # side by side, so that intervals show
    assert target.get_ydata() == pytest.approx([75, 75])
    bars = [c for c in ax.collections if isinstance(c, LineCollection)]
    assert bars[0].get_segments()[0][:, 1] == pytest.approx([55, 65])
    assert [text.get_text() for text in ax.texts] == ["target\n75 %", "20s", "40s"]
    assert ax.get_xlabel() == "teams.desk.agents (number)"


def test_a_key_of_names_is_drawn_by_its_places() -> None:
    ax = plots.sweep_curve(
        swept(), "service_level", x="routing.ring_time", by="teams.desk.agents", ax=sheet()
    )
    assert [label.get_text() for label in ax.get_xticklabels()] == ["20s", "40s"]
    assert len(ax.get_lines()) == 3


def test_a_sweep_over_one_key_has_a_band() -> None:
    one = swept().query("`routing.ring_time` == '20s'")
    ax = plots.sweep_curve(one, "service_level", ax=sheet())
    assert ax.get_lines()[0].get_xdata().tolist() == [8, 9, 10]
    assert not [c for c in ax.collections if isinstance(c, LineCollection)]


def test_what_was_not_varied_is_said() -> None:
    with pytest.raises(
        SimError, match=r"`teams.desk.agent` was not varied; did you mean `teams.desk.agents`"
    ):
        plots.sweep_curve(swept(), "service_level", x="teams.desk.agent", ax=sheet())
    with pytest.raises(SimError, match="the sweep has no asa"):
        plots.sweep_curve(swept(), "asa", ax=sheet())


def compared() -> pd.DataFrame:
    """Differences as a comparison gives them, with a margin."""
    rows = [
        ("more", "service_level", "", "", "", "", "", 0.03, 0.01, 0.05, 0.02, "share"),
        ("more", "service_level", "billing", "", "", "", "", -0.01, -0.03, 0.01, 0.02, "share"),
        ("more", "asa", "", "", "", "", "", -4.0, -5.0, -3.0, np.nan, "s"),
    ]
    return differences(rows, "margin", "unit")


def test_differences_stand_with_their_intervals_and_what_is_sure_is_bold() -> None:
    ax = plots.differences(compared(), ax=sheet())
    points = [one for one in ax.get_lines() if one.get_marker() == "o"]
    assert [float(one.get_xdata()[0]) for one in points] == pytest.approx([3, -1])
    ranges = [one for one in ax.get_lines() if one.get_marker() == "|"]
    assert [one.get_xdata() for one in ranges] == [pytest.approx([1, 5]), pytest.approx([-3, 1])]
    assert ranges[0].get_linewidth() > ranges[1].get_linewidth()
    margins = [one for one in ax.get_lines() if one.get_marker() == "x"]
    assert [one.get_xdata() for one in margins] == [pytest.approx([-2, 2])] * 2
    assert [text.get_text() for text in ax.texts] == ["+3.0 ±2.0", "−1.0 ±2.0"]
    assert "percentage points" in ax.get_xlabel()


def test_no_difference_has_no_sign() -> None:
    nothing = (-0.0, -0.0, 0.0, np.nan)
    rows = [("more", "service_level", queue, "", "", "", "", *nothing, "share") for queue in ("", "billing")]
    ax = plots.differences(differences(rows, "margin", "unit"), ax=sheet())
    assert [text.get_text() for text in ax.texts] == ["0.0 ±0.0"] * 2


def test_differences_of_several_units_are_not_put_on_one_axis() -> None:
    with pytest.raises(SimError, match="different units: share, s"):
        plots.differences(compared(), ["service_level", "asa"], ax=sheet())
    ax = plots.differences(compared(), "asa", ax=sheet())
    assert "(s)" in ax.get_xlabel()


def test_welchs_picture_of_a_given_series() -> None:
    at = np.arange(40) * 60.0
    frame = pd.concat(
        pd.DataFrame({"replication": r, "at": at, "value": 10 - 8 * 0.8 ** np.arange(40) + r})
        for r in (-1, 1)
    )
    ax = plots.welch(frame, window=3, ax=sheet())
    mean, smooth = ax.get_lines()
    assert mean.get_ydata() == pytest.approx(10 - 8 * 0.8 ** np.arange(40))
    assert smooth.get_ydata() == pytest.approx(moving_average(mean.get_ydata(), 3))


def test_welchs_picture_of_a_run_is_its_waiting_requests() -> None:
    run = drawn_day()
    ax = plots.welch(run, "general", step_s=1800, window=1, ax=sheet())
    expected = run.figures.query("metric == 'queue_length_mean' and queue == 'general' and interval != ''")[
        "value"
    ]
    assert ax.get_lines()[0].get_ydata() == pytest.approx(expected.to_numpy())
    assert "3 replications" in ax.get_title(loc="left")


def test_welchs_picture_of_a_warm_up_marks_what_is_suggested() -> None:
    scenario = sim.loads(
        (Path(sim.__file__).parents[1] / "scenarios" / "erlang_a.yaml").read_text(encoding="utf-8")
    )
    short = scenario.set("lasts", "4h").set("warm_up", "0s")
    found = warm_up(short, "queue_length_mean", replications=2, step_s=60, jobs=1)
    ax = plots.welch(found, ax=sheet())
    mean, smooth, *mark = ax.get_lines()
    assert mean.get_ydata() == pytest.approx(found.means)
    assert smooth.get_ydata() == pytest.approx(moving_average(found.means, found.window))
    suggested = [] if not found.seconds else [found.seconds / 3600]
    assert [float(one.get_xdata()[0]) - short.opens_at / 3600 for one in mark] == pytest.approx(suggested)
    assert ax.get_ylabel() == "Waiting requests (number)"
    assert ax.get_title(loc="left") == "Waiting requests (2 replications)"
