"""Transfer to a named agent (R4.17 to R4.20), and consulting before a transfer (R4.21 to R4.24), rule by rule.

The guide says "direct or agent-to-agent transfer features will be available with future releases"; what is here goes
beyond it. A warm transfer is the consult that ends in a transfer: the requester stays until the other has accepted
and the handover is done. External numbers (R4.24) and the voice defect of R4.20 are not modelled.
"""

import pytest
from engine.worlds import at

from user_guide.walk import Walk, walk_through

DESK = """
channels: {web: {medium: chat, request_ttl: 150s}}
routing: {ring_time: 60s}
queues:
  sales:
    medium: chat
    handle_time: 100s
    transfer: {probability: 100%, after: 50%, to: {support: 100%}, named: 100%}
  support: {medium: chat, handle_time: 60s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 3, skills: {support: 5}, accept: {probability: 50%, delay: 5s}}
"""
WARM = (
    "queues.sales.transfer={probability: 100%, after: 50%, to: {support: 100%}, warm: 100%, handover_time: 20s}",
)
WARM_NAMED = (
    "queues.sales.transfer={probability: 100%, after: 50%, to: {support: 100%}, warm: 100%, named: 100%}",
)
NOBODY = "teams.experts.agents=0", "teams.front.skills={sales: 5, support: 1}"
ACCEPTS, LETS_RING = 0.1, 0.9
FIRST, SECOND, THIRD = 0.1, 0.4, 0.9
ENTERS = "0 arrives; inbound request to sales; offered to front-1; front-1 accepts; front-1 joins"


def transferred(*changes: str, second_offer: float = ACCEPTS, named_agent: float = SECOND) -> Walk:
    ann = at(0, accept=[ACCEPTS, second_offer, ACCEPTS, ACCEPTS], named_agent=named_agent)
    return walk_through(DESK, *changes, ann=ann)


def with_busy_expert(*changes: str, named_agent: float) -> Walk:
    """experts-1 is in another conversation all the while."""
    one = at(0, queue="support", handle_time=500, accept=ACCEPTS)
    ann = at(0, accept=[ACCEPTS, ACCEPTS], named_agent=named_agent)
    return walk_through(DESK, *changes, one=one, ann=ann)


# R4.17: reserved at once, neither queue nor steps.


def test_r4_17_the_task_starts_reserved_on_the_named_agent() -> None:
    walk = transferred()
    assert walk.story() == [
        ENTERS,
        "50 front-1 sees sales 0, support 3; front-1 transfers to support naming experts-2; front-1 leaves; "
        "front-1 TRANSFERRED; named_transfer request to support at 10; offered to experts-2",
        "55 experts-2 accepts; experts-2 joins",
        "115 experts-2 leaves; ends handled; experts-2 DONE",
    ]
    task = walk.task("experts-2")
    assert (task["task_direction"], task["task_mode"]) == ("DIRECT_TRANSFER", "AGENT")
    assert (task["task_queue_time"], task["task_reserved_time"]) == (50, 50)


def test_r4_17_the_named_agent_may_be_one_whom_only_a_later_step_of_the_queue_takes() -> None:
    walk = transferred(
        "queues.support.steps=[{needs: support >= 8, for: 60s}, {needs: support >= 1}]", named_agent=THIRD
    )
    assert walk.offers() == ["0 front-1", "50 experts-3"]


@pytest.mark.parametrize(
    ("lot", "named"), [(FIRST, "experts-1"), (SECOND, "experts-2"), (THIRD, "experts-3")]
)
def test_r4_17_the_name_is_drawn_among_the_members_of_the_queue_who_are_logged_in(
    lot: float, named: str
) -> None:
    assert transferred(named_agent=lot).offers()[1] == f"50 {named}"


def test_r4_17_who_is_not_logged_in_is_not_named() -> None:
    walk = transferred(
        'teams.experts.shifts=[{from: "00:01", to: "01:00", agents: 1}, {from: "00:00", to: "01:00", agents: 2}]',
        named_agent=FIRST,
    )
    assert walk.offers()[1] == "50 experts-2"


def test_r4_17_who_reads_the_counts_names_somebody_available() -> None:
    walk = with_busy_expert("queues.sales.transfer.choose=most_available", named_agent=FIRST)
    assert walk.offers("ann") == ["0 front-1", "50 experts-2"]


def test_r4_17_the_requester_names_neither_themselves_nor_anybody_in_the_conversation() -> None:
    walk = transferred("teams.front.skills={sales: 5, support: 5}", named_agent=0)
    assert walk.offers()[1] == "50 experts-1"


# R4.18: no fallback.


def test_r4_18_not_accepted_in_time_is_no_agent_available_without_fallback_or_return() -> None:
    walk = transferred(second_offer=LETS_RING)
    assert walk.story()[2:] == ["110 rings out at experts-2; no agent; ends no_agent"]
    assert walk.tasks() == ["sales front-1 TRANSFERRED", "support experts-2 RONA"]
    request = walk.request("named_transfer")
    assert (request["outcome"], request["offers"], request["ring_outs"]) == ("no_agent", 1, 1)


def test_r4_18_the_customer_is_told() -> None:
    walk = transferred(second_offer=LETS_RING)
    assert walk.told_at(110) == ["1 customer | customer message | No agents were available"]


# R4.19: not free when named.


def test_r4_19_a_named_agent_who_is_not_available_is_no_agent_available_at_once() -> None:
    walk = with_busy_expert(named_agent=FIRST)
    assert walk.story("ann")[1:] == [
        "50 front-1 sees sales 0, support 2; front-1 transfers to support naming experts-1; front-1 leaves; "
        "front-1 TRANSFERRED; named_transfer request to support at 10; no agent; ends no_agent"
    ]
    assert walk.tasks() == [
        "support experts-1 DONE", "sales front-1 TRANSFERRED", "support - NO_AGENT_AVAILABLE",
    ]  # fmt: skip


def test_r4_19_so_is_one_on_a_break() -> None:
    walk = transferred(
        'teams.experts.shifts=[{from: "00:00", to: "01:00", agents: 3, breaks: [{at: "00:00", for: 5m}]}]'
    )
    assert walk.story()[1].endswith("naming experts-2; front-1 leaves; front-1 TRANSFERRED; "
                                    "named_transfer request to support at 10; no agent; ends no_agent")  # fmt: skip


def test_r4_19_where_there_is_nobody_to_name_it_is_no_agent_available_too() -> None:
    walk = transferred(*NOBODY)
    assert walk.story()[1:] == [
        "50 front-1 sees sales 0, support 0; front-1 transfers to support; front-1 leaves; front-1 TRANSFERRED; "
        "named_transfer request to support at 10; no agent; ends no_agent"
    ]


def test_n14_the_requester_is_told_of_a_named_transfer() -> None:
    """The conversation closes as with any transfer (N1); history and toast are those of version 4.5 (N14)."""
    assert transferred().told_at(50) == [
        "1 front-1 | close notice | Conversation is closed due to CHAT TRANSFERRED",
        "2 front-1 | history | Agent transfer request has been placed",
        "3 front-1 | toast | Transfer request placed successfully",
        "4 customer | customer message | Your request is being transferred to support, please wait!",
        "5 customer | customer message | front-1 has left",
        "6 experts-2 | pop-up | [web] Transfer request [Accept]",
    ]


# R4.21 to R4.23: warm.


def test_r4_21_a_consult_waits_on_priority_while_the_requester_holds() -> None:
    walk = transferred(*WARM)
    assert walk.story()[1] == (
        "50 front-1 sees sales 0, support 3; front-1 transfers warmly to support; "
        "transfer request to support at 10; offered to experts-1"
    )
    assert walk.tables.states("front-1", "chat") == ["0-75 BUSY", "75-3600 READY"]


def test_r4_21_the_customer_is_not_told_of_the_consult() -> None:
    walk = transferred(*WARM)
    assert [line for line in walk.told("customer") if 0 < float(line.split()[0]) < 75] == []
    assert walk.told_at(50) == [
        "1 front-1 | history | Queue Consult Request has been placed",
        "2 experts-1 | pop-up | Consult request from front-1 [Accept]",
    ]
    assert walk.told_at(55) == [
        "1 experts-1 | history | You have joined the conversation",
        "2 front-1 | history | experts-1 has joined the conversation",
    ]


def test_r4_22_where_nobody_comes_the_requester_keeps_the_conversation() -> None:
    walk = transferred(*WARM, *NOBODY)
    assert walk.story()[1:] == [
        "50 front-1 sees sales 0, support 0; front-1 transfers warmly to support; transfer request to support at 10",
        "200 no agent",
        "250 front-1 leaves; ends handled; front-1 DONE",
    ]
    assert walk.told_at(200) == ["1 front-1 | history | No Agent Available"]


def test_r4_22_so_the_requester_does_where_the_named_agent_lets_it_ring() -> None:
    walk = transferred(*WARM_NAMED, second_offer=LETS_RING)
    assert walk.story()[1:] == [
        "50 front-1 sees sales 0, support 3; front-1 transfers warmly to support naming experts-2; "
        "named_transfer request to support at 10; offered to experts-2",
        "110 rings out at experts-2; no agent",
        "160 front-1 leaves; ends handled; front-1 DONE",
    ]
    assert walk.told_at(50)[0] == "1 front-1 | history | Agent Consult Request has been placed"


def test_r4_22_back_with_their_agent_the_customer_waits_no_longer() -> None:
    """The customer's patience of 160 s would be over at 210, but since 200 they are being served again."""
    walk = transferred(*WARM, *NOBODY, "queues.support.patience=160s")
    assert walk.outcomes == ["250 ann handled"]
    assert walk.contact("ann")["total_wait"] == 150


def test_r4_23_after_the_handover_the_requester_leaves_and_the_receiver_goes_on() -> None:
    walk = transferred(*WARM)
    assert walk.story()[2:] == [
        "55 experts-1 accepts; experts-1 joins",
        "75 front-1 leaves; front-1 TRANSFERRED",
        "135 experts-1 leaves; ends handled; experts-1 DONE",
    ]
    assert walk.offers() == ["0 front-1", "50 experts-1"]
    assert walk.task("experts-1")["task_direction"] == "CONSULT_TRANSFER"


def test_r4_23_then_the_customer_is_told_who_is_there_and_who_has_left() -> None:
    assert transferred(*WARM).told_at(75) == [
        "1 front-1, experts-1 | history | Consult transfer request has been placed",
        "2 customer | history | experts-1 has joined the conversation",
        "3 experts-1, customer | history | front-1 left the conversation",
    ]


def test_r4_23_the_handover_passes_at_the_receivers_pace() -> None:
    """experts-1 has another conversation open, which halves their pace: 20 s of handover take 40 s."""
    walk = walk_through(
        DESK,
        *WARM,
        "media.chat={max_tasks: 2, slowdown: 100%}",
        "teams.experts.agents=1",
        one=at(0, queue="support", handle_time=1000, accept=ACCEPTS),
        ann=at(0, accept=[ACCEPTS, ACCEPTS]),
    )
    assert (
        next(line for line in walk.story("ann") if "leaves" in line)
        == "95 front-1 leaves; front-1 TRANSFERRED"
    )


def test_r4_23_without_a_handover_time_the_requester_leaves_as_the_other_joins() -> None:
    walk = transferred(*WARM_NAMED)
    assert walk.story()[2:] == [
        "55 experts-2 accepts; experts-2 joins; front-1 leaves; front-1 TRANSFERRED",
        "115 experts-2 leaves; ends handled; experts-2 DONE",
    ]


def test_warm_the_customers_patience_runs_while_they_are_on_hold() -> None:
    walk = transferred(*WARM, *NOBODY, "queues.support.patience=30s")
    assert walk.story()[2:] == ["80 customer gives up; ends abandoned; front-1 leaves; front-1 DONE"]
    assert walk.tasks() == ["sales front-1 DONE", "support - CANCELLED"]
    assert walk.told_at(80) == []  # the customer is gone when the agent leaves


def test_warm_it_does_not_run_during_the_handover() -> None:
    walk = transferred(*WARM, "queues.support.patience=10s")
    assert walk.outcomes == ["135 ann handled"]
    assert walk.contact("ann")["total_wait"] == 5


def test_warm_the_second_after_a_failed_one_is_not_tried() -> None:
    """The agent keeps the conversation and ends it: one transfer a handling."""
    walk = transferred(*WARM, *NOBODY)
    assert walk.contact("ann")["transfers"] == 1
    assert walk.contact("ann")["agents"] == 1
