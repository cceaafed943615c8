"""The methods that plans are compared with, and the table of them; nothing is planned here."""

import numpy as np
import pytest

from benchmarks.staffing import DAY, Method, covering_heads, set_cover, table
from sim.experiments.figure_selectors import FigureSelector
from sim.gate.sequential import Verdict
from sim.scenario import load
from sim.staffing.choices import Choices
from sim.staffing.judging import GoalResult
from sim.staffing.plan import Staffed
from sim.staffing.start import covering, needed


def test_head_counts_are_covered_at_no_more_than_one_shift_each():
    choices = Choices.of(load(DAY))
    heads = np.zeros((3, 26))
    heads[0, 4:8] = 2
    x = covering_heads(choices, heads)
    assert (choices.heads(x) >= heads - 1e-9).all()
    assert choices.total_cost(x) == 2 * 4 * 20 * 1.05  # two short shifts of the sellers


@pytest.mark.slow
def test_a_set_cover_counts_an_agent_for_every_skill():
    choices = Choices.of(load(DAY))
    shared = covering(choices, needed(choices, "C"))
    assert choices.total_cost(set_cover(choices)) < 0.6 * choices.total_cost(shared)
    assert round(choices.total_cost(shared), 1) == 7469.1  # as the prototype covered it


def test_the_table_has_a_row_a_method():
    day = GoalResult(
        0,
        FigureSelector("service_level", (("queue", "sales"),)),
        "at least 80 %",
        Verdict.PASS,
        0.81,
        0.8,
        0.82,
        0.6,
    )
    place = (("queue", "sales"), ("interval", "09:00"))
    part = GoalResult(
        1, FigureSelector("service_level", place), "at least 65 %", Verdict.FAIL, 0.5, 0.4, 0.6, 0.1
    )
    assert table([Method("Search", Staffed(5885.4, 259.0, {}, (day, part)))]).splitlines() == [
        "| method | cost | paid h | sales | goals surely missed | days on target |",
        "|---|---:|---:|---:|---:|---:|",
        "| Search | 5,885 | 259 | 81.0 ±1.0 | 1 | 60% |",
    ]
