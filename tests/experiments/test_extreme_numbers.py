"""Numbers at the edge of what a scenario may say: each day runs, holds its invariants, and its figures are sane."""

import math
from typing import Any

import pytest

import sim
from sim.errors import SimError
from sim.experiments.result import Result
from sim.scenario import loads

ENDS = ("answered", "abandoned", "no_agent", "disconnected", "unfinished")
USUAL: dict[str, Any] = {
    "ttl": "10m", "ring": "20s", "patience": "2m", "agents": 5, "accepts": 0.9, "per_hour": 60,
}  # fmt: skip
DAY = """
lasts: 1h
media: {{chat: {{max_tasks: 1}}}}
channels: {{web: {{medium: chat, request_ttl: {ttl}}}}}
routing: {{ring_time: {ring}}}
queues: {{calls: {{medium: chat, handle_time: {{exponential: {{mean: 3m}}}}, patience: {patience}}}}}
teams: {{desk: {{agents: {agents}, skills: {{calls: 5}}, accept: {{probability: {accepts}, delay: 2s}}}}}}
arrivals: [{{channel: web, queue: calls, per_hour: {per_hour}}}]
"""


def ran(replications: int = 2, **said: Any) -> Result:
    return held(DAY.format(**USUAL | said), replications)


def held(text: str, replications: int = 1) -> Result:
    """A run that holds its invariants, in which nobody is lost and no figure is infinite."""
    result = sim.run(loads(text), replications, jobs=1, paranoid=True)
    count = {one: result.figure(one).value for one in ("offered", *ENDS)}
    assert count["offered"] == pytest.approx(sum(count[end] for end in ENDS), rel=1e-12)
    assert not [value for value in result.figures["value"] if math.isinf(value)]
    return result


def is_unknown(result: Result, metric: str) -> bool:
    return math.isnan(result.figure(metric).value)


def test_nobody_comes() -> None:
    result = ran(per_hour=0)
    assert result.figure("offered").value == result.figure("occupancy").value == 0
    assert is_unknown(result, "asa")
    assert is_unknown(result, "abandon_rate")


def test_ten_times_as_many_come_as_can_be_served() -> None:
    """Five agents are busy all the time and answer one of ten, 20 an hour each."""
    result = ran(per_hour=1000)
    assert result.figure("occupancy").value > 0.9
    assert 80 < result.figure("answered").value < 150


def test_nobody_waits_at_all() -> None:
    """Accepting takes two seconds, which is longer than no patience."""
    result = ran(patience="0s")
    assert result.figure("abandon_rate").value == 1
    assert result.figure("occupancy").value == 0


@pytest.mark.parametrize("said", [{"ring": "0s"}, {"ring": "20s", "ttl": "20s"}])
def test_what_would_end_before_it_began_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(SimError, match="has to be above"):
        ran(**said)


def test_a_time_to_live_hardly_longer_than_the_ring_time_leaves_one_offer() -> None:
    result = ran(ttl="20.001s", per_hour=600)
    assert result.figure("no_agent").value > 0
    assert result.figure("offers_per_request").value <= 1.2


def test_one_agent_and_none() -> None:
    assert ran(agents=1).figure("answered").value > 5
    nobody = ran(agents=0)
    assert nobody.figure("abandon_rate").value == 1
    assert is_unknown(nobody, "occupancy")


def test_an_agent_who_never_accepts_leaves_all_to_the_time_to_live() -> None:
    result = ran(accepts=0, patience="1000h")
    assert result.figure("no_agent").value == result.figure("offered").value > 0


@pytest.mark.slow
def test_twenty_thousand_agents() -> None:
    """100,000 calls an hour of three minutes: a load of 5,000, so that a quarter is busy when it has filled up."""
    result = ran(1, agents=20_000, per_hour=100_000, accepts=1)
    assert result.figure("abandon_rate").value == 0
    assert result.figure("asa").value == pytest.approx(2.0)


@pytest.mark.slow
def test_five_hundred_queues() -> None:
    names = [f"q{number}" for number in range(500)]
    queues = "\n".join(f"  {name}: {{medium: chat, handle_time: 3m}}" for name in names)
    arrivals = "\n".join(f"  - {{channel: web, queue: {name}, per_hour: 2}}" for name in names)
    skills = ", ".join(f"{name}: 5" for name in names)
    result = held(
        f"lasts: 1h\nmedia: {{chat: {{max_tasks: 1}}}}\nchannels: {{web: {{medium: chat}}}}\nqueues:\n{queues}\n"
        f"teams: {{desk: {{agents: 60, skills: {{{skills}}}}}}}\narrivals:\n{arrivals}\n"
    )
    assert result.figure("offered").value == pytest.approx(1000, abs=6 * math.sqrt(1000))
    for name in names[::50]:
        assert 0 <= result.figure("offered", queue=name).value <= 12
