"""Two of the cases by event lists of their own, with nothing of the package."""

import heapq
from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

DAY = 86_400.0


def waits_for_mail(rng: np.random.Generator, days: int) -> tuple[np.ndarray, np.ndarray]:
    """When mails come, 9.2 an hour, and how long each waits for one of four who begin one from 8 to 16 o'clock."""
    came = np.sort(rng.uniform(0, days * DAY, rng.poisson(9.2 * 24 * days)))
    variance = np.log(1 + (8 / 10) ** 2)
    takes = rng.lognormal(np.log(600) - variance / 2, variance**0.5, len(came))
    free = np.zeros(4)
    waits = np.empty(len(came))
    for number, (at, work) in enumerate(zip(came, takes, strict=True)):
        who = int(free.argmin())
        begin = max(at, free[who])
        midnight = begin // DAY * DAY
        if begin < midnight + 8 * 3600:
            begin = midnight + 8 * 3600
        elif begin >= midnight + 16 * 3600:
            begin = midnight + DAY + 8 * 3600
        free[who] = begin + work
        waits[number] = begin - at
    return came, waits


class Caller(NamedTuple):
    """When they come, how long they talk, and how long they would wait."""

    at: float
    talks: float
    patience: float
    line: str


class Fared(NamedTuple):
    """Whether a caller was answered, and after how long they were or gave up."""

    answered: bool
    wait: float


AGENTS = [("own",)] * 14 + [("partner", "own")] * 10
"""Which lines each agent answers."""


def answered(calls: Sequence[Caller], asks: Sequence[str]) -> list[Fared]:
    """Give each call to who has been idle longest, each idle agent to who has waited longest; by the lines asked."""
    fared: list[Fared | None] = [None] * len(calls)
    waiting: dict[str, deque[int]] = {"own": deque(), "partner": deque()}
    idle = dict.fromkeys(range(len(AGENTS)))  # in the order in which they became idle
    busy: list[tuple[float, int]] = []

    def takes(agent: int, call: int, now: float) -> None:
        fared[call] = Fared(True, now - calls[call].at)
        heapq.heappush(busy, (now + calls[call].talks, agent))

    def becomes_idle(agent: int, now: float) -> None:
        for line in AGENTS[agent]:
            while waiting[line] and calls[waiting[line][0]].at + calls[waiting[line][0]].patience <= now:
                gone = waiting[line].popleft()
                fared[gone] = Fared(False, calls[gone].patience)
        heads = [(calls[waiting[line][0]].at, line) for line in AGENTS[agent] if waiting[line]]
        if heads:
            takes(agent, waiting[min(heads)[1]].popleft(), now)
        else:
            idle[agent] = None

    for number, call in enumerate(calls):
        while busy and busy[0][0] <= call.at:
            now, agent = heapq.heappop(busy)
            becomes_idle(agent, now)
        who = next((agent for agent in idle if asks[number] in AGENTS[agent]), None)
        if who is None:
            waiting[asks[number]].append(number)
        else:
            del idle[who]
            takes(who, number, call.at)
    while busy:
        now, agent = heapq.heappop(busy)
        becomes_idle(agent, now)
    return [
        one if one is not None else Fared(False, call.patience)
        for one, call in zip(fared, calls, strict=True)
    ]


def better_and_worse(days: Iterable[list[Caller]]) -> tuple[float, float]:
    """The shares of callers who fare better and worse where the partner's calls come to our own line."""
    better = worse = whole = 0
    for calls in days:
        apart = answered(calls, [call.line for call in calls])
        together = answered(calls, ["own"] * len(calls))
        better += sum(map(fares_better, together, apart))
        worse += sum(map(fares_better, apart, together))
        whole += len(calls)
    return better / whole, worse / whole


def fares_better(one: Fared, other: Fared) -> bool:
    """Answered where they were not, else a second or more less to wait."""
    return one.answered > other.answered if one.answered != other.answered else other.wait - one.wait >= 1
