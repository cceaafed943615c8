"""What the gate says, on a terminal or in the log of a job."""

from collections.abc import Sequence
from textwrap import wrap

from sim.gate.result import Checked
from sim.gate.sequential import Finding, Layer, Verdict, gravest
from sim.report.columns import Cell, Row, table
from sim.report.gate.stories import hits, what_changed
from sim.report.gate.words import (
    all_the_same,
    apart,
    between,
    bound,
    head,
    headline,
    how,
    layers,
    legend,
    number,
    sentence,
    signed,
    verdict,
)

PAIRED = ("Baseline", "Candidate", "Difference\n(surely)", "Margin", "Verdict")
TARGET = ("Figure\n(surely)", "Target", "Verdict")


def text(found: Sequence[Checked], width: int) -> str:
    """Write a block for each scenario, and for several a line with the sum of it."""
    blocks = [_block(checked, width) for checked in found]
    if len(found) > 1:
        blocks.append(_sum(found))
    return "\n\n".join(blocks)


def _block(checked: Checked, width: int) -> str:
    if checked.verdict is Verdict.REFUSED:
        return "\n".join([f"{checked.name}: {checked.verdict.upper()}", *_indented(checked.refusal, width)])
    parts = [
        wrap(headline(checked), width),
        wrap(how(checked), width),
        *(wrap(line, width) for line in layers(checked)),
        *_tables(checked, width),
        _changes(checked, width),
        ["", *wrap(legend(checked), width)],
        _reasons(checked, width),
    ]
    return "\n".join(line for part in parts for line in part)


def _tables(checked: Checked, width: int) -> list[list[str]]:
    paired = [] if all_the_same(checked) else [_paired(finding) for finding in checked.of(Layer.PAIRED)]
    target = [_target(finding) for finding in checked.of(Layer.TARGET)]
    tables = []
    if paired:
        tables.append(["", *table(["Is it worse?", *PAIRED], paired, width)])
    if target:
        tables.append(["", *table(["Is it good enough?", *TARGET], target, width)])
    return tables


def _paired(finding: Finding) -> Row:
    figure = finding.claim.figure
    return head(figure), [
        Cell(number(figure, finding.base)),
        Cell(number(figure, finding.value)),
        Cell(signed(figure, finding.difference), _limits(finding)),
        Cell(apart(figure, finding.claim.sides[0][1])),
        Cell(verdict(finding)),
    ]


def _target(finding: Finding) -> Row:
    figure = finding.claim.figure
    return head(figure), [
        Cell(number(figure, finding.value), _limits(finding)),
        Cell(bound(finding.claim)),
        Cell(verdict(finding)),
    ]


def _limits(finding: Finding) -> str:
    """Write the limits; nothing where a dash in place of the value says it all."""
    text = between(finding.claim.figure, finding.low, finding.high)
    return "" if text == "-" else text


def _changes(checked: Checked, width: int) -> list[str]:
    if checked.changed is None:
        return []
    said = what_changed(checked.changed, checked.scenario.opens_at)
    return ["", "What changed", *_indented(said, width), *hits(checked, width)]


def _reasons(checked: Checked, width: int) -> list[str]:
    """Say once more, last, why it is no pass."""
    deciding = [finding for finding in checked.findings if finding.verdict is checked.verdict]
    if checked.verdict is Verdict.PASS:
        return []
    said = [f"{checked.verdict.upper()}: {sentence(finding)}" for finding in deciding]
    if checked.trace_fails:
        said.insert(0, f"{checked.verdict.upper()}: the trace has changed, and --exact allows no change")
    return ["", *(line for one in said for line in wrap(one, width, subsequent_indent="  "))]


def _indented(lines: Sequence[str], width: int) -> list[str]:
    wrapped = (
        wrap(line, width, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
        for line in lines
    )
    return [row for rows in wrapped for row in rows]


def _sum(found: Sequence[Checked]) -> str:
    counted = {one: sum(checked.verdict is one for checked in found) for one in Verdict}
    parts = ", ".join(f"{count} {one}" for one, count in counted.items() if count)
    return f"{gravest(checked.verdict for checked in found).upper()}: {len(found)} scenarios: {parts}"
