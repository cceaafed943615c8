"""Documents as text in columns that line up, whatever the width, and tables as Markdown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from textwrap import wrap
from typing import Any

from rich.cells import cell_len, set_cell_size

from sim.report.document import Cell, Document, Row, Table, one_line

NARROWEST_LABEL = 8
NARROWEST_WORDS = 16


def text(document: Document, width: int, hang: str = "") -> str:
    """Lay out a document: its paragraphs and tables one beneath the other, no line longer than `width`.

    Further lines of a caption stand in by `hang`.
    """
    blocks = [
        *(paragraph(said, width) for said in (document.title, *document.sentences)),
        *(titled(one, width, hang) for one in document.all_tables),
        *(paragraph(note, width) for note in document.notes),
        _places(document.places, width),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def paragraph(said: str, width: int) -> list[str]:
    """Break each line of a paragraph; what follows a bullet stands in behind it."""
    return [part for line in said.split("\n") for part in _indented(line, width)]


def _indented(line: str, width: int) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    behind = indent + "  " * line.startswith("- ")
    return broken(line.lstrip(), width, initial_indent=indent, subsequent_indent=behind)


def broken(words: str, width: int, **how: Any) -> list[str]:
    """Break words into lines as `textwrap.wrap` does, and leave each number with its percent sign."""
    return [line.replace(GLUE, " %") for line in wrap(words.replace(" %", GLUE), width, **how)]


GLUE = "\xa0%"
"""No line is broken at this space."""


def _places(places: Sequence[str], width: int) -> list[str]:
    """Leave the folder in one piece, to be copied, and break the list of its files."""
    return [*places[:1], *(part for files in places[1:] for part in paragraph(files, width))]


def titled(one: Table, width: int, hang: str = "") -> list[str]:
    """Lay out a table beneath its caption, or a remark."""
    if not one:
        return broken(one.said, width, subsequent_indent=hang)
    caption = broken(one.caption, width, subsequent_indent=hang) if one.titled else []
    parts = _parts(one, width) if one.split else [slice(0, None)]
    lines: list[str] = []
    for chosen in parts:
        heads = [one.heads[0], *one.heads[1:][chosen]]
        rows = [replace(row, cells=row.cells[chosen]) for row in one.rows]
        if one.words and _widest(_beside(heads, rows, 2)) > width:
            heads, rows = _narrowed(heads, rows, width)
        lines += [*([""] if lines else []), *table(heads, rows, width)]
    return [*caption, *lines]


def _narrowed(heads: Sequence[str], rows: Sequence[Row], width: int) -> tuple[list[str], list[Row]]:
    """Break the longest words of a table that is too wide into lines, which begin at the left of their column."""
    longest = [max(cell_len(cell.text) for cell in column) for column in _columns(rows)]
    at = longest.index(max(longest))
    room = max(NARROWEST_WORDS, longest[at] - _widest(_beside(heads, rows, 2)) + width)
    broken_up = [broken(row.cells[at].text, room) or [""] for row in rows]
    room = max(map(len, (part for parts in broken_up for part in parts)))
    found = []
    for row, (first, *more) in zip(rows, broken_up, strict=True):
        cells = [Cell(first.ljust(room)) if number == at else cell for number, cell in enumerate(row.cells)]
        found.append(replace(row, cells=cells))
        found += [
            Row("", [Cell(part.ljust(room) if number == at else "") for number in range(len(row.cells))])
            for part in more
        ]
    return [head.ljust(room) if number == at + 1 else head for number, head in enumerate(heads)], found


def _parts(one: Table, width: int) -> Iterator[slice]:
    """Take as many columns together as fit with their intervals beneath them."""
    label, *heads = one.heads
    room = width - max(map(len, [*label.split("\n"), *map(label_of, one.rows)]))
    widths = []
    for number, head in enumerate(heads):
        cells = [row.cells[number] for row in one.rows]
        widths.append(
            2 + max(map(len, [*head.split("\n"), *(part for c in cells for part in (c.text, c.spread))]))
        )
    start, used = 0, 0
    for first in range(0, len(heads), one.split):
        needed = sum(widths[first : first + one.split])
        if first > start and used + needed > room:
            yield slice(start, first)
            start, used = first, 0
        used += needed
    yield slice(start, len(heads))


def table(heads: Sequence[str], rows: Sequence[Row], width: int) -> list[str]:
    """Lay out a table: the label at the left, figures at the right edge of their columns.

    An interval stands beside its figure where `width` allows and beneath it where not. `heads` names the
    label column and the others; a head may have several lines. Where even that is too wide, labels are folded.
    """
    for build, gap in ((_beside, 2), (_beneath, 2), (_beneath, 1)):
        lines = build(heads, rows, gap)
        if _widest(lines) <= width:
            return lines
    label = max(NARROWEST_LABEL, max(cell_len(label_of(row)) for row in rows) - (_widest(lines) - width))
    return _beneath(heads, rows, 1, label)


def label_of(row: Row) -> str:
    """Return the label of a row, as far in as it stands."""
    return "  " * row.indented + row.label


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
    texts = [[label_of(row), *map(_joined, row.cells, spreads)] for row in rows]
    return _aligned([*_head_lines(heads), *texts], gap)


def _joined(cell: Cell, spread_width: int) -> str:
    return f"{cell.text} {cell.spread:>{spread_width}}" if spread_width else cell.text


def _beneath(heads: Sequence[str], rows: Sequence[Row], gap: int, widest: int | None = None) -> list[str]:
    """Two lines a row where it has intervals: they stand beneath their figures; or more, for a folded label."""
    lines = [*_head_lines(heads)]
    for row in rows:
        labels = [label_of(row)] if widest is None else _folded(label_of(row), widest)
        texts, spreads = [cell.text for cell in row.cells], [cell.spread for cell in row.cells]
        figures = [texts, spreads] if any(spreads) else [texts]
        nothing = [""] * len(row.cells)
        for label, line in zip_longest(labels, figures):
            lines.append([label or "", *(line or nothing)])
    return _aligned(lines, gap)


def _columns(rows: Sequence[Row]) -> list[tuple[Cell, ...]]:
    return list(zip(*(row.cells for row in rows), strict=True))


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


# Tables as Markdown.

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def markdown(one: Table) -> str:
    """Write a table as Markdown; a head's line in brackets names the spreads, which get a column of their own."""
    heads = [part for head in one.heads for part in _split(head)]
    apart = ["\n(" in head for head in one.heads[1:]]
    rows = [[escaped(row.label), *_markdown_cells(row, apart)] for row in one.rows]
    rule = ["---", *("---:" for _ in heads[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rule, *rows))


def markdown_of(document: Document) -> str:
    """Write a document as Markdown: its title as a heading, its paragraphs and its tables with their captions."""
    said = [f"## {escaped(document.title)}", *map(escaped, document.sentences)]
    tables = [part for one in document.all_tables for part in _markdown_parts(one)]
    return "\n\n".join([*said, *tables, *map(escaped, document.notes)])


def _markdown_parts(one: Table) -> list[str]:
    return [f"### {escaped(one.caption)}", markdown(one)] if one else [escaped(one.said)] * bool(one.said)


def escaped(text: str) -> str:
    """Keep what Markdown would read as markup, and what would end a cell of a table."""
    return " ".join(_SPECIAL.sub(r"\\\1", text).split())


def _split(head: str) -> list[str]:
    value, _, spread = head.partition("\n(")
    return [one_line(value), spread.removesuffix(")").capitalize()] if spread else [one_line(head)]


def _markdown_cells(row: Row, apart: Sequence[bool]) -> Iterator[str]:
    for cell, spread_apart in zip(row.cells, apart, strict=True):
        said = escaped(cell.text if spread_apart else f"{cell.text} {cell.spread}")
        yield f"**{said}**" if cell.tone == "missed" else said
        if spread_apart:
            yield escaped(cell.spread or "-")
