"""Hours in which contacts arrive and no agent could serve them, and hours of agents in which none arrive."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from sim.errors import quoted
from sim.scenario.arrivals import Arrivals
from sim.scenario.checks.service import reached
from sim.scenario.context import Finding
from sim.scenario.expected import shares_of, volume_factor
from sim.scenario.model import Scenario
from sim.scenario.numbers import clock_text
from sim.scenario.teams import TOLERANCE_S, Span, Team, serves, shift_times, staffed
from sim.scenario.working_hours import DAY_S

MOST_SPANS = 6
FEW_CONTACTS = 0.01


def uncovered(scenario: Scenario) -> Iterator[Finding]:
    """Find hours with demand and without agents, and teams and shifts without demand."""
    if scenario.calendar is not None:
        yield from _uncovered_dates(scenario)
        return
    demand = _demand(scenario)
    left = {name: _without_agents(scenario, name, spans) for name, spans in demand.items()}
    for name, spans in left.items():
        if spans:
            yield Finding(("queues", name), f"{_nobody(scenario, name, spans)}: add or move a shift")
    for name, team in scenario.teams.items():
        if team.role != "agent" or not team.agents:
            continue
        queues = [one for one in scenario.queues if serves(scenario, name, one)]
        sources = [one for one in demand if _reaches(scenario, one, queues)]
        spans = [span for source in sources for span in demand[source]]
        if queues and scenario.arrivals and not spans:
            what = f"team {quoted(name)} has nothing to do: no contact arrives in a queue that it serves"
            yield Finding(("teams", name), what)
        elif not any(left.get(one) for one in queues):
            yield from _idle_shifts(scenario, name, team, spans)


def nobody_there(scenario: Scenario) -> Iterator[str]:
    """Tell for each queue in which hours it has demand and no agent who serves it."""
    for one in (date.scenario for date in scenario.days) if scenario.calendar is not None else (scenario,):
        for name, spans in _demand(one).items():
            if left := _without_agents(one, name, spans):
                yield _nobody(one, name, left)


def _uncovered_dates(scenario: Scenario) -> Iterator[Finding]:
    """Find the same on the dates of a calendar: teams that have nothing to do on any of them, hours on each."""
    found: dict[Finding, list[str]] = {}
    for date in scenario.days:
        for one in uncovered(date.scenario):
            if one.place[2:3] != ("shifts",):
                found.setdefault(one, []).append(date.name)
    for one, dates in found.items():
        if one.place[0] == "queues" or len(dates) == len(scenario.days):
            more = f" and {len(dates) - MOST_SPANS} more" if len(dates) > MOST_SPANS else ""
            on = f" (on {', '.join(dates[:MOST_SPANS])}{more})" if one.place[0] == "queues" else ""
            yield Finding(one.place, one.what + on)


def _reaches(scenario: Scenario, source: str, queues: list[str]) -> bool:
    return not set(reached(scenario, (source,))).isdisjoint(queues)


def _idle_shifts(scenario: Scenario, name: str, team: Team, demand: list[Span]) -> Iterator[Finding]:
    for i, (shift, size) in enumerate(zip(team.shifts, team.shift_sizes(), strict=True)):
        times = shift_times(scenario, shift)
        if size and not any(_overlap(one, time) for one in demand for time in times):
            hours = f"{clock_text(shift.from_)} to {clock_text(shift.to)}"
            what = (
                f"team {quoted(name)}: no contact arrives during the shift {hours} in a queue that it serves"
            )
            yield Finding(("teams", name, "shifts", i), what)


def _overlap(one: Span, other: Span) -> bool:
    return min(one.end, other.end) - max(one.start, other.start) > TOLERANCE_S


# What arrives when.


def _demand(scenario: Scenario) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {name: [] for name in scenario.queues}
    for stream in scenario.arrivals:
        for queue, span in _spans(scenario, stream):
            if span.contacts > 0:
                found[queue].append(span)
    return {name: spans for name, spans in found.items() if spans}


def _spans(scenario: Scenario, stream: Arrivals) -> Iterator[tuple[str, Span]]:
    factor = volume_factor(scenario, stream)
    for queue, share in shares_of(scenario, stream).items():
        for span in _rates(scenario, stream):
            yield queue, span._replace(contacts=span.contacts * share * factor)
    lasts, grain = scenario.lasts, scenario.interval
    starts = {(one.queue, one.offered_at // grain * grain) for one in stream.contacts}
    counts = dict.fromkeys(sorted(starts), 0)
    for one in stream.contacts:
        counts[one.queue, one.offered_at // grain * grain] += 1
    yield from ((name, Span(at, min(at + grain, lasts), count)) for (name, at), count in counts.items())


def _rates(scenario: Scenario, stream: Arrivals) -> Iterator[Span]:
    lasts, every = scenario.lasts, stream.every
    if stream.pieces is not None:
        yield from (Span(*piece) for piece in stream.pieces)
    elif stream.forecast:
        yield from (Span(row.start_s, min(row.start_s + every, lasts), row.volume) for row in stream.forecast)
    elif isinstance(stream.per_hour, tuple):
        for i, rate in enumerate(stream.per_hour):
            span = Span(i * every, min((i + 1) * every, lasts))
            yield span._replace(contacts=rate * (span.end - span.start) / 3600)
    elif not isinstance(stream.per_hour, Mapping):
        yield Span(0.0, lasts, (stream.per_hour or 0.0) * lasts / 3600)


# Who is missing when.


def _without_agents(scenario: Scenario, queue: str, demand: list[Span]) -> list[Span]:
    """Return the hours in which contacts arrive and no agent is there; none where there are no agents at all."""
    there = staffed(scenario, queue)
    if not there:
        return []
    closed = list(_gaps(there, scenario.lasts))
    ends = [gap.end for gap in closed]
    found = []
    for one in demand:
        for gap in closed[bisect_right(ends, one.start) :]:
            if not _overlap(one, gap):
                break
            found.append(Span(max(one.start, gap.start), min(one.end, gap.end), _share(one, gap)))
    return _joined(found)


def _share(one: Span, gap: Span) -> float:
    inside = min(one.end, gap.end) - max(one.start, gap.start)
    return one.contacts * inside / (one.end - one.start)


def _gaps(staffed: list[Span], lasts: float) -> Iterator[Span]:
    at = 0.0
    for span in staffed:
        if span.start > at + TOLERANCE_S:
            yield Span(at, min(span.start, lasts))
        at = max(at, span.end)
    if at < lasts - TOLERANCE_S:
        yield Span(at, lasts)


def _joined(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end + TOLERANCE_S:
            last = found.pop()
            span = Span(last.start, max(last.end, span.end), last.contacts + span.contacts)
        found.append(span)
    return found if sum(span.contacts for span in found) > FEW_CONTACTS else []


def _nobody(scenario: Scenario, name: str, spans: list[Span]) -> str:
    """Name the hours, those of several days once."""
    days: dict[tuple[float, float], int] = {}
    for span in spans:
        at = (scenario.opens_at + span.start) % DAY_S
        hours = (at, at + span.end - span.start)
        days[hours] = days.get(hours, 0) + 1
    texts = [
        f"from {clock_text(start)} to {clock_text(end)}" + (f" on {count} days" if count > 1 else "")
        for (start, end), count in days.items()
    ]
    more = len(texts) - MOST_SPANS
    listed = " and ".join(texts[:MOST_SPANS]) + (f" and {more} times more" if more > 0 else "")
    contacts = sum(span.contacts for span in spans)
    count = f"{contacts:,.0f}" if contacts >= 1 else "less than 1"
    return f"queue {quoted(name)} has demand and nobody {listed}; about {count} of its contacts arrive then"
