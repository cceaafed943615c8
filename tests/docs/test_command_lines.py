"""Commands that are shown but cannot be run in a test still exist, with the options and values they are shown with."""

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
import typer.main

from docs.pages import PAGES, Page
from sim.cli.app import app_for

SIM: Any = typer.main.get_command(app_for([]))
LANGUAGES = {"console", "python", "yaml", "toml", "sh", "text", "csv", "mermaid"}
"""Run: console, python. Read: yaml, toml, csv. Looked through here: sh. Printed by a program: text. Drawn: mermaid."""
_INSTALLED = {"build"}
"""What a page has its reader install in the line before."""
_PAGES_OF_HELP = {"commands.md", "README.md"}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_block_says_what_it_is(page: Page) -> None:
    assert [str(s) for s in page.snippets if s.language not in LANGUAGES] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_text_stands_only_where_something_else_compares_it(page: Page) -> None:
    """After Python, as what it prints; on the page of commands and in the README, which other tests compare."""
    blocks = zip([None, *page.snippets], page.snippets, strict=False)
    alone = [
        s for before, s in blocks if s.language == "text" and not (before and before.language == "python")
    ]
    assert not alone or page.path.name in _PAGES_OF_HELP


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_that_are_only_shown_can_be_called_so(page: Page) -> None:
    wrong = {line: what for line in _shown(page) if (what := _mistake(line))}
    assert wrong == {}


def _shown(page: Page) -> Iterator[str]:
    """Give the command lines of a page's sh blocks and of its text."""
    blocks = (s.text for s in page.snippets if s.language == "sh")
    lines = [part for block in blocks for line in block.splitlines() for part in line.split("&&")]
    yield from (line.strip() for line in lines)
    yield from (code for code in page.code_in_the_text() if re.match(r"(sim|python -m) \S", code))


def _mistake(line: str) -> str:
    words = shlex.split(line, comments=True)
    if words[:2] == ["python", "-m"]:
        return "" if words[2] in _INSTALLED or find_spec(words[2]) else f"no module {words[2]}"
    while words and words[0].endswith("/sim"):
        words[0] = "sim"
    return _misuse(words[1:]) if words[:1] == ["sim"] else ""


def _misuse(arguments: list[str]) -> str:
    """Say what `sim` would not take, short of doing it; arguments may be left out."""
    if arguments[0].startswith("-"):
        return "" if arguments[0] in _options(SIM) else f"no option {arguments[0]}"
    command = SIM.commands.get(arguments[0])
    if command is None:
        return f"no command {arguments[0]}"
    try:
        command.make_context(arguments[0], arguments[1:], resilient_parsing=False)
    except Exception as error:
        return "" if "Missing" in str(error) else str(error)
    return ""


def _options(command: Any) -> set[str]:
    return {"-h", "--help"} | {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize(
    "line",
    ["sim simulate FILE", "sim run FILE --fast", "sim check FILE --format pdf", "sim run FILE --jobs many",
     "python -m sim.nothing"],
)  # fmt: skip
def test_a_wrong_command_would_be_seen(line: str) -> None:
    assert _mistake(line)


@pytest.mark.parametrize(
    "line",
    [
        "sim --help",
        "sim compare",
        "sim check a.yaml --against main  # why",
        "python -m sim.report.reference tables",
    ],
)
def test_a_right_command_passes(line: str) -> None:
    assert not _mistake(line)
