"""What became of a run's requests in a few sentences, and on how much they rest."""

from collections.abc import Iterator
from math import isnan
from typing import TYPE_CHECKING

from sim.metrics import Figure
from sim.metrics.cells import DAY_S
from sim.metrics.formatting import about, like, open_words, with_unit
from sim.metrics.metric import PLACE_COLUMNS

if TYPE_CHECKING:
    from sim.experiments.result import Result


FEW = 10
"""With fewer replications the page says that intervals are wide."""


def in_numbers(run: "Result") -> Iterator[str]:
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


def how_sure(run: "Result") -> Iterator[str]:
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
    word = "day" if run.scenario.lasts <= DAY_S else "run"
    yield (
        f"All figures are means of {run.replications} replications, with other customers in each. ± is half the "
        "width of the 95 % interval: of 100 such runs about 95 would hold the long-run mean within it. It says how "
        f"well the mean is known, not how much single {word}s differ, and not how well the scenario describes your "
        "centre."
    )
    yield from run.manifest.get("precision", ())
    if run.replications < FEW:
        yield f"{run.replications} replications are few, and intervals wide; 20 to 50 are usual."


def _figure(run: "Result", metric: str, kind: str = "") -> Figure | None:
    table = run.figures
    rows = table[(table["metric"] == metric) & (table["kind"] == kind)]
    others = [column for column in PLACE_COLUMNS if column != "kind"]
    rows = rows[(rows[others] == "").all(axis=1)]
    return None if rows.empty else Figure(*next(rows.itertuples(index=False)))


def _each(run: "Result") -> str:
    return " in an average replication" if run.replications > 1 else ""


def _share(run: "Result", metric: str, offered: Figure) -> str:
    figure = _figure(run, metric)
    return f"{100 * figure.value / offered.value:.1f} %" if figure is not None else "0 %"


def _seconds(run: "Result", metric: str) -> str:
    figure = _figure(run, metric)
    return "no time" if figure is None or isnan(figure.value) else with_unit(like(figure.value, figure))
