"""What the gate says, as JUnit XML: a suite a scenario, a case a figure.

Kept to the schema that Jenkins validates against (junit-10.xsd of its xUnit plugin), which GitLab and the
usual GitHub reporters read too. What could not be decided is skipped, what could not be compared is an error.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from sim.gate.result import Checked
from sim.gate.sequential import Finding, Layer, Verdict
from sim.report.gate.stories import hits, what_changed
from sim.report.gate.words import how, name, sentence

WIDTH = 100

_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML 1.0 cannot hold, not even escaped."""


def junit(found: Sequence[Checked]) -> str:
    """Write one document."""
    root = Element("testsuites", name="sim check")
    for checked in found:
        _suite(root, checked)
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", f"{sum(checked.seconds for checked in found):.3f}")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _suite(root: Element, checked: Checked) -> None:
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
        _figure(suite, checked, finding)
    for key, tag in (
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        suite.set(key, str(len(suite.findall(f".//{tag}"))))


def _properties(suite: Element, checked: Checked) -> None:
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


def _trace(suite: Element, checked: Checked) -> None:
    assert checked.changed is not None
    case = _case(suite, checked, Layer.TRACE, "events of replication 0")
    said = "\n".join(what_changed(checked.changed, checked.scenario.opens_at))
    if checked.trace_fails:
        _told(case, "failure", str(Layer.TRACE), "the trace has changed, and --exact allows no change", said)
    SubElement(case, "system-out").text = _xml("\n".join([said, *hits(checked, WIDTH)]))


def _figure(suite: Element, checked: Checked, finding: Finding) -> None:
    layer = finding.claim.layer
    case = _case(suite, checked, layer, name(finding.claim.figure))
    if finding.verdict is Verdict.FAIL:
        _told(case, "failure", str(layer), sentence(finding), how(checked))
    elif finding.verdict is Verdict.INCONCLUSIVE:
        _told(case, "skipped", "inconclusive", sentence(finding))
    else:
        SubElement(case, "system-out").text = _xml(sentence(finding))


def _case(suite: Element, checked: Checked, layer: str, what: str) -> Element:
    return SubElement(suite, "testcase", classname=_xml(f"{checked.name}.{layer}"), name=_xml(what))


def _told(case: Element, tag: str, type_: str, message: str, text: str = "") -> None:
    SubElement(case, tag, type=type_, message=_xml(message)).text = _xml(text or message)


def _xml(text: str) -> str:
    return _NOT_XML.sub("?", text)
