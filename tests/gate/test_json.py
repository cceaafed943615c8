"""The gate for programs."""

import json
from pathlib import Path

import jsonschema

import sim
from gate.formats import every, failed, inconclusive, passed, refused
from gate.small import DAY, held, stored
from sim.metrics.metric import PLACE_COLUMNS
from sim.report.check import written
from sim.report.check.findings import document
from sim.report.check.machine import checks_of, row_of
from sim.report.html.results import check_page

NUMBER = {"type": ["number", "null"]}
NUMBERS = ("value", "baseline", "difference", "low", "high", "margin", "p_adjusted", "correlation")
FINDING = {
    "type": "object",
    "additionalProperties": False,
    "required": ["layer", "metric", "verdict", "value", "low", "high", "replications"],
    "properties": {
        "layer": {"enum": ["paired test", "target"]},
        **{name: {"type": "string"} for name in ("metric", *PLACE_COLUMNS, "unit")},
        "verdict": {"enum": ["pass", "fail", "inconclusive"]},
        "held_back": {"type": "boolean"},
        "left_open": {"type": "boolean"},
        "grows": {"type": "boolean"},
        **dict.fromkeys(NUMBERS, NUMBER),
        "target": {"type": ["object", "null"], "additionalProperties": {"type": "number"}},
        "replications": {"type": "integer"},
    },
}  # fmt: skip
SCHEMA = {
    "type": "object",
    "required": ["format", "version", "verdict", "exit_code", "scenarios"],
    "additionalProperties": False,
    "properties": {
        "format": {"const": 1},
        "version": {"type": "string"},
        "verdict": {"enum": ["pass", "fail", "inconclusive", "not comparable"]},
        "exit_code": {"enum": [0, 1, 3, 4]},
        "scenarios": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["scenario", "seed", "verdict", "layers", "refusal", "changed", "findings"],
                "properties": {"findings": {"type": "array", "items": FINDING}},
            },
        },
    },
}


def test_it_keeps_to_its_schema() -> None:
    whole = json.loads(written(every(), "json"), parse_constant=lambda name: 1 / 0)  # no NaN, no Infinity
    jsonschema.validate(whole, SCHEMA)
    assert (whole["verdict"], whole["exit_code"]) == ("fail", 1)
    assert [one["verdict"] for one in whole["scenarios"]] == [
        "fail", "pass", "pass", "inconclusive", "not comparable", "fail",
    ]  # fmt: skip


def test_a_finding_has_the_numbers() -> None:
    (one,) = json.loads(written([failed()], "json"))["scenarios"]
    finding = next(f for f in one["findings"] if f["metric"] == "asa" and not f["kind"])
    expected = next(f for f in failed().findings if f.claim.figure.text == "asa")
    assert finding["value"] == expected.value
    assert finding["difference"] == expected.value - expected.base
    assert finding["margin"] == expected.claim.sides[0][1]
    assert finding["target"] is None
    target = next(f for f in one["findings"] if f["layer"] == "target")
    assert (target["baseline"], target["margin"]) == (None, None)
    assert target["target"] == {"at_most": 0.2}


def test_what_changed_is_in_it() -> None:
    (one,) = json.loads(written([failed()], "json"))["scenarios"]
    changed = one["changed"]
    assert changed["trace"] is True
    assert changed["keys"] == [{"key": "teams.front.agents", "before": 4, "after": 3}]
    assert changed["first"]["number"] == failed().changed.first.number  # type: ignore[union-attr]
    assert len(changed["hardest"]) == 2
    assert one["layers"] == ["paired test"]
    assert one["file"].endswith("worse.yaml")
    (same,) = json.loads(written([passed()], "json"))["scenarios"]
    assert (same["changed"]["trace"], same["changed"]["first"]) == (False, None)


def test_a_refusal_is_in_it() -> None:
    whole = json.loads(written([refused()], "json"))
    assert whole["exit_code"] == 4
    assert whole["scenarios"][0]["refusal"] == ["its seed is 21, not 5"]


def test_a_page_can_be_made_of_a_day_on_which_nobody_comes(tmp_path: Path) -> None:
    empty = sim.loads(DAY, overrides={"arrivals.0.per_hour": 0, "arrivals.1.per_hour": 0})
    path = tmp_path / "empty.json"
    path.write_text(written([held(empty, stored(empty, 2), at_most=2)], "json"), encoding="utf-8")
    page = check_page(path)
    (section,) = page.document.sections
    assert not section.pictures
    assert [table.caption for table in section.tables] == ["Against the targets"]
    assert "figures are the same in every replication" in page.document.sentences[0]


def test_it_is_read_back_as_it_was() -> None:
    for checked in (failed(), passed(), refused(), inconclusive()):
        (again,) = checks_of(json.loads(written([checked], "json")))
        assert json.loads(written([again], "json"))["scenarios"][0]["findings"] == [
            row_of(one) for one in checked.findings
        ]
        assert (again.name, again.file, again.seed) == (checked.name, checked.file, checked.seed)
        assert document(again).sentences == document(checked).sentences
        assert [len(table.rows) for table in document(again).tables] == [
            len(table.rows) for table in document(checked).tables
        ]
