"""Mean handle times of files: what a file's AHT holds, and what is left of it for the handling alone."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.errors import quoted
from sim.scenario.arrivals import Arrivals, ForecastRow
from sim.scenario.checks.service import serves
from sim.scenario.context import Finding
from sim.scenario.numbers import clock_text

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

FEW_HOURS = 0.05
"""A difference that a note would show as 0.0 hours is none."""


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
    """Return the rows of a stream's forecast for one of its queues, their mean handle times without wrap-up."""
    if not includes_wrap_up(stream):
        return stream.forecast
    wrap_up_s = mean_wrap_up(scenario, queue)
    return tuple(
        row if row.aht_s is None else row._replace(aht_s=row.aht_s - wrap_up_s) for row in stream.forecast
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
        if stream.file.aht_includes_wrap_up is None:
            yield from _unsaid(scenario, i, stream)
    for name, team in scenario.teams.items():
        file = team.head_count.file if team.head_count is not None else None
        if file is not None and file.readings:
            what = f"{quoted(file.path)} was read with {'; '.join(file.readings)}"
            yield Finding(("teams", name, "head_count", "file"), what)


def _unsaid(scenario: "Scenario", i: int, stream: Arrivals) -> Iterator[Finding]:
    contacts = math.fsum(row.volume for row in stream.forecast if row.aht_s is not None)
    seconds = math.fsum(
        contacts * share * mean_wrap_up(scenario, queue) for queue, share in stream.queues.items()
    )
    hours = seconds / 3600
    if hours >= FEW_HOURS:
        assert stream.file is not None
        what = (
            f"the mean handle times in {quoted(stream.file.path)} are read as without wrap-up, which comes on top: "
            f"{hours:,.1f} hours of work in the run; where they include it write `aht_includes_wrap_up: on`, "
            "else `off`"
        )
        yield Finding(("arrivals", i, "file"), what)
