"""The order of what falls on the same instant; within a rank, what was scheduled first comes first.

Plain numbers in a module: a look at an enumeration's member takes a tenth of a contact's event.
"""

FIRST = -1
"""Before all others."""

CUSTOMER_LEAVES = 0
ACCEPT = 1
HANDLING_ENDS = 2
RING_TIMEOUT = 3
REQUEST_TTL = 4
STEP_OPENS = 5
WRAP_UP_ENDS = 6
ROSTER = 7
ARRIVAL = 8

LAST = 99
"""After all others."""
