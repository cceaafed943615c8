"""When a customer's patience starts: with no agent left, or with only the one who holds them."""

from engine.worlds import at, world

HELD = """
queues:
  sales: {medium: chat, handle_time: 300s, transfer: {probability: 100%, after: 50%, to: {support: 100%}, warm: 100%}}
  support: {medium: chat, handle_time: 60s, patience: 30s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 0, skills: {support: 5}}
  leads: {agents: 1, role: supervisor}
supervision: {team: leads, queues: [sales], probability: 100%, after: 20s, lasts: 240s, barge_in: 100%}
"""
RINGS_ON = """
channels: {web: {medium: chat, request_ttl: 70s}}
queues:
  sales:
    medium: chat
    handle_time: 155s
    conference:
      {probability: 50%, after: 20%, to: {support: 100%}, joint_time: 5s, then: {both_stay: 100%}, while_waiting: holds}
  support:
    {medium: chat, handle_time: 60s, transfer: {probability: 50%, after: 40%, to: {last: 100%}, patience: 40s}}
  last: {medium: chat, handle_time: 60s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 1, skills: {support: 5}}
  lasts: {agents: 1, skills: {last: 5}, accept: {probability: 0%}}
routing: {ring_time: 200s}
"""


def test_the_customer_of_a_warm_transfer_waits_from_when_all_but_its_agent_have_left() -> None:
    """front-1 asks at 150, while the supervisor is in; from 260 on ann has only front-1, who holds them."""
    told = world(HELD, ann=at(0))
    assert told.story == [
        "0 ann: arrives, placed in sales, offered to front-1, answered by front-1",
        "20 ann: monitor_joined",
        "140 ann: monitor_left, barged_in",
        "150 ann: front-1 sees sales 0 support 0, front-1 transfers to support, placed in support at 10",
        "260 ann: leads-1 leaves, leads-1 DONE",
        "290 ann: abandons, ends abandoned, front-1 leaves, front-1 DONE",
    ]
    assert told.conversation("ann")["total_wait"] == 30


def test_patience_counts_beyond_the_ttl_where_the_last_agent_leaves_while_a_transfer_rings() -> None:
    """ann is alone from 160 on; the TTL ended before, and the patience of 40 s ends before the ringing does."""
    told = world(RINGS_ON, ann=at(0, conference=0.1, transfer=[0.9, 0.1]))
    assert told.story == [
        "0 ann: arrives, placed in sales, offered to front-1, answered by front-1",
        "31 ann: front-1 sees sales 0 support 1 last 1, front-1 calls support, "
        "placed in support at 10, offered to experts-1, answered by experts-1",
        "85.6 ann: experts-1 sees sales 0 support 0 last 1, experts-1 transfers to last, experts-1 leaves, "
        "experts-1 TRANSFERRED, placed in last at 10, offered to lasts-1",
        "155.6 ann: TTL expires",
        "160 ann: front-1 leaves, front-1 DONE",
        "200 ann: abandons, ends abandoned",
    ]
