"""What is expected of streams and queues: contacts and handle times, with the factors that are put on them.

The run, the formulas and the checks all ask here, so that a factor or an AHT means the same to each.
"""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.errors import quoted
from sim.scenario.arrivals import Arrivals, ForecastRow
from sim.scenario.context import Finding, Place
from sim.scenario.distributions import CustomerLaw, times
from sim.scenario.export_headers import is_in_thousands
from sim.scenario.numbers import clock_text
from sim.scenario.teams import serves

if TYPE_CHECKING:
    from sim.scenario.model import Medium, Scenario
    from sim.scenario.roster_files import RosterFile

FEW_HOURS = 0.05
"""A difference that a note would show as 0.0 hours is none."""


# Contacts.


def volume_factor(scenario: "Scenario", stream: Arrivals) -> float:
    """Return the factor on the contacts of a stream: its own times those of its queues, by their shares."""
    own = stream.volume_factor
    if not _has_queue_factors(scenario, stream):
        return own
    return own * math.fsum(
        share * scenario.queues[queue].volume_factor for queue, share in stream.queues.items()
    )


def shares_of(scenario: "Scenario", stream: Arrivals) -> Mapping[str, float]:
    """Return the share of a stream's contacts that ask for each of its queues, after the queues' factors."""
    if not _has_queue_factors(scenario, stream):
        return stream.queues
    parts = {queue: share * scenario.queues[queue].volume_factor for queue, share in stream.queues.items()}
    whole = math.fsum(parts.values())
    return {queue: part / whole for queue, part in parts.items()} if whole else stream.queues


def _has_queue_factors(scenario: "Scenario", stream: Arrivals) -> bool:
    return any(
        queue in scenario.queues and scenario.queues[queue].volume_factor != 1 for queue in stream.queues
    )


def contacts_of(scenario: "Scenario", stream: Arrivals) -> float:
    """Return the contacts that are expected of a stream in a run."""
    if scenario.calendar is None:
        return stream.volume_within(scenario.lasts) * volume_factor(scenario, stream)
    at = next(i for i, one in enumerate(scenario.arrivals) if one is stream)
    return math.fsum(contacts_of(date.scenario, date.scenario.arrivals[at]) for date in scenario.days)


# Handle times.


def handle_factor(scenario: "Scenario", queue: str) -> float:
    """Return the factor on the handle times of a queue: its `aht_factor`, and from measured to working alone."""
    spec = scenario.queues[queue]
    if spec.handle_time_at_tasks == 1:
        return spec.aht_factor
    medium = scenario.media[spec.medium]
    return spec.aht_factor * throughput(medium, spec.handle_time_at_tasks) / spec.handle_time_at_tasks


def throughput(medium: "Medium", tasks: float) -> float:
    """Return the work that an agent does in a second with so many open tasks on average, one at full pace being 1.

    That is n times pace(n); between whole numbers it is interpolated, as an agent is now here, now there.
    """
    below = int(tasks)
    rest = tasks - below
    done = below * medium.pace_of(below)
    return done if not rest else done * (1 - rest) + (below + 1) * medium.pace_of(below + 1) * rest


def handle_law(scenario: "Scenario", queue: str) -> CustomerLaw:
    """Return the law of the handle time of a queue, with its factors."""
    law, factor = scenario.queues[queue].handle_time, handle_factor(scenario, queue)
    return law if factor == 1 else times(law, factor)


def mean_wrap_up(scenario: "Scenario", queue: str) -> float:
    """Return the mean wrap-up of a queue in seconds: its own, else that of the teams that serve it, by agents."""
    own = scenario.queues[queue].wrap_up
    if own is not None:
        return own.mean
    teams = [team for name, team in scenario.teams.items() if serves(scenario, name, queue)]
    agents = sum(team.agents for team in teams)
    if not agents:
        return 0.0
    return math.fsum(team.wrap_up.mean * team.agents for team in teams) / agents


def forecast_for(scenario: "Scenario", stream: Arrivals, queue: str) -> tuple[ForecastRow, ...]:
    """Return the rows of a stream's forecast for one of its queues.

    Their mean handle times are without wrap-up and with the factors of the queue.
    """
    factor = handle_factor(scenario, queue)
    wrap_up_s = mean_wrap_up(scenario, queue) if includes_wrap_up(stream) else 0.0
    if factor == 1 and not wrap_up_s:
        return stream.forecast
    return tuple(
        row if row.aht_s is None else row._replace(aht_s=(row.aht_s - wrap_up_s) * factor)
        for row in stream.forecast
    )


def includes_wrap_up(stream: Arrivals) -> bool:
    """Return whether a stream's file says that its mean handle times hold the wrap-up."""
    return stream.file is not None and bool(stream.file.aht_includes_wrap_up)


def short_handle_times(scenario: "Scenario") -> Iterator[Finding]:
    """Find mean handle times of files that are not longer than the wrap-up that is taken off."""
    for i, stream in enumerate(scenario.arrivals):
        if not includes_wrap_up(stream):
            continue
        for queue in stream.queues:
            wrap_up_s = mean_wrap_up(scenario, queue) if queue in scenario.queues else 0.0
            row = next(
                (one for one in stream.forecast if one.aht_s is not None and one.aht_s <= wrap_up_s), None
            )
            if row is not None:
                at = clock_text(scenario.opens_at + row.start_s)
                what = (
                    f"the mean handle time of {row.aht_s:g} s at {at} is not above the mean wrap-up of {wrap_up_s:g} s "
                    f"in queue {quoted(queue)}, which it is to include"
                )
                yield Finding(
                    ("arrivals", i, "file", "aht_includes_wrap_up"), what, rests_on=("wrap_up", "agents")
                )


def readings(scenario: "Scenario") -> Iterator[Finding]:
    """Tell how files were read, and of handle times that do not say whether they include wrap-up."""
    for i, stream in enumerate(scenario.arrivals):
        if stream.file is None:
            continue
        if stream.file.readings:
            what = f"{quoted(stream.file.path)} was read with {'; '.join(stream.file.readings)}"
            yield Finding(("arrivals", i, "file"), what)
        if is_in_thousands(stream.file.volume or "") and volume_factor(scenario, stream) == 1:
            what = (
                f"{quoted(stream.file.volume)} counts thousands by its name, and is read as it stands; "
                "write `volume_factor: 1000` beside `file`"
            )
            yield Finding(("arrivals", i, "file", "volume"), what)
        if stream.file.aht_includes_wrap_up is None:
            yield from _unsaid(scenario, i, stream)
    for name, team in scenario.teams.items():
        file = team.head_count.file if team.head_count is not None else None
        if file is not None and file.readings:
            what = f"{quoted(file.path)} was read with {'; '.join(file.readings)}"
            yield Finding(("teams", name, "head_count", "file"), what)
    yield from _rosters_read(scenario)


def _rosters_read(scenario: "Scenario") -> Iterator[Finding]:
    """Tell how rosters were read."""
    files: dict[Place, RosterFile | None] = {("roster",): scenario.roster} | {
        ("teams", name, "roster"): team.roster for name, team in scenario.teams.items()
    }
    for place, file in files.items():
        if file is not None and file.readings:
            yield Finding(place, f"{quoted(file.file)} was read with {'; '.join(file.readings)}")


def measured_alone(scenario: "Scenario") -> Iterator[Finding]:
    """Tell of handle times that do not say with how many open tasks they were measured, where it matters."""
    for name, medium in scenario.media.items():
        most = max((scenario.max_tasks_of(team, name) for team in scenario.teams), default=0)
        if most < 2 or all(medium.pace_of(n) == 1 for n in range(1, most + 1)):
            continue
        unsaid = [
            queue for queue, spec in scenario.queues.items()
            if spec.medium == name and "handle_time_at_tasks" not in spec.model_fields_set
        ]  # fmt: skip
        if unsaid:
            listed = ", ".join(map(quoted, unsaid))
            noun = "queue" if len(unsaid) == 1 else "queues"
            what = (
                f"several open tasks slow each other on {quoted(name)}, and the handle times of {noun} {listed} are "
                "read as those of one task alone; where they were measured with more open, write how many as "
                "`handle_time_at_tasks`, else 1"
            )
            yield Finding(("queues", unsaid[0], "handle_time"), what)


def _unsaid(scenario: "Scenario", i: int, stream: Arrivals) -> Iterator[Finding]:
    contacts = math.fsum(row.volume for row in stream.forecast if row.aht_s is not None)
    contacts *= volume_factor(scenario, stream)
    shares = shares_of(scenario, stream)
    seconds = math.fsum(contacts * share * mean_wrap_up(scenario, queue) for queue, share in shares.items())
    hours = seconds / 3600
    if hours >= FEW_HOURS:
        assert stream.file is not None
        what = (
            f"the mean handle times in {quoted(stream.file.path)} are read as without wrap-up, which comes on top: "
            f"{hours:,.1f} hours of work in the run; where they include it write `aht_includes_wrap_up: on`, "
            "else `off`"
        )
        yield Finding(("arrivals", i, "file"), what)
