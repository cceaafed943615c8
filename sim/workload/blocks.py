"""A column of which only the parts that are asked for are made, and the last of these kept."""

from collections.abc import Callable, Iterator

from sim.workload.streams import Floats

KEPT = 16
"""Blocks that are kept: contacts are served about in the order of their coming, so earlier ones are done with."""


class BlockColumn:
    """Numbers, one a contact, made block by block as contacts ask for theirs.

    `make(start, stop)` gives those from `start` up to `stop`; a number is the same whichever block is asked
    for first. For what few contacts need, such as a third offer: a whole column would mostly be for nobody,
    and a month of such columns would fill the memory. A block that was let go is made again where a contact
    comes back to it.
    """

    __slots__ = ("_block", "_blocks", "_make", "_size")

    def __init__(self, size: int, block: int, make: Callable[[int, int], Floats]) -> None:
        self._size = size
        self._block = block
        self._make = make
        self._blocks: dict[int, memoryview] = {}

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, contact: int) -> float:
        """Give the number of one contact, counted from 0. Raises IndexError where there is no such contact."""
        if not 0 <= contact < self._size:
            raise IndexError(f"contact {contact} of {self._size}")
        number = contact // self._block
        block = self._blocks.get(number)
        if block is None:
            block = self._made(number)
        value: float = block[contact - number * self._block]
        return value

    def _made(self, number: int) -> memoryview:
        if len(self._blocks) == KEPT:
            del self._blocks[next(iter(self._blocks))]
        start = number * self._block
        block = self._blocks[number] = self._make(start, min(start + self._block, self._size)).data
        return block

    def __iter__(self) -> Iterator[float]:
        return (self[contact] for contact in range(self._size))

    def tolist(self) -> list[float]:
        """Give all the numbers."""
        return list(self)
