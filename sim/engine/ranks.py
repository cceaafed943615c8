"""The order of what falls on the same instant; within a rank, what was scheduled first comes first.

Who goes at an instant goes before anything else happens, who comes at it comes last before arrivals. The table is in
docs/rules.md, Events of one instant.
"""

# Plain numbers in a module: a look at an enumeration's member takes a tenth of a contact's event.
# SimPy's own priorities are numbers of the same scale, URGENT is 0 and NORMAL is 1: what other SimPy code waits for
# comes before anything that the centre does at that instant, and before the run is over.

OVER = 2
"""The end of the run, once nothing is open."""

GOES = 3
"""Log-out, begin of a break: first, so that who goes at an instant is found by nothing that happens at it."""

CLOSING = 4
"""Closing time, before anybody who comes or calls at it."""

CUSTOMER_LEAVES = 5
"""The end of a customer's patience: an agent who would accept now is too late."""

ACCEPT = 6
"""An agent accepts: also at the very end of the ring time."""

HANDLING_ENDS = 7
"""The end of work, of a joint time or a handover, and what an agent or supervisor does on the way."""

RING_TIMEOUT = 8
"""An offer has rung out."""

REQUEST_TTL = 9
"""The end of a time-to-live or of a longest wait: after what would have ended the search otherwise."""

STEP_OPENS = 10
"""The next step of a search."""

WRAP_UP_ENDS = 11
"""The end of a wrap-up."""

GOES_BACK = 12
"""A conversation that was interrupted or handed back is placed in its queue."""

COMES = 13
"""Log-in, end of a break or of a pause after a ring-out: late, so that who comes takes what still waits."""

EMPTIES = 14
"""Who waits where nobody is logged in leaves: after the log-ins, so that a change of shifts sends nobody away."""

ARRIVAL = 15
"""A new contact, the end of self-service, a customer who returns."""

LOOK = 16
"""A look at a pull list."""

HELD_BACK = 17
"""A look at who is held back by a policy: what it is shown then is what holds until the next instant."""

LAST = 99
"""After all others."""
