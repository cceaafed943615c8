"""The snippets of the pages, and what of them is run."""

import re

from docs.pages import PAGES, Page, Snippet

_RUN = {"console", "python"}


def stories() -> list[Page]:
    """Give the pages with something to run, from the top to the end."""
    return [page for page in PAGES if _RUN & {snippet.language for snippet in page.snippets}]


def commands(snippet: Snippet) -> list[tuple[str, str]]:
    """Split a console snippet into commands and what they are said to print."""
    parts = re.split(r"^\$ (.*)\n", snippet.text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def agrees(shown: str, printed: str) -> bool:
    """Tell whether the output is what the page shows; a line of … stands for any lines, … in a line for any text."""
    pieces = re.split(r"^…\n", shown, flags=re.MULTILINE)
    patterns = [re.escape(piece).replace("…", ".*") for piece in pieces]
    return re.fullmatch("(?:.*\n)*".join(patterns), printed) is not None
