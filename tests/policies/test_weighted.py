"""The queues weighed against each other by a freed agent, and work that is held back: exact days."""

import pytest
from engine.worlds import at, centre, world

from sim.policies import QueueRatio, RankedRequests, WeightedWait, request_key
from sim.scenario import notes

ONE_DESK = """
labels: {vip: {priority: 9}}
queues:
  gold: {medium: chat, priority: 3, handle_time: 100s}
  plain: {medium: chat, handle_time: 100s}
teams: {desk: {agents: 1, skills: {gold: 5, plain: 5}}}
"""


def gold(seconds: float, **said: object) -> dict[str, object]:
    return at(seconds, queue="gold", **said)


def plain(seconds: float, **said: object) -> dict[str, object]:
    return at(seconds, queue="plain", **said)


# Weighted wait.

WEIGHTED = "routing.request_selection=weighted_wait"


def test_the_larger_of_wait_times_priority_is_first() -> None:
    """At 100 s: 3 x 35 s against 90 s; at 200 s the plain caller has waited 190 s, the second gold one 3 x 60 s."""
    told = world(ONE_DESK, WEIGHTED, a=plain(0), b=plain(10), c=gold(65), d=gold(140))
    assert told.offers == ["0 a to desk-1", "100 c to desk-1", "200 b to desk-1", "300 d to desk-1"]


def test_within_a_queue_the_scenario_s_order_holds_and_among_equals_too() -> None:
    """The one of priority 9 is first of the plain queue, with a wait of 30 s: 3 x 10 s is as much, and later."""
    told = world(ONE_DESK, WEIGHTED, a=plain(0), b=plain(10), v=plain(70, label="vip"), c=gold(90))
    assert told.offers[1:] == ["100 v to desk-1", "200 c to desk-1", "300 b to desk-1"]


# Queue ratio.

RATIO = "routing.request_selection=queue_ratio"


def test_a_queue_of_priority_3_is_kept_a_third_as_long() -> None:
    """At 100 s one gold caller counts as three: four plain ones are more, three are as many and came first."""
    plains = {f"p{n}": plain(10 + n) for n in range(4)}
    told = world(ONE_DESK, RATIO, a=plain(0), **plains, g=gold(50))
    assert [offer.split()[1] for offer in told.offers] == ["a", "p0", "p1", "g", "p2", "p3"]


def test_an_order_that_is_told_is_kept() -> None:
    told = RankedRequests(request_key("longest_waiting", queue_priority=False, ageing_s=0.0))
    other = RankedRequests(request_key("priority", queue_priority=False, ageing_s=0.0))
    for policy in (WeightedWait, QueueRatio):
        assert policy(told).over(other).then is told
        assert policy().over(other).then is other


# Reserve of idle agents.

MAIL_WAITS = """
media: {chat: {max_tasks: 1}}
routing: {agent_selection: reserve_idle_agents, request_selection: reserve_idle_agents}
queues:
  calls: {medium: chat, priority: 2, handle_time: 100s}
  mails: {medium: chat, handle_time: 100s}
teams: {desk: {agents: 2, skills: {calls: 5, mails: 5}}}
"""


def test_mail_leaves_one_agent_idle_for_calls() -> None:
    told = world(
        MAIL_WAITS,
        m=at(0, queue="mails"),
        n=at(10, queue="mails"),
        c=at(20, queue="calls"),
        d=at(30, queue="calls"),
    )
    assert told.offers == [
        "0 m to desk-1",  # two idle, one beyond the reserve
        "20 c to desk-2",  # a call takes the reserve
        "100 d to desk-1",
        # At 120 desk-2 is free and alone: the reserve. At 200 both are.
        "200 n to desk-1",
    ]


# Threshold.

HELP = """
routing: {agent_selection: threshold, request_selection: threshold}
queues:
  calls:
    medium: chat
    handle_time: 1000s
    steps: [{needs: "calls >= 5", for: 0s}, {needs: "calls >= 1"}]
teams:
  own: {agents: 1, skills: {calls: 5}}
  help: {agents: 1, skills: {calls: 1}}
"""


def test_help_comes_with_the_fifth_who_waits_and_takes_the_first() -> None:
    told = world(HELP, **{name: at(10 * n) for n, name in enumerate("abcdefg")})
    assert told.offers[:3] == ["0 a to own-1", "50 b to help-1", "1000 c to own-1"]


def test_help_that_is_free_again_waits_for_five() -> None:
    told = world(
        HELP, "queues.calls.handle_time=100s", **{name: at(10 * n) for n, name in enumerate("abcdefg")}
    )
    assert told.offers == [
        "0 a to own-1", "50 b to help-1",
        "100 c to own-1",  # four wait after it
        # At 150 help-1 is free: d, e, f and g wait, one too few.
        "200 d to own-1", "300 e to own-1", "400 f to own-1", "500 g to own-1",
    ]  # fmt: skip


@pytest.mark.parametrize("rule", ["weighted_wait", "queue_ratio"])
def test_equal_priorities_get_a_note_and_different_ones_are_used(rule: str) -> None:
    said = f"{rule} weighs the queues by their priorities, and all have the same"
    same = centre(ONE_DESK, f"routing.request_selection={rule}", "queues.gold.priority=1")
    assert said in "".join(notes(same))
    different = "".join(notes(centre(ONE_DESK, f"routing.request_selection={rule}")))
    assert said not in different
    assert "priorities of queues are not used" not in different


def test_half_a_guard_gets_a_note() -> None:
    half = "".join(notes(centre(HELP, "routing.request_selection=priority")))
    said = "threshold is named for one decision of two: give routing.request_selection as well, or it holds nobody back"
    assert said in half
    assert "one decision of two" not in "".join(notes(centre(HELP)))


# Held back, and let go by what happens elsewhere.


class MailsWhileFewCalls:
    """Mails are offered only while fewer than two calls wait."""

    def allows(self, request):  # type: ignore[no-untyped-def]
        """Return whether it is a call, or few calls wait."""
        return request.queue_name == "calls" or request.view.queues["calls"].waiting < 2


TWO_TEAMS = """
lasts: 1h
queues:
  calls: {medium: chat, handle_time: 100s}
  mails: {medium: chat, handle_time: 30s}
teams:
  phone: {agents: 1, skills: {calls: 5}}
  mail: {agents: 1, skills: {mails: 5}}
"""


def test_who_is_held_back_is_let_go_when_another_queue_has_changed() -> None:
    from sim.engine import simulate
    from sim.policies import GuardedAgents, GuardedRequests
    from sim.workload import by_hand

    scenario = centre(TWO_TEAMS)
    contacts = [
        {"channel": "web", **one}
        for one in (
            at(0, queue="calls"), at(10, queue="calls"), at(20, queue="calls", patience=25),
            at(30, queue="mails"), at(40, queue="mails"),
        )
    ]  # fmt: skip
    rule = MailsWhileFewCalls()
    run = simulate(
        scenario, by_hand(scenario, contacts),
        agent_selection=GuardedAgents(rule), request_selection=GuardedRequests(rule),
    )  # fmt: skip
    answered = run.requests.set_index("request_id").sort_index()["answered_at"]
    assert answered.loc[[4, 5]].tolist() == [45, 75]  # at 45 the third caller gives up, and one call waits
