"""What a pipeline is told of an inconclusive check: the exit code it asks for, and why a figure stays undecided."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gate.formats import failed, held_back, inconclusive, passed
from gate.small import DAY
from sim.cli import main
from sim.gate.sequential import Verdict, exit_code
from sim.report.check import written


@pytest.fixture
def undecided(tmp_path: Path) -> str:
    """A file whose target is what the figure is, so that no number of replications decides it."""
    value = next(f.value for f in passed().findings if f.claim.figure.text == "service_level:queue=front")
    path = tmp_path / "day.yaml"
    path.write_text(DAY.replace("at_least: 40%", f"at_least: {value:.4f}"), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("option", "code"), [([], 3), (["--inconclusive", "pass"], 0), (["--inconclusive", "fail"], 1)]
)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_the_exit_code_is_what_was_asked_for(
    undecided: str, option: list[str], code: int, format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", undecided, "--at-most", "10", "--jobs", "1", "--format", format_, *option]) == code
    printed = capsys.readouterr().out
    if format_ == "json":
        assert (json.loads(printed)["verdict"], json.loads(printed)["exit_code"]) == ("inconclusive", code)
    else:
        assert printed.startswith("Small day: INCONCLUSIVE (target)\n")
        assert ("(--inconclusive)" in printed) is bool(option)


def test_only_the_inconclusive_is_taken_for_something_else() -> None:
    for verdict, code in ((Verdict.PASS, 0), (Verdict.FAIL, 1), (Verdict.REFUSED, 4)):
        assert exit_code(verdict, "pass") == exit_code(verdict, "fail") == exit_code(verdict) == code
    assert "(--inconclusive)" not in written([failed()], "text", 110, "pass")


def test_accepting_a_baseline_decides_nothing(undecided: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", undecided, "--accept", "--inconclusive", "pass"]) == 2
    assert "leave --inconclusive out" in capsys.readouterr().err


def test_reports_of_tests_skip_it_or_let_it_fail() -> None:
    for option, tags in ((None, (0, 1)), ("pass", (0, 1)), ("fail", (1, 0))):
        suite = ElementTree.fromstring(written([inconclusive()], "junit", 100, option))  # type: ignore[arg-type]
        assert tuple(len(suite.findall(f".//{tag}")) for tag in ("failure", "skipped")) == tags
    assert written([inconclusive()], "github").startswith("::warning ")
    assert written([inconclusive()], "github", 100, "fail").startswith("::error ")


def test_holm_is_named_where_it_is_why() -> None:
    text = " ".join(written([held_back()], "text").split())
    assert "inconclusive (Holm)" in text
    assert "a failure if it were the only figure, not sure among so many (Holm)" in text
    assert "Inconclusive only by that correction: service_level front, beyond the limit if" in text
    assert "inconclusive (Holm)" in written([held_back()], "markdown")
    found = json.loads(written([held_back()], "json"))["scenarios"][0]["findings"]
    assert [one["held_back"] for one in found] == [False, True]
    assert "(Holm)" not in written([inconclusive()], "markdown").replace("their number (Holm)", "")
