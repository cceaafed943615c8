"""Calibrations and backtests in folders: opened they are what was saved, and what is spoilt is refused in a line."""

import gzip
import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.logs.causes import LOWER_BOUND, UNKNOWN_STAFF, Causes
from sim.logs.counts import ABANDONED, ANSWERED, COUNTED, HANDLED, IN_TIME, OFFERED, WAITED
from sim.logs.laws import Histogram, choose_law
from sim.logs.log import OpeningHours
from sim.logs.patience import Waits
from sim.logs.prediction import Backtest, pit
from sim.logs.what_if import changed_keys
from sim.report import backtest

LOG = Path(__file__).parents[2] / "notebooks" / "synthetic_log.csv.gz"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A calibration of the shipped log's first week."""
    out = tmp_path_factory.mktemp("logs") / "fitted"
    sim.calibrate(LOG, out=out, to="2026-03-10")
    return out


@pytest.fixture(scope="module")
def tested(folder: Path) -> Backtest:
    return sim.backtest(sim.load(folder / "scenario.yaml"), LOG, from_="2026-03-12", replications=3, jobs=1)


@pytest.mark.slow
def test_a_calibration_opens_as_it_was_fitted(folder: Path) -> None:
    opened = sim.open(folder)
    fitted = sim.calibrate(LOG, to="2026-03-10")
    assert isinstance(opened, sim.Calibration)
    assert opened == fitted  # every law, count and curve, to the last bit
    assert opened._repr_html_() == fitted._repr_html_()
    assert json.loads((folder / "manifest.json").read_text())["kind"] == "calibrate"


@pytest.mark.slow
def test_a_backtest_opens_as_it_was_tested(tested: Backtest, tmp_path: Path) -> None:
    opened = sim.open(tested.save(tmp_path / "tested"))
    assert isinstance(opened, Backtest)
    pd.testing.assert_frame_equal(opened.rows, tested.rows, check_exact=True)
    assert (opened.verdict, opened.coverage, opened.width) == (tested.verdict, tested.coverage, tested.width)
    assert repr(opened) == repr(tested)
    assert opened._repr_html_() == tested._repr_html_()


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("fits.json", lambda text: text[:500], "cannot be read"),
        ("fits.json", lambda text: json.dumps({**json.loads(text), "offered": "many"}), "`offered` is not as it was"),
        ("fits.json", lambda text: json.dumps({**json.loads(text), "dates": []}), "`dates` is not as it was written"),
        ("manifest.json", lambda text: text.replace("calibrate", "calibration", 1), "tells of a saved calibration"),
    ],
)  # fmt: skip
def test_a_calibration_that_was_spoilt_is_one_line(
    folder: Path, tmp_path: Path, name: str, change, said: str
) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).write_text(change((tmp_path / name).read_text()))
    with pytest.raises(sim.SimError, match=said) as raised:
        sim.open(tmp_path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines, "actual,99,0,0,0,1.0,1.0,1.0,0.0,0.0"],
        lambda lines: [*lines, "actual,0,-1,0,0,1.0,1.0,1.0,0.0,0.0"],
        lambda lines: [*lines, "actual,0,0,0,0,inf,1.0,1.0,0.0,0.0"],
        lambda lines: [*lines, "actual,0,0,0,0,1e200,1.0,1.0,0.0,0.0"],
        lambda lines: [lines[0].replace("answered", "taken"), *lines[1:]],
    ],
    ids=["a replication too many", "a day before the first", "no end", "no count", "a column gone"],
)
def test_counts_that_were_spoilt_are_one_line(tested: Backtest, tmp_path: Path, change) -> None:
    folder = tested.save(tmp_path / "tested")
    path = folder / "counts.csv.gz"
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    path.write_bytes(gzip.compress("\n".join(change(lines)).encode()))
    with pytest.raises(sim.SimError, match=r"counts\.csv\.gz: is not as it was written"):
        sim.open(folder)


@pytest.mark.slow
def test_the_commands_save_and_report(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "tested"
    asked = ["backtest", str(folder / "scenario.yaml"), str(LOG), "--from", "2026-03-13"]
    assert main([*asked, "--replications", "2", "--jobs", "1", "--out", str(out)]) == 0
    assert f"Backtest in {out}" in capsys.readouterr().out
    for place, said in ((folder, "Kaplan-Meier"), (out, "95 % prediction band")):
        page = tmp_path / "page.html"
        assert main(["report", str(place), "--out", str(page)]) == 0
        assert said in page.read_text(encoding="utf-8")
    assert main([*asked, "--out", str(tmp_path)]) == 2  # no folder of ours: it stays as it is
    assert "is not empty and not an earlier run" in capsys.readouterr().err


# What is drawn of a fit.


def test_a_histogram_counts_every_duration() -> None:
    """Of 1, 2, ..., 200 s the longest but one in a hundred is 198 s: bars of 5 s, up to 200 s."""
    seen = Histogram.of(np.arange(1.0, 201.0))
    assert (seen.edges[1], seen.edges[-1]) == (5.0, 200.0)
    assert (seen.counts[0], seen.counts[1], seen.counts[-1], seen.beyond) == (4, 5, 6, 0)
    assert sum(seen.counts) + seen.beyond == 200


def test_a_law_that_is_not_taken_is_kept_to_be_shown() -> None:
    sample = np.repeat((30.0, 600.0), 500)
    fit = choose_law(sample)
    assert type(fit.law).__name__ == "Empirical"
    assert type(fit.best).__name__.lower() == fit.candidates[0][0]


def test_the_interval_of_the_survival_is_greenwoods() -> None:
    """Five wait 10, 20+, 30, 40+, 50 s (+ answered): S(30) = 4/5 x 2/3; variance S^2 (1/(5x4) + 1/(3x2))."""
    waits = Waits(
        np.array([10.0, 20.0, 30.0, 40.0, 50.0]), np.array([1.0, 0, 1, 0, 1]), np.array([0.0, 1, 0, 1, 0])
    )
    curve = waits.curve()
    at = next(i for i, moment in enumerate(curve.at) if moment >= 30)
    share = 4 / 5 * 2 / 3
    half = 1.959964 * share * (1 / 20 + 1 / 6) ** 0.5
    assert curve.share[at] == pytest.approx(share, abs=1e-6)
    assert curve.low[at] == pytest.approx(max(0.0, share - half), abs=1e-5)
    assert curve.high[at] == pytest.approx(min(1.0, share + half), abs=1e-5)


# Where in the bands the observed values lie.


def test_ranks_by_hand() -> None:
    """Among 1, 2, 3 the value 0 has the lowest of four places, 2 the second and third, as it is there once."""
    simulated = np.array([[1.0], [2.0], [3.0]])
    assert pit(np.array([0.0]), simulated, 4).tolist() == [1, 0, 0, 0]
    assert pit(np.array([2.0]), simulated, 4).tolist() == [0, 0.5, 0.5, 0]
    assert pit(np.array([9.0]), simulated, 4).tolist() == [0, 0, 0, 1]
    assert pit(np.array([np.nan, 9.0]), np.repeat(simulated, 2, axis=1), 4).tolist() == [0, 0, 0, 1]


def test_ranks_of_a_right_model_are_even_and_those_of_a_narrow_one_are_not() -> None:
    rng = np.random.default_rng(7)
    rate = rng.gamma(20.0, 1.0, 20_000)  # busy and quiet intervals
    observed = rng.poisson(rate).astype(float)
    right = pit(observed, rng.poisson(rng.gamma(20.0, 1.0, (39, 20_000))).astype(float))
    assert right == pytest.approx([0.1] * 10, abs=0.01)
    narrow = pit(observed, rng.poisson(20.0, (39, 20_000)).astype(float))
    assert min(narrow[0], narrow[-1]) > 0.13 > max(narrow[3:7])


# What a verdict says is missing.

SCENARIO = """\
lasts: 1h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {q: {medium: voice, handle_time: 5m}}
teams: {t: {agents: 2, skills: {q: 1}}}
arrivals: [{channel: phone, queue: q, per_hour: 10}]
"""
FITTED = "fitted: {log: calls.csv, from: 2026-03-02, to: 2026-03-06, digest: abc}\n"


@pytest.mark.parametrize(
    ("more_text", "asked", "said"),
    [
        ("", ("service_level", "actual", False), f"wrap-up, of which the model has none.*; {UNKNOWN_STAFF}"),
        (FITTED, ("service_level", "actual", False), f"wrap-up, of which the model has none.*; {LOWER_BOUND}"),
        (FITTED, ("abandon_rate", "actual", False), f"service was better: likely more agents.*; {LOWER_BOUND}"),
        (FITTED, ("asa", "actual", True, 2), "nobody was answered in 2 intervals"),
        ("", ("asa", "actual", True), "likely wrap-up, of which the model has none"),
        (FITTED, ("asa", "actual", True, 2, True), "nobody was answered in 2 intervals"),
        (FITTED, ("asa", "actual", True, 0, True), f"service was worse: contacts took longer.*; {LOWER_BOUND}"),
        (FITTED, ("asa", "actual", False, 0, True), "service was better: likely more agents"),
        (FITTED, ("asa", "modelled", True), "service was worse; see the same figure with the actual demand"),
        ("", ("offered", "modelled", True), "more contacts.*no `busyness` and no customers who come again"),
        ("busyness: {sd: 10%}\n", ("offered", "modelled", False), r"fewer.*by interval \(`interval_sd`\)$"),
        ("busyness: {sd: 10%, interval_sd: 5%}\n", ("offered", "modelled", False), "expects$"),
    ],
)  # fmt: skip
def test_a_verdict_names_what_is_likely_missing(more_text: str, asked: tuple, said: str) -> None:
    causes = Causes.of_scenario(sim.loads(SCENARIO + more_text))
    assert re.search(said, causes.of(*asked))


@pytest.mark.parametrize(
    ("silent", "others", "is_named"),
    [((100, 0), (100, 98), True), ((5, 0), (100, 90), False), ((100, 90), (100, 90), False)],
)
def test_a_silent_interval_is_the_reason_only_where_the_rest_is_explained(
    silent: tuple[int, int], others: tuple[int, int], is_named: bool
) -> None:
    """Of 400 contacts 4 to 12 are predicted to abandon: 100 unanswered are the reason, 5 and 30 more are not."""
    observed = np.zeros((1, 1, 4, len(COUNTED)))
    observed[0, 0, :, OFFERED] = [silent[0], *[others[0]] * 3]
    observed[0, 0, :, ANSWERED] = [silent[1], *[others[1]] * 3]
    simulated = np.zeros((39, 1, 1, 4, len(COUNTED)))
    simulated[..., OFFERED] = 100
    simulated[..., ANSWERED] = np.repeat([97, 98, 99], 13)[:, None, None, None]
    for counts in (observed, simulated):
        counts[..., ABANDONED] = counts[..., OFFERED] - counts[..., ANSWERED]
    hours = OpeningHours(8 * 3600, 10 * 3600)
    tested = Backtest(
        sim.loads(SCENARIO), "log", ("2026-03-09",), ("q",), hours, 39, 1, False, 0, observed,
        {"actual": simulated, "modelled": simulated},
    )  # fmt: skip
    (why,) = [
        reason
        for reason, metrics in tested.missed.items()
        if "abandon_rate" in metrics and reason.startswith(" with actual")
    ]
    assert ("nobody was answered in 1 interval" in why) == is_named


def test_of_a_model_with_wrap_up_agents_may_have_been_fewer() -> None:
    causes = Causes.of_scenario(sim.loads(SCENARIO).set("teams.t.wrap_up", "20s"))
    assert "worse: likely fewer agents than modelled, breaks" in causes.of("asa", "actual", True)


def test_longer_contacts_are_the_reason_of_worse_service() -> None:
    """Waits of 20 s and contacts of 5 minutes are predicted; seen are 40 s and 6 minutes."""

    def counts(waited: float, handled: float) -> np.ndarray:
        cell = np.zeros((1, 1, 4, len(COUNTED)))
        cell[..., [OFFERED, ANSWERED, IN_TIME, WAITED, HANDLED]] = (100, 95, 60, 95 * waited, 95 * handled)
        return cell

    ran = np.stack([counts(20 + number % 3, 300 + number % 3) for number in range(39)])
    hours = OpeningHours(8 * 3600, 10 * 3600)
    for handled, is_named in ((360, True), (301, False)):
        tested = Backtest(
            sim.loads(SCENARIO), "log", ("2026-03-09",), ("q",), hours, 39, 1, False, 0, counts(40, handled),
            {"actual": ran, "modelled": ran},
        )  # fmt: skip
        reasons = [reason for reason, metrics in tested.missed.items() if "asa" in metrics]
        assert any("contacts took longer, which" in reason for reason in reasons) == is_named


def test_a_log_of_other_queues_is_refused_with_the_names_of_both() -> None:
    """As where --as was forgotten: the calls of VANAD are of `5`, and by its map of `q5`."""
    log = Path(__file__).parents[2] / "scenarios" / "logs" / "contacts.csv"
    with pytest.raises(
        sim.SimError, match="queues of the log are `sales`, `support`, of the scenario `q`: read the log"
    ):
        sim.backtest(sim.loads(SCENARIO), log, replications=2, jobs=1)


def test_a_reader_sees_the_verdict_in_the_words_of_the_table() -> None:
    """And `sim backtest --format json` the names of the metrics."""
    missed = SimpleNamespace(
        in_sample=False,
        missed={
            " with actual demand: worse, with a why": ["service_level", "asa"],
            " with modelled demand: x": ["offered"],
        },
    )
    assert backtest.verdict_of(missed).splitlines() == [
        "The model does not explain these figures over all:",
        "- Service level, ASA with actual demand: worse, with a why",
        "- Offered with modelled demand: x",
    ]


def test_what_was_changed_is_found_by_the_file(folder: Path) -> None:
    scenario = sim.load(folder / "scenario.yaml")
    assert changed_keys(scenario) == (None, ())
    assert changed_keys(scenario.set("replications", 5)) == (None, ())
    before, keys = changed_keys(scenario.set("teams.common.wrap_up", "5s"))
    assert before == scenario
    assert keys == ("teams.common.wrap_up=5s",)
