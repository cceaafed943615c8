"""Every mistake a user can make is one of these, and none of them is shown as a traceback."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Any

MOST_QUOTED, MOST_NAMES = 100, 500
"""What a message looks at: letters of a value, and names that might have been meant."""


class SimError(Exception):
    """A mistake of the user's; its text is one clear line, or one line for each mistake."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a scenario file, and where.

    `line` and `column` count from 1; both are 0 where the mistake has no place in a file.
    """

    file: str
    line: int
    column: int
    key: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return one_line(f"{place}: {self.key}: {self.what}" if self.key else f"{place}: {self.what}")


class ScenarioError(SimError):
    """All mistakes of one scenario at once."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in mistakes))

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[list[Mistake]]]:
        return type(self), (list(self.mistakes),)


class NotSimulatedError(SimError):
    """The scenario asks for a behaviour that the engine does not simulate."""


# Help for mistyped names: the nearest known one, and how a value is quoted in a message.


def quoted(value: object) -> str:
    """Quote a value as a message shows it: in backticks, as YAML would have it, shortened where it is long."""
    text = one_line(_text(value))
    return f"`{_short(text)}`"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def one_line(text: str) -> str:
    """Write what cannot be printed, such as the end of a line, as an escape."""
    return text if text.isprintable() else "".join(c if _is_harmless(c) else repr(c)[1:-1] for c in text)


def escaped(text: str) -> str:
    """Write a message of several lines so that a terminal shows it and obeys nothing in it."""
    return "\n".join(map(one_line, text.split("\n")))


def _is_harmless(letter: str) -> bool:
    return letter.isprintable() or letter in "\u00a0\u202f"


def _text(value: object) -> str:
    if value is None or value == "":
        return "nothing" if value is None else '""'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_text(one)}" for key, one in _first(value.items())) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_text(one) for one in _first(value)) + "]"
    if isinstance(value, int) and abs(value) > 10**60:
        return "a whole number of more than 60 digits"
    return str(value)[:MOST_QUOTED]


def _first(items: Iterable[Any]) -> Iterable[Any]:
    """Return the first items; what follows would be cut off, and writing it all could take long."""
    return islice(items, MOST_QUOTED)


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Suggest the nearest known name, or list what there is."""
    names = [_short(one_line(name)) for name in islice(dict.fromkeys(known), MOST_NAMES)]
    close = get_close_matches(str(name)[:MOST_QUOTED], names, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    if not names:
        return "there is none"
    return f"there is {', '.join(f'`{one}`' for one in names[:12])}{', ...' if len(names) > 12 else ''}"
