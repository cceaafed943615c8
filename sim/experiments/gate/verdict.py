"""What the gate says, and which of its layers says it."""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """Surely good enough, surely not, or neither; or nothing that could be compared."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    REFUSED = "not comparable"

    @property
    def exit_code(self) -> int:
        """The exit code of `sim check`: 0, 1, 3 or 4."""
        return _EXIT_CODES[self]


_EXIT_CODES = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.INCONCLUSIVE: 3, Verdict.REFUSED: 4}

_GRAVEST_FIRST = (Verdict.FAIL, Verdict.REFUSED, Verdict.INCONCLUSIVE, Verdict.PASS)


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the verdict on several things together; on none it is a pass."""
    found = set(verdicts)
    return next((verdict for verdict in _GRAVEST_FIRST if verdict in found), Verdict.PASS)


class Layer(StrEnum):
    """The question that is answered."""

    TRACE = "trace"  # did anything change at all?
    PAIRED = "paired test"  # is it worse?
    TARGET = "target"  # is it good enough?
