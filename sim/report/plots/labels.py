"""Names at the ends of lines, so that no legend is needed and none hides data."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from sim.report.plots.style import INK, SOFT_INK, size_of

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
