"""What customers do who were not served."""

from pydantic import Field

from sim.scenario.laws import Law
from sim.scenario.part import Part
from sim.scenario.quantities import Count, Share


class AfterNoAgent(Part):
    """A customer for whom no agent was found."""

    ask_again: Share = Field(description="Share who ask again, as the same customer in a new contact.")
    after: Law = Field(description="Law of the time until they do.")
    at_most: Count = Field(default=1, description="How often one customer asks again at most; default 1.")


class AfterAbandon(Part):
    """A customer who abandoned."""

    come_back: Share = Field(description="Share who come back with a new conversation.")
    after: Law = Field(description="Law of the time until they do.")
    at_most: Count = Field(default=1, description="How often one customer comes back at most; default 1.")


class Customers(Part):
    """What customers do who were not served."""

    after_no_agent: AfterNoAgent | None = Field(
        default=None, description="What follows when no agent was found; default: the customer leaves."
    )
    after_abandon: AfterAbandon | None = Field(
        default=None,
        description="What follows after an abandonment; default: the customer does not come back.",
    )
