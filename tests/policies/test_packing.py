"""Packing chats on few agents (most_tasks) against spreading them over all (fewest_tasks)."""

import pytest

from policies.centres import CHATS, centre, figures_of

PACKED = {"routing__agent_selection": "most_tasks"}
SPREAD = {"routing__agent_selection": "fewest_tasks"}


def test_packing_wins_at_the_end_of_a_shift() -> None:
    """Where a chat is as quick among five as alone, customers notice nothing, and most agents go home in time."""
    packed, spread = figures_of(centre(CHATS, **PACKED)), figures_of(centre(CHATS, **SPREAD))
    assert packed("overtime") < 0.9 * spread("overtime")
    assert packed("handle_time") == pytest.approx(spread("handle_time"), rel=0.01)


@pytest.mark.slow
def test_packing_loses_where_each_chat_slows_the_others() -> None:
    slow = {"media__chat__slowdown": "40%"}
    packed, spread = figures_of(centre(CHATS, **PACKED, **slow)), figures_of(centre(CHATS, **SPREAD, **slow))
    assert packed("handle_time") > 1.15 * spread("handle_time")
    assert packed("time_in_system") > 1.15 * spread("time_in_system")
