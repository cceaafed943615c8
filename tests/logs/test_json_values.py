"""The values of a JSON file, each with its line, however they are written."""

import re
from pathlib import Path

import pytest

from sim.logs.formats import genesys_cloud
from sim.logs.json_values import NO_JSON, NO_RECORD, records
from sim.logs.problems import OTHER_SHAPE, Problems

DEEP = '{"a": ' + "[" * 300 + "]" * 300 + "}"
"""Deeper than the quick parser goes."""


def read(folder: Path, text: str, page: str = "") -> tuple[list[tuple[int, object]], dict[str, list[int]]]:
    path, problems = folder / "log.jsonl", Problems()
    path.write_bytes(text.encode())
    return [(line, value.get("a", value)) for line, value in records(path, problems, page)], problems.lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}\n{"a": 2}\n', [(1, 1), (2, 2)]),
        ('{"a": 1}\n{"a": 2}', [(1, 1), (2, 2)]),
        ('{"a": 1}\r\n\r\n{"a": 2}\r\n', [(1, 1), (3, 2)]),
        ('[\n{"a": 1},\n{"a": 2}\n]\n', [(2, 1), (3, 2)]),
        ('[{"a": 1}, {"a": 2},\n{"a": 3}]', [(1, 1), (1, 2), (2, 3)]),
        ('{"a": 1}{"a": 2}\n{"a": 3}\n', [(1, 1), (1, 2), (2, 3)]),
        ('{"a": 1}\n{\n"a": 2\n}\n{"a": 3}\n', [(1, 1), (2, 2), (5, 3)]),
        ('{"a": 1}\n{"a":\n 2} {"a": 3}\n{"a": 4}\n', [(1, 1), (2, 2), (3, 3), (4, 4)]),
        ('{"a": "\\ud800"}\n{"a": 2}\n', [(1, "\ud800"), (2, 2)]),
        ('{"a": 1, "a": 2}\n', [(1, 2)]),
        ('{"a": 1e400}\n{"a": 123456789012345678901}\n', [(1, float("inf")), (2, 123456789012345678901)]),
        ('\n\n{"a": 1}\n\n', [(3, 1)]),
        ("", []),
    ],
)
def test_values_with_their_lines(tmp_path: Path, text: str, found: list[tuple[int, object]]) -> None:
    assert read(tmp_path, text) == (found, {})


def test_what_is_no_json_is_named_by_its_line(tmp_path: Path) -> None:
    text = '{"a": 1}\n{"a": }\n{"a": 2}\n7\n{"a": 01}\n{"a": 3}\n{"a": "\x01"}\n{"a": 4}\n{"a": 5'
    found, lines = read(tmp_path, text)
    assert found == [(1, 1), (3, 2), (6, 3), (8, 4)]
    assert lines == {NO_JSON: [2, 5, 7, 9], NO_RECORD: [4]}


@pytest.mark.parametrize("piece", [20, 40, 60])
def test_a_broken_line_over_two_pieces_is_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr("sim.logs.json_values.CHUNK", piece)
    found, lines = read(tmp_path, '{"a": 1}\n{"a": x, "b": "' + "y" * 50 + '"}\n{"a": 3}\n')
    assert (found, lines) == ([(1, 1), (3, 3)], {NO_JSON: [2]})


def test_a_deep_value_and_a_long_one_are_read(tmp_path: Path) -> None:
    long = '{"a": "' + "x" * 2_500_000 + '"}'
    found, lines = read(tmp_path, f'{DEEP}\n{long}\n{{"a": 3}}\n')
    assert ([line for line, _ in found], lines) == ([1, 2, 3], {})


OFFERED = """\
{"a": 1}
{"a": 2}
{"a": 3}
{"a": 4} 7
{"a": 5}
{"a": 6},
{"a": 7},
{"a":
 8},
{"a": 9},
{"page": [{"a": 10}, 3]}
{"a": 11},
{"a": 12},
{"a": 13},
{"a": 14},
{"a": 15}
{"a": 16}"""


@pytest.mark.parametrize("block", [9, 24, 40, 1 << 16])
def test_lines_that_are_taken_leave_the_others_with_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """What takes all lines whose number is not divisible by 5 takes them as they are, and the others are given."""
    monkeypatch.setattr("sim.logs.json_values.BLOCK", block)
    taken: list[tuple[int, int]] = []

    def take(first: int, lines: list[str]) -> int:
        for count, text in enumerate(lines):
            found = re.fullmatch(r'\{"a":\s+(\d+)\}', text)
            if found is None or (first + count) % 5 == 0:
                return count
            taken.append((first + count, int(found[1])))
        return len(lines)

    path, problems = tmp_path / "log.jsonl", Problems()
    path.write_text(OFFERED)
    given = [(line, value["a"]) for line, value in records(path, problems, "page", take)]
    assert taken
    assert set(given).isdisjoint(taken)
    assert sorted([*given, *taken]) == [(n + (n > 8), n) for n in range(1, 17)]
    assert problems.lines == {NO_RECORD: [4, 11]}


def test_pages_stand_for_what_is_in_them(tmp_path: Path) -> None:
    text = '{"page": [{"a": 1}, 2, {"a": 3}]}\n{"page": 4, "a": 5}\n{"page": []}\n{"a": 6}\n'
    assert read(tmp_path, text, "page") == ([(1, 1), (1, 3), (2, 5), (4, 6)], {NO_RECORD: [1]})


def test_a_conversation_without_a_number_is_named(tmp_path: Path) -> None:
    times = {"segmentStart": "2026-03-02T08:00:00Z", "segmentEnd": "2026-03-02T08:00:09Z"}
    segment = f'{{"segmentStart": "{times["segmentStart"]}", "segmentEnd": "{times["segmentEnd"]}", "queueId": "q"}}'
    search = f'"participants": [{{"purpose": "acd", "sessions": [{{"segments": [{segment}]}}]}}]'
    path, problems = tmp_path / "log.jsonl", Problems()
    path.write_text(f'{{{search}}}\n{{"conversationId": "c1", {search}}}\n')
    assert len(genesys_cloud.read(path, problems)) == 1
    assert problems.lines == {OTHER_SHAPE: [1]}
