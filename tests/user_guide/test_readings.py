"""Where the user guide is silent or says two things: each reading of DOMAIN section 15, by its number.

The last of them is the worked example of DOMAIN section 14. Reading 29 (a toast is gone after 4 s) has no counterpart
but the kind of the notice.
"""

import pytest
from engine.worlds import at

from sim.report.notices import NOTICES, Kind, to_the_letter
from user_guide.walk import Walk, walk_through

DESK = """
channels: {web: {medium: chat, request_ttl: 150s}}
routing: {ring_time: 60s}
queues:
  sales: {medium: chat, handle_time: 100s, transfer: {probability: 100%, after: 50%, to: {support: 100%}, note: 100%}}
  support: {medium: chat, handle_time: 60s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 2, skills: {support: 5}, accept: {probability: 50%}}
"""
NO_TRANSFER = "queues.sales.transfer.probability=0%"
CONFERENCE = (
    NO_TRANSFER,
    "queues.sales.conference={probability: 100%, after: 50%, to: {support: 100%}, joint_time: 30s,"
    " then: {both_stay: 100%}, while_waiting: holds}",
)
NOBODY = "teams.experts.agents=0", "teams.front.skills={sales: 5, support: 1}"
ONE_EXPERT = "teams.experts.agents=1"
ACCEPTS, LETS_RING = 0.1, 0.9
GUEST_TRANSFERS = "queues.support.transfer={probability: 1%, after: 20%, to: {support: 100%}}"


def transferred(
    *changes: str, accept: tuple[float, ...] = (ACCEPTS,) * 4, **said: float | list[float]
) -> Walk:
    ann = at(0, **{"accept": [ACCEPTS, *accept], "transfer": [0, 0.9, 0.9], **said})
    return walk_through(DESK, *changes, ann=ann)


def conferenced(
    *changes: str, accept: tuple[float, ...] = (ACCEPTS,) * 4, **said: float | list[float]
) -> Walk:
    return transferred(*CONFERENCE, *changes, accept=accept, **said)


def test_reading_01_direct_transfer_is_of_the_future_and_has_to_be_switched_on() -> None:
    assert transferred().request("transfer")["kind"] == "transfer"
    walk = transferred("queues.sales.transfer.named=100%", named_agent=0)
    assert [row["kind"] for row in walk.tables.rows("requests")] == ["inbound", "named_transfer"]


def test_reading_02_available_counts_agents_not_slots_without_those_in_the_conversation() -> None:
    """front-1 is a member of support and has two slots free; each expert has three."""
    walk = transferred("media.chat.max_tasks=3", "teams.front.skills={sales: 5, support: 5}")
    assert walk.dropdown() == {"sales": 0, "support": 2}
    assert walk.request("transfer")["agents_available"] == 2


def test_reading_02_the_count_is_a_snapshot_and_never_a_promise() -> None:
    """Both experts who were available let it ring, and the customer finds nobody."""
    walk = transferred(accept=(LETS_RING,) * 3)
    assert walk.dropdown()["support"] == 2
    assert walk.outcomes == ["230 ann no_agent"]


def test_reading_03_on_priority_is_10_and_first_come_first_served_among_equals() -> None:
    """Two transfers wait for the only expert: the earlier one goes first; what he is doing is not interrupted."""
    walk = walk_through(
        DESK,
        ONE_EXPERT,
        "teams.front.agents=2",
        "channels.web.request_ttl=10m",
        one=at(0, queue="support", handle_time=200, accept=ACCEPTS),
        ann=at(0, accept=[ACCEPTS] * 2),
        bob=at(10, accept=[ACCEPTS] * 2),
    )
    assert [row["priority"] for row in walk.tables.rows("requests") if row["kind"] == "transfer"] == [10, 10]
    assert walk.outcomes == ["200 one handled", "260 ann handled", "320 bob handled"]


def test_reading_03_a_rung_out_request_comes_before_a_waiting_transfer_and_that_before_all_others() -> None:
    """ann's transfer rings out at 110 and waits at 11 since, bob's of 100 waits at 10, dan has asked at 60."""
    walk = walk_through(
        DESK,
        ONE_EXPERT,
        "channels.web.request_ttl=10m",
        "teams.front.agents=2",
        "teams.experts.after_ring={chat: {not_ready: 20s}}",
        ann=at(0, accept=[ACCEPTS, LETS_RING, ACCEPTS]),
        bob=at(50, accept=[ACCEPTS] * 2),
        dan=at(60, queue="support", accept=ACCEPTS),
    )
    assert [walk.offers(name)[-1] for name in ("ann", "bob", "dan")] == [
        "130 experts-1", "190 experts-1", "250 experts-1",
    ]  # fmt: skip


def test_reading_04_some_time_is_the_time_to_live_from_the_transfer_on_whatever_rings_out() -> None:
    walk = transferred(accept=(LETS_RING,) * 3)
    assert [line for line in walk.story() if "TTL" in line] == ["200 TTL over"]


def test_reading_05_another_agent_is_preferred_to_one_who_let_it_ring() -> None:
    walk = transferred(accept=(LETS_RING, LETS_RING, ACCEPTS))
    assert walk.offers() == ["0 front-1", "50 experts-1", "110 experts-2", "170 experts-1"]


def test_reading_05_with_a_single_agent_it_is_offered_to_him_again() -> None:
    walk = transferred(ONE_EXPERT, accept=(LETS_RING, ACCEPTS))
    assert walk.offers() == ["0 front-1", "50 experts-1", "110 experts-1"]


@pytest.mark.parametrize("memory", ["rank_last", "exclude", "none"])
def test_reading_05_of_two_alike_the_other_one_is_next_whatever_is_remembered(memory: str) -> None:
    """Who has just let it ring is the last to have become ready."""
    walk = transferred(f"routing.ring_memory={memory}", accept=(LETS_RING, ACCEPTS))
    assert walk.offers() == ["0 front-1", "50 experts-1", "110 experts-2"]


def test_reading_05_without_memory_it_may_come_back_to_him_who_has_fewer_tasks() -> None:
    """experts-1 has a conversation, so experts-2 with none is the better candidate, unless he is ranked last."""
    changes = "media.chat.max_tasks=2", "routing.agent_selection=fewest_tasks"
    one = at(0, queue="support", handle_time=1000, accept=ACCEPTS)
    for memory, second in (("none", "110 experts-2"), ("rank_last", "110 experts-1")):
        walk = walk_through(
            DESK,
            *changes,
            f"routing.ring_memory={memory}",
            one=one,
            ann=at(0, accept=[ACCEPTS, LETS_RING, ACCEPTS]),
        )
        assert walk.offers("ann")[1:] == ["50 experts-2", second]


def test_reading_05_with_exclusion_a_single_agent_is_not_asked_again() -> None:
    walk = transferred(ONE_EXPERT, "routing.ring_memory=exclude", accept=(LETS_RING, ACCEPTS))
    assert walk.story()[2:] == ["110 rings out at experts-1; requeued at 11", "200 no agent; ends no_agent"]


def test_reading_06_the_time_to_live_does_not_cut_the_ringing_short() -> None:
    """He accepts at 205, when the request's time has been over for 5 s."""
    walk = transferred("teams.experts.accept.delay=35s", accept=(LETS_RING, LETS_RING, ACCEPTS))
    assert walk.story()[3:] == [
        "170 rings out at experts-2; requeued at 11; offered to experts-1",
        "200 TTL over",
        "205 experts-1 accepts; experts-1 joins",
        "265 experts-1 leaves; ends handled; experts-1 DONE",
    ]


def test_reading_07_after_the_timeout_it_does_not_return_to_the_first_agent() -> None:
    walk = transferred(*NOBODY)
    assert walk.tables.states("front-1", "chat") == ["0-50 BUSY", "50-3600 READY"]
    assert walk.story()[2:] == ["200 no agent; ends no_agent"]


def test_reading_07_the_customer_may_ask_again() -> None:
    walk = transferred(
        *NOBODY,
        "queues.sales.transfer.probability=50%",
        "customers={after_no_agent: {ask_again: 100%, after: 30s, at_most: 1}}",
    )
    assert walk.outcomes == ["200 ann no_agent", "330 ann* handled"]


def test_reading_08_the_agents_two_notices_come_in_the_order_of_the_guide() -> None:
    assert [n.text for n in transferred().notifications if n.at == 50 and n.audience == ("front-1",)] == [
        "Conversation is closed due to CHAT TRANSFERRED",
        "Transfer request placed successfully",
    ]


def test_reading_09_the_customers_two_come_in_order_at_once_and_before_any_offer() -> None:
    told = [(n.audience, n.text) for n in transferred().notifications if n.at == 50]
    customers = [place for place, (audience, _) in enumerate(told) if audience == ("customer",)]
    pop_up = next(place for place, (audience, _) in enumerate(told) if audience == ("experts-1",))
    assert [told[place][1] for place in customers[:2]] == [
        "Your request is being transferred to support, please wait!",
        "front-1 has left",
    ]
    assert customers[1] < pop_up


def test_reading_10_you_have_joined_is_for_the_agent_unless_the_guide_is_followed_to_the_letter() -> None:
    walk = transferred()
    assert "50 history: You have joined the conversation" in walk.told("experts-1")
    assert "50 history: You have joined the conversation" not in walk.told("customer")
    assert "50 history: experts-1 has joined the conversation" in walk.told("customer")
    strictly = to_the_letter()
    assert "50 history: You have joined the conversation" in walk.told("customer", strictly)
    assert "50 history: experts-1 has joined the conversation" not in walk.told("customer", strictly)
    assert walk.told("experts-1", strictly) == walk.told("experts-1")


def test_reading_11_the_texts_for_nobody_found_are_those_of_the_guide() -> None:
    assert [n.text for n in transferred(*NOBODY).notifications if n.at == 200] == ["No agents were available"]
    assert [n.text for n in conferenced(*NOBODY).notifications if n.at == 200] == [
        "No agents were available to join the conference conversation"
    ]


def test_reading_12_the_transfers_timeout_is_for_the_customer_the_conferences_for_the_first_agent() -> None:
    assert [n.audience for n in transferred(*NOBODY).notifications if n.at == 200] == [("customer",)]
    assert [n.audience for n in conferenced(*NOBODY).notifications if n.at == 200] == [("front-1",)]


def test_reading_13_the_search_for_a_guest_ends_with_the_time_to_live_and_not_before() -> None:
    walk = conferenced(accept=(LETS_RING, LETS_RING, LETS_RING))
    assert walk.story()[2:] == [
        "110 rings out at experts-1; requeued at 11; offered to experts-2",
        "170 rings out at experts-2; requeued at 11; offered to experts-1",
        "200 TTL over",
        "230 rings out at experts-1; no agent",
        "280 front-1 leaves; ends handled; front-1 DONE",
    ]


def test_reading_13_a_switch_ends_it_at_once_where_nobody_is_available() -> None:
    walk = conferenced(*NOBODY, "routing.require_available_agent=on")
    assert walk.story()[1:] == [
        "50 front-1 sees sales 0, support 0; front-1 calls support; conference request to support at 10; no agent",
        "100 front-1 leaves; ends handled; front-1 DONE",
    ]


def test_reading_14_the_conferences_toast_keeps_its_small_letter_and_its_full_stop() -> None:
    assert [n.text for n in conferenced().notifications if n.kind is Kind.TOAST] == [
        "a conference request has been placed successfully."
    ]


def test_reading_15_several_agents_come_by_one_request_after_the_other() -> None:
    walk = conferenced(
        "queues.support.conference={probability: 100%, to: {support: 100%}, after: 20%, joint_time: 5s}"
    )
    placed = [row["placed_at"] for row in walk.tables.rows("requests") if row["kind"] == "conference"]
    answered = [row["answered_at"] for row in walk.tables.rows("requests") if row["kind"] == "conference"]
    assert (placed, answered) == ([50, 90], [50, 90])
    assert walk.contact("ann")["agents"] == 3


def test_reading_16_first_means_nothing_when_he_leaves() -> None:
    walk = conferenced("queues.sales.conference.then={requester_leaves: 100%}")
    assert walk.story()[2:] == [
        "80 front-1 leaves; front-1 DONE",
        "140 experts-1 leaves; ends handled; experts-1 DONE",
    ]


def test_reading_17_all_others_see_that_somebody_left_each_leaving_by_itself() -> None:
    walk = conferenced()
    assert walk.told_at(130) == [
        "1 experts-1, customer | history | front-1 left the conversation",
        "2 customer | history | experts-1 left the conversation",
    ]


def test_reading_17_a_silent_monitors_going_is_not_announced() -> None:
    walk = conferenced(
        "teams.leads={agents: 1, role: supervisor}",
        "supervision={team: leads, queues: [sales], probability: 100%, after: 10s, lasts: 20s}",
    )
    assert "30 leads-1 stops watching" in walk.story()
    assert walk.told_at(10) == walk.told_at(30) == []


def test_reading_18_a_transfer_out_of_a_conference_lets_the_rest_stay_and_the_target_joins_them() -> None:
    walk = conferenced(
        GUEST_TRANSFERS, "teams.experts.agents=3", "teams.experts.accept.delay=5s", transfer=[0.9, 0, 0.9]
    )
    assert walk.story()[3:] == [
        "95 experts-1 sees sales 0, support 2; experts-1 transfers to support; experts-1 leaves; "
        "experts-1 TRANSFERRED; transfer request to support at 10; offered to experts-2",
        "100 experts-2 accepts; experts-2 joins",
        "135 front-1 leaves; front-1 DONE",
        "160 experts-2 leaves; ends handled; experts-2 DONE",
    ]
    assert walk.told_at(95)[:5] == [
        "1 experts-1 | close notice | Conversation is closed due to CHAT TRANSFERRED",
        "2 experts-1 | toast | Transfer request placed successfully",
        "3 customer | customer message | Your request is being transferred to support, please wait!",
        "4 customer | customer message | experts-1 has left",
        "5 front-1 | history | experts-1 left the conversation",
    ]


def test_reading_18_where_nobody_is_found_the_rest_continue_and_the_customer_is_told_by_the_rule() -> None:
    """Odd, since front-1 is still with him; the choice is to follow the rule."""
    walk = conferenced(GUEST_TRANSFERS, ONE_EXPERT, "queues.sales.handle_time=600s", transfer=[0.9, 0, 0.9])
    assert walk.story()[2:] == [
        "390 experts-1 sees sales 0, support 0; experts-1 transfers to support; experts-1 leaves; "
        "experts-1 TRANSFERRED; transfer request to support at 10",
        "540 no agent",
        "630 front-1 leaves; ends handled; front-1 DONE",
    ]
    assert walk.told_at(540) == ["1 customer | customer message | No agents were available"]


SLOW_HOST = (
    *CONFERENCE,
    "media.chat={max_tasks: 2, slowdown: 100%}",
    "channels.web.request_ttl=10m",
    "teams.experts={agents: 1, skills: {support: 5}, max_tasks: {chat: 1}}",
    "teams.spare={skills: {support: 5}, max_tasks: {chat: 1},"
    ' shifts: [{from: "00:12", to: "01:00", agents: 1}]}',
    "queues.sales.conference.probability=50%",
    "queues.support.conference={probability: 50%, after: 10%, to: {support: 100%}, while_waiting: works}",
)
BOB_AND_ANN = {
    "bob": at(0, handle_time=2000, conference=0.9),
    "ann": at(0, handle_time=400, conference=[0, 0, 0.9]),
}


def test_reading_19_who_asked_for_a_conference_may_leave_others_and_the_request_stays() -> None:
    """The guest asks for a third, is faster than front-1 (who has bob too), and is gone when the third comes."""
    walk = walk_through(DESK, *SLOW_HOST, **BOB_AND_ANN)
    assert walk.story("ann")[1:] == [
        "400 front-1 sees sales 0, support 1; front-1 calls support; conference request to support at 10; "
        "offered to experts-1; experts-1 accepts; experts-1 joins",
        "450 experts-1 sees sales 0, support 0; experts-1 calls support; conference request to support at 10",
        "630 experts-1 leaves; experts-1 DONE",
        "720 offered to spare-1; spare-1 accepts; spare-1 joins",
        "780 spare-1 leaves; spare-1 DONE",
        "830 front-1 leaves; ends handled; front-1 DONE",
    ]
    assert walk.told("spare-1")[0] == "720 pop-up: Conference Chat request from experts-1 [Accept]"


def test_reading_19_where_nobody_comes_for_one_who_is_gone_nobody_is_told() -> None:
    walk = walk_through(DESK, *SLOW_HOST, "channels.web.request_ttl=250s", **BOB_AND_ANN)
    assert "700 no agent" in walk.story("ann")
    assert walk.told_at(700) == []


def test_reading_19_the_last_agents_leaving_cancels_it() -> None:
    walk = conferenced(*NOBODY, "queues.sales.conference.while_waiting=works")
    assert walk.story()[2:] == ["100 front-1 leaves; request cancelled; ends handled; front-1 DONE"]


def test_reading_20_the_customers_leaving_cancels_what_rings_and_counts_as_abandoned() -> None:
    walk = transferred("queues.sales.transfer.patience=20s", accept=(LETS_RING,))
    assert walk.story()[2:] == ["70 customer gives up; ends abandoned"]
    assert walk.tasks() == ["sales front-1 TRANSFERRED", "support experts-1 CANCELLED"]
    assert walk.request("transfer")["outcome"] == "abandoned"
    assert walk.tables.states("experts-1", "chat") == [
        "0-50 READY", "50-70 RESERVED", "70-3600 READY",
    ]  # fmt: skip


def test_reading_21_of_concurrent_requests_the_second_is_refused_and_the_first_untouched() -> None:
    """Both are in; front-1 asks for a third, and while he is looked for the guest asks for one as well."""
    walk = conferenced(
        "queues.sales.conference.while_waiting=works",
        "queues.support.conference={probability: 100%, after: 20%, to: {support: 100%}, while_waiting: works}",
        "queues.support.transfer={probability: 1%, after: 60%, to: {sales: 100%}}",
        ONE_EXPERT,
        transfer=[0.9, 0],
    )
    assert walk.story()[2:5] == [
        "90 experts-1 sees sales 0, support 0; experts-1 calls support; conference request to support at 10",
        "110 experts-1 sees sales 0, support 0; transfer request to sales refused",
        "130 front-1 leaves; front-1 DONE; experts-1 leaves; request cancelled; ends handled; experts-1 DONE",
    ]
    assert walk.told_at(110) == ["1 experts-1 | error | A request is already in process"]


@pytest.mark.parametrize("exclude", ["on", "off"])
def test_reading_22_a_transfer_to_ones_own_queue_goes_to_a_colleague(exclude: str) -> None:
    """Even where the requester is not barred: he has become ready only now."""
    walk = transferred(
        f"routing.exclude_requester={exclude}",
        "teams.front.agents=2",
        "queues.sales.transfer={probability: 50%, after: 50%, to: {sales: 100%}}",
    )
    assert walk.offers() == ["0 front-1", "50 front-2"]


def test_reading_22_where_only_he_belongs_to_it_he_is_asked_only_if_the_switch_is_off() -> None:
    own = "queues.sales.transfer={probability: 50%, after: 50%, to: {sales: 100%}}"
    assert transferred(own).outcomes == ["200 ann no_agent"]
    assert transferred(own, "routing.exclude_requester=off").offers() == ["0 front-1", "50 front-1"]


def test_reading_23_without_a_wrap_up_the_requesters_slot_is_free_at_once() -> None:
    assert transferred().tables.states("front-1", "chat") == ["0-50 BUSY", "50-3600 READY"]


def test_reading_23_with_a_wrap_up_after_it_and_the_transfer_is_not_delayed() -> None:
    walk = transferred("teams.front.wrap_up=40s")
    assert walk.tables.states("front-1", "chat") == ["0-90 BUSY", "90-3600 READY"]
    assert walk.offers() == ["0 front-1", "50 experts-1"]


def test_reading_24_a_reservation_uses_capacity() -> None:
    """While ann rings at the only expert, bob is not offered to him."""
    walk = walk_through(
        DESK,
        ONE_EXPERT,
        "teams.experts.accept.delay=30s",
        ann=at(0, accept=[ACCEPTS] * 2),
        bob=at(60, queue="support", accept=ACCEPTS),
    )
    assert walk.offers("bob") == ["140 experts-1"]


def test_reading_24_so_do_a_conferences_legs() -> None:
    walk = conferenced(ONE_EXPERT)
    assert walk.tables.states("experts-1", "chat")[:2] == ["0-50 READY", "50-130 BUSY"]


def test_reading_25_more_than_one_agent_counts_those_who_are_in() -> None:
    """The guest is offered at 50, in from 60 to 90; whispers that would come every 10 s come at 70 and 80 alone."""
    walk = conferenced(
        "queues.sales.conference.whispers_per_minute=6",
        "queues.sales.conference.then={guest_leaves: 100%}",
        "teams.experts.accept.delay=10s",
        "teams.experts.wrap_up=60s",
        whisper_gap=[60] * 9,
        whisper_sender=[0] * 9,
    )
    assert walk.whispers == ["70 front-1: front-1, experts-1", "80 front-1: front-1, experts-1"]


def test_reading_26_who_joins_later_sees_the_whole_history() -> None:
    walk = conferenced(
        GUEST_TRANSFERS,
        "queues.sales.conference.whispers_per_minute=6",
        transfer=[0.9, 0, 0.9],
        whisper_gap=[0, 60, *[6000] * 9],
        whisper_sender=[0] * 9,
    )
    assert walk.whispers == ["60 front-1: front-1, experts-1, experts-2"]


def test_reading_27_there_is_no_declining_only_letting_it_ring() -> None:
    assert transferred(accept=(LETS_RING, ACCEPTS)).story()[2].startswith("110 rings out at experts-1")


def test_reading_28_the_note_comes_with_every_offer_and_never_to_the_customer() -> None:
    walk = transferred(accept=(LETS_RING, ACCEPTS))
    noted = [n.audience for n in walk.notifications if "note" in n.text]
    assert noted == [("experts-1",), ("experts-2",)]


def test_reading_29_toasts_belong_to_one_agent_and_history_is_persistent() -> None:
    toasts = [notice for notice in NOTICES if notice.kind is Kind.TOAST]
    assert {notice.number for notice in toasts} == {"N2", "N8"}
    walk = conferenced()
    assert all(len(n.audience) == 1 for n in walk.notifications if n.kind is Kind.TOAST)


def test_reading_30_after_accepting_he_is_busy_at_his_limit_and_active_below() -> None:
    assert transferred().tables.states("experts-1", "chat")[:2] == ["0-50 READY", "50-110 BUSY"]
    walk = transferred("media.chat.max_tasks=2")
    assert walk.tables.states("experts-1", "chat")[:2] == ["0-50 READY", "50-110 ACTIVE"]


def test_reading_30_who_is_draining_goes_off_after_his_last_task() -> None:
    walk = transferred(
        'teams.front.shifts=[{from: "00:00", to: "01:00", agents: 1, breaks: [{at: "00:01", for: 5m}]}]',
        "queues.sales.handle_time=140s",
    )
    assert walk.tables.states("front-1", "chat")[:3] == [
        "0-60 BUSY", "60-70 PENDING_NOT_READY break", "70-370 NOT_READY break",
    ]  # fmt: skip


EXAMPLE = """
channels: {web: {medium: chat, request_ttl: 150s}}
routing: {ring_time: 60s, exclude_requester: on}
queues:
  sales: {medium: chat, handle_time: 100s, transfer: {probability: 100%, after: 0%, to: {sales: 100%}}}
teams:
  a: {agents: 1, skills: {sales: 5}}
  b: {agents: 1, skills: {sales: 5}, accept: {probability: 0%}}
"""


def test_the_worked_example_of_section_14() -> None:
    """The customer is told at 180, when the last offer has rung out, and not at 150, when the time was over."""
    walk = walk_through(EXAMPLE, ann=at(0))
    assert walk.story() == [
        "0 arrives; inbound request to sales; offered to a-1; a-1 accepts; a-1 joins; a-1 sees sales 1; "
        "a-1 transfers to sales; a-1 leaves; a-1 TRANSFERRED; transfer request to sales at 10; offered to b-1",
        "60 rings out at b-1; requeued at 11; offered to b-1",
        "120 rings out at b-1; requeued at 11; offered to b-1",
        "150 TTL over",
        "180 rings out at b-1; no agent; ends no_agent",
    ]
    assert walk.tasks() == [
        "sales a-1 TRANSFERRED", "sales b-1 RONA", "sales b-1 RONA", "sales b-1 NO_AGENT_AVAILABLE",
    ]  # fmt: skip
    assert [line for line in walk.told("customer") if "joined" not in line] == [
        "0 customer message: Your request is being transferred to sales, please wait!",
        "0 customer message: a-1 has left",
        "180 customer message: No agents were available",
    ]
