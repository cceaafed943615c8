"""How a conversation is handed on: transfer and conference, as a queue's agents do it."""

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.laws import Constant, Law, check_whole
from sim.scenario.part import Part
from sim.scenario.quantities import Duration, Number, Share
from sim.scenario.readonly import AtLeastOne

Destinations = AtLeastOne[Share]
"""Queues with their shares; together 100 %, which is checked for the whole scenario."""
Choice = Literal["fixed", "most_available", "avoid_empty"]
"""What an agent makes of the available counts he sees beside the queues."""


class Transfer(Part):
    """When and where to the agents of a queue transfer."""

    probability: Share = Field(description="Share of an agent's conversations that he transfers.")
    after: Share = Field(default=1.0, description="Share of the handle time done by then; default 100%.")
    to: Destinations = Field(description="Queues transferred to, with their shares, together 100%.")
    choose: Choice = Field(
        default="fixed",
        description="How the agent chooses: fixed (default, draws from `to`), most_available or avoid_empty "
        "(by the numbers of available agents that he sees).",
    )
    named: Share = Field(default=0.0, description="Share that names an agent (direct transfer); default 0%.")
    note: Share = Field(default=0.0, description="Share with a note to the receiver; default 0%.")
    note_saves: Duration = Field(
        default=0.0, description="What a note takes off the receiving agent's handle time; default 0s."
    )
    patience: Law | None = Field(
        default=None,
        description="Patience of a customer being transferred; default: the patience of the queue.",
    )
    warm: Share = Field(
        default=0.0,
        description="Share of transfers in which the agent stays until the receiver is in; default 0%.",
    )
    handover_time: Law | None = Field(
        default=None, description="How long both stay in a warm transfer; default: not at all."
    )


class Then(Part):
    """How a conference ends: who leaves once the joint time is over."""

    requester_leaves: Share = Field(
        default=0.0, description="Share in which the asking agent leaves; default 0%."
    )
    guest_leaves: Share = Field(
        default=0.0, description="Share in which the joined agent leaves; default 0%."
    )
    both_stay: Share = Field(default=0.0, description="Share in which both stay to the end; default 0%.")

    @model_validator(mode="after")
    def _sums(self) -> "Then":
        check_whole((self.requester_leaves, self.guest_leaves, self.both_stay))
        return self


class Conference(Part):
    """When the agents of a queue ask another agent in, and what follows."""

    probability: Share = Field(
        description="Share of an agent's conversations in which he asks another agent in."
    )
    after: Share = Field(default=1.0, description="Share of the handle time done by then; default 100%.")
    to: Destinations = Field(description="Queues asked, with their shares, together 100%.")
    choose: Choice = Field(
        default="fixed",
        description="How the agent chooses the queue: fixed (default), most_available or avoid_empty.",
    )
    note: Share = Field(default=0.0, description="Share with a note to the guest; default 0%.")
    joint_time: Law = Field(
        default=Constant(0.0), description="How long both are in, from the joining on; default 0s."
    )
    then: Then = Field(
        default=Then(guest_leaves=1.0),
        description="Who leaves after the joint time, shares that sum to 100%; default: the guest.",
    )
    guest_time: Law | None = Field(
        default=None,
        description="How long the guest goes on alone where the requester leaves; default: handle time of his queue.",
    )
    while_waiting: Literal["works", "holds"] = Field(
        default="works",
        description="works (default): handling goes on and its end withdraws the request; holds: handling pauses.",
    )
    if_nobody: Literal["continues", "transfers"] = Field(
        default="continues",
        description="Where nobody joins the agent continues alone (default) or transfers.",
    )
    extra_time: Law | None = Field(
        default=None, description="What continuing alone costs in handle time; default 0s."
    )
    whispers_per_minute: Number = Field(
        default=0.0, description="Messages among agents a minute while two or more are in; default 0."
    )


class Pull(Part):
    """How agents take conversations from a list that nobody is offered."""

    reaction: Law = Field(
        default=Constant(0.0),
        description="Time from the notice to a subscribed agent's look at the list; default 0s.",
    )
    join: Share = Field(default=1.0, description="Probability that he joins; default 100%.")
    second_agent: Share = Field(
        default=0.0, description="Share in which a second agent joins too; default 0%."
    )
    whispers_per_minute: Number = Field(
        default=0.0, description="Messages among agents a minute while two or more are in; default 0."
    )
