"""The page of a check, from what `sim check --format json` writes."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import nan
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import SimError
from sim.experiments.figure_selectors import COLUMNS
from sim.experiments.reading import read_json
from sim.gate.result import CheckResult
from sim.metrics import Figure
from sim.metrics.formatting import UNITS, quantity, signed, value_and_spread
from sim.report import plots
from sim.report.check.machine import FORMAT, json_text
from sim.report.document import Cell, Row, Table, Tone
from sim.report.html.page import Page, Section, definitions
from sim.report.html.pictures import Picture, draw_svg
from sim.report.plots.comparison import height_of

Found = Mapping[str, Any]
SIGNS = {
    "pass": "✓ pass",
    "fail": "✗ fail",
    "inconclusive": "≈ inconclusive",
    "not comparable": "– not comparable",
}
TONES: dict[str, Tone] = {
    "pass": "met",
    "fail": "missed",
    "inconclusive": "open",
    "not comparable": "no-data",
}
TARGET_HEADS = ("Figure", "Verdict", "Simulated", "Surely from", "to", "Target")
PAIRED_HEADS = ("Figure", "Verdict", "Before", "Now", "Difference", "Surely from", "to", "Margin")
MOST_WORDS = 80
"""Longer values of keys are cut, such as those of whole arrival tables."""


def check_page(path: Path) -> Page:
    """Put the page of a check together from a file.

    Raises SimError where the file is not what `sim check --format json` writes.
    """
    whole = read_json(path)
    if whole.get("format") != FORMAT or "scenarios" not in whole:
        raise SimError(f"{path}: is not what `sim check --format json` of this version writes")
    return _page(whole)


def page_of_checks(found: Sequence[CheckResult]) -> Page:
    """Put the page of a check together from what was found."""
    return _page(json.loads(json_text(found)))


def _page(whole: Found) -> Page:
    scenarios: list[Found] = whole["scenarios"]
    findings = [finding for scenario in scenarios for finding in scenario["findings"]]
    return Page(
        kind="check",
        title=_title(scenarios),
        description="Held to its targets, and where there is a baseline to how it was before.",
        answers=[_answer(scenario) for scenario in scenarios],
        lead=_summary(scenarios),
        numbers=[],
        sure=list(_how_sure(scenarios)),
        sections=list(_sections(scenarios)),
        assumptions=[],
        surprises=[],
        facts=_facts(whole, scenarios),
        texts={},
        definitions=definitions(finding["metric"] for finding in findings),
    )


def _title(scenarios: Sequence[Found]) -> str:
    return str(scenarios[0]["scenario"]) if len(scenarios) == 1 else f"{len(scenarios)} scenarios"


def _answer(scenario: Found) -> str:
    if scenario["refusal"]:
        return f"{scenario['scenario']}: {scenario['verdict']}: {'; '.join(scenario['refusal'])}."
    counts = Counter(finding["verdict"] for finding in scenario["findings"])
    parts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    spoke = f" by {' and '.join(scenario['layers'])}" if scenario["layers"] else ""
    return f"{scenario['scenario']}: {scenario['verdict']}{spoke}. Of {counts.total()} figures: {parts or 'none'}."


def _summary(scenarios: Sequence[Found]) -> Table:
    rows = [
        Row(
            scenario["file"] or scenario["scenario"],
            [_verdict(scenario), Cell(str(scenario["replications"])), Cell(scenario["against"] or "–")],
        )
        for scenario in scenarios
    ]
    return Table("What was checked", ("Scenario", "Verdict", "Replications", "Against"), rows, words=True)


def _how_sure(scenarios: Sequence[Found]) -> Iterator[str]:
    yield (
        "The limits are wrong in at most 5 % of all checks, however often was looked on the way. All figures must "
        "pass; a failure is corrected for their number (Holm). Inconclusive means that the limits lie on both sides "
        "of what is wanted, and more replications would be needed."
    )
    if any(scenario["stopped"] for scenario in scenarios):
        yield "Undecided figures were left so where another one had failed."


def _sections(scenarios: Sequence[Found]) -> Iterator[Section]:
    """Return a part of the page for each scenario that has figures; those of one name are numbered."""
    counts = Counter(scenario["scenario"] for scenario in scenarios)
    for at, scenario in enumerate(scenarios):
        name = scenario["scenario"]
        section = _section(scenario, at, name if counts[name] == 1 else f"{name} ({at + 1})")
        if section:
            yield section


def _section(scenario: Found, at: int, title: str) -> Section:
    paired = [finding for finding in scenario["findings"] if finding["margin"] is not None]
    held = [finding for finding in scenario["findings"] if finding["target"] is not None]
    name = f"scenario-{at + 1}"
    tables = [
        Table("Against the targets", TARGET_HEADS, [_target_row(one) for one in held]),
        Table(f"Against {scenario['against']}", PAIRED_HEADS, [_paired_row(one) for one in paired]),
        *_changes(scenario["changed"] or {}),
    ]
    units = dict.fromkeys(finding["unit"] for finding in paired if finding["difference"] is not None)
    pictures = [_picture(paired, unit, f"{name}-{number}") for number, unit in enumerate(units)]
    return Section(title, name, tables, pictures)


def _target_row(finding: Found) -> Row:
    target = finding["target"]
    limits = (f"{way.replace('_', ' ')} {quantity(limit, finding['unit'])}" for way, limit in target.items())
    numbers = (finding[name] for name in ("value", "low", "high"))
    return Row(
        _name(finding), [_verdict(finding), *(_number(finding, n) for n in numbers), Cell(", ".join(limits))]
    )


def _paired_row(finding: Found) -> Row:
    cells = [_verdict(finding), _number(finding, finding["baseline"]), _number(finding, finding["value"])]
    cells += [Cell(signed(_figure(finding, finding[name]))[0]) for name in ("difference", "low", "high")]
    return Row(_name(finding), [*cells, _number(finding, finding["margin"])])


def _changes(changed: Found) -> Iterator[Table]:
    """Describe what differs from the baseline, and how customers fare with it."""
    keys = [
        Row(one["key"], [Cell(_cut(one["before"])), Cell(_cut(one["after"]))])
        for one in changed.get("keys", ())
    ]
    yield Table("What was changed in the scenario", ("Key", "Before", "Now"), keys, words=True)
    customers = changed.get("customers")
    if customers:
        counts = [
            Row(name.capitalize(), [Cell(str(customers[name]))]) for name in ("compared", "better", "worse")
        ]
        yield Table("Customers of the first day", ("Customers", "Number"), counts)


def _cut(value: object) -> str:
    text = "not given" if value is None else str(value)
    return text if len(text) <= MOST_WORDS else text[: MOST_WORDS - 1] + "…"


def _picture(paired: Sequence[Found], unit: str, name: str) -> Picture:
    rows = pd.DataFrame([one for one in paired if one["unit"] == unit]).drop(columns="p_adjusted")
    element, title = draw_svg(
        lambda ax: plots.differences(rows, list(rows["metric"]), ax=ax), name, height_of(rows)
    )
    words = ", ".join(
        f"{_name(row)} {signed(_figure(row, row['difference']))[0]}" for row in paired if row["unit"] == unit
    )
    return Picture(element, title, f"{title}: {words}.")


def _verdict(found: Found) -> Cell:
    return Cell(SIGNS[found["verdict"]], tone=TONES[found["verdict"]])


def _number(finding: Found, number: float | None) -> Cell:
    return Cell("-" if number is None else value_and_spread(_figure(finding, number))[0])


def _figure(finding: Found, number: float | None) -> Figure:
    value = nan if number is None else number
    replications = finding["replications"]
    return Figure(finding["metric"], "", "", "", "", "", value, nan, nan, replications, finding["unit"])


def _name(finding: Found) -> str:
    place = " ".join(finding[column].replace("_", " ") for column in COLUMNS if finding[column])
    unit = UNITS.get(finding["unit"])
    return str(finding["metric"]) + (f" {place}" if place else "") + (f", {unit}" if unit else "")


def _facts(whole: Found, scenarios: Sequence[Found]) -> dict[str, str]:
    versions = {package: version for one in scenarios for package, version in one["versions"].items()}
    return {
        "Seeds": ", ".join(dict.fromkeys(str(one["seed"]) for one in scenarios)),
        "Replications": ", ".join(f"{one['replications']} of at most {one['at_most']}" for one in scenarios),
        "Took": f"{sum(one['seconds'] for one in scenarios):.1f} s",
        "Versions": ", ".join(f"{name} {version}" for name, version in versions.items())
        or f"sim {whole['version']}",
    }
