"""What the gate says, on a terminal or in the log of a job."""

from collections.abc import Sequence

from sim.experiments.figure_selectors import FigureSelector
from sim.gate.acceptance import Accepted
from sim.gate.result import CheckResult
from sim.gate.sequential import Inconclusive, Verdict, gravest
from sim.report.check.findings import document
from sim.report.check.words import code_changes, head, number, sentence, signed
from sim.report.document import Cell, Row, Section
from sim.report.text_table import broken, table, titled

# What accepting a baseline changes, for the reviewer of the change.

HEADS = ("Was", "Is", "Change")
FIRST_HEADS = ("Is",)


def accepted_text(accepted: Sequence[Accepted], width: int) -> str:
    """Write a block for each baseline."""
    return "\n\n".join("\n".join(_accepted_block(one, width)) for one in accepted)


def _accepted_block(accepted: Accepted, width: int) -> list[str]:
    written = f"{accepted.scenario.name}: accepted {accepted.after.most} replications in {accepted.path}"
    lines = [*broken(written, width), *(f"  {line}" for line in _said(accepted))]
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
        Row(head(figure), _cells(figure, was, now) if accepted.before else [Cell(number(figure, now))])
        for figure, (was, now) in accepted.values().items()
    ]


def _cells(figure: FigureSelector, was: float, now: float) -> list[Cell]:
    return [Cell(number(figure, was)), Cell(number(figure, now)), Cell(signed(figure, now - was))]


def text(found: Sequence[CheckResult], width: int, inconclusive: Inconclusive | None = None) -> str:
    """Write a block for each scenario, and for several a line with the sum of it."""
    blocks = [_block(checked, width) for checked in found]
    if len(found) > 1:
        blocks.append(_sum(found))
    if inconclusive and gravest(checked.verdict for checked in found) is Verdict.INCONCLUSIVE:
        blocks.append(f"Inconclusive counts as a {inconclusive} here (--inconclusive).")
    return "\n\n".join(blocks)


def _block(checked: CheckResult, width: int) -> str:
    if checked.verdict is Verdict.REFUSED:
        return "\n".join([f"{checked.name}: {checked.verdict.upper()}", *_indented(checked.refusal, width)])
    found = document(checked, width)
    parts = [
        *(broken(line, width) for line in (found.title, *found.sentences)),
        *(["", *titled(table, width)] for table in found.tables),
        *(_section(section, width) for section in found.sections),
        *(["", *broken(note, width)] for note in found.notes),
        _reasons(checked, width),
    ]
    return "\n".join(line for part in parts for line in part)


def _section(section: Section, width: int) -> list[str]:
    lists = [line for one in section.lists for line in ("", one.title, *_indented(one.lines, width))]
    stories = (["", *broken(title, width), *text.split("\n")] for title, text in section.stories.items())
    return [*lists, *(line for story in stories for line in story)]


def _reasons(checked: CheckResult, width: int) -> list[str]:
    """Describe once more, last, why it is no pass."""
    deciding = [finding for finding in checked.findings if finding.verdict is checked.verdict]
    if checked.verdict is Verdict.PASS:
        return []
    said = [f"{checked.verdict.upper()}: {sentence(finding)}" for finding in deciding]
    if checked.trace_fails:
        said.insert(0, f"{checked.verdict.upper()}: the trace has changed, and --exact allows no change")
    return ["", *(line for one in said for line in broken(one, width, subsequent_indent="  "))]


def _indented(lines: Sequence[str], width: int) -> list[str]:
    wrapped = (
        broken(line, width, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
        for line in lines
    )
    return [row for rows in wrapped for row in rows]


def _sum(found: Sequence[CheckResult]) -> str:
    counted = {one: sum(checked.verdict is one for checked in found) for one in Verdict}
    parts = ", ".join(f"{count} {one}" for one, count in counted.items() if count)
    return f"{gravest(checked.verdict for checked in found).upper()}: {len(found)} scenarios: {parts}"
