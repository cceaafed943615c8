"""`sim check`: options, exit codes, and what goes where."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sim.cli import main

Said = tuple[int, str, str]
Run = Callable[..., Said]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")

    def command(*arguments: object) -> Said:
        code = main([*map(str, arguments), "--jobs", "1"])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def file(scenario_file: Callable[..., Path]) -> Path:
    """The small desk, with a target it surely meets."""
    return scenario_file(**{"at_least: 70%": "at_least: 1%"})


FEW = ("--at-most", "10")


def test_a_target_that_is_surely_met_is_exit_0(run: Run, file: Path) -> None:
    code, out, err = run("check", file, *FEW)
    assert (code, err) == (0, "")
    assert out.startswith("Small desk: PASS\n")


def test_a_target_that_is_surely_missed_is_exit_1(run: Run, file: Path) -> None:
    code, out, _ = run("check", file, *FEW, "--set", "targets.0.at_least=99%")
    assert code == 1
    assert out.startswith("Small desk: FAIL (target)\n")
    assert "surely missed" in out


def test_a_mistake_is_exit_2_and_told_for_all_files_before_anything_is_simulated(
    run: Run, file: Path, scenario_file: Callable[..., Path]
) -> None:
    other = scenario_file("other.yaml", **{"metric: service_level": "metric: servicelevel"})
    code, out, err = run("check", file, other, "nowhere.yaml")
    assert (code, out) == (2, "")
    assert [line.split(":")[0] for line in err.splitlines()] == [str(other), "nowhere.yaml"]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--margin", "asa"], "--margin `asa`: write METRIC=X"),
        (["--baseline", "b", "--against", "HEAD"], "--baseline and --against exclude each other"),
        (["--accept", "--against", "HEAD"], "--accept writes a baseline, and --against has none"),
        (["--accept", "--format", "json"], "--accept prints text only"),
        (["--format", "xml"], "'xml' is not one of 'text', 'json', 'junit', 'github', 'markdown'"),
        (["--at-most", "1"], "should be greater than or equal to 2"),
    ],
)
def test_options_that_make_no_sense_are_exit_2(run: Run, file: Path, options: list[str], what: str) -> None:
    code, out, err = run("check", file, *options)
    assert (code, out) == (2, "")
    assert what in err


def test_files_with_nothing_to_check_are_all_named_before_anything_is_simulated(
    run: Run, file: Path, scenario_file: Callable[..., Path]
) -> None:
    bare = scenario_file("bare.yaml", **{"name: Small desk": "name: Bare"})
    text = bare.read_text(encoding="utf-8")
    bare.write_text(text[: text.index("targets:")], encoding="utf-8")
    code, out, err = run("check", file, bare)
    assert (code, out) == (2, "")
    assert err.startswith(
        "Bare: nothing to check: it has no targets, and there is no baseline; add `targets:`"
    )
    code, out, err = run("check", file, bare, "--no-targets")
    assert (code, out) == (2, "")
    assert [line.split(":")[:2] for line in err.splitlines()] == [
        ["Small desk", " nothing to check"],
        ["Bare", " nothing to check"],
    ]


def test_what_cannot_be_decided_is_exit_3(run: Run, file: Path) -> None:
    _, out, _ = run("check", file, *FEW, "--format", "json")
    value = json.loads(out)["scenarios"][0]["findings"][0]["value"]
    code, out, _ = run("check", file, *FEW, "--set", f"targets.0.at_least={value:.4f}")
    assert code == 3
    assert "INCONCLUSIVE" in out


def test_a_missing_baseline_is_exit_4_and_says_how_to_make_it(run: Run, file: Path) -> None:
    code, out, _ = run("check", file, "--baseline", "base.json", *FEW)
    assert code == 4
    assert (
        out == "Small desk: NOT COMPARABLE\n  base.json: there is no such baseline; make it with --accept\n"
    )


def test_accept_then_check_then_change_then_accept(run: Run, file: Path) -> None:
    code, out, _ = run("check", file, "--accept", "--at-most", "12")
    assert code == 0
    assert out.startswith(
        "Small desk: accepted 12 replications in results/baselines/small.json\n  it is the first one\n"
    )
    baseline = ("--baseline", "results/baselines")

    code, out, _ = run("check", file, *baseline)
    assert code == 0
    assert "figures are the same in every replication" in out

    worse = ("--set", "teams.desk.agents=2")
    code, out, _ = run("check", file, *baseline, *worse, "--no-targets")
    assert code == 1
    assert "  teams.desk.agents: 3 -> 2\n" in out

    code, out, _ = run("check", file, "--accept", *worse)
    assert code == 0
    assert "  teams.desk.agents: 3 -> 2\n  the trace has changed\n" in out
    assert "Figure" in out
    assert "accepted 12 replications" in out  # as many as before
    assert run("check", file, *baseline, *worse, "--no-targets")[0] == 0


def test_accepting_the_same_again_changes_nothing(run: Run, file: Path) -> None:
    run("check", file, "--accept", *FEW)
    before = Path("results/baselines/small.json").read_bytes()
    code, out, _ = run("check", file, "--accept")
    assert code == 0
    assert out.splitlines()[1:] == ["  the trace is the same, to the last event"]
    assert Path("results/baselines/small.json").read_bytes() == before


def test_a_baseline_that_cannot_be_read_is_replaced_and_that_is_said(
    run: Run, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "base.json").write_text("{")
    assert run("check", file, "--baseline", "base.json", *FEW)[0] == 4
    code, out, _ = run("check", file, "--baseline", "base.json", "--accept", *FEW)
    assert code == 0
    assert "  the one that was there is replaced: base.json: is no baseline" in out


@pytest.mark.slow
def test_margins_are_kept_with_the_baseline(run: Run, file: Path) -> None:
    run("check", file, "--accept", *FEW, "--margin", "occupancy:team=desk=50%")
    _, out, _ = run("check", file, "--baseline", "results/baselines", "--no-targets", "--format", "json")
    kept = {one["metric"]: one["margin"] for one in json.loads(out)["scenarios"][0]["findings"]}
    assert kept["occupancy"] == 0.5
    _, out, _ = run("check", file, "--accept")
    assert "margin" not in out
    _, out, _ = run("check", file, "--baseline", "results/baselines", "--no-targets", "--format", "json")
    assert "occupancy" in out


def test_a_margin_that_is_made_wider_is_told_to_the_reviewer(run: Run, file: Path) -> None:
    run("check", file, "--accept", *FEW)
    _, out, _ = run("check", file, "--accept", "--margin", "asa=90s", "--margin", "occupancy:team=desk=50%")
    assert "  margin of asa: 10% -> 90s\n  margin of occupancy:team=desk: (not given) -> 50%\n" in out
    assert "the trace is the same" in out


def test_exact_lets_no_change_pass(run: Run, file: Path) -> None:
    run("check", file, "--accept", *FEW)
    same = ("--baseline", "results/baselines", "--no-targets", "--exact")
    assert run("check", file, *same)[0] == 0
    code, out, _ = run("check", file, *same, "--set", "teams.experts.agents=2")
    assert code == 1
    assert "FAIL (trace" in out
    assert "--exact allows no change" in out


def test_several_files_each_with_its_own_baseline(
    run: Run, file: Path, scenario_file: Callable[..., Path]
) -> None:
    other = scenario_file("other.yaml", **{"name: Small desk": "name: Other desk"})
    run("check", file, "--accept", *FEW)
    code, out, _ = run("check", file, other, "--baseline", "results/baselines", *FEW, "--no-targets")
    assert code == 4
    assert out.splitlines()[-1] == "NOT COMPARABLE: 2 scenarios: 1 pass, 1 not comparable"
    code, _, err = run("check", file, other, "--baseline", "one.json")
    assert code == 2
    assert "--baseline one.json: is one file, and there are 2 scenarios; name a folder" in err


def test_two_files_of_one_name_are_not_accepted_over_each_other(run: Run, file: Path, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    twin = tmp_path / "deep" / file.name
    twin.write_bytes(file.read_bytes())
    code, _, err = run("check", file, twin, "--accept", *FEW)
    assert code == 2
    assert "two of the files have the same name" in err


def test_the_formats_are_all_there_is_on_standard_output(run: Run, file: Path) -> None:
    run("check", file, "--accept", *FEW)
    options = ("--baseline", "results/baselines", *FEW, "--set", "teams.desk.agents=2")
    for format_, reads in {
        "json": lambda out: json.loads(out)["verdict"] == "fail",
        "junit": lambda out: ElementTree.fromstring(out).tag == "testsuites",
        "github": lambda out: all(line.startswith("::error ") for line in out.splitlines()),
        "markdown": lambda out: out.startswith("### ❌ Small desk: FAIL"),
    }.items():
        code, out, err = run("check", file, *options, "--format", format_)
        assert (code, err) == (1, "")
        assert reads(out), format_


def test_github_gets_a_summary_too(
    run: Run, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    code, out, _ = run("check", file, *FEW, "--format", "github")
    assert code == 0
    assert out == "::notice title=Small desk::Small desk: PASS\n"
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("### ✅ Small desk: PASS")


@pytest.mark.slow
def test_against_a_revision(run: Run, file: Path) -> None:
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "As it was"]):
        who = ["-c", "user.name=A Planner", "-c", "user.email=planner@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=file.parent, check=True)
    file.write_text(file.read_text(encoding="utf-8").replace("agents: 3", "agents: 2"), encoding="utf-8")
    code, out, _ = run("check", file, "--against", "HEAD", "--no-targets", "--at-most", "20")
    assert code == 1
    assert ", against revision HEAD (" in out.splitlines()[1]
    assert "  teams.desk.agents: 3 -> 2\n" in out


def test_mistakes_are_told_before_the_heavy_imports() -> None:
    program = (
        "import json, sys; from sim.cli import main; codes = [main(one) for one in json.loads(sys.argv[1])];"
        "print(json.dumps([codes, sorted({'pandas', 'matplotlib', 'scipy.stats'} & set(sys.modules))]))"
    )
    commands = [["check", "nowhere.yaml"], ["check", "--help"], ["check", "x.yaml", "--margin", "asa"]]
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(commands)], capture_output=True, text=True, cwd=ROOT,
        check=True, env={**os.environ, "COLUMNS": "110"},
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[-1]) == [[2, 0, 2], []]


@pytest.mark.slow
def test_exact_still_tells_whether_anything_is_worse(run: Run, file: Path) -> None:
    """The changed trace fails it, and the paired test is not broken off for that."""
    run("check", file, "--accept", "--at-most", "40")
    better = ("--set", "teams.desk.agents=5", "--set", "teams.experts.agents=5")
    options = ("--baseline", "results/baselines", "--no-targets", "--exact")
    code, out, _ = run("check", file, *options, *better)
    assert code == 1
    assert out.startswith("Small desk: FAIL (trace)\n")
    assert "trace: changed: fail\n" in out
    assert "inconclusive" not in out


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_a_baseline_is_never_written_over_a_scenario_or_where_none_can_be(
    run: Run, file: Path, suffix: str
) -> None:
    before = file.read_bytes()
    path = file if suffix == ".yaml" else file / "base.json"
    code, out, err = run("check", file, "--accept", "--baseline", path, *FEW)
    assert (code, out) == (2, "")
    assert err.startswith(
        f"--baseline {path}: is a file" if suffix == ".yaml" else f"{path}: cannot be written"
    )
    assert file.read_bytes() == before


def test_a_file_of_another_kind_is_no_baseline(run: Run, file: Path) -> None:
    code, out, _ = run("check", file, "--baseline", file, *FEW)
    assert code == 4
    assert f"{file}: is no baseline: it is no JSON" in " ".join(out.split())


def test_a_summary_that_cannot_be_written_takes_nothing_from_the_verdict(
    run: Run, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "nowhere" / "summary.md"))
    code, out, err = run("check", file, *FEW, "--format", "github")
    assert (code, out) == (0, "::notice title=Small desk::Small desk: PASS\n")
    assert err.startswith("GITHUB_STEP_SUMMARY ")
    assert err.endswith(": cannot be written: No such file or directory\n")


def test_an_annotation_names_the_file_from_the_root_of_the_repository(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever in it the job works; elsewhere as it was named."""
    monkeypatch.setenv("GITHUB_WORKSPACE", str(file.parent.parent))
    missed = ("check", file.name, *FEW, "--set", "targets.0.at_least=99%", "--format", "github")
    monkeypatch.chdir(file.parent)
    assert f"::error file={file.parent.name}/{file.name},line=" in run(*missed)[1]
    monkeypatch.setenv("GITHUB_WORKSPACE", str(file.parent / "elsewhere"))
    assert f"::error file={file.name},line=" in run(*missed)[1]


def test_where_targets_are_left_out_no_targets_are_advised(run: Run, file: Path) -> None:
    _, _, err = run("check", file, "--no-targets")
    assert "there is no baseline; leave out --no-targets, or add --baseline or --against" in err


def test_mistakes_are_annotated_at_their_places_too(
    run: Run, file: Path, scenario_file: Callable[..., Path]
) -> None:
    other = scenario_file("other.yaml", **{"metric: service_level": "metric: servicelevel"})
    third = scenario_file("third.yaml", **{"agents: 3": "agents: -3"})
    code, out, err = run("check", file, other, third, "--format", "github")
    assert code == 2
    first, second = out.splitlines()
    assert re.fullmatch(
        rf"::error file={other},line=\d+,col=\d+,title=sim check::{other}%?.*did you mean.*", first
    )
    assert re.match(rf"::error file={third},line=\d+,col=\d+,title=sim check::.*agents", second)
    assert len(err.splitlines()) == 2
    code, out, err = run("check", "nowhere.yaml", "--format", "github")
    assert (code, out) == (2, "::error title=sim check::nowhere.yaml: there is no such file\n")
