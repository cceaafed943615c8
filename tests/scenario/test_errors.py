"""Mistakes travel from a worker as they are."""

import pickle

from sim.errors import Mistake, ScenarioError


def test_mistakes_survive_pickling() -> None:
    error = ScenarioError(
        [Mistake("day.yaml", 3, 5, "lasts", "is missing"), Mistake("day.yaml", 0, 0, "", "is empty")]
    )
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.mistakes) == (str(error), error.mistakes)
