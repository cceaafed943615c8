"""Erlang B: the share of contacts that find every line busy."""

from sim.experiments.theory.numbers import at_least


def erlang_b(servers: int, load: float) -> float:
    """Return the share of contacts blocked by `servers` lines without waiting places.

    `load` is arrival rate times mean holding time (Erlang). Holds for every law of the holding time.

    B(0, a) = 1;  1/B(c, a) = 1 + c/a * 1/B(c-1, a)   (A. K. Erlang 1917; the recursion in its inverse form
    neither overflows nor cancels).

    Raises:
        SimError: a negative load or number of servers.

    """
    at_least(0, servers=servers, load=load)
    if load == 0:
        return 0.0 if servers else 1.0
    inverse = 1.0
    for count in range(1, servers + 1):
        inverse = 1.0 + inverse * count / load
    return 1.0 / inverse
