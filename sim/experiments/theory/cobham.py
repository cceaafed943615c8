"""Cobham: priorities that do not interrupt."""

import math
from collections.abc import Sequence

from sim.experiments.theory.erlang_c import ErlangC
from sim.experiments.theory.numbers import at_least


def cobham(arrival_rates: Sequence[float], service_rate: float, servers: int) -> tuple[float, ...]:
    """Return the mean wait of each class of M/M/c with priorities, the most urgent class first.

    One handling law for all, nobody gives up, work in progress is not interrupted:
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
