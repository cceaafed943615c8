"""Which way a metric is better."""

from typing import Literal

from sim.errors import SimError
from sim.experiments.wanted import Wanted

Goal = Literal["high", "low"]

HIGH = frozenset({"service_level", "answered", "handled", "contained", "joined_rate"})
LOW = frozenset(
    {
        "abandoned", "abandon_rate", "balked", "blocked", "blocked_rate", "cost", "cost_per_resolved", "delayed",
        "delay_rate", "disconnected", "missed_rate", "no_agent", "no_agent_rate", "offers_per_request",
        "overtime", "queue_length_max", "queue_length_mean", "refused", "time_in_system", "time_to_join",
        "total_wait", "unfinished",
    }
)  # fmt: skip


def goal_of(wanted: Wanted, given: Goal | None) -> Goal:
    """Give the way in which a figure is better: the one given, else what everybody would say.

    Raises SimError for a metric of which neither can be said, such as the occupancy.
    """
    if given is not None:
        return given
    if wanted.metric in HIGH:
        return "high"
    if wanted.metric in LOW or wanted.metric == "asa" or "wait" in wanted.metric:
        return "low"
    raise SimError(f"whether a high or a low {wanted.metric} is better depends; give the goal, high or low")
