"""The answer in a few sentences: what came out, how sure that is, and against which targets."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isnan

from sim.experiments.growth import growth_words
from sim.experiments.result import Result
from sim.experiments.verdicts import Answer, Verdict
from sim.metrics import Figure
from sim.metrics.formatting import about, like, open_words, quantity, with_unit
from sim.metrics.metric import PLACE_COLUMNS
from sim.report.document import Cell, Row, Table, Tone, cell_with_unit
from sim.report.plots.axes import kind_words, title_of
from sim.scenario.numbers import share_text

FEW = 10
"""With fewer replications the page says that intervals are wide."""
_ANSWERS: dict[Answer, str] = {
    "met": "met",
    "missed": "missed",
    "open": "too close to call",
    "left": "left to sim check",
    "no data": "without data",
    "unfinished": "left open by the unfinished",
}
_TONES: Mapping[Answer, Tone] = {
    "met": "met",
    "missed": "missed",
    "open": "open",
    "left": "open",
    "no data": "no-data",
    "unfinished": "open",
}


def answer(verdicts: Sequence[Verdict]) -> str:
    """Describe in one sentence how many targets are met and missed; there must be one at least."""
    counts = Counter(verdict.answer for verdict in verdicts)
    if len(verdicts) == 1:
        return f"The one target is {_ANSWERS[verdicts[0].answer]}."
    for only, words in _ANSWERS.items():
        if counts[only] == len(verdicts):
            return f"All {len(verdicts)} targets are {words}."
    parts = [
        f"{counts[one]} {'is' if counts[one] == 1 else 'are'} {words}"
        for one, words in _ANSWERS.items()
        if counts[one]
    ]
    number, _, rest = parts[0].partition(" ")
    return f"{number} of {len(verdicts)} targets {rest}, {', '.join(parts[1:])}."


def in_numbers(run: Result) -> Iterator[str]:
    """Describe what became of the requests, and of those handed on."""
    offered = _figure(run, "offered")
    if offered is None or not offered.value:
        yield "Nobody asked for an agent."
        return
    yield (
        f"{_share(run, 'answered', offered)} of {about(offered)} requests{_each(run)} were answered, "
        f"after {_seconds(run, 'asa')} on average."
    )
    yield (
        f"{_share(run, 'abandoned', offered)} were given up by the customer, "
        f"{_share(run, 'no_agent', offered)} found no agent."
    )
    both = [_figure(run, f"unfinished_{which}") for which in ("missed", "undetermined")]
    if words := open_words(*(0.0 if one is None else one.value for one in both)):
        yield f"{words.capitalize()}."
    yield from growth_words(run.growing, run.scenario)
    for kind in ("transfer", "named_transfer", "conference"):
        placed = _figure(run, "placed", kind)
        if placed is not None and placed.value:
            nobody = with_unit(_figure(run, "no_agent_rate", kind))
            yield f"Of {about(placed)} {_KINDS[kind]} {nobody} found no agent."


_KINDS = {
    "transfer": "transfers",
    "named_transfer": "transfers to an agent by name",
    "conference": "requests for a conference",
}


def how_sure(run: Result) -> Iterator[str]:
    """Describe on how much the figures rest, and what that does and does not mean."""
    if run.manifest.get("interrupted"):
        how = "stopped by its budget" if run.manifest.get("stopped") else "interrupted"
        yield f"The run was {how}: {run.replications} of {run.asked} replications were finished."
    if run.replications == 1:
        yield (
            "One replication says what may happen, not what is to be expected: there are no intervals. "
            "Run it with more replications before you decide."
        )
        return
    yield (
        f"All figures are means of {run.replications} replications, with other customers in each. ± is half the "
        "width of the 95 % interval: of 100 such runs about 95 would hold the long-run mean within it. It says how "
        "well the mean is known, not how much single days differ, and not how well the scenario describes your centre."
    )
    yield from run.manifest.get("precision", ())
    if run.replications < FEW:
        yield f"{run.replications} replications are few, and intervals wide; 20 to 50 are usual."


def targets(verdicts: Iterable[Verdict]) -> Table:
    """Return each target with its figure and verdict."""
    rows = [
        Row(
            f"{target_words(verdict)}: {bounds(verdict)}",
            [Cell(verdict_words(verdict), tone=_TONES[verdict.answer]), _simulated(verdict)],
        )
        for verdict in verdicts
    ]
    return Table("Targets", ("Target", "Verdict", "Simulated"), rows, words=True)


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
    kind = [kind_words(target.kind)] if target.kind else []
    return ", ".join([title_of(target.metric), *places, *kind])


def bounds(verdict: Verdict) -> str:
    """Write what is wanted, in the unit of the figure."""
    target, unit = verdict.target, verdict.figure.unit if verdict.figure else ""
    limits = (("at least", target.at_least), ("at most", target.at_most))
    return ", ".join(f"{words} {quantity(value, unit)}" for words, value in limits if value is not None)


def verdict_words(verdict: Verdict) -> str:
    """Write a verdict with a sign, so that it is no matter of colour."""
    signs = {"met": "✓", "missed": "✗", "open": "≈", "left": "→", "no data": "–", "unfinished": "≈"}
    sign = signs[verdict.answer]
    return f"{sign} {_ANSWERS[verdict.answer]}"


def _figure(run: Result, metric: str, kind: str = "") -> Figure | None:
    table = run.figures
    rows = table[(table["metric"] == metric) & (table["kind"] == kind)]
    others = [column for column in PLACE_COLUMNS if column != "kind"]
    rows = rows[(rows[others] == "").all(axis=1)]
    return None if rows.empty else Figure(*next(rows.itertuples(index=False)))


def _each(run: Result) -> str:
    return " in an average replication" if run.replications > 1 else ""


def _share(run: Result, metric: str, offered: Figure) -> str:
    figure = _figure(run, metric)
    return f"{100 * figure.value / offered.value:.1f} %" if figure is not None else "0 %"


def _seconds(run: Result, metric: str) -> str:
    figure = _figure(run, metric)
    return "no time" if figure is None or isnan(figure.value) else with_unit(figure)
