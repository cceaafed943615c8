"""Small days that can be planned in a second, and shifts of a textbook."""

from typing import Any

from sim.scenario import Scenario, loads

DESK = """\
name: Desk
opens: 2026-03-02 09:00
lasts: 2h
interval: 30m
seed: 3
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales: {medium: voice, handle_time: {exponential: {mean: 4m}}, patience: {exponential: {mean: 4m}},
          service_level: {within: 20s, target: 80%}}
teams:
  desk: {agents: 5, skills: {sales: 5}, cost_per_hour: 20}
arrivals:
  - {channel: phone, queue: sales, per_hour: [40, 60, 60, 30], every: 30m}
"""
"""One queue, one team, four half hours."""

TWO_TEAMS = """\
name: Two teams
opens: 2026-03-02 09:00
lasts: 3h
interval: 30m
seed: 11
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales:
    medium: voice
    service_level: {within: 20s, target: 80%}
    steps: [{needs: sales >= 5, for: 10s}, {needs: sales >= 1}]
    handle_time: {exponential: {mean: 5m}}
    patience: {exponential: {mean: 4m}}
  support:
    medium: voice
    service_level: {within: 20s, target: 80%}
    handle_time: {exponential: {mean: 6m}}
    patience: {exponential: {mean: 5m}}
teams:
  sellers:   {agents: 5, skills: {sales: 8}, cost_per_hour: 20}
  universal: {agents: 5, skills: {sales: 3, support: 8}, cost_per_hour: 24}
arrivals:
  - {channel: phone, queue: sales, per_hour: [50, 80, 45]}
  - {channel: phone, queue: support, per_hour: [30, 45, 30]}
staffing:
  goals:
    - {metric: service_level, queue: sales, at_least: 80%}
    - {metric: service_level, queue: support, at_least: 80%}
    - {metric: service_level, queue: sales, at_least: 65%, each: interval}
    - {metric: service_level, queue: support, at_least: 65%, each: interval}
  shifts:
    - {team: sellers, from: ["09:00", "10:00"], every: 1h, lasts: 2h}
    - {team: universal, from: ["09:00", "10:00"], every: 1h, lasts: 2h}
"""
"""An overflow to universals, an early and a late shift of each team: four numbers to be found."""


def desk(**changes: Any) -> Scenario:
    """Return the desk with keys changed; a double underscore stands for a dot."""
    return loads(DESK, overrides={key.replace("__", "."): value for key, value in changes.items()})


def two_teams(**changes: Any) -> Scenario:
    """Return the two teams with keys changed likewise."""
    return loads(TWO_TEAMS, overrides={key.replace("__", "."): value for key, value in changes.items()})
