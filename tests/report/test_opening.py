"""What was saved opens as the class that was saved, and what is no result is said in a line."""

import copy
import gzip
import json
import pickle
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.errors import SimError
from sim.gate.baseline import Stored
from sim.report.html import report
from sim.report.json_csv import as_json

from .plots_day import DAY, drawn_day, sheet
from .saved_results import FRESH, KINDS, assert_said, edited, pair, same, saved


def test_a_run_opens_with_all_its_tables() -> None:
    fresh, opened = pair("run")
    assert type(opened) is sim.Result
    same(opened.figures, fresh.figures)
    assert opened.tables == fresh.tables
    for name in fresh.tables:
        same(opened.table(name), fresh.table(name))
        same(getattr(opened, name), getattr(fresh, name))
    names = ("seed", "asked", "replications", "interrupted", "endings", "batches", "remarks", "keep_tables")
    assert [getattr(opened, name) for name in names] == [getattr(fresh, name) for name in names]
    assert (opened.scenario, repr(opened)) == (fresh.scenario, repr(fresh))
    assert opened._repr_html_() == fresh._repr_html_()
    widths = [[bar.get_width() for bar in one.plot.occupancy(ax=sheet()).patches] for one in (opened, fresh)]
    assert widths[0] == widths[1]


def test_every_figure_of_a_run_is_found_with_and_without_data() -> None:
    fresh, opened = pair("run")
    cells = fresh.folded.cells.frame()
    for row in cells.sample(120, random_state=1).to_dict("records"):
        metric = row.pop("metric")
        row.pop("unit")
        own, other = (one.figure(metric, **row) for one in (fresh, opened))
        assert repr(own) == repr(other) or (isnan(own.value) and isnan(other.value))
    with pytest.raises(SimError, match="no queue"):
        opened.figure("asa", queue="nowhere")
    with pytest.raises(SimError, match="did you mean"):
        opened.figure("wait_p9")


@pytest.mark.slow
def test_a_comparison_opens_with_all_its_tables() -> None:
    fresh, opened = pair("comparison")
    assert type(opened) is sim.Comparison
    same(opened.table, fresh.table)
    same(opened.customers, fresh.customers)
    assert (opened.names, opened.asked, opened.wanted) == (fresh.names, fresh.asked, fresh.wanted)
    assert (opened.base, opened.candidates, opened.texts) == (fresh.base, fresh.candidates, fresh.texts)
    assert repr(opened.figure("asa", candidate="six")) == repr(fresh.figure("asa", candidate="six"))
    assert opened._repr_html_() == fresh._repr_html_()


@pytest.mark.slow
def test_a_sweep_opens_with_all_its_tables() -> None:
    fresh, opened = pair("sweep")
    assert type(opened) is sim.Sweep
    same(opened.figures, fresh.figures)
    same(opened.table, fresh.table)
    same(opened.steps, fresh.steps)
    assert (opened.axes, opened.wanted, opened.keys) == (fresh.axes, fresh.wanted, fresh.keys)
    assert [values for values, _ in opened.points()] == [(4, 20), (4, 40), (6, 20), (6, 40)]
    assert opened._repr_html_() == fresh._repr_html_()


def test_checks_open_as_they_were() -> None:
    fresh, opened = pair("check")
    assert all(type(one) is sim.CheckResult for one in opened)
    assert [repr(one) for one in opened] == [repr(one) for one in fresh]
    assert [one.file for one in opened] == [one.file for one in fresh]
    figures = pd.read_csv(saved("check") / "figures.csv")
    assert len(figures) == sum(len(one.findings) for one in fresh)
    assert pd.read_csv(saved("check") / "changes.csv")["key"].tolist() == ["routing.ring_time"]


def test_a_check_of_one_scenario_opens_as_one(tmp_path: Path) -> None:
    saved("check")
    fresh = FRESH["check"][0]
    assert repr(sim.open(fresh.save(tmp_path / "check"))) == repr(fresh)


@pytest.mark.parametrize("pictures", ["undrawn", pytest.param("drawn", marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_an_opened_result_is_that_of_the_fresh_one(
    kind: str, pictures: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if pictures == "undrawn":
        request.getfixturevalue(pictures)
    fresh, opened = pair(kind)
    page = report(fresh)
    assert main(["report", str(saved(kind)), "--out", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page
    if kind in ("sweep", "comparison"):  # the others are drawn in the same way, and take longer
        assert opened.report(tmp_path / "again.html").read_text(encoding="utf-8") == page


@pytest.mark.parametrize("kind", KINDS)
def test_an_opened_result_can_be_pickled_and_copied(kind: str) -> None:
    fresh, opened = pair(kind)
    for again in (pickle.loads(pickle.dumps(opened)), copy.copy(opened)):
        assert repr(again) == repr(fresh)
        if kind in ("run", "sweep"):
            same(again.figures, fresh.figures)


@pytest.mark.parametrize("kind", ["run", "comparison"])
def test_an_opened_result_is_saved_as_it_was(kind: str, tmp_path: Path) -> None:
    again = sim.open(saved(kind)).save(tmp_path / "again")  # type: ignore[union-attr]
    files = {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()}
    assert files == {path: (saved(kind) / path).read_bytes() for path in files}


@pytest.mark.parametrize("kind", KINDS)
def test_every_manifest_says_its_kind_and_format(kind: str) -> None:
    manifest = json.loads((saved(kind) / ("sweep.json" if kind == "sweep" else "manifest.json")).read_text())
    assert (manifest["kind"], manifest["format"]) == (kind, 1)


NEW = {
    "run": ["kind", "format", "endings", "keep_tables", "scenario_file"],
    "comparison": ["format", "figures", "streams", "scenario_file"],
    "sweep": ["kind", "format", "axes", "figures", "points", "replications", "scenario_file"],
}


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("kind", NEW)
def test_a_folder_of_an_earlier_version_opens(kind: str, tmp_path: Path) -> None:
    folder = edited(kind, tmp_path, lambda manifest: [manifest.pop(key) for key in NEW[kind]])
    fresh, opened = pair(kind)[0], sim.open(folder)
    assert type(opened) is type(fresh)
    if kind == "comparison":
        same(opened.table, fresh.table)  # type: ignore[union-attr]
    else:
        same(opened.figures, fresh.figures)  # type: ignore[union-attr]
    assert report(folder)


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "figures.csv",
        "scenario.yaml",
        "Scenario.yaml",
        "requests.csv.gz",
        "./a/../figures.csv",
    ],
)
def test_a_file_that_is_called_as_one_of_the_results_opens(name: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "a").mkdir(parents=True)
    forecast = b"interval_start,volume\n08:00,20\n09:00,40\n"
    (home / name).write_bytes(gzip.compress(forecast) if name.endswith(".gz") else forecast)
    text = DAY.replace("queue: general, per_hour: 50", f"queue: general, file: '{name}'")
    (home / "day.yaml").write_text(text.replace("interval: 30m", "interval: 1h"), encoding="utf-8")
    day = sim.load(home / "day.yaml")
    results = {
        "run": sim.run(day, 1, jobs=1),
        "comparison": sim.compare(day, day.set("teams.desk.agents", 6), replications=2, jobs=1),
    }
    for kind, fresh in results.items():
        opened: Any = sim.open(fresh.save(tmp_path / kind))
        scenario = opened.scenario if kind == "run" else opened.candidates[0].set("teams.desk.agents", 4)
        assert scenario.hash == day.hash
        assert kind == "run" or name != "scenario.yaml" or report(tmp_path / kind)
    sim.sweep(day, ["teams.desk.agents=4,5"], replications=2, jobs=1, folder=tmp_path / "sweep")
    swept: Any = sim.open(tmp_path / "sweep")
    assert swept.scenario.hash == day.hash


def test_a_file_of_figures_opens_with_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text(as_json(drawn_day()), encoding="utf-8")
    opened: Any = sim.open(path)
    same(opened.figures, drawn_day().figures)
    assert opened.figure("asa") == drawn_day().figure("asa")
    assert repr(opened) == repr(drawn_day())
    assert repr(pickle.loads(pickle.dumps(opened))) == repr(opened)
    assert "<table" in opened._repr_html_()
    assert opened.tables == ()
    for act in (
        lambda: opened.scenario.hash,
        lambda: opened.save(tmp_path / "x"),
        lambda: report(path),
        lambda: opened.report(tmp_path / "page.html"),
        lambda: opened.plot.waits(ax=sheet()),
    ):
        with pytest.raises(SimError, match="holds figures alone"):
            act()
    with pytest.raises(SimError, match="no such figure"):
        opened.figure("asa", queue="nowhere")
    with pytest.raises(SimError, match="no tables were kept"):
        _ = opened.requests


def test_manifests_and_other_files_are_told_apart(tmp_path: Path) -> None:
    assert_said(lambda: sim.open(saved("run") / "manifest.json"), "open its folder", saved("run"))
    assert_said(lambda: sim.open(saved("sweep") / "sweep.json"), "open its folder", saved("sweep"))
    assert_said(lambda: sim.open(saved("run") / "scenario.yaml"), "is no saved result", saved("run"))
    assert_said(lambda: sim.open(tmp_path / "nowhere"), "is no saved result", tmp_path)


def test_a_baseline_opens_as_it_is_stored() -> None:
    path = Path(__file__).parents[2] / "results" / "baselines" / "chat_only.json"
    opened = sim.open(path)
    assert isinstance(opened, Stored)
    assert opened.label == str(path)


@pytest.mark.usefixtures("undrawn")
def test_a_check_is_kept_and_its_page_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day, folder = tmp_path / "day.yaml", tmp_path / "checked"
    day.write_text(DAY, encoding="utf-8")
    code = main(["check", str(day), "--at-most", "10", "--out", str(folder)])
    assert code in (0, 1, 3)
    assert capsys.readouterr().out.endswith(f"Result in {folder}\n")
    opened: Any = sim.open(folder)
    assert (opened.file, opened.verdict.exit_code) == (str(day), code)
    assert main(["report", str(folder)]) == 0
    assert (folder / "report.html").is_file()
    assert main(["check", str(day), "--accept", "--out", str(folder)]) == 2
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").touch()
    assert main(["check", str(day), "--out", str(tmp_path / "thesis")]) == 2
