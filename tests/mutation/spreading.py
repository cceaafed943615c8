"""Which test to ask next of the many that reach a line: the one that runs the most lines that none before it has run.

What a fault does is often seen far from its line, and the quickest tests of a line are much like each other.
"""

from collections.abc import Sequence

import numpy as np
from coverage import CoverageData

LEAST_S = 0.02
"""What a test costs at the least, as taking it up is never free."""


class Spread:
    """The lines that each test runs, by the map."""

    def __init__(self, noted: CoverageData, seconds: dict[str, float]) -> None:
        self._places = {test: place for place, test in enumerate(seconds)}
        self._seconds = np.array([*seconds.values()])
        lines = [
            [self._places[test] for test in tests if test in self._places]
            for file in sorted(noted.measured_files())
            for _, tests in sorted(noted.contexts_by_lineno(file).items())
        ]
        self._runs = np.zeros((len(seconds), len(lines)), dtype=np.float32)
        for line, places in enumerate(lines):
            self._runs[places, line] = 1.0

    def ordered(self, tests: Sequence[str], limit_s: float) -> list[str]:
        """Return tests that compute so long together, each by what it adds to those before it for its time.

        When no test adds a line, all lines count anew.
        """
        places = [self._places[test] for test in tests]
        runs, seconds = self._runs[places], self._seconds[places]
        fresh, costs = np.ones(runs.shape[1], dtype=np.float32), np.maximum(seconds, LEAST_S)
        worth, found = runs @ fresh / costs, list[str]()
        while True:
            worth[seconds > limit_s] = 0.0
            best = int(np.argmax(worth)) if worth.size else 0
            if not worth.any():
                if fresh.all():
                    return found
                fresh[:] = 1.0
            else:
                found.append(tests[best])
                limit_s -= seconds[best]
                seconds[best] = np.inf  # it is asked once
                fresh[runs[best] > 0] = 0.0
            worth = runs @ fresh / costs
