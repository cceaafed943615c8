"""When the gate looks, and how the error is spent."""

import pytest

from sim.gate.sequential import Look, looks


def test_looks_double_up_to_the_cap() -> None:
    assert [look.replications for look in looks(160)] == [10, 20, 40, 80, 160]
    assert [look.replications for look in looks(100)] == [10, 20, 40, 80, 100]
    assert [look.replications for look in looks(11)] == [10, 11]


def test_a_small_cap_is_looked_at_once() -> None:
    assert looks(10) == (Look(10, 0.05),)
    assert looks(4) == (Look(4, 0.05),)


@pytest.mark.parametrize("at_most", [2, 10, 15, 40, 160, 1000])
def test_all_looks_together_spend_the_error_and_no_more(at_most: int) -> None:
    assert sum(look.alpha for look in looks(at_most)) == pytest.approx(0.05)


def test_the_error_is_spent_in_proportion_to_what_a_look_adds() -> None:
    assert [look.alpha for look in looks(40)] == pytest.approx([0.0125, 0.0125, 0.025])
