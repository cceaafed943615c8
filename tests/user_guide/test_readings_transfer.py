"""Where the user guide is silent or says two things about a transfer: readings 1 to 12 of docs/rules.md."""

import pytest
from engine.worlds import at

from sim.story.notifications import to_the_letter
from user_guide.readings import ACCEPTS, DESK, LETS_RING, NOBODY, ONE_EXPERT, conferenced, transferred
from user_guide.walk import walk_through


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
    """Two transfers wait for the only expert: the earlier one goes first; the expert's work is not interrupted."""
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


def test_reading_05_with_a_single_agent_it_is_offered_to_them_again() -> None:
    walk = transferred(ONE_EXPERT, accept=(LETS_RING, ACCEPTS))
    assert walk.offers() == ["0 front-1", "50 experts-1", "110 experts-1"]


@pytest.mark.parametrize("memory", ["rank_last", "exclude", "none"])
def test_reading_05_of_two_alike_the_other_one_is_next_whatever_is_remembered(memory: str) -> None:
    """Who has just let it ring is the last to have become ready."""
    walk = transferred(f"routing.ring_memory={memory}", accept=(LETS_RING, ACCEPTS))
    assert walk.offers() == ["0 front-1", "50 experts-1", "110 experts-2"]


def test_reading_05_without_memory_it_may_come_back_to_the_agent_with_fewer_tasks() -> None:
    """experts-1 has a conversation, so experts-2 with none is the better candidate, unless ranked last."""
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
    """The expert accepts at 205, when the request's time has been over for 5 s."""
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
