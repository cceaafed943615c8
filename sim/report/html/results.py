"""The page of each result: its document with pictures, what it takes for granted, and how to repeat it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from sim import opening
from sim.errors import SimError
from sim.experiments.comparison import Comparison, Difference
from sim.experiments.reading import read_json
from sim.experiments.result import Result
from sim.experiments.storage import check_file, whole_file
from sim.experiments.sweep_result import Sweep
from sim.gate.result import CheckResult
from sim.gate.sequential import Layer, TestResult
from sim.logs.estimates import Calibration
from sim.logs.prediction import Backtest
from sim.metrics import lookup
from sim.report import comparison, pictures, run, sweep
from sim.report.check.findings import document as check_document
from sim.report.check.machine import FORMAT, checks_of, row_of
from sim.report.check.words import TONES, all_the_same, name, signed
from sim.report.differences import difference, mark, place_of
from sim.report.document import Cell, Document, Picture, Row, Section, Table
from sim.report.html.log_pages import backtest_page, calibration_page
from sim.report.html.page import Page, command_words, definitions, render
from sim.report.pictures import illustrated
from sim.report.scenario import arrivals, assumptions, own_keys, staff, surprises, when
from sim.report.staff import staff_document
from sim.report.staff_dates import dates_document
from sim.scenario import Scenario, dump
from sim.staffing.calendar_plan import CalendarPlan
from sim.staffing.plan import Plan
from sim.version import __version__


def _page_of_scenario(kind: str, scenario: Scenario, document: Document, origin: "_Origin") -> Page:
    """Put a page together that rests on one scenario: who is there when, and what is taken for granted, follow."""
    tables, drawings = [staff(scenario), arrivals(scenario)], pictures.of_scenario(scenario)
    plan = Section("Who comes and who is there", "plan", tables, drawings)
    return Page(
        kind=kind,
        name=scenario.name,
        description=[
            scenario.description,
            f"{when(scenario)} · {document.title.removeprefix(scenario.name).lstrip(': ')}",
        ],
        document=replace(document, sections=[*document.sections, plan]),
        assumptions=assumptions(scenario),
        keys=own_keys(scenario),
        surprises=surprises(scenario),
        facts=origin.facts,
        texts=origin.texts,
        definitions=definitions(origin.metrics, scenario),
    )


class _Origin(NamedTuple):
    """What it takes to repeat a result, its scenario files by their titles, and the metrics that it has."""

    facts: Mapping[str, str]
    texts: Mapping[str, str]
    metrics: Iterable[str]


def run_page(result: Result) -> Page:
    """Put the page of a run together."""
    document = illustrated(run.whole_document(result), pictures.of_run(result))
    manifest = result.manifest
    facts = {
        **_repeated(manifest),
        "Versions": ", ".join(f"{package} {version}" for package, version in manifest["versions"].items()),
        **_engine(manifest),
        "Started": manifest["started"],
        "Took": f"{manifest['seconds']:.1f} s",
        "Tables kept": ", ".join(manifest["tables"]) or "none",
    }
    texts = {"Scenario file": manifest["scenario_text"]}
    quoted = [*run.METRICS, *(target.metric for target in result.scenario.targets)]
    return _page_of_scenario("simulation report", result.scenario, document, _Origin(facts, texts, quoted))


def _engine(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the engine and why it was that one; nothing of a run that was saved before there were two."""
    found = manifest.get("engine")
    if not found:
        return {}
    return {"Engine": f"{found['name']} ({found['why']})" if found["why"] else found["name"]}


def _repeated(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return what it takes to repeat a run or a comparison."""
    return {
        "Command": command_words(manifest),
        "Seed": str(manifest["seed"]),
        "Replications": str(manifest["replications"]),
        "Scenario (SHA-256)": manifest["scenario_hash"],
    }


def comparison_page(compared: Comparison) -> Page:
    """Put the page of a comparison together."""
    drawings = {
        f"candidate-{number}": _of_candidate(compared, candidate, f"c{number}")
        for number, candidate in enumerate(compared.names, 1)
    }
    document = illustrated(comparison.document(compared), drawings)
    facts = {**_repeated(compared.manifest), "Version": compared.manifest["version"]}
    origin = _Origin(facts, compared.texts, compared.table["metric"])
    return _page_of_scenario("comparison", compared.base, document, origin)


def _of_candidate(compared: Comparison, candidate: str, key: str) -> list[Picture]:
    table = compared.table[compared.table["candidate"] == candidate].drop(columns="candidate")
    found = [row for row in compared.differences if row.candidate == candidate]
    return pictures.of_differences(table, key, lambda rows: _in_words(rows, found))


def _in_words(rows: pd.DataFrame, found: Sequence[Difference]) -> str:
    """Describe the differences of a unit."""
    units = set(rows["unit"])
    said = (
        f"{lookup(row.metric).title} {place_of(row)}".strip() + f"{mark(row)} {' '.join(difference(row))}"
        for row in found
        if row.unit in units
    )
    return f"{', '.join(said)}."


def sweep_page(swept: Sweep) -> Page:
    """Put the page of a sweep together."""
    document = illustrated(sweep.document(swept), {"points": pictures.of_sweep(swept)})
    facts = {
        "Seed": str(swept.manifest["seed"]),
        "Replications": f"{swept.replications} at each of {len(swept.combinations)} points",
        "Scenario (SHA-256)": swept.manifest["scenario_hash"],
        "Versions": f"sim {swept.manifest['sim']}, numpy {swept.manifest['numpy']}",
    }
    texts = {"Scenario file, before anything is varied": swept.text}
    return _page_of_scenario(
        "sweep", swept.scenario, document, _Origin(facts, texts, swept.figures["metric"])
    )


def staff_page(plan: Plan) -> Page:
    """Put the page of a plan together."""
    document = illustrated(staff_document(plan), {"teams": pictures.of_plan(plan)})
    facts = {
        "Seed": str(plan.seed),
        "Fresh days": str(plan.check),
        "Simulated days": f"{plan.spent.days:,}",
        "CPU": f"{plan.spent.cpu_s:.0f} s",
        "Scenario (SHA-256)": plan.base.hash,
        "Versions": f"sim {__version__}",
    }
    texts = {"plan.yaml: the scenario with its plan": dump(plan.scenario)}
    quoted = dict.fromkeys(one.figure.metric for one in plan.goals)
    return _page_of_scenario("plan", plan.scenario, document, _Origin(facts, texts, quoted))


def staff_dates_page(found: CalendarPlan) -> Page:
    """Put the page of the plans of a calendar together."""
    facts = {
        "Seed": str(found.plans[0].seed),
        "Dates": str(len(found.plans)),
        "Simulated days": f"{sum(plan.spent.days for plan in found.plans):,}",
        "CPU": f"{sum(plan.spent.cpu_s for plan in found.plans):.0f} s",
        "Scenario (SHA-256)": found.base.hash,
        "Versions": f"sim {__version__}",
    }
    texts = {"plan.yaml: the scenario with its plans": dump(found.scenario)}
    quoted = dict.fromkeys(one.figure.metric for plan in found.plans for one in plan.goals)
    document = illustrated(dates_document(found), {"teams": pictures.of_dates(found)})
    return _page_of_scenario("plan", found.scenario, document, _Origin(facts, texts, quoted))


# The check of one scenario or of several.


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
    documents = [check_document(checked) for checked in found]
    whole = Document(
        title=found[0].name if len(found) == 1 else f"{len(found)} scenarios",
        sentences=["\n".join([one.title, *one.sentences[1:]]) for one in documents],
        tables=[_summary(found)],
        sections=list(_sections(found, documents)),
        sure=list(dict.fromkeys(note for one in documents for note in one.notes)),
    )
    return Page(
        kind="check",
        name=whole.title,
        description=["Held to its targets, and where there is a baseline to how it was before."],
        document=whole,
        assumptions=[],
        keys=None,
        surprises=[],
        facts=_facts(found),
        texts={},
        definitions=definitions(one.claim.figure.metric for checked in found for one in checked.findings),
    )


def _summary(found: Sequence[CheckResult]) -> Table:
    rows = [
        Row(
            checked.file or checked.name,
            [
                Cell(str(checked.verdict), tone=TONES[checked.verdict]),
                Cell(f"{checked.replications} of at most {checked.at_most}"),
                Cell(checked.against or "no baseline"),
            ],
        )
        for checked in found
    ]
    return Table("What was checked", ("Scenario", "Verdict", "Replications", "Against"), rows, words=True)


def _sections(found: Sequence[CheckResult], documents: Sequence[Document]) -> Iterator[Section]:
    """Return a part of the page for each scenario that has figures; those of one name are numbered."""
    counts = Counter(checked.name for checked in found)
    for at, (checked, document) in enumerate(zip(found, documents, strict=True), 1):
        title = checked.name if counts[checked.name] == 1 else f"{checked.name} ({at})"
        here = f"scenario-{at}"
        parts = document.sections
        yield Section(
            title,
            here,
            document.tables,
            _of_check(checked, here),
            lists=[one for part in parts for one in part.lists],
            stories={story: text for part in parts for story, text in part.stories.items()},
        )


def _of_check(checked: CheckResult, key: str) -> list[Picture]:
    paired = [] if all_the_same(checked) else checked.of(Layer.PAIRED)
    if not paired:
        return []
    rows = pd.DataFrame([row_of(one) for one in paired]).drop(columns="p_adjusted")
    return pictures.of_differences(rows, key, lambda part: _paired_words(part, paired))


def _paired_words(rows: pd.DataFrame, paired: Sequence[TestResult]) -> str:
    units = set(rows["unit"])
    said = (
        f"{name(one.claim.figure)} {signed(one.claim.figure, one.difference)}"
        for one in paired
        if one.claim.figure.definition.unit in units
    )
    return f"{', '.join(said)}."


def _facts(found: Sequence[CheckResult]) -> dict[str, str]:
    versions = {package: version for checked in found for package, version in checked.versions.items()}
    return {
        "Seeds": ", ".join(dict.fromkeys(str(checked.seed) for checked in found)),
        "Took": f"{sum(checked.seconds for checked in found):.1f} s",
        "Versions": ", ".join(f"{package} {version}" for package, version in versions.items())
        or f"sim {__version__}",
    }


# One HTML file of a result, fresh or saved.


Reported: TypeAlias = (
    Result | Comparison | Sweep | CheckResult | Sequence[CheckResult] | Plan | Calibration | Backtest
)
"""What there is a page of."""


def report(result: Path | str | Reported) -> str:
    """Write the page of a result, or of one that is saved: self-contained, and nothing comes from the net.

    Raises SimError where a folder or file holds no result, or one that has no page.
    """
    if not isinstance(result, Path | str):
        return render(_page(result))
    path = Path(result)
    if opening.is_of_a_check(path):
        return render(check_page(path))
    opened = opening.open(path)
    if path.is_file():
        raise SimError(f"{path}: holds figures alone; there is a report of the folder of a result")
    return render(_page(opened))  # type: ignore[arg-type]  # a baseline is a file


def _page(result: Reported) -> Page:
    if isinstance(result, Result):
        return run_page(result)
    if isinstance(result, Comparison):
        return comparison_page(result)
    if isinstance(result, Sweep):
        return sweep_page(result)
    if isinstance(result, Plan):
        return staff_page(result)
    if isinstance(result, CalendarPlan):
        return staff_dates_page(result)
    if isinstance(result, Calibration):
        return calibration_page(result)
    if isinstance(result, Backtest):
        return backtest_page(result)
    return page_of_checks([result] if isinstance(result, CheckResult) else result)


def write_report(result: Path | str | Reported, out: Path | None = None) -> Path:
    """Write the page of a result into a file, and return where it is.

    By default it is `report.html` in the folder of a saved result, beside a file, and in the working folder
    for one that is not saved.

    Raises SimError as `report` does, and where the file cannot be written.
    """
    path = out or _usual_place(result)
    if not isinstance(result, Path | str) or Path(result).exists():
        check_file(path)
    page = report(result)
    with whole_file(path) as fresh:
        fresh.write_text(page, encoding="utf-8")
    return path


def _usual_place(result: Path | str | Reported) -> Path:
    if not isinstance(result, Path | str):
        return Path("report.html")
    path = Path(result)
    return path.with_suffix(".html") if path.is_file() else path / "report.html"
