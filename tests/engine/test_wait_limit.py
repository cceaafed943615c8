"""The longest wait for a queue, and what follows: voice mail, the end, another queue."""

import pytest
from metrics.by_hand import figures, request
from metrics.by_hand import world as measured_world

from engine.worlds import at, world
from sim.errors import SimError
from sim.story.notifications import notifications

ONE = """
channels: {web: {medium: chat, request_ttl: 10m}}
queues:
  calls: {medium: chat, handle_time: 100s, patience: 1h, wait_limit: {after: 40s, then: voicemail}}
  spare: {medium: chat, handle_time: 60s, patience: 1h}
teams:
  desk: {agents: 1, skills: {calls: 5}}
  reserve: {agents: 1, skills: {spare: 5}}
"""


def test_a_customer_is_sent_to_voice_mail_at_the_limit() -> None:
    told = world(ONE, ann=at(0), bob=at(10))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to desk-1, answered by desk-1",
        "10 bob: arrives, placed in calls",
        "50 bob: has waited enough (voicemail), ends voicemail",
        "100 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]
    row = told.requests("bob")[0]
    assert (row["outcome"], row["wait"], told.conversation("bob")["total_wait"]) == ("voicemail", 40, 40)


def test_the_customer_reads_what_follows() -> None:
    for then, text in (("voicemail", "Please leave a message."), ("end", "Please try again later.")):
        told = world(ONE, f"queues.calls.wait_limit.then={then}", ann=at(0), bob=at(10))
        [one] = [one for one in notifications(told.records.events) if one.at == 50]
        assert (one.text, one.audience) == (f"No agent is free. {text}", ("customer",))


def test_the_end_has_an_outcome_of_its_own() -> None:
    told = world(ONE, "queues.calls.wait_limit.then=end", ann=at(0), bob=at(10))
    assert told.ends == ["50 bob wait_limit", "100 ann handled"]


def test_an_agent_who_comes_at_the_limit_is_too_late_and_one_before_it_is_not() -> None:
    told = world(ONE, ann=at(0, handle_time=50), bob=at(10))
    assert (
        told.ends[0] == "50 ann handled"
    )  # the end of a handling comes before the limit of the same instant
    assert told.requests("bob")[0]["outcome"] == "answered"
    told = world(ONE, ann=at(0, handle_time=50.001), bob=at(10))
    assert told.ends[0] == "50 bob voicemail"


def test_another_queue_goes_on_with_patience_and_time_to_live() -> None:
    elsewhere = (ONE, "queues.calls.wait_limit.then={queue: spare}")
    told = world(*elsewhere, ann=at(0), bob=at(10))
    assert told.offers[-1] == "50 bob to reserve-1"
    rows = told.requests("bob")
    assert [(r["queue"], r["kind"], r["outcome"], r["wait"], r["priority"]) for r in rows] == [
        ("calls", "inbound", "moved", 40, 1),
        ("spare", "inbound", "answered", 0, 1),
    ]
    assert told.conversation("bob")["total_wait"] == told.conversation("bob")["wait"] == 40
    busy = {"eve": at(0, queue="spare", handle_time=3000), "ann": at(0, handle_time=3000)}
    assert world(*elsewhere, **busy, bob=at(10, patience=70)).ends == [
        "80 bob abandoned",
        "3000 eve handled",
        "3000 ann handled",
    ]
    assert world(*elsewhere, **busy, bob=at(10)).ends[0] == "610 bob no_agent"


def test_a_ringing_is_not_cut_short() -> None:
    silent = (ONE, "teams.desk.accept.probability=0%", "queues.calls.ring_time=30s")
    told = world(*silent, bob=at(10))
    assert told.story == [
        "10 bob: arrives, placed in calls, offered to desk-1",
        "40 bob: rings out at desk-1, requeued at 11, offered to desk-1",
        "70 bob: rings out at desk-1, has waited enough (voicemail), ends voicemail",
    ]
    assert told.dispositions("bob") == ["RONA", "NO_AGENT_AVAILABLE"]
    answered = world(ONE, "teams.desk.accept={probability: 100%, delay: 50s}", bob=at(10))
    assert answered.ends == ["160 bob handled"]


def test_with_an_agent_in_the_search_ends_as_without_an_agent() -> None:
    told = world(
        ONE,
        "queues.spare.conference={probability: 100%, after: 10%, to: {calls: 100%}}",
        ann=at(0, handle_time=1000),
        eve=at(0, queue="spare"),
    )
    assert [(r["kind"], r["outcome"], r["wait"]) for r in told.requests("eve")][1] == (
        "conference",
        "no_agent",
        40,
    )
    assert told.ends[0] == "60 eve handled"


def test_a_circle_of_destinations_is_a_mistake() -> None:
    with pytest.raises(SimError, match="requests go round: `calls` to `spare` to `calls`"):
        world(
            ONE,
            "queues.calls.wait_limit.then={queue: spare}",
            "queues.spare.wait_limit={after: 10s, then: {queue: calls}}",
        )
    with pytest.raises(SimError, match=r"neither `voicemail`, `end` nor \{queue: NAME\}"):
        world(ONE, "queues.calls.wait_limit.then=fax")
    with pytest.raises(SimError, match=r"unknown queue `spair`; did you mean `spare`"):
        world(ONE, "queues.calls.wait_limit.then={queue: spair}")


LEFT = [
    request("answered", 10.0),
    request("voicemail", 5.0),
    request("wait_limit", 30.0),
    request("moved", 30.0),
]


@pytest.mark.parametrize(
    ("variant", "parts"),
    [
        ("offered", (1, 3)),
        ("answered_only", (1, 1)),
        ("exclude_abandoned_within", (1, 2)),
        ("credit_abandoned_within", (2, 3)),
    ],
)
def test_in_the_service_level_it_counts_as_an_abandonment_of_the_same_wait(
    variant: str, parts: tuple[int, int]
) -> None:
    level = f"{{within: 20s, target: 80%, variant: {variant}}}"
    measured = figures(measured_world(queues__general__service_level=level), requests=LEFT)
    assert measured.parts("service_level") == parts


def test_it_is_offered_and_not_abandoned() -> None:
    measured = figures(requests=LEFT)
    assert measured.value("offered") == 3
    assert measured.value("voicemail") == measured.value("wait_limit") == 1
    assert measured.parts("abandon_rate") == (0, 3)
