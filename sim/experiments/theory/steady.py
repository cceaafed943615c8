"""The long run of a station: with abandonment (Erlang A), or with a limited number of waiting places."""

from sim.experiments.theory.birth_death import stationary
from sim.experiments.theory.numbers import at_least, positive
from sim.experiments.theory.station import Station
from sim.experiments.theory.waits import Waits

NEGLIGIBLE = 1e-18


def erlang_a(arrival_rate: float, service_rate: float, servers: int, patience_rate: float) -> Waits:
    """Return the long-run figures of M/M/c+M: exponential patience of mean 1 / `patience_rate`.

    Exact up to a tail of 1e-18. Source: C. Palm 1957; O. Garnett, A. Mandelbaum & M. Reiman 2002.

    Raises:
        SimError: a rate that is not positive, or less than one server.

    """
    positive(patience_rate=patience_rate)
    levels = 2 * servers + 64
    while True:
        station = Station(arrival_rate, service_rate, servers, levels, patience_rate)
        found = stationary(station.births, station.deaths)
        if found[-1] < NEGLIGIBLE:
            return Waits(station, found)
        levels *= 2


def finite_queue(
    arrival_rate: float, service_rate: float, servers: int, places: int, patience_rate: float = 0.0
) -> Waits:
    """Return the long-run figures of M/M/c/c+places, with abandonment where `patience_rate` is above 0.

    Raises:
        SimError: a rate that is not positive, a negative number of places, or less than one server.

    """
    at_least(0, places=places)
    station = Station(arrival_rate, service_rate, servers, servers + places, patience_rate, full=True)
    return Waits(station, stationary(station.births, station.deaths))
