"""Tables line up whatever the width, and an interval never leaves its figure."""

import pytest

from sim.report.document import Cell, Row, Table
from sim.report.text_table import paragraph, table, titled

HEADS = ["Queue", "Offered", "Service\nlevel %"]
ROWS = [
    Row("general", [Cell("812.4", "±9.1"), Cell("78.2", "±1.9")]),
    Row("billing at night", [Cell("41.0", "±12.0"), Cell("-")]),
]


def test_intervals_stand_beside_their_figures_where_there_is_room() -> None:
    assert table(HEADS, ROWS, 60) == [
        "                                 Service",
        "Queue                 Offered    level %",
        "general           812.4  ±9.1  78.2 ±1.9",
        "billing at night   41.0 ±12.0     -",
    ]


def test_intervals_stand_beneath_their_figures_where_it_is_narrow() -> None:
    assert table(HEADS, ROWS, 38) == [
        "                           Service",
        "Queue             Offered  level %",
        "general             812.4     78.2",
        "                     ±9.1     ±1.9",
        "billing at night     41.0        -",
        "                    ±12.0",
    ]


def test_words_are_broken_where_a_table_of_them_is_too_wide() -> None:
    rows = [
        Row("sellers", [Cell("12"), Cell("sales, billing, support")]),
        Row("helpers", [Cell("3"), Cell("support")]),
    ]
    one = Table("Teams", ("Team", "Agents\nseen", "Queues"), rows, words=True, titled=False)
    assert titled(one, 60) == [
        "         Agents",
        "Team       seen                   Queues",
        "sellers      12  sales, billing, support",
        "helpers       3                  support",
    ]
    assert titled(one, 34) == [
        "         Agents",
        "Team       seen  Queues",
        "sellers      12  sales, billing,",
        "                 support",
        "helpers       3  support",
    ]


def test_columns_that_belong_together_are_not_parted() -> None:
    """Room is for three columns of nine: of pairs for one pair."""
    rows = [Row("all", [Cell("1234567"), Cell("2345678"), Cell("3456789"), Cell("4567890")])]
    heads = ("Queue", "a", "of a", "b", "of b")
    assert titled(Table("", heads, rows, titled=False, split=1), 33)[0].split() == [
        "Queue",
        "a",
        "of",
        "a",
        "b",
    ]
    assert titled(Table("", heads, rows, titled=False, split=2), 33)[0].split() == ["Queue", "a", "of", "a"]


def test_labels_are_folded_before_anything_wraps() -> None:
    assert table(HEADS, ROWS, 26) == [
        "                   Service",
        "Queue      Offered level %",
        "general      812.4    78.2",
        "              ±9.1    ±1.9",
        "billing at    41.0       -",
        " night       ±12.0",
    ]
    rows = [Row("service_level, %", ROWS[0].cells), Row("kundenbetreuung", [Cell("1"), Cell("2")], 1)]
    assert [line[:9].rstrip() for line in table(HEADS, rows, 25)[2:]] == [
        "service_",
        " level, %",
        "  kundenb",
        "   etreuu",
        "   ng",
    ]
    assert max(map(len, table(HEADS, rows, 25))) <= 25


def test_one_replication_has_no_intervals_and_one_line_a_row() -> None:
    rows = [Row("general", [Cell("812"), Cell("78.2")])]
    assert table(HEADS, rows, 80)[2:] == ["general      812     78.2"]


def test_wide_letters_count_twice() -> None:
    rows = [Row("客服", [Cell("1"), Cell("2")]), Row("abcd", [Cell("1"), Cell("2")])]
    first, second = table(HEADS, rows, 80)[2:]
    assert first == second.replace("abcd", "客服")


@pytest.mark.parametrize("width", range(8, 30))
def test_a_number_keeps_its_percent_sign(width: int) -> None:
    lines = paragraph("it lies from 0 % to 100 % of what was wanted", width)
    assert all(len(line) <= width for line in lines)
    assert " ".join(lines) == "it lies from 0 % to 100 % of what was wanted"
    assert not any(line.startswith("%") for line in lines)
