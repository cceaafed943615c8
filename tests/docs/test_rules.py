"""The page of rules has every rule and reading that code and tests cite, each at the address that its number gives."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import ROOT, Page

RULES = Page(ROOT / "docs" / "rules.md")
CITING = [
    path
    for folder in ("sim", "tests", "benchmarks", "scenarios", "docs")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".yaml", ".md"} and path != Path(__file__)
]


def anchor(rule: str) -> str:
    """Return the anchor of a rule: r4-3 of R4.3."""
    return rule.lower().replace(".", "-")


def cited(path: Path) -> Iterator[str]:
    """Return the anchors of all rules and readings that a file cites, the names of its tests included."""
    text = path.read_text(encoding="utf-8")
    yield from map(anchor, re.findall(r"\bR\d+\.\d+\b", text))
    yield from (anchor(rule.replace("_", ".")) for rule in re.findall(r"def test_(r\d+_\d+)_", text))
    if path.suffix == ".py":
        yield from (f"reading-{number}" for number in re.findall(r"\breading (\d+)\b", text))


def test_every_rule_that_is_cited_is_on_the_page() -> None:
    missing = {(str(path.relative_to(ROOT)), rule) for path in CITING for rule in cited(path)}
    assert {(path, rule) for path, rule in missing if rule not in RULES.anchors} == set()


def test_enough_is_cited_for_the_test_to_tell_something() -> None:
    code = {rule for path in CITING if path.suffix == ".py" for rule in cited(path)}
    assert len(code) > 70


def test_a_rule_stands_at_the_address_that_its_number_gives() -> None:
    text = RULES.path.read_text(encoding="utf-8")
    places = re.findall(r'<a id="(r\d+-\d+)"></a>\**(R\d+\.\d+)', text)
    assert len(places) > 100
    assert [(place, rule) for place, rule in places if place != anchor(rule)] == []


@pytest.mark.parametrize(
    "text", ["see R99.1", "def test_r99_1_holds() -> None:", "of reading 99 in the text"]
)
def test_a_wrong_number_would_be_seen(text: str, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(text, encoding="utf-8")
    assert [rule for rule in cited(file) if rule not in RULES.anchors]
