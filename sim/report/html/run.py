"""The page of a run."""

from typing import Any

from sim.report.html import pictures, tables
from sim.report.html.answers import answer, how_sure, in_numbers, verdicts
from sim.report.html.page import Page, Section, assumptions, command_words, definitions, surprises
from sim.report.html.saved_run import SavedRun
from sim.report.run import Overview


def run_page(run: SavedRun) -> Page:
    """Put the page of a run together."""
    held = verdicts(run.scenario, run.figures)
    return Page(
        kind="simulation report",
        title=run.scenario.name,
        description=run.scenario.description or "",
        answers=[answer(held)] if held else [],
        lead=tables.targets(held),
        numbers=list(in_numbers(run)),
        sure=list(how_sure(run)),
        sections=[section for section in _sections(run) if section],
        assumptions=assumptions(run.scenario),
        surprises=surprises(run.scenario),
        facts=_facts(run.manifest),
        texts={"Scenario file": run.manifest["scenario_text"]},
        definitions=definitions(
            [*tables.METRICS, *(target.metric for target in run.scenario.targets)], run.scenario
        ),
    )


def _sections(run: SavedRun) -> list[Section]:
    overview: Any = Overview(run)  # type: ignore[arg-type]  # it reads the scenario and the figures
    by_queue = [tables.intervals(run, queue) for queue in run.scenario.queues]
    given = [tables.handed_on(run), tables.conferences(run)]
    return [
        Section("By queue", "queues", [tables.queues(overview), tables.totals(overview)], pictures.by_queue(run)),
        Section("By team", "teams", [tables.teams(run)], pictures.by_team(run)),
        Section(
            "By interval", "intervals", [], pictures.by_interval(run),
            [tables.intervals(run), *(by_queue if len(by_queue) > 1 else [])],
        ),
        Section(
            "Transfers and conferences", "handed-on", given,
            pictures.handed_on(run) if any(given) else [],
        ),
    ]  # fmt: skip


def _facts(manifest: dict[str, Any]) -> dict[str, str]:
    """Return what it takes to repeat the run."""
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
    return {
        "Command": command_words(manifest),
        "Seed": str(manifest["seed"]),
        "Replications": str(manifest["replications"]),
        "Scenario (SHA-256)": manifest["scenario_hash"],
        "Versions": versions,
        "Started": manifest["started"],
        "Took": f"{manifest['seconds']:.1f} s",
        "Tables kept": ", ".join(manifest["tables"]) or "none",
    }
