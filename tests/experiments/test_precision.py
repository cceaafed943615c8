"""Precision: what may be asked for, when it is reached, and that it does not depend on who does the work."""

import json
from collections.abc import Callable
from math import isnan, nan
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.experiments.precision import AT_LEAST, LOOK_AHEAD, Precision, Watch, look_ahead, precisions
from sim.metrics import Figure

Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("text", "metric", "place", "half_width", "relative"),
    [
        ("service_level=±1%", "service_level", {}, 0.01, False),
        ("service_level=0.01", "service_level", {}, 0.01, False),
        ("service_level=+-0.5%", "service_level", {}, 0.005, False),
        ("wait_p90:queue=billing=±5s", "wait_p90", {"queue": "billing"}, 5.0, False),
        ("wait_p90:queue=billing=±0.5m", "wait_p90", {"queue": "billing"}, 30.0, False),
        ("overtime=+/-1h", "overtime", {}, 3600.0, False),
        ("wait_mean=±5", "wait_mean", {}, 5.0, False),
        ("wait_mean=±5%", "wait_mean", {}, 0.05, True),
        ("offered:queue=a b:kind=transfer= 3 %", "offered", {"queue": "a b", "kind": "transfer"}, 0.03, True),
        ("offered:interval=08:30=±12.5", "offered", {"interval": "08:30"}, 12.5, False),
        ("abandoned:queue=5=±5", "abandoned", {"queue": "5"}, 5.0, False),
    ],
)
def test_what_may_be_asked_for(
    text: str, metric: str, place: dict[str, str], half_width: float, relative: bool
) -> None:
    wanted = Precision.parse(text)
    assert (wanted.metric, wanted.place, wanted.half_width, wanted.relative) == (
        metric, place, pytest.approx(half_width), relative,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("service_level", "is no precision; write service_level=±1%"),
        ("service_level=", "is no precision"),
        ("service_level=±-1%", "is no precision"),
        ("wait_p90:billing=±5s", "is no precision; write wait_p90:queue=NAME=±5s"),
        ("servicelevel=±1%", "no metric `servicelevel`; did you mean `service_level`?"),
        ("service_level=±0%", "must be above 0"),
        ("service_level=±1s", "service_level is not a time; write service_level=±1%"),
        ("offered=±1m", r"offered is not a time; write offered=±1% \(of its value\) or ±0.1 \(requests\)"),
        ("wait_mean=±1parsec", "`1parsec` is not a duration"),
    ],
)
def test_what_makes_no_sense_is_said(text: str, said: str) -> None:
    with pytest.raises(sim.SimError, match=said):
        Precision.parse(text)


def test_all_mistakes_are_said_at_once_with_the_nearest_name(small_text: str) -> None:
    small = sim.loads(small_text)
    with pytest.raises(sim.SimError) as told:
        sim.run(small, precision=["service_level:queue=cals=±1%", "asa=±1s", "occupancy:queue=calls=±1%"])
    assert str(told.value).splitlines() == [
        "precision `service_level:queue=cals=±1%`: no queue `cals`; did you mean `calls`?",
        "precision `occupancy:queue=calls=±1%`: occupancy is not given by queue; it is given over all, by team,"
        " by day, by team and day, by interval, by team and interval; by variant too",
    ]


def test_what_is_written_is_told_once(small_text: str) -> None:
    for wrong, said in (("asa=0", "must be above 0"), ("asa", "is no precision; write ")):
        with pytest.raises(sim.SimError) as told:
            sim.run(sim.loads(small_text), precision=wrong)
        assert str(told.value).startswith(f"precision `{wrong}` {said}")


class Widths:
    """Figures that have after the n-th replication the n-th of some half widths, and the value 0.5."""

    def __init__(self, widths: list[float]) -> None:
        self.widths = widths
        self.replications = 0

    def value(self, metric: str, **place: str) -> Figure:
        half = self.widths[self.replications - 1]
        return Figure.of(metric, 0.5, (0.5 - half, 0.5 + half), self.replications, "share")


def replications_taken(widths: list[float], wanted: str = "service_level=±1%") -> int | None:
    figures = Widths(widths)
    watch = Watch([Precision.parse(wanted)])
    for number in range(1, len(widths) + 1):
        figures.replications = number
        if watch.enough(figures):  # type: ignore[arg-type]
            return number
    return None


WIDE, NARROW = 0.02, 0.009


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        ([NARROW] * 50, AT_LEAST),
        ([nan, *[NARROW] * 50], AT_LEAST),
        ([WIDE] * 11 + [NARROW] * 50, 12 + LOOK_AHEAD),
        ([WIDE] * 11 + [NARROW] * 5 + [WIDE] + [NARROW] * 50, 18 + LOOK_AHEAD),
        ([WIDE] * 11 + [NARROW] * 3 + [nan] + [NARROW] * 50, 16 + LOOK_AHEAD),
        ([WIDE] * 199 + [NARROW] * 50, 200 + 10),
        ([WIDE] * 60, None),
        ([0.0099999] * 50, AT_LEAST),
        ([0.0100001] * 50, None),
    ],
    ids=[
        "at_least_ten",
        "one_has_none",
        "stays_narrow",
        "widens_once",
        "lost_once",
        "five_percent",
        "never",
        "just",
        "not_quite",
    ],
)
def test_the_interval_must_stay_narrow(widths: list[float], expected: int | None) -> None:
    assert replications_taken(widths) == expected


def test_the_look_ahead_is_that_of_the_paper() -> None:
    assert [look_ahead(n) for n in (3, 100, 119, 120, 200, 1000)] == [5, 5, 5, 6, 10, 50]


def test_relative_is_to_the_value() -> None:
    assert replications_taken([0.03] * 20, "wait_mean=±5%") is None  # 6 % of 0.5
    assert replications_taken([0.02] * 20, "wait_mean=±5%") == AT_LEAST


@pytest.mark.parametrize(
    ("low", "value", "high", "expected"),
    [(0.97, 0.99, 1.0, 0.02), (0.0, 0.0, 0.0, 0.0), (nan, 0.5, nan, nan), (0.4, 0.5, 0.6, 0.1)],
)
def test_where_an_interval_is_cut_off_the_wider_half_counts(
    low: float, value: float, high: float, expected: float
) -> None:
    reached = Precision.parse("service_level=±1%").reached(
        Figure.of("service_level", value, (low, high), 9, "share")
    )
    assert reached == pytest.approx(expected, nan_ok=True)


def test_the_forecast_goes_by_the_root_of_the_number() -> None:
    figures = Widths([0.02] * 20)
    figures.replications = 20
    watch = Watch([Precision.parse("service_level=±1%")])
    watch.enough(figures)  # type: ignore[arg-type]
    assert watch.forecast(figures, 1000) == 80 + LOOK_AHEAD  # type: ignore[arg-type]
    assert watch.forecast(figures, 50) == 50  # type: ignore[arg-type]


WANTED = "service_level:queue=calls=±9%"


def test_a_run_goes_on_until_it_is_sure_enough(small_text: str) -> None:
    small = sim.loads(small_text)
    result = sim.run(small, precision=WANTED, jobs=1)
    (ending,) = result.endings
    assert AT_LEAST < result.replications < 100
    assert ending.narrow_since == result.replications - LOOK_AHEAD
    assert ending.reached <= 0.09
    figure = result.figure("service_level", queue="calls")
    assert ending.reached == max(figure.high - figure.value, figure.value - figure.low)
    before = sim.run(small, ending.narrow_since - 1).figure("service_level", queue="calls")
    assert Precision.parse(WANTED).reached(before) > 0.09
    assert str(ending).startswith("service_level calls: ±9 % reached: ±")
    same = sim.run(small, result.replications)
    assert same.figures.equals(result.figures)


@pytest.mark.slow
def test_two_workers_stop_at_the_same_replication(small_text: str) -> None:
    small = sim.loads(small_text)
    alone, together = (sim.run(small, precision=[WANTED, "asa=±60%"], jobs=jobs) for jobs in (1, 2))
    assert together.replications == alone.replications
    assert together.figures.equals(alone.figures)
    assert together.endings == alone.endings


def test_the_limit_is_kept_and_told(
    scenario_file: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "run")
    command = ["run", str(scenario_file()), "--precision", "service_level=±.1%", "--precision", "asa=±99%"]
    assert main([*command, "--at-most", "12", "--out", out]) == 3
    printed, told = capsys.readouterr()
    assert printed.startswith("Small desk: means of 12 replications")
    assert "\nasa: ±99 % of the value reached: ±" in printed
    missed, allow = told.splitlines()
    assert missed.startswith("service_level: ±0.1 % not reached: ±")
    assert allow == "there were 12 replications; allow more with --at-most"
    kept = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert kept["precision"][0] == missed
    assert (kept["replications"], kept["asked"]) == (12, 12)


def test_progress_is_told_with_what_is_expected(small_text: str) -> None:
    told: list[tuple[int, int]] = []
    result = sim.run(
        sim.loads(small_text), precision=WANTED, on_progress=lambda *both: told.append(both), jobs=1
    )
    assert [done for done, _ in told] == list(range(result.replications))
    assert told[0] == (0, 1000)
    assert abs(told[-1][1] - result.replications) <= LOOK_AHEAD


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"replications": 5}, "replications and precision exclude each other"),
        ({"at_most": 9}, "at_most must be at least 10, not 9"),
        ({"batches": 5}, "batches are parts of one long run"),
    ],
)
def test_what_contradicts_is_refused(small_text: str, options: dict[str, int], said: str) -> None:
    with pytest.raises(sim.SimError, match=said):
        sim.run(sim.loads(small_text), precision=WANTED, **options)  # type: ignore[arg-type]


def test_a_figure_without_data_has_no_interval(small_text: str) -> None:
    (wanted,) = precisions(["wait_p90:queue=calls:kind=transfer=±5s"], sim.loads(small_text))
    result = sim.run(sim.loads(small_text), precision=[wanted], at_most=10)
    (ending,) = result.endings
    assert isnan(ending.reached)
    assert str(ending) == "wait_p90 calls transfer: no interval, as there are too few data"
    assert ending.narrow_since is None
