"""The models with known answers as a table that a sceptic can read."""

import math
from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.report.document import Cell, Document, Table
from sim.report.document import Row as Line
from sim.report.json_csv import csv_text, json_object
from sim.report.text_table import markdown, text
from sim.verification.case import LIMIT, WIDEST, Row, Verdict

if TYPE_CHECKING:
    import pandas as pd

    from sim.verification.run_cases import CaseResult


HEADS = ("Expected", "Simulated", "z", "Verdict")
PAGE_HEADS = ("figure", "source", "expected", "simulated", "95 % interval", "z", "verdict")
BRIEF = {Verdict.TOO_WIDE: "too wide", Verdict.NOT_SIMULATED: "not run"}

METHOD = (
    "z is the distance between the two in standard errors of both together. A figure differs where it lies"
    f" more than {LIMIT:g} of them away; it is too wide to tell where half its 95 % interval is more than"
    f" {WIDEST * 100:g} % of the answer, as a run that could not fail would prove nothing."
)

PAGE = """\
# Verification

Models with answers that somebody else gave: formulas and equations solved exactly, and cases printed in the
literature. Each is simulated by the same engine as every scenario, and every figure is set beside its answer.
This page is written by `sim verify --format markdown > docs/reference/verification.md`; the tests run the same cases.
"""


def document(found: "Sequence[CaseResult]") -> Document:
    """Build a table a case, and how many figures agree."""
    return Document("", tables=[_table(one) for one in found], notes=[METHOD, summary(found)])


def verification_text(found: "Sequence[CaseResult]", width: int) -> str:
    """Write a table a case and how many figures agree, no line longer than `width` where that is possible."""
    return text(document(found), width, hang="  ")


def verification_json(found: "Sequence[CaseResult]", quick: bool) -> str:
    """Write one object: how many figures came to which verdict, and `figures`."""
    counts = {str(verdict): len(rows_with(found, verdict)) for verdict in Verdict}
    return json_object({"quick": quick, "verdicts": counts}, {"figures": _frame(found)})


def verification_csv(found: "Sequence[CaseResult]") -> str:
    """Write every figure as a row."""
    return csv_text(_frame(found))


def verification_markdown(found: "Sequence[CaseResult]") -> str:
    """Write the page of the documentation."""
    return "\n".join(
        [PAGE, *wrap(METHOD, 110), "", summary(found), "", *(line for one in found for line in _section(one))]
    ).rstrip()


def summary(found: "Sequence[CaseResult]") -> str:
    """Describe how many figures agree and how many do not."""
    rows = [row for one in found for row in one.rows]
    counts = [(verdict, len(rows_with(found, verdict))) for verdict in Verdict]
    parts = ", ".join(f"{verdict}: {count}" for verdict, count in counts if count)
    return f"Models: {len(found)}, figures: {len(rows)}, {parts}."


def rows_with(found: "Sequence[CaseResult]", verdict: Verdict) -> list[Row]:
    """Return the rows of a verdict."""
    return [row for one in found for row in one.rows if row.verdict is verdict]


def _table(one: "CaseResult") -> Table:
    """Return the figures of a case under the source of their answers."""
    lines: list[Line] = []
    for source in dict.fromkeys(row.source for row in one.rows):
        lines.append(Line(source, [Cell("")] * len(HEADS), 1))
        lines.extend(Line(row.figure, _cells(row), 2) for row in one.rows if row.source == source)
    return Table(f"{one.case.key}  {one.case.model}", ["", *HEADS], lines)


def _cells(row: Row) -> list[Cell]:
    verdict = BRIEF.get(row.verdict, str(row.verdict))
    z = "" if math.isnan(row.z) else f"{row.z:+.1f}"
    half = "" if math.isnan(row.low) else f"±{_number((row.high - row.low) / 2, row.expected)}"
    return [Cell(_number(row.expected, row.expected)), Cell(_simulated(row), half), Cell(z), Cell(verdict)]


def _simulated(row: Row) -> str:
    return "-" if math.isnan(row.simulated) else _number(row.simulated, row.expected)


def _number(value: float, like: float) -> str:
    """Write a number with as many decimals as give `like` five digits."""
    decimals = 4 - math.floor(math.log10(abs(like))) if like else 4
    return f"{value:.{max(0, decimals)}f}"


def _section(one: "CaseResult") -> list[str]:
    return [f"## {one.case.key}: {one.case.model}", "", markdown(_page_table(one)), ""]


def _page_table(one: "CaseResult") -> Table:
    """Return the figures of a case with their sources in a column, as a page has room for them."""
    return Table(one.case.model, PAGE_HEADS, [Line(row.figure, _page_cells(row)) for row in one.rows])


def _page_cells(row: Row) -> list[Cell]:
    limits = () if math.isnan(row.low) else (_number(row.low, row.expected), _number(row.high, row.expected))
    z = "" if math.isnan(row.z) else f"{row.z:+.2f}"
    texts = (row.source, f"{row.expected:.10g}", _simulated(row), " to ".join(limits), z, str(row.verdict))
    return [Cell(one) for one in texts]


def _frame(found: "Sequence[CaseResult]") -> "pd.DataFrame":
    import pandas as pd

    columns = list(Row.__dataclass_fields__)
    rows = [{name: getattr(row, name) for name in columns} for one in found for row in one.rows]
    return pd.DataFrame(rows, columns=columns).astype({"verdict": "str"})
