"""What every page is made of."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from shlex import quote
from typing import Any
from xml.etree import ElementTree

import matplotlib
from markupsafe import Markup, escape
from matplotlib.figure import Figure

from sim.metrics import CATALOGUE
from sim.report.document import Cell, Document, Picture, Table, Tone
from sim.report.plots.source import NothingToDrawError
from sim.report.plots.style import RC
from sim.scenario import Scenario

# What the figures of the page mean, from the catalogue of metrics.

VARIANTS = {
    "offered": "answered within T / offered",
    "answered_only": "answered within T / answered",
    "exclude_abandoned_within": "answered within T / (offered − abandoned within T)",
    "credit_abandoned_within": "(answered within T + abandoned within T) / offered",
    "exclude_short": "answered within T / (offered − abandoned within `short`)",
    "credit_short": "(answered within T + abandoned within `short`) / offered",
}
"""The formulas of the service level; offered are the answered, abandoned, disconnected and those without an agent."""
AGENTS_TIME = (
    "busy with at least one task, wrap-up included; available as READY or PENDING_NOT_READY, without breaks"
)
_CODE = re.compile(r"`([^`]+)`")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric: name, unit, formula and source."""

    name: str
    unit: str
    formula: Markup
    source: str


def definitions(quoted: Iterable[str], scenario: Scenario | None = None) -> list[Definition]:
    """Return the metrics that a page shows, in the order of the catalogue; without a scenario all variants."""
    wanted = set(quoted)
    return [
        Definition(name, metric.unit, with_code(_formula(name, metric.formula, scenario)), metric.source)
        for name, metric in CATALOGUE.items()
        if name in wanted
    ]


def _formula(name: str, formula: str, scenario: Scenario | None) -> str:
    """Write out what the catalogue refers to elsewhere."""
    if name == "service_level":
        variants = "; ".join(f"`{variant}`: {VARIANTS[variant]}" for variant in _used(scenario))
        return f"with T for each queue's `within`: {variants}"
    return formula.replace("see *Agents' time*", AGENTS_TIME)


def _used(scenario: Scenario | None) -> Iterable[str]:
    """Return the variants of the service level that a scenario uses, all where that is not known."""
    queues = scenario.queues.values() if scenario is not None else ()
    return dict.fromkeys(queue.service_level.variant for queue in queues if queue.service_level) or VARIANTS


def with_code(text: str) -> Markup:
    """Mark what stands between back-ticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def with_dates(text: str) -> Markup:
    """Keep dates from being parted at the end of a line."""
    return Markup(_DATE.sub(r'<span class="date">\1</span>', str(escape(text))))


def command_words(manifest: Mapping[str, Any]) -> str:
    """Write the command that made a result as one types it, without where `sim` is installed."""
    first, *others = manifest["command"] or ("from Python",)
    return " ".join([Path(first).name, *map(quote, others)])


def parted(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Part a text into paragraphs and lists, each with its lines: a line with a dash is a point of a list."""
    for is_list, lines in groupby(text.split("\n"), key=lambda line: line.startswith("- ")):
        yield is_list, [line.removeprefix("- ") for line in lines if line]


@dataclass(frozen=True, slots=True)
class Page:
    """A document and what a page says beyond it, in the order in which it is read.

    `kind` says what was saved, `description` in a few lines of what, `keys` what the scenario sets; `texts` are
    scenario files with their titles.
    """

    kind: str
    name: str
    description: Sequence[str]
    document: Document
    assumptions: Sequence[str]
    keys: Table | None
    surprises: Sequence[str]
    facts: Mapping[str, str]
    texts: Mapping[str, str]
    definitions: Sequence[Definition]

    @property
    def is_narrow(self) -> bool:
        """Whether there are tables that come first and leave room beside them."""
        tables = self.document.tables
        return bool(tables) and all(len(table.heads) <= NARROW for table in tables)


NARROW = 4
"""So many columns leave room beside them on a screen."""
SIGNS: Mapping[Tone, str] = {"met": "✓", "missed": "✗", "open": "≈", "no-data": "–"}


def marked(cell: Cell) -> str:
    """Write a cell, a verdict with a sign before it unless it has one, so that it is no matter of colour."""
    has_sign = not cell.tone or any(sign in cell.text + cell.spread for sign in _ALL_SIGNS)
    return cell.text if has_sign else f"{SIGNS[cell.tone]} {cell.text}"


_ALL_SIGNS = "✓✗≈≠=–→"


def render(page: Page) -> str:
    """Write a page."""
    return rendered("page.html.j2", page=page, document=page.document)


def rendered(template: str, **values: object) -> str:
    """Fill a template of this package."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sim.report.html"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.globals |= {"drawn": drawn}
    environment.filters |= {
        "marked": marked, "parted": parted, "with_code": with_code, "with_dates": with_dates,
    }  # fmt: skip
    return environment.get_template(template).render(**values)


# A picture as a piece of a page: matplotlib's SVG without what a page has no use for.

WIDTH = 3.8
"""Width of a picture in inches: on a narrow phone its text is then still 11 pixels high."""
_TEXT_STAYS_TEXT: Any = {
    "svg.fonttype": "none",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
}
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as an element, what stands above it, and what it shows in words."""

    svg: Markup
    caption: str
    words: str


def drawn(pictures: Iterable[Picture]) -> list[list[Drawing]]:
    """Draw pictures for a page in groups: those that differ by the number in their names alone stand together.

    Left out are those of which there is nothing to draw, as where a table was not kept.
    """
    groups = groupby(pictures, key=lambda one: one.name.rpartition("-")[0])
    drawings = ([*_drawings(group)] for _, group in groups)
    return [group for group in drawings if group]


def _drawings(pictures: Iterable[Picture]) -> Iterator[Drawing]:
    for one in pictures:
        with suppress(NothingToDrawError):
            yield _drawing(one)


def _drawing(picture: Picture) -> Drawing:
    svg, title, words = image(picture, WIDTH, _TEXT_STAYS_TEXT)
    return Drawing(element(svg, picture.name), title, f"{title}. {words}")


def image(picture: Picture, width: float, settings: Any, titled: bool = False) -> tuple[bytes, str, str]:
    """Draw a picture this wide, in inches; give it as a file, with its title and what it shows in words.

    The title is drawn only where it is asked for. The y axis says nothing where the title says the same.
    """
    with matplotlib.rc_context({**RC, "svg.hashsalt": "sim", **settings}):
        figure = Figure(figsize=(width, picture.height), layout="constrained")
        ax = picture.draw(figure.subplots())
        title, words = ax.get_title(loc="left"), picture.words(ax)
        if title.endswith(f"({unit_in(ax.get_ylabel())})"):
            ax.set_ylabel("")
        if not titled:
            ax.set_title("", loc="left")
        written = BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue(), title, words


def unit_in(label: str) -> str:
    """Return the unit of an axis from its label; empty where it names none."""
    return (
        label.rpartition("(")[2].removesuffix(")") if label.endswith(")") else label.partition("Requests ")[2]
    )


def element(svg: bytes, name: str) -> Markup:
    """Turn a file into an element: without namespaces, size, style sheet and metadata, with ids of its own."""
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in [c for c in parent if c.tag.endswith(("}metadata", "}style"))]:
            parent.remove(child)
    wanted = set(_REFERENCE.findall(svg.decode())) | {h[1:] for e in root.iter() if (h := _href(e))}
    for one in root.iter():
        _tidy(one, wanted, name)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _href(one: ElementTree.Element) -> str:
    return next((value for key, value in one.attrib.items() if key.endswith("href")), "")


def _tidy(one: ElementTree.Element, wanted: set[str], name: str) -> None:
    one.tag = one.tag.partition("}")[2] or one.tag
    attributes = {key.rpartition("}")[2]: value for key, value in one.attrib.items()}
    if attributes.get("id") not in wanted:
        attributes.pop("id", None)
    one.attrib.clear()
    for key, value in attributes.items():
        value = _REFERENCE.sub(rf"url(#{name}-\1)", value)
        if key == "id" or (key == "href" and value.startswith("#")):
            value = f"#{name}-{value[1:]}" if key == "href" else f"{name}-{value}"
        one.set(key, value)
