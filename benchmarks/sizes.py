"""The sizes of the benchmark's runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Rounds of timing, replications of the check before, and contacts in a run of the smaller kind.

    `most_contacts`, `most_agents` and `most_waiting` are the largest sizes of the part on growth, `most_unrecorded` the
    contacts of a run that records nothing.
    """

    rounds: int
    checks: int
    contacts: int
    most_contacts: int
    most_agents: int
    most_waiting: int
    most_unrecorded: int


FULL = Sizes(
    rounds=5,
    checks=10,
    contacts=20_000,
    most_contacts=1_000_000,
    most_agents=20_000,
    most_waiting=50_000,
    most_unrecorded=10_000_000,
)
QUICK = Sizes(
    rounds=3,
    checks=5,
    contacts=8_000,
    most_contacts=50_000,
    most_agents=1_000,
    most_waiting=5_000,
    most_unrecorded=100_000,
)
