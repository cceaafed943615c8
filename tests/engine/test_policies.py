"""The decisions a planner may vary: which agent, which request, what a ring-out is remembered for."""

from collections.abc import Sequence

from engine.worlds import at, centre, world
from sim.engine import simulate
from sim.policies import AgentView, RankedRequests, RequestView
from sim.workload import by_hand

THREE_DESKS = """
media: {chat: {max_tasks: 3}}
queues: {calls: {medium: chat, handle_time: 500s}}
teams: {desk: {agents: 3, skills: {calls: 5}}}
"""


# Which agent.


def test_fewest_tasks() -> None:
    told = world(THREE_DESKS, ann=at(0), bob=at(1), cid=at(2), dan=at(3), eve=at(503))
    assert told.offers == [
        "0 ann to desk-1",
        "1 bob to desk-2",
        "2 cid to desk-3",
        "3 dan to desk-1",
        "503 eve to desk-2",  # READY since 501, desk-3 since 502, desk-1 since 503
    ]


def test_most_tasks_fills_one_agent_after_the_other() -> None:
    told = world(
        THREE_DESKS,
        "routing.agent_selection=most_tasks",
        ann=at(0),
        bob=at(1),
        cid=at(2),
        dan=at(3),
        eve=at(4),
    )
    assert told.offers == [
        "0 ann to desk-1",
        "1 bob to desk-1",
        "2 cid to desk-1",
        "3 dan to desk-2",
        "4 eve to desk-2",
    ]


def test_most_tasks_among_equals_the_longest_available() -> None:
    """At 100 nobody has a task: desk-1 is READY since 50, the others since 0."""
    told = world(THREE_DESKS, "routing.agent_selection=most_tasks", ann=at(0, handle_time=50), bob=at(100))
    assert told.offers == ["0 ann to desk-1", "100 bob to desk-2"]


def test_longest_available_whatever_they_have_to_do() -> None:
    """Desk-1 was READY first and gets all they may have, then desk-2."""
    told = world(
        THREE_DESKS,
        "routing.agent_selection=longest_available",
        ann=at(0),
        bob=at(1),
        cid=at(2, handle_time=10),
        dan=at(3),
        eve=at(20),
    )
    assert told.offers == [
        "0 ann to desk-1",
        "1 bob to desk-1",
        "2 cid to desk-1",
        "3 dan to desk-2",
        "20 eve to desk-1",
    ]


SKILLS = """
routing: {agent_selection: most_skilled}
queues: {calls: {medium: chat, handle_time: 500s}}
teams:
  novice: {agents: 1, skills: {calls: 2}}
  expert: {agents: 2, skills: {calls: 9}}
  old_hand: {agents: 1, skills: {calls: 6}}
"""


def test_most_skilled_then_longest_available() -> None:
    told = world(SKILLS, zoe=at(0, handle_time=10), ann=at(20), bob=at(21), cid=at(22), dan=at(23))
    assert told.offers == [
        "0 zoe to expert-1",
        "20 ann to expert-2",
        "21 bob to expert-1",
        "22 cid to old_hand-1",
        "23 dan to novice-1",
    ]


def test_most_skilled_looks_at_the_skill_of_the_queues_name() -> None:
    told = world(
        SKILLS.replace("500s}", "500s, steps: [{needs: calls >= 1}]}").replace(
            "{calls: 2}", "{calls: 2, sales: 10}"
        ),
        ann=at(0),
    )
    assert told.offers == ["0 ann to expert-1"]


def test_round_robin_goes_around_whoever_is_free_longest() -> None:
    """At 300 desk-3 has been READY for longest, since 12; desk-1's last offer is the oldest."""
    told = world(
        THREE_DESKS,
        "routing.agent_selection=round_robin",
        "media.chat.max_tasks=1",
        ann=at(0, handle_time=200),
        bob=at(1, handle_time=20),
        cid=at(2, handle_time=10),
        dan=at(300),
        eve=at(301, handle_time=10),
        fay=at(400),
        gus=at(401),
    )
    assert told.offers == [
        "0 ann to desk-1",
        "1 bob to desk-2",
        "2 cid to desk-3",
        "300 dan to desk-1",
        "301 eve to desk-2",
        "400 fay to desk-3",
        "401 gus to desk-2",
    ]


def test_random_is_a_lot_of_the_customers_own_among_those_available() -> None:
    """A third of the lot for each; dan's falls on the second of the two who are left."""
    told = world(
        THREE_DESKS,
        "routing.agent_selection=random",
        "media.chat.max_tasks=1",
        ann=at(0, selection=0.5),
        bob=at(1, selection=0.9),
        cid=at(600, selection=0.4),
        dan=at(601, selection=0.6),
    )
    assert told.offers == ["0 ann to desk-2", "1 bob to desk-3", "600 cid to desk-2", "601 dan to desk-3"]


def test_each_offer_of_a_customer_is_a_lot_of_its_own() -> None:
    """The second number is that of the offer after the transfer: the last of the two who are left."""
    told = world(
        THREE_DESKS,
        "routing.agent_selection=random",
        "media.chat.max_tasks=1",
        "queues.calls.transfer={probability: 50%, to: {calls: 100%}}",
        ann=at(0, selection=[0.1, 0.9], transfer=[0.0, 0.9]),
    )
    assert [offer.rpartition(" ")[2] for offer in told.offers] == ["desk-1", "desk-3"]


class _NeverTheFirst:
    """An agent selection of one's own that leaves the first one alone, and would rather let a customer wait."""

    def choose(
        self, request: RequestView, candidates: Sequence[AgentView], uniform: float
    ) -> AgentView | None:
        del request, uniform
        return next((agent for agent in candidates if agent.rank > 0), None)


_LAST_COME_FIRST = RankedRequests(lambda request: (-request.enqueued_at,))
"""A request selection of one's own: an order within a queue is a key."""


def test_a_policy_of_ones_own() -> None:
    scenario = centre(THREE_DESKS, "media.chat.max_tasks=1", "teams.desk.agents=2")
    contacts = [{"at": t, "queue": "calls", "channel": "web"} for t in (0, 1, 2)]
    records = simulate(
        scenario,
        by_hand(scenario, contacts),
        agent_selection=_NeverTheFirst(),
        request_selection=_LAST_COME_FIRST,
    )
    answered = records.requests.sort_values("request_id")
    assert answered["agent"].tolist() == ["desk-2", "desk-2", "desk-2"]
    assert answered["answered_at"].tolist() == [0, 1000, 500]


# Which request.

ONE_DESK = """
labels: {premium: {priority: 10}, gold: {priority: 3}}
queues:
  calls: {medium: chat, handle_time: 500s}
  mails: {medium: chat, handle_time: 500s, priority: 5}
teams: {desk: {agents: 1, skills: {calls: 5, mails: 5}}}
"""


def test_priority_then_longest_waiting() -> None:
    told = world(
        ONE_DESK, eve=at(0), ann=at(1), bob=at(2, label="gold"), cid=at(3, label="premium"), dan=at(4)
    )
    assert told.offers[1:] == [
        "500 cid to desk-1",
        "1000 bob to desk-1",
        "1500 ann to desk-1",
        "2000 dan to desk-1",
    ]


def test_longest_waiting_whatever_the_priority() -> None:
    told = world(
        ONE_DESK,
        "routing.request_selection=longest_waiting",
        eve=at(0),
        ann=at(1),
        bob=at(2, label="gold"),
        cid=at(3, label="premium", queue="mails"),
    )
    assert told.offers[1:] == ["500 ann to desk-1", "1000 bob to desk-1", "1500 cid to desk-1"]


def test_ageing_adds_a_point_of_priority_for_every_so_much_waiting() -> None:
    """A point every 100 s. At 500: ann 1 + 4.99, gold cid 3 + 2.5, gold bob 3 + 3.5."""
    told = world(
        ONE_DESK,
        "routing.request_selection=priority_with_ageing",
        "routing.ageing=100s",
        eve=at(0),
        ann=at(1),
        bob=at(150, label="gold"),
        cid=at(250, label="gold"),
    )
    assert told.offers[1:] == ["500 bob to desk-1", "1000 ann to desk-1", "1500 cid to desk-1"]


def test_ageing_with_equal_points_the_longest_waiting() -> None:
    """Bob came 200 s after ann with two points more."""
    told = world(
        ONE_DESK,
        "routing.request_selection=priority_with_ageing",
        "routing.ageing=100s",
        eve=at(0),
        ann=at(100),
        bob=at(300, label="gold"),
    )
    assert told.offers[1:] == ["500 ann to desk-1", "1000 bob to desk-1"]


def test_queue_priority_comes_before_any_of_these_rules() -> None:
    for rule in ("priority", "longest_waiting", "priority_with_ageing"):
        told = world(
            ONE_DESK,
            "routing.queue_priority=on",
            f"routing.request_selection={rule}",
            "routing.ageing=100s",
            eve=at(0),
            ann=at(1, label="premium"),
            bob=at(400, queue="mails"),
        )
        assert told.offers[1:] == ["500 bob to desk-1", "1000 ann to desk-1"], rule


# Ring memory: reading 5.

LETS_IT_RING = """
media: {chat: {max_tasks: 2}}
queues:
  mails: {medium: chat, handle_time: 500s}
  calls: {medium: chat, handle_time: 500s, patience: 200s}
teams:
  lazy: {agents: 1, skills: {calls: 5}, accept: {probability: 0%}}
  busy: {agents: 1, skills: {mails: 5, calls: 5}}
"""
"""The lazy one never has a task, the busy one has eve's: by tasks alone it is always the lazy one's turn."""

EVE = at(0, queue="mails")
ANN = at(10, queue="calls")


def _offers_of_ann(*changes: str) -> list[str]:
    told = world(LETS_IT_RING, *changes, eve=EVE, ann=ANN)
    return [offer for offer in told.offers if "ann" in offer]


def test_rank_last_asks_another_agent_as_long_as_there_is_one() -> None:
    assert _offers_of_ann("routing.ring_memory=rank_last") == ["10 ann to lazy-1", "70 ann to busy-1"]


def test_rank_last_asks_the_same_agent_again_where_there_is_no_other() -> None:
    assert _offers_of_ann("routing.ring_memory=rank_last", "teams.busy.max_tasks={chat: 1}") == [
        "10 ann to lazy-1",
        "70 ann to lazy-1",
        "130 ann to lazy-1",
        "190 ann to lazy-1",
    ]


def test_rank_last_is_the_default() -> None:
    assert _offers_of_ann() == ["10 ann to lazy-1", "70 ann to busy-1"]


def test_exclude_never_asks_them_again_for_this_request() -> None:
    assert _offers_of_ann("routing.ring_memory=exclude") == ["10 ann to lazy-1", "70 ann to busy-1"]
    told = world(
        LETS_IT_RING, "routing.ring_memory=exclude", "teams.busy.max_tasks={chat: 1}", eve=EVE, ann=ANN
    )
    assert told.story == [
        "0 eve: arrives, placed in mails, offered to busy-1, answered by busy-1",
        "10 ann: arrives, placed in calls, offered to lazy-1",
        "70 ann: rings out at lazy-1, requeued at 11",
        "210 ann: abandons, ends abandoned",
        "500 eve: busy-1 leaves, ends handled, busy-1 DONE",
    ]


def test_no_memory_asks_whoever_it_is_the_turn_of() -> None:
    """The trap of R2.27: the request bounces to the agent for as long as the customer bears it."""
    assert _offers_of_ann("routing.ring_memory=none") == [
        "10 ann to lazy-1",
        "70 ann to lazy-1",
        "130 ann to lazy-1",
        "190 ann to lazy-1",
    ]


def test_the_memory_is_of_this_very_request() -> None:
    """Bob is offered to the agent who let ann ring."""
    for memory in ("rank_last", "exclude"):
        told = world(
            LETS_IT_RING, f"routing.ring_memory={memory}", eve=EVE, ann=ANN, bob=at(80, queue="calls")
        )
        assert "80 bob to lazy-1" in told.offers, memory


def test_the_order_of_steps_stays_above_the_memory() -> None:
    """Both steps are open; the lazy one of the first is asked again before anybody of the second."""
    steps = "queues.calls.steps=[{needs: calls >= 9, for: 0s}, {needs: calls >= 1}]"
    assert _offers_of_ann("routing.ring_memory=rank_last", "teams.lazy.skills={calls: 9}", steps) == [
        "10 ann to lazy-1",
        "70 ann to lazy-1",
        "130 ann to lazy-1",
        "190 ann to lazy-1",
    ]


# What a request needs to be placed, and how it waits after a ring-out.


def test_an_available_agent_may_be_required() -> None:
    """Of any step; a busy one is not enough."""
    told = world(
        THREE_DESKS,
        "routing.require_available_agent=on",
        "teams.desk.agents=1",
        "media.chat.max_tasks=1",
        ann=at(0),
        bob=at(10),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls, no agent, ends no_agent",
        "500 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_the_priority_of_a_rung_out_request_may_be_set() -> None:
    """At 4 ann stays behind premium bob, who came while ann rang."""
    told = world(
        ONE_DESK,
        "routing.requeue_priority=4",
        "teams.desk.accept.probability=50%",
        "teams.desk.after_ring={chat: {not_ready: 10s}}",
        ann=at(0, accept=[0.9, 0.1]),
        bob=at(50, label="premium", accept=0.1),
        cid=at(55, label="gold", accept=0.1),
    )
    assert told.offers == ["0 ann to desk-1", "70 bob to desk-1", "570 ann to desk-1", "1070 cid to desk-1"]
