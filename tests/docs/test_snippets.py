"""Every snippet of the documentation is run: scenario pieces are loaded, commands and Python executed."""

import io
import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from docs.snippets import ROOT, Snippet, agrees, commands, snippets
from sim.cli import main
from sim.scenario import loads

BASE = """
opens: 2026-03-02 08:00
lasts: 10h
media: {chat: {max_tasks: 3}, voice: {max_tasks: 1}}
channels:
  web: {medium: chat, request_ttl: 5m}
  phone: {medium: voice, request_ttl: 1h}
queues:
  general: {medium: chat, handle_time: 6m}
  billing: {medium: chat, handle_time: 7m}
  technical: {medium: chat, handle_time: 11m}
  hotline: {medium: voice, handle_time: 5m}
teams:
  frontline: {agents: 9, skills: {general: 7}}
  billing: {agents: 4, skills: {billing: 8, general: 2}}
  engineers: {agents: 5, skills: {technical: 9, hotline: 8}}
arrivals:
  - {channel: web, queue: general, per_hour: 50}
"""


def _merged(base: Any, piece: Any) -> Any:
    """Lay a piece of a scenario over another, key by key."""
    if not (isinstance(base, dict) and isinstance(piece, dict)):
        return piece
    return base | {key: _merged(base.get(key), value) for key, value in piece.items()}


@pytest.mark.parametrize("snippet", snippets("yaml"), ids=str)
def test_a_piece_of_a_scenario_is_valid(snippet: Snippet) -> None:
    yaml = YAML(typ="safe")
    piece = yaml.load(snippet.text)
    whole = io.StringIO()
    yaml.dump(_merged(yaml.load(BASE), piece), whole)
    loads(whole.getvalue(), name=str(snippet))


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Path]:
    """A folder with the shipped scenarios, in which a page's commands run one after the other."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


def _pages() -> list[list[Snippet]]:
    runnable = sorted(snippets("console") + snippets("python"), key=lambda s: (s.page, s.line))
    return [list(page) for _, page in groupby(runnable, lambda snippet: snippet.page)]


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page[0].page)
def test_a_page_s_commands_and_python_run_in_order(page: list[Snippet], workplace: Path) -> None:
    names: dict[str, Any] = {}
    for snippet in page:
        if snippet.language == "python":
            with redirect_stdout(io.StringIO()):
                exec(compile(snippet.text, str(snippet), "exec"), names)
            continue
        for command, shown in commands(snippet):
            _run(snippet, command, shown)


def _run(snippet: Snippet, command: str, shown: str) -> None:
    program, *arguments = shlex.split(command)
    assert program == "sim", f"{snippet}: {command}"
    printed = io.StringIO()
    with redirect_stdout(printed):
        code = main(arguments)
    assert code == 0, f"{snippet}: {command} exits with {code}\n{printed.getvalue()}"
    assert agrees(shown, printed.getvalue()), f"{snippet}: {command} prints\n{printed.getvalue()}"
