"""Every snippet of the documentation is run: scenario pieces are loaded, commands and Python executed."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from docs.pages import PAGES, Page, Snippet
from docs.snippets import agrees, stories
from docs.workplace import Workplace
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
PIECES = [(page, s) for page in PAGES for s in page.snippets if s.language == "yaml" and not s.file]

LONG = (
    "docs/calendar.md",
    "docs/ci.md",
    "docs/from-a-spreadsheet.md",
    "docs/gate.md",
    "docs/how-to.md",
    "docs/logs.md",
    "docs/policies.md",
    "docs/quickstart.md",
    "docs/scale.md",
    "docs/verifying.md",
)
"""Pages that take seconds to follow."""


def _merged(base: Any, piece: Any) -> Any:
    """Lay a piece of a scenario over another, key by key."""
    if not (isinstance(base, dict) and isinstance(piece, dict)):
        return piece
    return base | {key: _merged(base.get(key), value) for key, value in piece.items()}


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    before = {*sys.modules}
    place = Workplace(tmp_path)
    place.begin(monkeypatch)
    yield place
    for name in {*sys.modules} - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.parametrize(("page", "snippet"), PIECES, ids=[str(snippet) for _, snippet in PIECES])
def test_a_piece_of_a_scenario_is_valid(
    page: Page, snippet: Snippet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the files that the page has the reader write, in a centre that has the names it uses."""
    monkeypatch.syspath_prepend(str(tmp_path))
    for other in page.snippets:
        if other.file:
            Workplace(tmp_path).write(other)
    yaml = YAML(typ="safe")
    whole = io.StringIO()
    base, piece = yaml.load(BASE), yaml.load(snippet.text)
    if "calendar" in piece:  # which stands in place of these
        base = {key: value for key, value in base.items() if key not in ("opens", "lasts")}
    yaml.dump(_merged(base, piece), whole)
    loads(whole.getvalue(), name=str(snippet), folder=tmp_path)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=str(page), marks=pytest.mark.slow if str(page) in LONG else [])
        for page in stories()
    ],
)
def test_a_page_can_be_followed_from_top_to_end(page: Page, workplace: Workplace) -> None:
    workplace.follow(page)


@pytest.mark.parametrize(
    ("shown", "fits"),
    [
        ("a\nb\n", True),
        ("a\n…\n", True),
        ("…\nb\n", True),
        ("a\n", False),
        ("a\nc\n", False),
        ("a\n…\nc\n", False),
    ],
)
def test_what_is_shown_is_compared(shown: str, fits: bool) -> None:
    assert agrees(shown, "a\nb\n") is fits


@pytest.mark.parametrize("text", ["$ sim validate scenarios/none.yaml\n…\n", "$ sim --version\n0.0.0\n"])
def test_a_wrong_snippet_would_be_seen(text: str, workplace: Workplace) -> None:
    page = Page(workplace.folder / "page.md")
    page.path.write_text(f"```console\n{text}```\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        workplace.follow(page)
