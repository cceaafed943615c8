"""The findings of a part of the benchmark: tables, bars, remarks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str | float | int | None


@dataclass(frozen=True)
class Bar:
    """A promise about a ratio, a time or a size, and what was measured.

    The measured value has to be `at_least` or `at_most` the limit. `otherwise` is the remark where it is not: the
    findings of a profile, and the remedy.
    """

    what: str
    measured: float
    at_least: float | None = None
    at_most: float | None = None
    unit: str = "x"
    otherwise: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the promise is kept."""
        high_enough = self.at_least is None or self.measured >= self.at_least
        return high_enough and (self.at_most is None or self.measured <= self.at_most)

    @property
    def limit(self) -> str:
        """The promise in words."""
        word, value = ("at least", self.at_least) if self.at_most is None else ("at most", self.at_most)
        return f"{word} {value:g} {self.unit}"

    def __str__(self) -> str:
        verdict = "met" if self.is_met else "not met"
        return f"{verdict:7}  {self.measured:8.2f} {self.unit}  ({self.limit})  {self.what}"


@dataclass(frozen=True)
class Table:
    """Rows under a title; numbers are shown with three digits."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass
class Findings:
    """The findings of one part of the benchmark."""

    letter: str
    title: str
    tables: list[Table] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)


def shown(cell: Cell) -> str:
    """Write a cell: large numbers whole, small ones with three digits."""
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or abs(cell) >= 1000:
        return f"{cell:,.0f}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{cell:.3g}"
