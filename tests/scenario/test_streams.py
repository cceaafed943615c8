"""Streams of arrivals: their names, which they keep where they are sent elsewhere, and their queues."""

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario, dump, loads

from .small import SMALL, mistakes, small, text_with

THREE_ALIKE = """
    arrivals:
      - {channel: web, queue: sales, per_hour: 10}
      - {channel: web, queue: sales, per_hour: 20}
      - {channel: web, queue: sales, per_hour: 30}
"""


def split(shares: str, **more: str) -> str:
    return text_with(
        arrivals=f"""
            arrivals:
              - {{channel: web, queue: {shares}, per_hour: 30}}
        """,
        **more,
    )


@pytest.mark.parametrize(
    ("key", "value"), [("queue", "sales"), ("queue", {"sales": 0.5, "help": 0.5}), ("channel", "chat")]
)
def test_a_stream_that_is_sent_elsewhere_keeps_its_name(key: str, value: object) -> None:
    base = small(channels__chat={"medium": "chat"})
    sent = base.set(f"arrivals.1.{key}", value)
    assert sent.stream_names() == base.stream_names() == ("web/sales", "web/help", "phone/calls")
    assert sent.arrivals[1].name == "web/help"
    assert [stream.name for stream in sent.arrivals if stream is not sent.arrivals[1]] == [None, None]


def test_the_name_is_in_the_file_and_so_in_the_hash() -> None:
    sent = small().set("arrivals.1.queue", "sales")
    again = loads(dump(sent))
    assert "name: web/help" in dump(sent)
    assert again == sent
    assert again.hash == sent.hash
    assert again.stream_names() == sent.stream_names()


def test_an_override_of_a_file_keeps_the_name_as_well() -> None:
    sent = loads(SMALL, overrides=["arrivals.0.queue=help"])
    assert sent.stream_names() == ("web/sales", "web/help", "phone/calls")


def test_two_streams_may_change_places() -> None:
    sent = small().set({"arrivals.0.queue": "help", "arrivals.1.queue": "sales"})
    assert sent.stream_names() == small().stream_names()
    assert [stream.queue for stream in sent.arrivals] == ["help", "sales", "calls"]


@pytest.mark.slow
@pytest.mark.parametrize("which", [0, 1, 2])
def test_streams_of_one_name_keep_theirs_when_one_of_them_is_sent_elsewhere(which: int) -> None:
    base = loads(text_with(arrivals=THREE_ALIKE))
    sent = base.set(f"arrivals.{which}.queue", "help")
    assert base.stream_names() == ("web/sales", "web/sales#2", "web/sales#3")
    assert sent.stream_names() == base.stream_names()
    assert loads(dump(sent)).stream_names() == base.stream_names()


def test_a_stream_that_is_named_anew_is_another_one() -> None:
    named = small().set({"arrivals.1.queue": "sales", "arrivals.1.name": "new"})
    assert named.stream_names() == ("web/sales", "new", "phone/calls")


def test_a_stream_that_is_sent_on_and_back_is_the_same() -> None:
    back = small().set("arrivals.1.queue", "sales").set("arrivals.1.queue", "help")
    assert back.stream_names() == small().stream_names()


def test_a_new_rate_leaves_the_name_unwritten() -> None:
    assert small().set("arrivals.1.per_hour", 9).arrivals[1].name is None


@pytest.mark.parametrize("name", ["phone/own", "phone/own#2", "phone/own+partner", "late calls"])
def test_names_of_streams_may_have_the_marks_of_default_names(name: str) -> None:
    day: Scenario = small(arrivals__1__name=name)
    assert day.stream_names()[1] == name
    assert loads(dump(day)) == day


def test_a_given_name_is_its_own_even_where_the_next_of_a_default_name_would_be_the_same() -> None:
    text = text_with(arrivals=THREE_ALIKE.replace("per_hour: 10", "per_hour: 10, name: web/sales#2"))
    assert loads(text).stream_names() == ("web/sales#2", "web/sales", "web/sales#3")


# Streams that are split over queues.


def test_a_stream_is_split_by_shares_and_named_after_its_queues() -> None:
    day = loads(split("{sales: 60%, help: 40%}"))
    assert day.stream_names() == ("web/sales+help",)
    assert day.arrivals[0].queues == {"sales": 0.6, "help": 0.4}
    assert loads(dump(day)) == day
    assert day.hash != loads(split("{sales: 61%, help: 39%}")).hash


def test_shares_of_queues_sum_to_the_whole() -> None:
    assert mistakes(split("{sales: 60%, help: 30%}")) == [
        "day.yaml:13:27: arrivals.0.queue: the shares sum to 90%, they have to sum to 100%"
    ]


def test_an_unknown_queue_among_shares_is_named_at_its_place() -> None:
    assert mistakes(split("{sales: 60%, halp: 40%}")) == [
        "day.yaml:13:40: arrivals.0.queue.halp: unknown queue `halp`; did you mean `help`?"
    ]


def test_a_queue_of_another_medium_among_shares_is_named() -> None:
    (found,) = mistakes(split("{sales: 60%, calls: 40%}"))
    assert "queue `calls` is of medium `voice`, channel `web` of `chat`" in found


def test_one_share_alone_is_a_mistake_and_both_together_are_none() -> None:
    day = loads(split("{sales: 60%, help: 40%}"))
    assert day.set({"arrivals.0.queue.sales": "70%", "arrivals.0.queue.help": "30%"}).stream_names() == (
        "web/sales+help",
    )
    with pytest.raises(ScenarioError, match="sum to 110%"):
        day.set("arrivals.0.queue.sales", "70%")


def test_a_queue_of_a_split_stream_is_used_and_needs_agents() -> None:
    idle = split("{sales: 60%, help: 40%}", teams="teams: {crew: {agents: 3, skills: {sales: 5}}}")
    assert any("queues.help" in one for one in mistakes(idle))
