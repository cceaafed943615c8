"""What the search makes of a plan that it has tried."""

import numpy as np

from sim.staffing.search import Tried


def test_the_lack_is_what_is_below_nothing_and_no_room_makes_up_for_it() -> None:
    tried = Tried(np.array([1]), 10.0, 2.0, np.array([-0.5, 3.0, 0.0, -0.25]), np.zeros(4))
    assert (tried.lack, tried.missed, tried.whole_cost) == (0.75, 2, 12.0)
