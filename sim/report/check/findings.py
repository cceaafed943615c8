"""The check of a scenario as a document: how it went, each figure with its verdict, what changed."""

from sim.gate.result import CheckResult
from sim.gate.sequential import Hypothesis, Layer, TestResult, Verdict
from sim.metrics.formatting import limit, long_scale
from sim.metrics.metric import Scale
from sim.report.check.changes import changes
from sim.report.check.words import (
    TONES,
    all_the_same,
    apart,
    between,
    bound,
    head,
    headline,
    how,
    layers,
    legend,
    name,
    number,
    signed,
    still_open,
)
from sim.report.document import Cell, Document, Row, Table

WIDTH = 100
PAIRED = ("Is it worse?", "Baseline", "Candidate", "Difference\n(surely)", "Margin", "Verdict")
TARGET = ("Is it good enough?", "Figure\n(surely)", "Target", "Verdict")


def document(checked: CheckResult, width: int = WIDTH) -> Document:
    """Build what was found of a scenario: how it went and how it was done, the tables, and what they rest on.

    Stories of customers are laid out in lines of `width`.
    """
    paired = [] if all_the_same(checked) else [_paired(finding) for finding in checked.of(Layer.PAIRED)]
    target = [_target(finding) for finding in checked.of(Layer.TARGET)]
    tables = [
        Table("Against the baseline", PAIRED, paired, titled=False),
        Table("Against the targets", TARGET, target, titled=False),
    ]
    return Document(
        title=headline(checked),
        sentences=[how(checked), *layers(checked), *still_open(checked)],
        tables=[table for table in tables if table],
        sections=[changes(checked, width)],
        notes=[legend(checked)],
    )


def _paired(finding: TestResult) -> Row:
    figure = finding.claim.figure
    cells = [
        Cell(number(figure, finding.base)), Cell(number(figure, finding.value)),
        Cell(signed(figure, finding.difference), _limits(finding)),
        Cell(apart(figure, finding.claim.sides[0][1])), _verdict(finding),
    ]  # fmt: skip
    return Row(head(figure), cells)


def _target(finding: TestResult) -> Row:
    claim = finding.claim
    scale = _long_scale(claim)
    if scale is None:
        value, label = Cell(number(claim.figure, finding.value), _limits(finding)), head(claim.figure)
    else:  # in the unit of the target, as nobody reads hours in seconds
        seen, low, high = (
            limit(scale(one), scale.unit) for one in (finding.value, finding.low, finding.high)
        )
        value = Cell(seen, "" if seen == "-" else f"{low} .. {high}")
        label = f"{name(claim.figure)}, {scale.unit}"
    return Row(label, [value, Cell(bound(claim)), _verdict(finding)])


def _long_scale(claim: Hypothesis) -> Scale | None:
    """Return the scale of a time whose bound is minutes or hours long."""
    if claim.figure.definition.unit != "s":
        return None
    return long_scale(max(abs(limit) for _, limit in claim.sides))


def _limits(finding: TestResult) -> str:
    """Write the limits; nothing where a dash in place of the value says it all."""
    text = between(finding.claim.figure, finding.low, finding.high)
    return "" if text == "-" else text


def _verdict(finding: TestResult) -> Cell:
    """Return a verdict for the column of a table; what fails stands out."""
    verdict = finding.verdict
    text = verdict.upper() if verdict is Verdict.FAIL else str(verdict)
    why = " (open)" if finding.left_open else " (Holm)" if finding.held_back else " (grows)" * finding.grows
    return Cell(f"{text}{why}", tone=TONES[verdict])
