"""Checks on the disk: the verdicts, the figures that were tested, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from sim.errors import SimError
from sim.experiments.reading import Facts, inside, read_facts, read_json
from sim.experiments.storage import (
    MANIFEST,
    SCENARIO,
    for_spreadsheets,
    heading,
    put_json,
    put_scenario,
    write_whole,
)
from sim.gate.margins import target_claims
from sim.gate.result import CheckResult, WhatChanged
from sim.gate.sequential import TestResult, Verdict, gravest
from sim.metrics.metric import PLACE_COLUMNS
from sim.scenario import Scenario, loads
from sim.scenario.text_files import SCENARIO as YAML
from sim.scenario.text_files import read_text
from sim.version import __version__

RESULT = "result.json"
"""All that was found of one scenario."""


def save_checks(found: Sequence[CheckResult], folder: Path, command: Sequence[str] = ()) -> Path:
    """Write what was found of several scenarios into a folder, whole or not at all, and return the folder.

    Raises SimError where the folder holds something else or the disk refuses.
    """
    write_whole(folder, lambda fresh: _fill(fresh, found, command))
    return folder


def _fill(folder: Path, found: Sequence[CheckResult], command: Sequence[str]) -> None:
    import pandas as pd

    checks = []
    for number, checked in enumerate(found, start=1):
        name = f"scenario-{number}"
        file = put_scenario(folder / name, checked.scenario, {SCENARIO, RESULT})
        put_json(folder / name / RESULT, _plain({key: getattr(checked, key) for key in _KEPT}))
        checks.append({"folder": name, "scenario_file": file, **_summary(checked)})
    figures = [_figure(checked, one) for checked in found for one in checked.findings]
    for_spreadsheets(pd.DataFrame(figures, columns=list(FIGURE_COLUMNS))).to_csv(
        folder / "figures.csv", index=False
    )
    changes = [_change(checked, one) for checked in found if checked.changed for one in checked.changed.keys]
    for_spreadsheets(pd.DataFrame(changes, columns=["scenario", "key", "before", "after"])).to_csv(
        folder / "changes.csv", index=False
    )
    verdict = gravest(checked.verdict for checked in found)
    facts = {
        **heading("check"), "scenario": ", ".join(checked.name for checked in found), "verdict": verdict,
        "checks": checks, "command": list(command), "version": __version__,
    }  # fmt: skip
    put_json(folder / MANIFEST, facts)


def _summary(checked: CheckResult) -> dict[str, Any]:
    return {
        "scenario": checked.name,
        "scenario_hash": checked.scenario.hash,
        "file": checked.file,
        "against": checked.against,
        "verdict": checked.verdict,
        "seed": checked.seed,
        "replications": checked.replications,
    }


FIGURE_COLUMNS = (
    "scenario", "layer", "metric", *PLACE_COLUMNS, "unit", "verdict", "wanted",
    "value", "baseline", "difference", "low", "high", "p_adjusted", "correlation", "replications",
)  # fmt: skip


def _figure(checked: CheckResult, found: TestResult) -> dict[str, Any]:
    figure = found.claim.figure
    return {
        "scenario": checked.name, "layer": found.claim.layer, **figure.columns(), "unit": figure.definition.unit,
        "verdict": found.verdict, "wanted": found.claim.words, "value": found.value, "baseline": found.base,
        "difference": found.difference, "low": found.low, "high": found.high, "p_adjusted": found.p,
        "correlation": found.correlation, "replications": found.replications,
    }  # fmt: skip


def _change(checked: CheckResult, change: Any) -> dict[str, Any]:
    return {"scenario": checked.name, "key": change.key, "before": change.before, "after": change.after}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; a number without a bound, or that there is not, as its name."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


# A check read back from its folder.


class _CheckFacts(Facts):
    folder: str
    file: str
    scenario_file: str = SCENARIO


class ChecksFacts(Facts):
    """What the manifest of a check says at least."""

    checks: list[_CheckFacts] = Field(min_length=1)
    command: list[str]
    version: str


@dataclass(frozen=True)
class _Found:
    """What was found of one scenario, but for the scenario."""

    against: str
    verdict: Verdict
    findings: tuple[TestResult, ...]
    changed: WhatChanged | None
    refusal: tuple[str, ...]
    exact: bool
    replications: int
    at_most: int
    looks: int
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    unfinished: tuple[float, float] = (0.0, 0.0)
    remarks: tuple[str, ...] = ()


_KEPT = tuple(one.name for one in fields(_Found))


def open_checks(folder: Path) -> CheckResult | tuple[CheckResult, ...]:
    """Read what `save_checks` wrote, of one scenario or of several.

    Raises SimError where the folder holds no check, or a file of it is not as it was written.
    """
    facts, _ = read_facts(folder / MANIFEST, ChecksFacts)
    found = tuple(_opened(folder, one) for one in facts.checks)
    return found[0] if len(found) == 1 else found


def _opened(folder: Path, facts: _CheckFacts) -> CheckResult:
    home = inside(folder, facts.folder, folder / MANIFEST)
    path = home / RESULT
    try:
        found = TypeAdapter(_Found).validate_python(read_json(path))
    except ValidationError as error:
        key = ".".join(map(str, error.errors()[0]["loc"]))
        raise SimError(
            f"{path}: does not tell of a check: `{key}` is not as it was written; check again"
        ) from None
    scenario = _scenario(inside(home, facts.scenario_file, folder / MANIFEST), facts.file)
    kept = {key: getattr(found, key) for key in _KEPT}
    return CheckResult(scenario, **{**kept, "findings": _of_days(found.findings, scenario)})


def _of_days(findings: Sequence[TestResult], scenario: Scenario) -> tuple[TestResult, ...]:
    """Give findings about a share of days, which are stored as others are, the claims of their scenario."""
    asked = [claim for claim in target_claims(scenario) if claim.measured is not claim.figure]
    claims = {(claim.number, claim.measured): claim for claim in asked}
    return tuple(
        one
        if one.is_paired
        else replace(one, claim=claims.get((one.claim.number, one.claim.figure), one.claim))
        for one in findings
    )


def _scenario(path: Path, file: str) -> Scenario:
    """Read a scenario under the name that its file had when it was checked."""
    try:
        text = read_text(path, YAML)
    except ValueError as error:
        raise SimError(f"{path}: cannot be read: {error}; check again") from error
    return loads(text, file or str(path), path.parent)
