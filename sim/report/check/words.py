"""Figures, limits and verdicts of the gate in words, the same in every format."""

from collections import Counter
from collections.abc import Sequence
from math import isnan

from sim.experiments.figure_selectors import FigureSelector
from sim.gate.result import CheckResult
from sim.gate.sequential import Hypothesis, Layer, TestResult, Verdict
from sim.metrics.formatting import UNITS, limit, open_words, quantity
from sim.report.document import Tone

TONES: dict[Verdict, Tone] = {
    Verdict.PASS: "met", Verdict.FAIL: "missed", Verdict.INCONCLUSIVE: "open", Verdict.REFUSED: "no-data"
}  # fmt: skip


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
    return [
        *lines,
        *(f"{layer}: {said}" for layer in (Layer.PAIRED, Layer.TARGET) if (said := counted(checked, layer))),
    ]


def counted(checked: CheckResult, layer: Layer) -> str:
    """Describe how many targets are surely met, or how many figures surely no worse; empty where there are none."""
    found = checked.of(layer)
    if not found:
        return ""
    if layer is Layer.PAIRED and all_the_same(checked):
        return f"{_number(len(found), 'figure')} the same in every replication"
    counts = Counter(one.verdict for one in found)
    parts = [
        f"{counts[verdict]} {'is' if counts[verdict] == 1 else 'are'} {words[layer is Layer.PAIRED]}"
        for verdict, words in _COUNTED.items()
        if counts[verdict]
    ]
    first, *others = parts
    what = "target" if layer is Layer.TARGET else "figure"
    number, _, rest = first.partition(" ")
    every = "both" if len(found) == 2 else f"all {len(found)}"
    how_many = f"{number} of {len(found)}" if others else every
    first = f"the one {what} {rest}" if len(found) == 1 else f"{how_many} {what}s {rest}"
    return ", ".join([first, *others])


def _number(count: int, what: str) -> str:
    return f"the one {what} is" if count == 1 else f"all {count} {what}s are"


_COUNTED = {
    Verdict.PASS: ("surely met", "surely no worse than allowed"),
    Verdict.FAIL: ("surely missed", "surely worse"),
    Verdict.INCONCLUSIVE: ("too close to call", "too close to call"),
}


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

_GROWS = "met so far, but a backlog grows"

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
