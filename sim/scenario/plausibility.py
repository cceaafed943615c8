"""Values that are possible but improbable: seconds among minutes, wide spreads, times too short to answer in."""

import math
import re
from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import Any

from sim.errors import quoted
from sim.scenario.checks.service import entries, reached
from sim.scenario.context import Finding, Place
from sim.scenario.distributions import (
    ByTime,
    Constant,
    CustomerLaw,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Sum,
    Triangular,
    Uniform,
    Weibull,
)
from sim.scenario.model import Scenario
from sim.scenario.numbers import duration_text, is_number, share_text
from sim.scenario.teams import serves

SHORT_S, PLAIN_S, LONG_S = 10.0, 30.0, 60.0
WIDE = 3.0
"""Standard deviations in means from which a spread is improbable."""
WIDE_DAY = 1.0
MOST_ACCEPTED = 0.9
_WITH_UNIT = re.compile(r"(\d+(\.\d+)?|\.\d+)\s*[smhd]", re.ASCII)


def improbable(scenario: Scenario) -> Iterator[Finding]:
    """Find values that are possible but probably not meant."""
    yield from _durations(scenario)
    yield from _busyness(scenario)
    yield from _too_short_to_accept(scenario)


# Durations.


def _durations(scenario: Scenario) -> Iterator[Finding]:
    laws = dict(_laws(scenario))
    longest = max((law.mean for law in laws.values()), default=0.0)
    units = scenario.origin is not None and _has_units(scenario.origin.data)
    for place, law in laws.items():
        written = _written(scenario, place, "mean")
        plain = units and _is_plain(written)
        limit = PLAIN_S if plain and place[2] != "wrap_up" else SHORT_S
        among_minutes = plain or (place[2] != "wrap_up" and longest >= LONG_S)
        if 0 < law.mean < limit and among_minutes:
            yield Finding(place, f"{_owner(place)} is {_seconds(law.mean)} on average; {_minutes(law.mean)}")
        yield from _spread(scenario, place, law)


def _owner(place: Place) -> str:
    return f"{'queue' if place[0] == 'queues' else 'team'} {quoted(place[1])}: {place[2]}"


def _spread(scenario: Scenario, place: Place, law: CustomerLaw) -> Iterator[Finding]:
    if not isinstance(law, Lognormal | Gamma):
        return
    if law.sd >= WIDE * law.mean:
        times = f"{law.sd / law.mean * 100:,.0f}% of its mean of {duration_text(law.mean)}"
        yield Finding(place, f"{_owner(place)} has an sd of {times}; check the units of both")
        return
    mixed = _is_plain(_written(scenario, place, "sd")) and not _is_plain(_written(scenario, place, "mean"))
    if mixed and law.mean >= LONG_S and law.sd < law.mean / 10:
        yield Finding(place, f"{_owner(place)} has an sd of {_seconds(law.sd)}; {_minutes(law.sd)}")


def _laws(scenario: Scenario) -> Iterator[tuple[Place, CustomerLaw]]:
    for name, queue in scenario.queues.items():
        if not decided_by_files(scenario, name):
            yield ("queues", name, "handle_time"), queue.handle_time
        if queue.patience is not None:
            yield ("queues", name, "patience"), queue.patience
        if queue.wrap_up is not None:
            yield ("queues", name, "wrap_up"), queue.wrap_up
    for name, team in scenario.teams.items():
        yield ("teams", name, "wrap_up"), team.wrap_up


def decided_by_files(scenario: Scenario, queue: str) -> bool:
    """Return whether files give the mean handle time of every contact that may come to a queue."""
    streams = [one for one in scenario.arrivals if queue in one.queues]
    handed_on = any(
        queue in part.to
        for other in scenario.queues.values()
        for part in (other.transfer, other.conference)
        if part is not None
    )
    replayed = any(contact.queue == queue for one in scenario.arrivals for contact in one.contacts)
    timed = all(
        one.forecast and all(row.aht_s is not None for row in one.forecast if row.volume) for one in streams
    )
    return bool(streams) and timed and not handed_on and not replayed


def _seconds(value: float) -> str:
    return "1 second" if value == 1 else f"{value:g} seconds"


def _minutes(value: float) -> str:
    return f"`{value:g}m` would be minutes"


def _written(scenario: Scenario, place: Place, parameter: str) -> Any:
    """Return a parameter of a law as the file has it; a bare value is its own mean."""
    node: Any = None if scenario.origin is None else scenario.origin.data
    for step in place:
        node = node.get(step) if isinstance(node, Mapping) else None
    if isinstance(node, Mapping):
        inner = next(iter(node.values()), None)
        return inner.get(parameter) if isinstance(inner, Mapping) else None
    return node if parameter == "mean" else None


def _is_plain(written: Any) -> bool:
    return is_number(written) or (isinstance(written, str) and written.strip()[-1:].isdigit())


def _has_units(data: Any) -> bool:
    if isinstance(data, Mapping):
        return any(map(_has_units, data.values()))
    if isinstance(data, list | tuple):
        return any(map(_has_units, data))
    return isinstance(data, str) and _WITH_UNIT.fullmatch(data.strip()) is not None


# Day factors.


def _busyness(scenario: Scenario) -> Iterator[Finding]:
    parts: list[tuple[Place, Any]] = [(("busyness",), scenario.busyness)]
    parts += [(("arrivals", i, "busyness"), one.busyness) for i, one in enumerate(scenario.arrivals)]
    for place, part in parts:
        for key, what, most in (("sd", "a day", "days"), ("interval_sd", "an interval's", "of them")):
            sd = 0.0 if part is None else getattr(part, key)
            if sd >= WIDE_DAY:
                usual = f"if {sd:g} per cent is meant, write `{sd:g}%`"
                text = (
                    f"{what} factor with an sd of {share_text(sd)} is 0 or a multiple on most {most}; {usual}"
                )
                yield Finding((*place, key), text)
        if part is not None and part.interval_sd and part.every >= scenario.lasts:
            length = duration_text(part.every)
            text = f"one interval of {length} is the whole run: the factor of an interval is one of the day"
            yield Finding((*place, "every"), text)


# Time to accept.


def _too_short_to_accept(scenario: Scenario) -> Iterator[Finding]:
    entered = entries(scenario)
    for name, channel in scenario.channels.items():
        slow = _slowest(scenario, reached(scenario, tuple(entered.get(name, ()))))
        if slow and channel.request_ttl is not None and channel.request_ttl < slow[1]:
            what = f"a request is given up after {duration_text(channel.request_ttl)}; {_delay(*slow)}"
            yield Finding(("channels", name, "request_ttl"), f"channel {quoted(name)}: {what}")
    for name, queue in scenario.queues.items():
        slow, ring_time = _slowest(scenario, (name,)), scenario.ring_time_of(name)
        if slow and ring_time < slow[1]:
            place: Place = (
                ("routing", "ring_time") if queue.ring_time is None else ("queues", name, "ring_time")
            )
            what = f"an offer rings for {duration_text(ring_time)}; {_delay(*slow)}"
            yield Finding(place, f"queue {quoted(name)}: {what}")


def _slowest(scenario: Scenario, queues: tuple[str, ...]) -> tuple[str, float] | None:
    """Return the team that needs longest to accept nine of ten offers of queues, and how long."""
    pushed = [one for one in queues if one in scenario.queues and scenario.queues[one].mode == "push"]
    found = {
        team: quantile(part.accept.delay, MOST_ACCEPTED)
        for team, part in scenario.teams.items()
        if any(serves(scenario, team, one) for one in pushed)
    }
    return max(found.items(), key=lambda item: item[1], default=None)


def _delay(team: str, delay: float) -> str:
    return (
        f"team {quoted(team)} needs up to {delay:.0f}s to accept nine of ten offers, so some ring out; "
        "give more time or a shorter accept.delay"
    )


# Quantiles of laws, without the numerical libraries that a check of words must not load.


def quantiles(law: CustomerLaw, p: float) -> list[float]:
    """Return the value that a law stays below with probability p, for each time of the day."""
    return [quantile(one, p) for one in (law.entries.values() if isinstance(law, ByTime) else (law,))]


def quantile(law: Distribution, p: float) -> float:
    """Return the value that a law stays below with probability p.

    Those of gamma laws are Wilson and Hilferty's; that of a sum adds the squares of the parts' distances from
    their means, as for normal parts.
    """
    match law:
        case Sum():
            distances = [quantile(part, p) - part.mean for part in law.parts]
            return max(law.mean + math.copysign(math.hypot(*distances), p - 0.5), 0.0)
        case Constant():
            return law.value
        case Exponential():
            return -law.mean * math.log1p(-p)
        case Lognormal():
            ratio = law.sd / law.mean
            log_variance = math.log1p(ratio * ratio)
            spread = NormalDist().inv_cdf(p) * math.sqrt(log_variance)
            return law.mean * math.exp(min(spread - log_variance / 2, 100.0))
        case Weibull():
            return float(law.scale * (-math.log1p(-p)) ** (1 / law.shape))
        case Uniform():
            return law.low + p * (law.high - law.low)
        case Empirical():
            return sorted(law.values)[min(int(p * len(law.values)), len(law.values) - 1)]
        case Triangular():
            return _of_triangular(law, p)
        case Hyperexponential():
            return _of_mixture(law, p)
        case Gamma():
            ratio = law.sd / law.mean
            return _of_gamma(law.mean, ratio * ratio, p)
        case Erlang():
            return _of_gamma(law.mean, 1 / law.k, p)


def _of_triangular(law: Triangular, p: float) -> float:
    width = law.high - law.low
    if p < (law.mode - law.low) / width:
        return law.low + math.sqrt(p * width * (law.mode - law.low))
    return law.high - math.sqrt((1 - p) * width * (law.high - law.mode))


def _of_mixture(law: Hyperexponential, p: float) -> float:
    low, high = 0.0, max(law.means) * -math.log1p(-p)
    for _ in range(60):
        middle = (low + high) / 2
        left = math.fsum(
            share * math.exp(-middle / mean) for mean, share in zip(law.means, law.shares, strict=True)
        )
        low, high = (middle, high) if left > 1 - p else (low, middle)
    return high


def _of_gamma(mean: float, squared_ratio: float, p: float) -> float:
    ninth = squared_ratio / 9
    return float(mean * max(1 - ninth + NormalDist().inv_cdf(p) * math.sqrt(ninth), 0.0) ** 3)
