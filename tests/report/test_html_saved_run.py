"""What was saved is read back as it was."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.errors import SimError
from sim.opening import open as opened
from sim.report.html import report, write_report

from .plots_day import drawn_day, sheet


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_day().save(
        tmp_path_factory.mktemp("saved") / "run", command=["/usr/bin/sim", "run", "a day.yaml"]
    )


def test_every_table_comes_back_with_its_types(folder: Path) -> None:
    run, saved = drawn_day(), opened(folder)
    pd.testing.assert_frame_equal(saved.figures, run.figures)
    assert saved.tables == run.tables
    for name in set(run.tables) - {"events"}:
        pd.testing.assert_frame_equal(saved.table(name), run.table(name))
    assert (saved.seed, saved.replications, saved.asked) == (run.seed, run.replications, run.asked)
    assert saved.scenario.hash == run.scenario.hash
    bars = saved.plot.occupancy(ax=sheet()).patches
    assert [bar.get_width() for bar in bars] == [
        bar.get_width() for bar in run.plot.occupancy(ax=sheet()).patches
    ]


def test_events_come_back_with_their_details(folder: Path) -> None:
    run, saved = drawn_day(), opened(folder)
    columns = ["replication", "seq", "at", "event", "conversation_id", "request_id", "agent", "queue"]
    pd.testing.assert_frame_equal(saved.table("events")[columns], run.events[columns])
    assert list(saved.table("events")["detail"]) == list(run.events["detail"])


@pytest.mark.slow
def test_a_run_without_tables_has_a_page_too(tmp_path: Path) -> None:
    from .plots_day import DAY

    result = sim.run(sim.loads(DAY), replications=1, keep_tables="none")
    page = report(result.save(tmp_path / "bare"))
    assert "By queue" in page
    assert "Answered within" not in page  # drawn from the requests, which were not kept
    assert "Service level, general" in page


def test_a_folder_that_is_no_result_is_said(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(SimError, match="is no saved result"):
        report(tmp_path)
    with pytest.raises(SimError, match="is no saved result"):
        report(tmp_path / "nowhere")
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(SimError, match="cannot be read"):
        report(tmp_path)
    (tmp_path / "manifest.json").write_text('{"kind": "horoscope"}', encoding="utf-8")
    with pytest.raises(
        SimError, match="a saved horoscope, and what can be opened is: run, comparison, sweep, check"
    ):
        report(tmp_path)
    with pytest.raises(SimError, match="is the manifest of a result; open its folder"):
        report(tmp_path / "manifest.json")
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    (broken / "figures.csv").write_text("", encoding="utf-8")
    with pytest.raises(SimError, match=r"figures.csv: is not as it was written: No columns"):
        report(broken)
    (broken / "figures.csv").write_text("what\nelse\n", encoding="utf-8")
    with pytest.raises(
        SimError, match=r"figures.csv: is not as it was written: the column metric is missing"
    ):
        report(broken)
    (broken / "figures.csv").unlink()
    with pytest.raises(SimError, match=r"figures.csv: cannot be read: No such file"):
        report(broken)


def test_the_page_is_written_into_the_folder_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sim.report.html.results.report", lambda folder: f"<p>ü {folder}</p>")
    assert main(["report", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'report.html'}\n"
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == f"<p>ü {tmp_path}</p>"
    assert main(["report", str(tmp_path), "--out", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / "page.html").is_file()
    with pytest.raises(SimError, match=r"there is no folder .*nowhere; make it or name another"):
        write_report(tmp_path, tmp_path / "nowhere" / "page.html")


def test_a_slip_on_the_command_line_ends_with_exit_code_2(tmp_path: Path) -> None:
    assert main(["report", str(tmp_path)]) == 2


@pytest.mark.parametrize(
    ("manifest", "what"),
    [
        ("{}", "does not tell of a result: `seed` is missing"),
        ("[]", "it is no JSON object"),
        ("null", "it is no JSON object"),
        ('{"kind": "comparison"}', "`candidates` is missing"),
        ('{"seed": "x"}', "`seed` is not as it was written"),
    ],
)
def test_a_manifest_of_something_else_is_said(tmp_path: Path, manifest: str, what: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(SimError) as raised:
        report(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / 'manifest.json'}: ")
    assert what in str(raised.value)


def test_a_scenario_has_no_report_but_its_run_has(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text("name: A day\n")
    with pytest.raises(SimError, match=r"scenario\.yaml: is no saved result; give the folder of a run"):
        report(path)


def test_a_sweep_that_says_nothing_of_itself_is_said(tmp_path: Path) -> None:
    (tmp_path / "sweep.json").write_text("{}")
    with pytest.raises(SimError, match=r"sweep\.json: does not tell of a result: `scenario` is missing"):
        report(tmp_path)
