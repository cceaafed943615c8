"""Every link of the documentation leads somewhere, to the very heading it names."""

import re
from functools import cache
from pathlib import Path
from pkgutil import resolve_name

import pytest

from docs.pages import PAGES, ROOT, Page

_PATH = re.compile(r"(sim|tests|docs|scenarios|notebooks|benchmarks|results/baselines)/[\w./-]*")
_PYTHON_NAME = re.compile(r"sim(\.\w+)+")
_BY_PATH = {page.path: page for page in PAGES}
_GROUPS = {"sim.agent_selection", "sim.request_selection"}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Page) -> None:
    assert [link for link in page.links() if not _leads_somewhere(page, link)] == []


def _leads_somewhere(page: Page, link: str) -> bool:
    if re.match(r"https?://", link):
        return True
    place, _, anchor = link.partition("#")
    target = (page.path.parent / place).resolve() if place else page.path
    return target.exists() and (not anchor or anchor in _page(target).anchors)


@cache
def _page(path: Path) -> Page:
    """Read a page once: the glossary has some hundred links to the rules."""
    return Page(path)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_files_and_names_of_the_text_exist(page: Page) -> None:
    """`tests/policies` and `sim.policies.GuardedAgents`, where the text speaks of them, are there."""
    code = page.code_in_the_text()
    paths = [text for text in code if _PATH.fullmatch(text)]
    assert [path for path in paths if not (ROOT / path).exists()] == []
    names = [text.partition("(")[0] for text in code if _PYTHON_NAME.match(text)]
    assert [name for name in names if name not in _GROUPS and not _resolves(name)] == []


def _resolves(name: str) -> bool:
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_no_page_stands_alone() -> None:
    """From the README one gets to every page by links."""
    found, new = set(), [ROOT / "README.md"]
    while new:
        page = new.pop()
        found.add(page)
        links = (page.parent / link.partition("#")[0] for link in _BY_PATH[page].links())
        new += {path.resolve() for path in links if path.suffix == ".md"} - found - {*new}
    assert found == {*_BY_PATH}


def test_a_wrong_link_would_be_seen(tmp_path: Path) -> None:
    page = Page(tmp_path / "page.md")
    links = "[a](page.md#two-words) [b](#two) [c](none.md) [d](page.md#r4-4)"
    text = f'# Two words\n\n{links}\n\n<a id="r4-3"></a>**R4.3** A rule.\n'
    page.path.write_text(text, encoding="utf-8")
    assert page.anchors == {"two-words", "r4-3"}
    assert page.links() == ["page.md#two-words", "#two", "none.md", "page.md#r4-4"]
    assert [link for link in page.links() if _leads_somewhere(page, link)] == ["page.md#two-words"]
    assert _leads_somewhere(page, "#r4-3")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_gives_no_place_two_names_alike(page: Page) -> None:
    assert len({*page.ids()}) == len(page.ids())


def test_pictures_are_small() -> None:
    pictures = [path for path in (ROOT / "docs" / "pictures").iterdir() if path.is_file()]
    assert pictures
    assert [str(path) for path in pictures if path.stat().st_size > 60_000] == []
