"""A routing policy that does not keep to its contract."""

from sim.errors import SimError


class PolicyError(SimError):
    """A policy raised, answered with somebody who was not offered to it, or answers differently each time."""
