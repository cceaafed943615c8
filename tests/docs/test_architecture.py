"""The page of the architecture names files that are there, and functions that are in them."""

import re

from docs.pages import ROOT, Page

ARCHITECTURE = Page(ROOT / "docs" / "architecture.md")
PACKAGE = ROOT / "sim"
_BELOW_SIM = re.compile(r"[a-z_]+/|([a-z_]+/)*[a-z_]+\.py|([a-z_]+/)+")


def test_its_files_and_folders_exist() -> None:
    named = [text for text in ARCHITECTURE.code_in_the_text() if _BELOW_SIM.fullmatch(text)]
    assert len(named) > 50
    assert [name for name in named if not any((root / name).exists() for root in (PACKAGE, ROOT))] == []


def test_its_functions_are_in_the_files_it_names() -> None:
    text = ARCHITECTURE.path.read_text(encoding="utf-8")
    places = re.findall(r"`([\w/]+\.py)`: `(\w+)`", text)
    assert len(places) >= 3
    assert [place for place in places if f"def {place[1]}(" not in (PACKAGE / place[0]).read_text()] == []


def test_it_names_every_folder() -> None:
    folders = {f"{path.name}/" for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders <= {*ARCHITECTURE.code_in_the_text()}
