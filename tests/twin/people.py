"""Who and what there is in the second simulation: agents, customers, conversations, requests, and seats in them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.workload.workload import Recorded
    from twin.calendar import Entry
    from twin.rosters import HeadCount, Pauses, Shift


@dataclass(eq=False)
class Desk:
    """An agent's place on a medium: what rings, and what is held (wrap-up included)."""

    medium: str
    slots: int
    ringing: list["Request"] = field(default_factory=list)
    held: list["Seat"] = field(default_factory=list)
    ready_since: float = -1.0
    paused: int = 0
    paused_until: float = -1.0
    misses: int = 0
    latest_offer: int = -1
    busy_from: int = -1
    left: list["Request"] = field(default_factory=list)

    @property
    def tasks(self) -> int:
        return len(self.ringing) + len(self.held)


@dataclass(eq=False)
class Sitting:
    """What an agent is in a team: what they can there, their desks and their pauses."""

    team: str
    number: int
    skills: Mapping[str, int]
    is_supervisor: bool
    desks: dict[str, Desk]
    pauses: "Pauses | None" = None


@dataclass(eq=False)
class Agent:
    """An agent; a person of several teams is in one of them at a time, at first in that which is named first."""

    name: str
    place: int
    address: tuple[str, int]
    sittings: dict[str, Sitting]
    sitting: Sitting

    logged_in: bool = False
    on_duty: bool = False
    present: bool = False
    hands_back: bool = False
    watches: Any = None
    drawn: dict[str, int] = field(default_factory=dict)
    when_free: Callable[[], None] | None = None
    shift: "Shift | None" = None
    head_count: "HeadCount | None" = None

    @property
    def team(self) -> str:
        return self.sitting.team

    @property
    def number(self) -> int:
        return self.sitting.number

    @property
    def skills(self) -> Mapping[str, int]:
        return self.sitting.skills

    @property
    def is_supervisor(self) -> bool:
        return self.sitting.is_supervisor

    @property
    def desks(self) -> dict[str, Desk]:
        return self.sitting.desks

    @property
    def pauses(self) -> "Pauses | None":
        return self.sitting.pauses

    @property
    def busy(self) -> bool:
        return self.watches is not None or any(desk.tasks for desk in self.desks.values())


@dataclass(eq=False)
class Customer:
    stream: int
    index: int
    number: int
    label: str | None
    queue: str
    met: int = 0
    offers: int = 0
    attempt: int = 0
    patience_of: int | None = None
    returns: list[str] = field(default_factory=list)
    last_agent: Agent | None = None
    asks_for: Agent | None = None
    recorded: "Recorded | None" = None


@dataclass(eq=False)
class Conversation:
    number: int
    channel: str
    customer: Customer
    attempt: int
    is_open: bool = True
    seats: list["Seat"] = field(default_factory=list)
    request: "Request | None" = None
    patience: "Entry | None" = None
    transfers: int = 0
    goes_back: bool = False
    watch: Any = None
    answered: bool = False
    whisper: "Entry | None" = None
    whisper_rate: float = 0.0
    talk_rate: float = 0.0
    gaps: int = 0

    @property
    def agents(self) -> list["Seat"]:
        """The seats of agents, those of supervisors who barged in left out."""
        return [seat for seat in self.seats if not seat.barged]


@dataclass(eq=False)
class Request:
    conversation: Conversation
    kind: str
    queue: str
    priority: int
    placed_at: float
    requester: "Seat | None" = None
    warm: bool = False
    note: bool = False
    named: Agent | None = None
    left_queue: str | None = None
    factor: float = 1.0
    rest: Any = None
    welcome: "Seat | None" = None
    ttl_at: float | None = None
    placed_priority: int = 0
    enqueued_at: float = 0.0
    turn: int = 0
    step: int = 0
    state: str = "new"
    agent: Agent | None = None
    as_recorded: bool = False
    late: bool = False
    waited_enough: bool = False
    rang: set[int] = field(default_factory=set)
    offers: int = 0
    ring_outs: int = 0
    first_offer_at: float = math.nan
    ended_at: float = math.nan
    outcome: str = ""
    step_timer: "Entry | None" = None
    answer: "Entry | None" = None
    timers: list["Entry"] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state in ("new", "waiting", "ringing", "listed")

    @property
    def asker(self) -> Agent | None:
        return self.requester.agent if self.requester else None


@dataclass(eq=False)
class Seat:
    """One agent's part in a conversation, from the acceptance to the end of wrap-up."""

    agent: Agent
    conversation: Conversation
    request: Request | None
    queue: str
    medium: str
    leg: int
    answered_at: float
    turn: int
    barged: bool = False
    in_it: bool = True
    left_at: float = math.nan
    closed_at: float = math.nan
    disposition: str = ""
    left: float = 0.0
    acts: list[tuple[float, str]] = field(default_factory=list)
    holds: bool = False
    is_placing: bool = False
    is_relieved: bool = False
    waits_for: Request | None = None
    host: "Seat | None" = None
    guest: "Seat | None" = None
    together: str = ""
    piece: Any = None
