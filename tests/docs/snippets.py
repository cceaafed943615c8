"""The snippets of the pages, and what of them is run."""

import re

from docs.pages import PAGES, Page, Snippet

_RUN = {"console", "python"}


def stories() -> list[Page]:
    """Give the pages with something to run, from the top to the end."""
    return [page for page in PAGES if _RUN & {snippet.language for snippet in page.snippets}]


def commands(snippet: Snippet) -> list[tuple[str, str]]:
    """Split a console snippet into commands, each in one line, and what they are said to print."""
    before, *parts = re.split(r"^\$ ((?:.*\\\n)*.*)\n", snippet.text, flags=re.MULTILINE)
    assert before == "", f"{snippet} does not begin with a command"
    in_a_line = [re.sub(r"\s*\\\n\s*", " ", command) for command in parts[::2]]
    return list(zip(in_a_line, parts[1::2], strict=True))


def agrees(shown: str, printed: str) -> bool:
    """Tell whether the output is what the page shows; a line of … stands for any lines, … in a line for any text."""
    pieces = re.split(r"^…\n", shown, flags=re.MULTILINE)
    patterns = [re.escape(piece).replace("…", ".*") for piece in pieces]
    return re.fullmatch("(?:.*\n)*".join(patterns), printed) is not None
