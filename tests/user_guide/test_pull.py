"""Pull conversations (R7.1 to R7.4), on which the guide's whispers rest too.

Ending a request from the list (R7.3) and the inactive state in which all agents have left without closing it (R7.2)
are not modelled: here a conversation ends with its last agent.
"""

from engine.worlds import at

from user_guide.walk import Walk, walk_through

LIST = """
channels: {web: {medium: chat, request_ttl: 150s}}
queues:
  forum:
    medium: chat
    mode: pull
    handle_time: 100s
    pull: {reaction: 10s, second_agent: 50%}
teams:
  fans: {agents: 2, skills: {forum: 5}}
"""
BESIDE_A_QUEUE = """
channels: {web: {medium: chat, request_ttl: 150s}}
queues:
  sales: {medium: chat, handle_time: 50s, transfer: {probability: 100%, to: {forum: 100%}}}
  forum: {medium: chat, mode: pull, handle_time: 100s, pull: {reaction: 10s}}
teams:
  fans: {agents: 2, skills: {forum: 5}}
  front: {agents: 1, skills: {sales: 5, forum: 5}}
"""
ALONE, WITH_A_SECOND = 0.9, 0.1
TEMPLATES = "notice to fans-1; notice to fans-2"
POP_UP = "CHAT REQUESTED – Incoming chat request on pull mode on web [Join] [Dismiss]"


def listed(*changes: str, second_agent: float = ALONE) -> Walk:
    return walk_through(LIST, *changes, ann=at(0, second_agent=second_agent))


def test_r7_1_every_subscribed_agent_gets_notice_looks_after_their_reaction_and_joins() -> None:
    assert listed().story() == [
        f"0 arrives; inbound request to forum; {TEMPLATES}",
        "10 fans-1 accepts; fans-1 joins",
        "110 fans-1 leaves; ends handled; fans-1 DONE",
    ]


def test_r7_1_the_notice_offers_to_join_or_dismiss() -> None:
    assert listed().told_at(0) == [f"1 fans-1 | pop-up | {POP_UP}", f"2 fans-2 | pop-up | {POP_UP}"]


def test_r7_1_who_does_not_join_dismisses_and_the_others_may_still_join() -> None:
    walk = listed("queues.forum.pull.join=0%")
    assert walk.story()[1:] == ["10 fans-1 dismisses; fans-2 dismisses", "150 no agent; ends no_agent"]


def test_r7_1_several_may_join() -> None:
    walk = listed(second_agent=WITH_A_SECOND)
    assert walk.story()[1:] == [
        "10 fans-1 accepts; fans-1 joins; fans-2 joins",
        "110 fans-1 leaves; fans-1 DONE; fans-2 leaves; ends handled; fans-2 DONE",
    ]
    assert walk.told_at(10) == [
        "1 fans-1 | history | You have joined the conversation",
        "2 customer | history | fans-1 has joined the conversation",
        "3 fans-2 | history | You have joined the conversation",
        "4 fans-1, customer | history | fans-2 has joined the conversation",
    ]


def test_r7_1_the_second_works_on_what_the_first_has_left() -> None:
    """fans-2 has something to do until 60; then they join ann, of whom fans-1 has 50 s left."""
    walk = walk_through(
        LIST,
        "queues.push={medium: chat, handle_time: 60s}",
        "teams.fans.skills={forum: 5, push: 5}",
        "routing.agent_selection=longest_available",
        one=at(0, queue="push", handle_time=5),
        two=at(0, queue="push", handle_time=60),
        ann=at(0, queue="forum", second_agent=WITH_A_SECOND),
    )
    assert walk.story("ann") == [
        f"0 arrives; inbound request to forum; {TEMPLATES}",
        "10 fans-1 accepts; fans-1 joins",
        "60 fans-2 joins",
        "110 fans-1 leaves; fans-1 DONE; fans-2 leaves; ends handled; fans-2 DONE",
    ]


def test_r7_1_a_second_one_who_looks_when_all_is_over_does_not_join() -> None:
    walk = walk_through(
        LIST,
        "queues.push={medium: chat, handle_time: 200s}",
        "teams.fans.skills={forum: 5, push: 5}",
        "routing.agent_selection=longest_available",
        one=at(0, queue="push", handle_time=5),
        two=at(0, queue="push"),
        ann=at(0, queue="forum", second_agent=WITH_A_SECOND),
    )
    assert walk.story("ann")[1:] == [
        "10 fans-1 accepts; fans-1 joins", "110 fans-1 leaves; ends handled; fans-1 DONE",
    ]  # fmt: skip


def test_r7_1_who_logs_in_later_gets_notice_of_what_is_open() -> None:
    walk = listed('teams.fans.shifts=[{from: "00:01", to: "01:00", agents: 2}]')
    assert walk.story()[:3] == [
        "0 arrives; inbound request to forum", f"60 {TEMPLATES}", "70 fans-1 accepts; fans-1 joins",
    ]  # fmt: skip


BREAK = (
    "teams.fans={skills: {forum: 5}, shifts: [{from: '00:00', to: '00:50', agents: 1,"
    " breaks: [{at: '00:01', for: 30s}]}]}"
)


def test_r7_1_the_end_of_a_break_is_no_log_in_and_brings_no_second_notice() -> None:
    walk = listed("queues.forum.pull.join=0%", BREAK)
    assert walk.story() == [
        "0 arrives; inbound request to forum; notice to fans-1",
        "10 fans-1 dismisses",
        "150 no agent; ends no_agent",
    ]


def test_r3_3_an_agent_on_a_break_gets_notice_and_may_join() -> None:
    walk = walk_through(LIST, BREAK, ann=at(70, second_agent=ALONE))
    assert walk.story() == [
        "70 arrives; inbound request to forum; notice to fans-1",
        "80 fans-1 accepts; fans-1 joins",
        "180 fans-1 leaves; ends handled; fans-1 DONE",
    ]


def test_r7_2_a_request_that_nobody_has_joined_stays_on_the_list_until_its_time_or_the_customers_is_over() -> (
    None
):
    assert listed("teams.fans.shifts=[{from: '00:30', to: '01:00', agents: 2}]").outcomes == [
        "150 ann no_agent"
    ]
    walk = listed("teams.fans.shifts=[{from: '00:30', to: '01:00', agents: 2}]", "queues.forum.patience=60s")
    assert walk.story()[1:] == ["60 customer gives up; ends abandoned"]


def test_r7_2_once_somebody_has_joined_it_is_off_the_list() -> None:
    walk = listed('teams.late={skills: {forum: 5}, shifts: [{from: "00:01", to: "01:00", agents: 1}]}')
    assert not [line for line in walk.story() if "late-1" in line]


def test_r7_4_nothing_is_reserved_and_nothing_rings_out() -> None:
    walk = listed("teams.fans.accept.probability=0%", "teams.fans.accept.delay=30s")
    assert walk.offers() == []
    assert walk.tables.states("fans-1", "chat") == ["0-10 READY", "10-110 BUSY", "110-3600 READY"]
    request = walk.request("inbound")
    assert (request["outcome"], request["offers"], request["ring_outs"]) == ("answered", 0, 0)


def test_r7_4_the_task_has_no_queue_time_in_the_reports() -> None:
    task = listed().task("fans-1")
    assert (task["routing_mode"], task["task_direction"]) == ("PULL", "INBOUND")
    assert (task["task_queue_time"], task["task_reserved_time"], task["task_answered_time"]) == (
        None,
        None,
        10,
    )
    assert (task["task_queue_duration"], task["task_alert_duration"]) == (0, 0)


def test_r7_4_nor_has_that_of_a_request_which_no_agent_has_joined() -> None:
    [task] = listed("queues.forum.pull.join=0%").tables.rows("tasks")
    assert (task["routing_mode"], task["task_disposition"]) == ("PULL", "NO_AGENT_AVAILABLE")
    assert (task["task_queue_time"], task["task_reserved_time"], task["task_end_time"]) == (None, None, 150)


def test_r7_4_a_named_transfer_rings_at_a_member_of_a_list_and_its_task_says_so() -> None:
    walk = walk_through(
        BESIDE_A_QUEUE,
        "queues.sales.transfer.named=100%",
        "teams.fans.accept.delay=5s",
        ann=at(0, named_agent=0.5),
    )
    task = walk.task("fans-2")
    assert (task["routing_mode"], task["task_mode"], task["task_disposition"]) == ("PUSH", "AGENT", "DONE")
    assert (task["task_queue_time"], task["task_reserved_time"], task["task_answered_time"]) == (50, 50, 55)


def test_r7_4_each_who_joins_has_a_task_of_their_own() -> None:
    walk = listed(second_agent=WITH_A_SECOND)
    assert [row["agent_task_id"] for row in walk.tables.rows("tasks")] == [1, 2]
    assert walk.tables.states("fans-2", "chat")[:2] == ["0-10 READY", "10-110 BUSY"]


def test_r7_4_a_joined_conversation_makes_the_agent_busy_for_what_is_offered() -> None:
    walk = walk_through(
        BESIDE_A_QUEUE,
        "teams.fans.agents=0",
        "queues.sales.transfer.probability=0%",
        ann=at(0, queue="forum"),
        bob=at(20, queue="sales"),
    )
    assert walk.offers("bob") == ["110 front-1"]


def test_pull_without_a_free_slot_they_look_again_when_they_have_one() -> None:
    walk = walk_through(
        LIST, "teams.fans.agents=1", ann=at(0, second_agent=ALONE), bob=at(20, second_agent=ALONE)
    )
    assert walk.story("bob") == [
        "20 arrives; inbound request to forum; notice to fans-1",
        "110 fans-1 accepts; fans-1 joins",
        "210 fans-1 leaves; ends handled; fans-1 DONE",
    ]


def test_pull_a_transfer_to_a_list_is_put_on_it_and_the_requester_gets_no_notice() -> None:
    walk = walk_through(BESIDE_A_QUEUE, ann=at(0))
    assert walk.story()[1:] == [
        "50 front-1 sees sales 0, forum 2; front-1 transfers to forum; front-1 leaves; front-1 TRANSFERRED; "
        f"transfer request to forum at 10; {TEMPLATES}",
        "60 fans-1 accepts; fans-1 joins",
        "160 fans-1 leaves; ends handled; fans-1 DONE",
    ]
    assert walk.told("fans-1")[0] == "50 pop-up: [web] Transfer request [Join] [Dismiss]"


def test_pull_a_conference_to_a_list_gives_no_notice_to_who_is_in() -> None:
    walk = walk_through(
        BESIDE_A_QUEUE,
        "queues.sales.transfer.probability=0%",
        "queues.sales.conference={probability: 100%, after: 50%, to: {forum: 100%}, note: 100%, joint_time: 10s}",
        ann=at(0),
    )
    assert walk.story()[1].endswith(f"conference request to forum at 10 with a note; {TEMPLATES}")
    assert (
        walk.told("fans-1")[0]
        == "25 pop-up: Conference Chat request from front-1, with a note [Join] [Dismiss]"
    )


def _asked_of_a_list(asking: str) -> Walk:
    """front-1 asks a list whose members look after 10 and 20 s, and whose second agent is always welcome."""
    return walk_through(
        BESIDE_A_QUEUE,
        "queues.forum.pull={reaction: 10s, second_agent: 100%}",
        "teams.late={agents: 1, skills: {late: 5, forum: 5}}",
        "teams.fans.agents=1",
        "queues.late={medium: chat, handle_time: 45s}",
        f"queues.sales.{asking}",
        *([] if asking.startswith("transfer=") else ["queues.sales.transfer.probability=0%"]),
        bob=at(0, queue="late"),
        ann=at(0, queue="sales"),
    )


def test_pull_a_second_agent_joins_the_guest_of_a_conference_for_the_rest_of_the_joint_time() -> None:
    walk = _asked_of_a_list(
        "conference={probability: 100%, after: 50%, to: {forum: 100%}, joint_time: 30s, while_waiting: holds}"
    )
    assert walk.story("ann")[1:] == [
        "25 front-1 sees sales 0, forum 1, late 0; front-1 calls forum; "
        "conference request to forum at 10; notice to fans-1; notice to late-1",
        "35 fans-1 accepts; fans-1 joins",
        "45 late-1 joins",
        "65 fans-1 leaves; fans-1 DONE; late-1 leaves; late-1 DONE",
        "90 front-1 leaves; ends handled; front-1 DONE",
    ]


def test_pull_a_second_agent_leaves_the_handover_of_a_warm_transfer_as_it_is() -> None:
    walk = _asked_of_a_list(
        "transfer={probability: 100%, after: 50%, to: {forum: 100%}, warm: 100%, handover_time: 30s}"
    )
    assert walk.story("ann")[2:] == [
        "35 fans-1 accepts; fans-1 joins",
        "45 late-1 joins",
        "65 front-1 leaves; front-1 TRANSFERRED; late-1 leaves; late-1 DONE",
        "165 fans-1 leaves; ends handled; fans-1 DONE",
    ]
    assert walk.task("front-1")["task_disposition"] == "TRANSFERRED"


def test_pull_a_transfer_that_names_a_member_rings_at_them() -> None:
    walk = walk_through(BESIDE_A_QUEUE, "queues.sales.transfer.named=100%", ann=at(0, named_agent=0.5))
    assert walk.story()[1].endswith("naming fans-2; front-1 leaves; front-1 TRANSFERRED; "
                                    "named_transfer request to forum at 10; offered to fans-2; "
                                    "fans-2 accepts; fans-2 joins")  # fmt: skip
