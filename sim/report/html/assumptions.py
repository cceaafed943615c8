"""What the simulation takes for granted, with the scenario's own values."""

from collections.abc import Iterator

from sim.metrics.formatting import span
from sim.scenario import Scenario, notes


def assumptions(scenario: Scenario) -> list[str]:
    """Give one sentence for each rule that the figures rest on."""
    return [*_of_requests(scenario), *_of_handing_on(scenario), *_of_agents(scenario), *_of_the_day(scenario)]


def surprises(scenario: Scenario) -> list[str]:
    """Give what is allowed in the scenario but may not be meant."""
    return notes(scenario)


def _of_requests(scenario: Scenario) -> Iterator[str]:
    routing = scenario.routing
    yield (
        f"A request is offered to one agent at a time, chosen by {_words(routing.agent_selection)}, and rings for "
        f"{_ring_times(scenario)}; then it goes to another one at priority {routing.requeue_priority}."
    )
    limits = [
        f"{span(channel.request_ttl)} ({name})"
        for name, channel in scenario.channels.items()
        if channel.request_ttl is not None
    ]
    if limits:
        yield (
            f"A request that no agent has accepted ends with “no agent available” after {', '.join(limits)}; while it "
            "rings, the ringing is waited for."
        )
    yield (
        f"Of the waiting requests the next is chosen by {_words(routing.request_selection)}. The wait runs from "
        "placing the request to the answer, ringing and re-queueing included."
    )
    patient = [name for name, queue in scenario.queues.items() if queue.patience is None]
    if patient:
        yield f"Customers never give up waiting in: {', '.join(patient)}."


def _of_handing_on(scenario: Scenario) -> Iterator[str]:
    routing = scenario.routing
    if any(queue.transfer for queue in scenario.queues.values()):
        yield (
            f"A transferred conversation waits at priority {routing.transfer_priority}; the agent who transfers leaves "
            "at once, and where nobody is found it does not come back to him. The receiver's handle time is drawn anew."
        )
    if any(queue.conference for queue in scenario.queues.values()):
        yield (
            f"A request for a conference waits at priority {routing.conference_priority}, while the agent who asked "
            "stays with the customer. Both agents are busy as long as both are in."
        )
    if any(queue.mode == "pull" for queue in scenario.queues.values()):
        yield "From queues in pull mode agents take conversations themselves; nobody is rung."


def _of_agents(scenario: Scenario) -> Iterator[str]:
    for name, medium in scenario.media.items():
        if medium.max_tasks > 1:
            pace = ", ".join(f"{medium.pace_of(n):.0%} with {n}" for n in range(1, medium.max_tasks + 1))
            yield f"An agent handles up to {medium.max_tasks} tasks of {name} at a time; the pace of each is {pace}."
    yield "Wrap-up keeps the agent's place. Media are apart: a full one does not keep an agent from another."
    if any(team.absence for team in scenario.teams.values()):
        yield "Absent agents are drawn anew each replication; nobody takes their place."
    yield "At the end of a shift and before a break an agent gets nothing new and finishes what is open."


def _of_the_day(scenario: Scenario) -> Iterator[str]:
    ends = {
        "serve_out": "who waits then is still served",
        "clear_queues": "who waits then is sent away, what is open is finished",
    }
    yield f"Contacts arrive for {span(scenario.lasts)}; {ends[scenario.closing]}."
    if scenario.warm_up:
        yield f"The first {span(scenario.warm_up)} are simulated and not measured."
    busyness = scenario.busyness is not None or any(stream.busyness for stream in scenario.arrivals)
    yield (
        "Arrivals are random at the given rates"
        + (
            ", and whole days are busier or quieter by a random factor."
            if busyness
            else "; all days are alike."
        )
    )
    yield "Handle times, patience and choices of different customers are independent of each other."


def _ring_times(scenario: Scenario) -> str:
    times = sorted({scenario.ring_time_of(name) for name in scenario.queues})
    return " or ".join(span(time) for time in times)


def _words(policy: str) -> str:
    return policy.replace("_", " ")
