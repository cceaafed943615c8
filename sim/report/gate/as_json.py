"""What the gate says, for programs."""

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any

from sim.gate.changes import Fate, FirstDifference
from sim.gate.result import Checked, WhatChanged
from sim.gate.sequential import Finding, gravest
from sim.version import __version__

FORMAT = 1
"""Counted up whenever a key is taken away or means something else; new keys may come at any time."""


def json_text(found: Sequence[Checked]) -> str:
    """Write one object; a number that there is not, or that has no bound, becomes null."""
    verdict = gravest(checked.verdict for checked in found)
    whole = {
        "format": FORMAT,
        "version": __version__,
        "verdict": verdict,
        "exit_code": verdict.exit_code,
        "scenarios": [_scenario(checked) for checked in found],
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2)


def _scenario(checked: Checked) -> dict[str, Any]:
    return {
        "scenario": checked.name,
        "file": checked.file,
        "seed": checked.seed,
        "verdict": checked.verdict,
        "layers": list(checked.speakers),
        "against": checked.against or None,
        "refusal": list(checked.refusal),
        "exact": checked.exact,
        "replications": checked.replications,
        "at_most": checked.at_most,
        "looks": checked.looks,
        "stopped": checked.stopped,
        "seconds": round(checked.seconds, 3),
        "versions": dict(checked.versions),
        "changed": None if checked.changed is None else _changed(checked.changed),
        "findings": [_finding(finding) for finding in checked.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    figure = finding.claim.figure
    limits = {"at_most" if sign > 0 else "at_least": sign * limit for sign, limit in finding.claim.sides}
    return {
        "layer": finding.claim.layer,
        **figure.columns(),
        "unit": figure.definition.unit,
        "verdict": finding.verdict,
        "value": _number(finding.value),
        "baseline": _number(finding.base),
        "difference": _number(finding.difference),
        "low": _number(finding.low),
        "high": _number(finding.high),
        "margin": _number(finding.claim.sides[0][1]) if finding.is_paired else None,
        "target": None if finding.is_paired else limits,
        "p_adjusted": _number(finding.p),
        "correlation": _number(finding.correlation),
        "replications": finding.replications,
    }


def _changed(changed: WhatChanged) -> dict[str, Any]:
    fared = changed.fared
    return {
        "trace": changed.anything,
        "keys": [{"key": one.key, "before": one.before, "after": one.after} for one in changed.keys],
        "code": changed.code,
        "policies": list(changed.policies),
        "versions": [dict(zip(("package", "before", "after"), one, strict=True)) for one in changed.versions],
        "events_before": changed.events_before,
        "events_after": changed.events_after,
        "first": None if changed.first is None else _first(changed.first),
        "customers": None
        if fared is None
        else {"compared": fared.customers, "better": fared.better, "worse": fared.worse},
        "hardest": [
            {"customer": hit.customer, "before": _fate(hit.before), "after": _fate(hit.after)}
            for hit in (fared.hardest if fared else ())
        ],
        "why_not": changed.why_not or None,
    }


def _first(first: FirstDifference) -> dict[str, Any]:
    return {
        "number": first.number,
        "upto": first.upto,
        "at": first.at,
        "before": None if first.before is None else [str(part) for part in first.before[1:]],
        "after": None if first.after is None else [str(part) for part in first.after[1:]],
    }


def _fate(fate: Fate) -> dict[str, Any]:
    return {"conversation": fate.conversation, "wait": fate.wait, "outcome": fate.outcome}


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
