"""Jackson networks: queues that pass contacts on to one another."""

from collections.abc import Sequence

import numpy as np

from sim.errors import SimError
from sim.experiments.theory.erlang_c import ErlangC


def jackson(
    arrival_rates: Sequence[float],
    passed_on: Sequence[Sequence[float]],
    service_rates: Sequence[float],
    servers: Sequence[int],
) -> tuple[ErlangC, ...]:
    """Return each pool of an open network, as the M/M/c that it behaves like.

    `arrival_rates[i]` come to pool i from outside; after handling in i a contact goes on to pool j with
    probability `passed_on[i][j]`, or leaves. Nobody gives up. The rate into each pool solves
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
