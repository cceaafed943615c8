"""The worked example of the domain's event model: one queue, agents A and B, ringing 60 s, time-to-live 150 s."""

from engine.worlds import at, world

TWO_AGENTS = """
channels: {web: {medium: chat, request_ttl: 150s}}
routing: {ring_time: 60s}
queues: {general: {medium: chat, handle_time: 0s, transfer: {probability: 100%, to: {general: 100%}}}}
teams:
  A: {agents: 1, skills: {general: 5}}
  B: {agents: 1, skills: {general: 5}, accept: {probability: 0%}}
"""


def test_a_transfers_b_is_free_and_never_answers() -> None:
    told = world(TWO_AGENTS, ann=at(0))
    assert told.story == [
        "0 ann: arrives, placed in general, offered to A-1, answered by A-1, "
        "A-1 sees general 1, A-1 transfers to general, A-1 leaves, A-1 TRANSFERRED, "
        "placed in general at 10, offered to B-1",
        "60 ann: rings out at B-1, requeued at 11, offered to B-1",
        "120 ann: rings out at B-1, requeued at 11, offered to B-1",
        "150 ann: TTL expires",
        "180 ann: rings out at B-1, no agent, ends no_agent",
    ]


def test_its_task_rows() -> None:
    told = world(TWO_AGENTS, ann=at(0))
    rows = [
        (t["agent_id"], t["priority"], t["task_reserved_time"], t["task_end_time"], t["task_disposition"])
        for t in told.tasks("ann")
    ]
    assert rows == [
        ("A-1", 1, 0, 0, "TRANSFERRED"),
        ("B-1", 10, 0, 60, "RONA"),
        ("B-1", 11, 60, 120, "RONA"),
        ("B-1", 11, 120, 180, "NO_AGENT_AVAILABLE"),
    ]
    transfer = told.requests("ann")[1]
    assert (transfer["kind"], transfer["outcome"], transfer["wait"]) == ("transfer", "no_agent", 180)
    assert (transfer["offers"], transfer["ring_outs"], transfer["ended_at"]) == (3, 3, 180)


def test_if_a_is_not_excluded_b_wins_who_was_ready_before() -> None:
    """A transfers at 100 and is READY only now, B since 0. Then the memory of B's ringing speaks for A."""
    told = world(
        TWO_AGENTS, "routing.exclude_requester=off", ann=at(0, handle_time=[100, 50], transfer=[0, 1])
    )
    assert told.story == [
        "0 ann: arrives, placed in general, offered to A-1, answered by A-1",
        "100 ann: A-1 sees general 1, A-1 transfers to general, A-1 leaves, A-1 TRANSFERRED, "
        "placed in general at 10, offered to B-1",
        "160 ann: rings out at B-1, requeued at 11, offered to A-1, answered by A-1",
        "210 ann: A-1 leaves, ends handled, A-1 DONE",
    ]
