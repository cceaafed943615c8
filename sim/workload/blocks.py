"""A column of which only the touched parts are made."""

from collections.abc import Callable, Iterator

from sim.workload.streams import Floats

SIZE = 64
"""Contacts in a block: few enough that one contact's need makes little that nobody asks for."""


class BlockColumn:
    """Numbers, one a contact, made block by block as contacts ask for theirs.

    `make(start, stop)` gives those from `start` up to `stop`; a number is the same whichever block is asked
    for first. For what few contacts need, such as a tenth offer: a whole column of it would mostly be for nobody.
    """

    __slots__ = ("_blocks", "_make", "_size")

    def __init__(self, size: int, make: Callable[[int, int], Floats]) -> None:
        self._size = size
        self._make = make
        self._blocks: dict[int, memoryview] = {}

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, contact: int) -> float:
        """Give the number of one contact, counted from 0. Raises IndexError where there is no such contact."""
        if not 0 <= contact < self._size:
            raise IndexError(f"contact {contact} of {self._size}")
        number, place = divmod(contact, SIZE)
        block = self._blocks.get(number)
        if block is None:
            start = number * SIZE
            block = self._blocks[number] = self._make(start, min(start + SIZE, self._size)).data
        value: float = block[place]
        return value

    def __iter__(self) -> Iterator[float]:
        return (self[contact] for contact in range(self._size))

    def tolist(self) -> list[float]:
        """Give all the numbers."""
        return list(self)
