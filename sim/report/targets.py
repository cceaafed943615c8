"""Targets held against the figures of a run or of a point of a sweep: a table, and the answer in a sentence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import inf

from sim.experiments.verdicts import Answer, Verdict
from sim.metrics import lookup
from sim.metrics.formatting import like, quantity, replications_that_tell
from sim.report.document import Cell, Row, Table, Tone, cell_with_unit
from sim.scenario.numbers import share_text

_ANSWERS: dict[Answer, str] = {
    "met": "met",
    "missed": "missed",
    "open": "too close to call",
    "left": "left to sim check",
    "no data": "without data",
    "unfinished": "left open by the unfinished",
    "grows": "met so far, but a backlog grows",
}
_TONES: Mapping[Answer, Tone] = {
    "met": "met",
    "missed": "missed",
    "open": "open",
    "left": "open",
    "no data": "no-data",
    "unfinished": "open",
    "grows": "open",
}


def answer(verdicts: Sequence[Verdict]) -> str:
    """Describe in one sentence how many targets are met and missed; there must be one at least."""
    counts = Counter(verdict.answer for verdict in verdicts)
    if len(verdicts) == 1:
        return f"The one target is {_ANSWERS[verdicts[0].answer]}."
    for only, words in _ANSWERS.items():
        if counts[only] == len(verdicts):
            every = "Both" if len(verdicts) == 2 else f"All {len(verdicts)}"
            return f"{every} targets are {words}."
    parts = [
        f"{counts[one]} {'is' if counts[one] == 1 else 'are'} {words}"
        for one, words in _ANSWERS.items()
        if counts[one]
    ]
    number, _, rest = parts[0].partition(" ")
    return f"{number} of {len(verdicts)} targets {rest}, {', '.join(parts[1:])}."


def targets(verdicts: Iterable[Verdict]) -> Table:
    """Return each target with what is wanted, its figure and the verdict."""
    rows = [
        Row(
            target_words(verdict),
            [
                Cell(bounds(verdict)), _simulated(verdict),
                Cell(verdict_words(verdict), tone=_TONES[verdict.answer]),
            ],
        )
        for verdict in verdicts
    ]  # fmt: skip
    return Table("Targets", ("Target", "Wanted", "Simulated", "Verdict"), rows, words=True, titled=False)


def unknown(verdicts: Iterable[Verdict]) -> list[str]:
    """Describe, a sentence a target that is too close to call, what is not known and what would tell."""
    return [_what_would_tell(verdict) for verdict in verdicts if verdict.answer == "open"]


def _what_would_tell(verdict: Verdict) -> str:
    figure, target = verdict.figure, verdict.target
    assert figure is not None
    distance = min(
        abs(figure.value - bound) for bound in (target.at_least, target.at_most) if bound is not None
    )
    low, high = verdict.interval
    needed = replications_that_tell(figure.replications, (high - low) / 2, distance)
    least, most = (0.0, 1.0) if figure.unit == "share" else (0.0, inf)  # no figure lies beyond these
    said = " to ".join(
        quantity(round(one, 3 if figure.unit == "share" else 1), figure.unit)
        for one in (max(low, least), min(high, most))
    )
    together = f", its {verdict.among} figures taken together" if verdict.among > 1 else ""
    return (
        f"{target_words(verdict)}: somewhere from {said}{together}, on either side of the target; "
        f"{needed} would tell."
    )


def _simulated(verdict: Verdict) -> Cell:
    """Return the figure in the unit in which its bound is written."""
    bound = verdict.target.at_most if verdict.target.at_least is None else verdict.target.at_least
    return cell_with_unit(like(bound or 0.0, verdict.figure))


def target_words(verdict: Verdict) -> str:
    """Name what a target is about."""
    target = verdict.target
    places = [
        name for name in (target.queue, target.team, target.channel, target.label, target.interval) if name
    ]
    if target.each is not None:
        part = (verdict.figure.interval or verdict.figure.day) if verdict.figure else ""
        worst = f" (worst: {part})" if part else ""
        places.append(f"every {target.each}{worst}")
    if target.on_days is not None:
        places.append(f"on {share_text(target.on_days)} of days")
    kind = [target.kind.replace("_", " ")] if target.kind else []
    title = f"{lookup(target.metric).label} {target.variant or ''}".strip()
    return ", ".join([title, *places, *kind])


def bounds(verdict: Verdict) -> str:
    """Write what is wanted, in the unit of the figure."""
    target, unit = verdict.target, verdict.figure.unit if verdict.figure else ""
    limits = (("at least", target.at_least), ("at most", target.at_most))
    return ", ".join(f"{words} {quantity(value, unit)}" for words, value in limits if value is not None)


def verdict_words(verdict: Verdict) -> str:
    """Write a verdict with a sign, so that it is no matter of colour."""
    signs = {
        "met": "✓",
        "missed": "✗",
        "open": "≈",
        "left": "→",
        "no data": "–",
        "unfinished": "≈",
        "grows": "≈",
    }
    sign = signs[verdict.answer]
    return f"{sign} {_ANSWERS[verdict.answer]}"
