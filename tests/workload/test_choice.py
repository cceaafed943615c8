"""One of several names by one uniform number."""

import numpy as np
import pytest

from sim.workload import Choice, choice_or_none


def test_a_uniform_falls_on_the_first_name_whose_cumulated_share_exceeds_it():
    choice = Choice(("a", "b", "c"), (0.5, 0.25, 0.25))
    assert [choice.pick(u) for u in (0.0, 0.4999, 0.5, 0.7499, 0.75, 0.9999)] == [
        "a",
        "a",
        "b",
        "b",
        "c",
        "c",
    ]


def test_the_last_name_that_counts_takes_what_rounding_leaves():
    choice = Choice(("a", "b", "c", "never"), (0.1, 0.2, 0.7 - 1e-12, 0.0))
    assert choice.pick(np.nextafter(1.0, 0.0)) == "c"


def test_names_of_share_zero_are_never_picked():
    choice = Choice(("never", "a"), (0.0, 1.0))
    assert choice.pick(0.0) == "a"


def test_many_uniforms_fall_as_each_alone():
    choice = Choice(("a", "b"), (0.3, 0.7))
    uniforms = np.linspace(0, 0.999, 50)
    assert choice.pick_each(memoryview(uniforms)) == [choice.pick(u) for u in uniforms]
    edges = np.array([0.0, np.nextafter(0.3, 0.0), 0.3, 0.999])
    assert choice.places(edges).tolist() == [0, 0, 1, 1]
    assert Choice(("a",), (1.0,)).pick_each([0.1, 0.2]) == ["a", "a"]


def test_a_name_added_at_the_end_takes_only_from_those_without_one():
    uniforms = np.linspace(0, 0.999, 500)
    before = choice_or_none({"premium": 0.08, "vip": 0.02}).pick_each(uniforms)
    after = choice_or_none({"premium": 0.08, "vip": 0.02, "press": 0.05}).pick_each(uniforms)
    assert all(
        new in (old, "press") if old is None else new == old for old, new in zip(before, after, strict=True)
    )
    assert after.count("press") == 25


def test_shares_that_reach_one_leave_nobody_out_and_no_shares_leave_everybody_out():
    assert choice_or_none({"a": 0.9, "b": 0.1}).pick(np.nextafter(1.0, 0.0)) == "b"
    assert choice_or_none({}).pick(0.0) is None


def test_a_choice_among_nothing_is_refused():
    with pytest.raises(ValueError, match="share above 0"):
        Choice(("a",), (0.0,))
