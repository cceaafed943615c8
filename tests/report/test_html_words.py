"""The answer, how sure it is, and what it rests on."""

import re
from math import nan

import pytest

from sim.experiments.verdicts import Verdict, verdicts
from sim.metrics import Figure
from sim.metrics.formatting import quantity
from sim.report.document import Cell, Document, cell
from sim.report.html.page import definitions, with_code, with_dates
from sim.report.notebook import show
from sim.report.scenario import assumptions
from sim.report.targets import (
    answer,
    bounds,
    target_words,
    targets,
    unknown,
    verdict_words,
)
from sim.scenario import Target, loads

from .plots_day import DAY, drawn_day


def held(value: float, low: float, high: float, **limits: float) -> Verdict:
    figure = Figure.of("service_level", value, (low, high), 9, "share", queue="billing")
    return Verdict(Target(metric="service_level", queue="billing", **limits), figure)


@pytest.mark.parametrize(
    ("interval", "limits", "expected"),
    [
        ((0.80, 0.78, 0.82), {"at_least": 0.75}, "met"),
        ((0.80, 0.78, 0.82), {"at_least": 0.78}, "met"),
        ((0.80, 0.78, 0.82), {"at_least": 0.79}, "open"),
        ((0.80, 0.78, 0.82), {"at_least": 0.83}, "missed"),
        ((0.80, 0.78, 0.82), {"at_most": 0.83}, "met"),
        ((0.80, 0.78, 0.82), {"at_most": 0.77}, "missed"),
        ((0.80, 0.78, 0.82), {"at_least": 0.7, "at_most": 0.81}, "open"),
        ((0.80, nan, nan), {"at_least": 0.79}, "met"),
        ((0.80, nan, nan), {"at_least": 0.81}, "missed"),
        ((nan, nan, nan), {"at_least": 0.81}, "no data"),
    ],
)
def test_a_target_is_met_or_missed_where_the_whole_interval_says_so(
    interval: tuple[float, float, float], limits: dict[str, float], expected: str
) -> None:
    assert held(*interval, **limits).answer == expected


def test_targets_are_held_against_the_figures_of_their_place() -> None:
    run = drawn_day()
    found = verdicts(run.scenario, run.figures)
    assert [verdict.answer for verdict in found] == ["met", "open", "missed"]
    assert found[1].figure == run.figure("no_agent_rate", kind="transfer")
    assert found[2].figure == run.figure("wait_p90", queue="general", kind="inbound")


def test_the_answer_counts_targets_in_one_sentence() -> None:
    met, missed = held(0.8, 0.78, 0.82, at_least=0.7), held(0.8, 0.78, 0.82, at_least=0.9)
    open_ = held(0.8, 0.78, 0.82, at_least=0.8)
    assert answer([met]) == "The one target is met."
    assert answer([missed, missed]) == "Both targets are missed."
    assert answer([met, met, missed, open_]) == "2 of 4 targets are met, 1 is missed, 1 is too close to call."


def test_a_target_in_words() -> None:
    share, seconds = verdicts(drawn_day().scenario, drawn_day().figures)[1:]
    assert target_words(share) == "No agent, transfer"
    assert bounds(share) == "at most 0.1 %"
    assert bounds(seconds) == "at most 10 s"
    assert verdict_words(share) == "≈ too close to call"
    assert verdict_words(seconds) == "✗ missed"


def test_assumptions_have_the_scenarios_own_values() -> None:
    text = " ".join(assumptions(loads(DAY)))
    assert "rings for 20 s" in text
    assert "after 2 min (web)" in text
    assert "up to 2 tasks of chat" in text
    assert "77% with 2" in text
    assert "conference" in text
    assert "pull mode" not in text
    assert "all days are alike" in text


def test_definitions_write_out_what_the_catalogue_refers_to() -> None:
    found = {one.name: str(one.formula) for one in definitions(["occupancy", "service_level"], loads(DAY))}
    assert list(found) == ["service_level", "occupancy"]
    assert "answered within T / offered" in found["service_level"]
    assert "see *" not in "".join(found.values())
    assert with_code("`a` < b") == "<code>a</code> &lt; b"
    assert with_dates("worst: 2026-03-28 <") == 'worst: <span class="date">2026-03-28</span> &lt;'


def test_hours_are_written_as_hours() -> None:
    """A day's answer time of 36 h ± 1.2 h against a promise of 24 h: nobody reads 129 600 s."""
    figure = Figure.of("wait_p90", 129_600.0, (125_280.0, 133_920.0), 9, "s", queue="mail")
    verdict = Verdict(Target(metric="wait_p90", queue="mail", at_most=86_400.0), figure)
    (row,) = targets([verdict]).rows
    assert row.cells[0].text == "at most 24 h"
    assert (row.cells[1].text, row.cells[1].spread) == ("36.00", "±1.20 h")
    assert [quantity(one, "s") for one in (20, 90, 120, 300, 5400, 3700)] == [
        "20 s", "90 s", "2 min", "5 min", "1.5 h", "3700 s"
    ]  # fmt: skip
    assert (quantity(7200, "count"), quantity(7200, "share")) == ("7200", "720000 %")


def test_what_is_too_close_to_call_says_what_would_tell() -> None:
    """78 ± 4 % against 75 % in 9 replications: half the width is to become 3 points, after 9 * (4 / 3)² = 16, and
    no less than twice as many are advised."""
    close = held(0.78, 0.74, 0.82, at_least=0.75)
    assert unknown([close, held(0.8, 0.78, 0.82, at_least=0.7)]) == [
        "Service level, billing: somewhere from 74 % to 82 %, on either side of the target; about 18 replications "
        "would tell."
    ]
    assert "about 240 replications" in unknown([held(0.78, 0.7, 0.86, at_least=0.7645)])[0]
    assert "more than 1000 replications" in unknown([held(0.78, 0.7, 0.86, at_least=0.779)])[0]


def test_a_share_is_never_said_to_lie_below_0_or_above_100_percent() -> None:
    """The worst of eight days, 49 ± 25 % in three replications: Bonferroni's interval is far wider than what can be."""
    figure = Figure.of("service_level", 0.49, (0.24, 0.74), 3, "share", queue="billing")
    target = Target(metric="service_level", queue="billing", each="day", at_least=0.4)
    (said,) = unknown([Verdict(target, figure, among=8)])
    assert "somewhere from 0 % to 100 %, its 8 figures taken together, on either side of the target" in said


def test_a_wait_of_hours_is_read_in_hours() -> None:
    asa = Figure.of("asa", 16_251.9, (15_351.8, 17_152.0), 9, "s")
    assert cell(asa) == Cell("4.51 h", "±0.25")
    assert cell(asa._replace(value=3_599.0)).text == "3,599.0"
    assert (
        cell(Figure.of("overtime", 9_000.0, (nan, nan), 9, "s")).text == "150.0"
    )  # in minutes, as its head says


def test_lines_with_a_dash_are_the_points_of_a_list() -> None:
    page = show(Document("Title", ["These are outside:\n- ASA: `wrap_up` is missing\n- Offered", "An end."]))
    assert re.search(
        r"<p>These are outside:</p>\s*<ul class=\"points\">\s*<li>ASA: <code>wrap_up</code> is missing</li>"
        r"\s*<li>Offered</li>\s*</ul>\s*<p>An end.</p>",
        page,
    )
