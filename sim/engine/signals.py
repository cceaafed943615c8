"""What the parts of a conversation tell each other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.engine.request import Request


@dataclass(frozen=True, slots=True)
class Departure:
    """An agent's leaving: how his task ends, and the request by which the conversation goes on."""

    disposition: str
    onward: "Request | None" = None


@dataclass(frozen=True, slots=True)
class Joined:
    """The colleague who was called has joined."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """The search has ended without an agent."""

    request: "Request"


@dataclass(frozen=True, slots=True)
class TogetherOver:
    """The time together is over: the joint time of a conference, or the handover of a warm transfer.

    `host_leaves` says whether the agent who had asked leaves now.
    """

    host_leaves: bool


@dataclass(frozen=True, slots=True)
class CustomerLeft:
    """The customer has left."""


Signal = Joined | Nobody | TogetherOver | CustomerLeft
