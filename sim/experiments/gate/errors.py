"""The gate has nothing to compare with."""

from sim.errors import SimError


class BaselineError(SimError):
    """A baseline is missing, cannot be read, or is not one that a candidate can be compared with."""

    exit_code = 4
