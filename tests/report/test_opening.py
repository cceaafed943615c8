"""What was saved opens as the class that was saved, and what is no result is said in a line."""

import copy
import gzip
import json
import pickle
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from math import isnan
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.errors import SimError
from sim.gate.baseline import Stored
from sim.gate.storage import save_checks
from sim.report.html import report
from sim.report.json_csv import as_json

from .plots_day import DAY, drawn_day, sheet

FRESH: dict[str, Any] = {}


@cache
def saved(kind: str) -> Path:
    """A folder of each kind, made once; the result it was made from is in `FRESH`."""
    folder, day = Path(mkdtemp()) / kind, sim.loads(DAY)
    if kind == "run":
        FRESH[kind] = drawn_day()
        FRESH[kind].save(folder)
    elif kind == "comparison":
        more, slow = day.set("teams.desk.agents", 6), day.set("routing.ring_time", "60s")
        FRESH[kind] = sim.compare(day, more, slow, names=["six", "slow <ring>"], jobs=1)
        FRESH[kind].save(folder)
    elif kind == "staff":
        FRESH[kind] = sim.staff(day, days=4, check=6, at_most_days=60, jobs=1)
        FRESH[kind].save(folder)
    elif kind == "check":
        slow = day.set("routing.ring_time", "90s")
        FRESH[kind] = (sim.check(day, jobs=1, at_most=10), sim.check(slow, day, jobs=1, at_most=10))
        save_checks(FRESH[kind], folder)
    else:
        vary = ["teams.desk.agents=4,6", "routing.ring_time=20s,40s"]
        metrics = ["wait_p90", "service_level:queue=general"]
        FRESH[kind] = sim.sweep(day, vary, metrics=metrics, folder=folder, jobs=1)
    return folder


def pair(kind: str) -> tuple[Any, Any]:
    folder = saved(kind)
    return FRESH[kind], sim.open(folder)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True)


KINDS = ["run", "comparison", "sweep", "check", "staff"]


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
    for row in cells.sample(400, random_state=1).to_dict("records"):
        metric = row.pop("metric")
        row.pop("unit")
        own, other = (one.figure(metric, **row) for one in (fresh, opened))
        assert repr(own) == repr(other) or (isnan(own.value) and isnan(other.value))
    with pytest.raises(SimError, match="no queue"):
        opened.figure("asa", queue="nowhere")
    with pytest.raises(SimError, match="did you mean"):
        opened.figure("wait_p9")


def test_a_comparison_opens_with_all_its_tables() -> None:
    fresh, opened = pair("comparison")
    assert type(opened) is sim.Comparison
    same(opened.table, fresh.table)
    same(opened.customers, fresh.customers)
    assert (opened.names, opened.asked, opened.wanted) == (fresh.names, fresh.asked, fresh.wanted)
    assert (opened.base, opened.candidates, opened.texts) == (fresh.base, fresh.candidates, fresh.texts)
    assert repr(opened.figure("asa", candidate="six")) == repr(fresh.figure("asa", candidate="six"))
    assert opened._repr_html_() == fresh._repr_html_()


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


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_an_opened_result_is_that_of_the_fresh_one(kind: str, tmp_path: Path) -> None:
    fresh, opened = pair(kind)
    page = report(fresh)
    assert report(opened) == page
    assert main(["report", str(saved(kind)), "--out", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page
    if kind != "check":
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


def edited(kind: str, tmp_path: Path, edit: Callable[[dict[str, Any]], object]) -> Path:
    """A copy of a folder with another manifest."""
    folder = tmp_path / kind
    shutil.copytree(saved(kind), folder)
    path = folder / ("sweep.json" if kind == "sweep" else "manifest.json")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    edit(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def put(*keys: Any, value: Any) -> Callable[[dict[str, Any]], object]:
    def edit(manifest: dict[str, Any]) -> None:
        place: Any = manifest
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return edit


OUTSIDE = "is not in the folder of the result"
NOT_WRITTEN = "is not as it was written"


@pytest.mark.parametrize(
    ("kind", "keys", "value", "message"),
    [
        ("run", ["scenario_file"], "../run/scenario.yaml/../../x.yaml", OUTSIDE),
        ("run", ["scenario_file"], "/etc/hostname", OUTSIDE),
        ("run", ["scenario_file"], "", OUTSIDE),
        ("run", ["scenario_file"], "a\0b", OUTSIDE),
        ("run", ["tables"], ["../../requests"], NOT_WRITTEN),
        ("run", ["tables"], "requests", NOT_WRITTEN),
        ("run", ["seed"], "1", NOT_WRITTEN),
        ("run", ["seed"], True, NOT_WRITTEN),
        ("run", ["replications"], 0, NOT_WRITTEN),
        ("run", ["replications"], -1, NOT_WRITTEN),
        ("run", ["started"], "yesterday", NOT_WRITTEN),
        ("run", ["versions"], [], NOT_WRITTEN),
        ("run", ["keep_tables"], "some", NOT_WRITTEN),
        ("run", ["endings"], [{"wanted": {}, "reached": 1.0, "narrow_since": 1}], NOT_WRITTEN),
        ("run", ["endings"], [{}], "is missing"),
        ("run", ["format"], 2, "use a newer version"),
        ("run", ["kind"], "plan", "use a newer version"),
        ("run", ["kind"], "comparison", "`candidates` is missing"),
        ("run", ["kind"], "check", "`checks` is missing"),
        ("run", ["kind"], "sweep", "no sweep.json"),
        ("comparison", ["candidates"], [], NOT_WRITTEN),
        ("comparison", ["candidates"], [1], NOT_WRITTEN),
        ("comparison", ["candidates", 0, "folder"], "../elsewhere", OUTSIDE),
        ("comparison", ["candidates", 0, "scenario_file"], "../../x.yaml", OUTSIDE),
        ("comparison", ["candidates", 0, "name"], "seven", "rows are missing or moved"),
        ("comparison", ["replications"], 2, "rows are missing or moved"),
        ("comparison", ["replications"], 10**30, "rows are missing or moved"),
        ("sweep", ["scenario_file"], "../x.yaml", OUTSIDE),
        ("sweep", ["points"], [], "`points` is not as it was written"),
        ("sweep", ["points", 0], "0", "lacks replications of this sweep"),
        ("sweep", ["replications"], 4000, "lacks replications of this sweep"),
        ("sweep", ["replications"], 0, NOT_WRITTEN),
        ("sweep", ["figures"], ["asa"], "lacks replications of this sweep"),
        ("sweep", ["figures"], ["as"], "`as`"),
        ("sweep", ["figures"], [], NOT_WRITTEN),
        ("sweep", ["axes", 0, "values"], [], "has no values"),
        ("sweep", ["axes"], [], NOT_WRITTEN),
        ("check", ["checks", 0, "folder"], "..", OUTSIDE),
        ("check", ["checks", 0, "scenario_file"], "/etc/hostname", OUTSIDE),
        ("check", ["checks"], {}, NOT_WRITTEN),
        ("check", ["checks"], [], NOT_WRITTEN),
        ("check", ["checks", 0, "folder"], "nowhere", "is no saved result"),
    ],
)
def test_an_edited_manifest_is_one_clear_message(
    kind: str, keys: Sequence[Any], value: Any, message: str, tmp_path: Path
) -> None:
    folder = edited(kind, tmp_path, put(*keys, value=value))
    assert_said(lambda: sim.open(folder), message, folder)


def assert_said(act: Callable[[], object], message: str, folder: Path) -> None:
    with pytest.raises(SimError) as raised:
        act()
    said = str(raised.value)
    assert message in said
    assert len(said.splitlines()) == 1
    assert str(folder) in said


def whole(result: Any) -> None:
    """Read all that there is to read of a result."""
    if isinstance(result, sim.Result):
        assert len(result.figures)
        for name in result.tables:
            result.table(name)


@pytest.mark.parametrize(
    ("kind", "file", "content", "message"),
    [
        ("run", "manifest.json", b"", "cannot be read"),
        ("run", "manifest.json", b"[]", "no JSON object"),
        ("run", "manifest.json", b"\xff\xfe{", "cannot be read"),
        ("run", "manifest.json", b"[" * 200_000, "cannot be read"),
        ("run", "manifest.json", b'{"seed": ' + b"1" * 5000 + b"}", "cannot be read"),
        ("run", "figures.csv", b"", NOT_WRITTEN),
        ("run", "figures.csv", b"metric,queue\n", "the column team is missing"),
        ("run", "figures.csv", None, "No such file"),
        ("run", "figures.csv", b"\0\xff", NOT_WRITTEN),
        ("run", "requests.csv.gz", b"no gzip", "cannot be read"),
        ("run", "requests.csv.gz", None, "cannot be read"),
        ("run", "scenario.yaml", None, "scenario.yaml: there is no such file"),
        ("comparison", "replications.csv", b"replication\n1\n", "the column candidate is missing"),
        ("comparison", "replications.csv", None, "cannot be read"),
        ("comparison", "customers.csv", b"candidate\n", "the column stream is missing"),
        ("sweep", "figures.csv", None, "is not finished"),
        ("sweep", "done.jsonl", b'{"point": 1}\n[]\n{"parts": 3}\n\xff', "done.jsonl: cannot be read"),
        ("sweep", "done.jsonl", b'{"point": 1}\n[]\n{"parts": 3}\n', "lacks replications"),
        ("check", "scenario-1/result.json", b"{}", "`against` is not as it was written"),
        ("check", "scenario-1/result.json", b"{", "cannot be read"),
        ("check", "scenario-1/scenario.yaml", None, "cannot be read"),
    ],
)
def test_a_torn_or_foreign_file_is_one_clear_message(
    kind: str, file: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    folder = edited(kind, tmp_path, lambda manifest: None)
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    assert_said(lambda: whole(sim.open(folder)), message, folder)


def test_a_cut_table_is_one_clear_message(tmp_path: Path) -> None:
    folder = edited("run", tmp_path, lambda manifest: None)
    path = folder / "requests.csv.gz"
    path.write_bytes(path.read_bytes()[:-200])
    assert_said(lambda: whole(sim.open(folder)), NOT_WRITTEN, folder)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = edited("comparison", tmp_path, put("candidates", 0, "folder", value="linked"))
    (folder / "linked").symlink_to(saved("comparison") / "candidate-1")
    assert_said(lambda: sim.open(folder), OUTSIDE, folder)


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
        assert report(tmp_path / kind)
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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ("{}", "`scenario` is missing"),
        ('{"scenario": "x", "seed": 1, "replications": 1, "figures": [1]}', "`figures` is not as"),
        (
            '{"scenario": "x", "seed": 1, "replications": 1, "figures": [{"metric": "asa"}]}',
            "`figures` is not as",
        ),
        ('{"scenarios": []}', "with --out and open that folder"),
        ('{"vary": {}, "figures": []}', "what `sim sweep --format json` prints"),
    ],
)
def test_a_file_that_is_no_result_is_said(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text(content, encoding="utf-8")
    assert_said(lambda: sim.open(path), message, tmp_path)


def test_a_comparison_that_was_printed_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "day.yaml").write_text(DAY, encoding="utf-8")
    command = [
        "compare",
        str(tmp_path / "day.yaml"),
        "--candidate",
        "teams.desk.agents=6",
        "--replications",
        "2",
    ]
    assert main([*command, "--format", "json"]) == 0
    path = tmp_path / "printed.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert_said(lambda: sim.open(path), "what `sim compare --format json` prints", tmp_path)


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
