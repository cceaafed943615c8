"""The jobs of the page on CI: their commands, in their order, in a repository as the page has the reader make it."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from docs.pages import ROOT, Page
from sim.cli import main
from sim.version import __version__

PAGE = Page(ROOT / "docs" / "ci.md")
JOBS = {snippet.file: YAML(typ="safe").load(snippet.text) for snippet in PAGE.snippets if snippet.file}
GATE, NIGHT, GITLAB = ".github/workflows/gate.yml", ".github/workflows/night.yml", ".gitlab-ci.yml"
SOURCE = f"contact_routing_sim-{__version__}.tar.gz"
"""What the command of the page makes."""
NEAR = "at_least: 88.6%"
"""A target about as high as the service level is, so that few replications do not decide it."""


@dataclass(frozen=True)
class Ended:
    """How a job ended: its exit code and all that it printed."""

    code: int
    log: str


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's repository, with `sim` and a `pip` that only looks whether what it installs is there on the path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    _program(programs / "sim", f'exec "{sys.executable}" -m sim "$@"')
    _program(programs / "pip", 'for last; do :; done; test -f "$last"')
    home = tmp_path / "repository"
    (home / "vendor").mkdir(parents=True)
    (home / "vendor" / SOURCE).touch()
    monkeypatch.chdir(home)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(home / "summary.md"))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(home))
    assert main(["init", "centre"]) == 0
    assert main(["check", "centre/scenario.yaml", "--accept", "--at-most", "10", "--jobs", "1"]) == 0
    return home


def _program(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def _bash(script: str) -> Ended:
    """Run a script as both runners do: it ends with the first command that fails."""
    ran = subprocess.run(["bash", "-eo", "pipefail", "-c", script], capture_output=True, text=True)
    return Ended(ran.returncode, ran.stdout + ran.stderr)


def on_github(job: dict[str, Any]) -> Ended:
    """Do the steps of a job; after one that failed only those that ask for it, where their files are there."""
    code, log = 0, ""
    for step in job["steps"]:
        asked = step.get("if")
        if (asked is None and code) or (asked is not None and not _holds(asked)):
            continue
        if "run" in step:
            ended = _bash(step["run"])
            code, log = code or ended.code, log + ended.log
        elif step["uses"].startswith("actions/upload-artifact"):
            assert all(Path(path).exists() for path in step["with"]["path"].split())
    return Ended(code, log)


def _holds(condition: str) -> bool:
    read = re.fullmatch(r"\$\{\{ !cancelled\(\) && hashFiles\('(.+)'\) != '' \}\}", condition)
    assert read, condition
    return Path(read[1]).is_file()


def on_gitlab(job: dict[str, Any]) -> Ended:
    """Do a job's scripts; what is written for after it is done however it ends."""
    ended = _bash("\n".join([*job["before_script"], *job["script"]]))
    assert _bash("\n".join(job["after_script"])).code == 0
    return ended


def _change(before: str, after: str) -> None:
    path = Path("centre/scenario.yaml")
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_each_job_is_whole() -> None:
    """What both systems refuse to run without, and the permissions and versions that a careful reader looks for."""
    assert set(JOBS) == {GATE, NIGHT, GITLAB}
    for name in (GATE, NIGHT):
        (job,) = JOBS[name]["jobs"].values()
        assert JOBS[name]["permissions"] == {"contents": "read"}
        assert job["runs-on"] == "ubuntu-latest"
        assert all(("run" in step) != ("uses" in step) for step in job["steps"])
        used = [step["uses"] for step in job["steps"] if "uses" in step]
        assert [one for one in used if not re.fullmatch(r"actions/[\w-]+@v\d+", one)] == []
        assert set(map(str, JOBS[name])) == {"name", "on", "permissions", "jobs"}
    assert set(JOBS[GITLAB]["gate"]) == {
        "image", "rules", "before_script", "script", "after_script", "allow_failure", "artifacts",
    }  # fmt: skip


@pytest.mark.slow
def test_the_simulator_is_kept_as_a_source_that_any_runner_can_build(tmp_path: Path) -> None:
    """A wheel holds the compiled engine, so it fits one system and one version of Python, hardly those of the jobs."""
    pytest.importorskip("setuptools", minversion="77")
    project = tmp_path / "project"
    shutil.copytree(ROOT / "sim", project / "sim", ignore=shutil.ignore_patterns("__pycache__", "_engine*"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project)
    made = subprocess.run(
        [sys.executable, "-c", "import setuptools.build_meta as made; print(made.build_sdist('..'))"],
        cwd=project, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert made.stdout.splitlines()[-1] == SOURCE
    with tarfile.open(tmp_path / SOURCE) as archive:
        kept = {name.partition("/")[2] for name in archive.getnames()}
    needed = {path.relative_to(project).as_posix() for path in project.rglob("sim/**/*") if path.is_file()}
    assert needed | {"pyproject.toml", "setup.py"} <= kept
    once = next(snippet.text for snippet in PAGE.snippets if snippet.language == "sh")
    assert "python -m build --sdist --outdir vendor" in once


@pytest.mark.slow
def test_the_workflow_passes_fails_and_leaves_its_page(repository: Path) -> None:
    job = JOBS[GATE]["jobs"]["gate"]
    first = on_github(job)
    assert first.code == 0
    assert "::notice title=Support desk::Support desk: PASS" in first.log
    _change("    agents: 4\n    skills: {chats: 5}", "    agents: 3\n    skills: {chats: 5}")
    second = on_github(job)
    assert second.code == 1
    line = Path("centre/scenario.yaml").read_text(encoding="utf-8").splitlines().index("    agents: 3") + 1
    assert (
        f"::error file=centre/scenario.yaml,line={line},title=Support desk%3A paired test%3A fail"
        in second.log
    )
    assert "### ❌ Support desk" in (repository / "summary.md").read_text(encoding="utf-8")
    assert "<html" in (repository / "gate.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_is_undecided_passes_on_github_and_is_3_on_gitlab(repository: Path) -> None:
    _change("at_least: 75%", NEAR)
    assert on_github(JOBS[GATE]["jobs"]["gate"]).code == 0
    ended = on_gitlab(JOBS[GITLAB]["gate"])
    assert ended.code == 3
    assert ended.code in JOBS[GITLAB]["gate"]["allow_failure"]["exit_codes"]
    assert "<skipped" in (repository / "gate.xml").read_text(encoding="utf-8")
    assert "<html" in (repository / "gate.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_mistake_ends_both_without_a_page(repository: Path) -> None:
    _change("agents: 4", "agents: four")
    assert on_github(JOBS[GATE]["jobs"]["gate"]).code == 2
    assert on_gitlab(JOBS[GITLAB]["gate"]).code == 2
    assert not (repository / "gate.html").exists()


@pytest.mark.slow
def test_the_job_of_the_night_asks_for_the_targets(repository: Path) -> None:
    ended = on_github(JOBS[NIGHT]["jobs"]["targets"])
    assert ended.code == 0
    assert "Support desk: PASS" in ended.log
