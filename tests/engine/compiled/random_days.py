"""Random days on both engines, always the same ones.

    cd tests; python -m engine.compiled.random_days 1500

compares so many days of each kind, plain ones, rich ones and those with a roster, and prints what differs.
"""

import sys
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, settings

from engine.compiled.both_engines import differences
from engine.compiled.random_centres import rich_days
from engine.compiled.random_rosters import rostered_days
from engine.compiled.random_weeks import weeks
from engine.random_scenarios import Day, all_days

KINDS = {"plain": all_days, "rich": rich_days, "rostered": rostered_days, "weeks": weeks}


def days_of(count: int, kind: str) -> list[Day]:
    """Return so many days of a kind."""
    how = settings(
        max_examples=count, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    days: list[Day] = []

    def keep(day: Day) -> None:
        days.append(day)

    how(given(KINDS[kind]())(keep))()
    return days


def compare(count: int, kind: str, found: Callable[[Day, list[str]], None]) -> None:
    """Simulate so many days of a kind on both engines, and tell of each on which they differ."""
    for day in days_of(count, kind):
        different = differences(day.scenario, day.workload)
        if different:
            found(day, different)


def main(days: int) -> int:
    """Compare, and return 1 where anything differs."""
    differing: list[Day] = []

    def print_it(day: Day, different: list[str]) -> None:
        differing.append(day)
        print(different, day, sep="\n")

    for kind in KINDS:
        compare(days, kind, print_it)
    print(f"{len(KINDS) * days} days, {len(differing)} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
