"""What the gate says, for a pull request or a job's summary: tables, with the stories folded away."""

import re
from collections.abc import Sequence

from sim.gate.result import Checked
from sim.gate.sequential import Finding, Layer, Verdict
from sim.report.gate.stories import hits, what_changed
from sim.report.gate.words import (
    all_the_same,
    apart,
    between,
    bound,
    head,
    headline,
    how,
    legend,
    number,
    sentence,
    signed,
    verdict,
)

WIDTH = 100
PAIRED = ("Is it worse?", "Baseline", "Candidate", "Difference", "Surely", "Margin", "Verdict")
TARGET = ("Is it good enough?", "Figure", "Surely", "Target", "Verdict")

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def markdown(found: Sequence[Checked]) -> str:
    """Write a section for each scenario."""
    return "\n\n".join("\n\n".join(_section(checked)) for checked in found)


def escaped(text: str) -> str:
    """Keep what Markdown would read as markup, and what would end a cell of a table."""
    return " ".join(_SPECIAL.sub(r"\\\1", text).split())


def _section(checked: Checked) -> list[str]:
    parts = [f"### {_MARKS[checked.verdict]} {escaped(headline(checked))}"]
    if checked.verdict is Verdict.REFUSED:
        return parts
    parts.append(escaped(how(checked)) + ".")
    deciding = [one for one in checked.findings if one.verdict is checked.verdict]
    if checked.verdict is not Verdict.PASS and deciding:
        parts.append("\n".join(f"- {escaped(sentence(finding))}" for finding in deciding))
    paired = [] if all_the_same(checked) else [_paired(finding) for finding in checked.of(Layer.PAIRED)]
    target = [_target(finding) for finding in checked.of(Layer.TARGET)]
    parts += [_table(heads, rows) for heads, rows in ((PAIRED, paired), (TARGET, target)) if rows]
    parts += _changes(checked)
    return [*parts, escaped(legend(checked))]


_MARKS = {Verdict.PASS: "✅", Verdict.FAIL: "❌", Verdict.INCONCLUSIVE: "❔", Verdict.REFUSED: "🚫"}


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in heads[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rule, *rows))


def _paired(finding: Finding) -> list[str]:
    figure = finding.claim.figure
    cells = [
        head(figure), number(figure, finding.base), number(figure, finding.value),
        signed(figure, finding.difference), between(figure, finding.low, finding.high),
        apart(figure, finding.claim.sides[0][1]), verdict(finding),
    ]  # fmt: skip
    return _cells(cells, finding)


def _target(finding: Finding) -> list[str]:
    figure = finding.claim.figure
    surely = between(figure, finding.low, finding.high)
    return _cells(
        [head(figure), number(figure, finding.value), surely, bound(finding.claim), verdict(finding)], finding
    )


def _cells(cells: Sequence[str], finding: Finding) -> list[str]:
    plain = [escaped(cell) for cell in cells]
    return [*plain[:-1], f"**{plain[-1]}**" if finding.verdict is Verdict.FAIL else plain[-1]]


def _changes(checked: Checked) -> list[str]:
    if checked.changed is None:
        return []
    said = what_changed(checked.changed, checked.scenario.opens_at)
    lines = "\n".join(f"- {escaped(line.strip())}" for line in said)
    told = "\n".join(hits(checked, WIDTH)).strip("\n")
    folded = (
        [
            "<details><summary>The customers hit hardest, before and now</summary>",
            _fenced(told),
            "</details>",
        ]
        if told
        else []
    )
    return [f"**What changed**\n\n{lines}", *folded]


def _fenced(text: str) -> str:
    """Put text between fences longer than any it contains."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
