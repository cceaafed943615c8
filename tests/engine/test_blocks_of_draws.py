"""Blocks of draws as the compiled engine sees them: every address leads to the numbers of its block."""

import ctypes
import random

import numpy as np
import pytest

from sim.engine.compiled.day import MADE, _Blocks
from sim.workload.seeds import BlockColumn

SIZE, CONTACTS = 8, 8 * 100 + 3


class Asked:
    """A column of the contacts' own numbers, asked for as the engine does, which notes what was made."""

    def __init__(self) -> None:
        self.spans: list[tuple[int, int]] = []
        self.blocks = _Blocks(BlockColumn(CONTACTS, SIZE, self._make))

    def _make(self, start: int, stop: int) -> np.ndarray:
        self.spans.append((start, stop))
        return np.arange(start, stop, dtype=float)

    def of(self, contact: int) -> float:
        block = contact // SIZE
        if not self.blocks.table[block]:
            self.blocks.make(block)
        return self.at(block)[contact % SIZE]

    def at(self, block: int) -> np.ndarray:
        n = min(SIZE, CONTACTS - block * SIZE)
        return np.ctypeslib.as_array((ctypes.c_double * n).from_address(int(self.blocks.table[block])))

    def there(self) -> list[int]:
        return np.flatnonzero(self.blocks.table).tolist()


def test_in_turn_ever_more_are_made_at_once_and_the_oldest_go() -> None:
    asked = Asked()
    assert [asked.of(contact) for contact in range(CONTACTS)] == list(range(CONTACTS))
    assert [(stop - start) // SIZE for start, stop in asked.spans[:5]] == [1, 2, 4, 8, 8]
    assert asked.spans[-1][1] == CONTACTS
    assert sum(stop - start for start, stop in asked.spans) == CONTACTS
    assert len(asked.there()) <= 2 * MADE


@pytest.mark.parametrize("seed", range(20))
def test_every_address_leads_to_its_block_in_whatever_order(seed: int) -> None:
    asked, chance, contact = Asked(), random.Random(seed), 0
    for _ in range(300):
        contact = (contact + chance.choice([1, SIZE, SIZE, 3 * SIZE, -2 * SIZE, 30 * SIZE])) % CONTACTS
        assert asked.of(contact) == contact
        for block in asked.there():
            assert asked.at(block)[0] == block * SIZE
        assert len(asked.there()) <= 2 * MADE
