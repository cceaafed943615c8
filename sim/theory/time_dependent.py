"""A day that opens empty: exact expectations of a station over a finite time."""

import math
from dataclasses import dataclass

import numpy as np

from sim.theory.birth_death import FloatArray, Station, Waits, erlang_a, over_time, positive


@dataclass(frozen=True)
class Day:
    """Expectations over a day of arrivals: `waits` of its contacts, and the state in which it closes."""

    offered: float
    waits: Waits
    at_close: FloatArray

    @property
    def waiting_at_close(self) -> float:
        """Expected number in the queue at the end, those whom `clear_queues` sends away."""
        station = self.waits.station
        return float(self.at_close @ np.maximum(station.present - station.servers, 0))


def a_day(
    arrival_rate: float,
    service_rate: float,
    servers: int,
    lasts: float,
    patience_rate: float = 0.0,
    places: int | None = None,
) -> Day:
    """Return the expectations of a station that opens empty and takes contacts for `lasts`.

    Contacts waiting at the end are served afterwards; figures are of the contacts that arrived in time, the
    occupancy is that of the open hours. The number present is a birth-death chain, its law over time computed exactly.

    Raises:
        SimError: a rate or duration that is not positive, or less than one server.

    """
    positive(lasts=lasts)
    unlimited = _enough(arrival_rate, service_rate, servers, lasts, patience_rate)
    room = unlimited if places is None else places
    full = places is not None
    station = Station(arrival_rate, service_rate, servers, servers + room, patience_rate, full)
    average, final = over_time(station.births, station.deaths, lasts)
    return Day(arrival_rate * lasts, Waits(station, average), final)


def _enough(
    arrival_rate: float, service_rate: float, servers: int, lasts: float, patience_rate: float
) -> int:
    """Return a number of places in the queue that is practically never exceeded.

    From an empty start the chain stays below its long-run law, where that has a thin tail; otherwise its drift
    plus ten standard deviations suffice.
    """
    if patience_rate:
        return erlang_a(arrival_rate, service_rate, servers, patience_rate).station.levels - servers
    drift = max(0.0, arrival_rate - servers * service_rate) * lasts
    noise = math.sqrt((arrival_rate + servers * service_rate) * lasts)
    return int(drift + 10 * noise) + 64
