"""Silent monitoring, whispering and barging in."""

from typing import Annotated

from annotated_types import MinLen
from pydantic import Field

from sim.scenario.laws import Law
from sim.scenario.part import Part
from sim.scenario.quantities import Name, Number, Share


class Supervision(Part):
    """How supervisors look into conversations."""

    team: Name = Field(description="Team that supervises; its role is supervisor.")
    queues: Annotated[tuple[Name, ...], MinLen(1)] = Field(
        description="Queues whose conversations are looked into."
    )
    probability: Share = Field(description="Share of conversations looked into.")
    after: Law = Field(description="Law of the time from the first answer to the look.")
    lasts: Law = Field(description="Law of how long the supervisor stays.")
    whispers_per_minute: Number = Field(
        default=0.0, description="Messages to the agents a minute, unseen by the customer; default 0."
    )
    barge_in: Share = Field(
        default=0.0, description="Share in which the supervisor becomes a participant; default 0%."
    )
