"""Reserve for transfers: keep an agent of every queue available for those who were served once already."""

import pytest

from policies.centres import EXPERTS, centre, figures_of, with_policy

TRANSFERS = {"queue": "experts", "kind": "transfer"}
OWN = {"queue": "experts", "kind": "inbound"}


def test_it_wins_where_a_transfer_must_not_end_with_nobody() -> None:
    plain = figures_of(centre(EXPERTS))
    reserved = figures_of(with_policy(centre(EXPERTS), "reserve_for_transfers"))
    assert reserved("no_agent_rate", **TRANSFERS) < 0.7 * plain("no_agent_rate", **TRANSFERS)
    assert reserved("asa", **TRANSFERS) < 0.7 * plain("asa", **TRANSFERS)


def test_the_experts_own_customers_pay_for_it() -> None:
    plain = figures_of(centre(EXPERTS))
    reserved = figures_of(with_policy(centre(EXPERTS), "reserve_for_transfers"))
    assert reserved("no_agent_rate", **OWN) > 1.3 * plain("no_agent_rate", **OWN)
    assert reserved("answered", queue="experts") < plain("answered", queue="experts")


@pytest.mark.slow
def test_it_loses_where_hardly_anybody_is_transferred() -> None:
    """An idle expert then waits for transfers that do not come: customers wait longer, all taken together."""
    few = centre(EXPERTS, queues__front__transfer__probability="2%")
    plain, reserved = figures_of(few), figures_of(with_policy(few, "reserve_for_transfers"))
    assert reserved("asa") > 1.5 * plain("asa")
    assert reserved("no_agent_rate") > 1.5 * plain("no_agent_rate")
