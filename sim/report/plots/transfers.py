"""The picture of who hands conversations on to whom, and what comes of it."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from sim.metrics.formatting import fixed
from sim.report.plots.source import (
    NothingToDrawError,
    Source,
    day_word,
    days_in,
    in_order,
    names_of,
    table_of,
)
from sim.report.plots.style import INK, LINE_HEIGHT, Fill, canvas, folded, patch, size_of, strip, styled

TRANSFERS = ("transfer", "named_transfer")
FATES = {
    "answered": ("answered",),
    "customer left": ("abandoned",),
    "found nobody": ("no_agent", "disconnected", "voicemail", "wait_limit"),
    "withdrawn": ("cancelled", "refused", "unfinished"),
}
"""What may come of a request that asks for a colleague."""

_FILLS = {
    "answered": Fill("#c9d8e8", ""),
    "customer left": Fill("#f2c9b3", "////"),
    "found nobody": Fill("#7c2a08", ""),
    "withdrawn": Fill("#ffffff", "\\\\\\\\"),
}
_LEFT, _RIGHT, _BAR = 0.0, 1.0, 0.035
_AIR = 6.0
"""Points between the words of one queue and those of the next."""
_GAP = 0.03
_SIZE = 8.5
_LINES = {"from_queue": 2, "queue": 3}
"""How many lines are written beside a queue that asks, and beside one that is asked."""
_ROUNDS = 40


class _Box(NamedTuple):
    """A queue on one side: where it begins and ends, of 1 for everything, and where its room does."""

    name: str
    start: float
    end: float
    room_end: float

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@styled
def transfer_flow(source: Source, kinds: Sequence[str] = TRANSFERS, *, ax: Axes | None = None) -> Axes:
    """Draw which queues hand conversations on to which others, and what comes of it.

    Left are the queues whose agents ask, right those that are asked; a band is as wide as the requests are
    many. The bar at the right is parted by what became of them. Numbers are means of the kept days, or
    of the runs where they last longer than a day. `kinds` may be ("conference",). Needs the table of requests, or is
    given it.
    """
    flows = flows_of(table_of(source, "requests"), kinds)
    if flows.empty:
        raise NothingToDrawError(f"there was no {' and no '.join(kinds)} on the kept days")
    order = names_of(source, "queue")
    asking, asked = flows["from_queue"].nunique(), flows["queue"].nunique()
    ax = canvas(ax, 1.4 + 0.55 * max(asking, asked))
    left, right = _boxes(ax, flows, "from_queue", order), _boxes(ax, flows, "queue", order)
    height = max(_end(left), _end(right))
    left, right = (_centred(boxes, height) for boxes in (left, right))
    _draw_bands(ax, flows, left, right)
    _draw_left(ax, left)
    _draw_fates(ax, flows, right)
    _write_names(ax, source, flows, "from_queue", left)
    _write_names(ax, source, flows, "queue", right)
    ax.set_xlim(_LEFT - 0.01, _RIGHT + _BAR + 0.01)
    ax.set_ylim(height + 0.01, -0.01)
    ax.set_axis_off()
    strip(ax, [patch(_FILLS[fate], fate) for fate in FATES if (flows["fate"] == fate).any()], below=6)
    what = "Conferences asked for" if tuple(kinds) == ("conference",) else "Transfers"
    ax.set_title(f"{what} (a {day_word(source)})")
    return ax


def flows_of(requests: pd.DataFrame, kinds: Sequence[str] = TRANSFERS) -> pd.DataFrame:
    """Count the requests by the queue they come from, the queue they ask and their fate: `a_day` of each."""
    # One that goes on as another request is counted there.
    chosen = requests[requests["kind"].isin(kinds) & (requests["outcome"] != "moved")]
    fate = {outcome: name for name, outcomes in FATES.items() for outcome in outcomes}
    named = pd.DataFrame(
        {
            "from_queue": chosen["from_queue"].astype("str"),
            "queue": chosen["queue"].astype("str"),
            "fate": chosen["outcome"].astype("str").map(fate),
        }
    )
    counts = named.value_counts(sort=False).rename("a_day").reset_index()
    return counts.assign(a_day=counts["a_day"] / days_in(requests))


def _boxes(ax: Axes, flows: pd.DataFrame, column: str, order: Sequence[str]) -> list[_Box]:
    """Put the queues of a side beneath each other, each with at least the room that its words take."""
    sums = flows.groupby(column)["a_day"].sum() / flows["a_day"].sum()
    lines = _LINES[column] + max(folded(str(name)).count("\n") for name in sums.index)
    share = (lines * _SIZE * LINE_HEIGHT + _AIR) / size_of(ax)[1]  # of the height of the whole picture
    room = _room([float(one) for one in sums], share)
    boxes: list[_Box] = []
    at = 0.0
    for name in in_order(list(sums.index), order):
        size = float(sums[name])
        taken = max(size + _GAP, room)
        start = at + (taken - size) / 2
        boxes.append(_Box(name, start, start + size, at + taken))
        at += taken
    return boxes


def _room(sizes: Sequence[float], share: float) -> float:
    """Return the least room of a queue: `share` of the height that all the rooms together come to."""
    share = min(share, 1 / len(sizes))
    height = 1.0
    for _ in range(_ROUNDS):
        height = sum(max(size + _GAP, share * height) for size in sizes)
    return share * height


def _end(boxes: Sequence[_Box]) -> float:
    return boxes[-1].room_end


def _centred(boxes: Sequence[_Box], height: float) -> list[_Box]:
    """Move the boxes of a side down, so that it stands in the middle."""
    by = (height - _end(boxes)) / 2
    return [box._replace(start=box.start + by, end=box.end + by) for box in boxes]


def _draw_bands(ax: Axes, flows: pd.DataFrame, left: Sequence[_Box], right: Sequence[_Box]) -> None:
    pairs = flows.groupby(["from_queue", "queue"])["a_day"].sum() / flows["a_day"].sum()
    from_ = {box.name: box.start for box in left}
    to = {box.name: box.start for box in right}
    for source in left:
        for target in right:
            share = float(pairs.get((source.name, target.name), 0.0))
            if share:
                ax.add_patch(_band(from_[source.name], to[target.name], share))
            from_[source.name] += share
            to[target.name] += share


def _band(start: float, end: float, width: float) -> PathPatch:
    a, b = _LEFT + _BAR, _RIGHT
    middle = (a + b) / 2
    upper = [(a, start), (middle, start), (middle, end), (b, end)]
    lower = [(b, end + width), (middle, end + width), (middle, start + width), (a, start + width)]
    curve = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    codes = [*curve, Path.LINETO, *curve[1:], Path.CLOSEPOLY]
    path = Path([*upper, *lower, (a, start)], codes)
    return PathPatch(path, facecolor="#e6ebf1", edgecolor="#8a96a3", linewidth=0.5)


def _draw_left(ax: Axes, boxes: Sequence[_Box]) -> None:
    for box in boxes:
        ax.add_patch(_bar(_LEFT, box.start, box.end - box.start, Fill("#5b6b7c", "")))


def _draw_fates(ax: Axes, flows: pd.DataFrame, boxes: Sequence[_Box]) -> None:
    """Part each bar at the right by what became of the requests."""
    shares = flows.groupby(["queue", "fate"])["a_day"].sum() / flows["a_day"].sum()
    for box in boxes:
        at = box.start
        for fate, fill in _FILLS.items():
            height = float(shares.get((box.name, fate), 0.0))
            if height:
                ax.add_patch(_bar(_RIGHT, at, height, fill))
            at += height


def _bar(x: float, y: float, height: float, fill: Fill) -> Rectangle:
    return Rectangle(
        (x, y), _BAR, height, facecolor=fill.colour, hatch=fill.hatch, edgecolor=INK, linewidth=0.5
    )


def _write_names(ax: Axes, source: Source, flows: pd.DataFrame, column: str, boxes: Sequence[_Box]) -> None:
    """Write name and number beside each bar."""
    asked = column == "queue"
    x, align = (_RIGHT + _BAR + 0.015, "left") if asked else (_LEFT - 0.015, "right")
    for box in boxes:
        of_queue = flows[flows[column] == box.name]
        count = float(of_queue["a_day"].sum())
        number = fixed(count, 0 if count >= 10 else 1)
        text = f"{folded(box.name)}\n{number} a {day_word(source)}{_lost(of_queue, count) if asked else ''}"
        ax.text(x, box.middle, text, ha=align, va="center", fontsize=_SIZE, linespacing=1.2)


def _lost(flows: pd.DataFrame, count: float) -> str:
    nobody = float(flows.loc[flows["fate"] == "found nobody", "a_day"].sum())
    return f"\n{fixed(100 * nobody / count, 1)} % find nobody" if nobody else "\n0 % find nobody"
