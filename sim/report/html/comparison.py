"""The page of a comparison."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from math import isnan

from sim.experiments.comparison import Comparison, CustomerEffect, Difference
from sim.experiments.figure_selectors import COLUMNS
from sim.report import plots
from sim.report.comparison import absences, customer_table, marks, unmatched, unsteady
from sim.report.differences import SURE, difference, difference_table, mark, meaning_cell
from sim.report.document import share_cell
from sim.report.html.page import Page, Section, assumptions, command_words, definitions, surprises
from sim.report.html.pictures import Picture, draw_svg
from sim.report.plots.axes import title_of
from sim.report.plots.comparison import height_of
from sim.report.plots.source import NothingToDrawError
from sim.report.trade_off import overview, trade_off, unknown


def comparison_page(saved: Comparison) -> Page:
    """Put the page of a comparison together."""
    sections = [_section(saved, at, name) for at, name in enumerate(saved.names)]
    return Page(
        kind="comparison",
        title=saved.base.name,
        description=f"{_joined(saved.names)} against the scenario as it is{_on_whom(saved)}.",
        answers=[trade_off(saved, name) for name in saved.names],
        lead=overview(saved),
        numbers=[text for one in saved.customer_effects if not one.stream for text in _fare_words(one)],
        sure=list(_how_sure(saved)),
        sections=sections,
        assumptions=assumptions(saved.base),
        surprises=surprises(saved.base),
        facts=_facts(saved),
        texts=saved.texts,
        definitions=definitions(saved.table["metric"], saved.base),
    )


def _on_whom(saved: Comparison) -> str:
    return ", on the same customers" if saved.has_the_same_customers else ""


def _fare_words(fared: CustomerEffect) -> Iterator[str]:
    if not fared.compared and fared.by == "conversation":
        return
    if not fared.compared:
        yield f"{fared.candidate}: no customer comes at the same time in both, so nobody can be compared."
        return
    better, worse = share_cell(fared.better, fared.better_high), share_cell(fared.worse, fared.worse_high)
    if fared.by == "conversation":
        yield (
            f"{fared.candidate}: the conversation takes longer for {worse.text} % {worse.spread} of those whom agents "
            f"serve in both, and less time for {better.text} % {better.spread}."
        )
        return
    yield (
        f"{fared.candidate}: by their wait {better.text} % {better.spread} of the customers fare better, "
        f"{worse.text} % {worse.spread} worse; the others notice nothing of it."
    )


def _how_sure(saved: Comparison) -> Iterator[str]:
    if saved.replications < saved.manifest["asked"]:
        yield f"It was interrupted: {saved.replications} of {saved.manifest['asked']} replications were finished."
    met = (
        "met the very same customers"
        if _on_whom(saved)
        else "were simulated, not all with the same customers"
    )
    yield (
        f"In each of {saved.replications} replications the base and every candidate {met}. "
        "± is half the width of the 95 % interval of the difference. A difference counts as shown where p is at "
        f"most {SURE}, adjusted after Holm for all {len(saved.differences)} rows together."
    )
    factors = sorted(f for f in saved.table["variance_factor"] if not isnan(f))
    if factors and _on_whom(saved):
        yield (
            f"With other customers in each scenario it would have taken about {factors[len(factors) // 2]:.0f} times "
            "as many replications (the middle one of the figures)."
        )
    yield from unsteady(saved)
    yield from unmatched(saved)
    yield from marks(saved)
    yield from absences(saved)
    yield from unknown(saved)
    yield (
        "By their wait customers fare better who are served to the end where they were not, or wait a second or more "
        "less in all; by the conversation, where it takes a second or more less."
    )


def _section(saved: Comparison, at: int, name: str) -> Section:
    rows = _rows(saved, name)
    fared = [one for one in saved.customer_effects if one.candidate == name and one.compared]
    figures = difference_table(f"Figures with {name}", rows, meaning_cell)
    pictures: list[Picture] = []
    for number, unit in enumerate(dict.fromkeys(r.unit for r in rows)):
        with suppress(NothingToDrawError):  # figures without a value are named among what is not sure
            pictures.append(_picture(saved, name, unit, f"c{at}-{number}"))
    return Section(name, f"candidate-{at + 1}", [figures, customer_table(name, fared)], pictures)


def _picture(saved: Comparison, name: str, unit: str, key: str) -> Picture:
    table = saved.table
    rows = table[(table["candidate"] == name) & (table["unit"] == unit)].drop(columns="candidate")
    element, title = draw_svg(
        lambda ax: plots.differences(rows, list(rows["metric"]), ax=ax), key, height_of(rows)
    )
    words = ", ".join(_words(row) for row in _rows(saved, name) if row.unit == unit)
    return Picture(element, title, f"{title} of {name} from the base: {words}.")


def _words(row: Difference) -> str:
    place = " ".join(getattr(row, column) for column in COLUMNS if getattr(row, column))
    label = f"{title_of(row.metric)}{f' {place}' if place else ''}{mark(row)}"
    return f"{label} {' '.join(difference(row))}"


def _rows(saved: Comparison, name: str) -> list[Difference]:
    return [row for row in saved.differences if row.candidate == name]


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _facts(saved: Comparison) -> dict[str, str]:
    manifest = saved.manifest
    return {
        "Command": command_words(manifest),
        "Seed": str(manifest["seed"]),
        "Replications": str(manifest["replications"]),
        "Scenario (SHA-256)": manifest["scenario_hash"],
        "Version": manifest["version"],
    }
