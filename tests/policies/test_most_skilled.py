"""Most skilled first, against whoever is free longest."""

from policies.centres import VETERANS, centre, figures_of

BY_SKILL = {"routing__agent_selection": "most_skilled"}
BY_TURN = {"routing__agent_selection": "longest_available"}


def test_it_wins_where_skill_makes_quick() -> None:
    skilled, by_turn = figures_of(centre(VETERANS, **BY_SKILL)), figures_of(centre(VETERANS, **BY_TURN))
    assert skilled("handle_time", queue="calls") < 0.95 * by_turn("handle_time", queue="calls")
    assert skilled("asa", queue="calls") < by_turn("asa", queue="calls")


def test_it_loses_those_who_need_the_skilled_ones() -> None:
    """The veterans are busy with calls that novices could have taken, and nobody else can do the hard ones."""
    skilled, by_turn = figures_of(centre(VETERANS, **BY_SKILL)), figures_of(centre(VETERANS, **BY_TURN))
    assert skilled("asa", queue="hard") > 1.3 * by_turn("asa", queue="hard")
