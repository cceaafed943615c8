"""Where the user guide is silent or says two things about a conference: readings 13 to 21 of docs/rules.md."""

from engine.worlds import at

from sim.story.notifications import Kind
from user_guide.readings import (
    CONFERENCE,
    DESK,
    GUEST_TRANSFERS,
    LETS_RING,
    NOBODY,
    ONE_EXPERT,
    conferenced,
    transferred,
)
from user_guide.walk import walk_through


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


def test_reading_16_first_means_nothing_when_they_leave() -> None:
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
    """Odd, since front-1 is still with the customer; the choice is to follow the rule."""
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
    sooner = [one.replace("request_ttl=10m", "request_ttl=250s") for one in SLOW_HOST]
    walk = walk_through(DESK, *sooner, **BOB_AND_ANN)
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
    """Both are in; front-1 asks for a third, and during that search the guest asks for one as well."""
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
