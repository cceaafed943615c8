"""`sim verify`: the table, its exit codes, and that the page of the documentation is up to date."""

import csv
import json
import math
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from sim import verification
from sim.cli import main
from sim.report.verification import verification_markdown, verification_text
from sim.verification import CASES, Row, Verdict, run_cases
from sim.verification.case import not_simulated
from sim.verification.run_cases import CaseResult, Run, cases_of

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "verification.md"


def verify(*arguments: str) -> int:
    return main(["verify", *arguments, "--jobs", "1"])


def test_a_case_is_run_and_shown_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify("A10 10", "--quick") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "A10 10  M/M/10/10, load 8" in out
    assert re.search(r"share blocked +0\.12166 +0\.1\d{4} ±0\.00\d{3} +[+-]\d\.\d +agrees", out)
    assert "Models: 1, figures: 1, agrees: 1." in out
    assert verify("a10 10", "--quick", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdicts"] == {"agrees": 1, "differs": 0, "too wide to tell": 0, "not simulated": 0}
    (row,) = found["figures"]
    assert (row["case"], row["expected"], row["verdict"]) == ("A10 10", 0.1216610643, "agrees")
    assert abs(row["simulated"] - row["expected"]) < 4 * (row["high"] - row["low"])
    assert verify("A10 10", "--quick", "--format", "csv") == 0
    (read,) = csv.DictReader(StringIO(capsys.readouterr().out))
    assert float(read["simulated"]) == row["simulated"]


def test_families_are_meant_by_their_first_word() -> None:
    assert [case.key for case in cases_of(["A8"])] == ["A8 1", "A8 2", "A8 3"]
    assert [case.key for case in cases_of(["b1", "A1"])] == ["A1", "A4 B1"]
    assert cases_of([]) == CASES


def test_an_unknown_case_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify("A10 11", "B99") == 2
    err = capsys.readouterr().err.splitlines()
    assert err[0] == "no case `A10 11`; did you mean `A10 10`?"
    assert err[1].startswith("no case `B99`; ")


def rows(verdict: Verdict) -> tuple[Row, ...]:
    blank = not_simulated(CASES[0], CASES[0].figures[0])
    return (replace(blank, simulated=0.5, low=0.4, high=0.6, z=9.0, verdict=verdict),)


@pytest.mark.parametrize(
    ("verdict", "quick", "code"),
    [
        (Verdict.AGREES, False, 0),
        (Verdict.DIFFERS, False, 1),
        (Verdict.DIFFERS, True, 1),
        (Verdict.TOO_WIDE, True, 0),
        (Verdict.TOO_WIDE, False, 0),
    ],
)
def test_exit_codes(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    verdict: Verdict,
    quick: bool,
    code: int,
) -> None:
    monkeypatch.setattr(run_cases, "verify", lambda _case, quick: rows(verdict))
    assert verify("A1", *(["--quick"] if quick else [])) == code
    err = capsys.readouterr().err
    assert err.strip() == ("A1: share that waits differs: 0.5, not 0.183889" if code else "")


def test_progress_counts_the_work_of_each_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_cases, "verify", lambda case, quick: [])
    told: list[tuple[int, int]] = []
    run_cases.check_models(["A1", "A18"], quick=True, jobs=1, on_progress=lambda *seen: told.append(seen))
    weights = Run(("A1", "A18 B5", "A18 B6"), quick=True).weights
    total = sum(weights)
    assert told == [(0, total), (weights[0], total), (sum(weights[:2]), total), (total, total)]
    assert weights[0] == pytest.approx(4.2 * 60 * 600 / 1000, rel=0.01)


def test_no_line_is_longer_than_the_terminal() -> None:
    found = [
        CaseResult(case, tuple(not_simulated(case, figure) for figure in case.figures)) for case in CASES
    ]
    assert max(map(len, verification_text(found, 80).splitlines())) <= 80


def table_rows(page: str) -> list[list[str]]:
    """The models' names, and of their figures what no run changes: name, source and expected value."""
    kept = []
    for line in page.splitlines():
        if line.startswith("## "):
            kept.append([line])
        elif line.startswith("| ") and not line.startswith("| figure"):
            kept.append([cell.strip() for cell in line.strip("|").split("|")][:3])
    return kept


def test_the_page_has_every_model_with_its_source_and_expected_values() -> None:
    """Written by `sim verify --format markdown > docs/reference/verification.md`."""
    found = [
        CaseResult(case, tuple(not_simulated(case, figure) for figure in case.figures)) for case in CASES
    ]
    page = PAGE.read_text(encoding="utf-8")
    assert table_rows(page) == table_rows(verification_markdown(found))
    assert page.split("Models:")[0] == verification_markdown(found).split("Models:")[0]


def test_on_the_page_no_figure_differs_and_few_cannot_tell() -> None:
    verdicts = [
        line.strip("| \n").split("|")[-1].strip()
        for line in PAGE.read_text().splitlines()
        if line[:2] == "| " and line[:5] != "| ---"
    ]
    told = [one for one in verdicts if one != "verdict"]
    assert len(told) == sum(len(case.figures) for case in CASES)
    assert set(told) <= {"agrees", "too wide to tell"}
    assert told.count("agrees") > 0.95 * len(told)


def test_the_table_runs_what_the_tests_run() -> None:
    assert run_cases.verify is verification.verify
    assert math.isnan(not_simulated(CASES[0], CASES[0].figures[0]).simulated)
