"""The order of one instant, as docs/rules.md has it."""

from enum import IntEnum, auto


class Rank(IntEnum):
    """What comes first of the events of one instant."""

    GOES = auto()
    CLOSING = auto()
    CUSTOMER_LEAVES = auto()
    ACCEPT = auto()
    HANDLING_ENDS = auto()
    RING_TIMEOUT = auto()
    REQUEST_TTL = auto()
    STEP_OPENS = auto()
    WRAP_UP_ENDS = auto()
    GOES_BACK = auto()
    COMES = auto()
    EMPTIES = auto()
    ARRIVAL = auto()
    LOOK = auto()
    HELD_BACK = auto()
    LAST = auto()
