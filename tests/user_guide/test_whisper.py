"""The user guide, "Send A Whisper Message".

The yellow tab, the pink composer and what is typed have no counterpart; that a whisper is sent, who may send one and
who reads it have.
"""

from engine.worlds import at

from user_guide.walk import Walk, walk_through

DESK = """
channels: {web: {medium: chat, request_ttl: 150s}}
queues:
  sales:
    medium: chat
    handle_time: 100s
    conference:
      probability: 100%
      after: 50%
      to: {support: 100%}
      joint_time: 30s
      then: {guest_leaves: 100%}
      while_waiting: holds
      whispers_per_minute: 6
  support: {medium: chat, handle_time: 60s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 2, skills: {support: 5}}
"""
EVERY_10_S = [60] * 20
GUEST, HOST = 0.9, 0.1


def conferenced(*changes: str, **said: list[float]) -> Walk:
    said = {"whisper_gap": EVERY_10_S, "whisper_sender": [0, GUEST, HOST, GUEST, HOST], **said}
    return walk_through(DESK, *changes, ann=at(0, **said))


def test_whisper_01_with_more_than_one_agent_in_the_conversation_they_exchange_whispers() -> None:
    assert conferenced().story()[1:] == [
        "50 front-1 sees sales 0, support 2; front-1 calls support; conference request to support at 10; "
        "offered to experts-1; experts-1 accepts; experts-1 joins",
        "60 experts-1 whispers to front-1",
        "70 front-1 whispers to experts-1",
        "80 experts-1 leaves; experts-1 DONE",
        "130 front-1 leaves; ends handled; front-1 DONE",
    ]


def test_whisper_01_one_that_is_due_as_the_guest_leaves_is_written_first() -> None:
    """At 60 the whisper is begun for longer than the guest's end; at 70 it is the other way round."""
    for joint_time in ("10s", "20s"):
        walk = conferenced(f"queues.sales.conference.joint_time={joint_time}")
        assert walk.whispers == ["60 experts-1: front-1, experts-1"]


def test_whisper_01_with_one_agent_there_is_none() -> None:
    walk = conferenced("teams.experts.agents=0", "teams.front.skills={sales: 5, support: 1}")
    assert walk.whispers == []
    assert walk.contact("ann")["whispers"] == 0


def test_whisper_02_also_with_a_supervisor() -> None:
    walk = conferenced(
        "queues.sales.conference.probability=0%",
        "teams.leads={agents: 1, role: supervisor}",
        "supervision={team: leads, queues: [sales], probability: 100%, after: 20s, lasts: 30s, "
        "whispers_per_minute: 3}",
        whisper_gap=[0, 60, 60],
    )
    assert walk.story()[1:] == [
        "20 leads-1 watches",
        "40 leads-1 whispers to front-1",
        "50 leads-1 stops watching",
        "100 front-1 leaves; ends handled; front-1 DONE",
    ]


def test_whisper_03_all_agents_of_the_conversation_can_view_all_whispers() -> None:
    walk = conferenced()
    assert walk.whispers == ["60 experts-1: front-1, experts-1", "70 front-1: front-1, experts-1"]
    assert [line for line in walk.told("front-1") if "whisper" in line] == [
        "60 whisper: Whisper from experts-1",
        "70 whisper: Whisper from front-1",
    ]
    assert [line for line in walk.told("experts-1") if "whisper" in line] == [
        "60 whisper: Whisper from experts-1",
        "70 whisper: Whisper from front-1",
    ]


def test_whisper_04_customers_cannot_see_the_whispered_communication() -> None:
    walk = conferenced()
    assert not [line for line in walk.told("customer") if "hisper" in line]
    assert [line.readers for line in walk.lines() if line.whispered] == [("front-1", "experts-1")] * 2


def test_whisper_05_in_pull_based_conversations_with_several_agents_too() -> None:
    walk = walk_through(
        """
queues:
  forum:
    medium: chat
    mode: pull
    handle_time: 100s
    pull: {second_agent: 100%, whispers_per_minute: 6}
teams: {fans: {agents: 2, skills: {forum: 5}}}
""",
        ann=at(0, whisper_gap=[0, 60, 60, 600], whisper_sender=[0, GUEST, HOST]),
    )
    assert walk.story() == [
        "0 arrives; inbound request to forum; notice to fans-1; notice to fans-2; fans-1 accepts; fans-1 joins; "
        "fans-2 joins",
        "10 fans-2 whispers to fans-1",
        "20 fans-1 whispers to fans-2",
        "100 fans-1 leaves; fans-1 DONE; fans-2 leaves; ends handled; fans-2 DONE",
    ]


def test_whisper_06_whispers_are_stored_as_part_of_the_conversation_and_visible_in_its_history() -> None:
    """A third agent takes over when all is said and the others are gone: they read it in the history."""
    walk = conferenced(
        "queues.sales.conference.then={requester_leaves: 100%}",
        "queues.support.transfer={probability: 1%, to: {support: 100%}}",
        transfer=[0.9, 0, 0.9],
    )
    assert walk.story()[-2].endswith("experts-2 joins")
    assert walk.whispers == [
        "60 experts-1: front-1, experts-1, experts-2",
        "70 front-1: front-1, experts-1, experts-2",
    ]
    assert [line.read_later for line in walk.lines() if line.whispered] == [["experts-2"], ["experts-2"]]
