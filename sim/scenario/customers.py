"""Customers: their labels, who leaves at once, and what those do who were not served."""

from typing import Literal

from pydantic import Field

from sim.scenario.distributions import Distribution
from sim.scenario.fields import Part, Priority, Returns, Share, Switch


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
