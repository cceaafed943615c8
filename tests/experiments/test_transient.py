"""The end of the warm-up, and batch means of one long run."""

import json
from collections.abc import Callable
from math import isnan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.engine import simulate
from sim.experiments.batch_means import batch_measures, correlation, doubts
from sim.experiments.transient import WarmUp, moving_average, mser, warm_up
from sim.metrics import Cells, Figures, Measures, measure
from sim.metrics.cells import Axes
from sim.records import Recorder
from sim.workload import draw

Write = Callable[..., Path]

STEADY = """\
name: Overloaded at first
lasts: 4h
seed: 4
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  calls: {medium: voice, handle_time: {exponential: {mean: 4m}}, patience: {exponential: {mean: 10m}}}
teams:
  desk: {agents: 8, skills: {calls: 5}}
arrivals:
  - {channel: phone, queue: calls, per_hour: 140}
"""


def naive_mser(values: list[float], batch: int) -> int:
    """As the paper words it: the truncation with the smallest squared error of the mean of what is left."""
    means = [float(np.mean(values[k : k + batch])) for k in range(0, len(values) - batch + 1, batch)]
    errors = [np.var(means[cut:]) / len(means[cut:]) for cut in range(len(means) // 2 + 1)]
    return int(np.argmin(errors)) * batch


@pytest.mark.parametrize("seed", range(5))
def test_mser_is_what_the_paper_says(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(10, 1, 203) - 9 * np.exp(-np.arange(203) / 15)
    assert mser(values) == naive_mser(list(values), 5)


def test_mser_cuts_the_beginning_that_is_unlike_the_rest() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 200)
    assert mser(np.concatenate([np.zeros(30), np.full(170, 5.0)]) + noise) in (30, 35, 40)
    assert mser(5 + noise) < 30  # type: ignore[operator]


def test_mser_says_when_half_the_run_is_not_enough() -> None:
    assert mser(np.arange(200.0)) is None
    with pytest.raises(sim.SimError, match="needs at least 50 steps, not 49"):
        mser(np.arange(49.0))


def test_the_moving_average_is_welchs() -> None:
    averages = moving_average(np.array([1.0, 2.0, 6.0, 4.0, 2.0, 9.0, 1.0, 0.0]), 2)
    assert averages.tolist() == pytest.approx([1, 3, 3, 4.6, 4.4, 3.2])
    with pytest.raises(sim.SimError, match="between 0 and a quarter of the 8 steps, not 3"):
        moving_average(np.zeros(8), 3)


@pytest.fixture(scope="module")
def settling() -> WarmUp:
    return warm_up(sim.loads(STEADY), "queue_length_mean", replications=4, step_s=120)


def test_a_queue_that_fills_settles(settling: WarmUp) -> None:
    assert settling.seconds is not None
    assert 0 < settling.seconds <= 3600
    assert str(settling).startswith("MSER-5 suggests warm_up: ")
    assert "by queue_length_mean in steps of 2m over 4 replications" in str(settling)
    table = settling.table
    assert list(table.columns) == ["at", "mean", "moving_average"]
    assert table["at"].tolist() == [60.0 + 120 * step for step in range(120)]
    assert table["mean"].iloc[0] < table["mean"].mean()
    assert table["moving_average"].isna().sum() == settling.window


def test_a_step_is_the_figure_of_that_interval(settling: WarmUp) -> None:
    """The same numbers as the run's own figures by interval, and each replication's in the series."""
    steps = sim.run(sim.loads(STEADY).set("interval", "2m"), 4).figures.query(
        "metric == 'queue_length_mean' and interval != '' and queue == ''"
    )
    assert settling.table["mean"].tolist() == pytest.approx(steps["value"].tolist()[:120])
    series = settling.series
    assert sorted(series["replication"].unique()) == [0, 1, 2, 3]
    means = series.groupby("at")["value"].mean()
    assert means.tolist() == pytest.approx(settling.table["mean"].tolist())


def test_ratios_are_ratios_of_means() -> None:
    found = warm_up(sim.loads(STEADY), "wait_mean", replications=3, step_s=240, queue="calls")
    steps = sim.run(sim.loads(STEADY).set("interval", "4m"), 3).figures.query(
        "metric == 'wait_mean' and interval != '' and queue == 'calls'"
    )
    assert found.table["mean"].tolist() == pytest.approx(steps["value"].tolist()[:60])


@pytest.mark.parametrize(
    ("metric", "options", "said"),
    [
        ("wait_men", {}, "did you mean `wait_mean`"),
        ("overtime", {}, "overtime is not given by interval"),
        ("wait_mean", {"queue": "cals"}, "no queue `cals`; did you mean `calls`"),
        (
            "wait_mean",
            {"step_s": 1.0, "replications": 1},
            "some steps of 1s have no data; let it last longer, or average more replications",
        ),
        (
            "wait_mean",
            {"step_s": 1.0, "replications": 12},
            "some steps of 1s have no data; take steps of 30s",
        ),
        ("wait_mean", {"step_s": 600.0}, "needs at least 50 steps, and 4h has 24 of 10m; take steps of 2m"),
        ("wait_mean", {"replications": 0}, "at least 1, not 0"),
    ],
)
def test_what_makes_no_sense_is_said_with_a_step_that_works(
    metric: str, options: dict[str, object], said: str
) -> None:
    with pytest.raises(sim.SimError, match=said):
        warm_up(sim.loads(STEADY), metric, **options)  # type: ignore[arg-type]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "steady.yaml"
    file.write_text(STEADY)
    command = ["warm-up", str(file), "--metric", "queue_length_mean", "--replications", "4", "--step", "2m"]
    picture = tmp_path / "welch.png"
    assert main([*command, "--picture", str(picture)]) == 0
    printed, told = capsys.readouterr()
    assert printed.startswith("MSER-5 suggests warm_up: ")
    assert "mean from here" in printed
    assert told == ""
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert main([*command, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["warm_up_s"] > 0
    assert len(found["steps"]) == 120
    assert main(["warm-up", str(file), "--step", "0s"]) == 2
    assert (
        main(
            [
                *command,
                "--set",
                "lasts=2h",
                "--set",
                "teams.desk.agents=1",
                "--set",
                "queues.calls.patience=5h",
            ]
        )
        == 3
    )
    assert "let it last longer" in capsys.readouterr().err


def test_a_day_needs_no_warm_up_and_is_told(scenario_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = scenario_file(**{"per_hour: 60": "per_hour: [60, 90], every: 30m"})
    main(["warm-up", str(path), "--metric", "queue_length_mean", "--replications", "1"])
    assert "a day that opens empty needs no warm_up" in capsys.readouterr().err


@pytest.fixture(scope="module")
def long_run() -> tuple[sim.Scenario, sim.Records]:
    scenario = sim.loads(STEADY).set("warm_up", "30m")
    return scenario, simulate(scenario, draw(scenario), Recorder(scenario))


SUMS = (
    "offered", "answered", "abandoned", "delayed", "service_level", "abandon_rate", "asa", "offers_per_request",
    "handle_time", "wrap_up_time", "occupancy", "concurrency", "conversations", "handled", "time_in_system", "cost",
    "overtime",
)  # fmt: skip


def test_the_batches_are_the_run(long_run: tuple[sim.Scenario, sim.Records]) -> None:
    """Nothing is lost at the seams: over the batches numerators and denominators are those of the whole run."""
    scenario, records = long_run
    whole = measure(records, scenario)
    batches = list(batch_measures(records, scenario, 7))
    for metric in SUMS:
        parts = np.sum([batch.parts(metric) for batch in batches], axis=0)
        assert parts.tolist() == pytest.approx(list(whole.parts(metric))), metric
    lengths = [batch.value("queue_length_mean") for batch in batches]
    assert np.mean(lengths) == pytest.approx(whole.value("queue_length_mean"))
    assert max(b.value("wait_max") for b in batches) == whole.value("wait_max")


def test_intervals_from_batches(long_run: tuple[sim.Scenario, sim.Records]) -> None:
    scenario, records = long_run
    result = sim.run(scenario, batches=7)
    assert (result.replications, result.batches, len(result.kept)) == (1, 7, 1)
    folded = Figures()
    for batch in batch_measures(records, scenario, 7):
        folded.fold(batch)
    assert result.figure("asa") == folded.value("asa")
    assert result.figure("asa").replications == 7
    assert result.figure("asa").low < measure(records, scenario).value("asa") < result.figure("asa").high
    assert (result.figures["interval"] == "").all()


@pytest.mark.slow
def test_batches_that_are_too_short_are_told(long_run: tuple[sim.Scenario, sim.Records]) -> None:
    scenario, records = long_run
    short = list(batch_measures(records, scenario, 50))
    assert correlation(short) > 0.4
    assert "take fewer batches or a longer run" in (doubts(short) or "")
    result = sim.run(scenario, batches=50)
    assert result.remarks == (doubts(short),)


def made_up(lengths: list[float]) -> list[Measures]:
    axes = Axes(("calls",), ("desk",), ("phone",), ("inbound",), ("READY",), (), ("00:00",), (0.0,))
    cells = Cells.of(axes, ("queue_length_mean",))
    return [Measures(cells, np.full(len(cells), length), np.ones(len(cells))) for length in lengths]


def test_the_correlation_of_neighbours() -> None:
    assert correlation(made_up([1, 2, 3, 4])) == pytest.approx(0.25)
    assert isnan(correlation(made_up([2, 2, 2])))
    assert doubts(made_up([2, 2, 2])) is None
    assert doubts(made_up([1.0, 2.0] * 10)) is None
    assert doubts(made_up([1.0] * 10 + [2.0] * 10)) is not None


def mm1(load: float, lasts: str) -> sim.Scenario:
    """One agent, a minute of talk, and callers who never give up."""
    text = STEADY.replace(", patience: {exponential: {mean: 10m}}", "").replace("mean: 4m", "mean: 1m")
    text = text.replace("agents: 8", "agents: 1").replace("per_hour: 140", f"per_hour: {60 * load:g}")
    return sim.loads(text.replace("lasts: 4h", f"lasts: {lasts}\nwarm_up: 1h"))


@pytest.mark.slow
def test_intervals_from_batches_hold_the_known_answer() -> None:
    """M/M/1 at half load: on average half a caller waits. Forty runs of ten batches of 200 minutes."""
    scenario, held = mm1(0.5, "2060m"), 0
    for number in range(40):
        records = simulate(scenario, draw(scenario, number), Recorder(scenario, ("requests", "tasks")))
        figures = Figures()
        for batch in batch_measures(records, scenario, 10, only=("queue_length_mean",)):
            figures.fold(batch)
        found = figures.value("queue_length_mean")
        held += found.low <= 0.5 <= found.high
    assert 34 <= held < 40  # 38 are expected; 33 or fewer come once in 40 times


@pytest.mark.parametrize(
    ("options", "said"),
    [({"batches": 1}, "at least 2, not 1"), ({"batches": 5, "replications": 3}, "leave replications")],
)
def test_batches_are_of_one_run(options: dict[str, int], said: str) -> None:
    with pytest.raises(sim.SimError, match=said):
        sim.run(sim.loads(STEADY), **options)  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_command_says_what_its_means_are_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "steady.yaml"
    file.write_text(STEADY)
    out = tmp_path / "run"
    assert main(["run", str(file), "--batches", "60", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Overloaded at first: means of 60 batches of one run, ± 95 % interval, seed 4")
    assert "\nneighbouring batches are alike" in printed
    assert json.loads((out / "manifest.json").read_text())["batches"] == 60
    figures = pd.read_csv(out / "figures.csv")
    assert (figures.query("metric == 'asa'")["replications"] <= 60).all()
