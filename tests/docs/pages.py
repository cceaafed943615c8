"""The pages of the documentation as a reader of Markdown sees them: snippets, headings, links, code in the text."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
_MARKDOWN = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True)
class Snippet:
    """A block of code: its page, the line it begins at, its language, the file it is to be, and its text.

    The language is empty for a block that is only fenced or only indented.
    """

    page: str
    line: int
    language: str
    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, eq=False)
class Page:
    """A page, by its path within the project."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def tokens(self) -> list[Token]:
        return _MARKDOWN.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def snippets(self) -> list[Snippet]:
        """Every block of code, in lists too."""
        blocks = [token for token in self.tokens if token.type in ("fence", "code_block")]
        return [self._snippet(block) for block in blocks]

    def _snippet(self, block: Token) -> Snippet:
        language, _, rest = block.info.partition(" ")
        file = re.search(r"file=(\S+)", rest)
        line = block.map[0] + 1 if block.map else 0
        return Snippet(self.path.name, line, language, file[1] if file else "", block.content)

    @cached_property
    def anchors(self) -> set[str]:
        """What can stand after the # of a link to this page: headings by the rule of GitHub, and `<a id="...">`."""
        headings = [
            "".join(child.content for child in after.children or () if child.type in ("text", "code_inline"))
            for before, after in zip(self.tokens, self.tokens[1:], strict=False)
            if before.type == "heading_open"
        ]
        seen: Counter[str] = Counter()
        anchors = {*self.ids()}
        for slug in map(_slug, headings):
            anchors.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
        return anchors

    def ids(self) -> list[str]:
        """Return the ids that the page gives to places within its text."""
        html = [*self._inline(), *self.tokens]
        found = (re.findall(r'<a id="([^"]+)"', one.content) for one in html if one.type.startswith("html_"))
        return [name for names in found for name in names]

    def links(self) -> list[str]:
        """Return where links lead and pictures lie."""
        leads = {"link_open": "href", "image": "src"}
        return [str(child.attrs[leads[child.type]]) for child in self._inline() if child.type in leads]

    def code_in_the_text(self) -> list[str]:
        return [child.content for child in self._inline() if child.type == "code_inline"]

    def _inline(self) -> Iterator[Token]:
        for token in self.tokens:
            yield from token.children or ()


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


PAGES = [
    Page(ROOT / "README.md"),
    Page(ROOT / "CHANGELOG.md"),
    Page(ROOT / "CONTRIBUTING.md"),
    *map(Page, sorted((ROOT / "docs").rglob("*.md"))),
]
"""Every page of the documentation."""
