"""Findings as text for a terminal."""

from collections.abc import Iterable, Sequence

from benchmarks.findings import Findings, Table, shown


def as_text(found: Iterable[Findings]) -> str:
    """Write all findings, and all bars once more at the end."""
    parts = list(found)
    lines = [line for part in parts for line in _part(part)]
    bars = [str(bar) for part in parts for bar in part.bars]
    return "\n".join([*lines, *(["BARS", "", *bars, ""] if bars else [])])


def _part(part: Findings) -> list[str]:
    heading = f"({part.letter}) {part.title}"
    lines = [heading, "=" * len(heading), ""]
    for table in part.tables:
        lines += [table.title, *_table(table), ""]
    lines += [*part.notes, *(f"DISAGREES: {what}" for what in part.disagreements)]
    return [*lines, *map(str, part.bars), ""]


def _table(table: Table) -> list[str]:
    rows: list[Sequence[str]] = [table.columns, *([shown(cell) for cell in row] for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_placed(cell, i, widths[i]) for i, cell in enumerate(row)).rstrip() for row in rows]


def _placed(cell: str, place: int, width: int) -> str:
    return cell.rjust(width) if place else cell.ljust(width)
