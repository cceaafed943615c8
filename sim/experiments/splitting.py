"""Texts of several parts, such as lists of values and of changes, taken apart where a reader would."""

from collections.abc import Iterator

from sim.errors import SimError, shown

_CLOSING = {"[": "]", "{": "}", "(": ")"}


def split_at_commas(text: str) -> list[str]:
    """Split at the commas that stand in no brackets and no quotes; the parts are stripped.

    Raises SimError for a bracket or a quote that is not closed.
    """
    cuts = [at for at, letter, depth in _walk(text) if letter == "," and not depth]
    starts = [0, *(at + 1 for at in cuts)]
    return [text[start:end].strip() for start, end in zip(starts, [*cuts, len(text)], strict=True)]


def _walk(text: str) -> Iterator[tuple[int, str, int]]:
    """Give each letter with its place and the number of brackets and quotes that it stands in."""
    awaited: list[str] = []
    for at, letter in enumerate(text):
        in_quotes = bool(awaited) and awaited[-1] in "\"'"
        if awaited and letter == awaited[-1]:
            awaited.pop()
        elif letter in "\"'" and not in_quotes:
            awaited.append(letter)
        elif letter in _CLOSING and not in_quotes:
            awaited.append(_CLOSING[letter])
        yield at, letter, len(awaited)
    if awaited:
        raise SimError(f"{shown(text)}: a closing {awaited[-1]} is missing")
