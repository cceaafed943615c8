"""The routing policy of the whole site."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from sim.errors import did_you_mean, quoted
from sim.scenario.fields import Duration, HighPriority, Part, Priority, RingTime, Switch

# The names of the routing policies: those built in and those that other packages add by entry point.

AGENT_SELECTIONS = (
    "fewest_tasks",
    "most_tasks",
    "longest_available",
    "most_skilled",
    "round_robin",
    "random",
)
REQUEST_SELECTIONS = ("priority", "longest_waiting", "priority_with_ageing", "own_level")
GUARDS = ("reserve_for_transfers", "reserve_idle_agents", "overflow_by_expected_wait", "threshold")
"""Policies for both decisions that come with the package."""
WEIGHTED = ("weighted_wait", "queue_ratio")
"""Policies for a freed agent that come with the package and weigh the queues by their priorities."""


def policy_name(group: str, built_in: tuple[str, ...]) -> Callable[[Any], str]:
    """Return a reader of policy names of one entry-point group; it looks names up but loads nothing."""

    def read(given: Any) -> str:
        if isinstance(given, str) and (given in built_in or given in _installed(group)):
            return given
        raise ValueError(
            f"unknown policy {quoted(given)}; {did_you_mean(given, (*built_in, *_installed(group)))}"
        )

    return read


def _installed(group: str) -> tuple[str, ...]:
    from importlib.metadata import entry_points  # only where a name is not built in

    return tuple(entry_points(group=group).names)


def _one_of(group: str, names: tuple[str, ...]) -> tuple[BeforeValidator, WithJsonSchema]:
    listed = {"anyOf": [{"enum": list(names)}, {"type": "string", "pattern": r"^\w[\w.-]*$"}]}
    return BeforeValidator(policy_name(group, names)), WithJsonSchema(listed)


def _required_agent(given: Any) -> str:
    """Read who has to be there for a request to be placed."""
    if given is False or given is True:
        return "available" if given else "off"
    if given in ("off", "on", "available", "logged_in"):
        return "available" if given == "on" else str(given)
    raise ValueError(f"{quoted(given)} is neither `off`, `on`, `available` nor `logged_in`")


RequiredAgent = Annotated[
    Literal["off", "available", "logged_in"],
    BeforeValidator(_required_agent),
    WithJsonSchema({"enum": ["off", "on", "available", "logged_in", True, False]}),
]
"""Which members of a queue a request needs to be placed at all; `on` is read as `available`."""

StepsAfterRingOut = Literal["anew", "go_on"]
"""What the steps of a request do whose offer rang out: begin anew, or go on by the time since its placing."""


class Routing(Part):
    """Who is offered what, and for how long."""

    agent_selection: Annotated[str, *_one_of("sim.agent_selection", (*AGENT_SELECTIONS, *GUARDS))] = Field(
        default="fewest_tasks",
        description="Which agent a request is offered to: fewest_tasks (default; ties: longest available), "
        "most_tasks, longest_available, most_skilled, round_robin, random, one of the policies reserve_for_transfers, "
        "reserve_idle_agents, overflow_by_expected_wait, threshold, or one that is installed.",
    )
    request_selection: Annotated[
        str, *_one_of("sim.request_selection", (*REQUEST_SELECTIONS, *WEIGHTED, *GUARDS))
    ] = Field(
        default="priority",
        description="Which request a freed agent is offered: priority (default; then longest waiting), "
        "longest_waiting, priority_with_ageing, own_level (the agent's own level in the queue's skill first, then as "
        "priority), weighted_wait, queue_ratio, a policy as in agent_selection, or one that is installed.",
    )
    ageing: Duration = Field(
        default=0.0,
        description="With priority_with_ageing, also under a guard: waiting time that counts as one point of priority; "
        "default 0s.",
    )
    queue_priority: Switch = Field(
        default=False, description="on: the queues' own priority comes before task priority; default off."
    )
    ring_time: RingTime = Field(
        default=60.0, description="How long an offer rings before it goes back to the queue; default 60s."
    )
    ring_memory: Literal["rank_last", "exclude", "none"] = Field(
        default="rank_last",
        description="Agents who let this very request ring: rank_last (default), exclude, or none (no memory).",
    )
    transfer_priority: Priority = Field(
        default=10, description="Priority at which transferred requests wait, 1 to 10; default 10."
    )
    conference_priority: Priority = Field(
        default=10, description="Priority at which conference requests wait, 1 to 10; default 10."
    )
    requeue_priority: HighPriority = Field(
        default=11, description="Priority of a request whose offer rang out, 1 to 11; default 11."
    )
    steps_after_ring_out: StepsAfterRingOut = Field(
        default="anew",
        description="Steps of a request whose offer rang out: anew (default) from the first, or go_on by the time "
        "since its placing.",
    )
    exclude_requester: Switch = Field(
        default=True, description="on (default): the agent who asks is no candidate for their own request."
    )
    require_available_agent: RequiredAgent = Field(
        default="off",
        description="Cancels a request as it is placed: available (or on) where no member is ready or active, "
        "logged_in where none is logged in; default off.",
    )
    leave_when_empty: Switch = Field(
        default=False,
        description="on: who waits for a queue leaves when its last member has logged out; default off.",
    )
    last_agent: Switch = Field(
        default=False,
        description="on: a returning customer is first offered to their last agent, if available; default off.",
    )
