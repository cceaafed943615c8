"""One style for all pictures: light, fit for print, and readable without colour.

Lines differ by dash and marker, areas by hatch; what a line or an area is, is written beside it. Nothing here
touches the style of other pictures: it holds while one of ours is drawn.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, NamedTuple, ParamSpec, TypeVar

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation, Transform

from sim.errors import SimError, did_you_mean, quoted
from sim.metrics.cells import Axes as Dimensions
from sim.scenario import Scenario


def require_names(given: Mapping[str, Any]) -> None:
    """Raise SimError, with the nearest name, for a queue, team or kind of which the scenario knows nothing.

    `given` are the arguments of a picture, its source among them; a bare table does not have the names.
    """
    scenario = getattr(given.get("source"), "scenario", None)
    if not isinstance(scenario, Scenario):
        return
    dimensions = Dimensions.of(scenario)
    for dimension in ("queue", "team", "kind"):
        known = dimensions.names(dimension)
        wanted = given.get(dimension) or ()
        for name in (wanted,) if isinstance(wanted, str) else wanted:
            if name and name not in known:
                raise SimError(f"no {dimension} {quoted(name)}; {did_you_mean(name, known)}")


P = ParamSpec("P")
R = TypeVar("R")
Dash = tuple[float, tuple[float, ...]]

INK = "#1f2328"
SOFT_INK = "#55595f"
GRID = "#dcdfe3"
PAPER = "#ffffff"
WIDTH = 6.4
"""Width of a picture in inches where no axes are given."""

_LETTER, _SAMPLE = 4.9, 30.0
"""Widths in points of a letter beneath the axes, and of the sample before it with the gap after."""
_STRIP = 1.15
"""How wide a strip may be, in parts of the axes' width: at their left there is room, too."""

RC: Any = {  # Any: matplotlib's own type for it differs between versions
    "font.size": 9.0,
    "text.color": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": SOFT_INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlepad": 8.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": SOFT_INK,
    "ytick.color": SOFT_INK,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "savefig.bbox": None,
    "figure.max_open_warning": 0,
}


@dataclass(frozen=True, slots=True)
class Look:
    """How one of several lines is drawn; every colour has a contrast of at least 4.5 on white."""

    colour: str
    dash: Dash
    marker: str


LOOKS = (
    Look("#17406d", (0, ()), "o"),
    Look("#b03a0e", (0, (5, 1.6)), "s"),
    Look("#0a6b60", (0, (6, 1.5, 1.2, 1.5)), "^"),
    Look("#76378b", (0, (1.2, 1.4)), "D"),
    Look("#6a5a00", (0, (8, 1.5, 3, 1.5)), "v"),
    Look("#3d434a", (0, (3, 1.2, 1.2, 1.2, 1.2, 1.2)), "X"),
)


@dataclass(frozen=True, slots=True)
class Fill:
    """How one of several areas is filled."""

    colour: str
    hatch: str


def look(number: int) -> Look:
    """Return the look of the n-th line; after six lines the dashes shift against the colours."""
    rounds, place = divmod(number, len(LOOKS))
    other = LOOKS[(place + rounds) % len(LOOKS)]
    return Look(LOOKS[place].colour, other.dash, other.marker)


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Draw a picture in this style, whatever the user's own is, and of names that there are."""
    parameters = signature(draw)

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        require_names(parameters.bind(*args, **kwargs).arguments)
        with matplotlib.rc_context(RC):
            picture = draw(*args, **kwargs)
            interactive = matplotlib.is_interactive()
        matplotlib.interactive(
            interactive
        )  # a notebook sets it with its first figure, and shows no more without
        return picture

    return drawn


def canvas(ax: Axes | None, height: float = 3.6, width: float = WIDTH) -> Axes:
    """Return the axes to draw on: those given, or those of a new figure of this size in inches."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    new: Axes = plt.subplots(figsize=(width, height), layout="constrained")[1]
    return new


def size_of(ax: Axes) -> tuple[float, float]:
    """Return width and height of the axes in points, near enough before the layout is made."""
    box = ax.get_window_extent()
    scale = 72 / ax.figure.dpi
    return box.width * scale, box.height * scale


def beneath(ax: Axes, points: float) -> Transform:
    """Return the coordinates whose origin lies so many points below the lower left corner of the axes."""
    return ax.transAxes + ScaledTranslation(0, -points / 72, ax.figure.dpi_scale_trans)


def strip(ax: Axes, handles: Sequence[Artist] | None = None, *, below: float = 30.0) -> None:
    """Write beneath the axes, outside the data, what areas and lines are: all that have a label, or these."""
    quoted = ax.get_legend_handles_labels()[0] if handles is None else handles
    ax.legend(
        handles=quoted, loc="upper left", bbox_to_anchor=(0.0, 0.0), bbox_transform=beneath(ax, below),
        ncols=strip_columns(ax, quoted), borderaxespad=0.0, handlelength=1.6, handleheight=1.0, columnspacing=1.2,
    )  # fmt: skip


def strip_columns(ax: Axes, handles: Sequence[Artist]) -> int:
    """Return how many labels fit beside each other beneath the axes, in rows as full as each other.

    A column is as wide as its longest label; columns are filled one after the other.
    """
    widths = [_LETTER * len(str(handle.get_label())) + _SAMPLE for handle in handles]
    room = _STRIP * size_of(ax)[0] - _left_of(ax)
    for rows in range(1, len(widths)):
        columns = [max(widths[start : start + rows]) for start in range(0, len(widths), rows)]
        if sum(columns) <= room:
            return len(columns)
    return 1


def _left_of(ax: Axes) -> float:
    """Return how much wider than usual the names at the left of the axes are, in points."""
    names = [line for label in ax.get_yticklabels() for line in label.get_text().split("\n")]
    return max(0.0, _LETTER * max(map(len, names), default=0) - size_of(ax)[0] / 8)


def patch(fill: Fill, label: str) -> Patch:
    """Return a sample of an area, for the strip."""
    return Patch(facecolor=fill.colour, hatch=fill.hatch, edgecolor=INK, linewidth=0.5, label=label)


# Names at the ends of lines, so that no legend is needed and none hides data.

LONG = 22
"""Names of more letters are folded where they stand beside the axes."""
LINE_HEIGHT = 1.35
"""Distance of two lines of text, in their size."""


class End(NamedTuple):
    """The end of a line, in the units of the data, and what is written there."""

    x: float
    y: float
    text: str
    colour: str = INK


def folded(name: str, letters: int = LONG) -> str:
    """Fold a long name into lines, after a space, a hyphen or an underscore where there is one."""
    lines: list[str] = []
    for part in re.findall(r"[^ _-]*[ _-]?", name):
        if lines and len(lines[-1]) + len(part.rstrip(" ")) <= letters:
            lines[-1] += part
        else:
            lines.append(part)
    pieces = [line[at : at + letters] for line in lines for at in range(0, len(line), letters)]
    return "\n".join(piece.rstrip(" ") for piece in pieces if piece.strip())


def label_ends(ax: Axes, ends: Sequence[End], size: float = 8.5) -> None:
    """Write the texts at the right of the axes, each as near to its line's end as the others allow.

    Call it when the limits of the axes are final.
    """
    if not ends:
        return
    low, high = ax.get_ylim()
    rows = max(end.text.count("\n") + 1 for end in ends)
    gap = rows * size * LINE_HEIGHT / size_of(ax)[1]
    wanted = [(end.y - low) / (high - low) for end in ends]
    sunk = (
        gap * (rows - 1) / rows / 2
    )  # what stands out below of several lines whose middle is at the lower end
    for end, at in zip(ends, spread(wanted, gap, sunk), strict=True):
        _write(ax, end, at, size)


def _write(ax: Axes, end: End, at: float, size: float) -> None:
    ax.annotate(
        end.text, (end.x, end.y), (1.03, at), xycoords="data", textcoords="axes fraction", fontsize=size,
        color=end.colour, va="center", ha="left", annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": SOFT_INK, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 2,
                    "relpos": (0, 0.5)},
    )  # fmt: skip


def spread(wanted: Sequence[float], gap: float, low: float = 0.0, high: float = 1.0) -> list[float]:
    """Move positions apart, by as little as it takes, until neighbours are `gap` from each other.

    They stay in their order and, where there is room, between `low` and `high`.
    """
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    groups: list[list[float]] = []  # [sum of where members would put the first one, number of members]
    for number in order:
        groups.append([wanted[number], 1])
        while len(groups) > 1 and _first(groups[-2]) + gap * groups[-2][1] > _first(groups[-1]):
            total, members = groups.pop()
            groups[-1][0] += total - members * gap * groups[-1][1]
            groups[-1][1] += members
    placed = [_first(group) + gap * k for group in groups for k in range(int(group[1]))]
    return [at for _, at in sorted(zip(order, _kept_within(placed, gap, low, high), strict=True))]


def _first(group: Sequence[float]) -> float:
    return group[0] / group[1]


def _kept_within(placed: list[float], gap: float, low: float, high: float) -> list[float]:
    """Push in what stands out at the top, then at the bottom."""
    count = len(placed)
    pushed = [min(at, high - gap * (count - 1 - k)) for k, at in enumerate(placed)]
    return [max(at, low + gap * k) for k, at in enumerate(pushed)]
