"""What the gate says, for programs."""

import json
import re
from collections.abc import Mapping, Sequence
from math import isfinite, nan
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from sim.experiments.figure_selectors import COLUMNS, FigureSelector
from sim.gate.changes import Change, CustomerDay, CustomerEffect, FirstDifference
from sim.gate.days import DaysKept
from sim.gate.result import CheckResult, WhatChanged
from sim.gate.sequential import Hypothesis, Inconclusive, Layer, Side, TestResult, Verdict, exit_code, gravest
from sim.report.check.changes import hits, what_changed
from sim.report.check.words import how, name, sentence
from sim.version import __version__

if TYPE_CHECKING:
    from sim.scenario import Scenario

FORMAT = 1
"""Counted up whenever a key is taken away or means something else; new keys may come at any time."""


def json_text(found: Sequence[CheckResult], inconclusive: Inconclusive | None = None) -> str:
    """Write one object; a number that there is not, or that has no bound, becomes null."""
    verdict = gravest(checked.verdict for checked in found)
    whole = {
        "format": FORMAT,
        "version": __version__,
        "verdict": verdict,
        "exit_code": exit_code(verdict, inconclusive),
        "scenarios": [_scenario(checked) for checked in found],
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2)


def _scenario(checked: CheckResult) -> dict[str, Any]:
    return {
        "scenario": checked.name,
        "file": checked.file,
        "opens_at": checked.scenario.opens_at,
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
        "unfinished": sum(checked.unfinished),
        "unfinished_missed": checked.unfinished[0],
        "unfinished_undetermined": checked.unfinished[1],
        "remarks": list(checked.remarks),
        "seconds": round(checked.seconds, 3),
        "versions": dict(checked.versions),
        "changed": None if checked.changed is None else _changed(checked.changed),
        "findings": [row_of(finding) for finding in checked.findings],
    }


def row_of(finding: TestResult) -> dict[str, Any]:
    """Return a tested figure as a row; None is a number that there is not, or that has no bound."""
    figure = finding.claim.figure
    limits = _bounds(finding.claim.sides)
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
        **({"days_with": _bounds(figure.sides)} if isinstance(figure, DaysKept) else {}),
        "p_adjusted": _number(finding.p),
        "held_back": finding.held_back,
        "left_open": finding.left_open,
        "grows": finding.grows,
        "correlation": _number(finding.correlation),
        "replications": finding.replications,
    }


def _bounds(sides: Sequence[Side]) -> dict[str, float]:
    return {"at_most" if sign > 0 else "at_least": sign * limit for sign, limit in sides}


def _sides(bounds: Mapping[str, float]) -> tuple[Side, ...]:
    return tuple((1, bound) if way == "at_most" else (-1, -bound) for way, bound in bounds.items())


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


def _fate(fate: CustomerDay) -> dict[str, Any]:
    return {"conversation": fate.conversation, "wait": fate.wait, "outcome": fate.outcome}


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


# The same read back.


def checks_of(whole: Mapping[str, Any]) -> list[CheckResult]:
    """Return the checks that `json_text` wrote; of their scenarios there are name, file and seed, of events none."""
    return [_checked(one) for one in whole["scenarios"]]


def _checked(one: Mapping[str, Any]) -> CheckResult:
    origin = SimpleNamespace(name=one["file"]) if one["file"] else None
    opens_at = one.get("opens_at", 0.0)
    scenario = SimpleNamespace(name=one["scenario"], seed=one["seed"], origin=origin, opens_at=opens_at)
    return CheckResult(
        cast("Scenario", scenario), one["against"] or "", Verdict(one["verdict"]),
        findings=tuple(map(_tested, one["findings"])), changed=_what_changed(one["changed"]),
        refusal=tuple(one["refusal"]), exact=one["exact"], replications=one["replications"],
        at_most=one["at_most"], looks=one["looks"], versions=one["versions"], seconds=one["seconds"],
        unfinished=(one.get("unfinished_missed", 0.0), one.get("unfinished_undetermined", 0.0)),
        remarks=tuple(one.get("remarks", ())),
    )  # fmt: skip


def _tested(row: Mapping[str, Any]) -> TestResult:
    figure = FigureSelector.at(row["metric"], *(row[column] for column in COLUMNS))
    if "days_with" in row:
        figure = DaysKept(figure.metric, figure.place, _sides(row["days_with"]))
    claim = Hypothesis(figure, Layer(row["layer"]), _sides(row["target"] or {}) or ((1, row["margin"]),), "")
    numbers = (row[name] for name in ("value", "baseline", "low", "high", "p_adjusted", "correlation"))
    value, base, low, high, p, correlation = (nan if number is None else number for number in numbers)
    return TestResult(
        claim, Verdict(row["verdict"]), value, base, low, high, p, correlation, row["replications"],
        row.get("held_back", False), row.get("left_open", False), row.get("grows", False),
    )  # fmt: skip


def _what_changed(changed: Mapping[str, Any] | None) -> WhatChanged | None:
    if changed is None:
        return None
    first, fared = changed["first"], changed["customers"]
    return WhatChanged(
        tuple(Change(**one) for one in changed["keys"]), changed["code"], tuple(changed["policies"]),
        tuple(tuple(one.values()) for one in changed["versions"]), changed["events_before"], changed["events_after"],
        first and FirstDifference(first["number"], first["upto"], first["at"], None, None),
        fared and CustomerEffect(fared["compared"], fared["better"], fared["worse"], ()), changed["why_not"] or "",
    )  # fmt: skip


# What the gate says, as JUnit XML: a suite a scenario, a case a figure.
#
# Kept to the schema that Jenkins validates against (junit-10.xsd of its xUnit plugin), which GitLab and the
# usual GitHub reporters read too. What could not be decided is skipped, what could not be compared is an
# error.

WIDTH = 100

_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML 1.0 cannot hold, not even escaped."""


def junit(found: Sequence[CheckResult], inconclusive: Inconclusive | None = None) -> str:
    """Write one document; what could not be decided is skipped, or fails where it counts as a failure."""
    root = Element("testsuites", name="sim check")
    for checked in found:
        _suite(root, checked, inconclusive)
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", f"{sum(checked.seconds for checked in found):.3f}")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _suite(root: Element, checked: CheckResult, inconclusive: Inconclusive | None) -> None:
    suite = SubElement(root, "testsuite", name=_xml(checked.name), time=f"{checked.seconds:.3f}")
    if checked.file:
        suite.set("file", _xml(checked.file))
    _properties(suite, checked)
    if checked.verdict is Verdict.REFUSED:
        case = _case(suite, checked, "baseline", "baseline")
        _told(case, "error", "not comparable", "; ".join(checked.refusal))
    if checked.changed is not None:
        _trace(suite, checked)
    for finding in checked.findings:
        _figure(suite, checked, finding, inconclusive)
    for key, tag in (
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        suite.set(key, str(len(suite.findall(f".//{tag}"))))


def _properties(suite: Element, checked: CheckResult) -> None:
    properties = SubElement(suite, "properties")
    facts = {
        "seed": checked.seed,
        "replications": checked.replications,
        "at_most": checked.at_most,
        "against": checked.against,
        "verdict": checked.verdict,
        "layers": ", ".join(checked.speakers),
        **{f"version.{package}": version for package, version in checked.versions.items()},
    }
    for key, value in facts.items():
        SubElement(properties, "property", name=key, value=_xml(str(value)))


def _trace(suite: Element, checked: CheckResult) -> None:
    assert checked.changed is not None
    case = _case(suite, checked, Layer.TRACE, "events of replication 0")
    said = "\n".join(what_changed(checked.changed, checked.scenario.opens_at))
    if checked.trace_fails:
        _told(case, "failure", str(Layer.TRACE), "the trace has changed, and --exact allows no change", said)
    stories = (f"{title}\n{told}" for title, told in hits(checked, WIDTH).items())
    SubElement(case, "system-out").text = _xml("\n\n".join([said, *stories]))


def _figure(
    suite: Element, checked: CheckResult, finding: TestResult, inconclusive: Inconclusive | None
) -> None:
    layer = finding.claim.layer
    case = _case(suite, checked, layer, name(finding.claim.figure))
    if finding.verdict is Verdict.FAIL:
        _told(case, "failure", str(layer), sentence(finding), how(checked))
    elif finding.verdict is Verdict.INCONCLUSIVE:
        tag = "failure" if inconclusive == "fail" else "skipped"
        _told(case, tag, "inconclusive", sentence(finding))
    else:
        SubElement(case, "system-out").text = _xml(sentence(finding))


def _case(suite: Element, checked: CheckResult, layer: str, what: str) -> Element:
    return SubElement(suite, "testcase", classname=_xml(f"{checked.name}.{layer}"), name=_xml(what))


def _told(case: Element, tag: str, type_: str, message: str, text: str = "") -> None:
    SubElement(case, tag, type=type_, message=_xml(message)).text = _xml(text or message)


def _xml(text: str) -> str:
    return _NOT_XML.sub("?", text)
