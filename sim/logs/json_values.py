"""The values of a JSON file one by one: a value a line, values one after the other, a list, or pages of a list."""

import json
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, TextIO

from pydantic_core import from_json

from sim.errors import SimError
from sim.interpreter import no_search_for_garbage
from sim.logs.problems import Problems
from sim.scenario.text_files import opened_text

CHUNK = 1 << 20
LONGEST = 200_000_000
"""Characters of one value."""
BETWEEN = " \t\r\n,[]\x1e"
"""What may stand between the values: white space, a list, and the separator of RFC 7464."""
SHORT = 1 << 16
"""Characters of a line without an end, for which rather more is read than that they are taken for a value."""
BLOCK = 1 << 16
"""Characters of the lines that are offered at a time."""
NEAR = 12
"""An error so near the end of what was read may be that of a value that goes on."""

NO_JSON, NO_RECORD = "no JSON", "no JSON object"
NOTHING = object()
DECODER = json.JSONDecoder()

Take = Callable[[int, list[str]], int]
"""Takes lines, the first of which has a number, up to one that it cannot take; returns how many it took."""


def records(
    path: Path, problems: Problems, page: str = "", take: Take | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give each JSON object with its line; one that has a list under the name of a `page` stands for those in the list.

    Lines that follow an object of a line are offered to `take` as they are, and those that it took are not given. What
    is no JSON is noted by its line, and left out up to the end of that. Raises SimError where the file is no text, or
    one value is too long.
    """
    try:
        with no_search_for_garbage(), opened_text(path) as file:
            rest = _Rest(file)
            while rest.begins():
                if not (yield from _whole_lines(rest, page, problems, take)):
                    line, value = rest.line, _value(rest, problems)
                    yield from _of_value(line, value, page, problems)
    except ValueError as problem:
        raise SimError(f"{path}: {problem}") from problem


def _of_value(line: int, value: Any, page: str, problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the object that a value is, or those of the list that it has for a page."""
    is_page = page and type(value) is dict and isinstance(value.get(page), list)
    for one in value[page] if is_page else () if value is NOTHING else (value,):
        if type(one) is dict:
            yield line, one
        else:
            problems.note(NO_RECORD, (line,))


def _whole_lines(
    rest: "_Rest", page: str, problems: Problems, take: Take | None
) -> Generator[tuple[int, dict[str, Any]], None, bool]:
    """Give the objects that are a line each, up to the first line that is anything else; go to where that begins.

    Return whether there was any, or whether more was read to see the end of a line.
    """
    text, at, line = rest.text, rest.at, rest.line
    if at and text[at - 1] != "\n":
        return False
    find, loads, offered = text.find, from_json, at
    while (end := find("\n", at)) > at:
        try:
            value = loads(text[at : end - (text[end - 1] == ",")], cache_strings="keys")
        except ValueError:
            break
        if type(value) is not dict:
            break
        if page and page in value:
            yield from _of_value(line, value, page, problems)
        else:
            yield line, value
        at, line = end + 1, line + 1
        if take is not None and at >= offered:
            mark = ",\n" if text[end - 1] == "," else "\n"
            lines = _lines_from(text, at, mark)
            count = take(line, lines)
            offered = at + sum(map(len, lines)) + len(lines) * len(mark)
            at, line = at + sum(map(len, lines[:count])) + count * len(mark), line + count
    has_any = at > rest.at
    rest.at, rest.line = at, line
    return (end < 0 and len(text) - at < SHORT and rest.more()) or has_any


def _lines_from(text: str, begin: int, mark: str) -> list[str]:
    """Return lines without the mark at their end; none where the lines there have other ends too."""
    end = text.rfind(mark, begin, begin + BLOCK)
    lines = text[begin:end].split(mark) if end > begin else []
    return lines if mark == "\n" or text.count("\n", begin, end) < len(lines) else []


def _value(rest: "_Rest", problems: Problems) -> Any:
    """Return the next value, however it is written; `NOTHING` where there is none, or more had to be read first."""
    try:
        value, end = DECODER.raw_decode(rest.text, rest.at)
    except (ValueError, RecursionError) as problem:
        if _goes_on(problem, rest.text) and rest.more():
            return NOTHING
        problems.note(NO_JSON, (rest.line,))
        end = rest.text.find("\n", rest.at)
        rest.go_to(end if end >= 0 else len(rest.text))
        return NOTHING
    rest.go_to(end)
    return value


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
