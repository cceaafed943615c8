"""Jackson networks, priorities (Cobham), one agent (Pollaczek-Khinchine) and finite Markov chains."""

import math
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np

from sim.errors import SimError
from sim.theory.birth_death import at_least, positive
from sim.theory.erlang import ErlangC


def jackson(
    arrival_rates: Sequence[float],
    passed_on: Sequence[Sequence[float]],
    service_rates: Sequence[float],
    servers: Sequence[int],
) -> tuple[ErlangC, ...]:
    """Return each pool of an open network, as the M/M/c that it behaves like.

    `arrival_rates[i]` come to pool i from outside; after handling in i a contact goes on to pool j with
    probability `passed_on[i][j]`, or leaves. Contacts do not give up. The rate into each pool solves
    rate = arrival_rates + rate @ passed_on; in the long run each pool is as if alone (J. R. Jackson 1957).

    Raises:
        SimError: sizes that differ, shares of one pool beyond 1, or contacts that never leave.

    """
    routing = np.asarray(passed_on, dtype=float)
    size = len(arrival_rates)
    if routing.shape != (size, size) or len(service_rates) != size or len(servers) != size:
        raise SimError(
            f"a network of {size} pools needs {size} service rates, servers and rows of {size} shares"
        )
    if (routing < 0).any() or (routing.sum(axis=1) > 1 + 1e-12).any():
        raise SimError("the shares passed on by one pool must lie between 0 and 1 and sum to at most 1")
    try:
        rates = np.linalg.solve(np.eye(size) - routing.T, np.asarray(arrival_rates, dtype=float))
    except np.linalg.LinAlgError as singular:
        raise SimError("some contacts never leave this network") from singular
    return tuple(
        ErlangC(float(rate), pace, count)
        for rate, pace, count in zip(rates, service_rates, servers, strict=True)
    )


def cobham(arrival_rates: Sequence[float], service_rate: float, servers: int) -> tuple[float, ...]:
    """Return the mean wait of each class of M/M/c with priorities, the most urgent class first.

    One handling law for all, no abandonment, work in progress is not interrupted:
    W_k = C / (c mu) / ((1 - s_{k-1}) (1 - s_k)), s_k the occupancy by the classes 1..k, C of Erlang C for all
    together. Infinite from the class on whose s reaches 1. Source: A. Cobham 1954.

    Raises:
        SimError: a negative rate, no arrivals at all, or less than one server.

    """
    for rate in arrival_rates:
        at_least(0, arrival_rate=rate)
    whole = ErlangC(sum(arrival_rates), service_rate, servers)
    capacity = servers * service_rate
    waits, before = [], 0.0
    for rate in arrival_rates:
        upto = before + rate / capacity
        spare = (1.0 - before) * (1.0 - upto)
        waits.append(whole.delay_probability / capacity / spare if upto < 1.0 else math.inf)
        before = upto
    return tuple(waits)


def pollaczek_khinchine(arrival_rate: float, mean: float, sd: float) -> float:
    """Return the mean wait of M/G/1, first come first served: lambda (mean^2 + sd^2) / (2 (1 - lambda mean)).

    Infinite where lambda * mean reaches 1. Source: F. Pollaczek 1930, A. Khinchine 1932.

    Raises:
        SimError: a rate or mean that is not positive, a negative sd.

    """
    positive(arrival_rate=arrival_rate, mean=mean)
    at_least(0, sd=sd)
    spare = 1.0 - arrival_rate * mean
    return arrival_rate * (mean * mean + sd * sd) / (2.0 * spare) if spare > 0 else math.inf


# Finite Markov chains, described by their moves.

State = TypeVar("State", bound=Hashable)
Moves = Callable[[State], Iterable[tuple[float, State]]]


def long_run(start: State, moves: Moves[State]) -> dict[State, float]:
    """Return the long-run probability of every state that can be reached from `start`.

    `moves(state)` gives (rate, next state) pairs; rates of 0 are left out. The balance equations are solved
    directly, as a sparse linear system, so the result carries no sampling error.
    """
    from scipy.sparse import csc_matrix, diags
    from scipy.sparse.linalg import splu

    places, rows, columns, rates = _explore(start, moves)
    size = len(places)
    flow = csc_matrix((np.array(rates), (np.array(rows), np.array(columns))), shape=(size, size))
    generator = csc_matrix(flow.T - diags(np.asarray(flow.sum(axis=1)).ravel()))
    # One balance equation follows from the rest: it is left out, the start's weight set to 1, the sum scaled.
    rest = splu(generator[1:, 1:]).solve(-generator[1:, [0]].toarray().ravel())
    weights = np.concatenate(([1.0], rest))
    return dict(zip(places, (weights / weights.sum()).tolist(), strict=True))


def _explore(start: State, moves: Moves[State]) -> tuple[dict[State, int], list[int], list[int], list[float]]:
    """Return the reachable states, numbered in the order found, and start, end and rate of every move."""
    places: dict[State, int] = {start: 0}
    rows: list[int] = []
    columns: list[int] = []
    rates: list[float] = []
    ahead = deque([start])
    while ahead:
        state = ahead.popleft()
        for rate, reached in moves(state):
            if rate <= 0:
                continue
            if reached not in places:
                places[reached] = len(places)
                ahead.append(reached)
            rows.append(places[state])
            columns.append(places[reached])
            rates.append(rate)
    return places, rows, columns, rates
