"""The fenced snippets of a page: what the documentation shows is what is run."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Snippet:
    """A fenced block: its page, the line it begins at, its language and its text."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def snippets(language: str) -> list[Snippet]:
    """Give every snippet of a language in the documentation, page by page."""
    return [
        Snippet(page.name, text.count("\n", 0, match.start()) + 1, language, match[2])
        for page in sorted((ROOT / "docs").glob("*.md"))
        for text in (page.read_text(encoding="utf-8"),)
        for match in _FENCE.finditer(text)
        if match[1] == language
    ]


def commands(snippet: Snippet) -> list[tuple[str, str]]:
    """Split a console snippet into commands and what they are said to print."""
    parts = re.split(r"^\$ (.*)\n", snippet.text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def agrees(shown: str, printed: str) -> bool:
    """Tell whether the output is what the page shows, where a line of … stands for any lines."""
    pieces = [re.escape(piece) for piece in re.split(r"^…\n", shown, flags=re.MULTILINE)]
    return re.fullmatch("(?:.*\n)*".join(pieces), printed) is not None
