"""How many tasks of one queue an agent may have open."""

from unittest.mock import Mock

import pytest

from engine.worlds import at, world
from sim.engine.desk import TaskLimit
from sim.errors import SimError

TWO_QUEUES = """
media: {chat: {max_tasks: 3}}
queues:
  vip: {medium: chat, handle_time: 100s, max_tasks: 1}
  std: {medium: chat, handle_time: 100s}
teams: {desk: {agents: 1, skills: {vip: 1, std: 1}}}
"""


def vip(seconds: float, **said: object) -> dict[str, object]:
    return at(seconds, queue="vip", **said)


def std(seconds: float, **said: object) -> dict[str, object]:
    return at(seconds, queue="std", **said)


def test_a_second_task_of_the_queue_waits_though_slots_are_free() -> None:
    told = world(TWO_QUEUES, ann=vip(0), bob=vip(10), cid=std(20))
    assert told.story == [
        "0 ann: arrives, placed in vip, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in vip",
        "20 cid: arrives, placed in std, offered to desk-1, answered by desk-1",
        "100 ann: desk-1 leaves, ends handled, desk-1 DONE; bob: offered to desk-1, answered by desk-1",
        "120 cid: desk-1 leaves, ends handled, desk-1 DONE",
        "200 bob: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    assert told.states("desk-1", "chat")[0] == "0-200 ACTIVE"


def test_a_team_has_its_own_limit_before_the_queues() -> None:
    told = world(TWO_QUEUES, "teams.desk.max_tasks_by_queue={vip: 2, std: 1}", ann=vip(0), bob=vip(10),
                 cid=vip(20), dan=std(30), eve=std(40))  # fmt: skip
    assert told.offers == ["0 ann to desk-1", "10 bob to desk-1", "30 dan to desk-1", "100 cid to desk-1",
                           "130 eve to desk-1"]  # fmt: skip


def test_another_agent_is_asked_who_has_less_of_the_queue() -> None:
    """Of two agents the first has fewer tasks, but one of the queue."""
    told = world(
        TWO_QUEUES, "teams.desk.agents=2", ann=vip(0), bob=std(1), cid=std(2), dan=vip(3), eve=vip(4)
    )
    assert told.offers[3] == "3 dan to desk-2"
    assert told.offers[4] == "100 eve to desk-1"


def test_wrap_up_and_ringing_count() -> None:
    told = world(
        TWO_QUEUES, "teams.desk.wrap_up=30s", "teams.desk.accept.delay=5s", ann=vip(0), bob=vip(2), cid=std(3)
    )
    assert told.offers == ["0 ann to desk-1", "3 cid to desk-1", "135 bob to desk-1"]
    ring = ("teams.desk.accept.probability=50%", "routing.ring_time=20s")
    told = world(TWO_QUEUES, *ring, ann=vip(0, accept=[0.9, 0.1]), bob=vip(5, accept=0.1))
    # Ann is requeued before bob and comes back at once: the limit is free for one of them.
    assert told.offers == ["0 ann to desk-1", "20 ann to desk-1", "120 bob to desk-1"]


def test_a_customer_who_leaves_while_it_rings_frees_the_limit() -> None:
    slow = ("teams.desk.accept.delay=50s", "queues.vip.patience=20s")
    told = world(TWO_QUEUES, *slow, ann=vip(0), bob=vip(10, patience=200))
    assert told.offers == ["0 ann to desk-1", "20 bob to desk-1"]


def test_a_list_asks_again_when_the_limit_is_free() -> None:
    told = world(TWO_QUEUES, "queues.vip.mode=pull", ann=vip(0), bob=vip(10))
    assert told.ends == ["100 ann handled", "200 bob handled"]


def test_a_named_agent_at_their_limit_is_not_available() -> None:
    hand_on = (
        "queues.std.transfer={probability: 100%, to: {vip: 100%}, named: 100%}",
        "teams.front={agents: 1, skills: {std: 5}}",
        "teams.desk.skills={vip: 1}",
    )
    told = world(TWO_QUEUES, *hand_on, ann=vip(0, handle_time=500), bob=std(0))
    assert [r["outcome"] for r in told.requests("bob")] == ["answered", "no_agent"]
    told = world(TWO_QUEUES, *hand_on, "queues.vip.max_tasks=2", ann=vip(0, handle_time=500), bob=std(0))
    assert [r["outcome"] for r in told.requests("bob")] == ["answered", "answered"]


def test_the_dropdown_counts_states_and_not_limits() -> None:
    told = world(TWO_QUEUES, "routing.require_available_agent=on", ann=vip(0), bob=vip(10))
    assert told.requests("bob")[0]["agents_available"] == 1
    assert told.ends == ["100 ann handled", "200 bob handled"]


@pytest.mark.parametrize("selection", ["random", "most_skilled", "fewest_tasks", "round_robin"])
def test_it_holds_under_every_selection(selection: str) -> None:
    told = world(TWO_QUEUES, f"routing.agent_selection={selection}", ann=vip(0), bob=vip(10), cid=std(20))
    assert told.offers == ["0 ann to desk-1", "20 cid to desk-1", "100 bob to desk-1"]


def test_who_still_has_more_than_they_may_stays_full() -> None:
    """A transfer within the team and one who joins come beyond the limit: of three tasks two are closed."""
    limit, agent = TaskLimit(1, {}), Mock()
    agent.team.name = "desk"
    for _ in range(3):
        limit.add(agent)
    left = []
    for _ in range(3):
        limit.remove(agent)
        left.append(agent in limit.full)
    assert left == [True, True, False]


def test_a_mistake_names_the_queue() -> None:
    with pytest.raises(SimError, match="unknown queue `vipp`; did you mean `vip`"):
        world(TWO_QUEUES, "teams.desk.max_tasks_by_queue={vipp: 2}")
    with pytest.raises(SimError, match="max_tasks: `0`"):
        world(TWO_QUEUES, "queues.vip.max_tasks=0")
