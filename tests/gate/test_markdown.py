"""Tables for a pull request."""

import re

from gate.formats import NASTY, every, failed, nasty, passed, refused
from sim.report.check import written
from sim.report.check.github import _fenced, escaped

BARE_PIPE = re.compile(r"(?<!\\)\|")


def tables(text: str) -> list[list[str]]:
    """The tables, each a list of its lines; what is between fences is none."""
    outside = re.sub(r"^(`{3,})text\n.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    blocks = [block.splitlines() for block in outside.split("\n\n")]
    return [block for block in blocks if block and block[0].startswith("|")]


def test_every_row_of_a_table_has_the_cells_of_its_head() -> None:
    found = tables(written(every(), "markdown"))
    assert len(found) >= 6
    for table in found:
        assert len({len(BARE_PIPE.findall(row)) for row in table}) == 1
        assert re.fullmatch(r"\| ---( \| ---:)+ \|", table[1])


def test_the_head_says_how_it_went() -> None:
    assert written([failed()], "markdown").startswith("### ❌ Small day: FAIL (paired test)\n\nseed 21, ")
    assert written([passed()], "markdown").startswith("### ✅ Small day: PASS\n")
    assert written([refused()], "markdown") == "### 🚫 Small day: NOT COMPARABLE: its seed is 21, not 5"


def test_what_fails_stands_out() -> None:
    rows = [row for row in written([failed()], "markdown").splitlines() if row.startswith("| asa, s")]
    assert rows[0].endswith("| **FAIL** |")


def test_the_stories_are_folded_away_and_the_fold_has_air_around_it() -> None:
    """Without an empty line on both sides GitHub shows the fence as it is written."""
    text = written([failed()], "markdown")
    assert re.search(
        r"<details><summary>[^\n]+</summary>\n\n```text\n.*?\n```\n\n</details>", text, re.DOTALL
    )
    assert text.count("<details>") == text.count("</details>") == 1


def test_markup_in_a_title_is_kept_as_text() -> None:
    head = written([nasty()], "markdown").splitlines()[0]
    assert r"\<A\|B\>" in head
    assert r"\[one\], \`two\`" in head
    assert NASTY not in head


def test_escaping() -> None:
    assert escaped("a_b*c|d <e>\nf") == r"a\_b\*c\|d \<e\> f"


def test_a_fence_is_longer_than_any_in_the_text() -> None:
    assert _fenced("plain").splitlines()[0] == "```text"
    assert _fenced("a ```` b").splitlines()[0] == "`````text"
    assert _fenced("a ```` b").splitlines()[-1] == "`````"
