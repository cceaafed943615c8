"""Customers: how they come in and where they wait, their labels, who leaves at once, what the unserved do."""

from typing import Annotated, Literal

from annotated_types import MinLen
from pydantic import Field

from sim.scenario.distributions import Distribution
from sim.scenario.fields import (
    Count,
    Name,
    Part,
    PositiveCount,
    PositiveDuration,
    Priority,
    Returns,
    Share,
    Switch,
)


class Channel(Part):
    """A way in for customers."""

    medium: Name = Field(description="Medium of the channel, a name under `media`.")
    request_ttl: PositiveDuration | None = Field(
        default=None,
        description="How long an agent is looked for in all, a duration above the ring time; default unlimited.",
    )
    identified: Share = Field(
        default=0.0, description="Share of the customers who are known by name; default 0%."
    )
    lines: PositiveCount | None = Field(
        default=None,
        description="Lines (trunks) of the channel; a contact beyond is blocked; default unlimited.",
    )


class WaitingRoom(Part):
    """Waiting places that several queues share."""

    capacity: Count = Field(
        description="Waiting places of all its queues together; a contact beyond is blocked."
    )
    queues: Annotated[tuple[Name, ...], MinLen(1)] = Field(description="Queues whose customers wait there.")


class Label(Part):
    """A customer label and the priority it gives."""

    priority: Priority = Field(
        default=1, description="Task priority of labelled customers, 1 to 10, the higher first; default 1."
    )


class Balk(Part):
    """Who leaves at once, and when."""

    share: Share = Field(description="Share who leave at once.")
    when: Literal["nobody_available", "nobody_free"] = Field(
        default="nobody_available",
        description="nobody_available (default): no agent of any step is ready or active; nobody_free: there is nobody "
        "to whom the request could be offered now.",
    )


# What customers do who were not served.


class AfterNoAgent(Part):
    """A customer for whom no agent was found."""

    ask_again: Share = Field(description="Share who ask again, as the same customer in a new contact.")
    after: Distribution = Field(description="Law of the time until they do.")
    at_most: Returns = Field(default=1, description="How often one customer asks again at most; default 1.")
    only_while_open: Switch = Field(
        default=False, description="on: nobody asks again at or after closing; default off."
    )


class AfterAbandon(Part):
    """A customer who abandoned."""

    come_back: Share = Field(description="Share who come back with a new conversation.")
    after: Distribution = Field(description="Law of the time until they do.")
    at_most: Returns = Field(default=1, description="How often one customer comes back at most; default 1.")
    patience: Literal["anew", "same"] = Field(
        default="anew",
        description="Patience of the next attempt: anew (default) drawn for it, or the same as before.",
    )
    only_while_open: Switch = Field(
        default=False, description="on: nobody comes back at or after closing; default off."
    )


class Customers(Part):
    """What customers do who were not served."""

    after_no_agent: AfterNoAgent | None = Field(
        default=None, description="What follows when no agent was found; default: the customer leaves."
    )
    after_abandon: AfterAbandon | None = Field(
        default=None,
        description="What follows after an abandonment; default: the customer does not come back.",
    )
