"""The page of a check: the documents of its scenarios, and what they rest on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from sim.errors import SimError
from sim.experiments.reading import read_json
from sim.gate.result import CheckResult, WhatChanged
from sim.gate.sequential import Layer, TestResult, Verdict
from sim.report import plots
from sim.report.check.machine import FORMAT, checks_of, row_of
from sim.report.check.words import TONES, all_the_same, document, headline, name, signed, still_open
from sim.report.document import Cell, Row, Table
from sim.report.html.page import Page, Section, definitions, with_signs
from sim.report.html.pictures import Picture, draw_svg
from sim.report.plots.comparison import height_of
from sim.version import __version__

MOST_WORDS = 80
"""Longer values of keys are cut, such as those of whole arrival tables."""


def check_page(path: Path) -> Page:
    """Put the page of a check together from a file.

    Raises SimError where the file is not what `sim check --format json` writes.
    """
    whole = read_json(path)
    if whole.get("format") != FORMAT or "scenarios" not in whole:
        raise SimError(f"{path}: is not what `sim check --format json` of this version writes")
    return page_of_checks(checks_of(whole))


def page_of_checks(found: Sequence[CheckResult]) -> Page:
    """Put the page of a check together from what was found."""
    return Page(
        kind="check",
        title=found[0].name if len(found) == 1 else f"{len(found)} scenarios",
        description="Held to its targets, and where there is a baseline to how it was before.",
        answers=[_answer(checked) for checked in found],
        lead=_summary(found),
        numbers=[],
        sure=list(_how_sure(found)),
        sections=list(_sections(found)),
        assumptions=[],
        surprises=[],
        facts=_facts(found),
        texts={},
        definitions=definitions(one.claim.figure.metric for checked in found for one in checked.findings),
    )


def _answer(checked: CheckResult) -> str:
    said = [counted(checked, layer) for layer in (Layer.TARGET, Layer.PAIRED)]
    return " ".join(
        [f"{headline(checked)}.".replace("FAIL", "fail"), *(one for one in said if one), *still_open(checked)]
    )


def counted(checked: CheckResult, layer: Layer) -> str:
    """Describe how many targets are surely met, or how many figures surely no worse; empty where there are none."""
    found = checked.of(layer)
    if not found:
        return ""
    if layer is Layer.PAIRED and all_the_same(checked):
        return "Every figure is the same in every replication."
    counts = Counter(one.verdict for one in found)
    what = "targets" if layer is Layer.TARGET else "figures"
    parts = [
        f"{counts[verdict]} {'is' if counts[verdict] == 1 else 'are'} {words[layer is Layer.PAIRED]}"
        for verdict, words in _COUNTED.items()
        if counts[verdict]
    ]
    first, *others = parts
    number, _, rest = first.partition(" ")
    first = f"The one {what[:-1]} {rest}" if len(found) == 1 else f"{number} of {len(found)} {what} {rest}"
    return f"{', '.join([first, *others])}."


_COUNTED = {
    Verdict.PASS: ("surely met", "surely no worse than allowed"),
    Verdict.FAIL: ("surely missed", "surely worse"),
    Verdict.INCONCLUSIVE: ("too close to call", "too close to call"),
}


def _summary(found: Sequence[CheckResult]) -> Table:
    rows = [
        Row(
            checked.file or checked.name,
            [
                Cell(str(checked.verdict), tone=TONES[checked.verdict]),
                Cell(str(checked.replications)),
                Cell(checked.against or "-"),
            ],
        )
        for checked in found
    ]
    heads = ("Scenario", "Verdict", "Replications", "Against")
    return with_signs(Table("What was checked", heads, rows, words=True))


def _how_sure(found: Sequence[CheckResult]) -> Iterator[str]:
    yield (
        "The limits are wrong in at most 5 % of all checks, however often was looked on the way. All figures must "
        "pass; a failure is corrected for their number (Holm). Inconclusive means that the limits lie on both sides "
        "of what is wanted, and more replications would be needed."
    )
    if any(checked.stopped for checked in found):
        yield "Undecided figures were left so where another one had failed."
    if any(one.held_back for checked in found for one in checked.findings):
        yield (
            "Where Holm is named, the figure would fail if it were the only one: its limits lie beyond what is wanted, "
            "and the correction for the number of figures leaves it open."
        )


def _sections(found: Sequence[CheckResult]) -> Iterator[Section]:
    """Return a part of the page for each scenario that has figures; those of one name are numbered."""
    counts = Counter(checked.name for checked in found)
    for at, checked in enumerate(found):
        title = checked.name if counts[checked.name] == 1 else f"{checked.name} ({at + 1})"
        section = _section(checked, at, title)
        if section:
            yield section


def _section(checked: CheckResult, at: int, title: str) -> Section:
    paired = [] if all_the_same(checked) else checked.of(Layer.PAIRED)
    here = f"scenario-{at + 1}"
    tables = [*map(with_signs, document(checked).tables), *_changes(checked.changed)]
    units = dict.fromkeys(row["unit"] for one in paired if (row := row_of(one))["difference"] is not None)
    pictures = [_picture(paired, unit, f"{here}-{number}") for number, unit in enumerate(units)]
    return Section(title, here, tables, pictures)


def _changes(changed: WhatChanged | None) -> Iterator[Table]:
    """Describe what differs from the baseline, and how customers fare with it."""
    if changed is None:
        return
    keys = [Row(one.key, [Cell(_cut(one.before)), Cell(_cut(one.after))]) for one in changed.keys]
    yield Table("What was changed in the scenario", ("Key", "Before", "Now"), keys, words=True)
    fared = changed.fared
    if fared is not None:
        counts = {"Compared": fared.customers, "Better": fared.better, "Worse": fared.worse}
        rows = [Row(words, [Cell(str(count))]) for words, count in counts.items()]
        yield Table("Customers of the first day", ("Customers", "Number"), rows)


def _cut(value: object) -> str:
    text = "not given" if value is None else str(value)
    return text if len(text) <= MOST_WORDS else text[: MOST_WORDS - 1] + "…"


def _picture(paired: Sequence[TestResult], unit: str, key: str) -> Picture:
    chosen = [one for one in paired if one.claim.figure.definition.unit == unit]
    rows = pd.DataFrame([row_of(one) for one in chosen]).drop(columns="p_adjusted")
    element, title = draw_svg(
        lambda ax: plots.differences(rows, list(rows["metric"]), ax=ax), key, height_of(rows)
    )
    words = ", ".join(
        f"{name(one.claim.figure)} {signed(one.claim.figure, one.difference)}" for one in chosen
    )
    return Picture(element, title, f"{title}: {words}.")


def _facts(found: Sequence[CheckResult]) -> dict[str, str]:
    versions = {package: version for checked in found for package, version in checked.versions.items()}
    return {
        "Seeds": ", ".join(dict.fromkeys(str(checked.seed) for checked in found)),
        "Replications": ", ".join(f"{one.replications} of at most {one.at_most}" for one in found),
        "Took": f"{sum(checked.seconds for checked in found):.1f} s",
        "Versions": ", ".join(f"{package} {version}" for package, version in versions.items())
        or f"sim {__version__}",
    }
