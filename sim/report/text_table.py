"""Text in columns that line up, on a narrow terminal, a wide one and in a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size

NARROWEST_LABEL = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and, where there is one, the half width of its interval; both as they are to be read."""

    value: str
    spread: str = ""


Row = tuple[str, Sequence[Cell]]
"""A label and its figures."""


def table(heads: Sequence[str], rows: Sequence[Row], width: int) -> list[str]:
    """Lay out a table: the label at the left, figures at the right edge of their columns.

    An interval stands beside its figure where `width` allows and beneath it where not. `heads` names the
    label column and the others; a head may have several lines. Where even that is too wide, labels are folded.
    """
    for build, gap in ((_beside, 2), (_beneath, 2), (_beneath, 1)):
        lines = build(heads, rows, gap)
        if _widest(lines) <= width:
            return lines
    label = max(NARROWEST_LABEL, max(cell_len(label) for label, _ in rows) - (_widest(lines) - width))
    return _beneath(heads, rows, 1, label)


def _widest(lines: Sequence[str]) -> int:
    return max((cell_len(line) for line in lines), default=0)


def _folded(label: str, width: int) -> list[str]:
    """Break a label behind spaces and underscores, and a longer word anywhere; further lines stand a little in."""
    indent = label[: len(label) - len(label.lstrip())]
    lines = [""]
    words = re.findall(r"[^ _]+[ _]*|_+", label)
    while words:
        room = max(2, width - len(indent) - (len(lines) > 1))
        if cell_len((lines[-1] + words[0]).rstrip()) <= room:
            lines[-1] += words.pop(0)
        elif lines[-1]:
            lines.append("")
        else:
            lines[-1] = set_cell_size(words[0], room).rstrip()
            words[0] = words[0][len(lines[-1]) :]
    return [indent + " " * (number > 0) + line.rstrip() for number, line in enumerate(lines)]


def _beside(heads: Sequence[str], rows: Sequence[Row], gap: int) -> list[str]:
    """One line a row: each figure with its interval at its right, both aligned."""
    spreads = [max((len(c.spread) for c in column), default=0) for column in _columns(rows)]
    texts = [[label, *map(_joined, cells, spreads)] for label, cells in rows]
    return _aligned([*_head_lines(heads), *texts], gap)


def _joined(cell: Cell, spread_width: int) -> str:
    return f"{cell.value} {cell.spread:>{spread_width}}" if spread_width else cell.value


def _beneath(heads: Sequence[str], rows: Sequence[Row], gap: int, widest: int | None = None) -> list[str]:
    """Two lines a row where it has intervals: they stand beneath their figures; or more, for a folded label."""
    lines = [*_head_lines(heads)]
    for label, cells in rows:
        labels = [label] if widest is None else _folded(label, widest)
        values, spreads = [cell.value for cell in cells], [cell.spread for cell in cells]
        figures = [values, spreads] if any(spreads) else [values]
        nothing = [""] * len(cells)
        for text, row in zip_longest(labels, figures):
            lines.append([text or "", *(row or nothing)])
    return _aligned(lines, gap)


def _columns(rows: Sequence[Row]) -> list[tuple[Cell, ...]]:
    return list(zip(*(cells for _, cells in rows), strict=True))


def _head_lines(heads: Sequence[str]) -> list[list[str]]:
    """Break the heads into lines, the last line of each just above its figures."""
    parts = [head.split("\n") for head in heads]
    height = max(len(part) for part in parts)
    return [list(line) for line in zip(*([""] * (height - len(p)) + p for p in parts), strict=True)]


def _aligned(lines: Sequence[Sequence[str]], gap: int) -> list[str]:
    widths = [max(cell_len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return [_line(line, widths, gap) for line in lines]


def _line(texts: Sequence[str], widths: Sequence[int], gap: int) -> str:
    label = texts[0] + " " * (widths[0] - cell_len(texts[0]))
    figures = (text.rjust(width) for text, width in zip(texts[1:], widths[1:], strict=True))
    return (" " * gap).join([label, *figures]).rstrip()
