r"""What there is to read of a result: sentences, tables, pictures and notes, built once for every way to show them.

`text_table` lays a document out for a terminal and writes tables as Markdown; `html/` renders it for pages and
notebooks. A head of a column says where it may be broken: `Aban-\ndoned %` where a column is narrow, else
`Abandoned, %`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isinf, isnan
from typing import TYPE_CHECKING, Literal

from sim.metrics import CATALOGUE, Figure
from sim.metrics.formatting import HOUR_S, as_read, like, number, spread, value, value_and_spread
from sim.metrics.metric import SECONDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.experiments.figure_selectors import FigureSelector
    from sim.scenario import Scenario

Tone = Literal["", "met", "missed", "open", "no-data"]
"""What a cell means for the reader's decision; never said by its colour alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and, where there is one, the half width of its interval; both as they are to be read."""

    text: str
    spread: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A label, its figures, and how many steps it stands in beneath the rows above."""

    label: str
    cells: Sequence[Cell]
    indented: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; `heads` names the column of labels and the others.

    `words` says that its cells are words rather than numbers. Where it is not `titled`, the head of its labels says
    as much as the caption, and a terminal shows none. Where it is `split`, columns that do not fit a terminal go into
    a table of their own beneath, so many together as belong together. A table without rows is left out, but for a
    remark.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Row]
    words: bool = False
    titled: bool = True
    split: int = 0

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def said(self) -> str:
        """The sentence of a remark; empty of a table."""
        return self.caption if self.heads == REMARK else ""

    @property
    def columns(self) -> list[str]:
        """Return the heads without their breaks; none is empty."""
        label, *others = map(one_line, self.heads)
        return [label or "Figure", *(head or "Value" for head in others)]


REMARK = ("",)


def remark(said: str) -> Table:
    """Return a sentence that stands among tables."""
    return Table(said, REMARK, ())


@dataclass(frozen=True, slots=True)
class Picture:
    """How a picture is drawn on axes, its height in inches, and what it shows in words for those who do not see it.

    `name` differs from picture to picture of a document; `words` are told of the axes that were drawn on.
    """

    name: str
    draw: "Callable[[Axes], Axes]"
    height: float
    words: "Callable[[Axes], str]"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document: tables and pictures, and `details` and `stories` that a page opens on demand.

    `name` differs from section to section. Stories are texts by their titles, laid out already.
    """

    title: str
    name: str
    tables: Sequence[Table] = ()
    pictures: Sequence[Picture] = ()
    details: Sequence[Table] = ()
    lists: Sequence["Listing"] = ()
    stories: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((*self.tables, *self.pictures, *self.details, *self.lists, self.stories))


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines that belong together, under a title."""

    title: str
    lines: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.lines)


@dataclass(frozen=True, slots=True)
class Document:
    """Everything there is to say of a result, in the order in which it is read.

    A sentence or a note is a paragraph; each of its lines is broken by itself and keeps how far it stands in.
    `tables` come before those of the sections. `pictures` are the few that a notebook shows, the sections' those of
    a page. A page has room for `details`, sentences that a terminal leaves out, and says how `sure` all this is.
    `places` are the folder of the saved result and the files in it.
    """

    title: str
    sentences: Sequence[str] = ()
    tables: Sequence[Table] = ()
    sections: Sequence[Section] = ()
    pictures: Sequence[Picture] = ()
    notes: Sequence[str] = ()
    details: Sequence[str] = ()
    sure: Sequence[str] = ()
    places: Sequence[str] = ()

    @property
    def all_tables(self) -> list[Table]:
        """Return the tables that every way to show a document has room for."""
        return [*self.tables, *(table for section in self.sections for table in section.tables)]


def one_line(head: str) -> str:
    """Return the head of a column without its breaks, its unit behind a comma."""
    return _UNIT.sub(r", \1", head.replace("-\n", "").replace("=\n", "=").replace("\n", " "))


_UNIT = re.compile(r" (%|s|min)$")


OWN_HEADS = {
    "within": "within\ns", "agents": "Agents", "modelled": "modelled", "predicted": "predicted",
    "replayed": "as it\nwas", "changed": "with the\nchange", "difference": "Differ-\nence", "day_sd": "Day\nsd %",
    "interval_sd": "Inter-\nval\nsd %", "distance": "KS", "patience": "Patience\nmean\ns", "handed_on": "Handed\non %",
    "seen": "Agents\nseen", "most": "Most\nthere", "skills": "Queues", "inside": "inside %", "width": "width %",
    "occupancy open_hours": "In open\nhours %",
}  # fmt: skip
"""Heads of columns that are no metrics."""


def heads(columns: Sequence[str]) -> list[str]:
    """Return the heads of columns: the metrics' own, or those of what is no metric."""
    return [OWN_HEADS.get(name) or CATALOGUE[name].narrow_head for name in columns]


def in_currency(name: str, unit: str, scenario: "Scenario") -> str:
    """Return a name with the scenario's currency behind it where it is one of money."""
    return f"{name}, {scenario.currency}" if scenario.currency and unit.startswith("currency") else name


# Figures without a value.


def absence(wanted: "FigureSelector", where: str, scenario: "Scenario") -> str:
    """Describe which figure has no value, where, and why: what it is measured on does not exist or did not happen."""
    place = f" of {wanted.words}" if wanted.words else ""
    return f"{wanted.metric}{place} has no value {where}: {_reason(wanted, scenario)}."


def _reason(wanted: "FigureSelector", scenario: "Scenario") -> str:
    queue = dict(wanted.place).get("queue")
    asked = scenario.queues.values() if queue is None else [scenario.queues[queue]]
    if wanted.metric == "service_level" and not any(one.service_level for one in asked):
        return "no queue has a `service_level`" if queue is None else f"{queue} has no `service_level`"
    return "nothing happened there that it could be measured on"


# Cells of figures.


def cell(figure: Figure | None) -> Cell:
    """Return a figure without its unit, and half the width of its interval; a time of an hour or more in hours."""
    if figure is not None and CATALOGUE[figure.metric].scale is SECONDS and figure.value >= HOUR_S:
        hours = like(figure.value, figure)
        return Cell(f"{value(hours)} h", spread(hours))
    return Cell(*value_and_spread(as_read(figure)))


def cell_with_unit(figure: Figure | None) -> Cell:
    """Return a figure with its unit behind the interval."""
    text, spread = value_and_spread(figure)
    if figure is None or text == "-":
        return Cell(text, spread)
    return Cell(text, f"{spread} {'%' if figure.unit == 'share' else figure.unit}".strip())


def share_cell(share: float, high: float = float("nan")) -> Cell:
    """Return a share in per cent without its unit, and how far the upper limit lies above it."""
    return Cell(number(share * 100, 1), "" if isnan(high) else f"±{number((high - share) * 100, 1)}")


def seconds_cell(seconds: float) -> Cell:
    """Return a time in seconds, which may have no end."""
    return Cell("no end" if isinf(seconds) else number(seconds, 1))
