"""A folder in which a page is followed: files are written, commands and Python run, their output compared."""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from docs.pages import ROOT, Page, Snippet
from docs.snippets import agrees, commands
from sim.cli import main


@dataclass
class Workplace:
    """A copy of the shipped scenarios under version control, as a reader has it who follows a page."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)

    def begin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shutil.copytree(ROOT / "scenarios", self.folder / "scenarios")
        (self.folder / "notebooks").mkdir()
        shutil.copy(ROOT / "notebooks" / "synthetic_log.csv.gz", self.folder / "notebooks")
        monkeypatch.chdir(self.folder)
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.syspath_prepend(str(self.folder))
        for command in ("git init -q -b main", "git add .", "git commit -q -m Scenarios"):
            subprocess.run([*_GIT, *command.split()[1:]], check=True)

    def follow(self, page: Page) -> None:
        """Do all that the page says, in its order; what Python prints has to stand in a `text` block after it."""
        after = [*page.snippets[1:], None]
        for snippet, following in zip(page.snippets, after, strict=True):
            printed = self._take(snippet)
            shown = following.text if following and following.language == "text" else ""
            assert snippet.language != "python" or snippet.file or agrees(shown, printed), (
                f"{snippet} prints\n{printed}"
            )

    def write(self, snippet: Snippet) -> None:
        """Write the file that a snippet is said to be; one that registers policies is installed at once."""
        path = self.folder / snippet.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(snippet.text, encoding="utf-8")
        if path.name == "pyproject.toml":
            self._install(tomllib.loads(snippet.text))

    def _take(self, snippet: Snippet) -> str:
        if snippet.file:
            self.write(snippet)
        elif snippet.language == "python":
            return self._python(snippet)
        elif snippet.language == "console":
            for command, shown in commands(snippet):
                self._command(snippet, command, shown)
        return ""

    def _python(self, snippet: Snippet) -> str:
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(snippet.text, str(snippet), "exec"), self.names)
        return printed.getvalue()

    def _command(self, snippet: Snippet, command: str, shown: str) -> None:
        """Run a command; `; echo $?` behind it prints its exit code, which else has to be 0."""
        line, asks, _ = command.partition("; echo $?")
        program, *arguments = shlex.split(line)
        code, printed = {"sim": _sim, "pytest": _pytest}[program](arguments)
        assert asks or code == 0, f"{snippet}: {command} exits with {code}\n{printed}"
        printed += f"{code}\n" if asks else ""
        assert agrees(shown, printed), f"{snippet}: {command} prints\n{printed}"

    def _install(self, project: dict[str, Any]) -> None:
        """Do what `pip install -e .` does so that the project's entry points are found, without pip."""
        groups = project["project"]["entry-points"]
        about = self.folder / f"{re.sub(r'[-.]', '_', project['project']['name'])}-0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {project['project']['name']}\nVersion: 0\n"
        )
        points = [
            f"[{group}]\n" + "".join(f"{n} = {at}\n" for n, at in of.items()) for group, of in groups.items()
        ]
        (about / "entry_points.txt").write_text("\n".join(points))


_GIT = ["git", "-c", "user.name=Reader", "-c", "user.email=reader@example.org", "-c", "commit.gpgsign=false"]


def _sim(arguments: list[str]) -> tuple[int, str]:
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main(arguments)
    return code, printed.getvalue()


def _pytest(arguments: list[str]) -> tuple[int, str]:
    """Run pytest on its own: the reader's project is not this one."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr
