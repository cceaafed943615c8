"""The values of a JSON file one by one: a value a line, values one after the other, a list, or pages of a list."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from sim.errors import SimError
from sim.interpreter import no_search_for_garbage
from sim.logs.problems import Problems
from sim.scenario.text_files import opened_text

CHUNK = 1 << 20
LONGEST = 200_000_000
"""Characters of one value."""
BETWEEN = " \t\r\n,[]\x1e"
"""What may stand between the values: white space, a list, and the separator of RFC 7464."""
NEAR = 12
"""An error so near the end of what was read may be that of a value that goes on."""

NO_JSON, NO_RECORD = "no JSON", "no JSON object"


def records(
    path: Path, problems: Problems, pages: tuple[str, ...] = ()
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give each JSON object with its line; one that has a list under a name of `pages` stands for those in the list.

    What is no JSON is noted by its line, and left out up to the end of that. Raises SimError where the file is no text,
    or one value is too long.
    """
    try:
        with no_search_for_garbage():
            yield from _records(path, problems, pages)
    except ValueError as problem:
        raise SimError(f"{path}: {problem}") from problem


def _records(path: Path, problems: Problems, pages: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, value in _values(path, problems):
        if not isinstance(value, dict):
            problems.note(NO_RECORD, (line,))
            continue
        inner = None
        for name in pages:
            if inner is None:
                inner = value.get(name)
        if not isinstance(inner, list):
            yield line, value
            continue
        for one in inner:
            if isinstance(one, dict):
                yield line, one
            else:
                problems.note(NO_RECORD, (line,))


def _values(path: Path, problems: Problems) -> Iterator[tuple[int, Any]]:
    scan = json.JSONDecoder().raw_decode
    with opened_text(path) as file:
        rest = _Rest(file)
        while rest.begins():
            try:
                value, end = scan(rest.text, rest.at)
            except (ValueError, RecursionError) as problem:
                if _goes_on(problem, rest.text) and rest.more():
                    continue
                problems.note(NO_JSON, (rest.line,))
                end = rest.text.find("\n", rest.at)
                rest.go_to(end if end >= 0 else len(rest.text))
                continue
            yield rest.line, value
            rest.go_to(end)


class _Rest:
    """What is left of a file: the text that was read, where the next value begins in it, and the line of that."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.text, self.at, self.line = "", 0, 1

    def go_to(self, at: int) -> None:
        self.line += self.text.count("\n", self.at, at)
        self.at = at

    def begins(self) -> bool:
        """Go to the next value, and return whether there is one."""
        while True:
            text, at = self.text, self.at
            if text.startswith("\n{", at):  # as nearly always
                self.line, self.at = self.line + 1, at + 1
                return True
            while at < len(text) and text[at] in BETWEEN:
                at += 1
            self.go_to(at)
            if at < len(text):
                return True
            if not self.more():
                return False

    def more(self) -> bool:
        """Read as much again as is held, so that long values take no longer than short ones; False at the end."""
        rest = self.text[self.at :]
        if len(rest) > LONGEST:
            raise ValueError(f"line {self.line}: one JSON value has more than {LONGEST:,} characters")
        part = self._file.read(max(CHUNK, len(rest)))
        self.text, self.at = rest + part, 0
        return bool(part)


def _goes_on(problem: Exception, text: str) -> bool:
    """Return whether the value may only be cut off by the end of what was read."""
    if not isinstance(problem, json.JSONDecodeError):
        return False
    return problem.msg.startswith("Unterminated string") or problem.pos > len(text) - NEAR
