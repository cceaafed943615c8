"""Walking the steps of a queue: rules R2.12 to R2.15, and R1.6 on their criteria."""

import pytest

from engine.worlds import at, world

THREE_STEPS = """
queues:
  calls:
    medium: chat
    handle_time: 100s
    steps:
      - {needs: calls >= 8, for: 30s}
      - {needs: calls >= 5, for: 20s}
      - {needs: calls >= 1}
teams:
  novice: {agents: 1, skills: {calls: 1}}
  skilled: {agents: 1, skills: {calls: 5}}
  expert: {agents: 1, skills: {calls: 8}}
"""

NOBODY_IN_STEP_1 = """
channels: {web: {medium: chat, request_ttl: 2m}}
queues:
  calls: {medium: chat, handle_time: 100s, steps: [{needs: calls >= 8, for: 30s}, {needs: calls >= 1}]}
teams: {desk: {agents: 1, skills: {calls: 5}}}
"""


def test_r2_12_at_first_only_the_first_step_is_searched() -> None:
    """Bob waits for the expert although others are free; a step's end brings in the next one's agents."""
    told = world(THREE_STEPS, ann=at(0), bob=at(10), cid=at(15), dan=at(20))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to expert-1, answered by expert-1",
        "10 bob: arrives, placed in calls",
        "15 cid: arrives, placed in calls",
        "20 dan: arrives, placed in calls",
        "40 bob: step 2 opens, offered to skilled-1, answered by skilled-1",
        "45 cid: step 2 opens",
        "50 dan: step 2 opens",
        "65 cid: step 3 opens, offered to novice-1, answered by novice-1",
        "70 dan: step 3 opens",
        "100 ann: expert-1 leaves, ends handled, expert-1 DONE; dan: offered to expert-1, answered by expert-1",
        "140 bob: skilled-1 leaves, ends handled, skilled-1 DONE",
        "165 cid: novice-1 leaves, ends handled, novice-1 DONE",
        "200 dan: expert-1 leaves, ends handled, expert-1 DONE",
    ]


def test_r2_12_steps_widen_the_earlier_ones_stay_open() -> None:
    """Bob's second and third step are open when the first step's agent becomes free, who gets bob."""
    told = world(THREE_STEPS, "teams.skilled.agents=0", "teams.novice.agents=0", ann=at(0), bob=at(10))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to expert-1, answered by expert-1",
        "10 bob: arrives, placed in calls",
        "40 bob: step 2 opens",
        "60 bob: step 3 opens",
        "100 ann: expert-1 leaves, ends handled, expert-1 DONE; bob: offered to expert-1, answered by expert-1",
        "200 bob: expert-1 leaves, ends handled, expert-1 DONE",
    ]


def test_r2_12_a_freed_agent_is_not_offered_whose_step_is_still_closed() -> None:
    """The skilled agent is free again at 35; bob's second step opens at 40, and only then they get bob."""
    told = world(
        """
queues:
  calls: {medium: chat, handle_time: 100s, steps: [{needs: calls >= 8, for: 30s}, {needs: calls >= 5}]}
  mails: {medium: chat, handle_time: 35s}
teams:
  skilled: {agents: 1, skills: {calls: 5, mails: 5}}
  expert: {agents: 1, skills: {calls: 8}}
""",
        ann=at(0),
        eve=at(0, queue="mails"),
        bob=at(10),
    )
    assert told.offers == ["0 ann to expert-1", "0 eve to skilled-1", "40 bob to skilled-1"]


def test_r2_12_the_topmost_step_with_somebody_available_decides() -> None:
    """The skilled agent has waited longer and has no task; the expert of the step above is taken all the same."""
    told = world(
        """
media: {chat: {max_tasks: 2}}
queues:
  calls: {medium: chat, handle_time: 100s, steps: [{needs: calls >= 8, for: 0s}, {needs: calls >= 5}]}
teams:
  skilled: {agents: 1, skills: {calls: 5}}
  expert: {agents: 1, skills: {calls: 8}}
""",
        ann=at(0),
        bob=at(10),
        cid=at(20),
    )
    assert told.offers == ["0 ann to expert-1", "10 bob to expert-1", "20 cid to skilled-1"]


def test_r2_12_steps_of_no_length_open_at_once() -> None:
    told = world(THREE_STEPS, "queues.calls.steps.0.for=0s", ann=at(0), bob=at(10), cid=at(20))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to expert-1, answered by expert-1",
        "10 bob: arrives, placed in calls, offered to skilled-1, answered by skilled-1",
        "20 cid: arrives, placed in calls",
        "40 cid: step 3 opens, offered to novice-1, answered by novice-1",
        "100 ann: expert-1 leaves, ends handled, expert-1 DONE",
        "110 bob: skilled-1 leaves, ends handled, skilled-1 DONE",
        "140 cid: novice-1 leaves, ends handled, novice-1 DONE",
    ]


def test_r2_13_a_step_without_any_member_lasts_its_time_all_the_same() -> None:
    """The newer wording of the product; the older one would skip such a step."""
    told = world(NOBODY_IN_STEP_1, ann=at(0))
    assert told.story == [
        "0 ann: arrives, placed in calls",
        "30 ann: step 2 opens, offered to desk-1, answered by desk-1",
        "130 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


@pytest.mark.parametrize("last", ["", ", for: 10s"])
def test_r2_14_the_last_step_has_no_exit(last: str) -> None:
    """Whatever its own `for` says, it is searched until the time-to-live is over."""
    told = world(
        NOBODY_IN_STEP_1.replace("needs: calls >= 1", f"needs: calls >= 1{last}"),
        ann=at(0),
        bob=at(5),
        cid=at(6, handle_time=10),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls",
        "5 bob: arrives, placed in calls",
        "6 cid: arrives, placed in calls",
        "30 ann: step 2 opens, offered to desk-1, answered by desk-1",
        "35 bob: step 2 opens",
        "36 cid: step 2 opens",
        "125 bob: no agent, ends no_agent",
        "126 cid: no agent, ends no_agent",
        "130 ann: desk-1 leaves, ends handled, desk-1 DONE",
    ]


def test_r2_15_a_requeued_request_starts_again_at_the_first_step() -> None:
    """The expert lets ann ring from 0 to 60 and is off for long; the skilled agent is asked after 30 s more."""
    told = world(
        THREE_STEPS,
        "teams.expert.accept.probability=50%",
        "teams.expert.after_ring={chat: {not_ready: 10m}}",
        ann=at(0, accept=[0.9]),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to expert-1",
        "60 ann: rings out at expert-1, requeued at 11",
        "90 ann: step 2 opens, offered to skilled-1, answered by skilled-1",
        "190 ann: skilled-1 leaves, ends handled, skilled-1 DONE",
    ]


def test_r2_15_the_step_it_had_reached_is_closed_again() -> None:
    """The second step is open when ann rings out; the skilled agent, free again, is not asked before it reopens."""
    told = world(
        THREE_STEPS,
        "teams.expert.agents=0",
        "teams.skilled.accept.probability=50%",
        "teams.novice.agents=0",
        ann=at(0, accept=[0.9, 0.1]),
    )
    assert told.story == [
        "0 ann: arrives, placed in calls",
        "30 ann: step 2 opens, offered to skilled-1",
        "90 ann: rings out at skilled-1, requeued at 11",
        "120 ann: step 2 opens, offered to skilled-1, answered by skilled-1",
        "220 ann: skilled-1 leaves, ends handled, skilled-1 DONE",
    ]


def test_a_step_of_a_request_that_is_answered_does_not_open() -> None:
    told = world(THREE_STEPS, "teams.expert.accept.delay=40s", ann=at(0))
    assert told.story == [
        "0 ann: arrives, placed in calls, offered to expert-1",
        "40 ann: answered by expert-1",
        "140 ann: expert-1 leaves, ends handled, expert-1 DONE",
    ]


def test_r1_6_criteria_are_read_from_left_to_right_without_precedence() -> None:
    """By the usual precedence the first team would be in; from left to right `and` comes last."""
    needs = "vip >= 1 or calls >= 1 and sales >= 1"
    told = world(
        f"""
queues: {{calls: {{medium: chat, handle_time: 100s, steps: [{{needs: {needs}}}]}}}}
teams:
  vips: {{agents: 1, skills: {{vip: 9}}}}
  sellers: {{agents: 1, skills: {{calls: 1, sales: 1}}}}
""",
        ann=at(0),
        bob=at(10),
    )
    assert told.offers == ["0 ann to sellers-1", "100 bob to sellers-1"]
