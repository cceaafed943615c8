"""JUnit XML, held to the rules of the schema that Jenkins validates with (junit-10.xsd of its xUnit plugin)."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from gate.formats import NASTY, checked, every, failed, inconclusive, nasty, passed, refused
from sim.report.check import written

TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")
REQUIRED = {
    "testsuites": set(),
    "testsuite": {"name", "tests", "failures", "errors"},
    "testcase": {"name"},
    "properties": set(),
    "property": {"name", "value"},
    "failure": set(),
    "error": set(),
    "skipped": set(),
    "system-out": set(),
}
ALLOWED = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {
        "name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id",
        "package", "file", "log", "url",
    },
    "testcase": {"name", "time", "classname", "group"},
    "properties": set(),
    "property": {"name", "value"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"type", "message"},
    "system-out": set(),
}  # fmt: skip
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testsuite", "properties", "testcase", "system-out", "system-err"},
    "testcase": {"skipped", "error", "failure", "system-out", "system-err"},
    "properties": {"property"},
}
MIXED = {"failure", "error", "skipped", "system-out", "system-err"}
"""The elements that may hold text."""


def broken_rules(element: Element) -> list[str]:
    """The rules of the schema that an element or anything in it breaks."""
    tag, given = element.tag, set(element.attrib)
    found = [f"{tag} lacks {name}" for name in REQUIRED[tag] - given]
    found += [f"{tag} has {name}" for name in given - ALLOWED[tag]]
    found += [f"{child.tag} in {tag}" for child in element if child.tag not in CHILDREN.get(tag, set())]
    if not TIME.fullmatch(element.get("time", "")):
        found.append(f"time of {tag}: {element.get('time')}")
    if tag not in MIXED and (element.text or "").strip():
        found.append(f"text in {tag}")
    return found + [one for child in element for one in broken_rules(child)]


def document(*found: object) -> Element:
    return ElementTree.fromstring(written(list(found), "junit"))  # type: ignore[arg-type]


def test_the_rules_are_able_to_fail() -> None:
    bad = ElementTree.fromstring(
        "<testsuites><testsuite name='a' tests='1' failures='0' errors='0' time='1s' skips='1'>"
        "<testcase time=''/>text<property name='x' value='y'/></testsuite></testsuites>"
    )
    assert len(broken_rules(bad)) == 4


@pytest.mark.slow
def test_it_keeps_to_the_schema() -> None:
    assert broken_rules(document(*every())) == []


def test_it_declares_its_encoding_in_the_first_line() -> None:
    assert written([passed()], "junit").startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')


def test_a_suite_a_scenario_and_a_case_a_figure() -> None:
    (suite,) = document(failed())
    cases = suite.findall("testcase")
    assert suite.get("name") == "Small day"
    assert [case.get("classname") for case in cases].count("Small day.paired test") == 8
    assert [case.get("classname") for case in cases].count("Small day.target") == 2
    assert [case.get("classname") for case in cases].count("Small day.trace") == 1
    assert "asa transfer" in [case.get("name") for case in cases]


@pytest.mark.slow
def test_the_counts_are_those_of_the_cases() -> None:
    root = document(*every())
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))
        assert int(suite.get("errors", "")) == len(suite.findall("testcase/error"))
    for key in ("tests", "failures", "errors"):
        assert int(root.get(key, "")) == sum(int(suite.get(key, "")) for suite in root)


def test_a_failure_has_the_numbers_in_its_message() -> None:
    (suite,) = document(failed())
    failure = suite.find("testcase[@name='asa']/failure")
    assert failure is not None
    assert failure.get("type") == "paired test"
    assert "surely worse than that" in failure.get("message", "")
    assert "seed 21" in (failure.text or "")


def test_the_undecided_are_skipped_and_the_refused_an_error() -> None:
    skipped = document(inconclusive()).findall(".//skipped")
    assert [one.get("type") for one in skipped] == ["inconclusive"]
    (error,) = document(refused()).findall(".//error")
    assert error.get("message") == "its seed is 21, not 5"


def test_the_properties_tell_how_it_was_done() -> None:
    (suite,) = document(failed())
    told = {one.get("name"): one.get("value") for one in suite.findall("properties/property")}
    assert told["seed"] == "21"
    assert told["replications"] == "10"
    assert told["layers"] == "paired test"
    assert told["version.numpy"]


def test_the_stories_are_the_output_of_the_trace() -> None:
    (suite,) = document(failed())
    told = suite.findtext("testcase[@classname='Small day.trace']/system-out") or ""
    assert "teams.front.agents: 4 -> 3" in told
    assert "now (conversation " in told
    exact = document(checked(exact=True))[0].find("testcase[@classname='Small day.trace']/failure")
    assert exact is not None


def test_a_title_full_of_markup_comes_back_as_it_was() -> None:
    (suite,) = document(nasty())
    assert suite.get("name") == NASTY.replace("\u0007", "?")  # no XML can hold that one
