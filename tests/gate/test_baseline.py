"""Baselines in files."""

import json
from pathlib import Path

import numpy as np
import pytest

from gate.small import DAY, day, stored
from sim.errors import SimError
from sim.experiments.figure_selectors import FigureSelector
from sim.gate.baseline import Stored
from sim.gate.candidate import BaselineError, Provenance
from sim.scenario import Scenario, load

BASE = stored(day(), 3)


def test_a_baseline_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new" / "small.json"
    BASE.save(path)
    again = Stored.load(path)
    assert again.known == BASE.known
    assert again.marks == BASE.marks
    assert again.margins == BASE.margins
    assert again.definitions == BASE.definitions
    assert again.most == 3
    for figure, sampled in BASE.kept.items():
        np.testing.assert_array_equal(again.kept[figure].tops, sampled.tops)
        np.testing.assert_array_equal(again.kept[figure].bottoms, sampled.bottoms)
    assert list(path.parent.iterdir()) == [path]  # nothing is left beside it


def test_the_same_baseline_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.json", "two.json"):
        stored(day(), 3).save(tmp_path / name)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_a_day_without_a_value_is_kept_as_none(tmp_path: Path) -> None:
    """No waits of transfers on a day on which nobody is transferred."""
    rare = stored(day(queues__front__transfer__probability="0.5%", lasts="20m"), 4)
    rare.save(tmp_path / "rare.json")
    text = (tmp_path / "rare.json").read_text(encoding="utf-8")
    assert json.loads(text)
    asa = FigureSelector.parse("asa:kind=transfer")
    np.testing.assert_array_equal(Stored.load(tmp_path / "rare.json").kept[asa].tops, rare.kept[asa].tops)


def test_the_file_says_what_it_is_a_line_a_figure(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    BASE.save(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["format"] == 1
    assert data["scenario"]["seed"] == 21
    assert set(data["scenario"]["versions"]) == {"sim", "python", "numpy", "scipy"}
    assert data["scenario"]["hash"] == day().hash
    lines = path.read_text(encoding="utf-8").splitlines()
    assert sum('"numerators"' in line for line in lines) == len(BASE.kept)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (None, "there is no such baseline; make it with --accept"),
        ("", "is no baseline: it is no JSON: Expecting value"),
        ("\udcff", "this is not text in UTF-8 (byte 1 is 0xff); save it as UTF-8; renew it with --accept"),
        ("{\0}", "it holds NUL characters; this is no text file in UTF-8; renew it with --accept"),
        ("[" * 200_000, "is no baseline: it is no JSON: "),
        ('{"format": "\\u001b[31m"}', "format \\x1b[31m, not 1; renew it with --accept"),
        ("[]", "is no baseline; renew it with --accept"),
        ("{}", "is no baseline; renew it with --accept"),
        ('{"format": 99}', "format 99, not 1; renew it with --accept"),
        ('{"format": 1}', "is no baseline: scenario: Field required"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, text: str | None, what: str) -> None:
    path = tmp_path / "small.json"
    if text is not None:
        path.write_text(text, errors="surrogateescape")
    with pytest.raises(BaselineError) as raised:
        Stored.load(path)
    assert str(raised.value).startswith(f"{path}: {what}")
    assert raised.value.exit_code == 4


def test_a_torn_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    BASE.save(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["figures"][0]["numerators"].pop()
    path.write_text(json.dumps(data))
    with pytest.raises(BaselineError, match="its figures have 2, 3 replications; renew it with --accept"):
        Stored.load(path)


@pytest.mark.parametrize(
    ("place", "value", "what"),
    [
        (("figures",), [], "it has no figures"),
        (("figures", 0, "figure"), "asaa", "no metric `asaa`; did you mean `asa`?"),
        (("figures", 0, "margin", "amount"), "x", "is no baseline: figures.0.margin.amount: Input should be"),
        (
            ("figures", 0, "numerators", 0),
            "x",
            "is no baseline: figures.0.numerators.0: Input should be",
        ),
        (("trace", "marks"), 5, "is no baseline: trace.marks: Input should be a valid tuple"),
        (("scenario", "versions"), 5, "is no baseline: versions: Input should be a valid dictionary"),
        (("scenario", "text"), 5, "is no baseline: text: Input should be a valid list"),
    ],
)
def test_a_file_that_was_edited_is_refused_with_the_place(
    tmp_path: Path, place: tuple[str | int, ...], value: object, what: str
) -> None:
    path = tmp_path / "small.json"
    BASE.save(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    part = data
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    path.write_text(json.dumps(data))
    with pytest.raises(BaselineError) as raised:
        Stored.load(path)
    assert str(raised.value).startswith(f"{path}: {what}")
    assert str(raised.value).endswith("; renew it with --accept")


def test_a_disk_that_refuses_is_a_mistake_of_the_user_s(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SimError, match=r"file/small\.json: cannot be written: "):
        BASE.save(tmp_path / "file" / "small.json")


def test_a_folder_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="cannot be read"):
        Stored.load(tmp_path)


def test_the_scenario_comes_back_with_the_files_it_names(tmp_path: Path) -> None:
    (tmp_path / "rush.csv").write_text("interval_start,volume\n2026-03-02T09:00,30\n2026-03-02T09:30,10\n")
    text = DAY.replace(
        "{channel: web, queue: front, per_hour: 70}", "{channel: web, queue: front, file: rush.csv}"
    )
    (tmp_path / "small.yaml").write_text(text.replace("lasts: 90m", "lasts: 1h"))
    scenario = load(tmp_path / "small.yaml")
    again = Provenance.of(scenario).scenario()
    assert isinstance(again, Scenario)
    assert again.hash == scenario.hash
