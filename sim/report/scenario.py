"""A scenario as a document: when it is, what comes in, where it waits, who serves, and what is taken for granted."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sim.metrics.cells import DAY_S, clock_text
from sim.metrics.formatting import duration
from sim.report.document import Cell, Document, Row, Table
from sim.scenario import Scenario, Team, notes
from sim.scenario.expected import contacts_of, handle_law, shares_of
from sim.scenario.fields import Part
from sim.scenario.numbers import share_text
from sim.scenario.queues import Elsewhere, Step

QUEUE_HEADS = ("Queue", "Medium", "Mode", "Mean handle time, s", "Answered within", "Target")
TEAM_HEADS = ("Team", "Agents", "On duty", "Skills")


def scenario_document(scenario: Scenario) -> Document:
    """Build the scenario's queues, teams and arrivals."""
    return Document(
        title=scenario.name,
        sentences=[scenario.description, f"{when(scenario)}, seed {scenario.seed}"],
        tables=[_queues(scenario), staff(scenario), arrivals(scenario)],
    )


def when(scenario: Scenario) -> str:
    """Write from when until when contacts arrive: `Monday 2 March 2026, 08:00 to 18:00`."""
    if scenario.calendar is not None:
        dates = scenario.calendar.dates
        hours = scenario.calendar.hours_on(dates[0])
        if len(dates) == 1 and hours is not None:
            return f"{_date(dates[0])}, {clock_text(hours.opens)} to {clock_text(hours.closes)}"
        return f"{_date(dates[0])} to {_date(dates[-1])}, {len(scenario.days)} of {len(dates)} days open"
    if scenario.opens is None:
        return f"{duration(scenario.lasts)} without a date"
    starts, ends = scenario.opens, scenario.opens + timedelta(seconds=scenario.lasts)
    until = f"{ends:%H:%M}" if scenario.opens_at + scenario.lasts < DAY_S else _moment(ends)
    if scenario.opens_at + scenario.lasts == DAY_S:
        until = "24:00"
    return f"{_moment(starts)} to {until}"


def _moment(at: Any) -> str:
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M}"


def _date(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _table(caption: str, heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Table:
    lines = [Row(str(label), [Cell(str(one)) for one in cells]) for label, *cells in rows]
    return Table(caption, heads, lines, words=True)


def _queues(scenario: Scenario) -> Table:
    def rows() -> Iterator[tuple[object, ...]]:
        for name, queue in scenario.queues.items():
            level = queue.service_level
            wanted = (duration(level.within), share_text(level.target)) if level is not None else ("", "")
            yield name, queue.medium, queue.mode, f"{handle_law(scenario, name).mean:,.0f}", *wanted

    return _table("Queues", QUEUE_HEADS, rows())


def staff(scenario: Scenario) -> Table:
    """Return each team with its agents, when they are there, and what they can do."""
    rows = (
        (name, team.agents, _hours(team), ", ".join(f"{s} {n}" for s, n in team.skills.items()) or team.role)
        for name, team in scenario.teams.items()
    )
    return _table("Teams", TEAM_HEADS, rows)


def _hours(team: Team) -> str:
    absent = f"; {share_text(team.absence)} absent" if team.absence else ""
    if team.head_count is not None:
        counts = team.head_count.counts
        return f"{min(counts)} to {max(counts)}, every {duration(team.head_count.every)} anew{absent}"
    if team.members:
        return f"by the roster, person by person{absent}"
    if not team.shifts:
        return f"the whole run{absent}"
    sizes = team.shift_sizes()
    shifts = (
        (f"{shift.days} " if shift.days else "")
        + f"{size} {clock_text(shift.from_)} to {clock_text(shift.to)}"
        + "".join(f", break {clock_text(one.at)} for {duration(one.for_)}" for one in shift.breaks)
        for size, shift in zip(sizes, team.shifts, strict=True)
    )
    return "; ".join(shifts) + absent


def arrivals(scenario: Scenario) -> Table:
    """Return each stream with the queues it asks for and the contacts that are expected of it."""
    head = "Contacts a day" if scenario.lasts <= DAY_S else "Contacts in all"
    rows = (
        (name, _asked(shares_of(scenario, stream)), f"{contacts_of(scenario, stream):,.0f}")
        for name, stream in zip(scenario.stream_names(), scenario.arrivals, strict=True)
    )
    return _table("Arrivals", ("Arrivals", "Queue", head), rows)


def _asked(queues: Mapping[str, float]) -> str:
    return ", ".join(
        queues if len(queues) < 2 else (f"{q} {share_text(share)}" for q, share in queues.items())
    )


# What the simulation takes for granted, with the scenario's own values.


def assumptions(scenario: Scenario) -> list[str]:
    """Return one sentence for each rule that the figures rest on."""
    return [
        *_of_requests(scenario),
        *_of_order(scenario),
        *_of_customers(scenario),
        *_of_handing_on(scenario),
        *_of_agents(scenario),
        *_of_the_day(scenario),
    ]


def surprises(scenario: Scenario) -> list[str]:
    """Return what is allowed in the scenario but may not be meant."""
    return notes(scenario)


def _of_requests(scenario: Scenario) -> Iterator[str]:
    routing = scenario.routing
    yield (
        f"A request is offered to one agent at a time, chosen by {_words(routing.agent_selection)}, and rings for "
        f"{_ring_times(scenario)}; then it goes to another one at priority {routing.requeue_priority}."
    )
    pushed = [name for name, queue in scenario.queues.items() if queue.mode == "push"]
    stepped = [name for name in pushed if scenario.queues[name].steps]
    for name in stepped:
        yield f"{name} asks {_steps(scenario.steps_of(name))}."
    if len(pushed) > len(stepped):
        those = "The other queues ask" if stepped else "A queue asks"
        yield f"{those} every agent with a skill of the queue's name."
    limits = [
        f"{duration(channel.request_ttl)} ({name})"
        for name, channel in scenario.channels.items()
        if channel.request_ttl is not None
    ]
    if limits:
        yield (
            f"A request that no agent has accepted ends with “no agent available” after {', '.join(limits)}; while it "
            "rings, the ringing is waited for."
        )


def _steps(steps: tuple[Step, ...]) -> str:
    """Write whom a queue asks, step by step: `agents with general >= 5, after 45 s also those with general >= 1`."""
    first, *further = steps
    said, opens = [f"agents with {first.needs.text}"], first.for_ or 0.0
    for step in further:
        said.append(f"after {duration(opens)} also those with {step.needs.text}")
        opens += step.for_ or 0.0
    return ", ".join(said)


_ORDERS = {
    "priority": "the one of the highest task priority, then the one that waits longest",
    "longest_waiting": "the one that waits longest, whatever its priority",
    "own_level": "the one of the queue in which the agent has the highest level, then of the highest task priority, "
    "then the one that waits longest",
}


def _of_order(scenario: Scenario) -> Iterator[str]:
    """Describe in which order waiting requests are taken, and which priorities there are."""
    routing = scenario.routing
    order = _ORDERS.get(routing.request_selection, f"chosen by {_words(routing.request_selection)}")
    if routing.request_selection == "priority_with_ageing":
        order = f"the one of the highest task priority, to which every {duration(routing.ageing)} of waiting adds 1"
    if routing.queue_priority:
        queues = ", ".join(f"{name} {queue.priority}" for name, queue in scenario.queues.items())
        order = f"the one of the queue of the highest priority ({queues}), among those {order}"
    yield (
        f"Of the waiting requests a freed agent is offered {order}. The wait runs from placing the request to the "
        "answer, ringing and re-queueing included."
    )
    labels = [f"{one.priority} for customers labelled {name}" for name, one in scenario.labels.items()]
    if labels:
        yield f"Task priority is {', '.join(labels)} and 1 for others."


def _of_customers(scenario: Scenario) -> Iterator[str]:
    patient = [name for name, queue in scenario.queues.items() if queue.patience is None]
    if patient:
        yield f"Customers never give up waiting in: {', '.join(patient)}."
    for name, queue in scenario.queues.items():
        if queue.wait_limit is not None:
            longest, then = duration(queue.wait_limit.after), queue.wait_limit.then
            goes_on = f"goes on in {then.queue}" if isinstance(then, Elsewhere) else f"ends: {then}"
            yield f"In {name} a customer waits for at most {longest}; then the request {goes_on}."
    back = scenario.customers
    if back.after_no_agent is not None:
        yield f"{share_text(back.after_no_agent.ask_again)} of the customers for whom no agent was found ask again."
    if back.after_abandon is not None:
        yield f"{share_text(back.after_abandon.come_back)} of the customers who gave up come back."


def _of_handing_on(scenario: Scenario) -> Iterator[str]:
    routing = scenario.routing
    if any(queue.transfer for queue in scenario.queues.values()):
        yield (
            f"A transferred conversation waits at priority {routing.transfer_priority}; the agent who transfers leaves "
            "at once, and where no receiver is found it does not come back to them. The handle time of the receiver is "
            "drawn anew."
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
    if scenario.calendar is None:
        yield f"Contacts arrive for {duration(scenario.lasts)}; {ends[scenario.closing]}."
    else:
        yield f"Contacts arrive while it is open; at closing {ends[scenario.closing]}. Each day begins empty."
    if scenario.warm_up:
        yield f"The first {duration(scenario.warm_up)} are simulated and not measured."
    factors = [scenario.busyness, *(stream.busyness for stream in scenario.arrivals)]
    busyness = any(one.sd for one in factors if one is not None)
    what = "days" if scenario.lasts <= DAY_S else "replications"
    yield (
        "Arrivals are random at the given rates"
        + (
            f", and whole {what} are busier or quieter by a random factor."
            if busyness
            else f"; all {what} are alike."
        )
    )
    if any(one.interval_sd for one in factors if one is not None):
        yield "Parts of a day are busier or quieter by random factors of their own."
    yield "Handle times, patience and choices of different customers are independent of each other."


def _ring_times(scenario: Scenario) -> str:
    times = sorted({scenario.ring_time_of(name) for name in scenario.queues})
    return " or ".join(duration(time) for time in times)


def _words(policy: str) -> str:
    return policy.replace("_", " ")


# Every key that a scenario sets.

SHOWN_ELSEWHERE = ("name", "description", "targets")
_NEEDED = "; default: none, it is required."
LONGEST = 120
"""Longer values are cut, such as the rates of a stream."""


def own_keys(scenario: Scenario) -> Table:
    """Return every key that is not at its default, with its value, the default and what it means."""
    rows = [
        Row(key, [Cell(_cut(_flow(value))), Cell(default_of(about)), Cell(meaning_of(about))])
        for key, value, about in _keys(scenario, "")
        if key.split(".")[0] not in SHOWN_ELSEWHERE
    ]
    return Table(
        "Every key that is not at its default", ("Key", "Value", "Default", "Meaning"), rows, words=True
    )


def _keys(part: Part, place: str) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Go through a part key by key, down to what is no part itself."""
    written = part.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for name, field in type(part).model_fields.items():
        key, value = field.alias or name, getattr(part, name)
        if key not in written:
            continue
        inner = _parts_of(value)
        if inner is None:
            default = _NEEDED if field.is_required() else "."
            about = (field.description or "").removesuffix(".") + default
            yield f"{place}{key}", written[key], {"description": about}
        for below, one in inner or ():
            yield from _keys(one, f"{place}{key}.{below}")


def _parts_of(value: Any) -> list[tuple[str, Part]] | None:
    """Return the parts that a value consists of, each with its place beneath it; None where it is none."""
    if isinstance(value, Part):
        return [("", value)]
    names: Iterable[Any] = range(len(value)) if isinstance(value, tuple) else ()
    names = value if isinstance(value, Mapping) else names
    found = [(f"{name}.", value[name]) for name in names]
    return found if found and all(isinstance(one, Part) for _, one in found) else None


def _flow(value: Any) -> str:
    """Write a value as it stands in a file, in one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_flow(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return ("off", "on")[value] if isinstance(value, bool) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def meaning_of(key: Mapping[str, Any]) -> str:
    """Return the description of a key without its default."""
    return _AT_THE_END.sub(".", key.get("description", "")).replace(" (default)", "")


def default_of(key: Mapping[str, Any]) -> str:
    """Return what holds where a key is left out, in the words of its description; empty where it does not say."""
    text = key.get("description", "")
    if at_the_end := _AT_THE_END.search(text):
        return at_the_end[1]
    named = _IN_BRACKETS.search(text)
    if named is None:
        return ""
    values = next((node["enum"] for node in (key, *key.get("anyOf", ())) if "enum" in node), [named[1]])
    return named[1] if named[1] in values else str(values[0])


_AT_THE_END = re.compile(r"; default:? ([^;]+?)\.$")
_IN_BRACKETS = re.compile(r"(\w+) \(default\b")
