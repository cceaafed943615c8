"""What is no result, or is not as it was written, is said in one clear message."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli import main

from .plots_day import DAY
from .saved_results import assert_said, edited, put, saved

OUTSIDE = "is not in the folder of the result"
NOT_WRITTEN = "is not as it was written"


@pytest.mark.slow
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
