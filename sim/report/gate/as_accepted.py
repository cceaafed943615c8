"""What accepting a baseline changes, for the reviewer of the change."""

from collections.abc import Sequence
from textwrap import wrap

from sim.experiments.figure_selectors import Wanted
from sim.gate.acceptance import Accepted
from sim.report.columns import Cell, Row, table
from sim.report.gate.words import code_changes, head, number, signed

HEADS = ("Was", "Is", "Change")
FIRST_HEADS = ("Is",)


def accepted_text(accepted: Sequence[Accepted], width: int) -> str:
    """Write a block for each baseline."""
    return "\n\n".join("\n".join(_accepted_block(one, width)) for one in accepted)


def _accepted_block(accepted: Accepted, width: int) -> list[str]:
    written = f"{accepted.scenario.name}: accepted {accepted.after.most} replications in {accepted.path}"
    lines = [*wrap(written, width), *(f"  {line}" for line in _said(accepted))]
    if accepted.before is None or accepted.trace_changed or _any_moved(accepted):
        heads = HEADS if accepted.before else FIRST_HEADS
        lines += ["", *table(["Figure", *heads], _rows(accepted), width)]
    return lines


def _said(accepted: Accepted) -> list[str]:
    if accepted.problem:
        return [f"the one that was there is replaced: {accepted.problem}"]
    if accepted.before is None:
        return ["it is the first one"]
    said = [str(change) for change in (*accepted.keys, *accepted.margins_changed)]
    said += code_changes(accepted.code_changed, accepted.policies_changed)
    trace = "has changed" if accepted.trace_changed else "is the same, to the last event"
    return [*said, f"the trace {trace}"]


def _any_moved(accepted: Accepted) -> bool:
    return any(was != now for was, now in accepted.values().values())


def _rows(accepted: Accepted) -> list[Row]:
    return [
        (head(figure), _cells(figure, was, now) if accepted.before else [Cell(number(figure, now))])
        for figure, (was, now) in accepted.values().items()
    ]


def _cells(figure: Wanted, was: float, now: float) -> list[Cell]:
    return [Cell(number(figure, was)), Cell(number(figure, now)), Cell(signed(figure, now - was))]
