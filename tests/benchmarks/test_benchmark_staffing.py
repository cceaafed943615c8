"""The methods that plans are compared with, and the table of them; nothing is planned here."""

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.staffing import DAY, Method, covering_heads, set_cover, table, way
from benchmarks.staffing_properties import moved, told, with_six_hours
from sim.experiments.figure_selectors import FigureSelector
from sim.gate.sequential import Verdict
from sim.scenario import load
from sim.staffing.choices import Choices
from sim.staffing.judging import GoalResult
from sim.staffing.plan import Staffed
from sim.staffing.search import Round
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


def test_the_way_of_a_search_is_a_table_of_costs_and_goals_missed():
    rounds = (Round("first days", 6860.4, 5, 34), Round("all days", 5885.0, 0, 2000))
    assert way(SimpleNamespace(path=rounds)).splitlines() == [
        "| cost | 6,860 | 5,885 |",
        "|---|---:|---:|",
        "| missed | 5 | 0 |",
    ]


def test_neighbours_of_the_day_differ_by_what_is_asked_alone():
    day = load(DAY)
    assert [one.at_least for one in moved(day, 0.05).staffing.goals] == [0.85, 0.85, 0.8, 0.7, 0.7, 0.65]
    assert moved(day, 0.0) == day
    wider = with_six_hours(day)
    assert len(Choices.of(wider).items) == 189 + 3 * 15  # a start each half hour from 08:00 to 15:00
    assert told("it holds", False) == "**does not hold**: it holds"
