"""A scenario as a notebook shows it: what comes in, where it waits, who serves."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario, Team


def html(scenario: "Scenario") -> str:
    """Give the scenario's arrivals, queues and teams as small tables."""
    opens = f"opens {scenario.opens:%a %d %b %Y %H:%M}, " if scenario.opens is not None else ""
    parts = [
        f"<strong>{escape(scenario.name)}</strong><br>{escape(scenario.description)}<br>",
        f"{opens}lasts {scenario.lasts / 3600:g} h, seed {scenario.seed}",
        _overview_table(
            ("queue", "medium", "mode", "mean handle time, s", "within, s", "target"), _queues(scenario)
        ),
        _overview_table(("team", "agents", "skills", "hours"), _teams(scenario)),
        _overview_table(("arrivals", "queue", "a day"), _arrivals(scenario)),
    ]
    return "\n".join(parts)


def _queues(scenario: "Scenario") -> Iterable[tuple[object, ...]]:
    for name, queue in scenario.queues.items():
        level = queue.service_level
        within, target = (f"{level.within:g}", f"{level.target:.0%}") if level is not None else ("", "")
        yield name, queue.medium, queue.mode, f"{queue.handle_time.mean:.0f}", within, target


def _teams(scenario: "Scenario") -> Iterable[tuple[object, ...]]:
    for name, team in scenario.teams.items():
        skills = ", ".join(f"{skill} {level}" for skill, level in team.skills.items())
        yield name, team.agents, skills or team.role, _hours(team)


def _hours(team: "Team") -> str:
    if team.head_count is not None:
        return "by head-count"
    if not team.shifts:
        return "the whole run"
    return ", ".join(f"{_clock(shift.from_)}–{_clock(shift.to)}" for shift in team.shifts)


def _clock(seconds: float) -> str:
    return f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}"


def _arrivals(scenario: "Scenario") -> Iterable[tuple[object, ...]]:
    for name, stream in zip(scenario.stream_names(), scenario.arrivals, strict=True):
        if stream.forecast:
            volume = sum(row.volume for row in stream.forecast)
        elif stream.contacts:
            volume = len(stream.contacts)
        else:
            rates = stream.per_hour
            hours = scenario.lasts / 3600
            volume = sum(rates) * stream.every / 3600 if isinstance(rates, tuple) else (rates or 0.0) * hours
        yield name, stream.queue or "", f"{volume:.0f}"


def _overview_table(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
