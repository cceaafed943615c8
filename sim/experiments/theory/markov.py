"""The long run of any finite Markov chain that is told by its moves."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

import numpy as np

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
    """Give every reachable state a number in the order found, and list every move between them."""
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
