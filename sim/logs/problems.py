"""What of a log could not be read: counted by kind, with the first lines of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

REPEATED = "the row repeats another"
NO_SEARCH = "no agent was asked for"
OTHER_SHAPE = "not in the shape of its format"
SHOWN = 5
"""Lines that are named of each kind."""


@dataclass(slots=True)
class Problems:
    """Rows that were left out, by kind: how many, and the lines of the first; and what others were taken for.

    Of the kinds in `of_cells` it was single cells, whose rows count without them where they can. Times of a format that
    has those of UTC are none where it `has_local_clocks`, as dates that name no distance from it.
    `ends_inferred` says that how searches ended was told by their waits.
    """

    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    readings: list[str] = field(default_factory=list)
    of_cells: set[str] = field(default_factory=set)
    has_local_clocks: bool = False
    ends_inferred: bool = False

    def note(self, kind: str, lines: Iterable[int]) -> None:
        """Count rows of a kind by their lines."""
        found = list(lines)
        if found:
            self.counts[kind] = self.counts.get(kind, 0) + len(found)
            kept = self.lines.setdefault(kind, [])
            kept.extend(int(line) for line in found[: SHOWN - len(kept)])

    def note_cells(self, kind: str, lines: Iterable[int]) -> None:
        """Count cells of a kind by their lines."""
        self.of_cells.add(kind)
        self.note(kind, lines)

    def __bool__(self) -> bool:
        return bool(self.counts)

    def told(self) -> list[str]:
        """Describe each kind in a line, the most frequent first."""
        kinds = sorted(self.counts, key=lambda kind: -self.counts[kind])
        return [self._told(kind) for kind in kinds]

    def _told(self, kind: str) -> str:
        count, lines = self.counts[kind], self.lines[kind]
        shown = ", ".join(map(str, lines)) + (", ..." if count > len(lines) else "")
        what = "cell" if kind in self.of_cells else "row"
        return f"{count:,} {what}{'' if count == 1 else 's'} (line {shown}): {kind}"

    def __str__(self) -> str:
        return "; ".join(self.told())
