"""How much worse a figure may become."""

import pytest

from gate.small import day
from sim.errors import SimError
from sim.experiments.figure_selectors import FigureSelector
from sim.experiments.paired import Sampled
from sim.gate.margins import Margin, guarded, margins, paired_claims, with_usual
from sim.metrics import lookup


@pytest.mark.parametrize(
    ("metric", "text", "base", "amount"),
    [
        ("service_level", "2%", 0.5, 0.02),
        ("service_level", "0.02", 0.5, 0.02),
        ("asa", "10%", 30.0, 3.0),
        ("asa", "4s", 30.0, 4.0),
        ("asa", "1.5m", 30.0, 90.0),
        ("asa", "4", 30.0, 4.0),
        ("queue_length_max", "2", 10.0, 2.0),
        ("queue_length_max", "25%", 10.0, 2.5),
    ],
)
def test_a_margin_is_read_in_the_metrics_unit(metric: str, text: str, base: float, amount: float) -> None:
    margin = Margin.parse(lookup(metric), text)
    assert margin.of(base) == pytest.approx(amount)
    assert Margin.parse(lookup(metric), margin.text(lookup(metric))) == margin


def test_several_mistakes_are_told_at_once() -> None:
    with pytest.raises(SimError) as raised:
        margins(
            [
                "service_level",
                "asaa=3s",
                "service_level=3s",
                "queue_length_max=2m",
                "abandon_rate=2",
                "asa:queu=x=1s",
            ]
        )
    assert str(raised.value).splitlines() == [
        "--margin `service_level`: write METRIC=X, such as service_level:queue=NAME=2%",
        "--margin no metric `asaa`; did you mean `asa`?",
        "--margin `3s` is no margin of service_level; write 1% (points)",
        "--margin `2m` is no margin of queue_length_max; write 10% (of the baseline) or 0.5",
        "--margin `2` is no margin of abandon_rate; write 1% (points)",
        "--margin no column `queu`; did you mean `queue`?",
    ]


def test_the_usual_margins() -> None:
    assert Margin.usual(lookup("service_level")).of(0.8) == 0.02
    assert Margin.usual(lookup("no_agent_rate")).of(0.8) == 0.005
    assert Margin.usual(lookup("abandon_rate")).of(0.8) == 0.01
    assert Margin.usual(lookup("asa")).of(30.0) == pytest.approx(3.0)
    assert Margin.usual(lookup("asa")).of(2.0) == 1.0  # a second is the least that counts
    assert Margin.usual(lookup("queue_length_max")).of(20.0) == pytest.approx(2.0)


def test_the_usual_figures_are_waits_losses_transfers_and_those_of_the_targets() -> None:
    texts = [figure.text for figure in guarded(day())]
    assert texts == [
        "service_level", "asa", "wait_p95", "abandon_rate", "no_agent_rate", "no_agent_rate:kind=transfer",
        "service_level:queue=front", "asa:kind=transfer",
    ]  # fmt: skip
    alone = day(queues__front__transfer=None)
    assert not [figure for figure in guarded(alone) if figure.words == "transfer" and figure.metric == "asa"]


def test_a_margin_given_replaces_the_usual_one_or_adds_a_figure() -> None:
    every = with_usual(guarded(day()), margins(["asa=5s", "occupancy:team=front=3%"]))
    assert every[FigureSelector("asa")] == Margin(5.0)
    assert every[FigureSelector.parse("occupancy:team=front")] == Margin(0.03)
    assert len(every) == len(guarded(day())) + 1


def test_which_side_is_worse_is_known_or_told_by_the_target_or_both() -> None:
    scenario = day(
        targets=[
            {"metric": "handle_time", "at_most": "5m"},
            {"metric": "occupancy", "team": "front", "at_least": "50%", "at_most": "90%"},
        ]
    )
    import numpy as np

    names = ["asa", "service_level", "handle_time", "occupancy:team=front", "concurrency"]
    every = {FigureSelector.parse(name): Margin(0.5) for name in names}
    base = {figure: Sampled(np.ones(3), np.ones(3), is_ratio=True) for figure in every}
    sides = {claim.figure.text: claim.sides for claim in paired_claims(scenario, every, base)}
    assert sides == {
        "asa": ((1, 0.5),),
        "service_level": ((-1, 0.5),),
        "handle_time": ((1, 0.5),),
        "occupancy:team=front": ((1, 0.5), (-1, 0.5)),
        "concurrency": ((1, 0.5), (-1, 0.5)),
    }
