"""Which changed key is named as the cause of a figure: the one that is nearest to it."""

import pytest

import sim
from gate.small import DAY
from sim.gate.causes import nearest_cause, steps

CENTRE = sim.loads(
    DAY
    + """\
  - {metric: asa, queue: experts, at_most: 10m}
"""
)
KEYS = (
    "targets.0.at_most",
    "routing.ring_time",
    "teams.front.agents",
    "teams.experts.agents",
    "queues.front.transfer.probability",
    "queues.experts.patience.exponential.mean",
    "arrivals.1.per_hour",
    "media.chat.max_tasks",
)


@pytest.mark.parametrize(
    ("place", "nearest"),
    [
        ({}, "routing.ring_time"),  # of all queues: the first that changes anything
        ({"queue": "front"}, "queues.front.transfer.probability"),
        ({"queue": "experts"}, "queues.experts.patience.exponential.mean"),
        ({"team": "experts"}, "teams.experts.agents"),
        ({"kind": "transfer"}, "queues.front.transfer.probability"),
        ({"queue": "experts", "kind": "transfer"}, "queues.front.transfer.probability"),
        ({"channel": "web", "queue": "experts"}, "queues.experts.patience.exponential.mean"),
    ],
)
def test_the_nearest_key_is_the_cause(place: dict[str, str], nearest: str) -> None:
    assert nearest_cause([steps(key) for key in KEYS], place, CENTRE) == steps(nearest)


@pytest.mark.parametrize(
    ("place", "keys", "nearest"),
    [
        # who serves the queue comes before what holds for all, and that before another queue
        ({"queue": "front"}, ("queues.experts.patience", "routing.ring_time", "teams.front.agents"), 2),
        ({"queue": "front"}, ("queues.experts.patience", "routing.ring_time"), 1),
        # `front` is served by both teams, by the experts from its second step on; `experts` by theirs alone
        ({"queue": "front"}, ("teams.experts.agents", "teams.front.agents"), 0),
        ({"queue": "experts"}, ("teams.front.agents", "teams.experts.agents"), 1),
        ({"queue": "experts"}, ("arrivals.0.per_hour", "arrivals.1.per_hour"), 1),
        ({"queue": "experts"}, ("arrivals.0.per_hour", "queues.front.transfer.after"), 1),
        ({"channel": "web"}, ("queues.front.patience", "arrivals.1.per_hour"), 1),
        ({"queue": "front"}, ("name", "targets.0.at_most", "teams.experts.agents"), 2),
        ({"queue": "front"}, ("arrivals.7.per_hour", "queues.experts.patience"), 0),
    ],
)
def test_the_order_of_nearness(place: dict[str, str], keys: tuple[str, ...], nearest: int) -> None:
    read = [steps(key) for key in keys]
    assert nearest_cause(read, place, CENTRE) == read[nearest]
