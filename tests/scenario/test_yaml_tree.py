"""Files that are no scenario at all: one clear line, never a traceback."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load, loads
from sim.scenario.yaml_tree import read_tree

from .small import SMALL, mistakes


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "day.yaml: the file is empty; a scenario is a mapping of keys (key: value)"),
        ("# nothing but a comment\n", "day.yaml: the file is empty; a scenario is a mapping of keys (key: value)"),
        ("- lasts\n", "day.yaml:1:1: a scenario is a mapping of keys (key: value)"),
        ("just words", "day.yaml:1:1: a scenario is a mapping of keys (key: value)"),
        ("lasts: 10h\nmedia: {chat: 3\n", "day.yaml:3:1: not valid YAML: while parsing a flow mapping "
         "begun in line 2, expected ',' or '}', but got '<stream end>'"),
        ("lasts: 10h\n\tmedia: 3\n", "day.yaml:2:1: not valid YAML: while scanning for the next token, "
         "found character '\\t' that cannot start any token; indent with spaces, not with tabs"),
        ('name: "a\nlasts: 1h\n', "day.yaml:3:1: not valid YAML: while scanning a quoted scalar begun in line 1, "
         "found unexpected end of stream"),
        ("lasts: 10h: 5\n", "day.yaml:1:11: not valid YAML: mapping values are not allowed here"),
        ("name: a\nname: \x07\n", "day.yaml:2:7: not valid YAML: the character U+0007 is not allowed"),
        ("a: 1\n---\nb: 2\n", "day.yaml:2:1: not valid YAML: expected a single document in the stream, "
         "but found another document"),
        ("a: *missing\n", "day.yaml:1:4: not valid YAML: found undefined alias 'missing'"),
        ("a: &loop [*loop]\n", "day.yaml:1:4: a.0: an alias contains itself"),
        ("a: " + "[" * 800, "day.yaml: not valid YAML: it is nested too deeply"),
        ("a: " + "[" * 60 + "]" * 60, None),
    ],
)  # fmt: skip
def test_what_is_no_scenario(text: str, line: str | None) -> None:
    found = mistakes(text)
    assert len(found) == 1
    assert found == [line] if line else found[0].endswith("this is nested too deeply")


def test_aliases_cannot_make_a_small_file_a_huge_one() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(ScenarioError, match="aliases make this file too large"):
        loads("\n".join(levels))


def test_tags_are_refused_and_nothing_is_made_of_them() -> None:
    found = mistakes(SMALL + "name: !!python/object/apply:os.system [true]\ndescription: !mine x\n")
    assert found[:2] == [
        "day.yaml:16:7: name: the tag `tag:yaml.org,2002:python/object/apply:os.system` is not allowed; "
        "scenarios are plain data",
        "day.yaml:16:7: name: `[true]` is not text; write it in quotes",
    ]
    assert found[2] == "day.yaml:17:14: description: the tag `!mine` is not allowed; scenarios are plain data"


def test_every_key_that_is_there_twice_is_named() -> None:
    assert mistakes(SMALL + "seed: 1\nseed: 2\nlasts: 3h\n? [a]\n: 1\n") == [
        "day.yaml:17:1: seed: this key is there twice, first in line 16",
        "day.yaml:18:1: lasts: this key is there twice, first in line 1",
        "day.yaml:19:3: a key has to be plain text",
    ]


def test_anchors_and_aliases_may_be_used() -> None:
    day = loads(SMALL.replace("handle_time: 5m}", "handle_time: &h {exponential: {mean: 3m}}}", 1)
                .replace("handle_time: 5m}", "handle_time: *h}", 1))  # fmt: skip
    assert day.queues["help"].handle_time == day.queues["sales"].handle_time


def test_yaml_1_2_takes_clock_times_and_on_for_text() -> None:
    tree = read_tree(
        "a: 08:00\nb: on\nc: no\nd: 0o17\ne: 1_000\nf: 1e3\ng: .inf\nh: ~\ni: true\nj: 2026-03-02", "x"
    )
    assert tree.data == {
        "a": "08:00", "b": "on", "c": "no", "d": 15, "e": 1000, "f": 1000.0, "g": ".inf", "h": None, "i": True,
        "j": "2026-03-02",
    }  # fmt: skip


def test_places_of_keys_and_values_are_known() -> None:
    tree = read_tree("a:\n  - {b: 1,\n     c: 2}\n", "x")
    assert tree.keys[("a", 0, "c")] == (3, 6)
    assert tree.values[("a", 0, "c")] == (3, 9)
    assert tree.values[("a", 0)] == (2, 5)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    folder = "this is a folder, not a scenario file"
    cases = {"missing.yaml": "there is no such file", "empty": folder}
    (tmp_path / "empty").mkdir()
    (tmp_path / "desk").mkdir()
    for name in ("scenario.yaml", "other.yaml", "a.csv"):
        (tmp_path / "desk" / name).write_text("")
    cases["desk"] = f"{folder}; name one, such as {tmp_path / 'desk' / 'other.yaml'}"
    (tmp_path / "latin.yaml").write_bytes("name: Büro\n".encode("latin-1"))
    cases["latin.yaml"] = "this is not text in UTF-8 (byte 8 is 0xfc); save it as UTF-8"
    (tmp_path / "file").write_text("")
    cases["file/day.yaml"] = "it cannot be read: not a directory"
    for name, what in cases.items():
        with pytest.raises(ScenarioError) as caught:
            load(tmp_path / name)
        assert str(caught.value) == f"{tmp_path / name}: {what}"


def test_a_table_in_place_of_a_scenario_is_told_how_to_become_one(tmp_path: Path) -> None:
    path = tmp_path / "Volumes.CSV"
    path.write_text("Interval;Calls\n09:00;12\n")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    what = "a scenario is a mapping of keys (key: value); of a forecast one is made by: sim init FOLDER --forecast"
    assert str(caught.value) == f"{path}:1:1: {what} {path}"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "day.yaml").write_text("\ufeff" + SMALL, encoding="utf-8")
    assert load(tmp_path / "day.yaml") == loads(SMALL)
