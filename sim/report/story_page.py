"""The lines of a story laid out under each other, for a terminal of any width and for a file."""

from collections.abc import Sequence
from textwrap import wrap

from sim.metrics.formatting import clock
from sim.report.choices import View
from sim.report.notices import Kind
from sim.report.timeline import Line

GAP = 2
NARROWEST_WHAT = 24
"""Below this many columns for what happens it stands under the clock and the name, in place of beside them."""
INDENT = 4


def lay_out(
    lines: Sequence[Line], through: View, agent: str | None, opens_at: float, width: int
) -> list[str]:
    """Lay out a story: clock, who, what; a time that repeats itself is left out.

    Where everything is told, a notice stands beneath what has led to it, with its readers. `opens_at` is the
    clock time of opening in seconds since midnight.
    """
    rows = [_row(line, through, agent, opens_at) for line in lines]
    whos = max((len(who) for _, who, _ in rows), default=0)
    clocks = max((len(at) for at, _, _ in rows), default=0)
    beside = width - clocks - whos - 2 * GAP
    laid: list[str] = []
    last = ""
    for at, who, what in rows:
        shown = at if at != last else ""
        last = at
        if beside >= NARROWEST_WHAT:
            laid += _beside(f"{shown:<{clocks}}{' ' * GAP}{who:<{whos}}{' ' * GAP}", what, width)
        else:
            laid += _beneath(f"{shown:<{clocks}}{' ' * GAP}{who}".rstrip(), what, width)
    return laid


_KINDS = {Kind.MESSAGE: "message"}
"""What needs no more words where the reader is named."""


def _row(line: Line, through: View, agent: str | None, opens_at: float) -> tuple[str, str, str]:
    at = clock(opens_at + line.at)
    if through == "all" and line.notice is not None and not line.whispered:
        return at, "", f"> {', '.join(line.readers)} ({_KINDS.get(line.notice, line.notice)}): {line.what}"
    what = line.what
    if agent is not None and agent in line.read_later:
        what += " (read in the history)"
    return at, line.who, what


def _beside(margin: str, what: str, width: int) -> list[str]:
    hanging = " " * len(margin) + ("  " if what.startswith("> ") else "")
    return wrap(
        what, max(width, len(margin) + NARROWEST_WHAT), initial_indent=margin, subsequent_indent=hanging,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


def _beneath(head: str, what: str, width: int) -> list[str]:
    indent = " " * INDENT
    lines = wrap(
        what, max(width, NARROWEST_WHAT), initial_indent=indent, subsequent_indent=indent,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip
    return [head, *lines] if head else lines
