"""Who the agents are: persons of a roster by their names, all others by team and number."""

import re
from typing import NamedTuple
from zlib import crc32

from sim.scenario import Scenario


class Seat(NamedTuple):
    """An agent in a team: their name, what addresses their draws, and whether they sit in an earlier team too."""

    team: str
    name: str
    address: tuple[str, int]
    again: bool

    @property
    def word(self) -> str:
        """What rows call them by here: the name, in a further team with that team, which no column shows."""
        return f"{self.name}\t{self.team}" if self.again else self.name


def seats_of(scenario: Scenario) -> tuple[Seat, ...]:
    """Return the agents of all teams, team by team; who is in several teams has a seat in each."""
    found: list[Seat] = []
    seen: set[str] = set()
    for name, team in scenario.teams.items():
        if not team.members:
            found += [Seat(name, agent_name(name, n), (name, n), False) for n in range(1, team.agents + 1)]
            continue
        for member in team.members:
            found.append(Seat(name, member.name, _address(scenario, member.name), member.name in seen))
            seen.add(member.name)
    return tuple(found)


def agent_name(team: str, number: int) -> str:
    """Name an agent after their team and their number in it, which counts from 1."""
    return f"{team}-{number}"


_NUMBERED = re.compile(r"(.+)-([1-9]\d{0,5})")


def _address(scenario: Scenario, name: str) -> tuple[str, int]:
    """Return what the draws of a person are addressed by: the name, also that of an agent who was only numbered."""
    numbered = _NUMBERED.fullmatch(name)
    if numbered is not None and numbered[1] in scenario.teams:
        return numbered[1], int(numbered[2])
    return "", crc32(name.encode())
