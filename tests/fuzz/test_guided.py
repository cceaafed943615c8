"""The search that follows what inputs reach begins at inputs that are read, and tells what ends otherwise."""

from pathlib import Path

import pytest

from sim.errors import SimError

from .fuzzer import odd_end
from .guided import READERS, begin_at, reading


@pytest.mark.parametrize("reader", READERS)
def test_the_search_begins_at_what_is_read(reader: str, tmp_path: Path) -> None:
    read = reading(reader, tmp_path)
    begun = begin_at(reader)
    assert begun
    assert [odd_end(lambda data=data: read(data)) for data in begun] == [("ran", "")] * len(begun)
    assert odd_end(lambda: read(b"\x00 no such thing"))[0] == "refused"


def test_what_ends_otherwise_is_told_with_its_place() -> None:
    def fails() -> None:
        raise IndexError("list index out of range")

    def refuses(text: str) -> None:
        raise SimError(text)

    end, said = odd_end(fails)
    assert (end, said.startswith("IndexError: list index out of range (test_guided.py:")) == ("odd", True)
    assert odd_end(lambda: refuses("x.csv:1:1: `a` is no number")) == ("refused", "")
    assert odd_end(lambda: refuses("\x1b[2J"))[0] == "odd"
    assert odd_end(lambda: None) == ("read", "")
