"""A picture as a piece of a page: matplotlib's SVG without what a page has no use for."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.plots.style import RC

WIDTH = 3.8
"""Width of a picture in inches: on a narrow phone its text is then still 11 pixels high."""
_TEXT_STAYS_TEXT: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "sim",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
}
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def draw(picture: Callable[[Axes], object], name: str, height: float) -> tuple[Markup, str]:
    """Draw a picture of this height in inches; give it as an element, and the title that it had.

    `name` must differ from picture to picture of a page. The same picture gives the same bytes.
    """
    with matplotlib.rc_context({**RC, **_TEXT_STAYS_TEXT}):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        ax = figure.subplots()
        picture(ax)
        title = ax.get_title(loc="left")
        ax.set_title("", loc="left")
        written = BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return element(written.getvalue(), name), title


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
