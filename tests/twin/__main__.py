"""Centres with everything in them, of several days or dates, or recorded in part, on three simulations.

    cd tests; python -m twin --seed 1 --worlds 2000
    cd tests; python -m twin --seed 1 --worlds 400 --of days
    cd tests; python -m twin --seed 1 --worlds 400 --of dates
    cd tests; python -m twin --seed 1 --worlds 400 --of records

prints where they differ, and in how many worlds each event and each key of the scenario was met.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from twin.comparison import compare
from twin.days import a_world_of_days
from twin.everything import a_world_of_everything
from twin.recorded import a_world_of_records
from twin.weeks import a_world_of_dates

WORLDS = {
    "everything": a_world_of_everything,
    "days": a_world_of_days,
    "dates": a_world_of_dates,
    "records": a_world_of_records,
}

NAMED = ("queues", "teams", "media", "channels", "labels", "waiting_rooms")
"""Parts of a scenario whose entries have names of their own."""


def keys_of(part: Any, place: str = "") -> Iterator[str]:
    """The keys that a scenario gives, without the names in it."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            below = f"{place}.NAME" if place in NAMED else f"{place}.{key}".lstrip(".")
            yield below
            yield from keys_of(value, below)
    elif isinstance(part, list):
        for one in part:
            yield from keys_of(one, place)


def main(seed: int, worlds: int, of: str) -> int:
    """Compare, and return 1 where anything differs."""
    met: Counter[str] = Counter()
    differing = 0
    for number in range(seed * worlds, (seed + 1) * worlds):
        scenario, workload = WORLDS[of](number)
        twins, found = compare(scenario, workload)
        differing += bool(found)
        if found:
            print(f"world {number}: {found}")
        spec = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        met.update(
            {f"event {event.event}" for twin in twins for event in twin.events}
            | {f"key {key}" for key in keys_of(spec)}
        )
    for what, count in sorted(met.items()):
        print(f"{count:6} {what}")
    print(f"{worlds} worlds, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worlds", type=int, default=2000)
    parser.add_argument("--of", choices=list(WORLDS), default="everything")
    given = parser.parse_args()
    sys.exit(main(given.seed, given.worlds, given.of))
