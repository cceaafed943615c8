"""Figures, limits and verdicts of the gate in words, the same in every format."""

from collections.abc import Sequence
from math import isnan

from sim.experiments.figure_selectors import FigureSelector
from sim.gate.result import CheckResult
from sim.gate.sequential import Hypothesis, Layer, TestResult, Verdict
from sim.metrics.formatting import UNITS, limit, long_scale, open_words, quantity
from sim.metrics.metric import Scale
from sim.report.document import Cell, Document, Row, Table, Tone

PAIRED = ("Is it worse?", "Baseline", "Candidate", "Difference\n(surely)", "Margin", "Verdict")
TARGET = ("Is it good enough?", "Figure\n(surely)", "Target", "Verdict")
TONES: dict[Verdict, Tone] = {
    Verdict.PASS: "met", Verdict.FAIL: "missed", Verdict.INCONCLUSIVE: "open", Verdict.REFUSED: "no-data"
}  # fmt: skip


def document(checked: CheckResult) -> Document:
    """Build what was found of a scenario: how it went and how it was done, the tables, and what they rest on."""
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


def number(figure: FigureSelector, value: float) -> str:
    """Write a value without its unit: shares in per cent, "-" where there is none."""
    return limit(value, figure.definition.unit)


def valued(figure: FigureSelector, value: float) -> str:
    """Write a value with its unit."""
    return _with(number(figure, value), _unit(figure))


def signed(figure: FigureSelector, value: float) -> str:
    """Write a difference without its unit, with its sign."""
    text = number(figure, value)
    return f"+{text}" if value > 0 and text != number(figure, 0.0) else text


def apart(figure: FigureSelector, value: float) -> str:
    """Write an amount by which figures are apart; that of shares is in points."""
    return _with(number(figure, abs(value)), "points" if figure.definition.is_share else _unit(figure))


def between(figure: FigureSelector, low: float, high: float) -> str:
    """Write two limits, "-" where there are none."""
    if isnan(low) and isnan(high):
        return number(figure, low)
    return f"{number(figure, low)} .. {number(figure, high)}"


def name(figure: FigureSelector) -> str:
    """Name a figure as a person reads it: the metric, then the part of the run."""
    return f"{figure.metric} {figure.words}".strip()


def head(figure: FigureSelector) -> str:
    """Name a figure with the unit of its column."""
    unit = _unit(figure)
    return f"{name(figure)}, {unit}" if unit else name(figure)


def bound(claim: Hypothesis) -> str:
    """Write what a target asks for."""
    words = []
    for sign, value in claim.sides:
        bounded = quantity(sign * value, claim.figure.definition.unit)
        words.append(f"{'at most' if sign > 0 else 'at least'} {bounded}")
    return " and ".join(words)


def margin(claim: Hypothesis) -> str:
    """Write how much worse a figure may become: the amount, and what it was given as where that is relative."""
    amount = apart(claim.figure, claim.sides[0][1])
    relative = claim.words.endswith("%") and not claim.figure.definition.is_share
    return f"{amount} ({claim.words})" if relative else amount


def sentence(finding: TestResult) -> str:
    """Describe what was found in one sentence."""
    claim = finding.claim
    asked = (
        f"the target is {bound(claim)}" if claim.layer is Layer.TARGET else f"the margin is {margin(claim)}"
    )
    if isnan(finding.low) and isnan(finding.high):
        return f"{_of_nobody(finding)}; {asked}: {_NOBODY[finding.verdict]}"
    seen = (
        f"surely {between(claim.figure, finding.low, finding.high)}, from {finding.replications} replications"
    )
    said = _HELD_BACK if finding.held_back else _WORDS[claim.layer, finding.verdict]
    said = _LEFT_OPEN if finding.left_open else _GROWS if finding.grows else said
    return f"{_what(finding)} ({seen}); {asked}: {said}"


def _what(finding: TestResult) -> str:
    figure = finding.claim.figure
    if not finding.is_paired:
        return f"{name(figure)} is {valued(figure, finding.value)}"
    return (
        f"{name(figure)} was {valued(figure, finding.base)} and is {valued(figure, finding.value)}:"
        f" {apart(figure, finding.difference)} {_way(finding)}"
    )


def _of_nobody(finding: TestResult) -> str:
    """Describe of a figure that nobody was there to be counted, before or now."""
    figure, many = finding.claim.figure, f"nobody to count in {finding.replications} replications"
    if not finding.is_paired or (isnan(finding.value) and isnan(finding.base)):
        return f"{name(figure)} has no value ({many})"
    if isnan(finding.base):
        return f"{name(figure)} had no value ({many}) and is {valued(figure, finding.value)}"
    return f"{name(figure)} was {valued(figure, finding.base)} and has no value now ({many})"


def headline(checked: CheckResult) -> str:
    """Describe in one line how it went, and which layer says so."""
    verdict = checked.verdict.upper()
    if checked.verdict is Verdict.REFUSED:
        return f"{checked.name}: {verdict}: {'; '.join(checked.refusal)}"
    spoke = f" ({', '.join(checked.speakers)})" if checked.speakers else ""
    return f"{checked.name}: {verdict}{spoke}"


def how(checked: CheckResult) -> str:
    """Describe how it was done."""
    against = f", against {checked.against}" if checked.against else ""
    return f"seed {checked.seed}, {checked.replications} replications of at most {checked.at_most}{against}"


def layers(checked: CheckResult) -> list[str]:
    """Describe in a line a layer what it says; layers that were not asked are left out."""
    lines = []
    if checked.changed is not None:
        verdict = Verdict.FAIL if checked.trace_fails else Verdict.PASS
        said = "changed" if checked.changed.anything else "not an event has changed"
        lines.append(f"{Layer.TRACE}: {said}{': fail' if verdict is Verdict.FAIL else ''}")
    for layer in (Layer.PAIRED, Layer.TARGET):
        found = checked.of(layer)
        if found:
            counted = {one: sum(finding.verdict is one for finding in found) for one in Verdict}
            parts = [f"{count} {one}" for one, count in counted.items() if count]
            if layer is Layer.PAIRED and all_the_same(checked):
                parts.append("every figure the same in every replication")
            lines.append(f"{layer}: {', '.join(parts)}")
    return lines


def still_open(checked: CheckResult) -> list[str]:
    """Describe how many are unfinished, which targets depend on what becomes of them, and what else is to be known."""
    names = [name(one.claim.figure) for one in checked.of(Layer.TARGET) if one.left_open]
    text = open_words(*checked.unfinished)
    depends = f"; what becomes of them decides {', '.join(dict.fromkeys(names))}" if names else ""
    return [*([f"{text}{depends}"] if text else []), *checked.remarks]


def all_the_same(checked: CheckResult) -> bool:
    """Whether no figure differs from the baseline in any replication, so that no table is needed to say it."""
    return all(finding.is_same for finding in checked.of(Layer.PAIRED))


def code_changes(simulator: bool, policies: Sequence[str]) -> list[str]:
    """Describe which code has changed."""
    said = ["the simulator's code has changed"] if simulator else []
    return said + [f"the code of policy {name} has changed" for name in policies]


def legend(checked: CheckResult) -> str:
    """Describe what the limits and verdicts rest on."""
    text = (
        f"Surely: limits that are wrong in at most 5 % of all checks, over {_looks(checked.looks)}. All"
        " figures must pass; a failure is corrected for their number (Holm)."
    )
    weak = [finding for finding in checked.of(Layer.PAIRED) if finding.correlation < _WEAK]
    if weak:
        names = ", ".join(name(finding.claim.figure) for finding in weak)
        text += f" The same customers hardly help with {names}: correlation below {_WEAK:g}."
    held_back = [finding for finding in checked.findings if finding.held_back]
    if held_back:
        names = ", ".join(name(finding.claim.figure) for finding in held_back)
        text += f" Inconclusive only by that correction: {names}, beyond the limit if tested alone."
    return text + (" Undecided figures were left so because others had failed." if checked.stopped else "")


def _looks(count: int) -> str:
    return "one look" if count == 1 else f"up to {count} looks"


_WEAK = 0.3
"""A correlation below this is hardly worth the pairing."""

_WORDS = {
    (Layer.TARGET, Verdict.PASS): "surely met",
    (Layer.TARGET, Verdict.FAIL): "surely missed",
    (Layer.TARGET, Verdict.INCONCLUSIVE): "not sure either way",
    (Layer.PAIRED, Verdict.PASS): "surely not worse than that",
    (Layer.PAIRED, Verdict.FAIL): "surely worse than that",
    (Layer.PAIRED, Verdict.INCONCLUSIVE): "not sure either way",
}

_HELD_BACK = "a failure if it were the only figure, not sure among so many (Holm)"

_LEFT_OPEN = "not sure: it depends on when those who are unfinished are answered, if ever"

_GROWS = "met so far, and not for sure: a backlog grows"

_NOBODY = {
    Verdict.PASS: "nobody can be worse off",
    Verdict.FAIL: "not sure either way",
    Verdict.INCONCLUSIVE: "not sure either way",
}


def _way(finding: TestResult) -> str:
    if not finding.difference:
        return "of difference"
    return "more" if finding.difference > 0 else "less"


def _unit(figure: FigureSelector) -> str:
    return UNITS.get(figure.definition.unit, "")


def _with(text: str, unit: str) -> str:
    return f"{text} {unit}" if unit and text != "-" else text
