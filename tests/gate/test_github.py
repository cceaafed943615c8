"""Annotations and the step's summary, by the rules of GitHub's workflow commands."""

import re
from dataclasses import replace
from pathlib import Path

import sim
from gate.formats import (
    NASTY,
    changed_and_passed,
    checked,
    every,
    failed,
    inconclusive,
    nasty,
    passed,
    refused,
)
from gate.small import DAY, held, stored
from sim.experiments.figure_selectors import FigureSelector
from sim.report.check import written
from sim.report.check.github import MOST_BYTES, append_summary, line_of

COMMAND = re.compile(r"::(error|warning|notice) ([^\n]*?)::([^\n]*)")


def unescaped(text: str) -> str:
    """As the runner does: `%` last."""
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def parsed(*found: object) -> list[tuple[str, dict[str, str], str]]:
    """Read each line as the runner does."""
    commands = []
    for line in written(list(found), "github").splitlines():  # type: ignore[arg-type]
        match = COMMAND.fullmatch(line)
        assert match, line
        kind, given, message = match.groups()
        pairs = [pair.split("=", 1) for pair in given.split(",")]
        commands.append((kind, {name: unescaped(value) for name, value in pairs}, unescaped(message)))
    return commands


def test_only_what_fails_is_annotated() -> None:
    commands = parsed(failed())
    fails = [f for f in failed().findings if f.verdict == "fail"]
    assert [kind for kind, _, _ in commands] == ["error"] * len(fails)
    assert all("surely worse than that" in message for _, _, message in commands)


def test_an_annotation_of_the_paired_test_stands_at_the_key_that_changed() -> None:
    _, given, _ = parsed(failed())[0]
    line = Path(given["file"]).read_text(encoding="utf-8").splitlines()[int(given["line"]) - 1]
    assert line.startswith("  front: {agents: 3,")
    assert given["title"] == "Small day: paired test: fail"


def test_each_annotation_of_the_paired_test_stands_at_the_cause_nearest_to_its_figure(tmp_path: Path) -> None:
    """Two keys changed: the front's figures point to its team, those of transfers to how long they take."""
    path = tmp_path / "two.yaml"
    slow = DAY.replace("  experts:\n    medium: chat\n    handle_time: {exponential: {mean: 3m}}",
                       "  experts:\n    medium: chat\n    handle_time: {exponential: {mean: 9m}}")  # fmt: skip
    path.write_text(slow.replace("agents: 4", "agents: 3"), encoding="utf-8")
    two = held(sim.load(path), stored(sim.loads(DAY), 20))
    assert two.changed is not None
    assert len(two.changed.keys) == 2
    lines = path.read_text(encoding="utf-8").splitlines()
    pointed = {
        finding.claim.figure.text: lines[line_of(two, finding) - 1].strip()
        for finding in two.findings
        if finding.is_paired
    }
    assert pointed["service_level:queue=front"].startswith("front: {agents: 3")
    figure = FigureSelector.parse("asa:queue=experts")
    about = replace(two.findings[0], claim=replace(two.findings[0].claim, figure=figure))
    assert lines[line_of(two, about) - 1].strip() == "handle_time: {exponential: {mean: 9m}}"


def test_without_a_changed_key_an_annotation_stands_at_the_figures_own_queue() -> None:
    found = failed()
    assert found.changed is not None
    code = replace(found, changed=replace(found.changed, keys=(), code=True))
    figure = FigureSelector.parse("asa:queue=experts")
    about = replace(found.findings[0], claim=replace(found.findings[0].claim, figure=figure))
    lines = Path(found.file).read_text(encoding="utf-8").splitlines()
    assert lines[line_of(code, about) - 1] == "  experts:"
    assert line_of(code, found.findings[0]) == 1


def test_an_annotation_of_a_target_stands_at_the_target() -> None:
    missed = checked(margins={})
    text = Path(missed.file).read_text(encoding="utf-8")
    target = replace(missed.findings[-1], verdict=missed.verdict)
    commands = parsed(replace(missed, findings=(target,)))
    (line,) = [n for n, one in enumerate(text.splitlines(), 1) if "metric: service_level" in one]
    assert [given["line"] for _, given, _ in commands] == [str(line)]


def test_the_undecided_are_warnings_the_refused_an_error_and_a_pass_a_notice() -> None:
    assert [kind for kind, _, _ in parsed(inconclusive())] == ["warning"]
    ((kind, _, message),) = parsed(refused())
    assert (kind, message) == ("error", "Small day: NOT COMPARABLE: its seed is 21, not 5")
    assert [(kind, message) for kind, _, message in parsed(passed())] == [("notice", "Small day: PASS")]


def test_what_ends_a_property_or_a_message_is_escaped() -> None:
    lines = written([nasty()], "github").splitlines()
    head = lines[0].split("::")[1]
    assert "100 %25 & more%3A [one]%2C `two`" in head
    _, given, _ = parsed(nasty())[0]
    assert given["title"] == f"{NASTY}: paired test: fail"


def test_line_breaks_do_not_break_a_command() -> None:
    wild = replace(refused(), refusal=("one\r\nline 50 %",))
    (line,) = written([wild], "github").splitlines()
    assert "one%0D%0Aline 50 %25" in line


def test_no_more_than_are_shown() -> None:
    many = [failed()] * 4
    commands = parsed(*many, passed())
    loud = [command for command in commands if command[0] != "notice"]
    fails = 4 * sum(f.verdict == "fail" for f in failed().findings)
    assert fails > 10
    assert len(loud) == 10
    assert loud[-1][2] == f"and {fails - 9} more, see the summary"
    assert commands[-1][0] == "notice"


def test_the_summary_is_appended(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("## Before\n", encoding="utf-8")
    append_summary([changed_and_passed()], {"GITHUB_STEP_SUMMARY": str(summary)})
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("## Before\n### ✅ Small day: PASS")
    assert text == "## Before\n" + written([changed_and_passed()], "markdown") + "\n"


def test_without_a_summary_nothing_is_written(tmp_path: Path) -> None:
    append_summary([passed()], {})
    append_summary([passed()], {"GITHUB_STEP_SUMMARY": ""})
    assert list(tmp_path.iterdir()) == []


def test_a_summary_that_is_too_long_is_cut_off_and_says_so(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    count = 1 + MOST_BYTES // len(written([failed()], "markdown").encode())
    append_summary([failed()] * count, {"GITHUB_STEP_SUMMARY": str(summary)})
    assert summary.stat().st_size <= MOST_BYTES
    assert "cut off here" in summary.read_text(encoding="utf-8")[-80:]
    append_summary([failed()], {"GITHUB_STEP_SUMMARY": str(summary)})
    assert summary.stat().st_size <= MOST_BYTES


def test_every_line_of_everything_is_a_command() -> None:
    assert parsed(*every())
    assert "agents: 4" in DAY
