"""The table of notices, word for word, and what holds of every notification of a busy day."""

import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import pandas as pd
import pytest

from report.conftest import Day
from sim.story.notifications import (
    CUSTOMER,
    TEMPLATES,
    Audience,
    Kind,
    Notification,
    Notifier,
    notifications,
    to_the_letter,
)

SIM = Path(__file__).parents[2] / "sim"

GUIDE = {
    "N1": ("Conversation is closed due to CHAT TRANSFERRED", Kind.CLOSE_NOTICE),
    "N2": ("Transfer request placed successfully", Kind.TOAST),
    "N3": ("Your request is being transferred to {queue}, please wait!", Kind.MESSAGE),
    "N4": ("{agent} has left", Kind.MESSAGE),
    "N6": ("You have joined the conversation", Kind.HISTORY),
    "N7": ("No agents were available", Kind.MESSAGE),
    "N8": ("a conference request has been placed successfully.", Kind.TOAST),
    "N9": ("Conference request has been successfully placed", Kind.HISTORY),
    "N11": ("{agent} has joined the conversation", Kind.HISTORY),
    "N12": ("{agent} left the conversation", Kind.HISTORY),
    "N13": ("No agents were available to join the conference conversation", Kind.HISTORY),
}
LATER = {
    "N14": {"Agent transfer request has been placed"},
    "N17": {"Queue Consult Request has been placed", "Agent Consult Request has been placed"},
    "N18": {"No Agent Available"},
    "N19": {"Consult transfer request has been placed"},
}


@pytest.mark.parametrize("number", GUIDE)
def test_the_guides_texts_stand_word_for_word(number: str) -> None:
    text, kind = GUIDE[number]
    assert {(n.text, n.kind) for n in TEMPLATES if n.number == number} == {(text, kind)}


@pytest.mark.parametrize("number", LATER)
def test_the_texts_of_later_versions_stand_word_for_word(number: str) -> None:
    assert {n.text for n in TEMPLATES if n.number == number} == LATER[number]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("N5", ["[{channel}]", "{whom}", "{note}", "[Accept]"]),
        ("N10", ["{requester}", "{whom}", "{note}", "[Accept]"]),
    ],
)
def test_the_pop_ups_hold_what_the_guide_lists(number: str, shown: list[str]) -> None:
    [text] = [n.text for n in TEMPLATES if (n.number, n.event) == (number, "offered")]
    assert re.findall(r"\[?\{\w+\}\]?|\[Accept\]", text) == shown
    assert ("Conference" in text) == (number == "N10")


def test_no_text_stands_anywhere_else_in_the_package() -> None:
    texts = {n.text for n in TEMPLATES if "{" not in n.text} | {"please wait", "has joined the conversation"}
    for path in SIM.rglob("*.py"):
        if path.name not in ("notifications.py", "reference.py"):
            source = path.read_text(encoding="utf-8")
            assert not [text for text in texts if text in source], path


def test_no_row_of_the_table_gives_a_whisper_to_the_customer() -> None:
    with_customer = {Audience.CUSTOMER, Audience.OTHERS}
    assert {n.audience for n in TEMPLATES if n.kind is Kind.WHISPER} == {Audience.AGENTS}
    assert not [
        n for n in TEMPLATES if n.audience in with_customer and n.event.startswith(("whisper", "monitor"))
    ]


def test_to_the_letter_differs_only_in_who_reads_the_one_sentence(day: Day) -> None:
    usual, literal = notifications(day.records.events), notifications(day.records.events, to_the_letter())
    changed = Counter(_without_order(n) for n in literal) - Counter(_without_order(n) for n in usual)
    assert {(n[2], n[4]) for n in changed if CUSTOMER in n[2]} == {
        ((CUSTOMER,), "You have joined the conversation")
    }
    assert {n[4].split(" ", 1)[1] for n in changed if CUSTOMER not in n[2]} <= {"has joined the conversation"}


def _without_order(n: Notification) -> tuple[float, int, tuple[str, ...], Kind, str]:
    return n.at, n.conversation, n.audience, n.kind, n.text


def test_a_frame_and_its_rows_give_the_same(day: Day) -> None:
    frame = day.records.events.head(2000)
    assert notifications(frame) == notifications(frame.to_dict("records"))


def test_without_events_nobody_is_told_anything(day: Day) -> None:
    assert notifications(day.records.events.head(0)) == []


def test_they_fit_into_a_frame(day: Day) -> None:
    frame = pd.DataFrame(notifications(day.records.events.head(500)))
    assert list(frame.columns) == ["at", "order", "conversation", "audience", "kind", "text"]


# What holds of all of them.


@pytest.fixture(scope="module")
def told(day: Day) -> list[Notification]:
    return notifications(day.records.events)


@pytest.mark.slow
def test_every_row_of_the_table_is_told_on_this_day(told: list[Notification], day: Day) -> None:
    """The day has everything in it but the clearing of the queues and a longest wait, which have tests of their own."""
    elsewhere = ("disconnected", "wait_limit_reached", "queue_emptied", "sent_back")
    said = {re.sub(r"^\S+ (has|left)", r"{agent} \1", n.text) for n in told}
    never = [
        notice.text for notice in TEMPLATES
        if "{" not in notice.text and notice.text not in said and notice.event not in elsewhere
    ]  # fmt: skip
    assert never == []


def test_no_customer_reads_a_whisper(told: list[Notification]) -> None:
    whispers = [n for n in told if n.kind is Kind.WHISPER]
    assert len(whispers) > 100
    assert not [n for n in told if CUSTOMER in n.audience and "hisper" in n.text]
    assert not [n for n in whispers if CUSTOMER in n.audience]


def test_a_whisper_is_read_by_its_sender_and_those_the_engine_names(
    told: list[Notification], day: Day
) -> None:
    sent = [event for event in day.events if event.name == "whisper"]
    heard = [n for n in told if n.kind is Kind.WHISPER]
    assert [{e.agent, *e.detail["to"].split(", ")} for e in sent] == [set(n.audience) for n in heard]


def test_every_blank_is_filled(told: list[Notification]) -> None:
    assert not [
        n.text for n in told if "{" in n.text or "None" in n.text or "nan" in n.text or "  " in n.text
    ]


def test_every_audience_has_somebody_and_nobody_twice(told: list[Notification]) -> None:
    assert all(n.audience and len(set(n.audience)) == len(n.audience) for n in told)


def test_order_counts_within_the_instant_of_a_conversation(told: list[Notification]) -> None:
    by_conversation = sorted(told, key=lambda n: n.conversation)
    for _, group in groupby(by_conversation, key=lambda n: (n.conversation, n.at)):
        orders = [n.order for n in group]
        assert orders == list(range(1, len(orders) + 1))


def test_customers_are_told_things_only_between_their_coming_and_going(
    told: list[Notification], day: Day
) -> None:
    rows = day.records.conversations.set_index("conversation_id")
    for n in told:
        if CUSTOMER in n.audience:
            row = rows.loc[n.conversation]
            assert row["arrived_at"] <= n.at <= row["ended_at"]


def test_agents_read_histories_only_while_they_are_in(told: list[Notification], day: Day) -> None:
    """Their tasks say when; to watch is to be in. What the requester of a transfer reads on leaving is their last."""
    stays: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for row in day.records.tasks.dropna(subset=["task_answered_time"]).to_dict("records"):
        stay = row["task_answered_time"], row["task_wrap_up_time"]
        stays.setdefault((row["conversation_id"], row["agent_id"]), []).append(stay)
    for n in told:
        for name in n.audience:
            if name != CUSTOMER and n.kind in (Kind.HISTORY, Kind.WHISPER, Kind.ERROR, Kind.TOAST):
                assert any(start <= n.at <= end for start, end in stays[n.conversation, name]), n


def test_silent_monitors_are_not_announced(told: list[Notification], day: Day) -> None:
    barged = {e.conversation for e in day.events if e.name == "barged_in"}
    watched = {e.conversation for e in day.events if e.name == "monitor_joined"} - barged
    assert len(watched) > 10
    about = [n for n in told if n.conversation in watched and n.kind is not Kind.WHISPER]
    assert not [n for n in about if "leads-" in n.text]


def test_the_note_is_for_agents_alone(told: list[Notification]) -> None:
    noted = [n for n in told if "with a note" in n.text]
    assert len(noted) > 50
    assert {n.kind for n in noted} == {Kind.POP_UP}


def test_each_transfer_tells_agent_and_customer_in_the_order_of_the_guide(
    told: list[Notification], day: Day
) -> None:
    by_instant = {
        place: [n.text for n in group]
        for place, group in groupby(sorted(told, key=_place), key=lambda n: (n.conversation, n.at))
    }
    transfers = [e for e in day.events if e.name == "transfer_placed" and not e.detail["warm"]]
    assert len(transfers) > 50
    for event in transfers:
        texts = by_instant[event.conversation, event.at]
        named = ["Agent transfer request has been placed"] if event.detail["kind"] == "named_transfer" else []
        expected = [
            "Conversation is closed due to CHAT TRANSFERRED",
            *named,
            "Transfer request placed successfully",
            f"Your request is being transferred to {event.queue}, please wait!",
            f"{event.agent} has left",
        ]
        first = texts.index(expected[0])
        assert texts[first : first + len(expected)] == expected


def _place(n: Notification) -> tuple[int, float, int]:
    return n.conversation, n.at, n.order


@pytest.mark.slow
def test_nobody_is_told_of_a_single_ring_out(day: Day) -> None:
    silent = {"rang_out", "requeued", "ttl_expired", "request_abandoned", "request_cancelled"}
    assert silent <= {event.name for event in day.events}
    notifiers: dict[int, Notifier] = {}
    for event in day.events:
        told = notifiers.setdefault(event.conversation, Notifier(event.conversation)).take(event)
        if event.name in silent:
            assert told == []
